/* commit.c - one group of batches, one transaction.
 *
 * Whatever fails, memory ends as it was: the state is copied before, the window is cut,
 * the changes that waited wait again.  Then every batch is completed, in order. */
#include "store/parts.h"

static uint64_t percent(uint64_t of, uint32_t p)
{
    return of / 100 * p + of % 100 * p / 100;
}

static enum gw_room room_of(const struct gw_store *s)
{
    const struct gw_journal_settings *set = &s->settings;
    uint64_t used = s->space.used, all = s->space.capacity;

    if (atomic_load(&s->failed))
        return GW_ROOM_FAILED;
    if (s->ran_full || used >= percent(all, set->refuse_percent))
        return GW_ROOM_FULL;
    if (used >= percent(all, set->shrink_percent))
        return GW_ROOM_SHRINK;
    return used >= percent(all, set->warn_percent) ? GW_ROOM_WARN : GW_ROOM_OK;
}

static void log_room(const struct gw_store *s, enum gw_room was, enum gw_room is)
{
    static const char *const remedies[] = {
        [GW_ROOM_OK] = "none",
        [GW_ROOM_WARN] = "free space, extend journal.max_bytes or shorten retention",
        [GW_ROOM_SHRINK] =
            "senders get less credit; free space or extend journal.max_bytes",
        [GW_ROOM_FULL] = "events are refused; free space or extend journal.max_bytes",
        [GW_ROOM_FAILED] =
            "nothing is acknowledged any more; check the disk, then restart"};
    gw_log(is == GW_ROOM_OK    ? GW_INFO
           : is < GW_ROOM_FULL ? GW_WARN
                               : GW_ERROR,
           "journal.room", "was=%s is=%s used_bytes=%llu of_bytes=%llu remedy=\"%s\"",
           gw_room_name(was), gw_room_name(is), (unsigned long long)s->space.used,
           (unsigned long long)s->space.capacity, remedies[is]);
}

void gw_store_publish(struct gw_store *s)
{
    struct gw_journal_status *st = &s->status;
    enum gw_room was, is = room_of(s);
    bool any = s->state.last_seq >= s->state.first_seq;

    pthread_mutex_lock(&s->lock);
    was = st->room;
    st->room = is;
    st->first_seq = any ? s->state.first_seq : 0;
    st->last_seq = s->state.last_seq;
    st->used_bytes = s->space.used;
    st->max_bytes = s->space.capacity;
    st->quarantined_bytes = s->state.quarantine_bytes;
    memcpy(st->chain, s->state.chain, sizeof st->chain);
    pthread_mutex_unlock(&s->lock);
    if (was != is)
        log_room(s, was, is);
}

static enum gw_error measure(struct gw_store *s)
{
    uint64_t most;
    enum gw_error e = s->kv->ops->used(s->view, &s->space.used, &s->space.capacity);
    most = percent(s->space.capacity, s->settings.refuse_percent);
    s->space.left = most > s->space.used ? most - s->space.used : 0;
    return e;
}

static enum gw_error write_pending(struct gw_store *s, bool *taken)
{
    if (gw_pending_since(s->pending) == INT64_MAX)
        return GW_OK;
    *taken = true;
    s->changed = true;
    return gw_pending_write(s->pending, s->view, &s->state, &s->laggards);
}

/* Is there something new to sign, and enough of it or long enough ago? */
static bool checkpoint_due(const struct gw_store *s)
{
    const struct gw_journal_settings *set = &s->settings;
    uint64_t fresh = s->state.last_seq - s->checkpoint_seq;
    if (!set->signer || !set->checkpoint_events || !fresh)
        return false;
    return s->checkpoint_now || fresh >= set->checkpoint_events ||
           gw_now_ms(&s->clock) - s->checkpoint_ms >= set->checkpoint_ms;
}

static enum gw_error write_checkpoint(struct gw_store *s, uint64_t *signed_at)
{
    struct gw_checkpoint c = {.seq = s->state.last_seq, .time_ms = gw_now_ms(&s->clock)};
    if (!checkpoint_due(s))
        return GW_OK;
    memcpy(c.chain, s->state.chain, sizeof c.chain);
    gw_checkpoint_sign(&c, s->settings.signer);
    s->changed = true;
    *signed_at = c.seq;
    return gw_checkpoint_write(s->view, &c);
}

/* Everything of the transaction but its end. */
static enum gw_error fill(struct gw_store *s, struct gw_batch **batches, uint32_t n,
                          bool *taken, bool *more, uint64_t *waiting, uint64_t *signed_at)
{
    enum gw_error e = measure(s);
    for (uint32_t i = 0; i < n && !e; i++)
        e = gw_store_keep(s, batches[i]);
    if (!e)
        e = write_pending(s, taken);
    if (!e)
        e = gw_store_retain(s, more);
    if (!e && (n || s->checkpoint_now))
        e = write_checkpoint(s, signed_at);
    if (!e && s->changed)
        e = gw_state_write(s->view, &s->state);
    if (!e)
        e = s->kv->ops->used(s->view, &s->space.used, &s->space.capacity);
    if (!e)
        e = s->kv->ops->count(s->view, GW_T_QUARANTINE, waiting);
    return e;
}

static enum gw_error finish(struct gw_store *s, int64_t *took_us)
{
    int64_t began = gw_mono_ns(&s->clock);
    enum gw_error e;
    if (!s->changed) {
        s->kv->ops->abort(s->kv);
        return GW_OK;
    }
    e = s->kv->ops->commit(s->kv);
    *took_us = (gw_mono_ns(&s->clock) - began) / 1000;
    return e;
}

static void fail(struct gw_store *s, enum gw_error e)
{
    if (e == GW_DISK_FULL) {
        s->ran_full = true;
        return;
    }
    if (e == GW_NOMEM || atomic_exchange(&s->failed, true))
        return;
    gw_log(GW_ERROR, "journal.failed", "error=%s remedy=\"%s\"", gw_error_name(e),
           gw_error_remedy(GW_STORAGE));
}

static void count_batch(struct gw_journal_status *st, const struct gw_batch *b)
{
    if (b->result)
        return;
    st->events += b->accepted;
    st->duplicates += b->duplicates;
    st->refused += b->refused_count;
}

static void settle(struct gw_store *s, struct gw_batch **batches, uint32_t n,
                   int64_t took_us, uint64_t waiting)
{
    gw_window_forget(s->judge.window, s->state.first_seq);
    gw_window_settle(s->judge.window);
    if (s->turned_away || s->kept)
        s->ran_full = s->turned_away;
    if (!s->changed)
        return;
    pthread_mutex_lock(&s->lock);
    s->status.commits++;
    s->status.last_sync_us = took_us;
    s->status.quarantined = waiting;
    for (uint32_t i = 0; i < n; i++)
        count_batch(&s->status, batches[i]);
    pthread_mutex_unlock(&s->lock);
}

static enum gw_error transact(struct gw_store *s, struct gw_batch **batches, uint32_t n,
                              bool *more)
{
    struct gw_state before = s->state;
    bool taken = false;
    int64_t took_us = 0;
    uint64_t waiting = 0, signed_at = 0;
    enum gw_error e = s->kv->ops->begin(s->kv, &s->view);

    s->changed = s->kept = s->turned_away = false;
    if (!e)
        e = fill(s, batches, n, &taken, more, &waiting, &signed_at);
    if (!e)
        e = finish(s, &took_us);
    else
        s->kv->ops->abort(s->kv);
    s->view = NULL;
    if (e) {
        s->state = before;
        gw_window_cut(s->judge.window, before.last_seq + 1);
        if (taken)
            gw_pending_undo(s->pending);
        fail(s, e);
        return e;
    }
    if (taken)
        gw_pending_done(s->pending);
    settle(s, batches, n, took_us, waiting);
    if (signed_at) {
        s->checkpoint_seq = signed_at;
        s->checkpoint_ms = gw_now_ms(&s->clock);
    }
    return GW_OK;
}

static enum gw_error told(enum gw_error e)
{
    return e == GW_DISK_FULL ? GW_DISK_FULL : e == GW_NOMEM ? GW_BUSY : GW_STORAGE;
}

static void complete(struct gw_batch *b, enum gw_error e)
{
    if (e)
        b->result = told(e);
    if (b->result) {
        b->repeated = false;
        b->accepted = b->duplicates = b->refused_count = 0;
        b->first_seq = b->last_seq = 0;
    }
    b->done(b, b->done_ctx);
}

bool gw_store_commit(struct gw_store *s, struct gw_batch **batches, uint32_t n)
{
    bool more = false;
    enum gw_error e =
        atomic_load(&s->failed) ? GW_STORAGE : transact(s, batches, n, &more);

    if (e == GW_DISK_FULL && n) /* cursors and retention find room where events do not */
        (void)transact(s, NULL, 0, &more);
    gw_store_publish(s);
    for (uint32_t i = 0; i < n; i++)
        complete(batches[i], e);
    return more && !e;
}
