/* ndjson.c - newline-delimited JSON as a format. */
#include "adapters/ndjson.h"
#include "model/canon.h"
#include "model/json.h"
#include "model/shape.h"
#include <stdio.h>

#define MAX_BYTES (64u << 20)

static bool is_blank(struct gw_slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if (!strchr(" \t\r", line.at[i]) || !line.at[i])
            return false;
    return true;
}

bool gw_lines_next(struct gw_lines *l)
{
    while (l->next < l->text.len) {
        const uint8_t *start = l->text.at + l->next;
        size_t left = l->text.len - l->next;
        const uint8_t *end = memchr(start, '\n', left);
        l->line = gw_slice(start, end ? (size_t)(end - start) : left);
        l->at = l->next;
        l->next += l->line.len + (end != NULL);
        l->number++;
        if (!is_blank(l->line))
            return true;
    }
    return false;
}

/* ---- the adapter ---- */

struct state {
    struct gw_tree tree;
    struct gw_buf event;
};

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct state *s = state;
    (void)o;
    gw_buf_init(&s->event, 2 * gw_budget_default.event_bytes);
    enum gw_error e = gw_tree_init(&s->tree, &gw_budget_default);
    if (e)
        gw_text_set(why, "%s", gw_error_text(e));
    return e;
}

static void close_state(void *state)
{
    struct state *s = state;
    gw_tree_deinit(&s->tree);
    gw_buf_deinit(&s->event);
}

/* What a fault within a line is within the whole text. */
static enum gw_error refuse_line(struct gw_report *report, const struct gw_lines *l,
                                 enum gw_error e)
{
    struct gw_fault *f = &report->fault;
    size_t at = l->at + (f->code == e ? f->at : 0);
    (void)gw_fail(f, e, at, f->code == e ? f->rule : NULL);
    report->segment = l->number;
    (void)snprintf(report->detail, sizeof report->detail, "%s", f->field);
    return e;
}

static enum gw_error decode_line(struct state *s, struct gw_slice line,
                                 struct gw_events *out, struct gw_fault *fault)
{
    uint32_t root;
    enum gw_error e = gw_json_read(&s->tree, line, &root, fault);
    gw_buf_reset(&s->event);
    if (!e)
        e = gw_msgpack_write(&s->tree, root, &s->event);
    return e ? e : gw_events_add_bytes(out, gw_buf_bytes(&s->event));
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct gw_lines l = {.text = in};
    uint32_t before = out->count;
    while (gw_lines_next(&l)) {
        enum gw_error e = decode_line(state, l.line, out, &report->fault);
        if (e) {
            gw_events_cut(out, before);
            return refuse_line(report, &l, e);
        }
        report->messages++;
    }
    return GW_OK;
}

static enum gw_error encode(void *state, const struct gw_events *events,
                            struct gw_buf *out, struct gw_fault *fault)
{
    struct state *s = state;
    for (uint32_t i = 0; i < events->count; i++) {
        struct gw_fault inner = {0};
        if (gw_json_from_msgpack(&s->tree, gw_events_at(events, i), out, &inner))
            return gw_fail(fault, GW_RANGE, i, inner.rule);
        gw_buf_byte(out, '\n');
    }
    return gw_buf_status(out);
}

const struct gw_adapter gw_adapter_ndjson = {.name = "ndjson",
                                             .standard =
                                                 "newline-delimited JSON, RFC 8259",
                                             .edition = "event schema 1",
                                             .unit = "line",
                                             .size = sizeof(struct state),
                                             .max_bytes = MAX_BYTES,
                                             .open = open_state,
                                             .decode = decode,
                                             .encode = encode,
                                             .close = close_state};

/* ---- for encoders ---- */

static enum gw_error read_line(struct gw_tree *tree, struct gw_slice line,
                               struct gw_events *out, struct gw_fault *fault)
{
    uint32_t root;
    enum gw_error e = gw_json_read(tree, line, &root, fault);
    if (!e)
        e = gw_shape_fit(tree, root, fault);
    if (!e)
        e = gw_shape_check(tree, root, fault);
    return e ? e : gw_events_add(out, tree, root, fault);
}

enum gw_error gw_ndjson_read(struct gw_slice text, struct gw_events *out,
                             struct gw_report *report)
{
    struct gw_lines l = {.text = text};
    struct gw_tree tree;
    uint32_t before = out->count;
    *report = (struct gw_report){0};
    enum gw_error e = gw_tree_init(&tree, &gw_budget_default);
    while (!e && gw_lines_next(&l)) {
        e = read_line(&tree, l.line, out, &report->fault);
        if (e)
            (void)refuse_line(report, &l, e);
    }
    if (e)
        gw_events_cut(out, before);
    gw_tree_deinit(&tree);
    return e;
}
