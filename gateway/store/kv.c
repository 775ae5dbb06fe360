/* kv.c - keys, and what both kinds of tables have in common. */
#include "store/kv.h"

static void add(struct gw_key *k, const void *at, size_t len)
{
    if (len > sizeof k->bytes - k->len)
        len = sizeof k->bytes -
              k->len; /* names are bounded by GW_NAME_MAX: never happens */
    memcpy(k->bytes + k->len, at, len);
    k->len += len;
}

static void add_be(struct gw_key *k, uint64_t n, unsigned bytes)
{
    while (bytes--)
        k->bytes[k->len++] = (uint8_t)(n >> (8 * bytes));
}

struct gw_key gw_key_u64(uint64_t n)
{
    struct gw_key k = {.len = 0};
    add_be(&k, n, 8);
    return k;
}

struct gw_key gw_key_outcome(uint32_t adapter, uint64_t batch)
{
    struct gw_key k = {.len = 0};
    add_be(&k, adapter, 4);
    add_be(&k, batch, 8);
    return k;
}

struct gw_key gw_key_name(const char *operator, const char * name)
{
    struct gw_key k = {.len = 0};
    add(&k, operator, strlen(operator));
    if (!name)
        return k;
    add(&k, "/", 1);
    add(&k, name, strlen(name));
    return k;
}

uint64_t gw_key_number(struct gw_slice key)
{
    uint64_t n = 0;
    for (size_t i = key.len - 8; key.len >= 8 && i < key.len; i++)
        n = n << 8 | key.at[i];
    return n;
}

enum gw_error gw_put(struct gw_view *v, enum gw_table t, struct gw_slice key,
                     struct gw_slice value)
{
    uint8_t *room;
    enum gw_error e = gw_put_room(v, t, key, value.len, &room);
    if (!e && value.len)
        memcpy(room, value.at, value.len);
    return e;
}

enum gw_error gw_seek_behind(struct gw_view *v, enum gw_table t, struct gw_slice key,
                             struct gw_pair *out)
{
    struct gw_key next = {.len = 0};
    add(&next, key.at, key.len);
    add(&next, "",
        1); /* nothing sorts between a key and the same with a zero byte behind */
    return gw_seek(v, t, GW_SEEK_AT_OR_AFTER, gw_key_slice(&next), out);
}
