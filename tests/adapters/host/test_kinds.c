/* test_kinds.c - what the settings call a kind is one, and the small readers of addresses
 * and secrets. */
#include <criterion/criterion.h>
#include <sys/stat.h>
#include "adapters/address.h"
#include "adapters/host_table.h"
#include "adapters/secret_file.h"
#include "adapters/sink_kind.h"
#include "adapters/source_kind.h"
#include "adapters/host/scratch.h"

TestSuite(kinds, .init = scratch_make, .fini = scratch_remove);

static const struct gw_row *kind_row(enum gw_row_section section)
{
    for (const struct gw_row *r = gw_rows; r->key; r++)
        if (r->section == section && strcmp(r->key, "kind") == 0)
            return r;
    return NULL;
}

static unsigned words_in(const char *words)
{
    unsigned n = 1;
    for (; *words; words++)
        n += *words == ' ';
    return n;
}

Test(kinds, each_word_of_the_setting_is_a_kind_and_the_other_way)
{
    unsigned n = 0;
    for (; gw_source_kinds[n]; n++)
        cr_expect(gw_words_have(kind_row(GW_IN_SOURCE)->words, gw_source_kinds[n]->name));
    cr_expect_eq(n, words_in(kind_row(GW_IN_SOURCE)->words));
    for (n = 0; gw_sink_kinds[n]; n++)
        cr_expect(gw_words_have(kind_row(GW_IN_SINK)->words, gw_sink_kinds[n]->name));
    cr_expect_eq(n, words_in(kind_row(GW_IN_SINK)->words));
}

Test(kinds, addresses)
{
    static const struct {
        const char *text, *host, *port;
    } cases[] = {
        {"broker.example:1883", "broker.example", "1883"},
        {"[::1]:80", "::1", "80"},
        {"*:0", "*", "0"},
        {"::1:80", NULL, NULL},
        {"host", NULL, NULL},
        {"host:", NULL, NULL},
        {":80", NULL, NULL},
        {"[]:80", NULL, NULL},
        {"host:65536", NULL, NULL},
        {"host:80x", NULL, NULL},
        {"", NULL, NULL},
    };
    struct gw_address a;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum gw_error e = gw_address_read(cases[i].text, &a);
        cr_expect_eq(e, cases[i].host ? GW_OK : GW_FORMAT, "%s", cases[i].text);
        if (cases[i].host && !e)
            cr_expect(!strcmp(a.host, cases[i].host) && !strcmp(a.port, cases[i].port),
                      "%s", cases[i].text);
    }
}

Test(kinds, secrets)
{
    char secret[GW_SECRET_MOST];
    struct gw_text why;
    scratch_put("token", "  s3cret \nsecond line\n");
    cr_assert_eq(chmod(scratch_path("token"), 0600), 0);
    cr_assert_eq(gw_secret_read(scratch_path("token"), secret, &why), GW_OK, "%s", why.s);
    cr_assert_str_eq(secret, "s3cret");
    cr_assert(gw_secret_is(secret, GW_LIT("s3cret")));
    cr_assert_not(gw_secret_is(secret, GW_LIT("s3cre")));
    cr_assert_not(gw_secret_is(secret, GW_LIT("s3creT")));
    cr_assert_not(gw_secret_is(secret, GW_LIT("")));
    cr_assert_not(gw_secret_is(secret, GW_LIT("s3cret2")));
    cr_assert_eq(chmod(scratch_path("token"), 0604), 0);
    cr_assert_eq(gw_secret_read(scratch_path("token"), secret, &why), GW_NOT_ALLOWED);
    scratch_put("empty", "\n");
    cr_assert_eq(chmod(scratch_path("empty"), 0600), 0);
    cr_assert_eq(gw_secret_read(scratch_path("empty"), secret, &why), GW_FORMAT);
    cr_assert_eq(gw_secret_read(scratch_path("none"), secret, &why), GW_IO);
}
