/* test_protocol.c - gateway/PROTOCOL.md says what the code does: its examples are read,
 * and its tables of header keys and errors are those of wire.c and error.h. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/buf.h"
#include "model/canon.h"
#include "model/filter.h"
#include "model/json.h"
#include "model/wire.h"

static struct gw_buf page;

static void load(void)
{
    FILE *f = fopen(GW_SOURCE_DIR "/gateway/PROTOCOL.md", "rb");
    char part[4096];
    size_t n;
    cr_assert_not_null(f);
    gw_buf_init(&page, 1 << 20);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        gw_buf_add(&page, part, n);
    fclose(f);
    cr_assert_eq(gw_buf_status(&page), GW_OK);
    cr_assert(*gw_buf_text(&page) == '#');
}

static void unload(void)
{
    gw_buf_deinit(&page);
}

TestSuite(protocol, .init = load, .fini = unload);

static bool says(const char *row)
{
    return strstr((const char *)page.at, row) != NULL;
}

Test(protocol, every_error_is_listed_with_its_remedy)
{
    static const enum gw_error all[] = {
#define CODE(name, number, text, remedy) GW_##name,
        GW_ERRORS(CODE)
#undef CODE
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char row[512];
        snprintf(row, sizeof row, "\n| %d | %s | %s | %s |\n", (int)all[i],
                 gw_error_name(all[i]), gw_error_text(all[i]), gw_error_remedy(all[i]));
        cr_expect_eq(says(row), all[i] > 0, "%s", row);
    }
}

static void list_ops(uint32_t ops, struct gw_buf *out)
{
    unsigned n = 0;
    for (unsigned op = GW_OP_HELLO; op <= GW_OP_ERROR; op++)
        n += (ops & GW_OP_BIT(op)) != 0;
    if (n == GW_OP_ERROR) {
        gw_buf_str(out, "every one");
        return;
    }
    for (unsigned op = GW_OP_HELLO; op <= GW_OP_ERROR; op++)
        if (ops & GW_OP_BIT(op))
            gw_buf_printf(out, "%s%s", gw_op_name((enum gw_op)op), --n ? ", " : "");
}

Test(protocol, every_header_key_is_listed_with_its_operations)
{
    struct gw_buf row;
    gw_buf_init(&row, 1000);
    for (unsigned i = 0; gw_header_key(i).name; i++) {
        struct gw_header_key k = gw_header_key(i);
        gw_buf_reset(&row);
        gw_buf_printf(&row, "\n| `%s` | %s | ", k.name, k.kind);
        list_ops(k.ops, &row);
        gw_buf_str(&row, " | ");
        cr_expect(says(gw_buf_text(&row)), "%s", gw_buf_text(&row));
    }
    gw_buf_deinit(&row);
}

/* ---- examples ---- */

static struct gw_slice next_line(struct gw_slice *rest)
{
    const uint8_t *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
    size_t n = end ? (size_t)(end - rest->at) : rest->len;
    struct gw_slice line = gw_slice(rest->at, n);
    *rest = gw_slice(rest->at + n + (end != NULL), rest->len - n - (end != NULL));
    return line;
}

/* The JSON of a line as msgpack. */
static void add_json(struct gw_tree *t, struct gw_slice text, struct gw_buf *out)
{
    uint32_t root;
    struct gw_fault fault = {0};
    cr_assert_eq(gw_json_read(t, text, &root, &fault), GW_OK, "%.*s: %s", GW_FMT(text),
                 fault.rule);
    cr_assert_eq(gw_msgpack_write(t, root, out), GW_OK);
}

static void add_hex(struct gw_slice text, struct gw_buf *out)
{
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        char pair[3] = {(char)text.at[i], (char)text.at[i + 1], 0}, *end;
        gw_buf_byte(out, (uint8_t)strtoul(pair, &end, 16));
        cr_assert_eq(*end, 0, "not hex: %.*s", GW_FMT(text));
    }
}

/* Lines of an example: "header  {json}", "        hex ...", "body    {json}", " hex ...".
 */
struct example {
    struct gw_buf json[2], hex[2]; /* header, body */
};

static void read_example(struct gw_slice *rest, struct gw_tree *t, struct example *x)
{
    struct gw_slice line;
    int part = 0;
    while (line = next_line(rest), !gw_slice_is(line, "```")) {
        cr_assert_gt(line.len, 8, "%.*s", GW_FMT(line));
        if (gw_slice_starts(line, GW_LIT("body")))
            part = 1;
        line = gw_slice(line.at + 8, line.len - 8);
        if (line.at[0] == '{')
            add_json(t, line, &x->json[part]);
        else
            add_hex(line, &x->hex[part]);
    }
}

static void check_body(enum gw_op op, struct gw_slice body)
{
    if (op == GW_OP_ACK) {
        struct gw_ack_batch a;
        struct gw_ack_event e;
        cr_expect_eq(gw_ack_read(&body, &a), GW_OK);
        cr_expect(gw_ack_event_next(&a.events, &e));
        cr_expect_eq(e.code, GW_MISSING);
    } else if (op == GW_OP_SUBSCRIBE) {
        struct gw_filter *f;
        struct gw_start_at start;
        cr_expect_eq(gw_filter_read(body, &f, &start, NULL), GW_OK);
        gw_filter_free(f);
    }
}

static enum gw_op check_example(struct gw_slice *rest, struct gw_tree *t)
{
    struct example x;
    struct gw_header h;
    struct gw_buf again;
    struct gw_fault fault = {0};
    for (int i = 0; i < 2; i++) {
        gw_buf_init(&x.json[i], 1 << 16);
        gw_buf_init(&x.hex[i], 1 << 16);
    }
    gw_buf_init(&again, 1 << 16);
    read_example(rest, t, &x);
    cr_assert_eq(gw_header_read(gw_buf_bytes(&x.hex[0]), &h, &fault), GW_OK, "%s",
                 fault.rule);
    const char *op = gw_op_name(h.op);
    for (int i = 0; i < 2; i++)
        cr_expect(gw_slice_eq(gw_buf_bytes(&x.json[i]), gw_buf_bytes(&x.hex[i])),
                  "%s: JSON and hex differ", op);
    cr_assert_eq(gw_header_write(&h, &again), GW_OK);
    cr_expect(gw_slice_eq(gw_buf_bytes(&again), gw_buf_bytes(&x.hex[0])),
              "%s: our own writing", op);
    check_body(h.op, gw_buf_bytes(&x.hex[1]));
    for (int i = 0; i < 2; i++) {
        gw_buf_deinit(&x.json[i]);
        gw_buf_deinit(&x.hex[i]);
    }
    gw_buf_deinit(&again);
    return h.op;
}

Test(protocol, every_operation_has_an_example_that_reads)
{
    struct gw_slice rest = gw_buf_bytes(&page);
    struct gw_tree t;
    uint32_t seen = 0;
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    while (rest.len)
        if (gw_slice_is(next_line(&rest), "```example"))
            seen |= GW_OP_BIT(check_example(&rest, &t));
    for (unsigned op = GW_OP_HELLO; op <= GW_OP_ERROR; op++)
        cr_expect(seen & GW_OP_BIT(op), "no example of %s", gw_op_name((enum gw_op)op));
    gw_tree_deinit(&t);
}
