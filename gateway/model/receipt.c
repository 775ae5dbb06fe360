/* receipt.c - the gateway's signed word that it keeps an event. */
#include "model/receipt.h"
#include "base/hash.h"

#define TITLE "karvan-receipt 1\n"

static void hex_line(struct gw_buf *out, const char *word, const uint8_t *at, size_t len)
{
    char text[2 * GW_SIGN_BYTES + 1];
    gw_hex(at, len, text);
    gw_buf_printf(out, "%s %s\n", word, text);
}

enum gw_error gw_receipt_write(const struct gw_receipt *r, const struct gw_signer *signer,
                               struct gw_buf *out)
{
    size_t begin = out->len;
    uint8_t signature[GW_SIGN_BYTES];

    gw_buf_printf(out,
                  TITLE "gateway %s\noperator %s\nadapter %s\nbatch %llu\nseq %llu\n",
                  r->gateway, r->operator, r->adapter, (unsigned long long)r->batch,
                  (unsigned long long)r->seq);
    hex_line(out, "event", r->event, 32);
    gw_buf_printf(out, "entry %llu %llu\n", (unsigned long long)r->first,
                  (unsigned long long)r->last);
    hex_line(out, "chain", r->chain, 32);
    gw_buf_printf(out, "received %lld\ntime %lld\n", (long long)r->received_ms,
                  (long long)r->time_ms);
    hex_line(out, "signer", signer->public_key, GW_SIGN_PUBLIC);
    if (!out->failed)
        gw_sign(signer, gw_slice(out->at + begin, out->len - begin), signature);
    hex_line(out, "signature", signature, sizeof signature);
    return gw_buf_status(out);
}

/* What is left to read, and the fault where it is not as it should be. */
struct reading {
    struct gw_slice all, left;
    struct gw_fault *fault;
    bool failed;
};

static bool fail(struct reading *r, const char *rule)
{
    if (!r->failed)
        (void)gw_fail(r->fault, GW_FORMAT, r->all.len - r->left.len, rule);
    r->failed = true;
    return false;
}

/* The rest of the line that begins with `word` and a blank. */
static struct gw_slice line(struct reading *r, const char *word)
{
    size_t n = strlen(word);
    const uint8_t *end = r->left.len ? memchr(r->left.at, '\n', r->left.len) : NULL;
    struct gw_slice value = {0};
    size_t len = end ? (size_t)(end - r->left.at) : 0;
    if (r->failed || !end || len <= n + 1 || memcmp(r->left.at, word, n) != 0 ||
        r->left.at[n] != ' ') {
        (void)fail(r, word);
        return value;
    }
    value = gw_slice(r->left.at + n + 1, len - n - 1);
    r->left = gw_slice(r->left.at + len + 1, r->left.len - len - 1);
    return value;
}

static void text(struct reading *r, const char *word, char *out, size_t size)
{
    struct gw_slice s = line(r, word);
    if (!r->failed && !gw_slice_copy(s, out, size))
        (void)fail(r, "a name that is too long");
}

static void number(struct reading *r, const char *word, uint64_t *out)
{
    struct gw_slice s = line(r, word);
    if (!r->failed && !gw_slice_uint(s, out))
        (void)fail(r, "a whole number");
}

static void bytes(struct reading *r, const char *word, uint8_t *out, size_t len)
{
    struct gw_slice s = line(r, word);
    if (!r->failed && !gw_unhex(s, out, len))
        (void)fail(r, "hexadecimal digits");
}

static void span(struct reading *r, struct gw_receipt *out)
{
    struct gw_slice s = line(r, "entry");
    const uint8_t *blank = s.len ? memchr(s.at, ' ', s.len) : NULL;
    size_t n = blank ? (size_t)(blank - s.at) : 0;
    if (!r->failed && (!blank || !gw_slice_uint(gw_slice(s.at, n), &out->first) ||
                       !gw_slice_uint(gw_slice(blank + 1, s.len - n - 1), &out->last)))
        (void)fail(r, "two whole numbers");
}

enum gw_error gw_receipt_read(struct gw_slice in, struct gw_receipt *out,
                              struct gw_fault *fault)
{
    struct reading r = {.all = in, .left = in, .fault = fault};
    uint64_t received = 0, time = 0;
    uint8_t signature[GW_SIGN_BYTES] = {0};
    size_t body;

    *out = (struct gw_receipt){.seq = 0};
    if (in.len > GW_RECEIPT_MAX || !gw_slice_starts(in, GW_LIT(TITLE)))
        return gw_fail(fault, GW_FORMAT, 0, "karvan-receipt 1");
    r.left = gw_slice(in.at + sizeof TITLE - 1, in.len - (sizeof TITLE - 1));
    text(&r, "gateway", out->gateway, sizeof out->gateway);
    text(&r, "operator", out->operator, sizeof out->operator);
    text(&r, "adapter", out->adapter, sizeof out->adapter);
    number(&r, "batch", &out->batch);
    number(&r, "seq", &out->seq);
    bytes(&r, "event", out->event, 32);
    span(&r, out);
    bytes(&r, "chain", out->chain, 32);
    number(&r, "received", &received);
    number(&r, "time", &time);
    bytes(&r, "signer", out->signer, sizeof out->signer);
    body = in.len - r.left.len;
    bytes(&r, "signature", signature, sizeof signature);
    if (!r.failed && r.left.len)
        (void)fail(&r, "nothing behind the signature");
    if (r.failed)
        return GW_FORMAT;
    out->received_ms = (int64_t)received;
    out->time_ms = (int64_t)time;
    if (!gw_sign_good(out->signer, gw_slice(in.at, body), signature))
        return gw_fail(fault, GW_CORRUPT, body,
                       "the signature is not that of these lines");
    return GW_OK;
}
