/* reason.c - why a file or an event was refused. */
#include "adapters/reason.h"
#include "adapters/clean_text.h"
#include "base/clock.h"
#include "model/json.h"
#include <inttypes.h>

#define TEXT_MOST (64u << 20)
#define KEPT      (sizeof((struct gw_report *)0)->findings / sizeof(struct gw_finding))

enum gw_error gw_reason_init(struct gw_reason *r)
{
    gw_buf_init(&r->text, TEXT_MOST);
    return gw_tree_init(&r->tree, &gw_budget_default);
}

void gw_reason_deinit(struct gw_reason *r)
{
    gw_tree_deinit(&r->tree);
    gw_buf_deinit(&r->text);
}

void gw_reason_reset(struct gw_reason *r)
{
    gw_buf_reset(&r->text);
}

/* ---- JSON ---- */

static void put_findings(struct gw_tree *t, uint32_t root, const struct gw_report *report)
{
    if (!report->finding_count)
        return;
    gw_clean_put_count(t, root, GW_LIT("finding_count"), report->finding_count);
    uint32_t list = gw_tree_put_array(t, root, GW_LIT("findings"));
    for (uint32_t i = 0; i < report->finding_count && i < KEPT; i++) {
        const struct gw_finding *f = &report->findings[i];
        uint32_t map = gw_tree_put_map(t, list, gw_slice(NULL, 0));
        if (f->segment)
            gw_clean_put_count(t, map, GW_LIT("segment"), f->segment);
        gw_clean_put_count(t, map, GW_LIT("offset"), f->at);
        gw_clean_put(t, map, GW_LIT("rule"), f->rule);
        gw_clean_put(t, map, GW_LIT("detail"), f->detail);
    }
}

static enum gw_error file_json(struct gw_reason *r, const char *name,
                               const struct gw_adapter *format,
                               const struct gw_report *report, const char *when)
{
    struct gw_tree *t = &r->tree;
    uint32_t root = gw_tree_root(t);
    gw_clean_put(t, root, GW_LIT("file"), name);
    gw_clean_put(t, root, GW_LIT("time"), when);
    gw_clean_put(t, root, GW_LIT("format"), format->name);
    gw_clean_put(t, root, GW_LIT("code"), gw_error_name(report->fault.code));
    gw_tree_put_int(t, root, GW_LIT("number"), report->fault.code);
    if (report->segment)
        gw_clean_put_count(t, root, GW_LIT("segment"), report->segment);
    gw_clean_put_count(t, root, GW_LIT("offset"), report->fault.at);
    gw_clean_put(t, root, GW_LIT("rule"), report->fault.rule);
    gw_clean_put(t, root, GW_LIT("field"), report->fault.field);
    gw_clean_put(t, root, GW_LIT("detail"), report->detail);
    gw_clean_put(t, root, GW_LIT("remedy"), gw_error_remedy(report->fault.code));
    put_findings(t, root, report);
    enum gw_error e = gw_json_write(t, root, &r->text);
    gw_buf_byte(&r->text, '\n');
    return e ? e : gw_buf_status(&r->text);
}

/* ---- for people ---- */

static void line(struct gw_buf *b, const char *what, const char *text)
{
    if (text && *text)
        gw_buf_printf(b, "%-9s %s\n", what, text);
}

static void place_lines(struct gw_buf *b, const char *unit,
                        const struct gw_report *report)
{
    char label[16] = "";
    if (report->segment) {
        (void)gw_slice_copy(gw_slice_str(unit), label, sizeof label - 1);
        label[strlen(label)] = ':';
        gw_buf_printf(b, "%-9s %" PRIu32 "\n", label, report->segment);
    }
    gw_buf_printf(b, "%-9s %zu\n", "offset:", report->fault.at);
    line(b, "rule:", report->fault.rule);
    line(b, "field:", report->fault.field);
    line(b, "detail:", report->detail);
}

static void finding_lines(struct gw_buf *b, const char *unit,
                          const struct gw_report *report)
{
    if (report->finding_count)
        gw_buf_printf(b, "\nfindings before that: %" PRIu32 "\n", report->finding_count);
    for (uint32_t i = 0; i < report->finding_count && i < KEPT; i++) {
        gw_buf_str(b, "  ");
        gw_finding_text(&report->findings[i], unit, b);
        gw_buf_byte(b, '\n');
    }
}

enum gw_error gw_reason_of_file(struct gw_reason *r, const char *name,
                                const struct gw_adapter *format,
                                const struct gw_report *report, int64_t now_ms)
{
    struct gw_buf *b = &r->text;
    const char *unit = gw_format_unit(format);
    char when[25];
    gw_time_iso(now_ms, when);
    gw_buf_reset(b);
    gw_buf_str(b, "This file was refused; nothing of it was published.\n\n");
    line(b, "file:", name);
    line(b, "time:", when);
    line(b, "format:", format->name);
    place_lines(b, unit, report);
    line(b, "remedy:", gw_error_remedy(report->fault.code));
    gw_buf_str(b, "          then put the file into inbox/ again\n");
    finding_lines(b, unit, report);
    gw_buf_byte(b, '\n');
    return file_json(r, name, format, report, when);
}

/* ---- events ---- */

/* {...,"event":<the event>}: `head` is an open object without its last brace. */
static enum gw_error add_event(struct gw_reason *r, uint32_t root, struct gw_slice event)
{
    struct gw_buf *b = &r->text;
    struct gw_fault fault = {0};
    size_t before = b->len;
    enum gw_error e = gw_json_write(&r->tree, root, b);
    if (!e && !b->failed) {
        b->len--; /* the brace */
        gw_buf_str(b, ",\"event\":");
        e = gw_json_from_msgpack(&r->tree, event, b, &fault);
    }
    gw_buf_str(b, "}\n");
    if (!e)
        e = gw_buf_status(b);
    if (e)
        b->len = before; /* whole lines only */
    return e;
}

enum gw_error gw_reason_add_refused(struct gw_reason *r, const struct gw_reason_event *e)
{
    struct gw_tree *t = &r->tree;
    uint32_t root = gw_tree_root(t);
    gw_clean_put_count(t, root, GW_LIT("batch"), e->batch);
    gw_clean_put_count(t, root, GW_LIT("index"), e->index);
    gw_clean_put(t, root, GW_LIT("code"), gw_error_name(e->code));
    gw_tree_put_int(t, root, GW_LIT("number"), e->code);
    gw_clean_put(t, root, GW_LIT("text"), gw_error_text(e->code));
    gw_clean_put(t, root, GW_LIT("rule"), e->rule);
    gw_clean_put(t, root, GW_LIT("field"), e->field);
    gw_clean_put_count(t, root, GW_LIT("offset"), e->at);
    gw_clean_put(t, root, GW_LIT("remedy"), gw_error_remedy(e->code));
    return add_event(r, root, e->event);
}

enum gw_error gw_reason_add_unsent(struct gw_reason *r, uint64_t seq, const char *format,
                                   const char *rule, struct gw_slice event)
{
    struct gw_tree *t = &r->tree;
    uint32_t root = gw_tree_root(t);
    gw_clean_put_count(t, root, GW_LIT("seq"), seq);
    gw_clean_put(t, root, GW_LIT("format"), format);
    gw_clean_put(t, root, GW_LIT("rule"), rule);
    return add_event(r, root, event);
}
