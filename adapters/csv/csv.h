/* csv.h - tables with a declared layout as a format; README.md describes layouts. */
#ifndef GW_ADAPTERS_CSV_CSV_H
#define GW_ADAPTERS_CSV_CSV_H
#include "adapters/adapter.h"

extern const struct gw_adapter gw_adapter_csv;
#endif
