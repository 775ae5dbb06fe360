/* test_directory.c - operators by name and by key; the last one turns off the light. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "pipeline/directory.h"

#define KEY_A "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define KEY_B "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define KEY_C "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

static struct gw_directory *directory(void)
{
    static const struct gw_operator operators[] = {
        {.name = "aktau", .enabled = true, .keys = {KEY_A, KEY_B}},
        {.name = "baku", .enabled = false, .keys = {KEY_C}},
        {.name = "baku-2", .enabled = true},
        {.name = "ktz", .enabled = true},
    };
    struct gw_directory *d = calloc(1, sizeof *d);
    cr_assert_not_null(d);
    d->operators = malloc(sizeof operators);
    cr_assert_not_null(d->operators);
    memcpy(d->operators, operators, sizeof operators);
    d->count = sizeof operators / sizeof *operators;
    d->operators[3].rules = calloc(1, sizeof(struct gw_rule));
    gw_rule_init(d->operators[3].rules);
    d->operators[3].rule_count = 1;
    cr_assert_eq(gw_rule_add_receiver(d->operators[3].rules, 1), GW_OK);
    atomic_init(&d->references, 1);
    return d;
}

Test(directory, finds_by_name)
{
    static const struct {
        const char *name;
        uint32_t index;
    } cases[] = {{"aktau", 0},
                 {"baku", 1},
                 {"baku-2", 2},
                 {"ktz", 3},
                 {"", GW_OPERATOR_NONE},
                 {"bak", GW_OPERATOR_NONE},
                 {"zz", GW_OPERATOR_NONE},
                 {"a", GW_OPERATOR_NONE}};
    struct gw_directory *d = directory();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(gw_directory_find(d, gw_slice_str(cases[i].name)), cases[i].index,
                     "%s", cases[i].name);
    gw_directory_unref(d);
}

Test(directory, finds_enabled_operators_by_either_key)
{
    struct gw_directory *d = directory();
    cr_expect_eq(gw_directory_by_key(d, KEY_A), 0);
    cr_expect_eq(gw_directory_by_key(d, KEY_B), 0, "the second, while rotating");
    cr_expect_eq(gw_directory_by_key(d, KEY_C), GW_OPERATOR_NONE, "disabled");
    cr_expect_eq(gw_directory_by_key(d, ""), GW_OPERATOR_NONE,
                 "no key is nobody's, not that of an operator without");
    gw_directory_unref(d);
}

Test(directory, an_empty_one_knows_nobody)
{
    struct gw_directory d = {.count = 0};
    cr_expect_eq(gw_directory_find(&d, GW_LIT("aktau")), GW_OPERATOR_NONE);
    cr_expect_eq(gw_directory_by_key(&d, KEY_A), GW_OPERATOR_NONE);
}

Test(directory, lives_until_the_last_reference_ends)
{
    struct gw_directory *d = directory();
    cr_expect_eq(gw_directory_ref(d), d);
    gw_directory_unref(d);
    cr_expect_eq(gw_directory_find(d, GW_LIT("ktz")), 3);
    gw_directory_unref(d);
    gw_directory_unref(NULL);
}
