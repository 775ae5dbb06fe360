/* test_mask.c - what a receiver sees of an event when fields are hidden. */
#include <criterion/criterion.h>
#include "model/canon.h"
#include "model/json.h"
#include "model/mask.h"
#include "model/shape.h"

#define EVENT                                                                            \
    "{\"schema\":1,\"id\":\"A-1\",\"type\":\"load\",\"class\":\"actual\",\"subject\":"   \
    "\"equipment\",\"time\":1795439100000,\"time_basis\":\"stated-utc\",\"received\":"   \
    "1795439100001,\"place\":{\"node\":\"kz-aktau-port\",\"country\":\"KZ\",\"lat\":43." \
    "5},"                                                                                \
    "\"equipment\":[{\"kind\":\"container\",\"id\":\"CSQU3054383\",\"position\":"        \
    "\"0280412\"},"                                                                      \
    "{\"id\":\"MSCU1234566\"}],\"transport\":{\"mode\":\"sea\",\"means\":{\"name\":"     \
    "\"X\"}},"                                                                           \
    "\"parties\":[{\"role\":\"consignee\",\"id\":\"silk\"}],\"source\":{\"operator\":"   \
    "\"aktau\",\"adapter\":\"coarri-1\"},\"quality\":[{\"rule\":\"r\",\"raw\":\"silk\"}" \
    "],"                                                                                 \
    "\"ext\":{\"mine\":{\"a\":[1]},\"parties[0].tax\":\"77\",\"place.colour\":\"red\"}}"

static struct gw_tree tree;
static struct gw_buf event, out, text;

static void setup(void)
{
    uint32_t root;
    struct gw_fault fault = {0};
    cr_assert_eq(gw_tree_init(&tree, &gw_budget_default), GW_OK);
    gw_buf_init(&event, 1 << 16);
    gw_buf_init(&out, 1 << 16);
    gw_buf_init(&text, 1 << 16);
    cr_assert_eq(gw_json_read(&tree, GW_LIT(EVENT), &root, &fault), GW_OK, "%s",
                 fault.rule);
    /* as the gateway stores it: its own fields are there */
    for (GW_FOREACH_CHILD (&tree, root, n))
        gw_shape_mark(&tree, n, &gw_shape_event);
    cr_assert_eq(gw_msgpack_write(&tree, root, &event), GW_OK);
}

static void cleanup(void)
{
    gw_tree_deinit(&tree);
    gw_buf_deinit(&event);
    gw_buf_deinit(&out);
    gw_buf_deinit(&text);
}

TestSuite(mask, .init = setup, .fini = cleanup);

static const char *seen(const struct gw_mask *m)
{
    gw_buf_reset(&out);
    gw_buf_reset(&text);
    cr_assert_eq(gw_project(gw_buf_bytes(&event), 7, m, &out), GW_OK);
    cr_assert_eq(gw_json_from_msgpack(&tree, gw_buf_bytes(&out), &text, NULL), GW_OK);
    return gw_buf_text(&text);
}

#define ALWAYS                                                                           \
    "{\"schema\":1,\"seq\":7,\"id\":\"A-1\",\"type\":\"load\",\"class\":\"actual\","     \
    "\"subject\":\"equipment\",\"time\":1795439100000,\"time_basis\":\"stated-utc\""
#define OWNER "\"source\":{\"operator\":\"aktau\"}"

Test(mask, the_least_is_what_an_event_cannot_be_without)
{
    struct gw_mask m = gw_mask_least();
    cr_expect_str_eq(seen(&m), ALWAYS "," OWNER "}");
}

Test(mask, shows_what_is_listed_and_no_more)
{
    static const struct {
        const char *fields[3], *json;
    } cases[] = {
        {{"place"},
         ALWAYS
         ",\"place\":{\"node\":\"kz-aktau-port\",\"country\":\"KZ\",\"lat\":43.5}," OWNER
         "}"},
        {{"place.country", "equipment.id"},
         ALWAYS ",\"place\":{\"country\":\"KZ\"},\"equipment\":[{\"id\":\"CSQU3054383\"},"
                "{\"id\":\"MSCU1234566\"}]," OWNER "}"},
        /* an item of which nothing is left goes, and so does a map */
        {{"equipment.kind", "transport.means.imo"},
         ALWAYS ",\"equipment\":[{\"kind\":\"container\"}]," OWNER "}"},
        {{"transport.means.name"},
         ALWAYS ",\"transport\":{\"means\":{\"name\":\"X\"}}," OWNER "}"},
        {{"seals", "goods"}, ALWAYS "," OWNER "}"},
        {{"source.adapter"},
         ALWAYS ",\"source\":{\"operator\":\"aktau\",\"adapter\":\"coarri-1\"}}"},
        {{"ext"}, ALWAYS "," OWNER ",\"ext\":{\"mine\":{\"a\":[1]}}}"},
        {{"ext", "place"},
         ALWAYS
         ",\"place\":{\"node\":\"kz-aktau-port\",\"country\":\"KZ\",\"lat\":43.5}," OWNER
         ",\"ext\":{\"mine\":{\"a\":[1]},\"place.colour\":\"red\"}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_mask m = gw_mask_least();
        for (int k = 0; k < 3 && cases[i].fields[k]; k++)
            cr_assert_eq(gw_mask_show(&m, gw_slice_str(cases[i].fields[k])), GW_OK);
        cr_expect_str_eq(seen(&m), cases[i].json, "%s: %s", cases[i].fields[0],
                         gw_buf_text(&text));
    }
}

Test(mask, hides_what_is_listed_also_where_ext_repeats_it)
{
    struct gw_mask m = gw_mask_all();
    cr_assert_eq(gw_mask_hide(&m, GW_LIT("parties")), GW_OK);
    cr_expect_null(strstr(seen(&m), "parties"), "%s", gw_buf_text(&text));
    cr_expect_null(strstr(gw_buf_text(&text), "77"));
    cr_expect_not_null(strstr(gw_buf_text(&text), "place.colour"));
    cr_expect_not_null(strstr(gw_buf_text(&text), "0280412"));
    cr_assert_eq(gw_mask_hide(&m, GW_LIT("source")), GW_OK, "its parts but operator");
    cr_expect_not_null(strstr(seen(&m), OWNER));
    gw_buf_reset(&out);
    gw_mask_print_hidden(&m, &out);
    cr_expect_not_null(strstr(gw_buf_text(&out), "parties"));
    cr_expect_not_null(strstr(gw_buf_text(&out), "source.adapter"));
}

Test(mask, all_is_the_event_itself)
{
    struct gw_mask m = gw_mask_all(), none = {{0}};
    struct gw_buf whole;
    gw_buf_init(&whole, 1 << 16);
    cr_assert_eq(gw_canon_add_seq(gw_buf_bytes(&event), 7, &whole), GW_OK);
    (void)seen(&m);
    cr_expect(gw_slice_eq(gw_buf_bytes(&whole), gw_buf_bytes(&out)));
    gw_mask_unite(&none, &m);
    cr_expect(gw_mask_eq(&none, &m) && gw_mask_is_all(&none));
    /* every field by name, but not those of later versions: taken apart and put together
     * again */
    m = gw_mask_least();
    for (unsigned i = 0; i < gw_shape_event.count; i++)
        cr_assert_eq(gw_mask_show(&m, gw_slice_str(gw_shape_event.fields[i].name)),
                     GW_OK);
    (void)seen(&m);
    cr_expect(gw_slice_eq(gw_buf_bytes(&whole), gw_buf_bytes(&out)));
    gw_buf_deinit(&whole);
}

Test(mask, what_cannot_be_named_or_hidden)
{
    static const struct {
        const char *path;
        enum gw_error e;
    } cases[] = {{"parties", GW_OK},
                 {"place.lat", GW_OK},
                 {"transport.means.imo", GW_OK},
                 {"", GW_NOT_FOUND},
                 {"place.", GW_NOT_FOUND},
                 {"plaice", GW_NOT_FOUND},
                 {"place.lat.x", GW_NOT_FOUND},
                 {"equipment[].id", GW_NOT_FOUND},
                 {"id", GW_USAGE},
                 {"seq", GW_USAGE},
                 {"type", GW_USAGE},
                 {"source.operator", GW_USAGE},
                 {"ext.mine", GW_NOT_FOUND}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_mask m = gw_mask_all();
        cr_expect_eq(gw_mask_hide(&m, gw_slice_str(cases[i].path)), cases[i].e, "%s",
                     cases[i].path);
    }
}

Test(mask, bytes_that_are_no_event_are_refused_and_leave_nothing)
{
    struct gw_mask m = gw_mask_least();
    for (size_t n = 0; n < event.len; n++) {
        gw_buf_reset(&out);
        cr_assert_neq(gw_project(gw_slice(event.at, n), 7, &m, &out), GW_OK, "%zu", n);
        cr_assert_eq(out.len, 0);
    }
    struct gw_buf small;
    gw_buf_init(&small, 40);
    cr_expect_eq(gw_project(gw_buf_bytes(&event), 7, &m, &small), GW_NOMEM);
    cr_expect_eq(small.len, 0);
    gw_buf_deinit(&small);
}
