/* test_json_doc.c - foreign JSON: bounds, places of values, numbers as texts. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "adapters/kit/json_doc.h"
#include "model/json.h"

static const char sample[] =
    "\xEF\xBB\xBF { \"a\" : [ 1, \"x,]\\\"y\", {\"b\":{ \"k.k\" :\t-2.5 }}],\n"
    "  \"c\": \"1,5\", \"d\": null, \"e\": true, \"f\": 12345678901234 }";

static struct gw_json_doc document(const char *text)
{
    struct gw_json_doc d;
    struct gw_report r = {0};
    cr_assert_eq(gw_json_doc_init(&d, &gw_json_doc_budget), GW_OK);
    enum gw_error e = gw_json_doc_read(&d, gw_slice_str(text), &r);
    cr_assert_eq(e, GW_OK, "%s", r.detail);
    return d;
}

static void expect_place(const struct gw_json_doc *d, uint32_t node, const char *path,
                         const char *begins)
{
    struct gw_report r = {0};
    cr_expect_eq(gw_json_doc_refuse(d, node, GW_FORMAT, "a rule", &r, "word %d", 7),
                 GW_FORMAT);
    cr_expect_str_eq(r.fault.field, path);
    cr_expect_str_eq(r.fault.rule, "a rule");
    cr_expect_eq(r.fault.code, GW_FORMAT);
    cr_expect(strncmp(sample + r.fault.at, begins, strlen(begins)) == 0, "%s: %s", path,
              sample + r.fault.at);
    cr_expect(strstr(r.detail, "word 7"), "%s", r.detail);
}

Test(json_doc, a_refusal_says_where)
{
    struct gw_json_doc d = document(sample);
    uint32_t a = gw_json_get(&d, d.root, "a");
    uint32_t b = gw_json_get(&d, gw_tree_item(&d.tree, a, 2), "b");
    expect_place(&d, a, "a", "[ 1");
    expect_place(&d, gw_tree_item(&d.tree, a, 0), "a[0]", "1,");
    expect_place(&d, gw_tree_item(&d.tree, a, 1), "a[1]", "\"x,]");
    expect_place(&d, b, "a[2].b", "{ \"k.k\"");
    expect_place(&d, gw_json_get(&d, b, "k.k"), "a[2].b.k.k", "-2.5");
    expect_place(&d, gw_json_get(&d, d.root, "f"), "f", "12345678901234");
    expect_place(&d, GW_NODE_NONE, "", "{ \"a\"");
    gw_json_doc_deinit(&d);
}

Test(json_doc, a_finding_says_where)
{
    struct gw_json_doc d = document(sample);
    struct gw_report r = {0};
    for (int i = 0; i < 40; i++)
        gw_json_doc_find(&d, gw_json_get(&d, d.root, "c"), "odd", &r, "no %d", i);
    cr_expect_eq(r.finding_count, 40);
    cr_expect_str_eq(r.findings[0].detail, "c: no 0");
    cr_expect_eq(sample[r.findings[31].at + 1], '1');
    gw_json_doc_deinit(&d);
}

Test(json_doc, numbers_and_words)
{
    struct gw_json_doc d = document(sample);
    char room[32];
    double v = 0;
    cr_expect(gw_json_number(&d, gw_json_get(&d, d.root, "c"), &v));
    cr_expect_float_eq(v, 1.5, 0);
    cr_expect(gw_json_number(&d, gw_json_get(&d, d.root, "f"), &v));
    cr_expect_float_eq(v, 12345678901234.0, 0);
    cr_expect_not(gw_json_number(&d, gw_json_get(&d, d.root, "e"), &v));
    cr_expect_not(gw_json_number(&d, gw_json_get(&d, d.root, "none"), &v));
    cr_expect(gw_slice_is(gw_json_words(&d, gw_json_get(&d, d.root, "f"), room),
                          "12345678901234"));
    cr_expect(gw_slice_is(gw_json_words(&d, gw_json_get(&d, d.root, "c"), room), "1,5"));
    cr_expect_eq(gw_json_words(&d, gw_json_get(&d, d.root, "d"), room).len, 0);
    cr_expect(gw_slice_is(gw_json_text(&d, d.root, "c"), "1,5"));
    cr_expect_eq(gw_json_text(&d, d.root, "f").len, 0);
    gw_json_doc_deinit(&d);
}

Test(json_doc, an_array_is_a_document_too)
{
    struct gw_json_doc d = document(" [ 1 , [2,3] ]");
    struct gw_report r = {0};
    uint32_t inner = gw_tree_item(&d.tree, gw_tree_item(&d.tree, d.root, 1), 1);
    cr_expect_eq(d.tree.nodes[d.root].count, 2);
    (void)gw_json_doc_refuse(&d, inner, GW_RANGE, "r", &r, "x");
    cr_expect_str_eq(r.fault.field, "[1][1]");
    cr_expect_eq(r.fault.at, 10);
    gw_json_doc_deinit(&d);
}

Test(json_doc, what_is_no_document)
{
    static const struct {
        const char *text;
        enum gw_error e;
        size_t at_least, at_most;
    } rows[] = {{"", GW_TRUNCATED, 0, 0},
                {"\xEF\xBB\xBF", GW_TRUNCATED, 3, 3},
                {"{\"a\":1", GW_TRUNCATED, 4, 6},
                {"17", GW_SYNTAX, 0, 2},
                {"\"x\"", GW_SYNTAX, 0, 3},
                {"{\"a\":1,\"a\":2}", GW_DUPLICATE_KEY, 6, 11},
                {"{\"a\":1}x", GW_SYNTAX, 6, 8},
                {"{\"a\":NaN}", GW_SYNTAX, 4, 8},
                {"{\"a\":1e999}", GW_NUMBER, 4, 10},
                {"{\"a\":99999999999999999999}", GW_NUMBER, 4, 25},
                {"{\"a\":\"\xff\"}", GW_UTF8, 4, 8},
                {"{'a':1}", GW_SYNTAX, 0, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_json_doc d;
        struct gw_report r = {0};
        cr_assert_eq(gw_json_doc_init(&d, &gw_json_doc_budget), GW_OK);
        cr_expect_eq(gw_json_doc_read(&d, gw_slice_str(rows[i].text), &r), rows[i].e,
                     "%s: %s", rows[i].text, r.detail);
        cr_expect(r.fault.at >= rows[i].at_least && r.fault.at <= rows[i].at_most,
                  "%s: at %zu", rows[i].text, r.fault.at);
        cr_expect_not_null(r.fault.rule);
        gw_json_doc_deinit(&d);
    }
}

Test(json_doc, bounds_are_kept_and_say_where)
{
    static const struct gw_budget small = {200, 3, 8, 10};
    static const struct {
        const char *text;
        enum gw_error e;
    } rows[] = {{"{\"a\":{\"b\":{\"c\":{}}}}", GW_DEPTH},
                {"[[[1]]]", GW_OK},
                {"[1,2,3,4,5,6,7]", GW_OK},
                {"[1,2,3,4,5,6,7,8]", GW_ELEMENTS},
                {"{\"a\":\"0123456789\"}", GW_OK},
                {"{\"a\":\"0123456789x\"}", GW_STRING_SIZE},
                {"{\"0123456789x\":1}", GW_STRING_SIZE}};
    struct gw_json_doc d;
    cr_assert_eq(gw_json_doc_init(&d, &small), GW_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_report r = {0};
        cr_expect_eq(gw_json_doc_read(&d, gw_slice_str(rows[i].text), &r), rows[i].e,
                     "%s: %s", rows[i].text, r.detail);
        cr_expect(r.fault.at < strlen(rows[i].text));
    }
    char big[202];
    struct gw_report r = {0};
    memset(big, ' ', sizeof big);
    cr_expect_eq(gw_json_doc_read(&d, gw_slice(big, sizeof big), &r), GW_EVENT_SIZE);
    gw_json_doc_deinit(&d);
}

/* An object of many keys must not cost their square; a minute is far more than it takes.
 */
Test(json_doc, many_keys)
{
    struct gw_buf text;
    struct gw_json_doc d;
    struct gw_report r = {0};
    gw_buf_init(&text, 8u << 20);
    gw_buf_byte(&text, '{');
    for (int i = 0; i < 300000; i++)
        gw_buf_printf(&text, "%s\"k%d\":%d", i ? "," : "", i, i);
    gw_buf_byte(&text, '}');
    cr_assert_eq(gw_json_doc_init(&d, &gw_json_doc_budget), GW_OK);
    cr_expect_eq(gw_json_doc_read(&d, gw_buf_bytes(&text), &r), GW_OK, "%s", r.detail);
    cr_expect_eq(gw_tree_int(&d.tree, d.root, "k299999", 0), 299999);
    gw_json_doc_deinit(&d);
    gw_buf_deinit(&text);
}
