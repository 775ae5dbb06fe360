/* test_json_read.c - JSON text into the tree: what it takes, what it refuses, and where.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include "model/json.h"

static const struct gw_budget budget = {65536, 5, 600, 40};
static struct gw_tree tree;
static struct gw_fault fault;
static uint32_t root;

static void begin(void)
{
    cr_assert_eq(gw_tree_init(&tree, &budget), GW_OK);
}

static void end(void)
{
    gw_tree_deinit(&tree);
}

TestSuite(json_read, .init = begin, .fini = end);

/* A copy that ends where the text does, so that a sanitizer sees a byte too many. */
static enum gw_error read_exactly(struct gw_slice text)
{
    uint8_t *copy = malloc(text.len ? text.len : 1);
    cr_assert(copy);
    if (text.len)
        memcpy(copy, text.at, text.len);
    fault = (struct gw_fault){0};
    enum gw_error e =
        gw_json_read_document(&tree, gw_slice(copy, text.len), &root, &fault);
    free(copy); /* what was read is the tree's own */
    return e;
}

static void expect(struct gw_slice text, const char *again)
{
    struct gw_buf out;
    cr_assert_eq(read_exactly(text), GW_OK, "%.*s: %d at %zu", GW_FMT(text), fault.code,
                 fault.at);
    gw_buf_init(&out, 65536);
    cr_assert_eq(gw_json_write(&tree, root, &out), GW_OK);
    cr_expect_str_eq(gw_buf_text(&out), again);
    gw_buf_deinit(&out);
}

Test(json_read, what_it_takes)
{
    expect(GW_LIT("{}"), "{}");
    expect(GW_LIT(" \t\r\n[ ]\n"), "[]");
    expect(GW_LIT("{\"a\":[1,-2,{\"b\":null}],\"c\":true,\"\":false}"),
           "{\"a\":[1,-2,{\"b\":null}],\"c\":true,\"\":false}");
    expect(GW_LIT("[0,-0,9223372036854775807,-9223372036854775808]"),
           "[0,0,9223372036854775807,-9223372036854775808]");
    expect(GW_LIT("[1.5,-0.25,1e3,1E-2,2.5e+1,1e-400]"),
           "[1.5,-0.25,1000.0,0.01,25.0,0.0]");
    expect(GW_LIT("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
           "[\"\\\"\\\\/\\u0008\\u000c\\u000a\\u000d\\u0009\"]");
    expect(GW_LIT("[\"\\u0041\\u00e9\\u4e2d\\ud83d\\uDE00\"]"), "[\"Aé中😀\"]");
    expect(GW_LIT("[\"é中😀\"]"), "[\"é中😀\"]");
    expect(GW_LIT("[\"a\\u0000b\"]"), "[\"a\\u0000b\"]");
}

/* The place is where jansson stood when it saw that it cannot be: mostly the last byte of
 * what it read then. */
Test(json_read, what_it_refuses)
{
    static const struct {
        const char *text;
        enum gw_error code;
        size_t at;
    } cases[] = {{"", GW_TRUNCATED, 0},
                 {"  ", GW_TRUNCATED, 1},
                 {"{", GW_TRUNCATED, 0},
                 {"[1", GW_TRUNCATED, 1},
                 {"[1,", GW_TRUNCATED, 2},
                 {"{\"a", GW_TRUNCATED, 2},
                 {"{\"a\":", GW_TRUNCATED, 4},
                 {"[\"a\\", GW_SYNTAX, 3},
                 {"[tru", GW_SYNTAX, 3},
                 {"[-", GW_SYNTAX, 1},
                 {"1", GW_SYNTAX, 0},
                 {"\"a\"", GW_SYNTAX, 2},
                 {"null", GW_SYNTAX, 3},
                 {"\xEF\xBB\xBF{}", GW_SYNTAX, 2},
                 {"[1,]", GW_SYNTAX, 3},
                 {"[,1]", GW_SYNTAX, 1},
                 {"[1 2]", GW_SYNTAX, 3},
                 {"{\"a\" 1}", GW_SYNTAX, 5},
                 {"{\"a\":1,}", GW_SYNTAX, 7},
                 {"{a:1}", GW_SYNTAX, 1},
                 {"{1:1}", GW_SYNTAX, 1},
                 {"{}x", GW_SYNTAX, 2},
                 {"[] []", GW_SYNTAX, 3},
                 {"[01]", GW_SYNTAX, 1},
                 {"[.5]", GW_SYNTAX, 1},
                 {"[1.]", GW_SYNTAX, 2},
                 {"[1e]", GW_SYNTAX, 2},
                 {"[+1]", GW_SYNTAX, 1},
                 {"[-a]", GW_SYNTAX, 1},
                 {"[truth]", GW_SYNTAX, 5},
                 {"[truex]", GW_SYNTAX, 5},
                 {"[NaN]", GW_SYNTAX, 3},
                 {"[\"\\x\"]", GW_SYNTAX, 3},
                 {"[\"\\u12g4\"]", GW_SYNTAX, 6},
                 {"[\"\\ud800\"]", GW_SYNTAX, 8},
                 {"[\"\\ud800\\u0041\"]", GW_SYNTAX, 14},
                 {"[\"\\udc00\"]", GW_SYNTAX, 8},
                 {"[\"a\nb\"]", GW_SYNTAX, 2},
                 {"{\"\\u0000\":1}", GW_SYNTAX, 8},
                 {"[\"a\xC0\x80\"]", GW_UTF8, 2},
                 {"[\"\xED\xA0\x80\"]", GW_UTF8, 1},
                 {"{\"\xFF\":1}", GW_UTF8, 1},
                 {"[9223372036854775808]", GW_NUMBER, 19},
                 {"[1,-9223372036854775809]", GW_NUMBER, 22},
                 {"[1e309]", GW_NUMBER, 5},
                 {"{\"a\":1,\"a\":2}", GW_DUPLICATE_KEY, 9},
                 {"[{\"b\":{\"a\":1, \"\\u0061\":2}}]", GW_DUPLICATE_KEY, 21}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum gw_error e = read_exactly(gw_slice_str(cases[i].text));
        cr_expect_eq(e, cases[i].code, "%s: %d", cases[i].text, (int)e);
        cr_expect_eq(fault.at, cases[i].at, "%s: at %zu", cases[i].text, fault.at);
    }
}

/* A bound that is exceeded: `at` is the number of values read before. */
Test(json_read, bounds)
{
    char many[4096] = "[", *at = many + 1;
    expect(GW_LIT("[[[[[]]]]]"), "[[[[[]]]]]");
    cr_expect_eq(read_exactly(GW_LIT("[[[[[[]]]]]]")), GW_DEPTH);
    cr_expect_eq(fault.at, 5);
    expect(GW_LIT("[\"1234567890123456789012345678901234567890\"]"),
           "[\"1234567890123456789012345678901234567890\"]");
    cr_expect_eq(read_exactly(GW_LIT("[\"12345678901234567890123456789012345678901\"]")),
                 GW_STRING_SIZE);
    /* as long as it is, not as long as it is written */
    expect(GW_LIT("[\"\\u0041\\u0041\\u0041\\u0041\\u0041\\u0041\\u0041\\u0041\"]"),
           "[\"AAAAAAAA\"]");
    for (int i = 0; i < 599; i++)
        at += sprintf(at, "%s1", i ? "," : "");
    strcpy(at, "]");
    cr_expect_eq(read_exactly(gw_slice_str(many)), GW_OK);
    strcpy(at, ",1]");
    cr_expect_eq(read_exactly(gw_slice_str(many)), GW_ELEMENTS);
    cr_expect_eq(fault.at, 600);
}

/* Many keys are found again by hash, and after another document not at all. */
Test(json_read, many_keys)
{
    char text[8192] = "{", *at = text + 1;
    for (int i = 0; i < 200; i++)
        at += sprintf(at, "%s\"key%d\":{\"key%d\":1}", i ? "," : "", i, i);
    strcpy(at, "}");
    for (int i = 0; i < 3; i++)
        cr_expect_eq(read_exactly(gw_slice_str(text)), GW_OK);
    strcpy(at, ",\"key7\":1}");
    cr_expect_eq(read_exactly(gw_slice_str(text)), GW_DUPLICATE_KEY);
    cr_expect_eq(fault.at, (size_t)(at + 6 - text)); /* the key's closing quote */
}

/* An event is an object, and its own map is not counted. */
Test(json_read, events)
{
    cr_expect_eq(gw_json_read(&tree, GW_LIT("{\"a\":1}"), &root, &fault), GW_OK);
    cr_expect_eq(gw_tree_int(&tree, root, "a", 0), 1);
    cr_expect_eq(gw_json_read(&tree, GW_LIT("[1]"), &root, &fault), GW_NOT_A_MAP);
    cr_expect_eq(gw_json_read(&tree, GW_LIT("{\"a\":}"), &root, &fault), GW_SYNTAX);
    cr_expect_eq(fault.at, 5);
}
