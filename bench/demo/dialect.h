/* dialect.h - a happening in a company's own words.
 *
 * Companies with a profile write the fields, codes and local times of their own system,
 * which the gateway's profile of the same name turns into the shared schema; the others
 * write the schema. */
#ifndef GW_BENCH_DEMO_DIALECT_H
#define GW_BENCH_DEMO_DIALECT_H
#include "bench/demo/traffic.h"
#include "model/tree.h"

/* Append one msgpack map to `out`.
 *
 * scratch  a tree of the caller, reset here
 * Errors   GW_NOMEM */
GW_MUST_USE enum gw_error demo_dialect_write(const struct demo_happening *h,
                                             struct gw_tree *scratch, struct gw_buf *out);
/* The event's id: "ktz-000417". */
#define DEMO_ID_BYTES 48
void demo_event_id(const struct demo_happening *h, char out[DEMO_ID_BYTES]);
/* The shared schema's form in `t`; GW_NODE_NONE when out of
 * memory. */
uint32_t demo_schema_build(const struct demo_happening *h, struct gw_tree *t);
#endif
