/* sink.c - events into messages of a format. */
#include "adapters/sink.h"
#include "adapters/failed_folder.h"
#include "adapters/reason.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define GATHER_BYTES  (64u << 20)
#define GATHER_COUNT  210000u
#define MESSAGE_BYTES (256u << 20)
#define CURSOR        ".cursor"
#define CURSOR_LINE   "karvan-sink-cursor subscription=%s seq=%" PRIu64 "\n"

/* In order of seq. */
struct gathered {
    struct gw_events events;
    uint64_t *seqs; /* of each */
};

struct gw_sink {
    struct gw_sink_settings set;
    struct gw_format *format;
    int base, unsent, failed;
    struct gathered pending;
    uint32_t taken; /* so many of the first pending ones are in `sending` or done with */
    int64_t since_ms;        /* when the first one came that is still pending */
    struct gathered sending; /* those the message under way is made of; empty: none is */
    bool made;               /* `message` is encoded, what it cannot carry is set aside */
    bool stale; /* the gateway began again before it: it is settled, not counted */
    struct gw_events fitting; /* those of `sending` that the format can carry */
    struct gw_buf message;
    struct gw_reason reasons; /* the others */
    uint32_t refused;
    uint64_t position, written, done;
    struct gw_sink_counts counts;
};

/* ---- opening ---- */

/* Of another subscription: none. */
static uint64_t read_cursor(const struct gw_sink *s)
{
    char again[160];
    struct gw_buf b;
    uint64_t seq = 0;
    gw_buf_init(&b, 512);
    if (!gw_file_get(s->base, CURSOR, 500, &b)) {
        const char *at = strstr(gw_buf_text(&b), " seq=");
        seq = at ? strtoull(at + 5, NULL, 10) : 0;
        (void)snprintf(again, sizeof again, CURSOR_LINE, s->set.subscription, seq);
        if (!gw_slice_is(gw_buf_bytes(&b), again))
            seq = 0;
    }
    gw_buf_deinit(&b);
    return seq;
}

static enum gw_error save_cursor(const struct gw_sink *s, uint64_t seq)
{
    char line[160];
    (void)snprintf(line, sizeof line, CURSOR_LINE, s->set.subscription, seq);
    return gw_file_put(s->base, CURSOR, gw_slice_str(line));
}

static enum gw_error open_gathered(struct gathered *g)
{
    gw_events_init(&g->events, GATHER_BYTES, GATHER_COUNT);
    g->seqs = calloc(GATHER_COUNT, sizeof *g->seqs);
    return g->seqs ? GW_OK : GW_NOMEM;
}

static void close_gathered(struct gathered *g)
{
    gw_events_deinit(&g->events);
    free(g->seqs);
}

static enum gw_error open_parts(struct gw_sink *s)
{
    enum gw_error e = gw_reason_init(&s->reasons);
    if (!e)
        e = open_gathered(&s->pending);
    if (!e)
        e = open_gathered(&s->sending);
    if (!e)
        e = gw_dir_open(&s->base, AT_FDCWD, s->set.folder);
    if (!e)
        e = gw_dir_open(&s->unsent, s->base, "unsent");
    if (!e)
        e = gw_dir_open(&s->failed, s->base, "failed");
    return e;
}

enum gw_error gw_sink_open(struct gw_sink **out, const struct gw_sink_settings *set,
                           struct gw_format *format, struct gw_text *why)
{
    struct gw_sink *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return GW_NOMEM;
    s->set = *set;
    s->format = format;
    s->base = s->unsent = s->failed = -1;
    gw_events_init(&s->fitting, GATHER_BYTES, GATHER_COUNT);
    gw_buf_init(&s->message, MESSAGE_BYTES);
    enum gw_error e = open_parts(s);
    if (e) {
        gw_text_set(why, "%s: %s: make it, or let this user write there", set->folder,
                    e == GW_IO ? strerror(errno) : gw_error_text(e));
        gw_sink_close(s);
        return e;
    }
    s->written = read_cursor(s);
    *out = s;
    return GW_OK;
}

void gw_sink_close(struct gw_sink *s)
{
    if (!s)
        return;
    gw_sink_save(s);
    gw_dir_close(&s->base);
    gw_dir_close(&s->unsent);
    gw_dir_close(&s->failed);
    close_gathered(&s->pending);
    close_gathered(&s->sending);
    gw_events_deinit(&s->fitting);
    gw_buf_deinit(&s->message);
    gw_reason_deinit(&s->reasons);
    free(s);
}

uint64_t gw_sink_cursor(const struct gw_sink *s)
{
    return s->written;
}

void gw_sink_save(struct gw_sink *s)
{
    if (s->done > s->written && !save_cursor(s, s->done))
        s->written = s->done;
}

/* ---- gathering ---- */

static uint64_t last_of(const struct gathered *g)
{
    return g->events.count ? g->seqs[g->events.count - 1] : 0;
}

static uint32_t waiting(const struct gw_sink *s)
{
    return s->pending.events.count - s->taken;
}

void gw_sink_restart(struct gw_sink *s, uint64_t start)
{
    gw_events_reset(&s->pending.events);
    s->taken = 0;
    s->position = s->done = 0;
    if (!start || s->written < start)
        return;
    s->written = start - 1; /* asked for again, or the gateway's numbers were set back */
    s->stale = s->sending.events.count > 0;
}

enum gw_error gw_sink_event(struct gw_sink *s, uint64_t seq, struct gw_slice event,
                            int64_t mono_ms)
{
    struct gathered *g = &s->pending;
    if (seq <= s->written || (!s->stale && seq <= last_of(&s->sending)))
        return GW_OK;
    if (g->events.count == GATHER_COUNT)
        return GW_RANGE;
    enum gw_error e = gw_events_add_bytes(&g->events, event);
    if (e)
        return e;
    if (waiting(s) == 1)
        s->since_ms = mono_ms;
    g->seqs[g->events.count - 1] = seq;
    return GW_OK;
}

/* Nothing is held: what did not match is done with as soon as it was looked at. */
static bool is_empty(const struct gw_sink *s)
{
    return !waiting(s) && !s->sending.events.count;
}

void gw_sink_position(struct gw_sink *s, uint64_t seq)
{
    if (seq > s->position)
        s->position = seq;
    if (is_empty(s))
        s->done = s->position;
}

int64_t gw_sink_due_in(const struct gw_sink *s, int64_t mono_ms)
{
    if (!waiting(s) || s->sending.events.count)
        return -1;
    if (waiting(s) >= s->set.every_events)
        return 0;
    int64_t left = s->since_ms + s->set.every_ms - mono_ms;
    return left < 0 ? 0 : left;
}

/* ---- making ---- */

/* Which of the sending events are in `fitting`: `at` counts among these. */
static void drop_fitting(struct gw_sink *s, uint32_t *which, uint32_t at)
{
    memmove(which + at, which + at + 1, (s->fitting.count - at - 1) * sizeof *which);
    gw_events_remove(&s->fitting, at);
    s->refused++;
}

static enum gw_error set_aside(struct gw_sink *s, uint32_t *which,
                               const struct gw_fault *fault)
{
    uint32_t at = (uint32_t)fault->at, i = which[at];
    const char *rule = fault->rule ? fault->rule : "cannot be encoded";
    enum gw_error e =
        gw_reason_add_unsent(&s->reasons, s->sending.seqs[i], s->format->adapter->name,
                             rule, gw_events_at(&s->sending.events, i));
    if (!e)
        drop_fitting(s, which, at);
    return e;
}

/* Encode; what the format cannot carry is set aside, until the rest fits.  A codec that
 * does not say which event it cannot carry loses none of them: all are set aside, one by
 * one. */
static enum gw_error encode(struct gw_sink *s, uint32_t *which)
{
    const struct gw_format *f = s->format;
    enum gw_error e = GW_OK;
    gw_buf_reset(&s->message);
    while (!e && s->fitting.count) {
        struct gw_fault fault = {0};
        gw_buf_reset(&s->message);
        e = f->adapter->encode(f->state, &s->fitting, &s->message, &fault);
        if (!e)
            return GW_OK;
        if (e == GW_NOMEM)
            return e;
        if (fault.at >= s->fitting.count)
            fault.at = 0;
        e = set_aside(s, which, &fault);
        gw_buf_reset(&s->message);
    }
    return e;
}

static enum gw_error encode_all(struct gw_sink *s)
{
    const struct gw_events *from = &s->sending.events;
    uint32_t *which = calloc(from->count, sizeof *which);
    enum gw_error e = which ? GW_OK : GW_NOMEM;
    gw_events_reset(&s->fitting);
    gw_reason_reset(&s->reasons);
    s->refused = 0;
    for (uint32_t i = 0; !e && i < from->count; i++) {
        which[i] = i;
        e = gw_events_add_bytes(&s->fitting, gw_events_at(from, i));
    }
    if (!e)
        e = encode(s, which);
    free(which);
    return e;
}

static void name_it(const struct gw_sink *s, const char *suffix,
                    char out[GW_FILE_NAME_MAX])
{
    (void)snprintf(out, GW_FILE_NAME_MAX, "%s-%012" PRIu64 "-%012" PRIu64 "%s",
                   s->set.subscription, s->sending.seqs[0], last_of(&s->sending), suffix);
}

static enum gw_error put_unsent(struct gw_sink *s)
{
    char name[GW_FILE_NAME_MAX];
    name_it(s, ".ndjson", name);
    return s->refused ? gw_file_put(s->unsent, name, gw_buf_bytes(&s->reasons.text))
                      : GW_OK;
}

static enum gw_error make(struct gw_sink *s, struct gw_text *why)
{
    gw_text_set(why, "the events cannot be encoded");
    enum gw_error e = encode_all(s);
    if (e)
        return e;
    e = put_unsent(s);
    if (e)
        gw_text_set(why, "%s/unsent: %s", s->set.folder, strerror(errno));
    s->made = !e;
    return e;
}

/* Moving the rest down is put off until half of the room is taken up by what is gone. */
static void tidy(struct gw_sink *s)
{
    struct gathered *g = &s->pending;
    uint32_t left = waiting(s);
    if (left > s->taken)
        return;
    gw_events_drop(&g->events, s->taken);
    memmove(g->seqs, g->seqs + s->taken, left * sizeof *g->seqs);
    s->taken = 0;
}

/* The first every_events of what is pending are under way from now on. */
static enum gw_error turn_over(struct gw_sink *s)
{
    uint32_t n = waiting(s) < s->set.every_events ? waiting(s) : s->set.every_events;
    enum gw_error e = GW_OK;
    s->made = false;
    for (uint32_t i = 0; !e && i < n; i++) {
        s->sending.seqs[i] = s->pending.seqs[s->taken + i];
        e = gw_events_add_bytes(&s->sending.events,
                                gw_events_at(&s->pending.events, s->taken + i));
    }
    if (e) {
        gw_events_reset(&s->sending.events);
        return e;
    }
    s->taken += n;
    tidy(s);
    return GW_OK;
}

enum gw_error gw_sink_make(struct gw_sink *s, struct gw_sink_message *out,
                           struct gw_text *why)
{
    enum gw_error e = GW_OK;
    *out = (struct gw_sink_message){0};
    if (!s->sending.events.count)
        e = turn_over(s);
    if (e || !s->sending.events.count)
        return e;
    if (!s->made)
        e = make(s, why);
    if (e)
        return e;
    if (!s->fitting.count)
        return gw_sink_delivered(s, why);
    name_it(s, s->set.suffix, out->name);
    out->bytes = gw_buf_bytes(&s->message);
    out->events = s->fitting.count;
    return GW_OK;
}

/* ---- settling ---- */

static void finish(struct gw_sink *s)
{
    if (!s->stale)
        s->written = s->done = last_of(&s->sending);
    gw_events_reset(&s->sending.events);
    s->made = s->stale = false;
    if (is_empty(s) && s->position > s->done)
        s->done = s->position;
}

static enum gw_error settle(struct gw_sink *s, struct gw_text *why)
{
    if (!s->stale && save_cursor(s, last_of(&s->sending))) {
        gw_text_set(why, "%s: %s", s->set.folder, strerror(errno));
        return GW_IO;
    }
    s->counts.unsent += s->refused;
    finish(s);
    return GW_OK;
}

enum gw_error gw_sink_delivered(struct gw_sink *s, struct gw_text *why)
{
    uint32_t events = s->fitting.count;
    enum gw_error e = s->sending.events.count ? settle(s, why) : GW_OK;
    if (!e) {
        s->counts.events += events;
        s->counts.messages += events > 0;
    }
    return e;
}

enum gw_error gw_sink_failed(struct gw_sink *s, struct gw_slice reason,
                             struct gw_text *why)
{
    char name[GW_FILE_NAME_MAX];
    name_it(s, s->set.suffix, name);
    enum gw_error e =
        gw_failed_put(s->failed, name, gw_buf_bytes(&s->message), reason, NULL);
    if (e) {
        gw_text_set(why, "%s/failed: %s", s->set.folder, strerror(errno));
        return e;
    }
    e = settle(s, why);
    s->counts.failed += !e;
    return e;
}

uint64_t gw_sink_done(const struct gw_sink *s)
{
    return s->done;
}

void gw_sink_count(const struct gw_sink *s, struct gw_sink_counts *out)
{
    *out = s->counts;
    out->pending = waiting(s) + s->sending.events.count;
}
