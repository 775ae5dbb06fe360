/* retain.c - drops the oldest entries: by age, by size, a few with each commit.
 *
 * Never past a cursor that has not been there yet, unless journal.retain_past_cursors says so; then
 * the log names who has lost how much. */
#include "store/parts.h"

#define STEP   64 /* entries dropped in one transaction */
#define LOG_MS 10000
#define PAGE   4096

/* The slowest cursor. */
struct slowest {
    uint64_t seq;
    char name[2 * GW_NAME_MAX + 2];
};

/* Calls fn for each cursor. */
static enum gw_error each_cursor(struct gw_store *s, void *ctx,
                                 void (*fn)(void *ctx, struct gw_slice name,
                                            uint64_t seq))
{
    struct gw_pair at;
    struct gw_cursor c;
    enum gw_error e =
        gw_seek(s->view, GW_T_CURSORS, GW_SEEK_FIRST, gw_slice(NULL, 0), &at);

    while (!e) {
        e = gw_cursor_decode(at.value, &c);
        if (!e)
            fn(ctx, at.key, c.seq);
        if (!e)
            e = gw_seek_behind(s->view, GW_T_CURSORS, at.key, &at);
    }
    return e == GW_NOT_FOUND ? GW_OK : e;
}

static void note_slowest(void *ctx, struct gw_slice name, uint64_t seq)
{
    struct slowest *l = ctx;
    if (seq >= l->seq)
        return;
    l->seq = seq;
    (void)gw_slice_copy(name, l->name, sizeof l->name);
}

/* Bytes that the journal may have before the oldest go: a little less than where it warns. */
static uint64_t target(const struct gw_store *s)
{
    uint64_t most = s->space.capacity / 100 * s->settings.warn_percent / 16 * 15;
    uint64_t told = s->settings.retain_bytes;
    return told && told < most ? told : most;
}

static void log_held(struct gw_store *s, const struct slowest *l)
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
    struct slowest slowest;
    bool knows_slowest;
    uint64_t used, target, began;
    int64_t oldest_ms;
};

/* The oldest entry: where it ends, and the chain value behind it.  A damaged one cannot say: it
 * ends where the next begins. */
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
static enum gw_error released(struct round *r, const struct oldest *o, bool *yes)
{
    enum gw_error e = GW_OK;
    if (!r->knows_slowest) {
        r->slowest = (struct slowest){.seq = UINT64_MAX};
        e = each_cursor(r->s, &r->slowest, note_slowest);
        r->knows_slowest = true;
    }
    *yes = o->last <= r->slowest.seq || r->s->settings.retain_past_cursors;
    if (!*yes)
        log_held(r->s, &r->slowest);
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

/* ---- receivers that were passed by ----------------------------------------------------------- */

static void note_overtaken(void *ctx, struct gw_slice name, uint64_t seq)
{
    const struct round *r = ctx;
    struct gw_overtaken *o = r->s->overtaken;
    uint64_t from = seq + 1 > r->began ? seq + 1 : r->began;
    size_t last = sizeof r->s->overtaken / sizeof *o - 1;

    if (from >= r->s->state.first_seq)
        return;
    for (size_t i = 0; i < last && o->name[0] && !gw_slice_is(name, o->name); i++)
        o++;
    if (!gw_slice_copy(name, o->name, sizeof o->name))
        return;
    o->lost += r->s->state.first_seq - from;
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
    struct round r = {.s = s,
                      .used = s->space.used,
                      .target = target(s),
                      .began = s->state.first_seq,
                      .oldest_ms = INT64_MIN};
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
            e = released(&r, &o, &go);
        if (!e && go)
            e = drop(&r, &o);
    }
    *more = go && !e;
    if (e == GW_NOT_FOUND)
        e = GW_OK;
    if (!e && s->settings.retain_past_cursors && s->state.first_seq != r.began)
        e = each_cursor(s, &r, note_overtaken);
    log_overtaken(s);
    return e;
}
