/* event_id.c - part of stage 3: the id of an event that came without one. */
#include "pipeline/event_id.h"
#include "base/hash.h"
#include "model/event_fields.h"
#include "model/shape.h"

/* SHA-256 over any length in pieces: a full buffer is replaced by its own digest. */
struct digest {
    size_t used;
    uint8_t at[1024];
};

static void feed_over(struct digest *d, const uint8_t *from, size_t len)
{
    while (len) {
        size_t n = sizeof d->at - d->used;
        n = n < len ? n : len;
        memcpy(d->at + d->used, from, n);
        d->used += n;
        from += n;
        len -= n;
        if (d->used == sizeof d->at) {
            uint8_t whole[32];
            gw_sha256(gw_slice(d->at, sizeof d->at), whole);
            memcpy(d->at, whole, sizeof whole);
            d->used = sizeof whole;
        }
    }
}

/* What fits, which is nearly always, is put there without a call. */
static inline void feed(struct digest *d, const void *at, size_t len)
{
    if (len >= sizeof d->at - d->used) {
        feed_over(d, at, len);
        return;
    }
    if (len)
        memcpy(d->at + d->used, at, len);
    d->used += len;
}

/* Every value begins with its kind and length, so that no two events run together. */
static void feed_head(struct digest *d, uint8_t kind, uint32_t n)
{
    uint8_t head[5] = {kind, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
                       (uint8_t)n};
    feed(d, head, sizeof head);
}

static void feed_number(struct digest *d, uint8_t kind, uint64_t bits)
{
    uint8_t at[8];
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(bits >> (56 - 8 * i));
    feed_head(d, kind, 8);
    feed(d, at, sizeof at);
}

static void feed_map(struct digest *d, const struct gw_tree *t, uint32_t map,
                     const struct gw_shape *s);

static void feed_value(struct digest *d, const struct gw_tree *t, uint32_t node,
                       const struct gw_shape *s)
{
    const struct gw_node *n = gw_node(t, node);
    uint64_t bits = 0;
    switch ((enum gw_kind)n->kind) {
    case GW_STR:
        feed_head(d, n->kind, (uint32_t)n->s.len);
        feed(d, n->s.at, n->s.len);
        return;
    case GW_INT:
        feed_number(d, n->kind, (uint64_t)n->i);
        return;
    case GW_FLOAT:
        memcpy(&bits, &n->f, sizeof bits);
        feed_number(d, n->kind, bits);
        return;
    case GW_ARRAY:
        feed_head(d, n->kind, n->count);
        for (GW_FOREACH_CHILD (t, node, item))
            feed_value(d, t, item, s);
        return;
    case GW_MAP:
        if (s)
            feed_map(d, t, node, s);
        return;
    case GW_BOOL:
    case GW_NIL:
        return;
    }
}

/* What the gateway fills in itself: the rows of a shape, as bits. */
static uint64_t derived(const struct gw_shape *s)
{
    if (s == gw_shape_event.fields[GW_EV_PLACE].shape)
        return UINT64_C(1) << GW_PL_NODE | UINT64_C(1) << GW_PL_COUNTRY;
    if (s == gw_shape_event.fields[GW_EV_EQUIPMENT].shape)
        return UINT64_C(1) << GW_EQ_SCHEME | UINT64_C(1) << GW_EQ_CHECK;
    return 0;
}

static void feed_map(struct digest *d, const struct gw_tree *t, uint32_t map,
                     const struct gw_shape *s)
{
    uint32_t at[64];
    uint64_t left_out = derived(s);
    gw_fields_of(t, map, at, s->count <= 64 ? s->count : 64);
    for (uint32_t i = 0; i < s->count && i < 64; i++)
        if (at[i] && !(left_out >> i & 1)) {
            feed_head(d, 'k', i);
            feed_value(d, t, at[i], s->fields[i].shape);
        }
}

void gw_event_id(const struct gw_tree *t, uint32_t root, char out[GW_EVENT_ID_LEN])
{
    static const uint8_t fields[] = {
        GW_EV_TYPE,       GW_EV_CLASS,     GW_EV_SUBJECT,   GW_EV_TIME,
        GW_EV_PLACE,      GW_EV_EQUIPMENT, GW_EV_MEASURES,  GW_EV_SEALS,
        GW_EV_REFERENCES, GW_EV_DOCUMENT,  GW_EV_TRANSPORT, GW_EV_CUSTOMS,
        GW_EV_CAUSE,      GW_EV_STATE,     GW_EV_SOURCE,    GW_EV_CORRECTS};
    struct digest d;
    uint32_t at[GW_EV_COUNT];
    uint8_t whole[32];
    char hex[65];

    d.used = 0;
    gw_fields_of(t, root, at, GW_EV_COUNT);
    for (size_t i = 0; i < sizeof fields; i++)
        if (at[fields[i]]) {
            feed_head(&d, 'k', fields[i]);
            feed_value(&d, t, at[fields[i]], gw_shape_event.fields[fields[i]].shape);
        }
    gw_sha256(gw_slice(d.at, d.used), whole);
    gw_hex(whole, sizeof whole, hex);
    memcpy(out, "h-", 2);
    memcpy(out + 2, hex, GW_EVENT_ID_LEN - 2);
}
