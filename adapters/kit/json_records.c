/* json_records.c - messages that are JSON documents of records. */
#include "adapters/kit/json_records.h"

#define SHOWN 60 /* of a value that is refused */

enum gw_error gw_json_records_open(struct gw_json_records *r, const struct gw_options *o,
                                   const char *format, const struct gw_budget *budget,
                                   struct gw_text *why)
{
    enum gw_error e = gw_maker_open(&r->maker, o, format, why);
    if (!e)
        e = gw_json_doc_init(&r->doc, budget);
    if (e == GW_NOMEM)
        gw_text_set(why, "%s", gw_error_text(e));
    return e;
}

void gw_json_records_close(struct gw_json_records *r)
{
    gw_maker_close(&r->maker);
    gw_json_doc_deinit(&r->doc);
}

static enum gw_error take_one(struct gw_json_records *r, uint32_t node,
                              gw_json_take_fn take)
{
    r->record = node;
    r->number++;
    return take(r);
}

static enum gw_error take_all(struct gw_json_records *r, gw_json_list_fn find,
                              gw_json_take_fn take)
{
    const struct gw_tree *t = &r->doc.tree;
    uint32_t list = r->doc.root;
    enum gw_error e = find(r, &list);
    if (e)
        return e;
    if (t->nodes[list].kind != GW_ARRAY)
        return take_one(r, list, take);
    for (GW_FOREACH_CHILD (t, list, n))
        if ((e = take_one(r, n, take)))
            break;
    return e;
}

enum gw_error gw_json_records_decode(struct gw_json_records *r, struct gw_slice in,
                                     struct gw_events *out, struct gw_report *report,
                                     gw_json_list_fn list, gw_json_take_fn take)
{
    uint32_t before = out->count;
    r->report = report;
    r->events = out;
    r->number = 0;
    enum gw_error e = gw_json_doc_read(&r->doc, in, report);
    if (!e) {
        gw_maker_message(&r->maker, in);
        e = take_all(r, list, take);
        report->messages = 1;
        report->segment = e ? r->number : 0;
    }
    if (e)
        gw_events_cut(out, before);
    return e;
}

struct gw_slice gw_json_record_words(struct gw_json_records *r, uint32_t node)
{
    char room[32];
    struct gw_slice w = gw_json_words(&r->doc, node, room);
    return w.at == (const uint8_t *)room ? gw_tree_text(&r->maker.tree, w) : w;
}

enum gw_error gw_json_record_refuse(struct gw_json_records *r, uint32_t node,
                                    enum gw_error e, const char *rule,
                                    struct gw_slice what)
{
    return gw_json_doc_refuse(&r->doc, node, e, rule, r->report, "%.*s",
                              what.len > SHOWN ? SHOWN : (int)what.len,
                              (const char *)what.at);
}

enum gw_error gw_json_record_event(struct gw_json_records *r, uint32_t node)
{
    struct gw_fault f = {0};
    gw_event_ext(&r->maker, r->maker.format, &r->doc.tree, r->record);
    enum gw_error e = gw_event_end(&r->maker, r->events, &f);
    return e ? gw_json_record_refuse(r, node, e, f.rule ? f.rule : gw_error_text(e),
                                     gw_slice_str(f.field))
             : GW_OK;
}
