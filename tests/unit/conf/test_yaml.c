/* test_yaml.c - documents with lines, and what is refused. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>
#include "conf/yaml.h"

static struct gw_yaml *parse(const char *text)
{
    struct gw_complaint c = {0};
    struct gw_yaml *y = NULL;
    enum gw_error e = gw_yaml_parse(&y, gw_slice_str(text), "t.yaml", &c);
    cr_assert_eq(e, GW_OK, "%d: %s", c.line, c.what);
    return y;
}

Test(yaml, values_with_their_lines)
{
    struct gw_yaml *y = parse("name: aktau\n"
                              "journal:\n"
                              "  bytes: 12\n"
                              "  ratio: -2.5e3\n"
                              "list:\n"
                              "  - a\n"
                              "  - {b: yes}\n");
    struct gw_ynode root = gw_yaml_root(y), journal = gw_ynode_get(root, "journal"),
                    list = gw_ynode_get(root, "list");
    int64_t i = 0;
    double f = 0;
    bool b = false;

    cr_assert_eq(gw_ynode_kind(root), GW_Y_MAP);
    cr_assert_eq(gw_ynode_count(root), 3);
    cr_assert_str_eq(gw_ynode_text(gw_ynode_get(root, "name")), "aktau");
    cr_assert(gw_ynode_int(gw_ynode_get(journal, "bytes"), &i));
    cr_assert_eq(i, 12);
    cr_assert_eq(gw_ynode_line(gw_ynode_get(journal, "bytes")), 3);
    cr_assert(gw_ynode_float(gw_ynode_get(journal, "ratio"), &f));
    cr_assert_float_eq(f, -2500.0, 1e-9);
    cr_assert_eq(gw_ynode_kind(list), GW_Y_LIST);
    cr_assert_str_eq(gw_ynode_text(gw_ynode_item(list, 0)), "a");
    cr_assert(gw_ynode_bool(gw_ynode_get(gw_ynode_item(list, 1), "b"), &b));
    cr_assert(b);
    cr_assert_str_eq(gw_ynode_text(gw_ynode_key(root, 1)), "journal");
    cr_assert_eq(gw_ynode_line(gw_ynode_key(root, 2)), 5);
    cr_assert_str_eq(gw_ynode_file(list), "t.yaml");
    gw_yaml_free(y);
}

Test(yaml, absent_is_taken_everywhere)
{
    struct gw_yaml *y = parse("a: 1\n");
    struct gw_ynode none = gw_ynode_get(gw_yaml_root(y), "b");
    int64_t i;
    double f;
    bool b;

    cr_assert_eq(gw_ynode_kind(none), GW_Y_ABSENT);
    cr_assert_eq(gw_ynode_kind(gw_ynode_get(none, "c")), GW_Y_ABSENT);
    cr_assert_eq(gw_ynode_kind(gw_ynode_item(none, 0)), GW_Y_ABSENT);
    cr_assert_eq(gw_ynode_kind(gw_ynode_item(gw_yaml_root(y), 1)), GW_Y_ABSENT);
    cr_assert_eq(gw_ynode_kind(gw_ynode_item(gw_yaml_root(y), -1)), GW_Y_ABSENT);
    cr_assert_eq(gw_ynode_kind(gw_ynode_key(none, 0)), GW_Y_ABSENT);
    cr_assert_eq(gw_ynode_count(none), 0);
    cr_assert_str_eq(gw_ynode_text(none), "");
    cr_assert_eq(gw_ynode_line(none), 0);
    cr_assert_str_eq(gw_ynode_file(none), "");
    cr_assert_not(gw_ynode_int(none, &i));
    cr_assert_not(gw_ynode_float(none, &f));
    cr_assert_not(gw_ynode_bool(none, &b));
    gw_yaml_free(y);
    gw_yaml_free(NULL);
}

Test(yaml, an_empty_file_has_no_root)
{
    struct gw_yaml *y = parse("# nothing\n");
    cr_assert_eq(gw_ynode_kind(gw_yaml_root(y)), GW_Y_ABSENT);
    gw_yaml_free(y);
}

Test(yaml, numbers_are_read_whole_or_not_at_all)
{
    static const struct {
        const char *text;
        bool is_int, is_float;
    } rows[] = {{"0", true, true},
                {"-7", true, true},
                {"+7", true, true},
                {"9223372036854775807", true, true},
                {"9223372036854775808", false, true},
                {"1.5", false, true},
                {"1k", false, false},
                {"0x10", false, false},
                {"1e400", false, false},
                {"nan", false, false},
                {"'1 2'", false, false},
                {"'-'", false, false},
                {"''", false, false},
                {"yes", false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        struct gw_yaml *y;
        struct gw_ynode n;
        int64_t v;
        double f;
        (void)snprintf(text, sizeof text, "v: %s\n", rows[i].text);
        y = parse(text);
        n = gw_ynode_get(gw_yaml_root(y), "v");
        cr_expect_eq(gw_ynode_int(n, &v), rows[i].is_int, "int %s", rows[i].text);
        cr_expect_eq(gw_ynode_float(n, &f), rows[i].is_float, "float %s", rows[i].text);
        gw_yaml_free(y);
    }
}

Test(yaml, refusals_name_the_line)
{
    static const struct {
        const char *name, *text, *word;
        int line;
    } rows[] = {
        {"duplicate key", "a: 1\nb: 2\na: 3\n", "a: is there twice, first in line 1", 3},
        {"duplicate key inside", "x:\n  a: 1\n  a: 1\n", "twice", 3},
        {"alias", "a: &x [1]\nb: *x\n", "aliases", 1},
        {"endless alias", "&x [*x]\n", "aliases", 1},
        {"list as key", "? [a]\n: 1\n", "not a word", 1},
        {"two documents", "a: 1\n---\nb: 2\n", "several documents", 0},
        {"open quote", "a: 'x\n", "cannot be read", 2},
        {"tab", "a:\n\t- x\n", "cannot be read", 2},
        {"not UTF-8", "a: \xff\n", "cannot be read", 0},
        {"zero character", "a: \"x\\0y\"\n", "zero", 1},
        {"unknown alias", "a: *nope\n", "cannot be read", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_complaint c = {0};
        struct gw_yaml *y = (void *)1;
        enum gw_error e = gw_yaml_parse(&y, gw_slice_str(rows[i].text), "bad.yaml", &c);
        cr_expect_eq(e, GW_FORMAT, "%s: %d", rows[i].name, e);
        cr_expect_null(y, "%s", rows[i].name);
        cr_expect(strstr(c.what, rows[i].word), "%s: %s", rows[i].name, c.what);
        cr_expect_eq(c.line, rows[i].line, "%s: line %d", rows[i].name, c.line);
        cr_expect_str_eq(c.file, "bad.yaml", "%s", rows[i].name);
        cr_expect(c.remedy[0], "%s: no remedy", rows[i].name);
    }
}

Test(yaml, a_complaint_reads_as_one_line)
{
    struct gw_complaint c = {
        .file = "f.yaml", .line = 12, .what = "x: bad", .remedy = "fix it"};
    struct gw_buf b;
    gw_buf_init(&b, 512);
    gw_complaint_text(&c, &b);
    cr_assert_str_eq(gw_buf_text(&b), "f.yaml:12: x: bad - fix it");
    c.line = 0;
    c.remedy[0] = 0;
    gw_buf_reset(&b);
    gw_complaint_text(&c, &b);
    cr_assert_str_eq(gw_buf_text(&b), "f.yaml: x: bad");
    gw_buf_deinit(&b);
}

Test(yaml, files_are_loaded_and_large_ones_refused)
{
    char path[] = "/tmp/karvan-yaml-XXXXXX";
    struct gw_complaint c = {0};
    struct gw_yaml *y = NULL;
    static char block[65536];
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, "a: 1\n", 5), 5);
    cr_assert_eq(gw_yaml_load(&y, path, &c), GW_OK, "%s", c.what);
    cr_assert_eq(gw_ynode_count(gw_yaml_root(y)), 1);
    gw_yaml_free(y);
    memset(block, '#', sizeof block);
    for (int i = 0; i < 65; i++)
        cr_assert_eq(write(fd, block, sizeof block), (ssize_t)sizeof block);
    (void)close(fd);
    cr_assert_eq(gw_yaml_load(&y, path, &c), GW_RANGE);
    cr_assert_null(y);
    (void)unlink(path);
    cr_assert_eq(gw_yaml_load(&y, path, &c), GW_IO);
    cr_assert_null(y);
    cr_assert_eq(gw_yaml_load(&y, "/tmp", &c), GW_IO);
}
