/* code_map.c - codes and what they mean, by hash. */
#include "pipeline/code_map.h"
#include "base/hash.h"
#include <stdlib.h>

struct code {
    uint64_t hash;
    uint8_t *text; /* the code, and behind it what it means */
    uint32_t code_len, means_len;
};

struct gw_code_map {
    struct code *codes;
    uint32_t count, cap;
    uint32_t *slots;     /* index + 1 into codes; 0 = free */
    uint32_t slot_count; /* a power of two, more than twice `count` */
};

enum gw_error gw_code_map_new(struct gw_code_map **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? GW_OK : GW_NOMEM;
}

void gw_code_map_free(struct gw_code_map *m)
{
    if (!m)
        return;
    for (uint32_t i = 0; i < m->count; i++)
        free(m->codes[i].text);
    free(m->codes);
    free(m->slots);
    free(m);
}

static bool is_code(const struct code *c, uint64_t hash, struct gw_slice text)
{
    return c->hash == hash && gw_slice_eq(gw_slice(c->text, c->code_len), text);
}

/* Where the code is, or the free slot where it would be. */
static uint32_t slot_of(const struct gw_code_map *m, uint64_t hash, struct gw_slice text)
{
    uint32_t mask = m->slot_count - 1, at = (uint32_t)hash & mask;
    while (m->slots[at] && !is_code(&m->codes[m->slots[at] - 1], hash, text))
        at = (at + 1) & mask;
    return at;
}

static enum gw_error grow(struct gw_code_map *m)
{
    uint32_t cap = m->cap ? m->cap * 2 : 16;
    struct code *codes = realloc(m->codes, cap * sizeof *codes);
    uint32_t *slots = codes ? calloc((size_t)cap * 4, sizeof *slots) : NULL;

    if (codes)
        m->codes = codes;
    if (!slots)
        return GW_NOMEM;
    free(m->slots);
    m->slots = slots;
    m->slot_count = cap * 4;
    m->cap = cap;
    for (uint32_t i = 0; i < m->count; i++) {
        const struct code *c = &codes[i];
        slots[slot_of(m, c->hash, gw_slice(c->text, c->code_len))] = i + 1;
    }
    return GW_OK;
}

enum gw_error gw_code_map_add(struct gw_code_map *m, struct gw_slice code,
                              struct gw_slice means)
{
    uint64_t hash = gw_hash64(code, 0);
    enum gw_error e = m->count == m->cap ? grow(m) : GW_OK;
    struct code *c;
    uint32_t slot;

    if (e)
        return e;
    slot = slot_of(m, hash, code);
    if (m->slots[slot])
        return GW_EXISTS;
    if (m->count >= GW_CODES_MOST || code.len + means.len > UINT16_MAX)
        return GW_RANGE;
    c = &m->codes[m->count];
    c->text = malloc(code.len + means.len + 1);
    if (!c->text)
        return GW_NOMEM;
    if (code.len)
        memcpy(c->text, code.at, code.len);
    if (means.len)
        memcpy(c->text + code.len, means.at, means.len);
    c->hash = hash;
    c->code_len = (uint32_t)code.len;
    c->means_len = (uint32_t)means.len;
    m->slots[slot] = ++m->count;
    return GW_OK;
}

bool gw_code_map_find(const struct gw_code_map *m, struct gw_slice code,
                      struct gw_slice *means)
{
    uint32_t found;
    if (!m->count)
        return false;
    found = m->slots[slot_of(m, gw_hash64(code, 0), code)];
    if (found)
        gw_code_map_item(m, found - 1, &code, means);
    return found != 0;
}

uint32_t gw_code_map_count(const struct gw_code_map *m)
{
    return m->count;
}

void gw_code_map_item(const struct gw_code_map *m, uint32_t i, struct gw_slice *code,
                      struct gw_slice *means)
{
    const struct code *c = &m->codes[i];
    *code = gw_slice(c->text, c->code_len);
    *means = gw_slice(c->text + c->code_len, c->means_len);
}
