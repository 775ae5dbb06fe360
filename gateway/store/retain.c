/* retain.c - drops the oldest entries: by age, by size, a few with each commit.
 *
 * Never past a cursor that has not been there yet, unless journal.retain_past_cursors
 * says so; then the log names who has lost how much. */
#include "store/parts.h"

#define STEP     64 /* entries dropped in one transaction */
#define LOG_MS   10000
#define CROWD_MS 1000
#define PAGE     4096

/* Bytes that the journal may have before the oldest go: a little less than where it
 * warns. */
static uint64_t target(const struct gw_store *s)
{
    uint64_t most = s->space.capacity / 100 * s->settings.warn_percent / 16 * 15;
    uint64_t told = s->settings.retain_bytes;
    return told && told < most ? told : most;
}

static void log_held(struct gw_store *s, const struct gw_laggard *l)
{
    uint64_t missed;
    if (gw_burst_due(&s->held_burst, gw_now_ms(&s->clock), 60000, &missed))
        gw_log(GW_WARN, "retention.held",
               "cursor=%s at=%llu oldest=%llu newest=%llu remedy=\"let the receiver "
               "catch up, or "
               "have it unsubscribe\"",
               l->name, (unsigned long long)l->seq,
               (unsigned long long)s->state.first_seq,
               (unsigned long long)s->state.last_seq);
}

/* What one round looks at. */
struct round {
    struct gw_store *s;
    uint64_t used, target;
    int64_t oldest_ms;
};

/* The oldest entry: where it ends, and the chain value behind it.  A damaged one cannot
 * say: it ends where the next begins. */
struct oldest {
    uint64_t first, last;
    size_t bytes;
    int64_t received_ms; /* INT64_MAX: unknown, goes by size only */
    uint8_t chain[32];
};

static enum gw_error look(struct gw_store *s, struct oldest *o)
{
    struct gw_pair at, next;
    struct gw_entry entry;
    enum gw_error e =
        gw_seek(s->view, GW_T_JOURNAL, GW_SEEK_FIRST, gw_slice(NULL, 0), &at);

    if (e)
        return e;
    *o = (struct oldest){.first = gw_key_number(at.key), .received_ms = INT64_MAX};
    o->bytes = (at.value.len + PAGE - 1) / PAGE * PAGE;
    if (!gw_entry_open(at.value, o->first, &entry)) {
        o->last = gw_entry_last(&entry);
        o->received_ms = entry.head.received_ms;
        memcpy(o->chain, entry.head.chain, sizeof o->chain);
        return GW_OK;
    }
    e = gw_seek_behind(s->view, GW_T_JOURNAL, at.key, &next);
    o->last = e ? s->state.last_seq : gw_key_number(next.key) - 1;
    return e == GW_NOT_FOUND ? GW_OK : e;
}

static bool due(const struct round *r, const struct oldest *o)
{
    return r->used > r->target || o->received_ms < r->oldest_ms;
}

/* May this entry go, as far as the receivers are concerned? */
static enum gw_error released(struct gw_store *s, const struct oldest *o, bool *yes)
{
    const struct gw_laggard *behind = NULL;
    enum gw_error e = GW_OK;
    if (!s->settings.retain_past_cursors)
        e = gw_laggards_any_behind(&s->laggards, s->view, o->last, &behind);
    *yes = !behind;
    if (behind)
        log_held(s, behind);
    return e;
}

static enum gw_error drop(struct round *r, const struct oldest *o)
{
    struct gw_key key = gw_key_u64(o->first);
    struct gw_store *s = r->s;
    enum gw_error e = gw_del(s->view, GW_T_JOURNAL, gw_key_slice(&key));
    if (e)
        return e;
    s->changed = s->kept = true;
    s->state.first_seq = o->last + 1;
    memcpy(s->state.anchor, o->chain, sizeof s->state.anchor);
    r->used -= o->bytes < r->used ? o->bytes : r->used;
    return GW_OK;
}

/* ---- receivers that were passed by
 * ----------------------------------------------------------- */

static void note_overtaken(struct gw_store *s, const struct gw_laggard *l, uint64_t began)
{
    struct gw_overtaken *o = s->overtaken;
    uint64_t from = l->seq + 1 > began ? l->seq + 1 : began;
    size_t last = sizeof s->overtaken / sizeof *o - 1;

    if (from >= s->state.first_seq)
        return;
    for (size_t i = 0; i < last && o->name[0] && strcmp(o->name, l->name) != 0; i++)
        o++;
    memcpy(o->name, l->name, sizeof o->name);
    o->lost += s->state.first_seq - from;
}

/* Everything from `began` to where the journal begins now was dropped.  A crowd of
 * receivers that stay away, more than the list names, is asked no more than once a
 * second. */
static enum gw_error note_all_overtaken(struct gw_store *s, uint64_t began)
{
    uint64_t first = s->state.first_seq;
    int64_t now = gw_now_ms(&s->clock);
    enum gw_error e;

    if (!s->unnoted_from)
        s->unnoted_from = began;
    if (s->laggards.count == GW_LAGGARDS && s->laggards.others < first - 1 &&
        now >= s->noted_ms && now - s->noted_ms < CROWD_MS)
        return GW_OK;
    e = gw_laggards_behind(&s->laggards, s->view, first - 1);
    for (uint32_t i = 0; i < s->laggards.count && !e; i++)
        note_overtaken(s, &s->laggards.at[i], s->unnoted_from);
    s->unnoted_from = 0;
    s->noted_ms = now;
    return e;
}

static void log_overtaken(struct gw_store *s)
{
    uint64_t missed;
    if (!s->overtaken[0].name[0] ||
        !gw_burst_due(&s->overtaken_burst, gw_now_ms(&s->clock), LOG_MS, &missed))
        return;
    for (size_t i = 0; i < sizeof s->overtaken / sizeof *s->overtaken; i++) {
        struct gw_overtaken *o = &s->overtaken[i];
        if (o->name[0])
            gw_log(GW_WARN, "retention.unread", "cursor=%s events=%llu oldest=%llu",
                   o->name, (unsigned long long)o->lost,
                   (unsigned long long)s->state.first_seq);
        *o = (struct gw_overtaken){.lost = 0};
    }
}

enum gw_error gw_store_retain(struct gw_store *s, bool *more)
{
    struct round r = {
        .s = s, .used = s->space.used, .target = target(s), .oldest_ms = INT64_MIN};
    uint64_t began = s->state.first_seq;
    struct oldest o;
    bool go = true;
    enum gw_error e = GW_OK;

    *more = false;
    if (s->settings.retain_ms)
        r.oldest_ms = gw_now_ms(&s->clock) - s->settings.retain_ms;
    for (int i = 0; i < STEP && !e && go; i++) {
        e = look(s, &o);
        if (e || !due(&r, &o))
            go = false;
        else
            e = released(s, &o, &go);
        if (!e && go)
            e = drop(&r, &o);
    }
    *more = go && !e;
    if (e == GW_NOT_FOUND)
        e = GW_OK;
    if (!e && s->settings.retain_past_cursors && s->state.first_seq != began)
        e = note_all_overtaken(s, began);
    log_overtaken(s);
    return e;
}
