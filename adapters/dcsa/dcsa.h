/* dcsa.h - DCSA's JSON messages as a format; README.md says which. */
#ifndef GW_ADAPTERS_DCSA_DCSA_H
#define GW_ADAPTERS_DCSA_DCSA_H
#include "adapters/adapter.h"

extern const struct gw_adapter gw_adapter_dcsa;
#endif
