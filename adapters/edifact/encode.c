/* encode.c - events to one interchange: which events share a message, and the envelope.
 *
 * Events that say the same in the header of their message share it; the group of each is
 * written behind it. */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "adapters/edifact/dtm.h"
#include <stdio.h>

#define NOBODY "KARVAN" /* the sender where nobody is named */

/* ---- messages of the interchange ---- */

struct encoding {
    struct gw_edi *c;
    struct gw_buf body;                    /* the messages that are finished */
    struct gw_buf head;                    /* of the event at hand */
    struct gw_buf open_head, list, groups; /* of the message that is open */
    const struct gw_edi_kind *open;
    uint32_t segments, group_count, containers; /* of the open message */
    uint32_t messages;                          /* of the interchange */
    bool note_open; /* a consignment note was instructed; that it is issued may follow */
    struct gw_buf box;         /* the containers of the event at hand */
    struct gw_edi_table boxes; /* those of the open message, each with what it says */
    char sender_text[64];
};

static void put_line(struct gw_buf *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void put_line(struct gw_buf *out, const char *fmt, ...)
{
    char line[160];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    gw_buf_str(out, line);
    gw_buf_str(out, "'\n");
}

static void close_message(struct encoding *n)
{
    const struct gw_edi_kind *k = n->open;
    if (!k)
        return;
    put_line(&n->body, "UNH+%u+%s:%s", (unsigned)n->messages, k->message, k->release);
    gw_buf_slice(&n->body, gw_buf_bytes(&n->open_head));
    gw_buf_slice(&n->body, gw_buf_bytes(&n->list));
    gw_buf_slice(&n->body, gw_buf_bytes(&n->groups));
    if (k->holds == GW_EDI_HOLDS_CONTAINERS) {
        put_line(&n->body, "CNT+16:%u", (unsigned)n->containers);
        n->segments++;
    }
    put_line(&n->body, "UNT+%u+%u", (unsigned)n->segments + 2, (unsigned)n->messages);
    n->open = NULL;
}

static void open_message(struct encoding *n, const struct gw_edi_kind *k,
                         uint32_t head_segments)
{
    close_message(n);
    n->open = k;
    n->messages++;
    n->group_count = n->containers = 0;
    n->segments = head_segments;
    n->note_open = false;
    gw_edi_table_reset(&n->boxes);
    gw_buf_reset(&n->list);
    gw_buf_reset(&n->groups);
    gw_buf_reset(&n->open_head);
    gw_buf_slice(&n->open_head, gw_buf_bytes(&n->head));
}

/* A number for what the containers of the event say; never 0. */
static uint32_t write_box(struct encoding *n, struct gw_edi_writing *x,
                          const struct gw_edi_kind *k)
{
    gw_buf_reset(&n->box);
    x->w = (struct gw_edi_writer){.out = &n->box};
    k->list(x);
    return (uint32_t)gw_hash64(gw_buf_bytes(&n->box), 0) | 1;
}

enum fit { FITS, IS_THERE, FITS_NOT };

/* Can the event's containers stand in the open message, which names each once? */
static enum fit fit_box(const struct encoding *n, const struct gw_edi_writing *x,
                        uint32_t says)
{
    uint32_t list = gw_edi_list_of(x, "equipment");
    if (!list || !n->open)
        return FITS;
    for (GW_FOREACH_CHILD (x->t, list, unit)) {
        const struct gw_edi_entry *box =
            gw_edi_table_find(&n->boxes, gw_edi_str_of(x, unit, "id"));
        if (box)
            return box->value == says ? IS_THERE : FITS_NOT;
    }
    return FITS;
}

/* That of a single container may be said again; several are not told apart. */
static void keep_box(struct encoding *n, const struct gw_edi_writing *x, uint32_t says)
{
    uint32_t list = gw_edi_list_of(x, "equipment");
    bool single = list && gw_node(x->t, list)->count == 1;
    for (GW_FOREACH_CHILD (x->t, list, unit)) {
        struct gw_edi_entry *box =
            gw_edi_table_entry(&n->boxes, gw_edi_str_of(x, unit, "id"));
        n->list.failed |= !box;
        if (box)
            box->value = single ? says : 0;
    }
    gw_buf_slice(&n->list, gw_buf_bytes(&n->box));
    n->segments += x->w.segments;
}

static void write_group(struct encoding *n, struct gw_edi_writing *x,
                        const struct gw_edi_kind *k)
{
    x->number = ++n->group_count;
    n->containers += gw_edi_quantity(x);
    x->w = (struct gw_edi_writer){.out = &n->groups};
    if (k->group)
        k->group(x);
    n->segments += x->w.segments;
}

/* The header of the event at hand; the number of its segments. */
static uint32_t write_head(struct encoding *n, struct gw_edi_writing *x,
                           const struct gw_edi_kind *k)
{
    x->kind = k;
    x->message = k->message;
    x->type = gw_edi_meant_type(x, k->message);
    gw_buf_reset(&n->head);
    x->w = (struct gw_edi_writer){.out = &n->head};
    k->head(x);
    return x->w.segments;
}

static bool same_head(const struct encoding *n, const struct gw_edi_kind *k)
{
    return n->open == k &&
           gw_slice_eq(gw_buf_bytes(&n->head), gw_buf_bytes(&n->open_head));
}

/* An instruction by a consignment note says too that the note is issued: these two events
 * are one message, and so are those that take them back. */
static bool is_said(struct encoding *n, struct gw_edi_writing *x)
{
    if (!n->note_open ||
        !gw_edi_among(gw_edi_str(x, "type"), "document-issued correction"))
        return false;
    (void)write_head(n, x, n->open);
    n->note_open = !same_head(n, n->open);
    return !n->note_open;
}

/* Issued without the instruction: a status of the contract. */
static const struct gw_edi_kind *kind_alone(const struct gw_edi_writing *x,
                                            const struct gw_edi_kind *k)
{
    bool note = k == &gw_edi_iftmin || k == &gw_edi_rail_note;
    bool issued = gw_slice_is(gw_edi_str(x, "type"), "document-issued");
    return note && issued ? &gw_edi_iftmcs : k;
}

static void add_event(struct encoding *n, struct gw_edi_writing *x,
                      const struct gw_edi_kind *k)
{
    x->sender = n->c->options->sender;
    if (!*x->sender)
        x->sender = *n->sender_text ? n->sender_text : NOBODY;
    if (is_said(n, x))
        return;
    k = kind_alone(x, k);
    uint32_t head_segments = write_head(n, x, k);
    uint32_t says = k->list ? write_box(n, x, k) : 0;
    bool shares = k->holds != GW_EDI_HOLDS_ONE && same_head(n, k);
    enum fit fit = shares && k->list ? fit_box(n, x, says) : FITS;
    if (!shares || fit == FITS_NOT)
        open_message(n, k, head_segments);
    n->note_open = gw_edi_is_note(x);
    if (k->list && fit != IS_THERE)
        keep_box(n, x, says);
    write_group(n, x, k);
}

/* Who the first event says has sent it, where the options name nobody. */
static void take_sender(struct encoding *n, const struct gw_edi_writing *x)
{
    uint32_t list = gw_tree_at(x->t, x->root, "parties");
    if (*n->sender_text || !list)
        return;
    for (GW_FOREACH_CHILD (x->t, list, p))
        if (gw_slice_is(gw_tree_str(x->t, p, "role"), "sender") &&
            !gw_tree_str(x->t, p, "scheme").len)
            (void)gw_slice_copy(gw_tree_str(x->t, p, "id"), n->sender_text,
                                sizeof n->sender_text);
}

static enum gw_error encode_event(struct encoding *n, struct gw_slice bytes, size_t index,
                                  struct gw_fault *fault)
{
    struct gw_edi_writing x = {.c = n->c, .t = &n->c->maker.tree};
    size_t used;
    const char *rule;
    if (gw_tree_read(x.t, bytes, &used, &x.root, fault))
        return gw_fail(fault, GW_RANGE, index, "an event that can be read");
    const struct gw_edi_kind *k = gw_edi_kind_of(&x, &rule);
    if (!k)
        return gw_fail(fault, GW_RANGE, index, rule);
    take_sender(n, &x);
    add_event(n, &x, k);
    return GW_OK;
}

/* ---- the envelope ---- */

void gw_edi_put_prepared(struct gw_edi_writer *w, int64_t now_ms, bool short_year)
{
    int64_t s = now_ms / 1000, of_day = s % 86400;
    char text[16];
    int year, month, day;
    gw_edi_date(s / 86400, &year, &month, &day);
    (void)snprintf(text, sizeof text, short_year ? "%02d%02d%02d" : "%04d%02d%02d",
                   short_year ? year % 100 : year, month, day);
    gw_edi_element_str(w, text);
    (void)snprintf(text, sizeof text, "%02d%02d", (int)(of_day / 3600),
                   (int)(of_day / 60 % 60));
    gw_edi_component_str(w, text);
}

void gw_edi_new_reference(struct gw_edi *c, char out[24])
{
    (void)snprintf(out, 24, "%013llu",
                   (unsigned long long)(c->options->now_ms + c->sent++) % 10000000000000);
}

static void put_unb(const struct encoding *n, struct gw_buf *out, const char *reference)
{
    struct gw_edi_writer w = {.out = out};
    const struct gw_options *o = n->c->options;
    bool ascii = gw_is_ascii(gw_buf_bytes(&n->body));
    gw_edi_segment(&w, "UNB");
    gw_edi_element_str(&w, ascii ? "UNOC" : "UNOY");
    gw_edi_component_str(&w, ascii ? "3" : "4");
    gw_edi_element_str(&w, *o->sender        ? o->sender
                           : *n->sender_text ? n->sender_text
                                             : NOBODY);
    gw_edi_element_str(&w, *o->recipient ? o->recipient : "RECIPIENT");
    gw_edi_put_prepared(&w, o->now_ms, ascii);
    gw_edi_element_str(&w, reference);
    gw_edi_end(&w);
}

static void put_interchange(struct encoding *n, struct gw_buf *out)
{
    char reference[24];
    gw_edi_new_reference(n->c, reference);
    gw_buf_str(out, "UNA:+.? '\n");
    put_unb(n, out, reference);
    gw_buf_slice(out, gw_buf_bytes(&n->body));
    put_line(out, "UNZ+%u+%s", (unsigned)n->messages, reference);
}

enum gw_error gw_edi_encode(void *state, const struct gw_events *events,
                            struct gw_buf *out, struct gw_fault *fault)
{
    struct encoding n = {.c = state};
    enum gw_error e = GW_OK;
    gw_buf_init(&n.body, out->limit);
    gw_buf_init(&n.head, out->limit);
    gw_buf_init(&n.open_head, out->limit);
    gw_buf_init(&n.list, out->limit);
    gw_buf_init(&n.box, out->limit);
    gw_buf_init(&n.groups, out->limit);
    for (uint32_t i = 0; !e && i < events->count; i++)
        e = encode_event(&n, gw_events_at(events, i), i, fault);
    close_message(&n);
    if (!e && (n.body.failed || n.head.failed || n.open_head.failed || n.list.failed ||
               n.box.failed || n.groups.failed))
        e = GW_NOMEM;
    if (!e && events->count)
        put_interchange(&n, out);
    gw_buf_deinit(&n.body);
    gw_buf_deinit(&n.head);
    gw_buf_deinit(&n.open_head);
    gw_buf_deinit(&n.list);
    gw_buf_deinit(&n.box);
    gw_buf_deinit(&n.groups);
    gw_edi_table_deinit(&n.boxes);
    return e ? e : gw_buf_status(out);
}
