/* load.c - measured events: made once, patched a million times. */
#include "bench/load.h"
#include "base/hash.h"
#include "model/event_fields.h"
#include "model/canon.h"
#include "model/shape.h"
#include "model/tree.h"
#include <stdio.h>

#define ID_BYTES 24 /* rrrrrrrr-pp-nnnnnnnnnnnn */
/* Rows that gw_load_check() looks into; the gateway has judged all of them. */
#define CHECKED                                                                          \
    (UINT64_C(1) << GW_EV_ID | UINT64_C(1) << GW_EV_EQUIPMENT |                          \
     UINT64_C(1) << GW_EV_REFERENCES)

static const char container[] = "CSQU3054383", booking[] = "BKG7741902";

static void put_be64(uint8_t *at, uint64_t v)
{
    for (int i = 7; i >= 0; i--, v >>= 8)
        at[i] = (uint8_t)v;
}

static uint64_t get_be64(const uint8_t *at)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | at[i];
    return v;
}

static void put_id(char *at, uint32_t run, uint32_t producer, uint64_t number)
{
    char id[ID_BYTES + 1];
    (void)snprintf(id, sizeof id, "%08x-%02u-%012llu", run, producer % 100,
                   (unsigned long long)(number % 1000000000000u));
    memcpy(at, id, ID_BYTES);
}

/* Over what must not change on the way.  The top bit is set: always nine bytes of
 * msgpack. */
static uint64_t sum_of(struct gw_slice id, struct gw_slice equipment,
                       struct gw_slice reference, uint64_t sent)
{
    uint64_t h = gw_hash64(id, sent);
    h = gw_hash64(equipment, h);
    return (gw_hash64(reference, h) >> 1) | 1ull << 62;
}

static enum gw_error build(struct gw_load *l, struct gw_tree *t, uint32_t run)
{
    char id[ID_BYTES + 1] = {0};
    uint32_t root = gw_tree_root(t);
    struct gw_slice text;
    enum gw_error e;

    put_id(id, run, l->producer, 0);
    text = gw_slice(id, ID_BYTES);
    gw_tree_set_int(t, root, "schema", 1);
    gw_tree_set_str(t, root, "id", text);
    gw_tree_set_str(t, root, "type", GW_LIT("load"));
    gw_tree_set_str(t, root, "class", GW_LIT("actual"));
    gw_tree_set_str(t, root, "subject", GW_LIT("equipment"));
    gw_tree_set_int(t, root, "time", 1795439100000);
    gw_tree_set_int(t, root, "time_offset", 300);
    gw_tree_set_str(t, root, "time_basis", GW_LIT("stated-offset"));
    gw_tree_set_str(t, root, "place.node", GW_LIT("kz-aktau-port"));
    gw_tree_set_str(t, root, "place.unlocode", GW_LIT("KZAAU"));
    gw_tree_set_str(t, root, "place.country", GW_LIT("KZ"));
    gw_tree_set_str(t, root, "equipment[0].kind", GW_LIT("container"));
    gw_tree_set_str(t, root, "equipment[0].id", gw_slice_str(container));
    gw_tree_set_str(t, root, "equipment[0].scheme", GW_LIT("iso6346"));
    gw_tree_set_str(t, root, "equipment[0].check", GW_LIT("ok"));
    gw_tree_set_str(t, root, "references[0].scheme", GW_LIT("booking"));
    gw_tree_set_str(t, root, "references[0].value", gw_slice_str(booking));
    gw_tree_set_str(t, root, "transport.mode", GW_LIT("sea"));
    gw_tree_set_int(t, root, "ext.sent", INT64_MAX);
    if (!gw_tree_set_int(t, root, "ext.sum", INT64_MAX))
        return GW_NOMEM;
    e = gw_shape_fit(t, root, NULL);
    return e ? e : gw_canon_write(t, root, &l->bytes);
}

static size_t find(const struct gw_buf *b, const char *what, size_t len, size_t skip)
{
    const uint8_t *at = memmem(b->at, b->len, what, len);
    return at ? (size_t)(at - b->at) + skip : 0;
}

enum gw_error gw_load_init(struct gw_load *l, uint32_t run, uint32_t producer)
{
    struct gw_tree t;
    enum gw_error e;

    *l = (struct gw_load){.producer = producer};
    gw_buf_init(&l->bytes, 4096);
    e = gw_tree_init(&t, &gw_budget_default);
    if (e)
        return e;
    e = build(l, &t, run);
    gw_tree_deinit(&t);
    l->id_at = find(&l->bytes, "\xa2id", 3, 4); /* behind the key and the string's head */
    l->sent_at = find(&l->bytes, "\xa4sent", 5, 6);
    l->sum_at = find(&l->bytes, "\xa3sum", 4, 5);
    return e ? e : l->id_at && l->sent_at && l->sum_at ? GW_OK : GW_FORMAT;
}

void gw_load_deinit(struct gw_load *l)
{
    gw_buf_deinit(&l->bytes);
}

bool gw_load_free_container(struct gw_load *l)
{
    struct gw_buf *b = &l->bytes;
    uint8_t *scheme = memmem(b->at, b->len, "\xa7iso6346", 8);
    uint8_t *check = memmem(b->at, b->len,
                            "\xa5"
                            "check\xa2ok",
                            9);
    if (!scheme || !check)
        return false;
    memcpy(scheme, "\xa5other",
           6); /* two bytes shorter, and "none" two longer than "ok" */
    memmove(scheme + 6, scheme + 8, (size_t)(check + 6 - (scheme + 8)));
    memcpy(check + 4, "\xa4none", 5);
    return true;
}

struct gw_slice gw_load_event(struct gw_load *l, uint64_t number, uint64_t sent_ns)
{
    uint8_t *at = l->bytes.at;
    struct gw_slice id = gw_slice(at + l->id_at, ID_BYTES);
    uint64_t sent = sent_ns | 1ull << 62; /* nine bytes of msgpack whatever the time */
    char digits[13];

    (void)snprintf(digits, sizeof digits, "%012llu",
                   (unsigned long long)(number % 1000000000000u));
    memcpy(at + l->id_at + 12, digits, 12);
    put_be64(at + l->sent_at, sent);
    put_be64(at + l->sum_at,
             sum_of(id, gw_slice_str(container), gw_slice_str(booking), sent));
    return gw_buf_bytes(&l->bytes);
}

bool gw_load_check(struct gw_slice event, uint32_t run, struct gw_facts *f,
                   struct gw_load_seen *out)
{
    char expect[10];
    uint64_t sent, sum, producer;

    if (gw_facts_read_rows(event, CHECKED, f) || f->id.len != ID_BYTES ||
        event.len < 32 || f->equipment_count != 1 || f->reference_count != 1)
        return false;
    (void)snprintf(expect, sizeof expect, "%08x-", run);
    if (memcmp(f->id.at, expect, 9) != 0 ||
        !gw_slice_uint(gw_slice(f->id.at + 9, 2), &producer) ||
        !gw_slice_uint(gw_slice(f->id.at + 12, 12), &out->number))
        return false;
    /* ext is the last field: ..."sent" cf 8 bytes "sum" cf 8 bytes */
    sum = get_be64(event.at + event.len - 8);
    sent = get_be64(event.at + event.len - 8 - 5 - 8);
    out->producer = (uint32_t)producer;
    out->sent_ns = sent & ~(1ull << 62);
    return sum == sum_of(f->id, f->equipment[0], f->reference[0], sent);
}
