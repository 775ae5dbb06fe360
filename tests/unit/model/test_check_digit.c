/* test_check_digit.c - worked examples of each scheme, and the collected vectors when
 * present. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include "model/check_digit.h"

typedef enum gw_check check_fn(struct gw_slice s);

static const struct {
    const char *scheme;
    check_fn *check;
} schemes[] = {{"iso6346", gw_check_iso6346},
               {"uic_wagon12", gw_check_uic12},
               {"cis_wagon8", gw_check_cis8},
               {"imo", gw_check_imo},
               {"esr6", gw_check_esr6}};

static check_fn *find(const char *scheme)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strcmp(schemes[i].scheme, scheme) == 0)
            return schemes[i].check;
    return NULL;
}

Test(check_digit, worked_examples)
{
    static const struct {
        const char *name, *scheme, *value;
        enum gw_check expected;
    } rows[] = {
        {"example of the standard", "iso6346", "CSQU3054383", GW_CHECK_OK},
        {"remainder 10 is digit 0", "iso6346", "CSQU1000080", GW_CHECK_OK},
        {"wrong digit", "iso6346", "CSQU3054384", GW_CHECK_BAD},
        {"letter O for U", "iso6346", "CSQO3054383", GW_CHECK_BAD},
        {"lower case", "iso6346", "csqu3054383", GW_CHECK_NONE},
        {"no check digit", "iso6346", "CSQU305438", GW_CHECK_NONE},
        {"digit for letter", "iso6346", "CSQ03054383", GW_CHECK_NONE},
        {"letter for digit", "iso6346", "CSQU3O54383", GW_CHECK_NONE},
        {"empty", "iso6346", "", GW_CHECK_NONE},
        {"wagon", "uic_wagon12", "338849610583", GW_CHECK_OK},
        {"locomotive", "uic_wagon12", "918061890938", GW_CHECK_OK},
        {"wrong digit", "uic_wagon12", "338849610584", GW_CHECK_BAD},
        {"eleven digits", "uic_wagon12", "33884961058", GW_CHECK_NONE},
        {"container flat", "cis_wagon8", "94123452", GW_CHECK_OK},
        {"wrong digit", "cis_wagon8", "94123453", GW_CHECK_BAD},
        {"nine digits", "cis_wagon8", "941234522", GW_CHECK_NONE},
        {"textbook ship", "imo", "9074729", GW_CHECK_OK},
        {"wrong digit", "imo", "9074728", GW_CHECK_BAD},
        {"eight digits", "imo", "87123445", GW_CHECK_NONE},
        {"Altynkol", "esr6", "707701", GW_CHECK_OK},
        {"Aktau-Port, second weights", "esr6", "663404", GW_CHECK_OK},
        {"twice 10 is digit 0", "esr6", "100820", GW_CHECK_OK},
        {"published wrongly", "esr6", "000251", GW_CHECK_BAD},
        {"letters", "esr6", "66340A", GW_CHECK_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(find(rows[i].scheme)(gw_slice_str(rows[i].value)), rows[i].expected,
                     "%s %s: %s", rows[i].scheme, rows[i].value, rows[i].name);
}

Test(check_digit, every_single_wrong_digit_of_a_wagon_is_seen)
{
    char id[] = "94123452";
    for (size_t i = 0; i < 8; i++)
        for (char d = '0'; d <= '9'; d++) {
            char right = id[i];
            id[i] = d;
            cr_expect_eq(gw_check_cis8(gw_slice_str(id)),
                         d == right ? GW_CHECK_OK : GW_CHECK_BAD, "%s", id);
            id[i] = right;
        }
}

Test(check_digit, equipment_by_the_word_of_the_scheme)
{
    cr_assert_eq(gw_check_equipment(GW_LIT("iso6346"), GW_LIT("CSQU3054383")),
                 GW_CHECK_OK);
    cr_assert_eq(gw_check_equipment(GW_LIT("uic12"), GW_LIT("338849610584")),
                 GW_CHECK_BAD);
    cr_assert_eq(gw_check_equipment(GW_LIT("cis8"), GW_LIT("94123452")), GW_CHECK_OK);
    cr_assert_eq(gw_check_equipment(GW_LIT("plate"), GW_LIT("94123452")), GW_CHECK_NONE);
    cr_assert_str_eq(gw_check_word(GW_CHECK_OK), "ok");
    cr_assert_str_eq(gw_check_word(GW_CHECK_BAD), "bad");
    cr_assert_str_eq(gw_check_word(GW_CHECK_NONE), "none");
}

Test(check_digit, the_form_of_an_id_tells_its_scheme)
{
    static const struct {
        const char *id, *scheme;
    } rows[] = {
        {"CSQU3054383", "iso6346"}, {"CSQU3054384", "iso6346"}, {"ABCK1234567", "ilu"},
        {"338849610583", "uic12"},  {"338849610584", "other"},  {"94123452", "cis8"},
        {"94123453", "other"},      {"A123BC01", "other"},      {"", "other"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(gw_check_scheme_of(gw_slice_str(rows[i].id)), rows[i].scheme,
                         "%s", rows[i].id);
}

Test(check_digit, collected_vectors)
{
    const char *corpus = getenv("KARVAN_CORPUS");
    char path[512], line[256];
    int seen = 0;
    FILE *f;
    (void)snprintf(path, sizeof path, "%s/codelists/check_digit_vectors.csv",
                   corpus ? corpus : GW_SOURCE_DIR "/../shared/corpus");
    f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "skipped: %s is not there\n", path);
        return;
    }
    while (fgets(line, sizeof line, f)) {
        char kind[32], value[64], expected[16];
        check_fn *check;
        if (sscanf(line, "%31[^,],%63[^,],%15[^,]", kind, value, expected) != 3)
            continue;
        check = find(kind);
        if (!check)
            continue; /* sscc, gln, mrn: not ours */
        seen++;
        cr_expect_eq(check(gw_slice_str(value)) == GW_CHECK_OK,
                     strcmp(expected, "valid") == 0, "%s %s %s", kind, value, expected);
    }
    (void)fclose(f);
    cr_assert_gt(seen, 90);
}
