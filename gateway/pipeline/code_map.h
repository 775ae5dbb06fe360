/* code_map.h - one list of codes and what they mean: "20" to "depart".
 *
 * Built once, then immutable and read by every lane; a look-up is one hash and, as a
 * rule, one comparison.  Texts are copied. */
#ifndef GW_PIPELINE_CODE_MAP_H
#define GW_PIPELINE_CODE_MAP_H
#include "base/slice.h"
#include <karvan/error.h>

#define GW_CODES_MOST 100000 /* codes in one map */

struct gw_code_map;

GW_MUST_USE enum gw_error gw_code_map_new(struct gw_code_map **out);
void gw_code_map_free(struct gw_code_map *m);
/* Errors  GW_EXISTS the code is there;  GW_RANGE over GW_CODES_MOST;  GW_NOMEM */
GW_MUST_USE enum gw_error gw_code_map_add(struct gw_code_map *m, struct gw_slice code,
                                          struct gw_slice means);
/* False when the code is not in the map.  `means` lives as long as the map. */
bool gw_code_map_find(const struct gw_code_map *m, struct gw_slice code,
                      struct gw_slice *means);
uint32_t gw_code_map_count(const struct gw_code_map *m);
/* The i-th in the order of adding. */
void gw_code_map_item(const struct gw_code_map *m, uint32_t i, struct gw_slice *code,
                      struct gw_slice *means);
#endif
