/* pack.h - canonical msgpack written straight out: what an AIS feed's rate asks for.
 *
 * A position becomes an event in the order of the schema's rows, so that no tree is
 * built; a test holds the bytes against the model's own canonical writer. */
#ifndef GW_ADAPTERS_AIS_PACK_H
#define GW_ADAPTERS_AIS_PACK_H
#include "base/slice.h"

#define AIS_EVENT_MOST 2048 /* larger than any event made here */

struct ais_pack {
    uint8_t at[AIS_EVENT_MOST];
    size_t len;
};

static inline void ais_put(struct ais_pack *p, const void *at, size_t len)
{
    if (p->len + len > sizeof p->at)
        len = 0; /* cannot be: every text here is bounded */
    memcpy(p->at + p->len, at, len);
    p->len += len;
}

static inline void ais_byte(struct ais_pack *p, uint8_t c)
{
    ais_put(p, &c, 1);
}

/* Maps and arrays of fewer than 16; ais_count() adds one to their count. */
static inline size_t ais_open_map(struct ais_pack *p)
{
    ais_byte(p, 0x80);
    return p->len - 1;
}
static inline size_t ais_open_list(struct ais_pack *p)
{
    ais_byte(p, 0x90);
    return p->len - 1;
}
static inline void ais_count(struct ais_pack *p, size_t at)
{
    p->at[at]++;
}

static inline void ais_str(struct ais_pack *p, const char *s, size_t len)
{
    if (len < 32) {
        ais_byte(p, (uint8_t)(0xA0 | len));
    } else {
        ais_byte(p, 0xD9);
        ais_byte(p, (uint8_t)len);
    }
    ais_put(p, s, len);
}

static inline void ais_uint(struct ais_pack *p, uint64_t v)
{
    uint8_t b[9];
    int n = v < 128 ? 0 : v < 256 ? 1 : v < 65536 ? 2 : v <= 0xFFFFFFFF ? 4 : 8;
    b[0] = n == 0 ? (uint8_t)v : n == 1 ? 0xCC : n == 2 ? 0xCD : n == 4 ? 0xCE : 0xCF;
    for (int i = 0; i < n; i++)
        b[1 + i] = (uint8_t)(v >> (8 * (n - 1 - i)));
    ais_put(p, b, (size_t)n + 1);
}

/* 32 bits where that is exact. */
static inline void ais_float(struct ais_pack *p, double v)
{
    float f = (float)v;
    uint8_t b[9];
    uint32_t small;
    uint64_t large;
    int n = (double)f == v ? 4 : 8;
    memcpy(&small, &f, 4);
    memcpy(&large, &v, 8);
    b[0] = n == 4 ? 0xCA : 0xCB;
    for (int i = 0; i < n; i++)
        b[1 + i] = (uint8_t)(n == 4 ? small >> (24 - 8 * i) : large >> (56 - 8 * i));
    ais_put(p, b, (size_t)n + 1);
}

/* A key with its value; counted in `map`. */
#define AIS_KEY(p, map, key) (ais_count(p, map), ais_str(p, key, sizeof(key) - 1))
static inline void ais_put_str(struct ais_pack *p, const char *s)
{
    ais_str(p, s, strlen(s));
}
#endif
