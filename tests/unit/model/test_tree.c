/* test_tree.c - reading msgpack within budgets: what is taken, what is refused and where. */
#include <criterion/criterion.h>
#include <sys/resource.h>
#include "model/canon.h"
#include "model/json.h"
#include "model/shape.h"
#include "model/tree.h"

#define ROW(s)   {(const uint8_t *)("" s), sizeof(s) - 1}
#define BYTES(s) gw_slice("" s, sizeof(s) - 1)

static struct gw_tree t;

static void open_tree(void)
{
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
}

static void close_tree(void)
{
    gw_tree_deinit(&t);
}

TestSuite(tree, .init = open_tree, .fini = close_tree);

static enum gw_error read_bytes(struct gw_slice in, uint32_t *root, struct gw_fault *f)
{
    size_t used = 0;
    return gw_tree_read(&t, in, &used, root, f);
}

Test(tree, reads_every_kind_of_value)
{
    uint32_t root;
    cr_assert_eq(read_bytes(BYTES("\x87\xa1n\xc0\xa1t\xc3\xa1i\xd1\xff\x00\xa1u\xcd\x01\x00\xa1"
                                  "f\xca\x3f\xc0\x00\x00\xa1s\xa2hi\xa1l\x92\x01\x81\xa1k\x02"),
                            &root, NULL),
                 GW_OK);
    cr_assert_eq(gw_node(&t, gw_tree_at(&t, root, "n"))->kind, GW_NIL);
    cr_assert(gw_node(&t, gw_tree_at(&t, root, "t"))->b);
    cr_assert_eq(gw_tree_int(&t, root, "i", 0), -256);
    cr_assert_eq(gw_tree_int(&t, root, "u", 0), 256);
    cr_assert_float_eq(gw_node(&t, gw_tree_at(&t, root, "f"))->f, 1.5, 1e-12);
    cr_assert(gw_slice_is(gw_tree_str(&t, root, "s"), "hi"));
    cr_assert_eq(gw_tree_int(&t, root, "l[0]", 0), 1);
    cr_assert_eq(gw_tree_int(&t, root, "l[1].k", 0), 2);
    cr_assert_eq(gw_tree_at(&t, root, "l[2]"), GW_NODE_NONE);
}

Test(tree, leaves_what_stands_behind)
{
    uint32_t root;
    size_t used = 0;
    cr_assert_eq(gw_tree_read(&t, BYTES("\x81\xa1" "a\x01\x81\xa1" "b\x02"), &used, &root, NULL), GW_OK);
    cr_assert_eq(used, 4);
}

Test(tree, refuses_with_code_and_place)
{
    static const struct {
        const char *what;
        struct gw_slice in;
        enum gw_error code;
    } cases[] = {
        {"nothing", {(const uint8_t *)"", 0}, GW_TRUNCATED},
        {"an array", ROW("\x91\x01"), GW_NOT_A_MAP},
        {"a number", ROW("\x05"), GW_NOT_A_MAP},
        {"cut in the value", ROW("\x81\xa1" "a\xcd\x01"), GW_TRUNCATED},
        {"cut in a string", ROW("\x81\xa1" "a\xa5hel"), GW_TRUNCATED},
        {"an unknown byte", ROW("\x81\xa1" "a\xc1"), GW_SYNTAX},
        {"binary", ROW("\x81\xa1" "a\xc4\x01x"), GW_VALUE_TYPE},
        {"an extension", ROW("\x81\xa1" "a\xd4\x01x"), GW_VALUE_TYPE},
        {"key is a number", ROW("\x81\x01\x01"), GW_KEY_TYPE},
        {"key is a map", ROW("\x81\x80\x01"), GW_KEY_TYPE},
        {"a key twice", ROW("\x82\xa1" "a\x01\xa1" "a\x02"), GW_DUPLICATE_KEY},
        {"not UTF-8", ROW("\x81\xa1" "a\xa2\xc3\x28"), GW_UTF8},
        {"beyond 63 bits", ROW("\x81\xa1" "a\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), GW_NUMBER},
        {"not a number", ROW("\x81\xa1" "a\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"), GW_NUMBER},
        {"infinite", ROW("\x81\xa1" "a\xca\x7f\x80\x00\x00"), GW_NUMBER},
        {"map bomb", ROW("\xdf\xff\xff\xff\xff"), GW_COUNT},
        {"array bomb", ROW("\x81\xa1" "a\xdd\xff\xff\xff\xff"), GW_COUNT},
        {"string bomb", ROW("\x81\xa1" "a\xdb\xff\xff\xff\xff"), GW_TRUNCATED},
        {"nine deep", ROW("\x81\xa1" "a\x81\xa1" "a\x81\xa1" "a\x81\xa1" "a\x81\xa1" "a\x81\xa1" "a\x81\xa1" "a"
                            "\x81\xa1" "a\x81\xa1" "a\x01"), GW_DEPTH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_fault f = {0};
        uint32_t root;
        cr_expect_eq(read_bytes(cases[i].in, &root, &f), cases[i].code, "%s: %d", cases[i].what,
                     (int)f.code);
        cr_expect_eq(f.code, cases[i].code, "%s", cases[i].what);
        cr_expect_leq(f.at, cases[i].in.len, "%s: at %zu", cases[i].what, f.at);
        cr_expect_not_null(f.rule, "%s", cases[i].what);
    }
}

Test(tree, keeps_its_budgets)
{
    struct gw_buf b;
    struct gw_fault f;
    uint32_t root;
    gw_buf_init(&b, 1u << 20);
    gw_buf_add(&b, "\x81\xa1" "a\xdc\x09\x00", 6); /* 2304 items */
    for (int i = 0; i < 2304; i++)
        gw_buf_byte(&b, 1);
    cr_assert_eq(read_bytes(gw_buf_bytes(&b), &root, &f), GW_ELEMENTS);
    gw_buf_reset(&b);
    gw_buf_add(&b, "\x81\xa1" "a\xda\x04\x01", 6);
    for (int i = 0; i < 1025; i++)
        gw_buf_byte(&b, 'x');
    cr_assert_eq(read_bytes(gw_buf_bytes(&b), &root, &f), GW_STRING_SIZE);
    gw_buf_reset(&b);
    gw_buf_add(&b, "\xde\x00\x64", 3);
    for (int i = 0; i < 100; i++) {
        gw_buf_printf(&b, "\xa3%03d\xda\x03\xff", i);
        for (int k = 0; k < 1023; k++)
            gw_buf_byte(&b, 'x');
    }
    cr_assert_eq(read_bytes(gw_buf_bytes(&b), &root, &f), GW_EVENT_SIZE);
    gw_buf_deinit(&b);
}

Test(tree, finds_a_doubled_key_in_a_large_map)
{
    struct gw_buf b;
    struct gw_fault f;
    uint32_t root;
    gw_buf_init(&b, 1u << 20);
    gw_buf_add(&b, "\xde\x03\xe8", 3);
    for (int i = 0; i < 1000; i++)
        gw_buf_printf(&b, "\xa4%04d\x01", i);
    for (int round = 0; round < 3; round++)
        cr_assert_eq(read_bytes(gw_buf_bytes(&b), &root, &f), GW_OK);
    memcpy(b.at + 3 + 999 * 6 + 1, "0500", 4);
    cr_assert_eq(read_bytes(gw_buf_bytes(&b), &root, &f), GW_DUPLICATE_KEY);
    gw_buf_deinit(&b);
}

Test(tree, a_bomb_takes_no_memory)
{
    struct rusage before, after;
    uint32_t root;
    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < 1000; i++)
        cr_assert_neq(read_bytes(BYTES("\x81\xa1" "a\xdd\x7f\xff\xff\xff"), &root, NULL), GW_OK);
    getrusage(RUSAGE_SELF, &after);
    cr_assert_lt(after.ru_maxrss - before.ru_maxrss, 4096, "KiB");
}

Test(tree, builds_along_paths)
{
    uint32_t root = gw_tree_root(&t);
    cr_assert(gw_tree_set_str(&t, root, "place.unlocode", GW_LIT("KZAAU")));
    cr_assert(gw_tree_set_str(&t, root, "equipment[0].id", GW_LIT("CSQU3054383")));
    cr_assert(gw_tree_set_int(&t, root, "equipment[1].n", 5));
    cr_assert_not(gw_tree_set_int(&t, root, "equipment[3].n", 5), "no holes");
    cr_assert_not(gw_tree_set_int(&t, root, "place[0]", 5), "a map has no index");
    cr_assert(gw_tree_set_str(&t, root, "place.unlocode", GW_LIT("AZBAK")), "replaced");
    cr_assert(gw_slice_is(gw_tree_str(&t, root, "place.unlocode"), "AZBAK"));
    cr_assert_eq(gw_node(&t, gw_tree_at(&t, root, "equipment"))->count, 2);
}

static unsigned children(uint32_t parent)
{
    unsigned n = 0;
    for (GW_FOREACH_CHILD (&t, parent, child))
        n++;
    return n;
}

/* Also after more was put and taken than the first nodes hold, and after what is refused. */
Test(tree, what_is_absent_has_no_children)
{
    uint32_t root = gw_tree_root(&t), list;
    cr_expect_eq(children(gw_tree_at(&t, root, "list")), 0);
    for (int i = 0; i < 200; i++)
        cr_assert_neq(gw_tree_put_int(&t, root, gw_slice_str(i % 2 ? "a" : "b"), i), GW_NODE_NONE);
    list = gw_tree_put_array(&t, root, GW_LIT("list"));
    cr_assert_neq(gw_tree_put_int(&t, list, gw_slice(NULL, 0), 1), GW_NODE_NONE);
    cr_expect_eq(gw_tree_put_int(&t, GW_NODE_NONE, GW_LIT("a"), 1), GW_NODE_NONE);
    cr_expect_not(gw_tree_attach(&t, GW_NODE_NONE, GW_LIT("a"), list));
    cr_expect_eq(gw_tree_set_int(&t, GW_NODE_NONE, "a", 1), GW_NODE_NONE);
    cr_expect_eq(children(list), 1);
    gw_tree_detach(&t, root, list);
    cr_expect_eq(children(gw_tree_at(&t, root, "list")), 0);
    cr_assert_eq(read_bytes(BYTES("\x81\xa1l\x92\x01\x02"), &root, NULL), GW_OK);
    cr_expect_eq(children(gw_tree_at(&t, root, "l")), 2);
    cr_expect_eq(children(gw_tree_at(&t, root, "list")), 0);
}

Test(tree, finds_the_item_that_says_a_word)
{
    uint32_t root = gw_tree_root(&t);
    cr_assert(gw_tree_set_str(&t, root, "parties[0].role", GW_LIT("sender")));
    cr_assert(gw_tree_set_int(&t, root, "parties[1].role", 5));
    cr_assert(gw_tree_set_str(&t, root, "parties[2].role", GW_LIT("carrier")));
    cr_assert(gw_tree_set_str(&t, root, "parties[3].role", GW_LIT("carrier")));
    cr_assert(gw_tree_set_str(&t, root, "parties[3].at.city", GW_LIT("Aktau")));
    cr_expect_eq(gw_tree_item_with(&t, root, "parties", "role", "carrier"),
                 gw_tree_at(&t, root, "parties[2]"), "the first");
    cr_expect_eq(gw_tree_item_with(&t, root, "parties", "at.city", "Aktau"),
                 gw_tree_at(&t, root, "parties[3]"), "a path");
    cr_expect_eq(gw_tree_item_with(&t, root, "parties", "role", "carri"), GW_NODE_NONE);
    cr_expect_eq(gw_tree_item_with(&t, root, "others", "role", "carrier"), GW_NODE_NONE);
    cr_expect_eq(gw_tree_item_with(&t, GW_NODE_NONE, "parties", "role", "carrier"), GW_NODE_NONE);
}

Test(tree, skip_knows_where_a_value_ends)
{
    size_t used = 0;
    cr_assert_eq(gw_tree_skip(BYTES("\x82\xa1" "a\x92\x01\x02\xa1" "b\xc4\x01x\x05"), &used), GW_OK);
    cr_assert_eq(used, 11);
    cr_assert_neq(gw_tree_skip(BYTES("\x82\xa1" "a"), &used), GW_OK);
    cr_assert_neq(gw_tree_skip(BYTES("\xdf\xff\xff\xff\xff"), &used), GW_OK);
}
