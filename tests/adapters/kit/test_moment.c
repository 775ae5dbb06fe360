/* test_moment.c - instants, and what is noted about how they were known. */
#include <criterion/criterion.h>
#include "adapters/kit/iso_time.h"
#include "adapters/kit/moment.h"

static struct gw_places *places(void)
{
    static const char csv[] =
        "node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone\n"
        "kz-aktau,Aktau,KZ,KZAAU,,663404,43.6,51.2,port,Asia/Almaty\n"
        "ro-constanta,Constanta,RO,ROCND,,,44.1,28.6,port,Europe/Bucharest\n";
    struct gw_places *p = NULL;
    struct gw_text why;
    cr_assert_eq(gw_places_read(&p, gw_slice_str(csv), &why), GW_OK, "%s", why.s);
    return p;
}

static struct gw_civil civil(const char *text)
{
    struct gw_civil c = {0};
    cr_assert_eq(gw_iso_time(gw_slice_str(text), &c), GW_OK, "%s", text);
    return c;
}

static struct gw_zoning zoning(const struct gw_places *p, const char *zone)
{
    struct gw_zoning z;
    struct gw_options o;
    struct gw_text why;
    gw_options_default(&o);
    o.places = p;
    o.zone = zone;
    cr_assert_eq(gw_zoning_open(&z, &o, &why), GW_OK, "%s", why.s);
    return z;
}

Test(moment, the_zone_is_the_places_then_the_adapters)
{
    struct gw_places *p = places();
    struct gw_zoning z = zoning(p, "Asia/Baku");
    const struct gw_place *aktau = gw_places_by_unlocode(p, GW_LIT("KZAAU"));
    struct gw_civil bare = civil("2026-11-24T14:00:00");
    struct gw_civil stated = civil("2026-11-24T14:00:00+03:00");
    struct gw_moment m;

    gw_moment_of(&z, &bare, aktau, &m);
    cr_expect_eq(m.ms, bare.local_ms - 5 * 3600000);
    cr_expect(m.by_place);
    cr_expect_str_eq(m.zone, "Asia/Almaty");
    gw_moment_of(&z, &bare, NULL, &m);
    cr_expect_eq(m.ms, bare.local_ms - 4 * 3600000);
    cr_expect_not(m.by_place);
    cr_expect_str_eq(m.zone, "Asia/Baku");
    gw_moment_of(&z, &stated, aktau, &m);
    cr_expect_eq(m.ms, bare.local_ms - 3 * 3600000);
    cr_expect_null(m.zone, "nothing is assumed");
    gw_zoning_close(&z);
    gw_places_free(p);
}

Test(moment, without_a_setting_it_is_utc)
{
    struct gw_zoning z = zoning(NULL, "");
    struct gw_civil bare = civil("1960-01-01T00:00:00.250");
    struct gw_moment m;
    gw_moment_of(&z, &bare, NULL, &m);
    cr_expect_eq(m.ms, bare.local_ms);
    cr_expect_str_eq(m.zone, "UTC");
    gw_zoning_close(&z);
}

Test(moment, a_zone_that_is_none_stops_the_opening)
{
    struct gw_zoning z;
    struct gw_options o;
    struct gw_text why;
    gw_options_default(&o);
    o.zone = "Asia/Nowhere";
    cr_expect_neq(gw_zoning_open(&z, &o, &why), GW_OK);
    cr_expect(strstr(why.s, "Asia/Nowhere") && strstr(why.s, "IANA"), "%s", why.s);
    gw_zoning_close(&z);
}

static struct gw_slice text(const struct gw_tree *t, uint32_t root, const char *path)
{
    return gw_tree_str(t, root, path);
}

Test(moment, put_into_an_event)
{
    struct gw_places *p = places();
    struct gw_zoning z = zoning(p, "");
    const struct gw_place *constanta = gw_places_by_unlocode(p, GW_LIT("ROCND"));
    struct gw_tree t;
    struct gw_moment m;
    struct gw_civil c = civil("2026-11-24T14:00+05:00");
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);

    uint32_t root = gw_tree_root(&t);
    gw_moment_of(&z, &c, constanta, &m);
    cr_assert(gw_moment_put(&t, root, &m));
    cr_expect_eq(gw_tree_int(&t, root, "time", 0), c.local_ms - 5 * 3600000);
    cr_expect_eq(gw_tree_int(&t, root, "time_offset", 0), 300);
    cr_expect(gw_slice_is(text(&t, root, "time_basis"), "stated-offset"));
    cr_expect(gw_slice_is(text(&t, root, "time_precision"), "minute"));
    cr_expect_eq(gw_tree_at(&t, root, "quality"), GW_NODE_NONE);

    /* 03:30 does not exist there that day: it is read as 04:30 */
    root = gw_tree_root(&t);
    c = civil("2026-03-29T03:30:00.000");
    gw_moment_of(&z, &c, constanta, &m);
    cr_assert(gw_moment_put(&t, root, &m));
    cr_expect_eq(gw_tree_at(&t, root, "time_offset"), GW_NODE_NONE);
    cr_expect_eq(gw_tree_at(&t, root, "time_precision"), GW_NODE_NONE);
    cr_expect(gw_slice_is(text(&t, root, "time_basis"), "assumed-zone"));
    cr_expect(gw_slice_is(text(&t, root, "quality[0].rule"), "zone-of-place"));
    cr_expect(gw_slice_is(text(&t, root, "quality[0].raw"), "Europe/Bucharest"));
    cr_expect(gw_slice_is(text(&t, root, "quality[1].rule"), "time-skipped"));

    /* and an event without a time of its own */
    root = gw_tree_root(&t);
    struct gw_moment own;
    gw_moment_unix(1795439100000, GW_TO_MS, &m);
    gw_moment_of_message(&m, &own);
    cr_assert(gw_moment_put(&t, root, &own));
    cr_expect(gw_slice_is(text(&t, root, "time_basis"), "message-time"));
    gw_tree_deinit(&t);
    gw_zoning_close(&z);
    gw_places_free(p);
}
