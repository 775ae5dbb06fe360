/* bench_of_one.c - a pipeline without sockets, disk or clock. */
#include "unit/pipeline/bench_of_one.h"
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "model/canon.h"
#include "model/filter.h"

static enum gw_error keep_message(void *ctx, const struct gw_peer *to, struct gw_slice header,
                                  struct gw_slice body)
{
    struct workbench *w = ctx;
    struct sent *s = &w->sent[w->count];
    if (w->next_send)
        return w->next_send;
    cr_assert_lt(w->count, SENT_MOST);
    w->count++;
    s->to = *to;
    gw_buf_init(&s->header, 1u << 16);
    gw_buf_init(&s->body, 1u << 24);
    gw_buf_slice(&s->header, header);
    gw_buf_slice(&s->body, body);
    cr_assert_eq(gw_header_read(gw_buf_bytes(&s->header), &s->h, NULL), GW_OK);
    return GW_OK;
}

static uint64_t next_serial(void *ctx)
{
    struct workbench *w = ctx;
    return ++w->serial;
}

static void on_done(struct gw_batch *b, void *ctx)
{
    struct workbench *w = ctx;
    cr_assert_lt(w->done_count, 256);
    w->done[w->done_count++] = b;
}

static void on_live(struct gw_batch *b, void *ctx)
{
    struct workbench *w = ctx;
    if (!w->other)
        return;
    gw_batch_ref(b);
    gw_pipeline_committed(w->other, b, w->now_ms);
}

static void share(struct gw_operator *o, bool everybody)
{
    o->rules = calloc(1, sizeof *o->rules);
    gw_rule_init(o->rules);
    o->rules->everybody = everybody;
    o->rule_count = 1;
}

static struct gw_directory *make_directory(void)
{
    static const char *const names[] = {"alpha", "beta", "gamma"};
    struct gw_directory *d = calloc(1, sizeof *d);
    atomic_init(&d->references, 1);
    d->count = 3;
    d->operators = calloc(3, sizeof *d->operators);
    for (unsigned i = 0; i < 3; i++) {
        (void)snprintf(d->operators[i].name, sizeof d->operators[i].name, "%s", names[i]);
        memcpy(d->operators[i].country, "KZ", 3);
        d->operators[i].enabled = true;
    }
    share(&d->operators[0], false);
    cr_assert_eq(gw_rule_add_receiver(&d->operators[0].rules[0], 1), GW_OK);
    share(&d->operators[2], true);
    cr_assert_eq(gw_directory_name_parties(d), GW_OK);
    return d;
}

void workbench_open(struct workbench *w)
{
    static const struct gw_journal_settings settings = {.max_bytes = 1u << 28,
                                                        .queue_batches = 64,
                                                        .group_events = 4096,
                                                        .durable = true,
                                                        .duplicate_window = 1u << 16,
                                                        .outcome_window = 16,
                                                        .warn_percent = 80,
                                                        .shrink_percent = 90,
                                                        .refuse_percent = 95,
                                                        .quarantine_bytes = 1u << 20};
    struct gw_pipeline_setup setup = {.limits = &w->limits,
                                      .outlet = &w->outlet,
                                      .gateway_name = "bench",
                                      .done = on_done,
                                      .live = on_live,
                                      .done_ctx = w,
                                      .most_in_journal =
                                          w->most_in_journal ? w->most_in_journal : 64};
    struct gw_text why;

    w->now_ms = 1795439200000;
    w->limits = (struct gw_limits){.budget = gw_budget_default,
                                   .message_bytes = 1u << 20,
                                   .batch_events = 1000,
                                   .sessions = 16,
                                   .sessions_per_operator = 4,
                                   .timeout_ms = 10000,
                                   .credit_batches = 8,
                                   .credit_bytes = 4u << 20,
                                   .subscriptions = 4,
                                   .delivery_bytes = 65536,
                                   .tail_bytes = 1u << 20,
                                   .live_objects = 16,
                                   .live_bytes = 1u << 20,
                                   .position_ms = 1000,
                                   .future_refuse_ms = 86400000,
                                   .future_warn_ms = 600000};
    w->outlet = (struct gw_outlet){keep_message, NULL, next_serial, NULL, w};
    w->directory = make_directory();
    cr_assert_eq(gw_memory_open(&w->journal, &settings, &gw_clock_system, &why), GW_OK);
    setup.directory = w->directory;
    setup.journal = w->journal;
    cr_assert_eq(gw_pipeline_new(&w->pipeline, &setup), GW_OK);
}

static void forget(struct workbench *w, unsigned i)
{
    gw_buf_deinit(&w->sent[i].header);
    gw_buf_deinit(&w->sent[i].body);
    memmove(&w->sent[i], &w->sent[i + 1], (w->count - i - 1) * sizeof w->sent[0]);
    w->count--;
}

void workbench_close(struct workbench *w)
{
    w->hold = false;
    workbench_settle(w);
    while (w->count)
        forget(w, 0);
    (void)workbench_take(w, UINT32_MAX);
    gw_pipeline_free(w->pipeline);
    w->journal->ops->close(w->journal);
    gw_directory_unref(w->directory);
}

struct gw_peer workbench_peer(uint32_t n)
{
    struct gw_peer p = {.id_len = 5};
    memcpy(p.id + 1, &n, 4);
    return p;
}

void workbench_put_raw(struct workbench *w, uint32_t peer, const char *who,
                       struct gw_slice header, struct gw_slice body, unsigned frames)
{
    struct gw_peer p = workbench_peer(peer);
    gw_pipeline_receive(w->pipeline, &p, gw_slice_str(who), header, body, frames, w->now_ms);
}

void workbench_put(struct workbench *w, uint32_t peer, const char *who,
                   const struct gw_header *h, struct gw_slice body)
{
    struct gw_buf header;
    gw_buf_init(&header, GW_HEADER_MAX);
    cr_assert_eq(gw_header_write(h, &header), GW_OK);
    workbench_put_raw(w, peer, who, gw_buf_bytes(&header), body, body.len ? 2 : 1);
    gw_buf_deinit(&header);
}

void workbench_settle(struct workbench *w)
{
    for (int i = 0; i < 1000; i++) {
        for (unsigned k = 0; !w->hold && k < w->done_count; k++) /* each may complete more */
            gw_pipeline_committed(w->pipeline, w->done[k], w->now_ms);
        if (!w->hold)
            w->done_count = 0;
        if (!gw_pipeline_turn(w->pipeline, w->now_ms) && (w->hold || !w->done_count))
            return;
    }
    cr_assert_fail("the pipeline does not come to rest");
}

/* The message handed out last; kept until the next one is asked for. */
static struct sent out;

struct sent *workbench_take(struct workbench *w, uint32_t peer)
{
    struct gw_peer p = workbench_peer(peer);
    gw_buf_deinit(&out.header);
    gw_buf_deinit(&out.body);
    memset(&out, 0, sizeof out);
    for (unsigned i = 0; i < w->count; i++)
        if (gw_peer_eq(&w->sent[i].to, &p)) {
            out = w->sent[i];
            memmove(&w->sent[i], &w->sent[i + 1], (w->count - i - 1) * sizeof w->sent[0]);
            w->count--;
            return &out;
        }
    return NULL;
}

struct sent *workbench_expect(struct workbench *w, uint32_t peer, enum gw_op op)
{
    struct sent *s = workbench_take(w, peer);
    cr_assert_not_null(s, "expected %s, nothing was sent", gw_op_name(op));
    cr_assert_eq(s->h.op, op, "expected %s, got %s code=%llu %.*s", gw_op_name(op),
                 gw_op_name(s->h.op), (unsigned long long)s->h.code, GW_FMT(s->h.text));
    return s;
}

void workbench_hello(struct workbench *w, uint32_t peer, const char *who, const char *adapter)
{
    struct gw_header h = {.op = GW_OP_HELLO,
                          .v_least = 1,
                          .v_most = 1,
                          .adapter = gw_slice_str(adapter),
                          .software = GW_LIT("test")};
    workbench_put(w, peer, who, &h, gw_slice(NULL, 0));
    cr_assert(workbench_expect(w, peer, GW_OP_WELCOME)->h.durable);
}

void workbench_events(struct gw_buf *body, const char *prefix, unsigned first, unsigned count)
{
    struct gw_tree t;
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    for (unsigned i = 0; i < count; i++) {
        char id[32];
        uint32_t root = gw_tree_root(&t);
        (void)snprintf(id, sizeof id, "%s-%u", prefix, first + i);
        gw_tree_set_int(&t, root, "schema", 1);
        gw_tree_set_str(&t, root, "id", gw_slice_str(id));
        gw_tree_set_str(&t, root, "type", GW_LIT("load"));
        gw_tree_set_str(&t, root, "class", GW_LIT("actual"));
        gw_tree_set_str(&t, root, "subject", GW_LIT("equipment"));
        gw_tree_set_int(&t, root, "time", WORKBENCH_EVENT_MS);
        gw_tree_set_str(&t, root, "time_basis", GW_LIT("stated-utc"));
        gw_tree_set_str(&t, root, "place.country", GW_LIT("KZ"));
        cr_assert_eq(gw_msgpack_write(&t, root, body), GW_OK);
    }
    gw_tree_deinit(&t);
}

void workbench_publish(struct workbench *w, uint32_t peer, const char *who, uint64_t batch,
                       unsigned first, unsigned count)
{
    struct gw_header h = {.op = GW_OP_PUBLISH, .batch = batch, .count = count};
    struct gw_buf body;
    gw_buf_init(&body, 8u << 20);
    workbench_events(&body, who, first, count);
    workbench_put(w, peer, who, &h, gw_buf_bytes(&body));
    gw_buf_deinit(&body);
    workbench_settle(w);
}

struct sent *workbench_subscribe(struct workbench *w, uint32_t peer, const char *who,
                                 const char *name, const char *start, ...)
{
    struct gw_header h = {.op = GW_OP_SUBSCRIBE, .name = gw_slice_str(name)};
    const char *terms[8];
    size_t count = 0;
    struct gw_text why;
    struct gw_buf body;
    va_list rest;
    va_start(rest, start);
    for (const char *term; (term = va_arg(rest, const char *)) != NULL;) {
        cr_assert_lt(count, sizeof terms / sizeof *terms);
        terms[count++] = term;
    }
    va_end(rest);
    gw_buf_init(&body, 4096);
    cr_assert_eq(gw_subscribe_body(start, terms, count, &body, &why), GW_OK, "%s", why.s);
    workbench_put(w, peer, who, &h, gw_buf_bytes(&body));
    gw_buf_deinit(&body);
    workbench_settle(w);
    return workbench_expect(w, peer, GW_OP_SUBSCRIBED);
}

void workbench_credit(struct workbench *w, uint32_t peer, const char *who, const char *name,
                      uint64_t ack, uint64_t events)
{
    struct gw_header h = {.op = GW_OP_CREDIT,
                          .name = gw_slice_str(name),
                          .ack = ack,
                          .credit_events = events,
                          .credit_bytes = 1u << 30};
    workbench_put(w, peer, who, &h, gw_slice(NULL, 0));
    workbench_settle(w);
}

struct gw_pipeline_counters workbench_counters(const struct workbench *w)
{
    struct gw_pipeline_counters n;
    gw_pipeline_counters(w->pipeline, &n);
    return n;
}
