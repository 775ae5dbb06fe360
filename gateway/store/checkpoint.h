/* checkpoint.h - signed statements of how far the journal had come, kept in the journal.
 *
 * The hash chain shows that nothing inside was changed; a signature over its value shows
 * that the gateway itself had come there, so that not even the whole journal can be
 * written anew behind somebody's back who has seen a checkpoint or holds a receipt. */
#ifndef GW_STORE_CHECKPOINT_H
#define GW_STORE_CHECKPOINT_H
#include "base/sign.h"
#include "store/kv.h"

struct gw_checkpoint {
    uint64_t seq; /* everything up to here; the key in its table */
    int64_t time_ms;
    uint8_t chain[32]; /* behind seq */
    uint8_t signer[GW_SIGN_PUBLIC];
    uint8_t signature[GW_SIGN_BYTES]; /* of gw_checkpoint_text() */
};

/* What is signed: four lines of text,
 *   karvan-checkpoint 1 / seq 4711 / chain HEX / time MS  (one a line, each with its end)
 * returns its length. */
#define GW_CHECKPOINT_TEXT 256
size_t gw_checkpoint_text(const struct gw_checkpoint *c, char out[GW_CHECKPOINT_TEXT]);
void gw_checkpoint_sign(struct gw_checkpoint *c, const struct gw_signer *signer);
bool gw_checkpoint_good(const struct gw_checkpoint *c);

GW_MUST_USE enum gw_error gw_checkpoint_write(struct gw_view *v,
                                              const struct gw_checkpoint *c);
/* The first at or after `from`; GW_NOT_FOUND; GW_CORRUPT with out->seq set. */
GW_MUST_USE enum gw_error gw_checkpoint_next(struct gw_view *v, uint64_t from,
                                             struct gw_checkpoint *out);
/* seq of the newest; 0 = none. */
GW_MUST_USE enum gw_error gw_checkpoint_last(struct gw_view *v, uint64_t *seq);
#endif
