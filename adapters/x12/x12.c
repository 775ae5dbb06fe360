/* x12.c - ANSI X12 interchanges to events: envelopes, counts, test flags; the adapter. */
#include "adapters/x12/x12.h"
#include <stdlib.h>
#include "adapters/x12/messages.h"
#include "base/utf8.h"

#define MAX_BYTES (8u << 20)

struct state {
    const struct gw_options *options;
    struct gw_maker maker;
    struct gw_buf text;         /* the message as UTF-8, where it was not */
    struct gw_x12_segment *set; /* of the transaction set being read */
    uint32_t used, cap;
};

/* One decode call. */
struct run {
    struct state *s;
    struct gw_x12_reader reader;
    struct gw_events *out;
    struct gw_report *report;
    struct gw_slice interchange, sender, recipient, version,
        functional;        /* of the envelope */
    bool open, test;       /* an ISA was read and its IEA not; flagged as test */
    uint32_t groups, sets; /* in this interchange, in this group */
};

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct state *s = state;
    s->options = o;
    gw_buf_init(&s->text, 2 * MAX_BYTES);
    return gw_maker_open(&s->maker, o, "x12", why);
}

static void close_state(void *state)
{
    struct state *s = state;
    gw_maker_close(&s->maker);
    gw_buf_deinit(&s->text);
    free(s->set);
}

static bool count_is(struct gw_slice said, uint32_t is)
{
    uint64_t n;
    return gw_slice_uint(said, &n) && n == is;
}

static void check(struct run *r, const struct gw_x12_segment *s, bool good,
                  const char *rule, struct gw_slice value)
{
    if (!good)
        gw_x12_note(s, rule, value, r->report);
}

static enum gw_error on_isa(struct run *r, const struct gw_x12_segment *s)
{
    struct gw_slice number = gw_x12_element(s, 13);
    check(r, s, !r->open, "IEA missing", r->interchange);
    check(r, s, !r->interchange.len || !gw_slice_eq(number, r->interchange),
          "interchange repeated", number);
    r->interchange = number;
    r->sender = gw_x12_element(s, 6);
    r->recipient = gw_x12_element(s, 8);
    r->test = gw_slice_is(gw_x12_element(s, 15), "T");
    r->open = true;
    r->groups = r->sets = 0;
    return GW_OK;
}

static enum gw_error on_iea(struct run *r, const struct gw_x12_segment *s)
{
    check(r, s, count_is(gw_x12_element(s, 1), r->groups), "IEA count",
          gw_x12_element(s, 1));
    check(r, s, gw_slice_eq(gw_x12_element(s, 2), r->interchange), "IEA number",
          gw_x12_element(s, 2));
    r->open = false;
    return GW_OK;
}

static enum gw_error on_gs(struct run *r, const struct gw_x12_segment *s)
{
    r->functional = gw_x12_element(s, 6);
    r->version = gw_x12_element(s, 8);
    r->groups++;
    r->sets = 0;
    return GW_OK;
}

static enum gw_error on_ge(struct run *r, const struct gw_x12_segment *s)
{
    check(r, s, count_is(gw_x12_element(s, 1), r->sets), "GE count",
          gw_x12_element(s, 1));
    check(r, s, gw_slice_eq(gw_x12_element(s, 2), r->functional), "GE number",
          gw_x12_element(s, 2));
    return GW_OK;
}

static bool keep(struct state *s, const struct gw_x12_segment *segment)
{
    if (s->used == s->cap) {
        uint32_t cap = s->cap ? s->cap * 2 : 64;
        void *more = realloc(s->set, cap * sizeof *s->set);
        if (!more)
            return false;
        s->set = more;
        s->cap = cap;
    }
    s->set[s->used++] = *segment;
    return true;
}

static enum gw_error make_events(struct run *r)
{
    struct state *s = r->s;
    struct gw_x12_set set = {.at = s->set,
                             .count = s->used,
                             .type = gw_x12_element(&s->set[0], 1),
                             .reference = gw_x12_element(&s->set[0], 2),
                             .interchange = r->interchange,
                             .sender = r->sender,
                             .recipient = r->recipient,
                             .version = r->version};
    struct gw_x12_output o = {&s->maker, r->out, r->report};
    enum gw_error e;

    r->report->messages++;
    e = r->test && !s->options->accept_test ? GW_NOT_FOUND : gw_x12_message(&set, &o);
    if (e == GW_NOT_FOUND) {
        r->report->ignored++;
        e = GW_OK;
    }
    return e;
}

/* From ST up to its SE. */
static enum gw_error on_st(struct run *r, const struct gw_x12_segment *st)
{
    struct gw_x12_segment s = *st;
    struct gw_slice count;
    enum gw_error e = GW_OK;

    r->s->used = 0;
    r->sets++;
    while (!e && keep(r->s, &s) && !gw_x12_is(&s, "SE")) {
        if (r->s->used == GW_X12_SEGMENTS)
            return gw_x12_refuse(st, GW_RANGE,
                                 "at most 4096 segments in a transaction set",
                                 gw_x12_element(st, 2), r->report);
        e = gw_x12_next(&r->reader, &s, r->report);
        if (e == GW_NOT_FOUND || (!e && (gw_x12_is(&s, "ST") || gw_x12_is(&s, "GE") ||
                                         gw_x12_is(&s, "IEA") || gw_x12_is(&s, "ISA"))))
            return gw_x12_refuse(st, GW_TRUNCATED, "SE for every ST",
                                 gw_x12_element(st, 2), r->report);
    }
    if (e)
        return e;
    if (!gw_x12_is(&r->s->set[r->s->used - 1], "SE"))
        return GW_NOMEM;
    count = gw_x12_element(&s, 1);
    check(r, &s, count_is(count, r->s->used), "SE count", count);
    check(r, &s, gw_slice_starts(gw_x12_element(&s, 2), gw_x12_element(st, 2)),
          "SE number", gw_x12_element(&s, 2));
    return make_events(r);
}

static enum gw_error dispatch(struct run *r, const struct gw_x12_segment *s)
{
    static const struct {
        const char *tag;
        enum gw_error (*run)(struct run *r, const struct gw_x12_segment *s);
    } tags[] = {
        {"ISA", on_isa}, {"IEA", on_iea}, {"GS", on_gs}, {"GE", on_ge}, {"ST", on_st}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (gw_x12_is(s, tags[i].tag))
            return tags[i].run(r, s);
    return gw_x12_refuse(s, GW_FORMAT, "ISA, GS, ST, GE or IEA", s->tag, r->report);
}

/* X12's extended set are the letters of Western Europe: what is no UTF-8 is read as ISO
 * 8859-1, in which every byte is a character. */
static enum gw_error as_utf8(struct state *s, struct gw_slice *in)
{
    gw_buf_reset(&s->text);
    for (size_t i = 0; i < in->len; i++) {
        if (in->at[i] >= 0x80)
            gw_buf_byte(&s->text, (uint8_t)(0xC0 | in->at[i] >> 6));
        gw_buf_byte(&s->text,
                    in->at[i] < 0x80 ? in->at[i] : (uint8_t)(0x80 | (in->at[i] & 0x3F)));
    }
    *in = gw_buf_bytes(&s->text);
    return gw_buf_status(&s->text);
}

/* An offset in the text that was made to one in the message that came. */
static size_t original(const struct gw_buf *text, size_t at)
{
    size_t more = 0;
    for (size_t i = 0; i < at && i < text->len; i++)
        more += (text->at[i] & 0xC0) == 0x80;
    return at - more;
}

static void correct_offsets(const struct gw_buf *text, struct gw_report *r)
{
    r->fault.at = original(text, r->fault.at);
    for (uint32_t i = 0;
         i < r->finding_count && i < sizeof r->findings / sizeof *r->findings; i++)
        r->findings[i].at = original(text, r->findings[i].at);
}

static enum gw_error decode_text(struct state *state, struct gw_slice in,
                                 struct gw_events *out, struct gw_report *report)
{
    struct run r = {.s = state, .out = out, .report = report};
    struct gw_x12_segment s = {.number = 0};
    uint32_t before = out->count;
    enum gw_error e;

    e = gw_x12_begin(&r.reader, in, report);
    while (!e && (e = gw_x12_next(&r.reader, &s, report)) == GW_OK)
        e = dispatch(&r, &s);
    if (e != GW_NOT_FOUND) {
        gw_events_cut(out, before);
        return e;
    }
    if (r.open)
        gw_x12_note(&s, "IEA missing", r.interchange, report);
    return GW_OK;
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct state *s = state;
    enum gw_error e;
    size_t bad;

    *report = (struct gw_report){0};
    gw_maker_message(&s->maker, in);
    if (gw_utf8_valid(in, &bad))
        return decode_text(s, in, out, report);
    e = as_utf8(s, &in);
    if (!e)
        e = decode_text(s, in, out, report);
    correct_offsets(&s->text, report);
    return e;
}

const struct gw_adapter gw_adapter_x12 = {.name = "x12",
                                          .standard = "ANSI X12 214, 310, 315, 322, 404",
                                          .edition = "release 004010",
                                          .size = sizeof(struct state),
                                          .max_bytes = MAX_BYTES,
                                          .open = open_state,
                                          .decode = decode,
                                          .close = close_state};
