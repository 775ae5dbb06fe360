/* bench_journey.c - everything known of one container, out of a large journal: the index
 * made behind it, then look-ups of containers at random, each event of them checked; and
 * how long a gateway that was killed takes until it is ready again on that journal. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "base/hash.h"
#include "bench/bench.h"
#include "bench/load.h"
#include "bench/options.h"
#include "bench/result.h"
#include "bench/rig.h"
#include "pipeline/express.h"
#include "store/store.h"
#include "store/trace.h"

#define BATCH  4096
#define NOW_MS INT64_C(1795439200000)

struct call {
    uint64_t events;
    uint32_t each, lookups;
    const char *data_dir;
    bool json;
};

struct journey {
    struct call call;
    char dir[256], journal_dir[300], trace_dir[320];
    struct gw_journal *journal;
    struct gw_load load;
    struct gw_buf body;
    size_t container_at;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t in_flight;
    double append_s, index_s, restart_ms;
    struct gw_histogram find, whole;
    uint64_t found, wrong;
    atomic_bool failed; /* the journal's thread says so too */
};

static const struct gw_limits limits = {.budget = {65536, 8, 2048, 1024},
                                        .future_refuse_ms = 86400000,
                                        .future_warn_ms = 600000};

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

/* ---- filling the journal ---- */

static uint64_t containers(const struct journey *j)
{
    uint64_t n = j->call.events / j->call.each;
    return n ? n : 1;
}

/* Container n of the world: the load's own letters, so that it keeps its length. */
static void container(char out[12], uint64_t n)
{
    (void)snprintf(out, 12, "C%010llu", (unsigned long long)n % 10000000000ull);
}

/* The load's container as one of no scheme, whose number may be anything: see
 * gw_load_free_container. */
static bool prepare(struct journey *j)
{
    const uint8_t *at;
    if (gw_load_init(&j->load, 3, 0) || !gw_load_free_container(&j->load))
        return false;
    at = memmem(j->load.bytes.at, j->load.bytes.len, "CSQU3054383", 11);
    j->container_at = at ? (size_t)(at - j->load.bytes.at) : 0;
    gw_buf_init(&j->body, 4u << 20);
    return j->container_at != 0;
}

static void on_done(struct gw_batch *b, void *ctx)
{
    struct journey *j = ctx;
    pthread_mutex_lock(&j->lock);
    if (b->result != GW_OK || b->accepted != b->count)
        j->failed = true;
    j->in_flight--;
    pthread_cond_signal(&j->changed);
    pthread_mutex_unlock(&j->lock);
    gw_batch_unref(b);
}

static void wait_below(struct journey *j, uint32_t most)
{
    pthread_mutex_lock(&j->lock);
    while (j->in_flight > most)
        pthread_cond_wait(&j->changed, &j->lock);
    pthread_mutex_unlock(&j->lock);
}

/* A large stride, so that a container's events lie all over the journal. */
static struct gw_slice event(struct journey *j, uint64_t number)
{
    struct gw_slice ev = gw_load_event(&j->load, number, 1);
    char id[12];
    container(id, number % containers(j));
    memcpy(j->load.bytes.at + j->container_at, id, 11);
    return ev;
}

static struct gw_batch *make_batch(struct journey *j, uint64_t first, uint32_t count)
{
    struct gw_batch *b;
    if (gw_batch_new(&b, 8u << 20, count))
        return NULL;
    memcpy(b->operator, "op-00", 6);
    memcpy(b->adapter, "source", 7);
    b->number = first / BATCH + 1;
    b->received_ms = NOW_MS;
    b->done = on_done;
    b->done_ctx = j;
    for (uint32_t i = 0; i < count; i++) {
        struct gw_express x;
        if (!gw_express_pass(&limits, NULL, NOW_MS, event(j, first + i), &x) ||
            gw_express_keep(b, i, &x, j->journal->seed, NULL))
            j->failed = true;
    }
    return b;
}

static void fill(struct journey *j)
{
    int64_t began = now_ns();
    for (uint64_t n = 0; n < j->call.events && !j->failed; n += BATCH) {
        uint64_t left = j->call.events - n;
        struct gw_batch *b = make_batch(j, n, left < BATCH ? (uint32_t)left : BATCH);
        gw_progress("journey: filling", n, j->call.events);
        wait_below(j, 8);
        pthread_mutex_lock(&j->lock);
        j->in_flight++;
        pthread_mutex_unlock(&j->lock);
        if (!b || j->journal->ops->append(j->journal, &b)) {
            j->failed = true;
            return;
        }
    }
    wait_below(j, 0);
    j->append_s = (double)(now_ns() - began) / 1e9;
    gw_progress("journey: filling", 1, 1);
}

static void index_all(struct journey *j)
{
    struct gw_tracer *t = NULL;
    int64_t began = now_ns();
    uint64_t all = 0;
    uint32_t done = 1;
    if (gw_tracer_open(&t, j->journal, j->trace_dir) != GW_OK)
        j->failed = true;
    while (!j->failed && done) {
        if (gw_tracer_step(t, 65536, &done) != GW_OK)
            j->failed = true;
        all += done;
        gw_progress("journey: indexing", all, j->call.events);
    }
    gw_tracer_stop(t);
    gw_progress("journey: indexing", 1, 1);
    j->index_s = (double)(now_ns() - began) / 1e9;
    if (all != j->call.events)
        j->failed = true;
}

/* ---- looking up ---- */

struct seen {
    struct journey *j;
    uint64_t container, count, last;
};

/* The events of a container are those whose number leaves it when divided. */
static bool check(void *ctx, const struct gw_stored *s, const struct gw_facts *f)
{
    struct seen *x = ctx;
    uint64_t number;
    if (f->id.len != 24 || !gw_slice_uint(gw_slice(f->id.at + 12, 12), &number) ||
        number % containers(x->j) != x->container || s->seq <= x->last)
        x->j->wrong++;
    x->last = s->seq;
    x->count++;
    return true;
}

static uint64_t expected(const struct journey *j, uint64_t c)
{
    return j->call.events / containers(j) + (c < j->call.events % containers(j));
}

static void look_up(struct journey *j, const struct gw_trace *t, uint64_t c)
{
    struct seen x = {.j = j, .container = c};
    struct gw_buf seqs;
    char id[12];
    int64_t began;

    container(id, c);
    gw_buf_init(&seqs, 1u << 24);
    began = now_ns();
    if (gw_trace_find(t, GW_TRACE_EQUIPMENT, gw_slice(id, 11), &seqs) != GW_OK)
        j->failed = true;
    gw_histogram_add(&j->find, (uint64_t)(now_ns() - began));
    gw_buf_deinit(&seqs);
    began = now_ns();
    if (gw_trace_journey(j->journal, t, GW_TRACE_EQUIPMENT, gw_slice(id, 11), check,
                         &x) != GW_OK)
        j->failed = true;
    gw_histogram_add(&j->whole, (uint64_t)(now_ns() - began));
    j->found += x.count;
    j->wrong += x.count != expected(j, c);
}

static void look_up_all(struct journey *j)
{
    struct gw_trace *t = NULL;
    if (gw_trace_open(&t, j->trace_dir) != GW_OK)
        j->failed = true;
    for (uint32_t i = 0; i < j->call.lookups && !j->failed; i++) {
        uint64_t c = gw_hash64(gw_slice(&i, sizeof i), 9) % containers(j);
        look_up(j, t, c);
    }
    gw_trace_close(t);
}

/* ---- a gateway on this journal ---- */

static bool ready(const struct gw_rig *rig, int64_t most_ns)
{
    struct karvan_options o;
    struct karvan_client *c = NULL;
    char why[256];
    int64_t began = now_ns();
    bool ok;
    gw_rig_options(rig, 0, "probe", &o);
    o.retry_ms = 10;
    o.retry_max_ms = 20;
    if (karvan_open(&c, &o, why, sizeof why))
        return false;
    while (karvan_client_state(c) != KARVAN_READY && now_ns() - began < most_ns)
        (void)karvan_run(c, 1);
    ok = karvan_client_state(c) == KARVAN_READY;
    karvan_close(c, 0);
    return ok;
}

static void restart(struct journey *j)
{
    struct gw_rig_setup setup = {
        .curve = true, .durable = true, .operators = 1, .lanes = 1, .data_dir = j->dir};
    struct gw_rig *rig = calloc(1, sizeof *rig);
    int64_t began;
    if (!rig || gw_rig_start(rig, &setup) || !ready(rig, INT64_C(60000000000)))
        j->failed = true;
    else {
        gw_rig_kill(rig);
        began = now_ns();
        if (gw_rig_resume(rig) || !ready(rig, INT64_C(60000000000)))
            j->failed = true;
        j->restart_ms = (double)(now_ns() - began) / 1e6;
    }
    if (rig) {
        (void)gw_rig_stop(rig);
        gw_rig_clean(rig);
    }
    free(rig);
}

/* ---- the whole ---- */

static void measure(struct journey *j)
{
    struct gw_journal_settings set = {.dir = j->journal_dir,
                                      .max_bytes = 8ull << 30,
                                      .queue_batches = 64,
                                      .group_events = 8192,
                                      .duplicate_window = 1u << 20,
                                      .outcome_window = 256,
                                      .cursor_ms = 200,
                                      .warn_percent = 80,
                                      .shrink_percent = 90,
                                      .refuse_percent = 95,
                                      .quarantine_bytes = 1u << 20};
    struct gw_text why = {""};
    if (gw_child_temp_dir(j->dir, sizeof j->dir, j->call.data_dir)) {
        j->failed = true;
        return;
    }
    (void)snprintf(j->journal_dir, sizeof j->journal_dir, "%s/journal", j->dir);
    (void)snprintf(j->trace_dir, sizeof j->trace_dir, "%s/trace", j->journal_dir);
    if (!prepare(j) || gw_lmdb_open(&j->journal, &set, &gw_clock_system, &why)) {
        fprintf(stderr, "bench: journey: %s\n", why.s);
        j->failed = true;
        return;
    }
    fill(j);
    if (!j->failed)
        index_all(j);
    if (!j->failed)
        look_up_all(j);
    j->journal->ops->close(j->journal);
    if (!j->failed)
        restart(j);
}

static int report(const struct journey *j)
{
    double events = (double)j->call.events;
    struct gw_result r;
    gw_result_begin(&r, "journey", j->call.json);
    gw_result_count(&r, "events", j->call.events);
    gw_result_count(&r, "events_each", j->call.each);
    gw_result_count(&r, "lookups", j->whole.count);
    gw_result_number(&r, "append_per_s", 0, j->append_s > 0 ? events / j->append_s : 0);
    gw_result_number(&r, "index_per_s", 0, j->index_s > 0 ? events / j->index_s : 0);
    gw_result_number(&r, "find_p50_us", 1, (double)gw_histogram_at(&j->find, 0.5) / 1000);
    gw_result_number(&r, "find_p99_us", 1,
                     (double)gw_histogram_at(&j->find, 0.99) / 1000);
    gw_result_latency(&r, &j->whole);
    gw_result_count(&r, "found", j->found);
    gw_result_count(&r, "wrong", j->wrong);
    gw_result_number(&r, "restart_ms", 1, j->restart_ms);
    return gw_result_end(&r, j->failed || j->wrong);
}

static int run_journey(int argc, char **argv)
{
    struct journey *j = calloc(1, sizeof *j);
    struct call *c = j ? &j->call : NULL;
    int status;
    if (!j)
        return 1;
    *c = (struct call){.events = 2000000, .each = 20, .lookups = 2000};
    const struct gw_option rows[] = {
        {"events", GW_OPTION_U64, &c->events, 1, "in the journal"},
        {"each", GW_OPTION_U32, &c->each, 1, "events of one container"},
        {"lookups", GW_OPTION_U32, &c->lookups, 1, "containers looked up"},
        {"data", GW_OPTION_TEXT, &c->data_dir, 0, "directory for the journal"},
        {"json", GW_OPTION_ON, &c->json, 0, "one JSON object on stdout"},
        {NULL, 0, NULL, 0, NULL}};
    status = gw_options(rows, NULL, argc, argv);
    if (status < 0) {
        pthread_mutex_init(&j->lock, NULL);
        pthread_cond_init(&j->changed, NULL);
        measure(j);
        status = report(j);
        gw_load_deinit(&j->load);
        gw_buf_deinit(&j->body);
        gw_child_clean(j->dir);
    }
    free(j);
    return status;
}

const struct gw_bench gw_bench_journey = {
    "journey", "all events of one container out of a large journal; restart on it",
    run_journey};
