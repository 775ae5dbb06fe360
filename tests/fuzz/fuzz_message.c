/* fuzz_message.c - whole messages into a pipeline with a session, a subscription and a
 * journal in memory, as a peer that holds a key could send them: no crash, no leak, and
 * every answer is a header that can be read.
 *
 * The input is a row of messages: one byte of flags (1: second peer, 2: a body follows),
 * two bytes of length for each frame. */
#include <stdlib.h>
#include "base/log.h"
#include "pipeline/pipeline.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct gw_batch *done[64];
static unsigned done_count;
static uint64_t serial;
static int64_t now = 1795439200000;

static void require(bool ok)
{
    if (!ok)
        abort();
}

static enum gw_error answer(void *ctx, const struct gw_peer *to, struct gw_slice header,
                            struct gw_slice body)
{
    struct gw_header h;
    (void)ctx;
    (void)to;
    (void)body;
    require(gw_header_read(header, &h, NULL) == GW_OK && h.op != GW_OP_NONE);
    return GW_OK;
}

static uint64_t next_serial(void *ctx)
{
    (void)ctx;
    return ++serial;
}

static void on_done(struct gw_batch *b, void *ctx)
{
    (void)ctx;
    require(done_count < 64);
    done[done_count++] = b;
}

static struct gw_directory *two_operators(void)
{
    static const char *const names[] = {"alpha", "beta"};
    struct gw_directory *d = calloc(1, sizeof *d);
    require(d != NULL);
    atomic_init(&d->references, 1);
    d->count = 2;
    d->operators = calloc(2, sizeof *d->operators);
    require(d->operators != NULL);
    for (unsigned i = 0; i < 2; i++) {
        (void)gw_slice_copy(gw_slice_str(names[i]), d->operators[i].name,
                            sizeof d->operators[i].name);
        memcpy(d->operators[i].country, "KZ", 3);
        d->operators[i].enabled = true;
    }
    return d;
}

static struct gw_slice take(struct gw_slice *in)
{
    size_t n = in->len >= 2 ? (size_t)in->at[0] << 8 | in->at[1] : 0;
    struct gw_slice frame;
    if (in->len < 2)
        return gw_slice(NULL, 0);
    *in = gw_slice(in->at + 2, in->len - 2);
    if (n > in->len)
        n = in->len;
    frame = gw_slice(in->at, n);
    *in = gw_slice(in->at + n, in->len - n);
    return frame;
}

static void settle(struct gw_pipeline *p)
{
    for (unsigned i = 0; i < done_count; i++)
        gw_pipeline_committed(p, done[i], now);
    done_count = 0;
    for (int i = 0; i < 20 && gw_pipeline_turn(p, now); i++)
        ;
    now += 10;
    gw_pipeline_tick(p, now);
}

static void converse(struct gw_pipeline *p, struct gw_slice in)
{
    static const uint8_t hello[] = "\x83\xa1v\x01\xa2op\xa5HELLO\xa7"
                                   "adapter\xa2"
                                   "a1";
    static const char *const users[] = {"alpha", "beta"};
    for (uint8_t who = 0; who < 2; who++) {
        struct gw_peer peer = {.id_len = 5, .id = {0, who}};
        gw_pipeline_receive(p, &peer, gw_slice_str(users[who]),
                            gw_slice(hello, sizeof hello - 1), gw_slice(NULL, 0), 1, now);
    }
    while (in.len) {
        uint8_t flags = in.at[0];
        struct gw_peer peer = {.id_len = 5, .id = {0, flags & 1}};
        struct gw_slice header, body = gw_slice(NULL, 0);
        in = gw_slice(in.at + 1, in.len - 1);
        header = take(&in);
        if (flags & 2)
            body = take(&in);
        gw_pipeline_receive(p, &peer, gw_slice_str(users[flags & 1]), header, body,
                            flags & 2 ? 2 : 1, now);
        settle(p);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct gw_journal_settings settings = {.max_bytes = 1u << 20,
                                                        .queue_batches = 16,
                                                        .group_events = 64,
                                                        .durable = true,
                                                        .duplicate_window = 256,
                                                        .outcome_window = 4,
                                                        .warn_percent = 80,
                                                        .shrink_percent = 90,
                                                        .refuse_percent = 95,
                                                        .quarantine_bytes = 1u << 16};
    struct gw_limits limits = {.budget = gw_budget_default,
                               .message_bytes = 1u << 16,
                               .batch_events = 64,
                               .sessions = 4,
                               .sessions_per_operator = 2,
                               .timeout_ms = 10000,
                               .credit_batches = 4,
                               .credit_bytes = 1u << 17,
                               .subscriptions = 2,
                               .delivery_bytes = 4096,
                               .tail_bytes = 1u << 16,
                               .live_objects = 4,
                               .live_bytes = 1u << 12,
                               .position_ms = 50,
                               .future_refuse_ms = 86400000,
                               .future_warn_ms = 600000};
    struct gw_outlet outlet = {answer, NULL, next_serial, NULL, NULL};
    struct gw_pipeline_setup setup = {.limits = &limits,
                                      .directory = two_operators(),
                                      .outlet = &outlet,
                                      .gateway_name = "fuzz",
                                      .done = on_done,
                                      .most_in_journal = 16};
    struct gw_pipeline *p;
    struct gw_text why;

    gw_log_level(GW_ERROR);
    require(gw_memory_open(&setup.journal, &settings, &gw_clock_system, &why) == GW_OK);
    require(gw_pipeline_new(&p, &setup) == GW_OK);
    converse(p, gw_slice(data, size));
    settle(p);
    gw_pipeline_free(p);
    setup.journal->ops->close(setup.journal);
    gw_directory_unref(setup.directory);
    return 0;
}
