/* sink_folder.c - events into files. */
#include "adapters/sink_folder.h"
#include "adapters/files.h"
#include "adapters/reason.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define GATHER_BYTES (64u << 20)
#define GATHER_COUNT 100000u
#define FILE_BYTES   (256u << 20)
#define CURSOR       ".cursor"
#define CURSOR_LINE  "karvan-sink-cursor subscription=%s seq=%" PRIu64 "\n"

struct gw_sink {
    struct gw_sink_settings set;
    struct gw_format *format;
    int base, outbox, unsent;
    struct gw_events pending; /* in order of seq */
    uint64_t *seqs;           /* of each */
    int64_t since_ms;         /* when the first one came */
    struct gw_events fitting; /* those of them that the format can carry */
    struct gw_buf file;
    struct gw_reason reasons; /* the others */
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

static enum gw_error open_parts(struct gw_sink *s)
{
    s->seqs = calloc(GATHER_COUNT, sizeof *s->seqs);
    enum gw_error e = s->seqs ? gw_reason_init(&s->reasons) : GW_NOMEM;
    if (!e)
        e = gw_dir_open(&s->base, AT_FDCWD, s->set.folder);
    if (!e)
        e = gw_dir_open(&s->outbox, s->base, "outbox");
    if (!e)
        e = gw_dir_open(&s->unsent, s->base, "unsent");
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
    s->base = s->outbox = s->unsent = -1;
    gw_events_init(&s->pending, GATHER_BYTES, GATHER_COUNT);
    gw_events_init(&s->fitting, GATHER_BYTES, GATHER_COUNT);
    gw_buf_init(&s->file, FILE_BYTES);
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
    gw_dir_close(&s->outbox);
    gw_dir_close(&s->unsent);
    gw_events_deinit(&s->pending);
    gw_events_deinit(&s->fitting);
    gw_buf_deinit(&s->file);
    gw_reason_deinit(&s->reasons);
    free(s->seqs);
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

void gw_sink_restart(struct gw_sink *s, uint64_t start)
{
    gw_events_reset(&s->pending);
    s->position = s->done = 0;
    if (start && s->written >= start)
        s->written =
            start - 1; /* asked for again, or the gateway's numbers were set back */
}

enum gw_error gw_sink_event(struct gw_sink *s, uint64_t seq, struct gw_slice event,
                            int64_t mono_ms)
{
    if (seq <= s->written)
        return GW_OK;
    if (s->pending.count == GATHER_COUNT)
        return GW_RANGE;
    enum gw_error e = gw_events_add_bytes(&s->pending, event);
    if (e)
        return e;
    if (s->pending.count == 1)
        s->since_ms = mono_ms;
    s->seqs[s->pending.count - 1] = seq;
    return GW_OK;
}

void gw_sink_position(struct gw_sink *s, uint64_t seq)
{
    if (seq > s->position)
        s->position = seq;
    if (!s->pending.count)
        s->done = s->position;
}

int64_t gw_sink_due_in(const struct gw_sink *s, int64_t mono_ms)
{
    if (!s->pending.count)
        return -1;
    if (s->pending.count >= s->set.every_events)
        return 0;
    int64_t left = s->since_ms + s->set.every_ms - mono_ms;
    return left < 0 ? 0 : left;
}

/* ---- writing ---- */

/* Which of the pending events are in `fitting`: `at` counts among these. */
struct pass {
    uint32_t *which; /* index into pending of each fitting one */
    uint32_t refused;
};

static void drop_fitting(struct gw_sink *s, struct pass *p, uint32_t at)
{
    uint32_t left = s->fitting.count - at - 1;
    memmove(p->which + at, p->which + at + 1, left * sizeof *p->which);
    gw_events_cut(&s->fitting, at);
    for (uint32_t i = 0; i < left; i++) {
        struct gw_slice event = gw_events_at(&s->pending, p->which[at + i]);
        if (gw_events_add_bytes(&s->fitting, event))
            break; /* it held more before */
    }
    p->refused++;
}

static enum gw_error set_aside(struct gw_sink *s, struct pass *p,
                               const struct gw_fault *fault)
{
    uint32_t at = (uint32_t)fault->at, i = p->which[at];
    const char *rule = fault->rule ? fault->rule : "cannot be encoded";
    enum gw_error e =
        gw_reason_add_unsent(&s->reasons, s->seqs[i], s->format->adapter->name, rule,
                             gw_events_at(&s->pending, i));
    if (!e)
        drop_fitting(s, p, at);
    return e;
}

/* Encode; what the format cannot carry is set aside, until the rest fits.  A codec that
 * does not say which event it cannot carry loses none of them: all are set aside, one by
 * one. */
static enum gw_error encode(struct gw_sink *s, struct pass *p)
{
    const struct gw_format *f = s->format;
    enum gw_error e = GW_OK;
    gw_buf_reset(&s->file);
    while (!e && s->fitting.count) {
        struct gw_fault fault = {0};
        gw_buf_reset(&s->file);
        e = f->adapter->encode(f->state, &s->fitting, &s->file, &fault);
        if (!e)
            return GW_OK;
        if (e == GW_NOMEM)
            return e;
        if (fault.at >= s->fitting.count)
            fault.at = 0;
        e = set_aside(s, p, &fault);
        gw_buf_reset(&s->file);
    }
    return e;
}

static enum gw_error begin_pass(struct gw_sink *s, struct pass *p)
{
    enum gw_error e = GW_OK;
    *p = (struct pass){.which = calloc(s->pending.count, sizeof *p->which)};
    if (!p->which)
        return GW_NOMEM;
    gw_events_reset(&s->fitting);
    gw_reason_reset(&s->reasons);
    for (uint32_t i = 0; !e && i < s->pending.count; i++) {
        p->which[i] = i;
        e = gw_events_add_bytes(&s->fitting, gw_events_at(&s->pending, i));
    }
    return e;
}

static enum gw_error put(struct gw_sink *s, int dir, const char *suffix,
                         const struct gw_buf *b)
{
    char name[GW_FILE_NAME_MAX];
    (void)snprintf(name, sizeof name, "%s-%012" PRIu64 "-%012" PRIu64 "%s",
                   s->set.subscription, s->seqs[0], s->seqs[s->pending.count - 1],
                   suffix);
    return b->len ? gw_file_put(dir, name, gw_buf_bytes(b)) : GW_OK;
}

static void finish(struct gw_sink *s, const struct pass *p)
{
    uint64_t last = s->seqs[s->pending.count - 1];
    s->counts.events += s->fitting.count;
    s->counts.files += s->fitting.count > 0;
    s->counts.unsent += p->refused;
    s->written = last;
    gw_events_reset(&s->pending);
    s->done = s->position > last ? s->position : last;
}

enum gw_error gw_sink_flush(struct gw_sink *s, struct gw_text *why)
{
    struct pass p;
    if (!s->pending.count)
        return GW_OK;
    gw_text_set(why, "the events cannot be encoded");
    enum gw_error e = begin_pass(s, &p);
    if (!e)
        e = encode(s, &p);
    if (!e) {
        e = put(s, s->unsent, ".ndjson", &s->reasons.text);
        if (!e)
            e = put(s, s->outbox, s->set.suffix, &s->file);
        if (!e)
            e = save_cursor(s, s->seqs[s->pending.count - 1]);
        gw_text_set(why, "%s: %s", s->set.folder, strerror(errno));
    }
    if (!e)
        finish(s, &p);
    free(p.which);
    return e;
}

uint64_t gw_sink_done(const struct gw_sink *s)
{
    return s->done;
}

void gw_sink_count(const struct gw_sink *s, struct gw_sink_counts *out)
{
    *out = s->counts;
    out->pending = s->pending.count;
}
