/* test_operator_edit.c - keys and `enabled` changed in a file, the rest of it untouched.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "conf/operator_file.h"

#define KEY_A "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define KEY_B "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define KEY_C "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

static char dir[] = "/tmp/karvan-edit-XXXXXX", path[64];
static struct gw_complaint c;

static void set_up(void)
{
    cr_assert(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/ktz.yaml", dir);
}

static void tear_down(void)
{
    unlink(path);
    rmdir(dir);
}

TestSuite(operator_edit, .init = set_up, .fini = tear_down);

static void put(const char *text)
{
    FILE *f = fopen(path, "w");
    cr_assert(f && fputs(text, f) >= 0);
    fclose(f);
}

static const char *now(void)
{
    static char text[2048];
    FILE *f = fopen(path, "r");
    cr_assert(f != NULL);
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    fclose(f);
    return text;
}

Test(operator_edit, adds_and_drops_keys_in_place)
{
    put("# our railway\nname: ktz\nkeys: [\"" KEY_A "\"]\ncountry: KZ # since 1991\n");
    cr_assert_eq(gw_operator_file_add_key(path, KEY_B, &c), GW_OK, "%s", c.what);
    cr_expect_str_eq(now(), "# our railway\nname: ktz\nkeys: ['" KEY_A "', '" KEY_B
                            "']\ncountry: KZ # since 1991\n");
    cr_assert_eq(gw_operator_file_drop_key(path, KEY_A, &c), GW_OK, "%s", c.what);
    cr_expect_str_eq(now(), "# our railway\nname: ktz\nkeys: ['" KEY_B
                            "']\ncountry: KZ # since 1991\n");
    cr_assert_eq(gw_operator_file_drop_key(path, KEY_B, &c), GW_OK, "%s", c.what);
    cr_expect_str_eq(now(),
                     "# our railway\nname: ktz\nkeys: []\ncountry: KZ # since 1991\n");
}

Test(operator_edit, takes_a_list_over_several_lines_and_one_without_an_end)
{
    put("name: ktz\ncountry: KZ\nkeys:\n  - \"" KEY_A "\"\n  - \"" KEY_B
        "\"\nenabled: true");
    cr_assert_eq(gw_operator_file_drop_key(path, KEY_B, &c), GW_OK, "%s", c.what);
    cr_expect_str_eq(now(),
                     "name: ktz\ncountry: KZ\nkeys: ['" KEY_A "']\nenabled: true\n");
    cr_assert_eq(gw_operator_file_enable(path, false, &c), GW_OK, "%s", c.what);
    cr_expect_str_eq(now(),
                     "name: ktz\ncountry: KZ\nkeys: ['" KEY_A "']\nenabled: false\n");
}

Test(operator_edit, refuses_and_changes_nothing)
{
    const char *two = "name: ktz\ncountry: KZ\nkeys: ['" KEY_A "', '" KEY_B "']\n";
    put(two);
    cr_expect_eq(gw_operator_file_add_key(path, KEY_C, &c), GW_RANGE);
    cr_expect_eq(gw_operator_file_add_key(path, KEY_B, &c), GW_EXISTS);
    cr_expect_eq(gw_operator_file_drop_key(path, KEY_C, &c), GW_NOT_FOUND);
    cr_expect_eq(gw_operator_file_drop_key("/nowhere/ktz.yaml", KEY_C, &c), GW_IO);
    cr_expect_str_eq(now(), two);
    put("{name: ktz, country: KZ, keys: ['" KEY_A
        "']}\n"); /* flow style: one line says it all */
    cr_expect_eq(gw_operator_file_add_key(path, KEY_B, &c), GW_FORMAT);
    cr_expect_str_eq(now(), "{name: ktz, country: KZ, keys: ['" KEY_A "']}\n");
}
