/* store.c - opens a store, closes it, and is its table of functions. */
#include "store/store.h"
#include <stdlib.h>
#include <sys/random.h>
#include "store/parts.h"

/* ---- the table ------------------------------------------------------------------------------- */

static enum gw_error usable(const struct gw_store *s)
{
    if (s->read_only)
        return GW_USAGE;
    return atomic_load(&s->failed) ? GW_STORAGE : GW_OK;
}

static enum gw_error append(struct gw_journal *j, struct gw_batch **b)
{
    struct gw_store *s = gw_store_of(j);
    struct gw_batch *own = *b;
    enum gw_error e = usable(s);

    if (e)
        return e;
    if (s->writer)
        return gw_writer_append(s->writer, b);
    *b = NULL;
    (void)gw_store_commit(s, &own, 1);
    return GW_OK;
}

static int64_t mono_ms(const struct gw_store *s)
{
    return gw_mono_ns(&s->clock) / 1000000;
}

/* Without a writer nothing would ever come to take it along. */
static enum gw_error settle(struct gw_store *s, enum gw_error e)
{
    if (!e && !s->writer)
        (void)gw_store_commit(s, NULL, 0);
    return e;
}

static enum gw_error cursor_store(struct gw_journal *j, const char *operator,
                                  const char * name, uint64_t seq, int64_t now_ms,
                                  struct gw_slice filter, bool reset)
{
    struct gw_store *s = gw_store_of(j);
    struct gw_cursor_change c = {
        .set = true, .reset = reset, .seq = seq, .updated_ms = now_ms, .filter = filter};
    enum gw_error e = usable(s);
    return e ? e
             : settle(s, gw_pending_cursor(s->pending, operator, name, &c, mono_ms(s)));
}

static enum gw_error cursor_drop(struct gw_journal *j, const char *operator,
                                 const char * name)
{
    struct gw_store *s = gw_store_of(j);
    struct gw_cursor_change c = {.drop = true, .updated_ms = gw_now_ms(&s->clock)};
    enum gw_error e = usable(s);
    return e ? e
             : settle(s, gw_pending_cursor(s->pending, operator, name, &c, mono_ms(s)));
}

static enum gw_error quarantine_drop(struct gw_journal *j, uint64_t id)
{
    struct gw_store *s = gw_store_of(j);
    enum gw_error e = usable(s);
    return e ? e : settle(s, gw_pending_quarantine_drop(s->pending, id, mono_ms(s)));
}

/* Beside another process: what the files say now. */
static void read_status(struct gw_store *s, struct gw_journal_status *out)
{
    struct gw_reader *r = NULL;
    struct gw_view *v;
    struct gw_state st = {.last_seq = 0};
    enum gw_error e = gw_reader_open(&s->journal, &r);

    if (!e)
        e = gw_reader_view(r, &v);
    if (!e)
        e = gw_state_read(v, &st);
    if (!e) {
        out->first_seq = st.first_seq <= st.last_seq ? st.first_seq : 0;
        out->last_seq = st.last_seq;
        out->quarantined_bytes = st.quarantine_bytes;
        memcpy(out->chain, st.chain, sizeof out->chain);
        e = s->kv->ops->used(v, &out->used_bytes, &out->max_bytes);
    }
    if (!e)
        e = s->kv->ops->count(v, GW_T_QUARANTINE, &out->quarantined);
    if (e)
        out->room = GW_ROOM_FAILED;
    gw_reader_close(r);
}

static void status(struct gw_journal *j, struct gw_journal_status *out)
{
    struct gw_store *s = gw_store_of(j);
    if (s->read_only) {
        *out = (struct gw_journal_status){.room = GW_ROOM_OK};
        read_status(s, out);
        return;
    }
    pthread_mutex_lock(&s->lock);
    *out = s->status;
    pthread_mutex_unlock(&s->lock);
    out->queued = atomic_load(&s->queued);
}

/* The last events before the end are signed too. */
static void sign_last(struct gw_store *s)
{
    if (s->read_only || !s->pending || !s->judge.window || atomic_load(&s->failed))
        return;
    s->checkpoint_now = true;
    (void)gw_store_commit(s, NULL, 0);
}

static void close_store(struct gw_journal *j)
{
    struct gw_store *s = gw_store_of(j);
    if (!s)
        return;
    gw_writer_stop(s->writer);
    sign_last(s);
    gw_window_free(s->judge.window);
    gw_buf_deinit(&s->judge.places);
    gw_buf_deinit(&s->exceptions);
    gw_pending_free(s->pending);
    if (s->kv)
        s->kv->ops->close(s->kv);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static const struct gw_journal_ops store_ops = {
    .append = append,
    .cursor_store = cursor_store,
    .cursor_drop = cursor_drop,
    .quarantine_drop = quarantine_drop,
    .reader_open = gw_reader_open,
    .reader_close = gw_reader_close,
    .reader_release = gw_reader_release,
    .read = gw_reader_read,
    .seek_time = gw_reader_seek_time,
    .last_batch = gw_reader_last_batch,
    .outcome = gw_reader_outcome,
    .cursor_load = gw_reader_cursor,
    .cursor_next = gw_reader_cursor_next,
    .locate = gw_reader_locate,
    .quarantine_next = gw_reader_quarantine,
    .status = status,
    .close = close_store,
};

/* ---- opening --------------------------------------------------------------------------------- */

static enum gw_error random_seed(uint64_t *seed)
{
    return getrandom(seed, sizeof *seed, 0) == (ssize_t)sizeof *seed ? GW_OK : GW_IO;
}

/* The state of a journal that has none yet is written at once. */
static enum gw_error load_state(struct gw_store *s)
{
    enum gw_error e = gw_state_read(s->view, &s->state);
    if (e != GW_NOT_FOUND)
        return e;
    if (s->kv->begun)
        return GW_CORRUPT;
    s->state = (struct gw_state){
        .format = GW_STORE_FORMAT, .first_seq = 1, .quarantine_next = 1};
    s->changed = true;
    e = random_seed(&s->state.seed);
    return e ? e : gw_state_write(s->view, &s->state);
}

static void report_damage(uint64_t seq)
{
    gw_log(GW_ERROR, "journal.damaged", "seq=%llu remedy=\"%s\"", (unsigned long long)seq,
           gw_error_remedy(GW_CORRUPT));
}

/* The ids of one entry into the window; events of a damaged one have no id that is known. */
static uint64_t load_ids(struct gw_store *s, uint64_t seq)
{
    struct gw_window *w = s->judge.window;
    struct gw_entry entry;
    enum gw_error e = gw_entry_at(s->view, seq, &entry);

    if (e || gw_entry_last(&entry) < seq) {
        struct gw_key key = gw_key_u64(seq + 1);
        struct gw_pair at;
        uint64_t end = s->state.last_seq + 1;
        report_damage(seq);
        if (!gw_seek(s->view, GW_T_JOURNAL, GW_SEEK_AT_OR_AFTER, gw_key_slice(&key),
                     &at) &&
            gw_key_number(at.key) > seq && gw_key_number(at.key) < end)
            end = gw_key_number(at.key);
        for (; seq < end; seq++)
            gw_window_add(w, 0, seq);
        return seq;
    }
    for (; seq <= gw_entry_last(&entry) && seq <= s->state.last_seq; seq++)
        gw_window_add(w, gw_entry_row(&entry, (uint32_t)(seq - entry.head.first)).id_hash,
                      seq);
    return seq;
}

static enum gw_error load_window(struct gw_store *s)
{
    const struct gw_state *st = &s->state;
    uint32_t size = s->settings.duplicate_window;
    uint64_t from = st->last_seq >= size ? st->last_seq - size + 1 : 1;
    uint32_t slack = s->settings.group_events < 65536 ? 65536 : s->settings.group_events;
    enum gw_error e;

    if (from < st->first_seq)
        from = st->first_seq;
    e = gw_window_new(&s->judge.window, size, slack, from);
    while (!e && from <= st->last_seq)
        from = load_ids(s, from);
    return e;
}

static enum gw_error load(struct gw_store *s)
{
    uint64_t waiting = 0;
    enum gw_error e = s->kv->ops->begin(s->kv, &s->view);
    if (e)
        return e;
    e = load_state(s);
    if (!e)
        e = load_window(s);
    if (!e)
        e = s->kv->ops->used(s->view, &s->space.used, &s->space.capacity);
    if (!e)
        e = s->kv->ops->count(s->view, GW_T_QUARANTINE, &waiting);
    if (!e)
        e = gw_checkpoint_last(s->view, &s->checkpoint_seq);
    s->checkpoint_ms = gw_now_ms(&s->clock);
    s->status.quarantined = waiting;
    if (e || !s->changed)
        s->kv->ops->abort(s->kv);
    else
        e = s->kv->ops->commit(s->kv);
    s->view = NULL;
    return e;
}

static struct gw_store *store_new(void)
{
    struct gw_store *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->journal.ops = &store_ops;
    s->judge.recall = gw_store_recall;
    s->judge.ctx = s;
    gw_buf_init(&s->judge.places, 1u << 30);
    gw_buf_init(&s->exceptions, 1u << 30);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static enum gw_error check_settings(const struct gw_journal_settings *set,
                                    struct gw_text *why)
{
    if (set->max_bytes >= 1u << 20 && set->group_events && set->queue_batches &&
        set->outcome_window && set->refuse_percent)
        return GW_OK;
    gw_text_set(why,
                "journal: max_bytes must be at least 1 MiB; group_events, queue_batches, "
                "outcome_window and refuse_percent at least 1");
    return GW_RANGE;
}

/* What both stores share; kv is the store's from here. */
static enum gw_error start(struct gw_store *s, const struct gw_journal_settings *settings,
                           const struct gw_clock *clock, struct gw_text *why)
{
    enum gw_error e;
    s->settings = *settings;
    s->settings.dir = NULL; /* the caller's; not needed any more */
    s->clock = *clock;
    e = gw_pending_new(&s->pending);
    if (!e)
        e = load(s);
    if (e) {
        gw_text_set(why, "journal: %s: %s", gw_error_text(e), gw_error_remedy(e));
        return e;
    }
    s->journal.seed = s->state.seed;
    s->journal.durable = settings->durable;
    gw_store_publish(s);
    return GW_OK;
}

enum gw_error gw_lmdb_open(struct gw_journal **out,
                           const struct gw_journal_settings *settings,
                           const struct gw_clock *clock, struct gw_text *why)
{
    struct gw_kv_settings kv = {.dir = settings->dir,
                                .max_bytes = settings->max_bytes,
                                .durable = settings->durable};
    struct gw_store *s = store_new();
    enum gw_error e = s ? check_settings(settings, why) : GW_NOMEM;

    *out = NULL;
    if (!e)
        e = gw_kv_lmdb(&s->kv, &kv, why);
    if (!e)
        e = start(s, settings, clock, why);
    if (!e)
        e = gw_writer_start(s);
    if (e) {
        close_store(s ? &s->journal : NULL);
        return e;
    }
    *out = &s->journal;
    return GW_OK;
}

enum gw_error gw_lmdb_open_readonly(struct gw_journal **out, const char *dir,
                                    struct gw_text *why)
{
    struct gw_kv_settings kv = {.dir = dir, .durable = true, .read_only = true};
    struct gw_store *s = store_new();
    enum gw_error e = s ? GW_OK : GW_NOMEM;

    *out = NULL;
    if (!e) {
        s->read_only = true;
        e = gw_kv_lmdb(&s->kv, &kv, why);
    }
    if (e) {
        close_store(s ? &s->journal : NULL);
        return e;
    }
    *out = &s->journal;
    return GW_OK;
}

enum gw_error gw_store_open_on(struct gw_journal **out, struct gw_kv *kv,
                               const struct gw_journal_settings *settings,
                               const struct gw_clock *clock, struct gw_text *why)
{
    struct gw_store *s = store_new();
    enum gw_error e = s ? check_settings(settings, why) : GW_NOMEM;

    *out = NULL;
    if (s)
        s->kv = kv;
    else
        kv->ops->close(kv);
    if (!e)
        e = start(s, settings, clock, why);
    if (e) {
        close_store(s ? &s->journal : NULL);
        return e;
    }
    *out = &s->journal;
    return GW_OK;
}

enum gw_error gw_memory_open(struct gw_journal **out,
                             const struct gw_journal_settings *settings,
                             const struct gw_clock *clock, struct gw_text *why)
{
    struct gw_kv *kv;
    enum gw_error e = gw_kv_memory(&kv, settings->max_bytes);

    *out = NULL;
    return e ? e : gw_store_open_on(out, kv, settings, clock, why);
}
