/* express.h - stages 2 to 4 in one pass, for an event that is in its final form already.
 *
 * A sender with the shared schema at hand writes events just as the journal keeps them:
 * canonical bytes, nothing to fill in, nothing to remark.  Such an event needs no tree:
 * one walk over its bytes beside the schema's rows shows that the stages would change
 * nothing, and the bytes are kept as they came.  It only ever says yes: whatever is
 * unusual, let alone wrong, goes the long way (decode.c, normalise.c, validate.c), which
 * alone gives verdicts.  Both ways lead to the same bytes and hashes;
 * tests/unit/pipeline/test_express.c holds them against each other.
 *
 * Measured, 347 bytes with 20 values: the long way takes three to four times as long. */
#ifndef GW_PIPELINE_EXPRESS_H
#define GW_PIPELINE_EXPRESS_H
#include "model/stamp.h"
#include "pipeline/batch.h"
#include "pipeline/limits.h"
#include "pipeline/places.h"

/* An event that passed. */
struct gw_express {
    struct gw_slice bytes; /* as it came; borrowed */
    struct gw_slice id;
    struct gw_stamp_at at;
};

/**
 * May the first event of `body` be kept as it is?
 *
 * places   as for gw_normalise(); may be NULL
 * now_ms   the gateway's clock
 * Returns  false for whatever does not pass: then nothing is known of it, and *out is
 * undefined Thread   pure
 */
bool gw_express_pass(const struct gw_limits *limits, const struct gw_places *places,
                     int64_t now_ms, struct gw_slice body, struct gw_express *out);

/* Into the batch with the gateway's own fields, as gw_keep() would.  Errors  as gw_keep()
 */
GW_MUST_USE enum gw_error gw_express_keep(struct gw_batch *b, uint32_t index,
                                          const struct gw_express *x, uint64_t seed,
                                          struct gw_fault *fault);
#endif
