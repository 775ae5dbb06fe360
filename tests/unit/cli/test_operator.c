/* test_operator.c - karvan operator and karvan config as a process: files, words, exit status. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "unit/cli/shell.h"

#define KEY_A "ZS.(V=xyQr(0q8pL2{uS*wXk>px60Fm0E6#qkM<y"
#define KEY_B "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

static const char *const out = shell_out, *const err = shell_err;

static void set_up(void)
{
    shell_open();
    cr_assert_eq(mkdir("operators", 0700), 0);
    shell_write("gateway.yaml", "gateway: {places_file: \"\", key_file: own.key}\n");
}

TestSuite(operator, .init = set_up, .fini = shell_close, .timeout = 60);
TestSuite(config, .init = set_up, .fini = shell_close, .timeout = 60);

Test(operator, adds_what_list_and_show_then_tell)
{
    cr_assert_eq(karvan("operator add aktau --config gateway.yaml --country KZ --key '" KEY_A
                        "' --title \"Aktau's port\" --role port --share-with '*'"),
                 0, "%s", err);
    cr_expect_str_eq(out, "operators/aktau.yaml\n");
    cr_expect(strstr(err, "karvan reload"), "%s", err);
    cr_assert_eq(karvan("operator list --dir operators"), 0, "%s", err);
    cr_expect(strstr(out, "aktau") && strstr(out, "everybody") && strstr(out, "Aktau's port"),
              "%s", out);
    cr_assert_eq(karvan("operator show aktau --dir operators"), 0, "%s", err);
    cr_expect(strstr(out, "title: 'Aktau''s port'\n"), "%s", out);
    cr_assert_eq(karvan("operator show aktau --json --dir operators"), 0, "%s", err);
    cr_expect_str_eq(out, "{\"name\":\"aktau\",\"title\":\"Aktau's port\",\"country\":\"KZ\","
                          "\"roles\":[\"port\"],\"keys\":[\"" KEY_A "\"],\"enabled\":true,\"share\":[\"*\"]}\n");
    cr_assert_eq(karvan("operator list --json --dir operators"), 0, "%s", err);
    cr_expect_eq(strchr(out, '\n'), out + strlen(out) - 1, "one line an operator");
}

Test(operator, takes_a_key_from_what_keygen_writes)
{
    cr_assert_eq(karvan("keygen own.key"), 0, "%s", err);
    cr_assert_eq(karvan("operator add ktz --dir operators --country KZ --key own.key"), 0, "%s",
                 err);
    cr_assert_eq(karvan("config check --config gateway.yaml"), 0, "%s", err);
    cr_expect(strstr(out, "1 operators"), "%s", out);
}

Test(operator, refuses_and_writes_nothing)
{
    static const struct {
        const char *name, *words;
        int status;
        const char *err;
    } cases[] = {
        {"same name", "aktau --country KZ --key '" KEY_B "'", 1, "already"},
        {"same key", "ktz --country KZ --key '" KEY_A "'", 1, "aktau has this key"},
        {"bad key", "ktz --country KZ --key abc", 1, "neither a key"},
        {"bad country", "ktz --country kz --key '" KEY_B "'", 1, "ISO 3166"},
        {"long country", "ktz --country KAZ --key '" KEY_B "'", 2, "--country: too long"},
        {"bad name", "KTZ --country KZ --key '" KEY_B "'", 1, "other characters"},
        {"name with a path", "../ktz --country KZ --key '" KEY_B "'", 1, "other characters"},
        {"shares with itself", "ktz --country KZ --share-with ktz --key '" KEY_B "'", 1, "itself"},
        {"five roles",
         "ktz --country KZ --role a --role b --role c --role d --role e --key '" KEY_B "'", 2,
         "at most 4"},
        {"no key", "ktz --country KZ", 2, "needed"},
        {"no country", "ktz --key '" KEY_B "'", 2, "needed"},
        {"no name", "--country KZ --key '" KEY_B "'", 2, "one NAME"},
        {"unknown option", "ktz --colour red", 2, "see: karvan operator add --help"},
        {"no such directory", "ktz --dir none --country KZ --key '" KEY_B "'", 1, "none"},
    };
    cr_assert_eq(karvan("operator add aktau --dir operators --country KZ --key '" KEY_A "'"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(karvan("operator add --dir operators %s", cases[i].words), cases[i].status, "%s: %s",
                     cases[i].name, err);
        cr_expect(strstr(err, cases[i].err), "%s: %s", cases[i].name, err);
        cr_expect_str_empty(out, "%s", cases[i].name);
        cr_expect_neq(access("operators/ktz.yaml", F_OK), 0, "%s: written", cases[i].name);
    }
}

Test(operator, asks_for_the_profile_where_settings_say_where)
{
    cr_expect_eq(karvan("operator add ktz --config gateway.yaml --country KZ --profile none "
                        "--key '" KEY_B "'"),
                 1);
    cr_expect(strstr(err, "profiles/none.yaml"), "%s", err);
}

Test(operator, notes_a_receiver_that_is_still_to_come)
{
    cr_assert_eq(karvan("operator add ktz --dir operators --country KZ --share-with aktau "
                        "--key '" KEY_B "'"),
                 0, "%s", err);
    cr_expect(strstr(err, "no operator aktau yet"), "%s", err);
    cr_expect_eq(karvan("config check --no-key --config gateway.yaml"), 1);
    cr_expect(strstr(err, "operators/ktz.yaml:"), "%s", err);
}

Test(operator, disables_and_enables_in_the_file)
{
    char text[512];
    cr_assert_eq(karvan("operator add ktz --dir operators --country KZ --key '" KEY_B "'"), 0);
    cr_assert_eq(karvan("operator disable ktz --dir operators"), 0, "%s", err);
    shell_read("operators/ktz.yaml", text, sizeof text);
    cr_expect(strstr(text, "\nenabled: false\n"), "%s", text);
    cr_assert_eq(karvan("operator enable ktz --dir operators"), 0, "%s", err);
    shell_read("operators/ktz.yaml", text, sizeof text);
    cr_expect(strstr(text, "\nenabled: true\n"), "%s", text);
    cr_expect_eq(karvan("operator disable aktau --dir operators"), 1);
    cr_expect_eq(karvan("operator disable ../ktz --dir operators"), 1);
    cr_expect_eq(karvan("operator disable --dir operators"), 2);
}

Test(config, check_names_file_line_and_remedy)
{
    cr_expect_eq(karvan("config check --config gateway.yaml"), 1);
    cr_expect(strstr(err, "karvan keygen ./own.key") || strstr(err, "karvan keygen own.key"),
              "%s", err);
    cr_expect_eq(karvan("config check --no-key --config gateway.yaml"), 0, "%s", err);
    cr_expect(strstr(err, "no operators yet"), "%s", err);
    shell_write("gateway.yaml", "session:\n  timout_ms: 5\n");
    cr_expect_eq(karvan("config check --config gateway.yaml"), 1);
    cr_expect(strstr(err, "gateway.yaml:2: there is no setting session.timout_ms; did you mean "
                          "session.timeout_ms?"),
              "%s", err);
    cr_expect_eq(karvan("config check --config none.yaml"), 1);
    cr_expect_eq(karvan("config check more"), 2);
}

Test(config, show_prints_what_check_takes)
{
    cr_assert_eq(karvan("config show"), 0);
    shell_write("shown.yaml", out);
    shell_write("places.csv", "node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone\n");
    cr_expect_eq(karvan("config check --no-key --config shown.yaml"), 0, "%s", err);
}

Test(config, what_is_shipped_is_good)
{
    cr_expect_eq(karvan("config check --no-key --config " GW_SOURCE_DIR "/config/gateway.yaml"),
                 0, "%s", err);
}
