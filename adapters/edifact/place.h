/* place.h - LOC to the schema's place. */
#ifndef GW_ADAPTERS_EDIFACT_PLACE_H
#define GW_ADAPTERS_EDIFACT_PLACE_H
#include "adapters/edifact/codec.h"

/* Put `l` under `key`: unlocode, rail station, terminal, name, or the code as it is in
 * raw.  The node; 0 when nothing of it can be a place. */
uint32_t gw_edi_put_place(struct gw_maker *m, uint32_t parent, struct gw_slice key,
                          const struct gw_edi_loc *l);
#endif
