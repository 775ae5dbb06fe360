/* interchange.h - what a port's own system writes: CODECO and COARRI of directory D.95B
 * as UN/EDIFACT interchanges, one message each.
 *
 * Written here and not by the project's codec, so that the adapter reads what somebody
 * else wrote.
 *
 * Source  SMDG implementation guides CODECO D.95B (user manual 1.4) and COARRI D.95B
 * (2.0) */
#ifndef GW_BENCH_DEMO_INTERCHANGE_H
#define GW_BENCH_DEMO_INTERCHANGE_H
#include "bench/demo/traffic.h"

/* Append one interchange with these moves, all of the same company and the same kind.
 * number: of the interchange, for its references */
GW_MUST_USE enum gw_error demo_interchange_write(const struct demo_happening *moves,
                                                 uint32_t count, uint32_t number,
                                                 struct gw_buf *out);
#endif
