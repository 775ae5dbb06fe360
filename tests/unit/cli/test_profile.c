/* test_profile.c - karvan profile as a process: the shipped profiles and their samples.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include "unit/cli/shell.h"

#define PROFILES GW_SOURCE_DIR "/config/profiles/"

static const char *const out = shell_out, *const err = shell_err;

TestSuite(profile, .init = shell_open, .fini = shell_close, .timeout = 60);

/* "ferry-line" of ".../ferry-line.yaml" */
static void name_of(const char *path, char *name, size_t size)
{
    const char *base = strrchr(path, '/') + 1;
    snprintf(name, size, "%.*s", (int)(strlen(base) - strlen(".yaml")), base);
}

Test(profile, every_shipped_one_is_good_and_its_samples_become_what_is_written)
{
    static char expected[1 << 16];
    glob_t found;
    cr_assert_eq(glob(PROFILES "*.yaml", 0, NULL, &found), 0);
    cr_expect_geq(found.gl_pathc, 4);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char name[64], path[400];
        name_of(found.gl_pathv[i], name, sizeof name);
        cr_expect_eq(karvan("profile check %s", found.gl_pathv[i]), 0, "%s", err);
        cr_expect_eq(karvan("profile test %s " PROFILES "samples/%s.ndjson --json",
                             found.gl_pathv[i], name),
                     0, "%s%s", err, out);
        snprintf(path, sizeof path, PROFILES "samples/%s.expected.ndjson", name);
        shell_read(path, expected, sizeof expected);
        cr_expect(*expected, "%s is empty", path);
        cr_expect_str_eq(out, expected, "%s", path);
    }
    globfree(&found);
}

Test(profile, refusals_name_field_and_rule)
{
    cr_expect_eq(karvan("profile test " PROFILES "ferry-line.yaml " PROFILES
                         "samples/ferry-line.refused.ndjson"),
                 1);
    cr_expect(strstr(out, ":1: REFUSED"), "%s", out);
    cr_expect(strstr(out, "code 408: report: a code that the profile's map has"), "%s",
              out);
    cr_expect(strstr(out, "code 406: utc: a time in the form that the profile names"),
              "%s", out);
    cr_expect(strstr(out, "code 407: imo: "), "%s", out);
    cr_expect(strstr(out, "code 408: lat: a number"), "%s", out);
    cr_expect(strstr(out, "5 samples: 0 accepted, 5 refused, 0 findings"), "%s", out);
    cr_expect_eq(karvan("profile test --json " PROFILES "ferry-line.yaml " PROFILES
                         "samples/ferry-line.refused.ndjson"),
                 1);
    cr_expect(
        strstr(out,
               "\"refused\":{\"code\":408,\"name\":\"PROFILE\",\"field\":\"report\","),
        "%s", out);
    cr_expect(strstr(out, "{\"line\":4,\"refused\":"),
              "what is no JSON is not shown as such: %s", out);
}

Test(profile, before_after_and_findings)
{
    cr_expect_eq(karvan("profile test " PROFILES "railway-1520.yaml " PROFILES
                         "samples/railway-1520.ndjson"),
                 0);
    cr_expect(strstr(out, "  before  {\"НомСообщ\":\"SR-000001\""), "%s", out);
    cr_expect(strstr(out, "  after   {\"schema\":1,\"id\":\"SR-000001\""), "%s", out);
    cr_expect(strstr(out, "  warn    type: unmapped-code (77)"), "%s", out);
    /* noon at Almaty, the day before and the day after the clocks were changed for good
     */
    cr_expect(strstr(out, "\"time\":1709186400000") &&
                  strstr(out, "\"time\":1709276400000"),
              "%s", out);
}

Test(profile, wrong_words_and_files)
{
    static const struct {
        const char *words;
        int status;
        const char *err;
    } cases[] = {
        {"", 2, "Usage: karvan profile COMMAND"},
        {"check", 2, "at least one PROFILE"},
        {"test one", 2, "one PROFILE and one file"},
        {"test --colour a b", 2, "unknown option"},
        {"check no-such", 1, "config/profiles/no-such.yaml"},
        {"test " PROFILES "ferry-line.yaml none.ndjson", 1, "none.ndjson"},
        {"test " PROFILES "ferry-line.yaml --places none.csv out", 1, "none.csv"},
    };
    FILE *f = fopen("bad.yaml", "w");
    cr_assert(f && fputs("name: bad\nfields:\n  a: place.nod\n", f) >= 0);
    fclose(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(karvan("profile %s", cases[i].words), cases[i].status, "%s",
                     cases[i].words);
        cr_expect(strstr(err, cases[i].err), "%s: %s", cases[i].words, err);
    }
    cr_expect_eq(karvan("profile check bad.yaml " PROFILES "haulier.yaml"), 1);
    cr_expect(
        strstr(err, "bad.yaml:3: place.nod: place has no field nod; did you mean node?"),
        "%s", err);
    cr_expect(strstr(out, "haulier.yaml: good"), "%s", out);
}
