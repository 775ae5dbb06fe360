/* test_route.c - what filters and rules are asked about: an event, and where its node
 * lies. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "model/canon.h"
#include "model/shape.h"
#include "pipeline/route.h"

#define HEAD   "node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone\n"
#define DOSTYK "kz-dostyk,Dostyk,KZ,KZDOS,,708507,45.25,82.483,border,Asia/Almaty\n"
#define AKTAU  "kz-aktau,Aktau,KZ,KZAAU,,,,,port,Asia/Almaty\n"

static struct gw_directory d;
static struct gw_tree tree;
static struct gw_buf bytes;
static struct gw_facts facts;
static struct gw_filter *filter;

static void begin(void)
{
    struct gw_text why;
    cr_assert_eq(gw_places_read(&d.places, GW_LIT(HEAD DOSTYK AKTAU), &why), GW_OK, "%s",
                 why.s);
    cr_assert_eq(gw_tree_init(&tree, &gw_budget_default), GW_OK);
    gw_buf_init(&bytes, 1u << 16);
}

static void end(void)
{
    gw_places_free(d.places);
    gw_tree_deinit(&tree);
    gw_buf_deinit(&bytes);
    gw_filter_free(filter);
}

static struct gw_slice event_at(const char *node, bool located, double lat, double lon)
{
    uint32_t root, place;
    gw_tree_reset(&tree);
    root = gw_tree_root(&tree);
    gw_tree_set_int(&tree, root, "schema", 1);
    gw_tree_set_str(&tree, root, "id", GW_LIT("e-1"));
    gw_tree_set_str(&tree, root, "type", GW_LIT("load"));
    gw_tree_set_str(&tree, root, "class", GW_LIT("actual"));
    gw_tree_set_str(&tree, root, "subject", GW_LIT("equipment"));
    gw_tree_set_int(&tree, root, "time", 1795439100000);
    gw_tree_set_str(&tree, root, "time_basis", GW_LIT("stated-utc"));
    place = gw_tree_put_map(&tree, root, GW_LIT("place"));
    gw_tree_put_str(&tree, place, GW_LIT("name"), GW_LIT("somewhere"));
    if (node)
        gw_tree_put_str(&tree, place, GW_LIT("node"), gw_slice_str(node));
    if (located) {
        gw_tree_put_float(&tree, place, GW_LIT("lat"), lat);
        gw_tree_put_float(&tree, place, GW_LIT("lon"), lon);
    }
    cr_assert_eq(gw_shape_fit(&tree, root, NULL), GW_OK);
    gw_buf_reset(&bytes);
    cr_assert_eq(gw_canon_write(&tree, root, &bytes), GW_OK);
    return gw_buf_bytes(&bytes);
}

/* As live delivery asks (some rows) and as everybody else does (all): the answer is one.
 */
static bool within(const char *area, struct gw_slice event)
{
    struct gw_start_at start;
    struct gw_text why;
    struct gw_buf body;
    char term[64];
    const char *terms[] = {term};
    bool all, some;

    (void)snprintf(term, sizeof term, "area=%s", area);
    gw_buf_init(&body, 4096);
    cr_assert_eq(gw_subscribe_body(NULL, terms, 1, &body, &why), GW_OK, "%s", why.s);
    gw_filter_free(filter);
    cr_assert_eq(gw_filter_read(gw_buf_bytes(&body), &filter, &start, NULL), GW_OK);
    gw_buf_deinit(&body);
    cr_assert_eq(gw_route_read(&d, event, GW_ROUTE_ALL, &facts), GW_OK);
    all = gw_filter_match(filter, &facts);
    cr_assert_eq(gw_route_read(&d, event, gw_filter_reads(filter), &facts), GW_OK);
    some = gw_filter_match(filter, &facts);
    cr_assert_eq(all, some);
    return all;
}

TestSuite(route, .init = begin, .fini = end);

Test(route, an_event_without_coordinates_lies_where_its_node_does)
{
    cr_expect(within("45/82/46/83", event_at("kz-dostyk", false, 0, 0)));
    cr_expect_not(within("40/50/41/51", event_at("kz-dostyk", false, 0, 0)));
}

Test(route, its_own_coordinates_go_first)
{
    cr_expect(within("40/50/41/51", event_at("kz-dostyk", true, 40.5, 50.5)));
    cr_expect_not(within("45/82/46/83", event_at("kz-dostyk", true, 40.5, 50.5)));
}

Test(route, without_either_it_lies_nowhere)
{
    cr_expect_not(within("-90/-180/90/180", event_at("kz-aktau", false, 0, 0)),
                  "not surveyed");
    cr_expect_not(within("-90/-180/90/180", event_at("nobody-knows", false, 0, 0)));
    cr_expect_not(within("-90/-180/90/180", event_at(NULL, false, 0, 0)));
    gw_places_free(d.places);
    d.places = NULL;
    cr_expect_not(within("45/82/46/83", event_at("kz-dostyk", false, 0, 0)), "no table");
}
