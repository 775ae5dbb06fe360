/* sim_world.c - what happens next: one small step at a time, chosen by the seed. */
#include <stdio.h>
#include <stdlib.h>
#include "fault/sim.h"

#define START_MS 1795439200000
#define INSIDE(call)                                                                     \
    do {                                                                                 \
        sim_enter();                                                                     \
        call;                                                                            \
        sim_leave();                                                                     \
    } while (0)
#define REST_STEPS                                                                       \
    200000u /* within so many steps of a calm world everything must have arrived */

uint32_t sim_random(struct sim *s, uint32_t below)
{
    uint64_t x = s->random += 0x9e3779b97f4a7c15u; /* splitmix64 */
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((x ^ x >> 31) % below);
}

static int64_t wall(void *ctx)
{
    return ((struct sim *)ctx)->now_ms;
}
static int64_t mono(void *ctx)
{
    return ((struct sim *)ctx)->mono_ns;
}
static uint64_t serial(void *ctx)
{
    return ++((struct sim *)ctx)->serial;
}

/* ---- the gateway's life ---- */

static void on_done(struct gw_batch *b, void *ctx)
{
    struct sim *s = ctx;
    s->done[s->done_count++] = b;
}

static enum gw_error append(struct gw_journal *j, struct gw_batch **b)
{
    struct sim *s = gw_store_of(j)->clock.ctx;
    if (atomic_load(&gw_store_of(j)->failed))
        return GW_STORAGE;
    if (s->waiting_count + s->done_count >= 32)
        return GW_AGAIN;
    s->waiting[s->waiting_count++] = *b;
    *b = NULL;
    return GW_OK;
}

/* Density, checksums and the hash chain, as karvan journal verify computes them. */
static void verify(struct sim *s)
{
    struct gw_verification v;
    if (gw_journal_verify(s->journal, NULL, NULL, &v))
        sim_fail(s, "the journal does not verify at seq %llu: %s",
                 (unsigned long long)v.bad_seq, v.rule);
}

static void crash(struct sim *s);

static void start(struct sim *s)
{
    struct gw_pipeline_setup setup = {.limits = &s->limits,
                                      .directory = s->directory,
                                      .outlet = &s->outlet,
                                      .gateway_name = "sim",
                                      .done = on_done,
                                      .done_ctx = s,
                                      .most_in_journal = 4};
    struct gw_text why;
    enum gw_error e =
        gw_store_open_on(&s->journal, &s->disk.kv, &s->settings, &s->clock, &why);
    if (e)
        sim_fail(s, "the journal does not open: %s", why.s);
    s->store_ops = s->journal->ops;
    s->ops = *s->journal->ops;
    s->ops.append = append;
    s->journal->ops = &s->ops;
    s->storage_failed = false;
    setup.journal = s->journal;
    if (s->store_ops->reader_open(s->journal, &s->reader))
        abort();
    sim_enter();
    e = gw_pipeline_new(&s->pipeline, &setup);
    sim_leave();
    if (e) {
        if (e != GW_NOMEM)
            sim_fail(s, "the pipeline does not start: %s", gw_error_name(e));
        crash(s);
        return;
    }
    sim_model_look(s, true);
    verify(s);
}

/* The process ends; what it had not told the disk is gone. */
static void crash(struct sim *s)
{
    if (!s->journal)
        return;
    s->kills++;
    if (s->pipeline)
        gw_pipeline_free(s->pipeline);
    for (uint32_t i = 0; i < s->waiting_count; i++)
        gw_batch_unref(s->waiting[i]);
    for (uint32_t i = 0; i < s->done_count; i++)
        gw_batch_unref(s->done[i]);
    s->waiting_count = s->done_count = 0;
    s->store_ops->reader_close(s->reader);
    s->journal->ops = s->store_ops;
    s->store_ops->close(s->journal);
    s->pipeline = NULL;
    s->journal = NULL;
    for (uint32_t i = 0; i < SIM_LINKS;
         i++) { /* TCP tells the peers, unless the line is dead */
        struct sim_link *l = &s->links[i];
        sim_queue_clear(&l->in);
        sim_queue_clear(&l->out);
        l->up = false;
    }
}

/* A group of those that wait goes to the disk. */
static void commit(struct sim *s)
{
    struct gw_batch *group[64];
    uint32_t n = s->waiting_count ? 1 + sim_random(s, s->waiting_count) : 0;

    memcpy(group, s->waiting, n * sizeof *group);
    s->waiting_count -= n;
    memmove(s->waiting, s->waiting + n, s->waiting_count * sizeof *s->waiting);
    INSIDE((void)gw_store_commit(gw_store_of(s->journal), group, n));
    sim_model_look(s, false);
}

static void hand_back(struct sim *s)
{
    struct gw_batch *b = s->done[0];
    if (!s->done_count)
        return;
    s->done_count--;
    memmove(s->done, s->done + 1, s->done_count * sizeof *s->done);
    INSIDE(gw_pipeline_committed(s->pipeline, b, s->now_ms));
}

/* New rules: each operator shares with some of the others. */
static struct gw_directory *rules(struct sim *s)
{
    struct gw_directory *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    atomic_init(&d->references, 1);
    d->count = SIM_OPERATORS;
    d->operators = calloc(SIM_OPERATORS, sizeof *d->operators);
    for (uint32_t i = 0; i < SIM_OPERATORS; i++) {
        struct gw_operator *o = &d->operators[i];
        (void)snprintf(o->name, sizeof o->name, "op-%u", i);
        memcpy(o->country, "KZ", 3);
        o->enabled = true;
        o->rules = calloc(1, sizeof *o->rules);
        o->rule_count = 1;
        gw_rule_init(o->rules);
        o->rules->everybody = sim_chance(s, 300);
        for (uint32_t k = 0; k < SIM_OPERATORS; k++)
            if (k != i && sim_chance(s, 400) && gw_rule_add_receiver(o->rules, k))
                abort();
    }
    return d;
}

static void reload(struct sim *s)
{
    struct gw_directory *old = s->directory;
    s->directory = rules(s);
    if (s->pipeline)
        INSIDE(gw_pipeline_directory(s->pipeline, s->directory, s->now_ms));
    gw_directory_unref(old);
    s->reloads++;
}

/* ---- the network ---- */

static void arrive_in(struct sim *s, struct sim_link *l)
{
    struct sim_message *m = l->up ? sim_queue_take(&l->in) : NULL;
    struct gw_peer peer = {.id_len = 5};
    if (!m)
        return;
    if (!s->pipeline) {
        free(m);
        return;
    }
    memcpy(peer.id + 1, &l->id, sizeof l->id);
    INSIDE(gw_pipeline_receive(s->pipeline, &peer, gw_slice_str(s->directory->operators[l->operator].name),
                        gw_slice(m->bytes, m->header_len),
                        gw_slice(m->bytes + m->header_len, m->body_len), m->body_len ? 2 : 1,
                        s->now_ms));
    free(m);
}

static void arrive_out(struct sim *s, struct sim_link *l)
{
    struct sim_message *m = sim_queue_take(&l->out);
    struct gw_slice body;
    struct gw_header h;

    if (!m)
        return;
    body = gw_slice(m->bytes + m->header_len, m->body_len);
    if (gw_header_read(gw_slice(m->bytes, m->header_len), &h, NULL))
        abort();
    for (uint32_t i = 0; i < SIM_SENDERS; i++)
        if (s->senders[i].link == l)
            sim_sender_hear(s, &s->senders[i], &h, body);
    for (uint32_t i = 0; i < SIM_RECEIVERS; i++)
        if (s->receivers[i].link == l)
            sim_receiver_hear(s, &s->receivers[i], &h, body);
    free(m);
}

/* A peer notices that its line is gone. */
static void notice(struct sim *s)
{
    for (uint32_t i = 0; i < SIM_SENDERS; i++)
        if (s->senders[i].link && !s->senders[i].link->up && sim_chance(s, 300)) {
            sim_cut(s->senders[i].link);
            s->senders[i].link = NULL;
            s->senders[i].ready = false;
        }
    for (uint32_t i = 0; i < SIM_RECEIVERS; i++)
        if (s->receivers[i].link && !s->receivers[i].link->up && sim_chance(s, 300)) {
            sim_cut(s->receivers[i].link);
            s->receivers[i].link = NULL;
            s->receivers[i].ready = s->receivers[i].asked = false;
        }
}

static struct sim_link *some_link(struct sim *s)
{
    uint32_t n = SIM_SENDERS + SIM_RECEIVERS, i = sim_random(s, n);
    return i < SIM_SENDERS ? s->senders[i].link : s->receivers[i - SIM_SENDERS].link;
}

static void cut_some(struct sim *s)
{
    struct sim_link *l = some_link(s);
    if (!l || !l->up)
        return;
    s->cuts++;
    if (sim_chance(s, 400))
        l->silent = true; /* nobody hears of it until something is missed */
    else {
        sim_queue_clear(&l->in);
        sim_queue_clear(&l->out);
        l->up = false;
    }
}

/* ---- one step ---- */

static void tick(struct sim *s, int64_t ms)
{
    s->now_ms += ms;
    s->mono_ns += ms * 1000000;
    if (s->pipeline)
        INSIDE(gw_pipeline_tick(s->pipeline, s->now_ms));
}

static void pass_time(struct sim *s)
{
    if (sim_chance(s, 4)) /* silence long enough to end sessions */
        for (uint32_t i = 2 + sim_random(s, 48); i; i--)
            tick(s, 250);
    else if (sim_chance(s, 1)) /* the process stands still */
        tick(s, 500 + sim_random(s, 12000));
    else
        tick(s, sim_random(s, 30));
}

static void strike(struct sim *s)
{
    s->faults++;
    switch (sim_random(s, 10)) {
    case 0:
        crash(s);
        break;
    case 1:
        s->disk.fault = SIM_FULL;
        s->full++;
        break;
    case 2:
        s->disk.fault = SIM_FAILS;
        s->failed++;
        break;
    case 3:
        s->disk.fault = SIM_DOUBT;
        s->in_doubt++;
        break;
    case 4:
        reload(s);
        break;
    case 5:
        s->stalled_until = s->now_ms + 200 + sim_random(s, 2000);
        s->stalls++;
        break;
    case 6:
    case 7:
        sim_fail_allocation(1 + sim_random(s, 12));
        break;
    default: /* two in ten: lines break most often */
        cut_some(s);
    }
}

/* Silent lines are found out by what is missed; a gateway that cannot write is restarted.
 */
static void mend(struct sim *s)
{
    if (s->journal && atomic_load(&gw_store_of(s->journal)->failed)) {
        s->storage_failed = true;
        s->disk.fault = SIM_NO_FAULT;
    }
    if (s->disk.fault == SIM_FULL && (s->calm || sim_chance(s, 100)))
        s->disk.fault = SIM_NO_FAULT;
    if (!s->journal && (s->calm || sim_chance(s, 50)))
        start(s);
    else if (s->storage_failed && (s->calm || sim_chance(s, 30)))
        crash(s);
    for (uint32_t i = 0; i < SIM_LINKS; i++)
        if (s->links[i].silent && sim_chance(s, 20)) {
            sim_queue_clear(&s->links[i].in);
            sim_queue_clear(&s->links[i].out);
            s->links[i].up = false;
        }
}

static void peers(struct sim *s)
{
    uint32_t i = sim_random(s, SIM_SENDERS + SIM_RECEIVERS);
    if (i < SIM_SENDERS)
        sim_sender_turn(s, &s->senders[i]);
    else
        sim_receiver_turn(s, &s->receivers[i - SIM_SENDERS]);
}

static void step(struct sim *s)
{
    struct sim_link *l = some_link(s);
    s->steps++;
    if (!s->calm && sim_chance(s, 8))
        strike(s);
    mend(s);
    notice(s);
    switch (sim_random(s, 8)) {
    case 0:
        pass_time(s);
        break;
    case 1:
    case 2:
        peers(s);
        break;
    case 3:
        if (l)
            arrive_in(s, l);
        break;
    case 4:
        if (l)
            arrive_out(s, l);
        break;
    case 5:
        if (s->journal && (s->calm || s->now_ms >= s->stalled_until) &&
            (s->waiting_count || sim_chance(s, 50)))
            commit(s);
        break;
    case 6:
        if (s->pipeline)
            hand_back(s);
        break;
    default:
        if (s->pipeline)
            INSIDE((void)gw_pipeline_turn(s->pipeline, s->now_ms));
    }
}

/* ---- a run ---- */

static bool at_rest(const struct sim *s)
{
    for (uint32_t i = 0; i < SIM_SENDERS; i++)
        if (!sim_sender_done(&s->senders[i]))
            return false;
    for (uint32_t i = 0; i < SIM_RECEIVERS; i++)
        if (!sim_receiver_done(s, &s->receivers[i]))
            return false;
    return true;
}

static void say_who_is_not_done(struct sim *s)
{
    for (uint32_t i = 0; i < SIM_SENDERS; i++)
        printf("sender %u: %u of %u batches settled, sent %u, ready %d, credit %llu\n", i,
               s->senders[i].settled, s->senders[i].batches, s->senders[i].sent,
               s->senders[i].ready, (unsigned long long)s->senders[i].credit_batch);
    for (uint32_t i = 0; i < SIM_RECEIVERS; i++)
        printf("receiver %u: next %llu of %llu, ready %d\n", i,
               (unsigned long long)s->receivers[i].next,
               (unsigned long long)s->model.last_seq, s->receivers[i].ready);
    sim_fail(s, "a calm world does not come to rest");
}

static void prepare(struct sim *s, uint64_t seed)
{
    memset(s, 0, sizeof *s);
    s->seed = s->random = seed;
    s->now_ms = START_MS;
    s->clock = (struct gw_clock){wall, mono, s};
    s->outlet = (struct gw_outlet){sim_outlet, NULL, serial, NULL, s};
    s->limits = (struct gw_limits){.budget = gw_budget_default,
                                   .live_objects = 64,
                                   .live_bytes = 1u << 16,
                                   .message_bytes = 1u << 16,
                                   .batch_events = 100,
                                   .sessions = 32,
                                   .sessions_per_operator = 16,
                                   .timeout_ms = 10000,
                                   .credit_batches = 2 + sim_random(s, 6),
                                   .credit_bytes = 1u << 16,
                                   .subscriptions = 4,
                                   .delivery_bytes = 1000 + sim_random(s, 4000),
                                   .tail_bytes = sim_chance(s, 500) ? 4096 : 1u << 20,
                                   .position_ms = 50,
                                   .future_refuse_ms = 86400000,
                                   .future_warn_ms = 600000};
    s->settings = (struct gw_journal_settings){.max_bytes = 64u << 20,
                                               .queue_batches = 64,
                                               .group_events = 64,
                                               .durable = true,
                                               .duplicate_window = 4096,
                                               .outcome_window = 32,
                                               .cursor_ms = 1,
                                               .warn_percent = 80,
                                               .shrink_percent = 90,
                                               .refuse_percent = 95,
                                               .quarantine_bytes = 4096};
    gw_buf_init(&s->buf, 1u << 20);
    gw_buf_init(&s->body, 1u << 20);
    if (gw_tree_init(&s->tree, &gw_budget_default))
        abort();
    s->directory = rules(s);
    for (uint32_t i = 0; i < SIM_SENDERS; i++)
        s->senders[i] = (struct sim_sender){
            .number = i, .operator= i % SIM_OPERATORS, .batches = 2 + sim_random(s, 12)};
    for (uint32_t i = 0; i < SIM_RECEIVERS; i++)
        s->receivers[i] = (struct sim_receiver){.number = i,
                                                .operator= i % SIM_OPERATORS,
                                                .next = 1,
                                                .loads_only = sim_chance(s, 300),
                                                .lazy = sim_chance(s, 300),
                                                .by_seq = sim_chance(s, 300)};
}

static void end(struct sim *s)
{
    crash(s);
    s->kills--;
    for (uint32_t i = 0; i < SIM_LINKS; i++)
        sim_cut(&s->links[i]);
    sim_disk_close(&s->disk);
    gw_directory_unref(s->directory);
    gw_tree_deinit(&s->tree);
    gw_buf_deinit(&s->buf);
    gw_buf_deinit(&s->body);
}

void sim_run(struct sim *s, uint64_t seed, uint32_t steps)
{
    prepare(s, seed);
    sim_disk_open(&s->disk);
    start(s);
    while (s->steps < steps)
        step(s);
    s->calm = true;
    sim_fail_allocation(0);
    if (s->disk.fault)
        s->disk.fault = SIM_NO_FAULT;
    while (!at_rest(s) && s->steps < steps + REST_STEPS)
        step(s);
    if (!at_rest(s))
        say_who_is_not_done(s);
    sim_model_look(s, true);
    verify(s);
    end(s);
}
