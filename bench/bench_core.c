/* bench_core.c - what an event costs in each stage, alone on one core, beside what
 * msgpack-c's own unpacker takes to make a tree of the same bytes in the same round.
 *
 * Events in their final form pass decode, normalise, validate and encode at once
 * (express.c); all others take the long way, stage by stage.  Both are measured.
 *
 * Stages change the event they work on, so they cannot be run over and over by
 * themselves: a round runs decode alone, decode and normalise, and so on, and a stage's
 * cost is the difference.  The figures are medians over the rounds. */
#include <msgpack.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "bench/bench.h"
#include "bench/child.h"
#include "bench/disk.h"
#include "bench/load.h"
#include "bench/options.h"
#include "bench/result.h"
#include "bench/samples.h"
#include "pipeline/decode.h"
#include "pipeline/express.h"
#include "pipeline/keep.h"
#include "pipeline/profile.h"
#include "pipeline/validate.h"
#include "pipeline/route.h"
#include "store/store.h"

enum stage { UNPACK, EXPRESS, DECODE, NORMALISE, VALIDATE, ENCODE, ROUTE, STAGES };

struct call {
    uint32_t rounds, batches, batch;
    const char *data_dir;
    bool json;
};

struct core {
    struct call call;
    struct gw_load load;
    struct gw_buf *bodies;
    struct gw_tree tree;
    struct gw_batch *batch;
    struct gw_directory directory;
    struct gw_operator owner;
    struct gw_rule rule;
    struct gw_filter *filter;
    struct gw_facts *facts;
    uint64_t numbered, matched;
    struct gw_samples
        ns[STAGES]; /* of the stage and all before it; the first two and ROUTE alone */
    struct gw_samples journal_ns, durable_ns, sync_us;
    struct gw_histogram paced;
    bool failed;
};

static const struct gw_limits limits = {.budget = {65536, 8, 2048, 1024},
                                        .future_refuse_ms = 86400000,
                                        .future_warn_ms = 600000};
#define NOW_MS INT64_C(1795439200000)

static bool fill(struct core *c)
{
    for (uint32_t i = 0; i < c->call.batches; i++) {
        gw_buf_reset(&c->bodies[i]);
        for (uint32_t k = 0; k < c->call.batch; k++)
            gw_buf_slice(&c->bodies[i], gw_load_event(&c->load, c->numbered++, 1));
        if (gw_buf_status(&c->bodies[i]))
            return false;
    }
    return true;
}

static void unpack(struct core *c, struct gw_slice body)
{
    msgpack_unpacked result;
    size_t at = 0;
    uint32_t n = 0;
    msgpack_unpacked_init(&result);
    while (msgpack_unpack_next(&result, (const char *)body.at, body.len, &at) ==
           MSGPACK_UNPACK_SUCCESS)
        n++;
    msgpack_unpacked_destroy(&result);
    c->failed |= n != c->call.batch;
}

static void begin_batch(struct core *c)
{
    gw_batch_reset(c->batch);
    memcpy(c->batch->operator, "op", 3);
    memcpy(c->batch->adapter, "source-0", 9);
    c->batch->received_ms = NOW_MS;
}

/* The stages at once, as accept.c tries first; these events are in their final form. */
static void express(struct core *c, struct gw_slice body)
{
    struct gw_express x;
    uint32_t i = 0;
    begin_batch(c);
    for (; body.len; i++) {
        if (!gw_express_pass(&limits, NULL, NOW_MS, body, &x) ||
            gw_express_keep(c->batch, i, &x, 1, NULL))
            break;
        body = gw_slice(body.at + x.bytes.len, body.len - x.bytes.len);
    }
    c->failed |= i != c->call.batch;
}

/* The long way of accept.c, up to and with `last`. */
static void stages(struct core *c, struct gw_slice body, enum stage last)
{
    struct gw_fault fault = {0};
    uint32_t count = 0, root;
    struct gw_slice bytes;
    enum gw_error e = GW_OK;

    begin_batch(c);
    for (; body.len && !e; count++) {
        e = gw_decode_next(&body, &c->tree, &root, &bytes, &fault);
        if (!e && last >= NORMALISE)
            e = gw_normalise(NULL, NULL, &c->tree, root, &fault);
        if (!e && last >= VALIDATE)
            e = gw_validate(&limits, NOW_MS, &c->tree, root, &fault);
        if (!e && last >= ENCODE)
            e = gw_keep(c->batch, count, &c->tree, root, 1, &fault);
    }
    c->failed |= e || count != c->call.batch;
}

/* One look at each event of a stored batch: what it is about, who may see it, who asked
 * for it. */
static void route(struct core *c)
{
    struct gw_mask shown;
    for (uint32_t i = 0; i < c->batch->count; i++) {
        struct gw_slice event = gw_batch_event(c->batch, &c->batch->records[i]);
        c->matched +=
            gw_facts_read(event, c->facts) == GW_OK &&
            gw_route_match(&c->directory, c->facts, 0, NOW_MS, c->filter, &shown);
    }
}

/* ns per event of one stage over all bodies. */
static double time_stage(struct core *c, enum stage s)
{
    int64_t ns = 0;
    for (uint32_t i = 0; i < c->call.batches; i++) {
        struct gw_slice body = gw_buf_bytes(&c->bodies[i]);
        int64_t began = gw_mono_ns(&gw_clock_system);
        if (s == UNPACK)
            unpack(c, body);
        else if (s == EXPRESS)
            express(c, body);
        else if (s == ROUTE)
            route(c);
        else
            stages(c, body, s);
        ns += gw_mono_ns(&gw_clock_system) - began;
    }
    return (double)ns / c->call.batches / c->call.batch;
}

/* ---- the journal ---- */

struct tally {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t done;
    bool failed;
};

static void on_done(struct gw_batch *b, void *ctx)
{
    struct tally *t = ctx;
    pthread_mutex_lock(&t->lock);
    t->failed |= b->result != GW_OK || b->accepted != b->count;
    t->done++;
    pthread_cond_signal(&t->changed);
    pthread_mutex_unlock(&t->lock);
    gw_batch_unref(b);
}

/* A copy of what stages() made: the journal takes it. */
static struct gw_batch *copy_batch(const struct core *c, uint64_t number, struct tally *t)
{
    struct gw_batch *b;
    if (gw_batch_new(&b, c->batch->events.len + 1, c->call.batch))
        return NULL;
    memcpy(b->operator, c->batch->operator, sizeof b->operator);
    memcpy(b->adapter, c->batch->adapter, sizeof b->adapter);
    b->number = number;
    b->received_ms = NOW_MS;
    gw_buf_slice(&b->events, gw_buf_bytes(&c->batch->events));
    for (uint32_t i = 0; i < c->batch->count; i++)
        *gw_batch_record(b) = c->batch->records[i];
    b->done = on_done;
    b->done_ctx = t;
    return b;
}

static void wait_done(struct tally *t, uint32_t all)
{
    pthread_mutex_lock(&t->lock);
    while (t->done < all)
        pthread_cond_wait(&t->changed, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

/* ns per event from the first append to the last completion. */
static double time_append(struct core *c, struct gw_journal *j, uint64_t *number)
{
    struct tally t = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false};
    struct gw_batch **all = calloc(c->call.batches, sizeof *all);
    int64_t began;
    uint32_t n = 0;

    for (uint32_t i = 0; all && i < c->call.batches; i++) {
        stages(c, gw_buf_bytes(&c->bodies[i]), ENCODE);
        all[i] = copy_batch(c, ++*number, &t);
        c->failed |= !all[i];
    }
    began = gw_mono_ns(&gw_clock_system);
    for (uint32_t i = 0; all && !c->failed && i < c->call.batches; i++, n++)
        c->failed |= j->ops->append(j, &all[i]) != GW_OK;
    wait_done(&t, n);
    began = gw_mono_ns(&gw_clock_system) - began;
    c->failed |= !all || t.failed;
    free(all);
    return (double)began / c->call.batches / c->call.batch;
}

static void measure_journal(struct core *c, bool durable, struct gw_samples *out)
{
    char dir[256] = "", path[300];
    struct gw_journal_settings set = {.max_bytes = 4ull << 30,
                                      .queue_batches = 4096,
                                      .group_events = 8192,
                                      .durable = durable,
                                      .duplicate_window = 1u << 20,
                                      .outcome_window = 256,
                                      .cursor_ms = 200,
                                      .warn_percent = 70,
                                      .shrink_percent = 85,
                                      .refuse_percent = 95,
                                      .quarantine_bytes = 1u << 20};
    struct gw_journal *j = NULL;
    struct gw_text why = {""};
    uint64_t number = 0;

    if (gw_child_temp_dir(dir, sizeof dir, c->call.data_dir)) {
        fprintf(stderr, "bench: no temporary directory\n");
        c->failed = true;
        return;
    }
    (void)snprintf(path, sizeof path, "%s/journal", dir);
    set.dir = path;
    if (gw_lmdb_open(&j, &set, &gw_clock_system, &why)) {
        fprintf(stderr, "bench: %s\n", why.s);
        c->failed = true;
    }
    for (uint32_t i = 0; !c->failed && i < c->call.rounds / 4 + 2; i++) {
        c->failed |= !fill(c);
        gw_samples_add(out, time_append(c, j, &number));
    }
    if (j)
        j->ops->close(j);
    gw_child_clean(dir);
}

/* ---- the whole ---- */

static bool open_core(struct core *c)
{
    static const struct gw_slice body = {(const uint8_t *)"\x80", 1};
    struct gw_start_at start;

    gw_rule_init(&c->rule);
    c->rule.everybody = true;
    c->owner = (struct gw_operator){
        .name = "op", .enabled = true, .rules = &c->rule, .rule_count = 1};
    c->directory = (struct gw_directory){.operators = &c->owner, .count = 1};
    c->bodies = calloc(c->call.batches, sizeof *c->bodies);
    c->facts = calloc(1, sizeof *c->facts);
    for (uint32_t i = 0; c->bodies && i < c->call.batches; i++)
        gw_buf_init(&c->bodies[i], 1u << 26);
    return c->bodies && c->facts && !gw_load_init(&c->load, 1, 0) &&
           !gw_tree_init(&c->tree, &gw_budget_default) &&
           !gw_batch_new(&c->batch, 1u << 26, c->call.batch) &&
           !gw_filter_read(body, &c->filter, &start, NULL) && fill(c);
}

static void close_core(struct core *c)
{
    for (uint32_t i = 0; c->bodies && i < c->call.batches; i++)
        gw_buf_deinit(&c->bodies[i]);
    free(c->bodies);
    free(c->facts);
    gw_load_deinit(&c->load);
    gw_tree_deinit(&c->tree);
    gw_batch_unref(c->batch);
    gw_filter_free(c->filter);
}

static int report(struct core *c)
{
    static const struct {
        const char *key;
        enum stage stage, before;
    } rows[] = {{"decode_ns", DECODE, UNPACK},
                {"normalise_ns", NORMALISE, DECODE},
                {"validate_ns", VALIDATE, NORMALISE},
                {"encode_ns", ENCODE, VALIDATE}};
    double unpack_ns = gw_samples_median(&c->ns[UNPACK]);
    double express_ns = gw_samples_median(&c->ns[EXPRESS]);
    double whole_ns = gw_samples_median(&c->ns[ENCODE]);
    struct gw_result r;

    gw_result_begin(&r, "core", c->call.json);
    gw_result_count(&r, "event_bytes", c->load.bytes.len);
    gw_result_count(&r, "fields", GW_LOAD_FIELDS);
    gw_result_count(&r, "rounds", c->call.rounds);
    gw_result_number(&r, "unpack_ns", 1, unpack_ns);
    gw_result_number(&r, "express_ns", 1, express_ns);
    gw_result_number(&r, "express_spread", 3, gw_samples_spread(&c->ns[EXPRESS]));
    gw_result_number(&r, "express_to_unpack", 2,
                     unpack_ns > 0 ? express_ns / unpack_ns : 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        gw_result_number(&r, rows[i].key, 1,
                         gw_samples_median(&c->ns[rows[i].stage]) -
                             (rows[i].before != UNPACK
                                  ? gw_samples_median(&c->ns[rows[i].before])
                                  : 0));
    gw_result_number(&r, "long_way_ns", 1, whole_ns);
    gw_result_number(&r, "long_way_spread", 3, gw_samples_spread(&c->ns[ENCODE]));
    gw_result_number(&r, "long_way_to_unpack", 2,
                     unpack_ns > 0 ? whole_ns / unpack_ns : 0);
    gw_result_number(&r, "route_one_ns", 1, gw_samples_median(&c->ns[ROUTE]));
    gw_result_number(&r, "journal_append_ns", 1, gw_samples_median(&c->journal_ns));
    gw_result_number(&r, "journal_durable_ns", 1, gw_samples_median(&c->durable_ns));
    gw_result_number(&r, "sync_64k_us", 1, gw_samples_median(&c->sync_us));
    gw_result_number(&r, "sync_paced_p50_us", 1,
                     (double)gw_histogram_at(&c->paced, 0.5) / 1000);
    gw_result_number(&r, "sync_paced_p99_us", 1,
                     (double)gw_histogram_at(&c->paced, 0.99) / 1000);
    gw_result_number(&r, "sync_paced_max_us", 1, (double)c->paced.max / 1000);
    return gw_result_end(&r, c->failed);
}

static int run_core(int argc, char **argv)
{
    struct core *c = calloc(1, sizeof *c);
    struct call *call = c ? &c->call : NULL;
    int status;
    if (!c)
        return 1;
    *call = (struct call){.rounds = 40, .batches = 32, .batch = 256};
    const struct gw_option rows[] = {
        {"rounds", GW_OPTION_U32, &call->rounds, 1, "of each stage"},
        {"batches", GW_OPTION_U32, &call->batches, 1, "in a round"},
        {"batch", GW_OPTION_U32, &call->batch, 1, "events in a batch"},
        {"data", GW_OPTION_TEXT, &call->data_dir, 0, "directory for the journal"},
        {"json", GW_OPTION_ON, &call->json, 0, "one JSON object on stdout"},
        {NULL, 0, NULL, 0, NULL}};
    status = gw_options(rows, NULL, argc, argv);
    if (status < 0) {
        c->failed = !open_core(c);
        for (uint32_t i = 0; i < call->rounds && !c->failed; i++) {
            gw_progress("core", i, call->rounds);
            for (unsigned s = UNPACK; s < STAGES; s++)
                gw_samples_add(&c->ns[s], time_stage(c, s));
        }
        gw_progress("core", call->rounds, call->rounds);
        if (!c->failed)
            measure_journal(c, false, &c->journal_ns);
        if (!c->failed)
            measure_journal(c, true, &c->durable_ns);
        gw_disk_sync(call->data_dir, &c->sync_us);
        gw_disk_sync_paced(call->data_dir, &c->paced);
        c->failed |= !c->matched;
        status = report(c);
        close_core(c);
    }
    free(c);
    return status;
}

const struct gw_bench gw_bench_core = {
    "core", "ns per event and stage, beside msgpack-c's unpacker on the same bytes",
    run_core};
