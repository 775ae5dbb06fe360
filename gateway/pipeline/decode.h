/* decode.h - stage 2 of 7: the bytes of a batch, one event at a time, into a tree.
 *
 * gw_decode_next() reads each event within its budget; one that is refused does not stop the ones
 * behind it.  Only where the structure itself breaks off is the message refused as a whole, and
 * gw_decode_count() says where. */
#ifndef GW_PIPELINE_DECODE_H
#define GW_PIPELINE_DECODE_H
#include "model/tree.h"

/* How many values stand in `body`, whole and with nothing behind them.
 * Errors  GW_BODY, fault->at where the value starts that cannot be read */
GW_MUST_USE enum gw_error gw_decode_count(struct gw_slice body, uint32_t most, uint32_t *count,
                                          struct gw_fault *fault);

/**
 * The next event of a body, which is shortened by it.
 *
 * bytes   set to the event's own bytes, for quarantine
 * Errors  GW_BODY it does not end within the body: nothing is set, there is no next one;
 *         those of gw_tree_read(): the event is refused, `body` stands behind it
 */
GW_MUST_USE enum gw_error gw_decode_next(struct gw_slice *body, struct gw_tree *t, uint32_t *root,
                                         struct gw_slice *bytes, struct gw_fault *fault);
#endif
