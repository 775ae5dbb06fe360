/* skeleton.c - a format to begin a new one from; see skeleton.h. */
#include "adapters/skeleton/skeleton.h"
#include <stdio.h>
#include "adapters/kit/event_make.h"
#include "adapters/kit/iso_time.h"

#define FIELDS    4
#define MAX_BYTES (1u << 20)

/* One per partner: allocated zeroed by the host, `size` bytes of it. */
struct state {
    struct gw_maker maker; /* makes events; see adapters/kit/event_make.h */
};

/* The codes of the format as data, each row with its source. */
static const struct {
    const char *code, *type;
    const char *source;
} codes[] = {
    {"LOADED", "load", "this page"},
    {"UNLOADED", "discharge", "this page"},
    {"GATE-IN", "gate-in", "this page"},
};

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct state *s = state;
    return gw_maker_open(&s->maker, o, "skeleton", why);
}

static void close_state(void *state)
{
    struct state *s = state;
    gw_maker_close(&s->maker);
}

static const char *type_of(struct gw_slice code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (gw_slice_is(code, codes[i].code))
            return codes[i].type;
    return NULL;
}

/* A refusal says where (offset, line), which rule, and shows the value. */
static enum gw_error refuse(struct gw_report *r, enum gw_error code, size_t at,
                            uint32_t line, const char *rule, struct gw_slice value)
{
    r->segment = line;
    (void)snprintf(r->detail, sizeof r->detail, "\"%.*s\"",
                   (int)(value.len < 80 ? value.len : 80),
                   value.len ? (const char *)value.at : "");
    return gw_fail(&r->fault, code, at, rule);
}

/* Cut a line at its semicolons; false unless there are FIELDS. */
static bool split(struct gw_slice line, struct gw_slice f[FIELDS])
{
    for (size_t i = 0; i < FIELDS; i++) {
        const uint8_t *end = line.len ? memchr(line.at, ';', line.len) : NULL;
        if (!end != (i == FIELDS - 1))
            return false;
        f[i] = gw_slice(line.at, end ? (size_t)(end - line.at) : line.len);
        if (end)
            line = gw_slice(end + 1, line.len - f[i].len - 1);
    }
    return true;
}

static enum gw_error make_event(struct state *s, struct gw_slice line, size_t at,
                                uint32_t number, struct gw_events *out,
                                struct gw_report *report)
{
    struct gw_maker *m = &s->maker;
    struct gw_slice f[FIELDS];
    struct gw_civil when;
    const char *type;

    if (!split(line, f))
        return refuse(report, GW_FORMAT, at, number,
                      "four fields, TIME;CODE;CONTAINER;PLACE", line);
    if (gw_iso_time(f[0], &when))
        return refuse(report, GW_TIME, at, number, "ISO 8601 date and time", f[0]);
    type = type_of(f[1]);
    gw_event_begin(m, type ? type : "other", "actual",
                   "equipment"); /* an unknown code is kept */
    gw_event_str(m, m->root, "state.code", f[1]);
    gw_event_str(m, m->root, "place.unlocode", f[3]);
    gw_event_moment(m, &when,
                    gw_event_known_place(m)); /* local to the place if it has no offset */
    (void)gw_event_equipment(m, "container", f[2]);
    return gw_event_end(m, out, &report->fault);
}

/* All of the message or nothing: on an error the events are cut back. */
static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct state *s = state;
    uint32_t before = out->count, number = 0;
    enum gw_error e = GW_OK;

    *report = (struct gw_report){.messages = 1};
    gw_maker_message(&s->maker, in);
    for (size_t at = 0; at < in.len && !e;) {
        const uint8_t *end = memchr(in.at + at, '\n', in.len - at);
        size_t len = end ? (size_t)(end - in.at) - at : in.len - at;
        struct gw_slice line =
            gw_slice(in.at + at, len && in.at[at + len - 1] == '\r' ? len - 1 : len);
        number++;
        if (line.len)
            e = make_event(s, line, at, number, out, report);
        at += len + 1;
    }
    if (!e && out->count == before)
        e = refuse(report, GW_FORMAT, 0, 0, "at least one line", gw_slice(NULL, 0));
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_skeleton = {.name = "skeleton",
                                               .standard = "an example, not a standard",
                                               .edition = "1",
                                               .size = sizeof(struct state),
                                               .max_bytes = MAX_BYTES,
                                               .open = open_state,
                                               .decode = decode,
                                               .close = close_state};
