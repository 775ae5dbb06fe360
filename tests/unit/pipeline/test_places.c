/* test_places.c - the place table: what is found, what is refused. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include "pipeline/places.h"

#define HEAD   "node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone\n"
#define DOSTYK "kz-dostyk,Dostyk,KZ,KZDOS,,708507,45.25,82.483,border,Asia/Almaty\n"

static struct gw_places *read(const char *csv)
{
    struct gw_text why;
    struct gw_places *p = NULL;
    enum gw_error e = gw_places_read(&p, gw_slice_str(csv), &why);
    cr_assert_eq(e, GW_OK, "%s", why.s);
    return p;
}

Test(places, found_by_every_code)
{
    struct gw_places *p =
        read("# a comment\n" HEAD DOSTYK
             "kz-aktau-port,\"Aktau, port\",KZ,KZAAU,KZAAA KZAAB,663404 "
             "689409,,,port,Asia/Almaty\n");
    const struct gw_place *aktau = gw_places_by_node(p, GW_LIT("kz-aktau-port"));
    const struct gw_place *dostyk = gw_places_by_esr6(p, GW_LIT("708507"));

    cr_assert_eq(gw_places_count(p), 2);
    cr_assert(aktau && dostyk);
    cr_expect_str_eq(aktau->name, "Aktau, port");
    cr_expect_str_eq(aktau->unlocode, "KZAAU");
    cr_expect_str_eq(aktau->esr6, "663404");
    cr_expect_str_eq(aktau->kind, "port");
    cr_expect_not(aktau->located);
    cr_expect(dostyk->located);
    cr_expect_float_eq(dostyk->lon, 82.483, 1e-9);
    cr_expect_eq(gw_places_by_unlocode(p, GW_LIT("KZAAU")), aktau);
    cr_expect_eq(gw_places_by_unlocode(p, GW_LIT("KZAAB")), aktau);
    cr_expect_eq(gw_places_by_esr6(p, GW_LIT("689409")), aktau);
    cr_expect_eq(gw_places_by_unlocode(p, GW_LIT("KZDOS")), dostyk);
    cr_expect_eq(gw_places_item(p, 0), dostyk);
    cr_expect_null(gw_places_item(p, 2));
    cr_expect_null(gw_places_by_unlocode(p, GW_LIT("kzdos")), "compared exactly");
    cr_expect_null(gw_places_by_node(p, GW_LIT("KZDOS")), "lists are apart");
    cr_expect_null(gw_places_by_node(p, GW_LIT("")));
    cr_expect_null(gw_places_by_node(NULL, GW_LIT("kz-dostyk")));
    cr_expect_eq(gw_zone_offset(gw_places_zone(p, aktau), 1795439100), 5 * 3600);
    gw_places_free(p);
    gw_places_free(NULL);
}

Test(places, many_rows_are_found)
{
    static char csv[200000];
    struct gw_places *p;
    size_t n = (size_t)sprintf(csv, "%s", HEAD);
    for (int i = 0; i < 2000; i++)
        n += (size_t)sprintf(csv + n, "n%d,Name,KZ,KZ%c%c%c,,,,,,Asia/Almaty\n", i,
                             'A' + i % 26, 'A' + i / 26 % 26, 'A' + i / 676);
    p = read(csv);
    for (int i = 0; i < 2000; i++) {
        char node[16];
        const struct gw_place *place;
        (void)sprintf(node, "n%d", i);
        place = gw_places_by_node(p, gw_slice_str(node));
        cr_assert(place && strcmp(place->node, node) == 0, "%s", node);
        cr_assert_eq(gw_places_by_unlocode(p, gw_slice_str(place->unlocode)), place);
    }
    gw_places_free(p);
}

Test(places, refusals_name_the_line)
{
    static const struct {
        const char *name, *csv, *why;
        enum gw_error e;
    } rows[] = {
        {"nothing", "", "line 1: the header", GW_FORMAT},
        {"other header", "node,name\n", "line 1: the first line", GW_FORMAT},
        {"too few fields", HEAD "a,b\n", "line 2: has 2 fields instead of 10", GW_FORMAT},
        {"node twice", HEAD DOSTYK "kz-dostyk,X,KZ,,,,,,,Asia/Almaty\n", "line 3: node",
         GW_EXISTS},
        {"code twice", HEAD DOSTYK "x,X,KZ,,KZDOS,,,,,Asia/Almaty\n",
         "line 3: unlocode KZDOS: is there already, in line 2", GW_EXISTS},
        {"no node", HEAD ",X,KZ,,,,,,,Asia/Almaty\n", "line 2: node", GW_FORMAT},
        {"node in capitals", HEAD "KZ,X,KZ,,,,,,,Asia/Almaty\n", "line 2: node",
         GW_FORMAT},
        {"country", HEAD "x,X,kz,,,,,,,Asia/Almaty\n", "line 2: country", GW_FORMAT},
        {"unlocode", HEAD "x,X,KZ,KZD,,,,,,Asia/Almaty\n", "line 2: unlocode", GW_FORMAT},
        {"station", HEAD "x,X,KZ,,,70850,,,,Asia/Almaty\n", "line 2: esr6", GW_FORMAT},
        {"station digit", HEAD "x,X,KZ,,,708508,,,,Asia/Almaty\n", "check digit",
         GW_CHECK_DIGIT},
        {"latitude", HEAD "x,X,KZ,,,,91,50,,Asia/Almaty\n", "line 2: lat", GW_FORMAT},
        {"longitude alone", HEAD "x,X,KZ,,,,,50,,Asia/Almaty\n", "line 2: lat",
         GW_FORMAT},
        {"no number", HEAD "x,X,KZ,,,,1,nan,,Asia/Almaty\n", "line 2: lon", GW_FORMAT},
        {"no zone", HEAD "x,X,KZ,,,,,,,\n", "line 2: zone", GW_FORMAT},
        {"unknown zone", HEAD "x,X,KZ,,,,,,,Asia/Atlantis\n", "tzdata", GW_NOT_FOUND},
        {"zone outside", HEAD "x,X,KZ,,,,,,,../x\n", "line 2: zone", GW_NOT_FOUND},
        {"long name",
         HEAD "x,0123456789012345678901234567890123456789012345678901234567890123456789,"
              "KZ,,,,,,,"
              "Asia/Almaty\n",
         "line 2: name", GW_RANGE},
        {"open quote", HEAD "x,\"X,KZ,,,,,,,Asia/Almaty\n", "line 2: is not a row",
         GW_FORMAT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_text why = {0};
        struct gw_places *p = (void *)1;
        enum gw_error e = gw_places_read(&p, gw_slice_str(rows[i].csv), &why);
        cr_expect_eq(e, rows[i].e, "%s: %d", rows[i].name, e);
        cr_expect_null(p, "%s", rows[i].name);
        cr_expect(strstr(why.s, rows[i].why), "%s: %s", rows[i].name, why.s);
    }
}

Test(places, the_table_that_ships)
{
    static char csv[65536];
    FILE *f = fopen(GW_SOURCE_DIR "/config/places.csv", "r");
    struct gw_places *p;
    const struct gw_place *place;
    cr_assert(f);
    csv[fread(csv, 1, sizeof csv - 1, f)] = 0;
    (void)fclose(f);
    p = read(csv);
    cr_expect_geq(gw_places_count(p), 70);
    place = gw_places_by_unlocode(p, GW_LIT("KZHOR"));
    cr_assert(place);
    cr_expect_str_eq(place->node, "kz-altynkol");
    cr_expect_str_eq(place->unlocode, "", "it has none of its own");
    gw_places_free(p);
}
