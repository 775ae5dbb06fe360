/* buf.c - a growing buffer with a limit. */
#include "base/buf.h"
#include <stdio.h>
#include <stdlib.h>

void gw_buf_init(struct gw_buf *b, size_t limit)
{
    *b = (struct gw_buf){.limit = limit};
}

void gw_buf_deinit(struct gw_buf *b)
{
    if (!b)
        return;
    free(b->at);
    *b = (struct gw_buf){.limit = b->limit};
}

void gw_buf_reset(struct gw_buf *b)
{
    b->len = 0;
    b->failed = b->starved = false;
}

static bool grow(struct gw_buf *b, size_t need)
{
    size_t cap = b->cap ? b->cap : 256;
    uint8_t *at;
    while (cap < need)
        cap = cap > b->limit / 2 ? b->limit : cap * 2;
    if (cap > b->limit)
        cap = b->limit;
    at = realloc(b->at, cap);
    if (!at) {
        b->starved = true;
        return false;
    }
    b->at = at;
    b->cap = cap;
    return true;
}

uint8_t *gw_buf_reserve(struct gw_buf *b, size_t n)
{
    if (b->failed)
        return NULL;
    if (n > b->limit - b->len || (b->len + n > b->cap && !grow(b, b->len + n))) {
        b->failed = true;
        return NULL;
    }
    if (!b->at && !grow(b, 1)) { /* n may be 0: still hand out a pointer */
        b->failed = true;
        return NULL;
    }
    return b->at + b->len;
}

void gw_buf_add(struct gw_buf *b, const void *at, size_t len)
{
    uint8_t *to;
    if (!len)
        return;
    to = gw_buf_reserve(b, len);
    if (!to)
        return;
    memcpy(to, at, len);
    b->len += len;
}

void gw_buf_byte(struct gw_buf *b, uint8_t c)
{
    gw_buf_add(b, &c, 1);
}

void gw_buf_str(struct gw_buf *b, const char *s)
{
    gw_buf_add(b, s, strlen(s));
}

void gw_buf_slice(struct gw_buf *b, struct gw_slice s)
{
    gw_buf_add(b, s.at, s.len);
}

void gw_buf_printf(struct gw_buf *b, const char *fmt, ...)
{
    va_list ap;
    int n;
    uint8_t *to;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        b->failed = true;
    if (n <= 0)
        return;
    to = gw_buf_reserve(b, (size_t)n + 1);
    if (!to)
        return;
    va_start(ap, fmt);
    (void)vsnprintf((char *)to, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

const char *gw_buf_text(struct gw_buf *b)
{
    uint8_t *to = gw_buf_reserve(b, 1);
    if (!to)
        return "";
    *to = 0;
    return (const char *)b->at;
}

enum gw_error gw_buf_status(const struct gw_buf *b)
{
    return b->failed ? GW_NOMEM : GW_OK;
}

void gw_buf_consume(struct gw_buf *b, size_t n)
{
    if (n >= b->len) {
        b->len = 0;
        return;
    }
    if (n)
        memmove(b->at, b->at + n, b->len - n);
    b->len -= n;
}

void gw_text_set(struct gw_text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(t->s, sizeof t->s, fmt, ap);
    va_end(ap);
}
