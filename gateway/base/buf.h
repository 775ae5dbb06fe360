/* buf.h - bytes we own: a growing buffer with a limit given at init.  One thread at a time. */
#ifndef GW_BASE_BUF_H
#define GW_BASE_BUF_H
#include <stdarg.h>
#include "base/slice.h"
#include <karvan/error.h>

struct gw_buf {
    uint8_t *at;
    size_t len, cap, limit;
    bool failed;  /* sticky: an append did not fit; checked once at the end of a sequence */
    bool starved; /* ... and not because of `limit`: the memory was not to be had; until the reset */
};

/* Takes no memory yet.  limit: the most bytes it may ever hold. */
void gw_buf_init(struct gw_buf *b, size_t limit);
void gw_buf_deinit(struct gw_buf *b);
/* Empty it and clear `failed` and `starved`; keeps the memory. */
void gw_buf_reset(struct gw_buf *b);

/* Room for `n` more bytes: a pointer to write to (valid until the next call), or NULL with
 * `failed` set when the limit or the memory is reached.  gw_buf_advance() then claims them. */
uint8_t *gw_buf_reserve(struct gw_buf *b, size_t n);
static inline void gw_buf_advance(struct gw_buf *b, size_t n)
{
    b->len += n;
}

/* All appends do nothing once `failed` is set. */
void gw_buf_add(struct gw_buf *b, const void *at, size_t len);
void gw_buf_byte(struct gw_buf *b, uint8_t c);
void gw_buf_str(struct gw_buf *b, const char *s);
void gw_buf_slice(struct gw_buf *b, struct gw_slice s);
void gw_buf_printf(struct gw_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Append a zero byte that is not counted and return the text; "" when failed. */
const char *gw_buf_text(struct gw_buf *b);

static inline struct gw_slice gw_buf_bytes(const struct gw_buf *b)
{
    return gw_slice(b->at, b->len);
}
/* GW_NOMEM when `failed`. */
GW_MUST_USE enum gw_error gw_buf_status(const struct gw_buf *b);
/* Drop the first n bytes (n <= len), moving the rest down. */
void gw_buf_consume(struct gw_buf *b, size_t n);

/* A short text of fixed size, for reasons shown to people. */
struct gw_text {
    char s[256];
};
void gw_text_set(struct gw_text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif
