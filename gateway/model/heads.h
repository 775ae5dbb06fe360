/* heads.h - the shortest msgpack encodings, written into room that is known to be there.
 *
 * msgpack-c's packer checks and calls back for every value; the canonical form is on the hot path and
 * reserves its room once per event, so it writes the few forms it needs itself.
 * Each returns the byte behind what it wrote.  Source: the MessagePack specification, "formats". */
#ifndef GW_MODEL_HEADS_H
#define GW_MODEL_HEADS_H
#include "base/slice.h"

#define GW_HEAD_MOST 9 /* the longest head, and the longest number */

static inline uint8_t *gw_put_be(uint8_t *at, uint64_t v, unsigned bytes)
{
    for (unsigned i = bytes; i-- > 0; v >>= 8)
        at[i] = (uint8_t)v;
    return at + bytes;
}

/* wide: the first byte of the form with one byte of count (0: there is none), then with two, four */
static inline uint8_t *gw_put_head(uint8_t *at, uint32_t n, uint8_t fix, uint32_t fix_most,
                                   uint8_t wide8, uint8_t wide16)
{
    if (n <= fix_most) {
        *at++ = (uint8_t)(fix | n);
        return at;
    }
    if (wide8 && n <= 0xff) {
        *at++ = wide8;
        *at++ = (uint8_t)n;
        return at;
    }
    if (n <= 0xffff) {
        *at++ = wide16;
        return gw_put_be(at, n, 2);
    }
    *at++ = (uint8_t)(wide16 + 1);
    return gw_put_be(at, n, 4);
}

static inline uint8_t *gw_put_map_head(uint8_t *at, uint32_t n)
{
    return gw_put_head(at, n, 0x80, 15, 0, 0xde);
}

static inline uint8_t *gw_put_array_head(uint8_t *at, uint32_t n)
{
    return gw_put_head(at, n, 0x90, 15, 0, 0xdc);
}

static inline uint8_t *gw_put_str(uint8_t *at, struct gw_slice s)
{
    at = gw_put_head(at, (uint32_t)s.len, 0xa0, 31, 0xd9, 0xda);
    if (s.len)
        memcpy(at, s.at, s.len);
    return at + s.len;
}

static inline uint8_t *gw_put_uint(uint8_t *at, uint64_t v)
{
    unsigned bytes = v <= 0xff ? 1 : v <= 0xffff ? 2 : v <= 0xffffffff ? 4 : 8;
    if (v <= 0x7f) {
        *at++ = (uint8_t)v;
        return at;
    }
    *at++ = (uint8_t)(0xcc + (bytes == 1 ? 0 : bytes == 2 ? 1 : bytes == 4 ? 2 : 3));
    return gw_put_be(at, v, bytes);
}

static inline uint8_t *gw_put_int(uint8_t *at, int64_t v)
{
    unsigned bytes = v >= INT8_MIN ? 1 : v >= INT16_MIN ? 2 : v >= INT32_MIN ? 4 : 8;
    if (v >= 0)
        return gw_put_uint(at, (uint64_t)v);
    if (v >= -32) {
        *at++ = (uint8_t)v;
        return at;
    }
    *at++ = (uint8_t)(0xd0 + (bytes == 1 ? 0 : bytes == 2 ? 1 : bytes == 4 ? 2 : 3));
    return gw_put_be(at, (uint64_t)v, bytes);
}

/* 32 bits where that is exact. */
static inline uint8_t *gw_put_float(uint8_t *at, double v)
{
    float narrow = (float)v;
    uint64_t wide_bits;
    uint32_t bits;
    if ((double)narrow == v) {
        memcpy(&bits, &narrow, 4);
        *at++ = 0xca;
        return gw_put_be(at, bits, 4);
    }
    memcpy(&wide_bits, &v, 8);
    *at++ = 0xcb;
    return gw_put_be(at, wide_bits, 8);
}
#endif
