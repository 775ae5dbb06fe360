/* bench_fanout.c - what subscriptions cost those who do not want an event: stages 2 to 7
 * in one thread, without sockets and disk, with 1 to 10,000 subscriptions.
 *
 * idle    one subscription gets everything, all others ask for containers nobody reports:
 * the work that is done stays the same, so the rate should spread  every event is for
 * exactly one of them, each in its turn */
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/log.h"
#include "bench/bench.h"
#include "bench/load.h"
#include "bench/options.h"
#include "bench/result.h"
#include "model/filter.h"
#include "pipeline/pipeline.h"
#include "store/store.h"

#define PER_SESSION 200
#define OPERATORS   50
#define BATCH       256
#define CYCLE       10000 /* containers that are reported, one after the other */
#define DONE_MOST   64
#define ACKS_MOST   65536 /* EVENTS between two turns of the receivers */
#define RUN         5
#define NOW_MS      INT64_C(1795439200000) /* when it begins; time goes on from there */

/* How far a receiver came, until it says so. */
struct ack {
    uint32_t peer;
    char name[16];
    uint64_t seq;
};

struct fanout {
    struct gw_limits limits;
    struct gw_outlet outlet;
    struct gw_directory *directory;
    struct gw_journal *journal;
    struct gw_pipeline *pipeline;
    struct gw_batch *done[DONE_MOST];
    uint32_t done_count;
    struct ack acks[ACKS_MOST];
    uint32_t ack_count;
    uint64_t serial, published, batch, delivered, messages, wrong;
    struct gw_load load;
    struct gw_buf header, body;
    int64_t began_ns;
    bool spread, failed;
};

/* ---- around the pipeline ---- */

static void note_ack(struct fanout *f, const struct gw_peer *from,
                     const struct gw_header *h)
{
    struct ack *a = &f->acks[f->ack_count];
    if (f->ack_count == ACKS_MOST) {
        f->failed = true;
        return;
    }
    memcpy(&a->peer, from->id + 1, sizeof a->peer);
    a->seq = h->to;
    f->failed |= !gw_slice_copy(h->name, a->name, sizeof a->name);
    f->ack_count++;
}

static enum gw_error take_message(void *ctx, const struct gw_peer *to,
                                  struct gw_slice header, struct gw_slice body)
{
    struct fanout *f = ctx;
    struct gw_header h = {0};
    (void)body;
    if (gw_header_read(header, &h, NULL))
        f->wrong++;
    else if (h.op == GW_OP_EVENTS) {
        f->delivered += h.count;
        f->messages++;
        note_ack(f, to, &h);
    } else if (h.op == GW_OP_ERROR || h.op == GW_OP_REFUSE) {
        fprintf(stderr, "bench: the pipeline says %llu %.*s\n",
                (unsigned long long)h.code, GW_FMT(h.text));
        f->wrong++;
    }
    return GW_OK;
}

static uint64_t next_serial(void *ctx)
{
    struct fanout *f = ctx;
    return ++f->serial;
}

static void on_done(struct gw_batch *b, void *ctx)
{
    struct fanout *f = ctx;
    if (f->done_count < DONE_MOST)
        f->done[f->done_count++] = b;
    else
        f->failed = true;
}

static struct gw_directory *make_directory(void)
{
    struct gw_directory *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    atomic_init(&d->references, 1);
    d->operators = calloc(OPERATORS, sizeof *d->operators);
    for (uint32_t i = 0; d->operators && i < OPERATORS; i++) {
        struct gw_operator *o = &d->operators[d->count++];
        (void)snprintf(o->name, sizeof o->name, "op-%02u", i);
        memcpy(o->country, "KZ", 3);
        o->enabled = true;
        o->rules = calloc(1, sizeof *o->rules);
        if (!o->rules)
            break;
        gw_rule_init(o->rules);
        o->rules->everybody = true;
        o->rule_count = 1;
    }
    if (d->count == OPERATORS && !gw_directory_name_parties(d))
        return d;
    gw_directory_unref(d);
    return NULL;
}

static bool open_pipeline(struct fanout *f)
{
    static const struct gw_journal_settings set = {.max_bytes = 4ull << 30,
                                                   .queue_batches = 64,
                                                   .group_events = 4096,
                                                   .duplicate_window = 1u << 16,
                                                   .outcome_window = 16,
                                                   .retain_bytes = 64u << 20,
                                                   .retain_past_cursors = true,
                                                   .warn_percent = 80,
                                                   .shrink_percent = 90,
                                                   .refuse_percent = 95,
                                                   .quarantine_bytes = 1u << 20};
    struct gw_pipeline_setup setup = {.limits = &f->limits,
                                      .outlet = &f->outlet,
                                      .gateway_name = "bench",
                                      .done = on_done,
                                      .done_ctx = f,
                                      .most_in_journal = DONE_MOST};
    struct gw_text why = {""};

    f->limits = (struct gw_limits){.budget = gw_budget_default,
                                   .message_bytes = 1u << 20,
                                   .batch_events = 4096,
                                   .sessions = 1024,
                                   .sessions_per_operator = 1024,
                                   .timeout_ms = 3600000,
                                   .credit_batches = 64,
                                   .credit_bytes = 1ull << 40,
                                   .subscriptions = PER_SESSION + 1,
                                   .delivery_bytes = 262144,
                                   .tail_bytes = 8u << 20,
                                   .position_ms = 1000,
                                   .future_refuse_ms = 86400000,
                                   .future_warn_ms = 600000};
    f->outlet = (struct gw_outlet){take_message, NULL, next_serial, NULL, f};
    f->directory = make_directory();
    if (!f->directory || gw_memory_open(&f->journal, &set, &gw_clock_system, &why)) {
        fprintf(stderr, "bench: %s\n", why.s);
        return false;
    }
    setup.directory = f->directory;
    setup.journal = f->journal;
    return !gw_pipeline_new(&f->pipeline, &setup);
}

static int64_t now_ms(const struct fanout *f)
{
    return NOW_MS + (gw_mono_ns(&gw_clock_system) - f->began_ns) / 1000000;
}

static void settle(struct fanout *f)
{
    bool more = true;
    while (more || f->done_count) {
        uint32_t n = f->done_count;
        f->done_count = 0;
        for (uint32_t i = 0; i < n; i++)
            gw_pipeline_committed(f->pipeline, f->done[i], now_ms(f));
        more = gw_pipeline_turn(f->pipeline, now_ms(f));
    }
}

static void close_pipeline(struct fanout *f)
{
    if (f->pipeline) {
        settle(f);
        gw_pipeline_free(f->pipeline);
    }
    if (f->journal)
        f->journal->ops->close(f->journal);
    if (f->directory)
        gw_directory_unref(f->directory);
}

/* ---- peers ---- */

static void say(struct fanout *f, uint32_t peer, const struct gw_header *h,
                struct gw_slice body)
{
    struct gw_peer p = {.id_len = 5};
    char name[8];
    memcpy(p.id + 1, &peer, 4);
    (void)snprintf(name, sizeof name, "op-%02u", peer % OPERATORS);
    gw_buf_reset(&f->header);
    f->failed |= gw_header_write(h, &f->header) != GW_OK;
    gw_pipeline_receive(f->pipeline, &p, gw_slice_str(name), gw_buf_bytes(&f->header),
                        body, body.len ? 2 : 1, now_ms(f));
}

static void hello(struct fanout *f, uint32_t peer)
{
    char name[16];
    (void)snprintf(name, sizeof name, "a-%u", peer);
    say(f, peer,
        &(struct gw_header){.op = GW_OP_HELLO,
                            .v_least = 1,
                            .v_most = 1,
                            .adapter = gw_slice_str(name),
                            .software = GW_LIT("bench")},
        gw_slice(NULL, 0));
}

static void subscribe(struct fanout *f, uint32_t peer, uint32_t number, const char *term)
{
    char name[16];
    struct gw_text why;
    (void)snprintf(name, sizeof name, "s-%u", number);
    gw_buf_reset(&f->body);
    f->failed |=
        gw_subscribe_body("latest", &term, term ? 1 : 0, &f->body, &why) != GW_OK;
    say(f, peer, &(struct gw_header){.op = GW_OP_SUBSCRIBE, .name = gw_slice_str(name)},
        gw_buf_bytes(&f->body));
    say(f, peer,
        &(struct gw_header){.op = GW_OP_CREDIT,
                            .name = gw_slice_str(name),
                            .credit_events = UINT32_MAX,
                            .credit_bytes = 1ull << 50},
        gw_slice(NULL, 0));
}

/* Every receiver says how far it came, as libkarvan does. */
static void acknowledge(struct fanout *f)
{
    for (uint32_t i = 0; i < f->ack_count; i++)
        say(f, f->acks[i].peer,
            &(struct gw_header){.op = GW_OP_CREDIT,
                                .name = gw_slice_str(f->acks[i].name),
                                .ack = f->acks[i].seq},
            gw_slice(NULL, 0));
    f->ack_count = 0;
}

/* Containers that are reported are R....; the ones nobody reports are N....; none is of
 * ISO 6346's form, so there is no check digit to be wrong. */
static void container(char out[12], char kind, uint32_t n)
{
    (void)snprintf(out, 12, "%c%010u", kind, n);
}

static void open_subscriptions(struct fanout *f, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t peer = 1 + i / PER_SESSION;
        char id[12], term[32];
        if (i % PER_SESSION == 0)
            hello(f, peer);
        container(id, f->spread ? 'R' : 'N', i);
        (void)snprintf(term, sizeof term, "equipment=%s", id);
        subscribe(f, peer, i, !f->spread && i == 0 ? NULL : term);
    }
}

/* ---- traffic ---- */

/* The measured event, about a container of the cycle; not known to be of any scheme. */
static void add_event(struct fanout *f, uint32_t which)
{
    char id[12];
    uint8_t *at;
    struct gw_slice ev;
    container(id, 'R', which);
    ev = gw_load_event(&f->load, f->published++, 1);
    at = memmem(f->load.bytes.at, f->load.bytes.len, "CSQU3054383", 11);
    gw_buf_slice(&f->body, ev);
    if (at)
        memcpy(f->body.at + f->body.len - ev.len + (size_t)(at - f->load.bytes.at), id,
               11);
    f->failed |= !at;
}

static void publish(struct fanout *f, uint32_t cycle)
{
    gw_buf_reset(&f->body);
    for (uint32_t i = 0; i < BATCH; i++)
        add_event(f, (uint32_t)(f->published % cycle));
    say(f, 0,
        &(struct gw_header){.op = GW_OP_PUBLISH, .batch = ++f->batch, .count = BATCH},
        gw_buf_bytes(&f->body));
    settle(f);
    acknowledge(f);
}

/* ---- one point of the curve ---- */

static double measure(struct fanout *f, uint32_t subscriptions, double seconds)
{
    uint32_t cycle = f->spread ? subscriptions : CYCLE;
    int64_t began, until;
    uint64_t first;

    gw_buf_init(&f->header, GW_HEADER_MAX);
    gw_buf_init(&f->body, 1u << 20);
    f->failed |= gw_load_init(&f->load, RUN, 0) || !gw_load_free_container(&f->load) ||
                 !open_pipeline(f);
    if (f->failed)
        return 0;
    hello(f, 0);
    open_subscriptions(f, subscriptions);
    publish(f, cycle); /* warm */
    began = gw_mono_ns(&gw_clock_system);
    until = began + (int64_t)(seconds * 1e9);
    first = f->published;
    do
        publish(f, cycle);
    while (!f->failed && gw_mono_ns(&gw_clock_system) < until);
    until = gw_mono_ns(&gw_clock_system);
    f->failed |= f->delivered != f->published || f->wrong;
    if (f->failed)
        fprintf(stderr, "bench: fanout: published %llu delivered %llu wrong %llu\n",
                (unsigned long long)f->published, (unsigned long long)f->delivered,
                (unsigned long long)f->wrong);
    return (double)(f->published - first) * 1e9 / (double)(until - began);
}

static double one(uint32_t subscriptions, bool spread, double seconds, bool *failed)
{
    struct fanout *f = calloc(1, sizeof *f);
    double rate = 0;
    if (!f) {
        *failed = true;
        return 0;
    }
    f->spread = spread;
    f->began_ns = gw_mono_ns(&gw_clock_system);
    rate = measure(f, subscriptions, seconds);
    *failed |= f->failed;
    close_pipeline(f);
    gw_load_deinit(&f->load);
    gw_buf_deinit(&f->header);
    gw_buf_deinit(&f->body);
    free(f);
    return rate;
}

static int run_fanout(int argc, char **argv)
{
    static const uint32_t steps[] = {1, 10, 100, 1000, 10000};
    uint32_t most = 10000;
    double seconds = 1, at_10 = 0;
    bool json = false;
    const struct gw_option rows[] = {
        {"most", GW_OPTION_U32, &most, 1,
         "subscriptions at the end of the curve: up to 10000"},
        {"seconds", GW_OPTION_REAL, &seconds, 0.05, "for each point"},
        {"json", GW_OPTION_ON, &json, 0, "JSON, one object a line"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, NULL, argc, argv);
    if (status >= 0)
        return status;
    status = 0;
    gw_log_level(GW_ERROR); /* not a line for each of 10,000 subscriptions */
    for (size_t i = 0; i < sizeof steps / sizeof *steps && steps[i] <= most; i++) {
        struct gw_result r;
        bool failed = false;
        double idle, spread;
        gw_progress("fanout", i, sizeof steps / sizeof *steps);
        idle = one(steps[i], false, seconds, &failed);
        spread = one(steps[i], true, seconds, &failed);
        if (steps[i] == 10)
            at_10 = idle;
        gw_progress("fanout", 1, 1);
        gw_result_begin(&r, "fanout", json);
        gw_result_count(&r, "subscriptions", steps[i]);
        gw_result_number(&r, "idle_per_s", 0, idle);
        gw_result_number(&r, "spread_per_s", 0, spread);
        gw_result_number(&r, "idle_to_10", 3, at_10 > 0 ? idle / at_10 : 0);
        status |= gw_result_end(&r, failed);
    }
    return status;
}

const struct gw_bench gw_bench_fanout = {
    "fanout", "1 to 10,000 subscriptions: stages 2 to 7 in one thread", run_fanout};
