/* edifact.h - UN/EDIFACT as a format of the adapter host: README.md has its coverage. */
#ifndef GW_ADAPTERS_EDIFACT_EDIFACT_H
#define GW_ADAPTERS_EDIFACT_EDIFACT_H
#include "adapters/adapter.h"

extern const struct gw_adapter gw_adapter_edifact;
#endif
