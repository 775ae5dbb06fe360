/* encode.c - events to one interchange: which message carries an event, which events
 * share one, and the envelope.
 *
 * Events that say the same in the header of their message share it; the group of each is
 * written behind it.  Written in directory D.00B. */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"
#include "base/utf8.h"
#include "adapters/edifact/dtm.h"
#include <stdio.h>

/* ---- the three messages ---- */

typedef void (*part_fn)(struct gw_edi_writing *x);

static const char *container_place(const struct gw_edi_writing *x)
{
    if (strcmp(x->message, "CODECO") == 0)
        return "165";
    return gw_slice_is(x->type, "load")        ? "9"
           : gw_slice_is(x->type, "discharge") ? "11"
                                               : "175";
}

static void write_own_place(struct gw_edi_writing *x)
{
    gw_edi_write_place(x, container_place(x), gw_tree_at(x->t, x->root, "place"));
}

static void write_one_unit(struct gw_edi_writing *x)
{
    uint32_t first = gw_tree_at(x->t, x->root, "equipment[0]");
    struct gw_slice position =
        first ? gw_tree_str(x->t, first, "position") : gw_slice(NULL, 0);
    gw_edi_write_unit(x, first);
    gw_edi_write_references(x);
    gw_edi_write_event_time(x, strcmp(x->message, "COARRI") == 0 ? "203"
                               : gw_slice_is(x->type, "weighed") ? "WAT"
                                                                 : "7");
    if (position.len) {
        gw_edi_segment(&x->w, "LOC");
        gw_edi_element_str(&x->w, "147");
        gw_edi_element(&x->w, position);
        gw_edi_component_str(&x->w, "");
        gw_edi_component_str(&x->w, "5");
        gw_edi_end(&x->w);
    }
}

static void codeco_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm(x);
    gw_edi_write_message_time(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_MAIN);
    gw_edi_write_parties(x);
}

static void codeco_group(struct gw_edi_writing *x)
{
    write_one_unit(x);
    write_own_place(x);
    gw_edi_write_journey(x);
    gw_edi_write_measures(x);
    gw_edi_write_seals(x);
    gw_edi_write_goods(x);
    gw_edi_write_attached(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_OTHER);
    gw_edi_write_temperatures(x);
}

static void coarri_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm(x);
    gw_edi_write_message_time(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_MAIN);
    write_own_place(x);
    gw_edi_write_parties(x);
}

static void coarri_group(struct gw_edi_writing *x)
{
    write_one_unit(x);
    gw_edi_write_journey(x);
    gw_edi_write_measures(x);
    gw_edi_write_temperatures(x);
    gw_edi_write_seals(x);
    gw_edi_write_goods(x);
    gw_edi_write_attached(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_OTHER);
}

static void iftsta_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm(x);
    gw_edi_write_message_time(x);
    gw_edi_write_parties(x);
}

static struct gw_slice smgs_number(const struct gw_edi_writing *x)
{
    uint32_t list = gw_tree_at(x->t, x->root, "references");
    if (list)
        for (GW_FOREACH_CHILD (x->t, list, n))
            if (gw_slice_is(gw_tree_str(x->t, n, "scheme"), "smgs"))
                return gw_tree_str(x->t, n, "value");
    return gw_slice(NULL, 0);
}

static const char *status_time(const struct gw_edi_writing *x)
{
    bool estimated = gw_slice_is(gw_edi_str(x, "class"), "estimated");
    return !estimated ? "334" : gw_slice_is(x->type, "depart") ? "133" : "132";
}

static void iftsta_group(struct gw_edi_writing *x)
{
    uint32_t units = gw_tree_at(x->t, x->root, "equipment");
    struct gw_slice smgs = smgs_number(x);
    char number[12];
    (void)snprintf(number, sizeof number, "%u", (unsigned)x->number);
    gw_edi_segment(&x->w, "CNI");
    gw_edi_element_str(&x->w, number);
    gw_edi_element(&x->w, smgs);
    if (smgs.len)
        gw_edi_component_str(&x->w, "722");
    gw_edi_end(&x->w);
    gw_edi_write_sts(x);
    gw_edi_write_references(x);
    gw_edi_write_event_time(x, status_time(x));
    gw_edi_write_place(x, "175", gw_tree_at(x->t, x->root, "place"));
    gw_edi_write_legs(x, GW_EDI_LEGS_ALL);
    gw_edi_write_journey(x);
    if (units)
        for (GW_FOREACH_CHILD (x->t, units, n))
            gw_edi_write_unit(x, n);
    gw_edi_write_measures(x);
    gw_edi_write_seals(x);
    gw_edi_write_goods_items(x);
}

static const struct kind {
    const char *message;
    part_fn head, group;
    bool per_container;
} kinds[] = {
    {"CODECO", codeco_head, codeco_group, true},
    {"COARRI", coarri_head, coarri_group, true},
    {"IFTSTA", iftsta_head, iftsta_group, false},
};

/* ---- which message ---- */

static const struct kind *kind_named(struct gw_slice name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (gw_slice_is(name, kinds[i].message))
            return &kinds[i];
    return NULL;
}

/* What a correction takes back, by the code it was told with. */
static struct gw_slice meant_type(const struct gw_edi_writing *x, const char *message)
{
    struct gw_slice type = gw_edi_str(x, "type"), code = gw_edi_str(x, "state.code");
    if (!gw_slice_is(type, "correction"))
        return type;
    const struct gw_edi_bgm *b = gw_edi_bgm_of(gw_slice_str(message), code);
    const struct gw_edi_sts *s = gw_edi_sts_of(code);
    return gw_slice_str(b ? b->type : s ? s->type : "other");
}

/* That it came in, if it is EDIFACT's; else the one whose business the type is. */
static const struct kind *kind_of(const struct gw_edi_writing *x, const char **rule)
{
    struct gw_slice type = gw_edi_str(x, "type"), class = gw_edi_str(x, "class");
    const struct kind *k = gw_slice_is(gw_edi_str(x, "source.format"), "edifact")
                               ? kind_named(gw_edi_str(x, "source.message_type"))
                               : NULL;
    bool happened = gw_edi_among(class, "actual reported");
    *rule = NULL;
    bool container = gw_tree_at(x->t, x->root, "equipment[0]") != GW_NODE_NONE;
    if (!k && happened &&
        (gw_edi_among(type, "gate-in gate-out") ||
         (container && gw_slice_is(type, "weighed"))))
        k = &kinds[0];
    if (!k && happened && gw_edi_among(type, "load discharge"))
        k = &kinds[1];
    if (!k && gw_edi_sts_for(type) &&
        (!gw_slice_is(type, "other") || gw_edi_str(x, "state.code").len) &&
        (happened || gw_edi_among(type, "arrive depart")))
        k = &kinds[2];
    if (!k)
        *rule = "no message of this format carries the type and class";
    else if (k->per_container && gw_tree_at(x->t, x->root, "equipment[1]") &&
             !gw_tree_str(x->t, x->root, "equipment[1].on").len)
        *rule = "more than one equipment in an event of one container";
    else if (k->per_container && !gw_tree_at(x->t, x->root, "equipment[0]"))
        *rule = "no equipment";
    return *rule ? NULL : k;
}

/* ---- messages of the interchange ---- */

struct encoding {
    struct gw_edi *c;
    struct gw_buf body;      /* the messages */
    struct gw_buf head;      /* of the event at hand */
    struct gw_buf open_head; /* of the message that is open */
    const struct kind *open;
    uint32_t segments, groups, messages; /* of the open message; of the interchange */
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
    if (!n->open)
        return;
    if (n->open->per_container) {
        put_line(&n->body, "CNT+16:%u", (unsigned)n->groups);
        n->segments++;
    }
    put_line(&n->body, "UNT+%u+%u", (unsigned)n->segments + 1, (unsigned)n->messages);
    n->open = NULL;
}

static void open_message(struct encoding *n, const struct kind *k, uint32_t head_segments)
{
    close_message(n);
    n->open = k;
    n->messages++;
    n->groups = 0;
    put_line(&n->body, "UNH+%u+%s:D:00B:UN", (unsigned)n->messages, k->message);
    gw_buf_slice(&n->body, gw_buf_bytes(&n->head));
    n->segments = 1 + head_segments;
    gw_buf_reset(&n->open_head);
    gw_buf_slice(&n->open_head, gw_buf_bytes(&n->head));
}

static void add_event(struct encoding *n, struct gw_edi_writing *x, const struct kind *k)
{
    x->message = k->message;
    x->type = meant_type(x, k->message);
    gw_buf_reset(&n->head);
    x->w = (struct gw_edi_writer){.out = &n->head};
    k->head(x);
    uint32_t head_segments = x->w.segments;
    if (n->open != k || !gw_slice_eq(gw_buf_bytes(&n->head), gw_buf_bytes(&n->open_head)))
        open_message(n, k, head_segments);
    x->number = ++n->groups;
    x->w = (struct gw_edi_writer){.out = &n->body};
    k->group(x);
    n->segments += x->w.segments;
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
    const struct kind *k = kind_of(&x, &rule);
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
                                             : "KARVAN");
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
    for (uint32_t i = 0; !e && i < events->count; i++)
        e = encode_event(&n, gw_events_at(events, i), i, fault);
    close_message(&n);
    if (!e && (n.body.failed || n.head.failed || n.open_head.failed))
        e = GW_NOMEM;
    if (!e && events->count)
        put_interchange(&n, out);
    gw_buf_deinit(&n.body);
    gw_buf_deinit(&n.head);
    gw_buf_deinit(&n.open_head);
    return e ? e : gw_buf_status(out);
}
