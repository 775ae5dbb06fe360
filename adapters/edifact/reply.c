/* reply.c - CONTRL and APERAK to the sender of an interchange. */
#include "adapters/edifact/reply.h"
#include "adapters/edifact/encode.h"
#include <stdio.h>
#include <stdlib.h>

#define REJECTED     "4"
#define ACKNOWLEDGED "7"
#define OUT_BYTES    (16u << 20)
#define OUT_COUNT    1000000u

/* What a rule of ours is in code list 0085. */
static const struct {
    const char *rule, *error;
} errors[] = {
    {"UNA service characters", "22"},     /* invalid service character(s) */
    {"segment terminator missing", "13"}, /* missing */
    {"UNT missing", "13"},
    {"mandatory segment missing", "13"},
    {"UNH message type", "13"},
    {"segment tag", "12"},                    /* invalid value */
    {"message type not supported", "14"},     /* value not supported in this position */
    {"too many elements in a segment", "16"}, /* too many constituents */
    {"no message", "32"},                     /* lower level empty */
    {"segment outside a message", "33"},      /* invalid occurrence outside message */
};

static const char *error_of(const char *rule)
{
    for (size_t i = 0; rule && i < sizeof errors / sizeof *errors; i++)
        if (strcmp(rule, errors[i].rule) == 0)
            return errors[i].error;
    return "18"; /* unspecified error */
}

/* The syntax of the message is good, but not what it says. */
static bool is_content(const struct gw_report *r)
{
    return r->fault.rule && strcmp(r->fault.rule, GW_EDI_RULE_EVENT) == 0;
}

struct replying {
    const struct gw_edi *c;
    const struct gw_report *report;
    const struct gw_edi_envelope *to; /* the interchange answered */
    bool refused;                     /* it is the one with the fault */
    bool inside;                      /* ... within c->message */
    struct gw_edi_writer w;
};

static void put_party(struct replying *y, struct gw_slice id, struct gw_slice qualifier)
{
    gw_edi_element(&y->w, id);
    gw_edi_component(&y->w, qualifier);
}

/* ---- CONTRL ---- */

/* "UNH.2.1" to S011: the tag is position 1 of its segment. */
static void put_position(struct replying *y)
{
    const char *dot = strchr(y->report->fault.field, '.');
    char text[12];
    if (!dot)
        return;
    char *end;
    unsigned long element = strtoul(dot + 1, &end, 10);
    (void)snprintf(text, sizeof text, "%lu", (element + 1) % 1000);
    gw_edi_element_str(&y->w, text);
    if (*end == '.')
        gw_edi_component_str(&y->w, end + 1);
}

static void put_uci(struct replying *y)
{
    bool rejected = y->report->fault.code && !is_content(y->report);
    gw_edi_segment(&y->w, "UCI");
    gw_edi_element(&y->w, y->to->ref);
    put_party(y, y->to->sender, y->to->sender_qualifier);
    put_party(y, y->to->recipient, y->to->recipient_qualifier);
    gw_edi_element_str(&y->w, rejected ? REJECTED : ACKNOWLEDGED);
    if (rejected && !y->refused)
        gw_edi_element_str(&y->w, "18"); /* it came with one that is refused */
    if (rejected && y->refused && !y->inside) {
        char tag[4] = "";
        memcpy(tag, y->report->fault.field, 3);
        gw_edi_element_str(&y->w, error_of(y->report->fault.rule));
        gw_edi_element_str(&y->w, tag);
        put_position(y);
    }
    gw_edi_end(&y->w);
}

static void put_message(struct replying *y, const char *tag, const char *action)
{
    const struct gw_edi_message *m = &y->c->message;
    gw_edi_segment(&y->w, tag);
    gw_edi_element(&y->w, m->ref);
    gw_edi_element(&y->w, m->type);
    gw_edi_component(&y->w, m->version);
    gw_edi_component(&y->w, m->release);
    gw_edi_component(&y->w, m->agency);
    gw_edi_component(&y->w, m->association);
    gw_edi_element_str(&y->w, action);
    gw_edi_end(&y->w);
}

/* The message, its segment, its element. */
static void put_ucm(struct replying *y)
{
    const struct gw_report *r = y->report;
    char position[12];
    put_message(y, "UCM", REJECTED);
    (void)snprintf(position, sizeof position, "%u",
                   (unsigned)(r->segment - y->c->message.unh.number + 1));
    gw_edi_segment(&y->w, "UCS");
    gw_edi_element_str(&y->w, position);
    gw_edi_element_str(&y->w, error_of(r->fault.rule));
    gw_edi_end(&y->w);
    if (strchr(r->fault.field, '.')) {
        gw_edi_segment(&y->w, "UCD");
        gw_edi_element_str(&y->w, error_of(r->fault.rule));
        put_position(y);
        gw_edi_end(&y->w);
    }
}

static void put_line(struct replying *y, const char *text)
{
    gw_buf_str(y->w.out, text);
    gw_buf_str(y->w.out, "'\n");
    y->w.segments++;
}

static void close_message(struct replying *y, const char *number)
{
    gw_edi_segment(&y->w, "UNT");
    char count[12];
    (void)snprintf(count, sizeof count, "%u", (unsigned)y->w.segments + 1);
    gw_edi_element_str(&y->w, count);
    gw_edi_element_str(&y->w, number);
    gw_edi_end(&y->w);
    y->w.segments = 0;
}

static void put_contrl(struct replying *y)
{
    y->w.segments = 0;
    put_line(y, "UNH+1+CONTRL:D:3:UN");
    put_uci(y);
    if (y->report->fault.code && y->refused && y->inside && !is_content(y->report))
        put_ucm(y);
    close_message(y, "1");
}

/* ---- APERAK ---- */

static void put_aperak(struct replying *y)
{
    y->w.segments = 0;
    put_line(y, "UNH+2+APERAK:D:96A:UN");
    gw_edi_segment(&y->w, "BGM");
    gw_edi_element_str(&y->w, "313");
    gw_edi_element(&y->w, y->to->ref);
    gw_edi_element_str(&y->w, "27"); /* not accepted */
    gw_edi_element_str(&y->w, "RE");
    gw_edi_end(&y->w);
    gw_edi_segment(&y->w, "RFF");
    gw_edi_element_str(&y->w, "ACW");
    gw_edi_component(&y->w, y->c->message.ref);
    gw_edi_end(&y->w);
    gw_edi_segment(&y->w, "ERC");
    gw_edi_element_str(&y->w, "18");
    gw_edi_end(&y->w);
    gw_edi_segment(&y->w, "FTX");
    gw_edi_plain(&y->w, "+AAO++");
    gw_edi_element_str(&y->w, y->report->detail);
    gw_edi_end(&y->w);
    close_message(y, "2");
}

/* ---- the answering interchange ---- */

static void put_answer(struct gw_edi *c, struct replying *y)
{
    char reference[24];
    bool content = y->refused && y->inside && is_content(y->report);
    gw_edi_new_reference(c, reference);
    gw_buf_str(y->w.out, "UNA:+.? '\n");
    gw_edi_segment(&y->w, "UNB");
    gw_edi_element_str(&y->w, c->evidence.ascii ? "UNOC" : "UNOY");
    gw_edi_component_str(&y->w, c->evidence.ascii ? "3" : "4");
    put_party(y, y->to->recipient, y->to->recipient_qualifier);
    put_party(y, y->to->sender, y->to->sender_qualifier);
    gw_edi_put_prepared(&y->w, c->options->now_ms, c->evidence.ascii);
    gw_edi_element_str(&y->w, reference);
    if (y->to->test) {
        gw_edi_skip(&y->w, 5);
        gw_edi_element_str(&y->w, "1");
    }
    gw_edi_end(&y->w);
    put_contrl(y);
    if (content)
        put_aperak(y);
    gw_edi_segment(&y->w, "UNZ");
    gw_edi_element_str(&y->w, content ? "2" : "1");
    gw_edi_element_str(&y->w, reference);
    gw_edi_end(&y->w);
}

enum gw_error gw_edi_reply(void *state, struct gw_slice in,
                           const struct gw_report *report, struct gw_buf *out)
{
    struct gw_edi *c = state;
    struct gw_events events;
    struct gw_report again = {0};
    gw_events_init(&events, OUT_BYTES, OUT_COUNT);
    gw_edi_begin(c, in, &events, &again);
    enum gw_error e = gw_edi_walk(c); /* once more, for the envelopes up to the fault */
    gw_events_deinit(&events);
    if (e == GW_NOMEM)
        return e;
    for (uint32_t i = 0; i < c->envelope_count; i++) {
        struct replying y = {.c = c,
                             .report = report,
                             .to = &c->envelopes[i],
                             .refused = report->fault.code && i + 1 == c->envelope_count,
                             .inside = c->in_message,
                             .w = {.out = out}};
        if (c->envelopes[i].answerable || y.refused)
            put_answer(c, &y);
    }
    return gw_buf_status(out);
}
