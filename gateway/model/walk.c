/* walk.c - msgpack value by value.
 *
 * Source  the MessagePack specification, "formats", https://github.com/msgpack/msgpack */
#include "model/walk.h"
#include <endian.h>

/* Big-endian number of n bytes behind the first byte of the value. */
static bool big_endian(const struct gw_walk *w, unsigned n, uint64_t *out)
{
    if (gw_walk_left(w) < 1 + (size_t)n)
        return false;
    uint64_t v = 0;
    if (n == 8) { /* a time */
        memcpy(&v, w->at + 1, sizeof v);
        *out = be64toh(v);
        return true;
    }
    for (unsigned i = 1; i <= n; i++)
        v = v << 8 | w->at[i];
    *out = v;
    return true;
}

/* The heads of maps, arrays and strings: the count in the first byte, or in 1, 2 or 4
 * bytes. */
struct head {
    uint8_t fix, fix_mask; /* first byte & ~mask == fix: the count is first byte & mask */
    uint8_t wide[3]; /* first bytes of the forms with 1, 2, 4 bytes of count; 0 = none */
};
static const struct head map_head = {0x80, 0x0f, {0, 0xde, 0xdf}};
static const struct head array_head = {0x90, 0x0f, {0, 0xdc, 0xdd}};
static const struct head str_head = {0xa0, 0x1f, {0xd9, 0xda, 0xdb}};

/* On success *size is the length of the head itself; the walk does not move. */
static bool head(const struct gw_walk *w, const struct head *h, uint32_t *count,
                 size_t *size)
{
    if (w->at == w->end)
        return false;
    if ((w->at[0] & ~h->fix_mask & 0xff) == h->fix) {
        *count = w->at[0] & h->fix_mask;
        *size = 1;
        return true;
    }
    for (unsigned i = 0; i < 3; i++) {
        uint64_t v;
        if (h->wide[i] && w->at[0] == h->wide[i] && big_endian(w, 1u << i, &v)) {
            *count = (uint32_t)v;
            *size = 1 + ((size_t)1 << i);
            return true;
        }
    }
    return false;
}

/* each: bytes that one element takes at least */
static bool container(struct gw_walk *w, const struct head *h, size_t each,
                      uint32_t *count)
{
    uint32_t n;
    size_t size;
    if (!head(w, h, &n, &size) || n > (gw_walk_left(w) - size) / each)
        return false;
    w->at += size;
    *count = n;
    return true;
}

bool gw_walk_map(struct gw_walk *w, uint32_t *pairs)
{
    return container(w, &map_head, 2, pairs);
}

bool gw_walk_array(struct gw_walk *w, uint32_t *items)
{
    return container(w, &array_head, 1, items);
}

bool gw_walk_str(struct gw_walk *w, struct gw_slice *out)
{
    uint32_t n;
    size_t size;
    if (!head(w, &str_head, &n, &size) || n > gw_walk_left(w) - size)
        return false;
    *out = gw_slice(w->at + size, n);
    w->at += size + n;
    return true;
}

/* Sign and magnitude, so that the whole range of both kinds fits. */
static bool integer(const struct gw_walk *w, bool *negative, uint64_t *v, size_t *size)
{
    if (w->at == w->end)
        return false;
    uint8_t c = w->at[0];
    *negative = false;
    *size = 1;
    if (c <= 0x7f) {
        *v = c;
        return true;
    }
    if (c >= 0xe0) {
        *negative = true;
        *v = 0x100u - c;
        return true;
    }
    if (c < 0xcc || c > 0xd3)
        return false;
    unsigned n = 1u << (c & 3);
    if (!big_endian(w, n, v))
        return false;
    *size = 1 + n;
    if (c >= 0xd0 && *v >> (8 * n - 1)) {
        *negative = true;
        *v = (~*v + 1) & (UINT64_MAX >> (64 - 8 * n));
    }
    return true;
}

bool gw_walk_uint(struct gw_walk *w, uint64_t *out)
{
    bool negative;
    size_t size;
    uint64_t v;
    if (!integer(w, &negative, &v, &size) || negative)
        return false;
    *out = v;
    w->at += size;
    return true;
}

bool gw_walk_int(struct gw_walk *w, int64_t *out)
{
    bool negative;
    size_t size;
    uint64_t v;
    if (!integer(w, &negative, &v, &size) || v > (uint64_t)INT64_MAX + negative)
        return false;
    /* The magnitude 2^63 is only reached by the one negative number that has it. */
    *out = !negative ? (int64_t)v : v > INT64_MAX ? INT64_MIN : -(int64_t)v;
    w->at += size;
    return true;
}

bool gw_walk_float(struct gw_walk *w, double *out)
{
    uint64_t bits;
    int64_t whole;
    if (w->at == w->end)
        return false;
    if (w->at[0] == 0xca && big_endian(w, 4, &bits)) {
        uint32_t narrow = (uint32_t)bits;
        float f;
        memcpy(&f, &narrow, sizeof f);
        *out = (double)f;
        w->at += 5;
        return true;
    }
    if (w->at[0] == 0xcb && big_endian(w, 8, &bits)) {
        memcpy(out, &bits, sizeof *out);
        w->at += 9;
        return true;
    }
    if (!gw_walk_int(w, &whole))
        return false;
    *out = (double)whole;
    return true;
}

bool gw_walk_bool(struct gw_walk *w, bool *out)
{
    if (w->at == w->end || (w->at[0] & 0xfe) != 0xc2)
        return false;
    *out = w->at[0] & 1;
    w->at++;
    return true;
}

/* A value whose first byte is 0xc0 .. 0xdf: bytes of its head and content, and how many
 * values it contains.  False: the byte is no msgpack (0xc1), or the bytes end. */
static bool measure_wide(const struct gw_walk *w, uint64_t *size, uint64_t *inside)
{
    enum { UNKNOWN, BYTES, ITEMS, PAIRS }; /* what the length field counts */
    static const struct {
        uint8_t length,
            fixed; /* bytes of the length field, and of what always follows it */
        uint8_t counts;
    } form[32] = {
        [0x00] = {0, 0, BYTES}, [0x02] = {0, 0, BYTES}, [0x03] = {0, 0, BYTES},
        [0x04] = {1, 0, BYTES}, [0x05] = {2, 0, BYTES}, [0x06] = {4, 0, BYTES},
        [0x07] = {1, 1, BYTES}, [0x08] = {2, 1, BYTES}, [0x09] = {4, 1, BYTES},
        [0x0a] = {0, 4, BYTES}, [0x0b] = {0, 8, BYTES}, [0x0c] = {0, 1, BYTES},
        [0x0d] = {0, 2, BYTES}, [0x0e] = {0, 4, BYTES}, [0x0f] = {0, 8, BYTES},
        [0x10] = {0, 1, BYTES}, [0x11] = {0, 2, BYTES}, [0x12] = {0, 4, BYTES},
        [0x13] = {0, 8, BYTES}, [0x14] = {0, 2, BYTES}, [0x15] = {0, 3, BYTES},
        [0x16] = {0, 5, BYTES}, [0x17] = {0, 9, BYTES}, [0x18] = {0, 17, BYTES},
        [0x19] = {1, 0, BYTES}, [0x1a] = {2, 0, BYTES}, [0x1b] = {4, 0, BYTES},
        [0x1c] = {2, 0, ITEMS}, [0x1d] = {4, 0, ITEMS}, [0x1e] = {2, 0, PAIRS},
        [0x1f] = {4, 0, PAIRS},
    };
    unsigned i = w->at[0] & 0x1f;
    uint64_t length = 0;
    if (form[i].counts == UNKNOWN || !big_endian(w, form[i].length, &length))
        return false;
    *size = 1 + form[i].length + form[i].fixed + (form[i].counts == BYTES ? length : 0);
    *inside = form[i].counts == BYTES ? 0 : length * (form[i].counts == PAIRS ? 2 : 1);
    return true;
}

/* Short strings, small integers and small containers are nearly all there is: no table
 * for them. */
static inline bool measure(const struct gw_walk *w, uint64_t *size, uint64_t *inside)
{
    uint8_t c = w->at[0];
    *size = 1;
    *inside = 0;
    if (c >= 0xa0 && c <= 0xbf)
        *size = 1 + (c & str_head.fix_mask);
    else if (c >= 0x90 && c <= 0x9f)
        *inside = c & array_head.fix_mask;
    else if (c >= 0x80 && c <= 0x8f)
        *inside = 2u * (c & map_head.fix_mask);
    else if (c >= 0xc0 && c <= 0xdf)
        return measure_wide(w, size, inside);
    return true;
}

bool gw_walk_skip(struct gw_walk *w, struct gw_slice *out)
{
    struct gw_walk ahead = *w;
    /* Counting what is still to come needs no stack, whatever the depth; each takes a
     * byte. */
    for (uint64_t wanted = 1; wanted; wanted--) {
        uint64_t size, inside;
        if (ahead.at == ahead.end || !measure(&ahead, &size, &inside) ||
            size > gw_walk_left(&ahead))
            return false;
        ahead.at += size;
        wanted += inside;
        if (inside > gw_walk_left(&ahead))
            return false;
    }
    if (out)
        *out = gw_slice(w->at, (size_t)(ahead.at - w->at));
    *w = ahead;
    return true;
}

int gw_walk_sink(void *buf, const char *at, size_t len)
{
    gw_buf_add(buf, at, len);
    return 0; /* gw_buf remembers a failure until gw_buf_status() */
}
