/* slice.h - bytes somebody else owns: a pointer and a length, passed by value.  Any thread. */
#ifndef GW_BASE_SLICE_H
#define GW_BASE_SLICE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct gw_slice {
    const uint8_t *at; /* borrowed; not terminated; may be NULL when len is 0 */
    size_t len;
};

/* For printf: "%.*s", GW_FMT(s) */
#define GW_FMT(s)  (int)(s).len, (const char *)(s).at
/* From a string literal. */
#define GW_LIT(s)  ((struct gw_slice){(const uint8_t *)("" s), sizeof(s) - 1})

static inline struct gw_slice gw_slice(const void *at, size_t len)
{
    return (struct gw_slice){at, len};
}

static inline struct gw_slice gw_slice_str(const char *s)
{
    return (struct gw_slice){(const uint8_t *)s, s ? strlen(s) : 0};
}

static inline bool gw_slice_eq(struct gw_slice a, struct gw_slice b)
{
    return a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool gw_slice_is(struct gw_slice a, const char *s)
{
    return gw_slice_eq(a, gw_slice_str(s));
}

static inline bool gw_slice_starts(struct gw_slice a, struct gw_slice prefix)
{
    return a.len >= prefix.len && (!prefix.len || memcmp(a.at, prefix.at, prefix.len) == 0);
}

/* Bytewise order, as memcmp; a prefix sorts before its extensions. */
static inline int gw_slice_cmp(struct gw_slice a, struct gw_slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.at, b.at, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

/* Copy into a terminated array of `size` bytes; false (and an empty string) if it does not fit
 * or holds a zero byte. */
static inline bool gw_slice_copy(struct gw_slice s, char *out, size_t size)
{
    if (!size)
        return false;
    out[0] = 0;
    if (s.len >= size || (s.len && memchr(s.at, 0, s.len)))
        return false;
    if (s.len)
        memcpy(out, s.at, s.len);
    out[s.len] = 0;
    return true;
}

/* Without the bytes at its ends that `blanks` has: GW_LIT(" \t"). */
struct gw_slice gw_slice_trim(struct gw_slice s, struct gw_slice blanks);

/* Decimal digits only, at most 19; false on anything else. */
bool gw_slice_uint(struct gw_slice s, uint64_t *out);
#endif
