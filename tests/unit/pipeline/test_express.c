/* test_express.c - the short way and the long way lead to the same bytes: for events made
 * at random from the schema's rows, and for what is left of them after something was
 * changed. */
#include "pipeline/express.h"
#include <stdlib.h>
#include "model/canon.h"
#include "model/event_fields.h"
#include "model/shape.h"
#include "pipeline/decode.h"
#include "pipeline/keep.h"
#include "pipeline/profile.h"
#include "pipeline/validate.h"
#include "unit/pipeline/stages.h"

#define NOW_MS INT64_C(1795439200000)

static const struct gw_limits limits = {
    .budget = {4096, 6, 60, 200}, .future_refuse_ms = 86400000, .future_warn_ms = 600000};
static struct gw_places *places;
static struct gw_tree tree;
static struct gw_batch *fast, *slow;
static uint64_t chance_state;
static unsigned passed, seen;

static void begin(void)
{
    places = stages_places();
    cr_assert_eq(gw_tree_init(&tree, &limits.budget), GW_OK);
    cr_assert_eq(gw_batch_new(&fast, 1u << 16, 16), GW_OK);
    cr_assert_eq(gw_batch_new(&slow, 1u << 16, 16), GW_OK);
    chance_state = 20261124;
    passed = seen = 0;
}

static void end(void)
{
    gw_places_free(places);
    gw_tree_deinit(&tree);
    gw_batch_unref(fast);
    gw_batch_unref(slow);
}

/* xorshift64: the same events in every run */
static uint32_t chance(uint32_t n)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (uint32_t)(chance_state >> 33) % n;
}

static void ready(struct gw_batch *b)
{
    gw_batch_reset(b);
    memcpy(b->operator, "ktz", 4);
    memcpy(b->adapter, "trains-1", 9);
    b->received_ms = NOW_MS;
}

static enum gw_error long_way(const struct gw_places *table, struct gw_slice body,
                              size_t *used)
{
    struct gw_fault fault = {0};
    struct gw_slice rest = body, bytes;
    uint32_t root;
    enum gw_error e = gw_decode_next(&rest, &tree, &root, &bytes, &fault);
    if (!e)
        e = gw_normalise(NULL, table, &tree, root, &fault);
    if (!e)
        e = gw_validate(&limits, NOW_MS, &tree, root, &fault);
    ready(slow);
    if (!e)
        e = gw_keep(slow, 7, &tree, root, 99, &fault);
    *used = body.len - rest.len;
    return e;
}

/* What the short way takes, the long way takes, and to the same bytes. */
static bool agree(const struct gw_places *table, struct gw_slice body)
{
    struct gw_express x;
    size_t used = 0;
    seen++;
    if (!gw_express_pass(&limits, table, NOW_MS, body, &x))
        return false;
    passed++;
    ready(fast);
    cr_assert_eq(gw_express_keep(fast, 7, &x, 99, NULL), GW_OK);
    cr_assert_eq(long_way(table, body, &used), GW_OK);
    cr_assert_eq(x.bytes.len, used);
    cr_assert_eq(slow->count, 1);
    cr_assert_eq(fast->count, 1);
    cr_assert(gw_slice_eq(gw_buf_bytes(&fast->events), gw_buf_bytes(&slow->events)));
    cr_assert_arr_eq(fast->records, slow->records, sizeof *fast->records);
    return true;
}

/* ---- events at random ---- */

static struct gw_slice any_text(unsigned most)
{
    static const char *const texts[] = {"CSQU3054383",
                                        "CSQU3054384",
                                        "kz-aktau-port",
                                        "az-alat",
                                        "KZAAU",
                                        "AZALA",
                                        "KZ",
                                        "AZ",
                                        "XX",
                                        "9074729",
                                        "663404",
                                        "94123452",
                                        "",
                                        "A",
                                        "B-7",
                                        "ok",
                                        "none",
                                        "esr6",
                                        "iso6346",
                                        "Порт Актау",
                                        "actual",
                                        "load"};
    struct gw_slice s = gw_slice_str(texts[chance(sizeof texts / sizeof *texts)]);
    return most && s.len > most ? gw_slice(s.at, most) : s;
}

static void add_rows(uint32_t map, const struct gw_shape *s, unsigned depth, bool tidy);

static uint32_t put_row(uint32_t map, const struct gw_field *f, unsigned depth, bool tidy)
{
    static const double reals[] = {0, 1.5, 43.6, -51.22, 1e9, 0.1};
    struct gw_slice key = gw_slice(f->name, f->name_len);
    uint32_t n = 0;
    switch (f->kind) {
    case GW_STR:
        if (f->words && chance(20))
            return gw_tree_put_str(
                &tree, map, key, gw_slice_str(f->words->words[chance(f->words->count)]));
        return gw_tree_put_str(&tree, map, key, any_text(chance(30) ? f->max : 0));
    case GW_INT:
        return gw_tree_put_int(&tree, map, key,
                               f->flags & GW_TIME_MS ? NOW_MS - 5000000 + chance(6000000)
                               : f->least == 1       ? 1
                                               : (int64_t)chance(900) - (tidy ? 0 : 400));
    case GW_FLOAT:
        return chance(9) ? gw_tree_put_float(&tree, map, key, reals[chance(6)])
                         : gw_tree_put_int(&tree, map, key, chance(80));
    case GW_MAP:
        n = gw_tree_put_map(&tree, map, key);
        if (n && f->shape)
            add_rows(n, f->shape, depth + 1, tidy);
        else if (n) {
            (void)gw_tree_put_int(&tree, n, GW_LIT("b"), chance(70000));
            (void)gw_tree_put_bool(&tree, n, GW_LIT("c"), true);
            if (chance(4) == 0)
                (void)gw_tree_put_str(&tree, n, GW_LIT("a"), any_text(0));
        }
        return n;
    default:
        n = gw_tree_put_array(&tree, map, key);
        for (unsigned i = chance(3) + 1; n && i--;)
            if (!f->shape)
                (void)gw_tree_put_str(&tree, n, gw_slice(NULL, 0), any_text(0));
            else
                add_rows(gw_tree_put_map(&tree, n, gw_slice(NULL, 0)), f->shape,
                         depth + 1, tidy);
        return n;
    }
}

/* A place that needs nothing, or equipment, so that enough of them pass. */
static bool add_sound(uint32_t map, const struct gw_shape *s)
{
    const struct gw_field *event = gw_shape_event.fields;
    if (s == event[GW_EV_PLACE].shape) {
        (void)gw_tree_put_str(&tree, map, GW_LIT("node"), GW_LIT("kz-aktau-port"));
        (void)gw_tree_put_str(&tree, map, GW_LIT("unlocode"), GW_LIT("KZAAU"));
        (void)gw_tree_put_str(&tree, map, GW_LIT("country"), GW_LIT("KZ"));
        return true;
    }
    if (s == event[GW_EV_EQUIPMENT].shape) {
        (void)gw_tree_put_str(&tree, map, GW_LIT("id"), GW_LIT("CSQU3054383"));
        (void)gw_tree_put_str(&tree, map, GW_LIT("scheme"), GW_LIT("iso6346"));
        (void)gw_tree_put_str(&tree, map, GW_LIT("check"), GW_LIT("ok"));
        return true;
    }
    return false;
}

static void add_rows(uint32_t map, const struct gw_shape *s, unsigned depth, bool tidy)
{
    uint32_t order[64], n = 0;
    if (!map || depth > 7 || (tidy && add_sound(map, s)))
        return;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct gw_field *f = &s->fields[i];
        bool wanted = f->flags & GW_REQUIRED || chance(depth ? 3 : 4) == 0;
        if (wanted && !((f->flags & GW_BY_GATEWAY) && chance(200)))
            order[n++] = i;
    }
    if (!tidy && n > 1 && chance(4) == 0) { /* out of order */
        uint32_t a = chance(n), b = chance(n), was = order[a];
        order[a] = order[b];
        order[b] = was;
    }
    for (uint32_t i = 0; i < n; i++)
        (void)put_row(map, &s->fields[order[i]], depth, tidy);
}

static void make_event(struct gw_buf *out, bool tidy)
{
    uint32_t root = gw_tree_root(&tree);
    add_rows(root, &gw_shape_event, 0, tidy);
    gw_buf_reset(out);
    if (tidy)
        cr_assert(gw_shape_fit(&tree, root, NULL) || !gw_canon_write(&tree, root, out));
    else
        cr_assert_eq(gw_msgpack_write(&tree, root, out), GW_OK);
}

Test(express, random_events_agree, .init = begin, .fini = end)
{
    struct gw_buf event;
    gw_buf_init(&event, 1u << 16);
    for (unsigned i = 0; i < 60000; i++) {
        make_event(&event, i % 4 != 0);
        (void)agree(i & 1 ? places : NULL, gw_buf_bytes(&event));
    }
    gw_buf_deinit(&event);
    cr_assert_gt(passed, seen / 50,
                 "%u of %u took the short way: too few to mean anything", passed, seen);
}

static void replace(struct gw_buf *b, size_t at, size_t len, const uint8_t *with,
                    size_t n)
{
    size_t rest = b->len - at - len;
    for (size_t i = len; i < n; i++)
        gw_buf_byte(b, 0);
    memmove(b->at + at + n, b->at + at + len, rest);
    memcpy(b->at + at, with, n);
    b->len = at + n + rest;
}

/* Whatever starts here, if something does, in a longer form than it needs: the same
 * value, but not canonical. */
static void widen(struct gw_buf *b)
{
    size_t at = chance((uint32_t)b->len);
    uint8_t c = b->at[at];
    if (c <= 0x7f)
        replace(b, at, 1, (uint8_t[]){0xcc, c}, 2);
    else if (c <= 0x8f)
        replace(b, at, 1, (uint8_t[]){0xde, 0, c & 15}, 3);
    else if (c <= 0x9f)
        replace(b, at, 1, (uint8_t[]){0xdc, 0, c & 15}, 3);
    else if (c <= 0xbf)
        replace(b, at, 1, (uint8_t[]){0xd9, c & 31}, 2);
    else if (c >= 0xe0)
        replace(b, at, 1, (uint8_t[]){0xd0, c}, 2);
    else if (c == 0xca && b->len - at >= 5) {
        uint32_t narrow = (uint32_t)b->at[at + 1] << 24 | (uint32_t)b->at[at + 2] << 16 |
                          (uint32_t)b->at[at + 3] << 8 | b->at[at + 4];
        uint8_t wide[9] = {0xcb};
        uint64_t bits;
        float f;
        double d;
        memcpy(&f, &narrow, 4);
        d = (double)f;
        memcpy(&bits, &d, 8);
        for (int i = 0; i < 8; i++)
            wide[1 + i] = (uint8_t)(bits >> (56 - 8 * i));
        replace(b, at, 5, wide, 9);
    } else if (c == 0xcc || c == 0xd9)
        replace(b, at, 1, (uint8_t[]){(uint8_t)(c + 1), 0}, 2);
}

/* One or two bytes of an event that passes are changed, taken away or put in. */
static void mutate(struct gw_buf *b)
{
    static const uint8_t telling[] = {0x80, 0x81, 0x90, 0xa0, 0xa1, 0xc0, 0xc2,
                                      0xca, 0xcb, 0xcc, 0xcd, 0xd0, 0xd9, 0xda,
                                      0xde, 0xdf, 0x00, 0x7f, 0xff, 'A'};
    size_t at = chance((uint32_t)b->len);
    uint8_t byte = chance(2) ? telling[chance(sizeof telling)] : (uint8_t)chance(256);
    switch (chance(4)) {
    case 0:
        b->at[at] = byte;
        break;
    case 1:
        b->at[at] ^= (uint8_t)(1u << chance(8));
        break;
    case 2:
        memmove(b->at + at, b->at + at + 1, b->len - at - 1);
        b->len--;
        break;
    case 3:
    case 4:
        widen(b);
        break;
    default:
        gw_buf_byte(b, 0);
        memmove(b->at + at + 1, b->at + at, b->len - at - 1);
        b->at[at] = byte;
    }
}

Test(express, changed_events_agree, .init = begin, .fini = end)
{
    struct gw_buf event, changed;
    gw_buf_init(&event, 1u << 16);
    gw_buf_init(&changed, 1u << 16);
    for (unsigned i = 0; i < 400; i++) {
        do
            make_event(&event, true);
        while (!agree(places, gw_buf_bytes(&event)));
        for (unsigned k = 0; k < 300; k++) {
            gw_buf_reset(&changed);
            gw_buf_slice(&changed, gw_buf_bytes(&event));
            for (unsigned times = chance(2) + 1; times--;)
                mutate(&changed);
            (void)agree(places, gw_buf_bytes(&changed));
        }
    }
    gw_buf_deinit(&event);
    gw_buf_deinit(&changed);
    cr_assert_gt(passed, 1000);
}

Test(express, every_truncation_is_left_to_the_long_way, .init = begin, .fini = end)
{
    struct gw_buf event;
    struct gw_express x;
    gw_buf_init(&event, 1u << 16);
    do
        make_event(&event, true);
    while (!agree(NULL, gw_buf_bytes(&event)));
    for (size_t n = 0; n < event.len; n++) {
        uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees a byte too many */
        cr_assert(exact);
        memcpy(exact, event.at, n);
        cr_assert_not(gw_express_pass(&limits, NULL, NOW_MS, gw_slice(exact, n), &x),
                      "%zu", n);
        free(exact);
    }
    gw_buf_deinit(&event);
}

Test(express, the_next_event_may_follow, .init = begin, .fini = end)
{
    struct gw_buf body;
    struct gw_express x;
    size_t first;
    gw_buf_init(&body, 1u << 16);
    do
        make_event(&body, true);
    while (!agree(NULL, gw_buf_bytes(&body)));
    first = body.len;
    gw_buf_str(&body, "\xc1 rubbish");
    cr_assert(gw_express_pass(&limits, NULL, NOW_MS, gw_buf_bytes(&body), &x));
    cr_assert_eq(x.bytes.len, first);
    gw_buf_deinit(&body);
}
