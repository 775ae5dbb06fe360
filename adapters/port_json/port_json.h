/* port_json.h - port community JSON (Smart Data Models) as a format; README.md says more.
 */
#ifndef GW_ADAPTERS_PORT_JSON_PORT_JSON_H
#define GW_ADAPTERS_PORT_JSON_PORT_JSON_H
#include "adapters/adapter.h"

extern const struct gw_adapter gw_adapter_port_json;
#endif
