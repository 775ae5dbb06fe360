/* tracer.c - follows the journal and makes the runs of the trace index. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/log.h"
#include "store/trace_parts.h"

#define PIECE      256    /* events read at a time */
#define RUN_EVENTS 262144 /* of one run: written when so many wait ... */
#define FAN        8      /* runs that are merged into one */
#define REST_US    20000
#define REST_TURNS                                                                       \
    250             /* of REST_US: ... or the first of them has waited for five seconds */
#define ENOUGH 1024 /* ... or so many, and nothing more comes */

struct gw_tracer {
    struct gw_journal *journal;
    struct gw_reader *reader;
    struct gw_trace *runs;
    struct gw_stored *stored;
    struct gw_facts *facts;
    struct gw_posting *postings;
    size_t count, cap;
    uint64_t next; /* seq */
    pthread_t thread;
    bool started;
    atomic_bool stop;
};

/* ---- opening ---- */

static void drop_file(const struct gw_tracer *t, uint64_t from, uint64_t to)
{
    char name[64], path[500];
    gw_run_name(from, to, name);
    (void)snprintf(path, sizeof path, "%s/%s", t->runs->dir, name);
    (void)unlink(path);
}

/* Of this journal, and not ahead of it? */
static bool belongs(const struct gw_tracer *t, const struct gw_journal_status *st)
{
    uint64_t from, to;
    gw_trace_range(t->runs, &from, &to);
    for (uint32_t i = 0; i < t->runs->count; i++)
        if (gw_run_seed(t->runs->runs[i]) != t->journal->seed)
            return false;
    return !to || (to <= st->last_seq && from <= st->first_seq);
}

static void forget_all(struct gw_tracer *t)
{
    while (t->runs->count) {
        struct gw_run *r = t->runs->runs[--t->runs->count];
        drop_file(t, gw_run_from(r), gw_run_to(r));
        gw_run_close(r);
    }
}

static enum gw_error open_runs(struct gw_tracer *t, const char *dir)
{
    struct gw_journal_status st;
    uint64_t from, to;
    enum gw_error e = gw_trace_open(&t->runs, dir);

    if (e == GW_CORRUPT) { /* derived: made anew */
        gw_log(GW_WARN, "trace.damaged", "dir=%s remedy=\"none; it is made anew\"", dir);
        t->runs = calloc(1, sizeof *t->runs);
        if (!t->runs)
            return GW_NOMEM;
        (void)snprintf(t->runs->dir, sizeof t->runs->dir, "%s", dir);
        e = gw_trace_wipe(dir);
    }
    if (e)
        return e;
    t->journal->ops->status(t->journal, &st);
    if (!belongs(t, &st))
        forget_all(t);
    gw_trace_range(t->runs, &from, &to);
    t->next = to + 1;
    if (!to && st.first_seq)
        t->next = st.first_seq;
    return GW_OK;
}

enum gw_error gw_tracer_open(struct gw_tracer **out, struct gw_journal *j,
                             const char *dir)
{
    struct gw_tracer *t = calloc(1, sizeof *t);
    enum gw_error e = GW_OK;

    *out = NULL;
    if (!t)
        return GW_NOMEM;
    t->journal = j;
    t->stored = calloc(PIECE, sizeof *t->stored);
    t->facts = calloc(1, sizeof *t->facts);
    if (!t->stored || !t->facts)
        e = GW_NOMEM;
    if (!e && mkdir(dir, 0700) != 0 && errno != EEXIST)
        e = GW_IO;
    if (!e)
        e = j->ops->reader_open(j, &t->reader);
    if (!e)
        e = open_runs(t, dir);
    if (e) {
        gw_tracer_stop(t);
        return e;
    }
    *out = t;
    return GW_OK;
}

/* ---- one run ---- */

static bool post(struct gw_tracer *t, enum gw_trace_kind kind, struct gw_slice id,
                 uint64_t seq)
{
    if (t->count == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 4096;
        void *at = realloc(t->postings, cap * sizeof *t->postings);
        if (!at)
            return false;
        t->postings = at;
        t->cap = cap;
    }
    t->postings[t->count++] = (struct gw_posting){gw_trace_key(kind, id), seq};
    return true;
}

static bool post_event(struct gw_tracer *t, const struct gw_stored *s)
{
    bool ok = true;
    if (gw_facts_read_objects(s->event, t->facts))
        return true; /* not canonical: verify says so, there is nothing to find it by */
    for (unsigned i = 0; i < t->facts->equipment_count; i++)
        ok = ok && post(t, GW_TRACE_EQUIPMENT, t->facts->equipment[i], s->seq);
    for (unsigned i = 0; i < t->facts->reference_count; i++)
        ok = ok && post(t, GW_TRACE_CONSIGNMENT, t->facts->reference[i], s->seq);
    return ok;
}

/* Read up to `most` events from t->next on; *until is behind the last one that was looked
 * at. */
static enum gw_error gather(struct gw_tracer *t, uint32_t most, uint64_t *until)
{
    struct gw_journal_status st;
    uint64_t at = t->next, end;
    bool ok = true;

    t->journal->ops->status(t->journal, &st);
    end = st.last_seq + 1 < at + most ? st.last_seq + 1 : at + most;
    while (ok && at < end && !atomic_load(&t->stop)) {
        uint32_t n = 0, want = end - at < PIECE ? (uint32_t)(end - at) : PIECE;
        enum gw_error e =
            t->journal->ops->read(t->reader, at, t->stored, want, 1u << 20, &n);
        for (uint32_t i = 0; i < n && ok; i++)
            ok = post_event(t, &t->stored[i]);
        at += n;
        if (e == GW_NOT_FOUND && st.first_seq > at)
            at = st.first_seq; /* retention was faster */
        else if (e == GW_CORRUPT)
            at++; /* cannot be read, and so not be found */
        else if (e || !n)
            break;
    }
    t->journal->ops->reader_release(t->reader);
    *until = at;
    return ok ? GW_OK : GW_NOMEM;
}

static int by_key(const void *a, const void *b)
{
    const struct gw_posting *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* An event that names the same container twice speaks of it once. */
static void put_sorted(struct gw_run_writer *w, const struct gw_posting *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!i || p[i].key != p[i - 1].key || p[i].seq != p[i - 1].seq)
            gw_run_put(w, p[i]);
}

static enum gw_error adopt(struct gw_tracer *t, uint64_t from, uint64_t to)
{
    enum gw_error e;
    if (t->runs->count == GW_RUNS_MOST)
        return GW_RANGE;
    e = gw_run_open(&t->runs->runs[t->runs->count], t->runs->dir, from, to);
    if (!e)
        t->runs->count++;
    return e;
}

static enum gw_error write_run(struct gw_tracer *t, uint64_t from, uint64_t to)
{
    struct gw_run_writer *w;
    enum gw_error e;
    if (t->count)
        qsort(t->postings, t->count, sizeof *t->postings, by_key);
    e = gw_run_create(&w, t->runs->dir);
    if (e)
        return e;
    put_sorted(w, t->postings, t->count);
    e = gw_run_finish(w, t->journal->seed, from, to);
    return e ? e : adopt(t, from, to);
}

/* ---- merging ---- */

/* How often FAN goes into the number of its events. */
static unsigned level(const struct gw_run *r)
{
    uint64_t span = gw_run_to(r) - gw_run_from(r) + 1;
    unsigned l = 0;
    while (span >= FAN) {
        span /= FAN;
        l++;
    }
    return l;
}

/* How many of the last runs are to become one: FAN or more of a level or below. */
static uint32_t due(const struct gw_trace *t)
{
    for (unsigned l = 0; l < 22; l++) {
        uint32_t n = 0;
        while (n < t->count && level(t->runs[t->count - 1 - n]) <= l)
            n++;
        if (n >= FAN)
            return n;
    }
    return 0;
}

struct source {
    const struct gw_posting *at, *end;
};

/* Runs do not overlap, so of equal keys the earlier run has the smaller seqs. */
static void merge_into(struct gw_tracer *t, struct gw_run_writer *w, struct source *s,
                       uint32_t n, uint64_t first)
{
    for (uint32_t turn = 0; turn % 4096 != 0 || !atomic_load(&t->stop); turn++) {
        struct source *least = NULL;
        for (uint32_t i = 0; i < n; i++)
            if (s[i].at < s[i].end && (!least || s[i].at->key < least->at->key))
                least = &s[i];
        if (!least)
            return;
        if (least->at->seq >= first)
            gw_run_put(w, *least->at);
        least->at++;
    }
}

static enum gw_error merge(struct gw_tracer *t, uint32_t n)
{
    struct gw_run **old = &t->runs->runs[t->runs->count - n];
    struct source *s = calloc(n, sizeof *s);
    uint64_t from = gw_run_from(old[0]), to = gw_run_to(old[n - 1]);
    struct gw_journal_status st;
    struct gw_run_writer *w = NULL;
    enum gw_error e = s ? GW_OK : GW_NOMEM;

    for (uint32_t i = 0; i < n && !e; i++) {
        s[i].at = gw_run_postings(old[i]);
        s[i].end = s[i].at + gw_run_count(old[i]);
        e = gw_run_verify(old[i]);
    }
    if (!e)
        e = gw_run_create(&w, t->runs->dir);
    if (!e) {
        t->journal->ops->status(t->journal, &st);
        merge_into(t, w, s, n, st.first_seq);
    }
    free(s);
    if (!e && atomic_load(&t->stop)) {
        gw_run_drop(w);
        return GW_CLOSED;
    }
    if (!e)
        e = gw_run_finish(w, t->journal->seed, from, to);
    if (e)
        return e;
    for (uint32_t i = 0; i < n; i++) {
        drop_file(t, gw_run_from(old[i]), gw_run_to(old[i]));
        gw_run_close(old[i]);
    }
    t->runs->count -= n;
    return adopt(t, from, to);
}

enum gw_error gw_tracer_step(struct gw_tracer *t, uint32_t most, uint32_t *done)
{
    uint64_t until = t->next;
    uint32_t n;
    enum gw_error e;

    *done = 0;
    t->count = 0;
    e = gather(t, most, &until);
    if (!e && until > t->next && !atomic_load(&t->stop)) {
        e = write_run(t, t->next, until - 1);
        if (!e) {
            *done = (uint32_t)(until - t->next);
            t->next = until;
        }
    }
    while (!e && (n = due(t->runs)) > 0)
        e = merge(t, n);
    return e == GW_CLOSED ? GW_OK : e;
}

/* ---- the thread ---- */

/* When to write the next run: each costs a sync and is merged again and again, so that
 * many small ones under load would take the disk from the journal; what is not in a run
 * yet is read. */
static bool run_due(const struct gw_tracer *t, uint64_t last, uint64_t last_before,
                    unsigned turns)
{
    uint64_t waiting = last >= t->next ? last - t->next + 1 : 0;
    return waiting >= RUN_EVENTS || (waiting && turns >= REST_TURNS) ||
           (waiting >= ENOUGH && last == last_before);
}

static uint64_t last_seq(const struct gw_tracer *t)
{
    struct gw_journal_status st;
    t->journal->ops->status(t->journal, &st);
    return st.last_seq;
}

/* A run that cannot be merged because it is damaged: all is made anew. */
static bool recover(struct gw_tracer *t, enum gw_error e)
{
    struct gw_journal_status st;
    gw_log(GW_WARN, "trace.failed", "error=%s remedy=\"%s\"", gw_error_name(e),
           e == GW_CORRUPT ? "none; it is made anew"
                           : "look-ups read the journal instead");
    if (e != GW_CORRUPT)
        return false;
    forget_all(t);
    t->journal->ops->status(t->journal, &st);
    t->next = st.first_seq ? st.first_seq : 1;
    return true;
}

/* The journal's own reads and writes go first, on the processors and on the disk. */
static void step_back(void)
{
    enum { THIS = 1, IDLE = 3 << 13 }; /* IOPRIO_WHO_PROCESS; IOPRIO_CLASS_IDLE */
    (void)prctl(PR_SET_NAME, "trace-index");
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 19);
    (void)syscall(SYS_ioprio_set, THIS, 0, IDLE);
}

static void *follow(void *arg)
{
    struct gw_tracer *t = arg;
    unsigned turns = 0;
    uint64_t before = 0;
    bool go = true;

    step_back();
    while (go && !atomic_load(&t->stop)) {
        uint64_t last = last_seq(t);
        uint32_t done;
        enum gw_error e;
        if (!run_due(t, last, before, turns)) {
            before = last;
            turns = last >= t->next ? turns + 1 : 0;
            usleep(REST_US);
            continue;
        }
        turns = 0;
        e = gw_tracer_step(t, RUN_EVENTS, &done);
        if (e)
            go = recover(t, e);
    }
    return NULL;
}

enum gw_error gw_tracer_start(struct gw_tracer *t)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the main thread's */
    t->started = pthread_create(&t->thread, NULL, follow, t) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return t->started ? GW_OK : GW_NOMEM;
}

void gw_tracer_stop(struct gw_tracer *t)
{
    if (!t)
        return;
    atomic_store(&t->stop, true);
    if (t->started)
        (void)pthread_join(t->thread, NULL);
    if (t->reader)
        t->journal->ops->reader_close(t->reader);
    gw_trace_close(t->runs);
    free(t->stored);
    free(t->facts);
    free(t->postings);
    free(t);
}
