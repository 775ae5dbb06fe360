/* label.h - a short name as three words of the processor, so that looking for it in a
 * table of names costs one comparison a row instead of a call.
 *
 * Tables hold their names in place, filled up with zero bytes: char name[16] or [24].
 * Whatever is not found there as a label is not in the table: too long, or with a zero
 * byte at its end, it becomes a label that no name has.
 *
 * Thread  any. */
#ifndef GW_MODEL_LABEL_H
#define GW_MODEL_LABEL_H
#include <string.h>
#include "base/slice.h"

#define GW_LABEL_MOST 24

struct gw_label {
    uint64_t w[GW_LABEL_MOST / 8];
};

/* n bytes, 0 to 8, as they would lie in a word that is otherwise zero. */
static inline uint64_t gw_label_word(const uint8_t *at, size_t n)
{
    uint64_t v = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t low, high;
    if (n == 8)
        memcpy(&v, at, 8);
    else if (n >= 4) { /* two halves, which may overlap */
        memcpy(&low, at, 4);
        memcpy(&high, at + n - 4, 4);
        v = low | (uint64_t)high << (8 * (n - 4));
    } else if (n)
        v = at[0] | (uint64_t)at[n / 2] << (8 * (n / 2)) |
            (uint64_t)at[n - 1] << (8 * (n - 1));
#else
    if (n)
        memcpy(&v, at, n);
#endif
    return v;
}

static inline struct gw_label gw_label(struct gw_slice s)
{
    struct gw_label l = {{0}};
    size_t n = s.len;
    if (!n || n > GW_LABEL_MOST || !s.at[n - 1])
        return (struct gw_label){{UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    l.w[0] = gw_label_word(s.at, n < 8 ? n : 8);
    if (n > 8)
        l.w[1] = gw_label_word(s.at + 8, n < 16 ? n - 8 : 8);
    if (n > 16)
        l.w[2] = gw_label_word(s.at + 16, n - 16);
    return l;
}

static inline bool gw_label_is_word(const struct gw_label *l, const char *name,
                                    unsigned i)
{
    uint64_t v;
    memcpy(&v, name + (size_t)8 * i, 8);
    return v == l->w[i];
}

/* name  16 bytes */
static inline bool gw_label_is16(const struct gw_label *l, const char *name)
{
    return gw_label_is_word(l, name, 0) && gw_label_is_word(l, name, 1) && !l->w[2];
}

/* name  24 bytes */
static inline bool gw_label_is24(const struct gw_label *l, const char *name)
{
    return gw_label_is_word(l, name, 0) && gw_label_is_word(l, name, 1) &&
           gw_label_is_word(l, name, 2);
}
#endif
