/* feed.c - batches out of the spool to the gateway. */
#include "adapters/feed.h"
#include "adapters/failed_folder.h"
#include "base/clock.h"
#include "model/walk.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#define SAVE_MS       500 /* the cursor follows the acknowledgements by at most this */
#define AT_ONCE       32  /* batches handed over in one go */
#define REFUSAL_BYTES (4u << 20)

struct refusal {
    uint32_t index;
    enum gw_error code;
    size_t at;
    char field[64], rule[160];
};

static void on_save(void *user)
{
    struct gw_feed *f = user;
    uint64_t missed;
    if (gw_spool_save(f->spool) &&
        gw_burst_due(&f->burst, gw_now_ms(&gw_clock_system), 60000, &missed))
        gw_log(GW_WARN, "spool.cursor", "adapter=%s cannot be saved: %s", f->config->name,
               strerror(errno));
}

enum gw_error gw_feed_open(struct gw_feed *f, struct gw_text *why)
{
    gw_buf_init(&f->refusals, REFUSAL_BYTES);
    f->save = gw_timer_new(f->loop, on_save, f);
    enum gw_error e = f->save ? gw_reason_init(&f->reason) : GW_NOMEM;
    if (e)
        gw_text_set(why, "out of memory");
    return e;
}

void gw_feed_close(struct gw_feed *f)
{
    gw_timer_free(f->save);
    gw_buf_deinit(&f->refusals);
    gw_reason_deinit(&f->reason);
    *f = (struct gw_feed){0};
}

/* ---- numbers ---- */

static void tell_numbers(const struct gw_feed *f, enum gw_spool_numbers found,
                         uint64_t lost)
{
    if (found == GW_SPOOL_AGREED)
        return;
    enum gw_level level = found == GW_SPOOL_NUMBERED ? GW_INFO : GW_WARN;
    gw_log(level, "spool.numbers",
           "adapter=%s %s: the next batch is %" PRIu64
           ", acknowledged before and missing now: "
           "%" PRIu64,
           f->config->name, gw_spool_numbers_name(found), gw_spool_oldest(f->spool),
           lost);
    if (lost)
        gw_log(GW_WARN, "spool.numbers",
               "adapter=%s put the files of that time from done/ into inbox/ again",
               f->config->name);
}

void gw_feed_ready(struct gw_feed *f, struct karvan_client *c, bool reused)
{
    enum gw_spool_numbers found;
    uint64_t lost;
    f->client = c;
    if (f->agreed)
        return;
    if (karvan_unacknowledged(
            c)) { /* kept by the client over the reconnect, and sent again */
        f->agreed = true;
        return;
    }
    if (gw_spool_agree(f->spool, karvan_last_batch(c), reused, &found, &lost)) {
        f->broken(f->user, "the spool's cursor cannot be saved");
        return;
    }
    tell_numbers(f, found, lost);
    f->next = gw_spool_oldest(f->spool);
    f->agreed = true;
}

void gw_feed_lost(struct gw_feed *f)
{
    f->agreed = false;
}

/* ---- handing over ---- */

static void cannot_publish(struct gw_feed *f, enum gw_error e)
{
    char why[200];
    bool size = e == GW_MESSAGE_SIZE || e == GW_BATCH_COUNT;
    (void)snprintf(why, sizeof why, "batch %" PRIu64 ": %s%s", f->next, gw_error_text(e),
                   size ? ": have the gateway's keeper raise session.batch_events or "
                          "session.message_bytes"
                        : "");
    f->broken(f->user, why);
}

static enum gw_error hand_over(struct gw_feed *f)
{
    struct gw_spool_batch b;
    enum gw_error e = gw_spool_read(f->spool, f->next, &b);
    return e ? e
             : karvan_publish_batch(f->client, b.number, b.events.at, b.events.len,
                                    b.count);
}

bool gw_feed_pump(struct gw_feed *f)
{
    bool moved = false;
    for (int i = 0; i < AT_ONCE && f->agreed && !f->stopped; i++) {
        if (f->next > gw_spool_newest(f->spool))
            break;
        enum gw_error e = hand_over(f);
        if (e == GW_AGAIN)
            break;
        if (e) {
            f->agreed = false;
            cannot_publish(f, e);
            break;
        }
        f->next++;
        moved = true;
    }
    return moved;
}

/* ---- answers ---- */

void gw_feed_refused(struct gw_feed *f, const struct karvan_refusal *r)
{
    struct refusal x = {.index = r->index, .code = r->code, .at = r->at};
    (void)snprintf(x.field, sizeof x.field, "%s", r->field ? r->field : "");
    (void)snprintf(x.rule, sizeof x.rule, "%s", r->rule ? r->rule : "");
    gw_buf_add(&f->refusals, &x, sizeof x);
}

static const struct refusal *refusal_of(const struct gw_feed *f, size_t i)
{
    return (const struct refusal *)(const void *)(f->refusals.at +
                                                  i * sizeof(struct refusal));
}

/* Both lists go by the event's index. */
static void write_lines(struct gw_feed *f, const struct gw_spool_batch *b)
{
    struct gw_walk w = gw_walk(b->events);
    size_t n = f->refusals.len / sizeof(struct refusal), at = 0;
    struct gw_slice event;
    gw_reason_reset(&f->reason);
    for (uint32_t i = 0; at < n && i < b->count && gw_walk_skip(&w, &event); i++)
        for (; at < n && refusal_of(f, at)->index == i; at++) {
            const struct refusal *x = refusal_of(f, at);
            struct gw_reason_event e = {b->number, x->index, x->code, x->at,
                                        x->field,  x->rule,  event};
            if (gw_reason_add_refused(&f->reason, &e))
                gw_log(GW_WARN, "event.refused",
                       "adapter=%s batch=%" PRIu64 " index=%" PRIu32
                       " cannot be written down; it is in the gateway's quarantine",
                       f->config->name, b->number, x->index);
        }
}

/* False: try again later, with everything opened anew: the gateway repeats its answer. */
static bool keep_refused(struct gw_feed *f, uint64_t number)
{
    struct gw_spool_batch b;
    const struct refusal *first = refusal_of(f, 0);
    enum gw_error e = gw_spool_read(f->spool, number, &b);
    if (e == GW_NOT_FOUND)
        return true; /* acknowledged already */
    if (!e) {
        write_lines(f, &b);
        gw_log(GW_WARN, "events.refused",
               "adapter=%s name=%.*s events=%zu first: code=%d field=%s rule=%s",
               f->config->name, GW_FMT(b.name), f->refusals.len / sizeof *first,
               (int)first->code, first->field, first->rule);
        e = gw_failed_events(*f->failed, b.name, gw_buf_bytes(&f->reason.text));
    }
    if (e == GW_RANGE) {
        gw_log(GW_WARN, "events.refused",
               "adapter=%s name=%.*s its .refused.ndjson is full; the events are in the "
               "gateway's "
               "quarantine",
               f->config->name, GW_FMT(b.name));
        e = GW_OK;
    }
    if (e)
        f->broken(f->user, "refused events cannot be written to failed/");
    return !e;
}

void gw_feed_acked(struct gw_feed *f, const struct karvan_ack *ack)
{
    bool kept = !f->refusals.len || keep_refused(f, ack->batch);
    gw_buf_reset(&f->refusals);
    if (!kept)
        return;
    f->counts->batches++;
    f->counts->accepted += ack->accepted;
    f->counts->duplicates += ack->duplicates;
    f->counts->refused += ack->refused;
    gw_spool_ack(f->spool, ack->batch);
    gw_timer_within(f->save, SAVE_MS);
    gw_log(GW_DEBUG, "batch.acknowledged",
           "adapter=%s batch=%" PRIu64 " accepted=%" PRIu64 " duplicates=%" PRIu64
           " refused=%" PRIu64,
           f->config->name, ack->batch, ack->accepted, ack->duplicates, ack->refused);
    f->moved(f->user);
}
