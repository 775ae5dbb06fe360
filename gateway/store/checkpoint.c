/* checkpoint.c - signed statements of how far the journal had come. */
#include "store/checkpoint.h"
#include <stdio.h>
#include "base/hash.h"

/* As it lies in the table; the seq is its key. */
struct record {
    int64_t time_ms;
    uint8_t chain[32], signer[GW_SIGN_PUBLIC], signature[GW_SIGN_BYTES];
};
_Static_assert(sizeof(struct record) == 136, "no gaps");

size_t gw_checkpoint_text(const struct gw_checkpoint *c, char out[GW_CHECKPOINT_TEXT])
{
    char chain[65];
    gw_hex(c->chain, 32, chain);
    return (size_t)snprintf(out, GW_CHECKPOINT_TEXT,
                            "karvan-checkpoint 1\nseq %llu\nchain %s\ntime %lld\n",
                            (unsigned long long)c->seq, chain, (long long)c->time_ms);
}

void gw_checkpoint_sign(struct gw_checkpoint *c, const struct gw_signer *signer)
{
    char text[GW_CHECKPOINT_TEXT];
    size_t len = gw_checkpoint_text(c, text);
    memcpy(c->signer, signer->public_key, sizeof c->signer);
    gw_sign(signer, gw_slice(text, len), c->signature);
}

bool gw_checkpoint_good(const struct gw_checkpoint *c)
{
    char text[GW_CHECKPOINT_TEXT];
    size_t len = gw_checkpoint_text(c, text);
    return gw_sign_good(c->signer, gw_slice(text, len), c->signature);
}

enum gw_error gw_checkpoint_write(struct gw_view *v, const struct gw_checkpoint *c)
{
    struct gw_key key = gw_key_u64(c->seq);
    struct record r = {.time_ms = c->time_ms};
    memcpy(r.chain, c->chain, sizeof r.chain);
    memcpy(r.signer, c->signer, sizeof r.signer);
    memcpy(r.signature, c->signature, sizeof r.signature);
    return gw_put(v, GW_T_CHECKPOINTS, gw_key_slice(&key), gw_slice(&r, sizeof r));
}

enum gw_error gw_checkpoint_next(struct gw_view *v, uint64_t from,
                                 struct gw_checkpoint *out)
{
    struct gw_key key = gw_key_u64(from);
    struct gw_pair at;
    struct record r;
    enum gw_error e =
        gw_seek(v, GW_T_CHECKPOINTS, GW_SEEK_AT_OR_AFTER, gw_key_slice(&key), &at);
    if (e)
        return e;
    *out = (struct gw_checkpoint){.seq = gw_key_number(at.key)};
    if (at.value.len != sizeof r)
        return GW_CORRUPT;
    memcpy(&r, at.value.at, sizeof r);
    out->time_ms = r.time_ms;
    memcpy(out->chain, r.chain, sizeof r.chain);
    memcpy(out->signer, r.signer, sizeof r.signer);
    memcpy(out->signature, r.signature, sizeof r.signature);
    return GW_OK;
}

enum gw_error gw_checkpoint_last(struct gw_view *v, uint64_t *seq)
{
    struct gw_pair at;
    enum gw_error e = gw_seek(v, GW_T_CHECKPOINTS, GW_SEEK_LAST, gw_slice(NULL, 0), &at);
    *seq = e ? 0 : gw_key_number(at.key);
    return e == GW_NOT_FOUND ? GW_OK : e;
}
