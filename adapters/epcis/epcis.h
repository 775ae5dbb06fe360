/* epcis.h - GS1 EPCIS 2.0 JSON and JSON-LD as a format; README.md says more. */
#ifndef GW_ADAPTERS_EPCIS_EPCIS_H
#define GW_ADAPTERS_EPCIS_EPCIS_H
#include "adapters/adapter.h"

extern const struct gw_adapter gw_adapter_epcis;
#endif
