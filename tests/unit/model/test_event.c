/* test_event.c - the schema's form: fit, check, canonical bytes, facts, JSON; round
 * trips. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include "model/canon.h"
#include "model/events.h"
#include "model/facts.h"
#include "model/json.h"
#include "model/shape.h"
#include "model/stamp.h"

static struct gw_tree t;
static struct gw_buf out, again;

static void open_all(void)
{
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    gw_buf_init(&out, 1u << 20);
    gw_buf_init(&again, 1u << 20);
}

static void close_all(void)
{
    gw_tree_deinit(&t);
    gw_buf_deinit(&out);
    gw_buf_deinit(&again);
}

TestSuite(event, .init = open_all, .fini = close_all);

static const char good[] =
    "{\"schema\":1,\"id\":\"AKT-1\",\"type\":\"load\",\"class\":\"actual\",\"subject\":"
    "\"equipment\","
    "\"time\":1795439100000,\"time_offset\":300,\"time_basis\":\"stated-offset\","
    "\"place\":{\"node\":\"kz-aktau-port\",\"unlocode\":\"KZAAU\",\"country\":\"KZ\","
    "\"lat\":43.6,\"lon\":51.0},"
    "\"equipment\":[{\"kind\":\"container\",\"id\":\"CSQU3054383\",\"scheme\":"
    "\"iso6346\"}],"
    "\"measures\":[{\"kind\":\"gross\",\"value\":27000.0,\"unit\":\"KGM\"}],"
    "\"references\":[{\"scheme\":\"booking\",\"value\":\"BKG7741902\"}],"
    "\"transport\":{\"mode\":\"sea\",\"means\":{\"imo\":\"9074729\"},\"journey_no\":"
    "\"118W\"},"
    "\"ext\":{\"a\":1,\"b\":[true,2.5]}}";

static uint32_t from_json(const char *text)
{
    struct gw_fault f = {0};
    uint32_t root = 0;
    cr_assert_eq(gw_json_read(&t, gw_slice_str(text), &root, &f), GW_OK, "%s at %zu",
                 f.rule ? f.rule : "?", f.at);
    return root;
}

static const char *to_json(struct gw_slice msgpack)
{
    gw_buf_reset(&again);
    cr_assert_eq(gw_json_from_msgpack(&t, msgpack, &again, NULL), GW_OK);
    return gw_buf_text(&again);
}

static struct gw_slice canon_of(const char *text)
{
    uint32_t root = from_json(text);
    gw_buf_reset(&out);
    cr_assert_eq(gw_shape_fit(&t, root, NULL), GW_OK);
    cr_assert_eq(gw_canon_write(&t, root, &out), GW_OK);
    return gw_buf_bytes(&out);
}

Test(event, json_round_trip_is_the_identity)
{
    cr_assert_str_eq(to_json(canon_of(good)), good);
}

Test(event, equal_events_have_equal_bytes)
{
    static const char shuffled[] =
        "{\"ext\":{\"b\":[true,2.5],\"a\":1},\"transport\":{\"journey_no\":\"118W\","
        "\"means\":{\"imo\":\"9074729\"},"
        "\"mode\":\"sea\"},\"id\":\"AKT-1\",\"references\":[{\"value\":\"BKG7741902\","
        "\"scheme\":\"booking\"}],"
        "\"measures\":[{\"unit\":\"KGM\",\"kind\":\"gross\",\"value\":27000}],\"goods\":["
        "],\"cause\":{},"
        "\"equipment\":[{\"scheme\":\"iso6346\",\"id\":\"CSQU3054383\",\"kind\":"
        "\"container\",\"on\":null}],"
        "\"place\":{\"lon\":51,\"lat\":43.6,\"country\":\"KZ\",\"unlocode\":\"KZAAU\","
        "\"node\":\"kz-aktau-port\"},"
        "\"time_basis\":\"stated-offset\",\"time_offset\":300,\"time\":1795439100000,"
        "\"subject\":\"equipment\","
        "\"class\":\"actual\",\"type\":\"load\",\"schema\":1}";
    static uint8_t first[4096];
    struct gw_slice a = canon_of(good), b;
    memcpy(first, a.at, a.len);
    a.at = first;
    b = canon_of(shuffled);
    cr_assert(gw_slice_eq(a, b));
}

Test(event, unknown_fields_go_to_ext_under_their_path)
{
    const char *json = to_json(canon_of(
        "{\"schema\":1,\"id\":\"x\",\"colour\":\"red\",\"place\":{\"country\":\"KZ\","
        "\"berth\":7},\"equipment\":[{\"id\":\"A\",\"paint\":\"b\"}]}"));
    cr_assert(strstr(json, "\"ext\":{\"colour\":\"red\",\"equipment[0].paint\":\"b\","
                           "\"place.berth\":7}"),
              "%s", json);
}

Test(event, a_sender_cannot_set_the_gateways_fields)
{
    const char *json =
        to_json(canon_of("{\"schema\":1,\"id\":\"x\",\"seq\":7,\"received\":5,\"source\":"
                         "{\"operator\":\"other\",\"adapter\":\"y\",\"format\":\"z\"}}"));
    cr_assert_str_eq(json, "{\"schema\":1,\"id\":\"x\",\"source\":{\"format\":\"z\"}}");
}

Test(event, check_names_field_and_code)
{
    static const struct {
        const char *from, *to, *field;
        enum gw_error code;
    } cases[] = {
        {"\"id\":\"AKT-1\",", "", "id", GW_MISSING},
        {"\"load\"", "\"lode\"", "type", GW_UNKNOWN_CODE},
        {"\"schema\":1", "\"schema\":2", "schema", GW_SCHEMA},
        {"1795439100000", "\"soon\"", "time", GW_WRONG_TYPE},
        {"1795439100000", "12", "time", GW_TIME},
        {"43.6", "93.6", "place.lat", GW_OUT_OF_RANGE},
        {"\"BKG7741902\"", "\"BKG774190200000000000000000000000000000\"",
         "references[0].value", GW_TOO_LONG},
        {"\"container\"", "\"box\"", "equipment[0].kind", GW_UNKNOWN_CODE},
        {"{\"mode\":\"sea\",\"means\":{\"imo\":\"9074729\"},\"journey_no\":\"118W\"}",
         "[1]", "transport", GW_WRONG_TYPE},
        {"\"scheme\":\"booking\",", "", "references[0].scheme", GW_MISSING},
        {"[{\"kind\":\"gross\"", "[5,{\"kind\":\"gross\"", "measures[0]", GW_WRONG_TYPE},
        {"\"AKT-1\"", "\"\"", "id", GW_OUT_OF_RANGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2048];
        const char *at = strstr(good, cases[i].from);
        struct gw_fault f = {0};
        uint32_t root;
        cr_assert_not_null(at);
        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, cases[i].to,
                       at + strlen(cases[i].from));
        root = from_json(text);
        cr_assert_eq(gw_shape_fit(&t, root, NULL), GW_OK);
        cr_expect_eq(gw_shape_check(&t, root, &f), cases[i].code, "%s -> %s: %d",
                     cases[i].from, cases[i].to, (int)f.code);
        cr_expect_str_eq(f.field, cases[i].field);
    }
}

static void check_required(const struct gw_shape *s)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < s->count; i++) {
        if ((s->fields[i].flags & (GW_REQUIRED | GW_BY_GATEWAY)) == GW_REQUIRED)
            bits |= 1ull << i;
        if (s->fields[i].shape)
            check_required(s->fields[i].shape);
    }
    cr_expect_eq(s->required, bits, "%s: 0x%llx", s->name, (unsigned long long)bits);
}

Test(event, required_bits_are_those_of_the_rows)
{
    check_required(&gw_shape_event);
}

Test(event, the_example_is_good)
{
    uint32_t root = from_json(good);
    struct gw_fault f = {0};
    cr_assert_eq(gw_shape_fit(&t, root, NULL), GW_OK);
    cr_assert_eq(gw_shape_check(&t, root, &f), GW_OK, "%s %s", f.field, f.rule);
}

/* The stamp by way of the tree, which is what gw_stamp_put() must come to. */
static void stamp_tree(uint32_t root)
{
    uint32_t received = gw_tree_put_int(&t, root, GW_LIT("received"), 1795439200000);
    uint32_t source = gw_tree_child(&t, root, GW_LIT("source")), who, with;
    if (!source) {
        source = gw_tree_put_map(&t, root, GW_LIT("source"));
        gw_shape_mark(&t, source, &gw_shape_event);
    }
    who = gw_tree_put_str(&t, source, GW_LIT("operator"), GW_LIT("aktau-port"));
    with = gw_tree_put_str(&t, source, GW_LIT("adapter"), GW_LIT("coarri-1"));
    gw_shape_mark(&t, received, &gw_shape_event);
    gw_shape_mark(&t, who, &gw_shape_source);
    gw_shape_mark(&t, with, &gw_shape_source);
}

/* Stamped in the buffer it was written to, as the pipeline does; `out` then holds it. */
static void stamp_bytes(uint32_t root)
{
    static const struct gw_stamp stamp = {{(const uint8_t *)"aktau-port", 10},
                                          {(const uint8_t *)"coarri-1", 8},
                                          1795439200000};
    struct gw_stamp_at at;
    struct gw_slice fact;
    gw_buf_reset(&out);
    cr_assert(gw_buf_reserve(&out, GW_STAMP_MOST));
    out.len = GW_STAMP_MOST;
    cr_assert_eq(gw_canon_write_event(&t, root, &out, &at), GW_OK);
    fact = gw_slice(out.at + GW_STAMP_MOST, out.len - GW_STAMP_MOST);
    out.len = (size_t)(gw_stamp_put(out.at, fact, &at, &stamp) - out.at);
}

Test(event, stamped_bytes_are_those_of_a_stamped_tree)
{
    static const char *const ends[] = {
        "}",
        ",\"source\":{\"format\":\"edifact\"}}",
        ",\"ext\":{\"a\":1}}",
        ",\"source\":{\"format\":\"edifact\"},\"ext\":{\"a\":1}}",
        ",\"corrects\":{\"ids\":[\"A-0\"]},\"ext\":{\"a\":1},\"source\":{\"format\":\"x12\"}}",
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char text[2000];
        uint32_t root;
        struct gw_buf expect;
        (void)snprintf(text, sizeof text, "%.*s%s",
                       (int)(strstr(good, ",\"ext\"") - good), good, ends[i]);
        root = from_json(text);
        cr_assert_eq(gw_shape_fit(&t, root, NULL), GW_OK);
        stamp_bytes(root);
        gw_buf_init(&expect, 1u << 16);
        stamp_tree(root);
        cr_assert_eq(gw_canon_write(&t, root, &expect), GW_OK);
        cr_assert(gw_slice_eq(gw_buf_bytes(&out), gw_buf_bytes(&expect)), "%s", ends[i]);
        gw_buf_deinit(&expect);
    }
}

Test(event, stamp_and_seq_stand_in_their_places)
{
    uint32_t root = from_json(good);
    struct gw_facts facts;
    struct gw_buf with;
    gw_buf_reset(&out);
    cr_assert_eq(gw_shape_fit(&t, root, NULL), GW_OK);
    stamp_bytes(root);
    gw_buf_init(&with, 1u << 16);
    cr_assert_eq(gw_canon_add_seq(gw_buf_bytes(&out), 4711, &with), GW_OK);
    cr_assert_eq(gw_facts_read(gw_buf_bytes(&with), &facts), GW_OK);
    cr_assert_eq(facts.seq, 4711);
    cr_assert_eq(facts.received, 1795439200000);
    cr_assert(gw_slice_is(facts.operator, "aktau-port"));
    cr_assert(gw_slice_is(facts.adapter, "coarri-1"));
    cr_assert(gw_slice_is(facts.place.node, "kz-aktau-port"));
    cr_assert_eq(facts.equipment_count, 1);
    cr_assert(gw_slice_is(facts.equipment[0], "CSQU3054383"));
    cr_assert(gw_slice_is(facts.reference[0], "BKG7741902"));
    cr_assert_str_eq(gw_modes.words[facts.mode], "sea");
    cr_assert_str_eq(gw_event_types.words[facts.type], "load");
    cr_assert(strstr(to_json(gw_buf_bytes(&with)),
                     "{\"schema\":1,\"seq\":4711,\"id\":\"AKT-1\""));
    cr_assert_eq(gw_facts_read_objects(gw_buf_bytes(&with), &facts), GW_OK);
    cr_assert_eq(facts.equipment_count, 1);
    cr_assert(gw_slice_is(facts.equipment[0], "CSQU3054383"));
    cr_assert_eq(facts.reference_count, 1);
    cr_assert(gw_slice_is(facts.scheme[0], "booking"));
    cr_assert(gw_slice_is(facts.reference[0], "BKG7741902"));
    cr_assert_eq(facts.id.len, 0, "the rest is not read");
    gw_buf_deinit(&with);
}

Test(event, no_truncation_of_an_event_is_taken)
{
    struct gw_slice bytes = canon_of(good);
    struct gw_facts facts;
    for (size_t n = 0; n < bytes.len; n++) {
        struct gw_fault f = {0};
        uint32_t root;
        size_t used;
        cr_assert_neq(gw_tree_read(&t, gw_slice(bytes.at, n), &used, &root, &f), GW_OK);
        cr_assert_leq(f.at, n);
        cr_assert_neq(gw_facts_read(gw_slice(bytes.at, n), &facts), GW_OK);
        cr_assert_neq(gw_facts_read_objects(gw_slice(bytes.at, n), &facts), GW_OK);
    }
}

/* Random trees of known and unknown fields: canonical bytes survive reading and writing.
 */
static uint32_t seed = 1;
static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

static void grow(uint32_t parent, unsigned depth)
{
    static const char *const keys[] = {"a",   "type", "place",     "unlocode", "ext",
                                       "x.y", "",     "equipment", "id",       "zz"};
    for (uint32_t n = dice(6); n > 0; n--) {
        struct gw_slice key = t.nodes[parent].kind == GW_MAP
                                  ? gw_slice_str(keys[dice(10)])
                                  : gw_slice(NULL, 0);
        switch (dice(depth < 6 ? 7 : 5)) {
        case 0:
            gw_tree_put_int(&t, parent, key, (int64_t)(int32_t)seed * (1ll << dice(30)));
            break;
        case 1:
            gw_tree_put_float(&t, parent, key,
                              (double)(int32_t)seed / (double)(1 + dice(1000)));
            break;
        case 2:
            gw_tree_put_bool(&t, parent, key, dice(2));
            break;
        case 3:
            gw_tree_put_nil(&t, parent, key);
            break;
        case 4:
            gw_tree_put_str(&t, parent, key, gw_slice_str("Böyük Kəsik \"\\\n"));
            break;
        case 5:
            grow(gw_tree_put_map(&t, parent, key), depth + 1);
            break;
        default:
            grow(gw_tree_put_array(&t, parent, key), depth + 1);
            break;
        }
    }
}

Test(event, canonical_bytes_are_a_fixed_point)
{
    struct gw_buf text;
    gw_buf_init(&text, 1u << 20);
    for (int i = 0; i < 20000; i++) {
        struct gw_fault f = {0};
        uint32_t root = gw_tree_root(&t);
        size_t used;
        grow(root, 1);
        cr_assert_eq(gw_shape_fit(&t, root, &f), GW_OK);
        gw_buf_reset(&out);
        if (gw_canon_write(&t, root, &out)) {
            gw_buf_reset(&text);
            cr_assert_eq(gw_json_write(&t, root, &text), GW_OK);
            cr_assert_fail("case %d: %s", i, gw_buf_text(&text));
        }
        cr_assert_eq(gw_tree_read(&t, gw_buf_bytes(&out), &used, &root, &f), GW_OK,
                     "case %d: %s", i, f.rule);
        gw_buf_reset(&text);
        cr_assert_eq(gw_json_write(&t, root, &text), GW_OK);
        cr_assert_eq(gw_shape_fit(&t, root, &f), GW_OK);
        gw_buf_reset(&again);
        cr_assert_eq(gw_canon_write(&t, root, &again), GW_OK);
        cr_assert(gw_slice_eq(gw_buf_bytes(&out), gw_buf_bytes(&again)), "case %d: %s", i,
                  gw_buf_text(&text));
        cr_assert_eq(gw_json_read(&t, gw_buf_bytes(&text), &root, &f), GW_OK,
                     "case %d: %s %s", i, f.rule, gw_buf_text(&text));
        cr_assert_eq(gw_shape_fit(&t, root, &f), GW_OK);
        gw_buf_reset(&again);
        cr_assert_eq(gw_canon_write(&t, root, &again), GW_OK);
        cr_assert(gw_slice_eq(gw_buf_bytes(&out), gw_buf_bytes(&again)),
                  "case %d through JSON: %s", i, gw_buf_text(&text));
    }
    gw_buf_deinit(&text);
}

Test(event, json_refuses_with_place)
{
    static const struct {
        const char *text;
        enum gw_error code;
    } cases[] = {
        {"", GW_SYNTAX},
        {"[1]", GW_NOT_A_MAP},
        {"{\"a\":1,\"a\":2}", GW_DUPLICATE_KEY},
        {"{\"a\":", GW_TRUNCATED},
        {"{\"a\":1}x", GW_SYNTAX},
        {"{\"a\":99999999999999999999}", GW_NUMBER},
        {"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}",
         GW_DEPTH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_fault f = {0};
        uint32_t root;
        enum gw_error e = gw_json_read(&t, gw_slice_str(cases[i].text), &root, &f);
        cr_expect(e == cases[i].code || (i == 0 && e == GW_TRUNCATED), "%s: %d",
                  cases[i].text, (int)e);
        cr_expect_leq(f.at, strlen(cases[i].text));
    }
}

Test(event, a_list_keeps_its_bounds)
{
    struct gw_events list;
    uint32_t root;
    gw_events_init(&list, 1u << 16, 2);
    for (int i = 0; i < 3; i++) {
        root = from_json(good);
        cr_assert_eq(gw_events_add(&list, &t, root, NULL), i < 2 ? GW_OK : GW_NOMEM);
    }
    cr_assert_eq(list.count, 2);
    cr_assert(gw_slice_eq(gw_events_at(&list, 0), gw_events_at(&list, 1)));
    gw_events_cut(&list, 1);
    cr_assert_eq(list.count, 1);
    gw_events_deinit(&list);
}

Test(event, a_word_with_a_zero_byte_in_it_is_none)
{
    static const char text[] = "load\0nothing of the list is as long as this";
    cr_expect_lt(gw_words_find(&gw_event_types, gw_slice(text, sizeof text - 1)), 0);
    cr_expect_geq(gw_words_find(&gw_event_types, gw_slice(text, 4)), 0);
    cr_expect_lt(gw_words_find(&gw_event_types, gw_slice(text, 3)), 0);
    cr_expect_lt(gw_words_find(&gw_event_types, gw_slice(text, 0)), 0);
}
