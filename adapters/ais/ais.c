/* ais.c - AIS feeds to events: lines to sentences, sentences to messages, messages to
 * positions, ETAs, and arrivals and departures at ports.
 *
 * A feed is noisy: a bad sentence is noted and passed over like one that was not heard.
 * An input in which no line is good is refused. */
#include "adapters/ais/event.h"
#include "adapters/ais/join.h"
#include "adapters/adapter.h"
#include <stdlib.h>

#define MAX_BYTES (16u << 20)
#define HALF_YEAR (183 * 86400000ll)

struct ais {
    const struct gw_options *options; /* its clock is that of the receiver */
    struct ais_join *join;
    struct ais_fleet fleet;
    struct ais_fence fence;
    int64_t line_ms; /* of a $PGHP line: the next sentence's */
};

/* One call of decode. */
struct call {
    struct ais *a;
    struct gw_events *out;
    struct gw_report *report;
    uint32_t line;
    size_t at;     /* offset of the line */
    uint32_t good; /* lines that are sentences, times, or other people's */
};

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct ais *a = state;
    a->options = o;
    a->join = calloc(1, sizeof *a->join);
    if (!a->join) {
        gw_text_set(why, "out of memory");
        return GW_NOMEM;
    }
    ais_fence_read(&a->fence, o->places);
    return GW_OK;
}

static void close_state(void *state)
{
    struct ais *a = state;
    free(a->join);
    ais_fleet_deinit(&a->fleet);
    *a = (struct ais){0};
}

static void note(struct call *c, const char *rule)
{
    struct gw_report *r = c->report;
    if (r->finding_count < sizeof r->findings / sizeof *r->findings)
        r->findings[r->finding_count] =
            (struct gw_finding){.at = c->at, .segment = c->line, .rule = rule};
    r->finding_count++;
}

/* ---- ETA ---- */

/* Month and day carry no year: the one that is nearest.  0 when there is no such date. */
static int64_t eta_ms(const struct ais_message *m, int64_t now_ms)
{
    int hour = m->eta_hour < 24 ? m->eta_hour : 0,
        minute = m->eta_minute < 60 ? m->eta_minute : 0;
    int year = 1970 + (int)(now_ms / 31556952000ll);
    for (int y = year - 1; y <= year + 1; y++) {
        int64_t t = ais_utc(y, m->eta_month, m->eta_day, hour, minute, 0);
        if (t && t - now_ms < HALF_YEAR && now_ms - t <= HALF_YEAR)
            return t;
    }
    return 0;
}

/* "AKTAU>KZAAU", "AZ ALT": the last part without blanks, when it is a code of the table.
 */
static const struct gw_place *destination_place(const struct ais *a, const char *text)
{
    char code[6];
    size_t n = 0;
    const char *from = strrchr(text, '>');
    for (from = from ? from + 1 : text; *from; from++) {
        if (*from == ' ')
            continue;
        if (n == 5)
            return NULL;
        code[n++] = *from;
    }
    return gw_places_by_unlocode(a->options->places, gw_slice(code, n));
}

/* Ships repeat it every six minutes: only a change is an event. */
static enum gw_error report_eta(struct call *c, const struct ais_fact *f,
                                struct ais_ship *s)
{
    const struct ais_message *m = f->message;
    int64_t eta = m->type == 5 && m->eta_month ? eta_ms(m, f->time_ms) : 0;
    struct ais_fact at = *f;
    if (m->type == 5 && m->eta_month && !eta)
        note(c, "ETA is a date");
    if (!eta || !*m->destination ||
        (eta == s->eta_ms && strcmp(m->destination, s->destination) == 0))
        return GW_OK;
    s->eta_ms = eta;
    memcpy(s->destination, m->destination, sizeof s->destination);
    at.recorded_ms = f->time_ms;
    at.time_ms = eta;
    at.stated = true; /* the standard's ETA is UTC */
    return ais_event_eta(&at, m->destination, destination_place(c->a, m->destination),
                         c->out);
}

/* ---- positions ---- */

static bool is_ship(const struct ais_message *m)
{
    return m->type != 4 && m->type != 9 && m->type != 21;
}

static enum gw_error report_crossing(struct call *c, const struct ais_fact *f,
                                     struct ais_ship *s)
{
    struct ais_crossing x;
    struct ais_fact at = *f;
    enum gw_error e = GW_OK;
    if (!is_ship(f->message) || !ais_fence_cross(&c->a->fence, s, f->message->lat,
                                                 f->message->lon, f->time_ms, &x))
        return GW_OK;
    at.time_ms = x.time_ms;
    if (x.left)
        e = ais_event_port(&at, "depart", x.left, c->out);
    if (!e && x.reached)
        e = ais_event_port(&at, "arrive", x.reached, c->out);
    return e;
}

/* Years the event schema knows. */
static bool is_plausible(int64_t ms)
{
    return ms >= 946684800000 && ms < 4102444800000;
}

/* The time the feed tells, the message's own clock, or the receiver's. */
static void put_time(struct call *c, struct ais_fact *f, const struct ais_sentence *s)
{
    int64_t own = f->message->utc_ms;
    if (s->time_ms && !is_plausible(s->time_ms))
        note(c, "time between 2000 and 2100");
    f->stated = is_plausible(s->time_ms);
    f->time_ms = f->stated ? s->time_ms : is_plausible(own) ? own : c->a->options->now_ms;
}

static enum gw_error take_message(struct call *c, const struct ais_message *m,
                                  const struct ais_sentence *s)
{
    struct ais_fact f = {.message = m, .text = s->text};
    put_time(c, &f, s);
    struct ais_ship *ship = ais_fleet_ship(&c->a->fleet, m->mmsi, f.time_ms);
    if (!ship)
        return GW_NOMEM;
    ais_ship_learn(ship, m);
    f.ship = ship;
    enum gw_error e = report_eta(c, &f, ship);
    if (!e && m->has_position)
        e = ais_event_position(&f, c->out);
    if (!e && m->has_position)
        e = report_crossing(c, &f, ship);
    return e;
}

/* ---- lines ---- */

static enum gw_error take_sentence(struct call *c, struct ais_sentence *s)
{
    struct ais_message m;
    const char *rule;
    c->good++;
    if (!s->time_ms)
        s->time_ms = c->a->line_ms;
    c->a->line_ms = 0;
    if (!ais_join_add(c->a->join, s))
        return GW_OK;
    c->report->messages++;
    if (ais_message_read(s->payload, s->fill, &m, &rule))
        return take_message(c, &m, s);
    c->report->ignored++;
    if (rule)
        note(c, rule);
    return GW_OK;
}

static enum gw_error take_line(struct call *c, struct gw_slice line)
{
    struct ais_sentence s;
    const char *rule;
    switch (ais_sentence_read(line, &s, &rule)) {
    case AIS_LINE_SENTENCE:
        return take_sentence(c, &s);
    case AIS_LINE_TIME:
        c->a->line_ms = s.time_ms;
        c->good++;
        break;
    case AIS_LINE_NONE:
        c->good += line.len > 0;
        break;
    case AIS_LINE_BAD:
        note(c, rule);
        break;
    }
    return GW_OK;
}

static enum gw_error take_lines(struct call *c, struct gw_slice in)
{
    enum gw_error e = GW_OK;
    while (!e && c->at < in.len) {
        const uint8_t *from = in.at + c->at;
        const uint8_t *end = memchr(from, '\n', in.len - c->at);
        size_t len = end ? (size_t)(end - from) : in.len - c->at;
        size_t used = len + (end != NULL);
        while (len && (from[len - 1] == '\r' || from[len - 1] == ' '))
            len--;
        c->line++;
        e = take_line(c, gw_slice(from, len));
        c->at += used;
    }
    return e;
}

/* The first finding is why nothing was read. */
static enum gw_error refuse(struct gw_report *r)
{
    const struct gw_finding *f = &r->findings[0];
    r->segment = r->finding_count ? f->segment : 0;
    return gw_fail(&r->fault, GW_FORMAT, r->finding_count ? f->at : 0,
                   r->finding_count ? f->rule : "an AIS sentence");
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct call c = {.a = state, .out = out, .report = report};
    uint32_t before = out->count;
    enum gw_error e = take_lines(&c, in);
    if (!e && !c.good)
        e = refuse(report);
    else if (e)
        (void)gw_fail(&report->fault, e, c.at < in.len ? c.at : in.len,
                      "room for the events");
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_ais = {.name = "ais",
                                          .standard =
                                              "AIS, NMEA 0183 VDM and VDO sentences",
                                          .edition = "ITU-R M.1371-5",
                                          .unit = "line",
                                          .size = sizeof(struct ais),
                                          .max_bytes = MAX_BYTES,
                                          .open = open_state,
                                          .decode = decode,
                                          .close = close_state};
