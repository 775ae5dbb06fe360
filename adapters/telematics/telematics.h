/* telematics.h - trackers, reefers and electronic seals in their vendors' JSON, as a
 * format; README.md says whose. */
#ifndef GW_ADAPTERS_TELEMATICS_TELEMATICS_H
#define GW_ADAPTERS_TELEMATICS_TELEMATICS_H
#include "adapters/adapter.h"

extern const struct gw_adapter gw_adapter_telematics;
#endif
