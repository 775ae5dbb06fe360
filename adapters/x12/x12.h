/* x12.h - the adapter for ANSI X12 (adapters/adapter.h); see README.md in this folder. */
#ifndef GW_ADAPTERS_X12_X12_H
#define GW_ADAPTERS_X12_X12_H
#include "adapters/adapter.h"

extern const struct gw_adapter gw_adapter_x12;
#endif
