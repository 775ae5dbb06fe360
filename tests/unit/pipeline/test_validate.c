/* test_validate.c - stage 4: what is refused, what is noted. */
#include "unit/pipeline/stages.h"

#define EVENT(more)                                                                      \
    "{\"schema\":1,\"id\":\"A-1\",\"type\":\"load\",\"class\":\"actual\","               \
    "\"subject\":\"equipment\",\"time\":1795439100000,\"time_basis\":\"stated-"          \
    "utc\"" more "}"
#define WITHOUT_TIME(more)                                                               \
    "{\"schema\":1,\"id\":\"A-1\",\"type\":\"load\",\"class\":\"actual\","               \
    "\"subject\":\"equipment\",\"time_basis\":\"stated-utc\"" more "}"

Test(validate, refusals_name_code_and_field)
{
    static const struct {
        const char *name, *json;
        enum gw_error e;
        const char *field;
    } rows[] = {
        {"sound", EVENT(""), GW_OK, ""},
        {"no time", WITHOUT_TIME(""), GW_MISSING, "time"},
        {"time is text", WITHOUT_TIME(",\"time\":\"now\""), GW_WRONG_TYPE, "time"},
        {"before 2000", WITHOUT_TIME(",\"time\":1"), GW_TIME, "time"},
        {"a minute more than a day ahead", WITHOUT_TIME(",\"time\":1795525560000"),
         GW_TIME, "time"},
        {"a day ahead", WITHOUT_TIME(",\"time\":1795525500000"), GW_OK, ""},
        {"no such country", EVENT(",\"place\":{\"country\":\"ZZ\"}"), GW_UNKNOWN_CODE,
         "place.country"},
        {"country in small letters", EVENT(",\"place_to\":{\"country\":\"kz\"}"),
         GW_UNKNOWN_CODE, "place_to.country"},
        {"country of a journey place",
         EVENT(",\"journey\":[{\"role\":\"origin\"},{\"role\":\"final\",\"place\":{"
               "\"country\":"
               "\"QQ\"}}]"),
         GW_UNKNOWN_CODE, "journey[1].place.country"},
        {"country of a party",
         EVENT(",\"parties\":[{\"role\":\"carrier\",\"country\":\"XX\"}]"),
         GW_UNKNOWN_CODE, "parties[0].country"},
        {"waters of nobody", EVENT(",\"place\":{\"country\":\"XZ\"}"), GW_OK, ""},
        {"latitude", EVENT(",\"place\":{\"lat\":90.5,\"lon\":1.5}"), GW_OUT_OF_RANGE,
         "place.lat"},
        {"unknown word", EVENT(",\"transport\":{\"mode\":\"camel\"}"), GW_UNKNOWN_CODE,
         "transport.mode"},
        {"place is text", EVENT(",\"place\":\"Aktau\""), GW_WRONG_TYPE, "place"},
    };
    struct stages s;
    stages_init(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum gw_error e = stages_run(&s, NULL, NULL, rows[i].json);
        cr_expect_eq(e, rows[i].e, "%s: %s", rows[i].name, gw_error_name(e));
        if (rows[i].e)
            cr_expect_str_eq(s.fault.field, rows[i].field, "%s", rows[i].name);
    }
    stages_deinit(&s);
}

Test(validate, a_plan_may_lie_ahead)
{
    struct stages s;
    stages_init(&s);
    cr_expect_eq(
        stages_run(&s, NULL, NULL,
                   "{\"id\":\"A\",\"type\":\"arrive\",\"class\":\"planned\",\"time\":"
                   "1805439100000}"),
        GW_OK);
    cr_expect_not(strstr((char *)s.text.at, "time-ahead"));
    stages_deinit(&s);
}

Test(validate, doubts_are_noted)
{
    static const struct {
        const char *name, *json, *finding; /* NULL: none */
    } rows[] = {
        {"eleven minutes ahead", WITHOUT_TIME(",\"time\":1795439760000"),
         "{\"rule\":\"time-ahead\",\"severity\":\"warn\",\"field\":\"time\",\"raw\":"
         "\"1795439760000\"}"},
        {"ten minutes ahead", WITHOUT_TIME(",\"time\":1795439700000"), NULL},
        {"ship number",
         EVENT(",\"transport\":{\"mode\":\"sea\",\"means\":{\"imo\":\"9074728\"}}"),
         "\"rule\":\"check-digit\",\"severity\":\"warn\",\"field\":\"transport.means."
         "imo\",\"raw\":"
         "\"9074728\""},
        {"right ship number",
         EVENT(",\"transport\":{\"mode\":\"sea\",\"means\":{\"imo\":\"9074729\"}}"),
         NULL},
        {"station code",
         EVENT(",\"place\":{\"rail\":{\"scheme\":\"esr6\",\"code\":\"707702\"}}"),
         "\"field\":\"place.rail.code\""},
        {"other railway's code",
         EVENT(",\"place\":{\"rail\":{\"scheme\":\"uic\",\"code\":\"707702\"}}"), NULL},
    };
    struct stages s;
    stages_init(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert_eq(stages_run(&s, NULL, NULL, rows[i].json), GW_OK, "%s", rows[i].name);
        if (rows[i].finding)
            cr_expect(strstr((char *)s.text.at, rows[i].finding), "%s: %s", rows[i].name,
                      (char *)s.text.at);
        else
            cr_expect_not(strstr((char *)s.text.at, "quality"), "%s", rows[i].name);
    }
    stages_deinit(&s);
}

Test(validate, countries)
{
    static const char *const known[] = {"KZ", "AZ", "GE", "CN", "TR",
                                        "UZ", "TM", "RO", "XZ"};
    static const char *const unknown[] = {"",   "K",     "KAZ", "kz",
                                          "ZZ", "A\x01", "SU",  "X\xff"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        cr_expect(gw_country_known(gw_slice_str(known[i])), "%s", known[i]);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        cr_expect_not(gw_country_known(gw_slice_str(unknown[i])), "%s", unknown[i]);
    cr_expect_not(gw_country_known(gw_slice("K\0", 2)));
}

Test(validate, forms_of_codes)
{
    static const char *const good[] = {"KZAAU", "GEPTI", "ZZ239"};
    static const char *const bad[] = {"",      "KZ",    "KZAA",  "KZAAUX", "KZaau",
                                      "KZA1U", "KZA0U", "K2AAU", "2ZAAU",  "KZ AU"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_expect(gw_locode_has_form(gw_slice_str(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(gw_locode_has_form(gw_slice_str(bad[i])), "%s", bad[i]);
    cr_expect(gw_country_has_form(GW_LIT("ZZ")));
    cr_expect_not(gw_country_has_form(GW_LIT("Z")));
    cr_expect_not(gw_country_has_form(GW_LIT("Zz")));
    cr_expect_not(gw_country_has_form(GW_LIT("ZZZ")));
}
