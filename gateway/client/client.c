/* client.c - what <karvan/client.h> promises: thin calls onto the parts. */
#include <stdio.h>
#include <stdlib.h>
#include <karvan/version.h>
#include "base/clock.h"
#include "client/parts.h"
#include "model/filter.h"
#include "model/walk.h"

const char *karvan_state_name(enum karvan_state s)
{
    static const char *const names[] = {"connecting", "ready", "refused", "fenced",
                                        "closed"};
    return (unsigned)s < sizeof names / sizeof *names ? names[s] : "?";
}

void karvan_options_default(struct karvan_options *o)
{
    *o = (struct karvan_options){.batch_events = 256,
                                 .batch_bytes = 256u << 10,
                                 .linger_ms = 5,
                                 .window_batches = 64,
                                 .window_bytes = 16u << 20,
                                 .credit_events = 8192,
                                 .credit_bytes = 8u << 20,
                                 .heartbeat_ms = 1000,
                                 .timeout_ms = 5000,
                                 .retry_ms = 100,
                                 .retry_max_ms = 5000,
                                 .auto_ack = true};
}

/* ---- opening ---- */

static bool copy(const char *from, char *to, size_t size, const char **field)
{
    if (!from || !gw_slice_copy(gw_slice_str(from), to, size))
        return false;
    *field = to;
    return true;
}

static bool copy_key(const char *from, char to[41], const char **field)
{
    return from && strlen(from) == 40 && copy(from, to, 41, field);
}

static const char *take_strings(struct karvan_client *c, const struct karvan_options *o)
{
    const char *software = o->software ? o->software : "libkarvan/" KARVAN_VERSION;
    if (!copy(o->endpoint, c->endpoint, sizeof c->endpoint, &c->o.endpoint))
        return "endpoint: a ZeroMQ address such as tcp://gateway:7400 is needed";
    if (!copy(o->adapter, c->adapter, sizeof c->adapter, &c->o.adapter) ||
        !gw_name_valid(gw_slice_str(c->adapter)))
        return "adapter: a name of 1 to 32 characters a-z 0-9 - _ . is needed";
    if (!copy(software, c->software, sizeof c->software, &c->o.software))
        return "software: at most 63 characters";
    if (!o->server_key)
        return NULL;
    if (!copy_key(o->server_key, c->server_key, &c->o.server_key))
        return "server_key: the gateway's public key of 40 characters is needed";
    if (!copy_key(o->public_key, c->public_key, &c->o.public_key) ||
        !copy_key(o->secret_key, c->secret_key, &c->o.secret_key))
        return "public_key, secret_key: our own pair, 40 characters each, is needed";
    return NULL;
}

static const char *judge_numbers(const struct karvan_options *o)
{
    const struct {
        uint64_t value, least, most;
        const char *text;
    } rules[] = {
        {o->batch_events, 1, 1u << 20, "batch_events: 1 .. 1048576"},
        {o->batch_bytes, 64, 32u << 20, "batch_bytes: 64 .. 33554432"},
        {o->linger_ms, 0, 60000, "linger_ms: 0 .. 60000"},
        {o->window_batches, 1, 1u << 16, "window_batches: 1 .. 65536"},
        {o->window_bytes, o->batch_bytes, UINT64_C(1) << 40,
         "window_bytes: at least batch_bytes"},
        {o->credit_events, 1, 1u << 24, "credit_events: 1 .. 16777216"},
        {o->credit_bytes, 1, UINT64_C(1) << 40, "credit_bytes: at least 1"},
        {o->heartbeat_ms, 10, 3600000, "heartbeat_ms: 10 .. 3600000"},
        {o->timeout_ms, o->heartbeat_ms, 3600000, "timeout_ms: at least heartbeat_ms"},
        {o->retry_ms, 1, 3600000, "retry_ms: 1 .. 3600000"},
        {o->retry_max_ms, o->retry_ms, 3600000, "retry_max_ms: at least retry_ms"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].value < rules[i].least || rules[i].value > rules[i].most)
            return rules[i].text;
    return NULL;
}

static enum gw_error begin(struct karvan_client *c, const struct karvan_options *o,
                           struct gw_text *why)
{
    const char *wrong = judge_numbers(o);
    c->o = *o;
    if (!wrong)
        wrong = take_strings(c, o);
    if (wrong) {
        gw_text_set(why, "%s", wrong);
        return GW_RANGE;
    }
    c->in.credit_events = o->credit_events;
    c->in.credit_bytes = o->credit_bytes;
    gw_buf_init(&c->header, GW_HEADER_MAX);
    gw_buf_init(&c->body, 128u << 10);
    gw_text_set(why, "out of memory");
    enum gw_error e = gw_outbox_init(&c->out, &c->o);
    if (!e)
        e = gw_link_new(&c->link, &c->o, why);
    if (!e)
        e = gw_link_connect(c->link, why); /* a wrong address or key shows at once */
    return e;
}

enum gw_error karvan_open(struct karvan_client **out, const struct karvan_options *o,
                          char *why, size_t why_size)
{
    struct gw_text words = {"out of memory"};
    struct karvan_client *c = calloc(1, sizeof *c);
    enum gw_error e = c ? begin(c, o, &words) : GW_NOMEM;
    *out = NULL;
    if (e) {
        snprintf(why, why_size, "%s", words.s);
        karvan_close(c, 0);
        return e;
    }
    gw_session_start(c);
    *out = c;
    return GW_OK;
}

uint64_t karvan_close(struct karvan_client *c, int linger_ms)
{
    uint64_t left;
    if (!c)
        return 0;
    if (c->link && linger_ms > 0)
        (void)karvan_drain(c, linger_ms);
    left = c->out.events;
    if (c->link) {
        gw_receive_send(c); /* the last acknowledgements */
        gw_session_bye(c);
        gw_session_tell(c, KARVAN_CLOSED, GW_OK, "");
    }
    gw_link_free(c->link, 200);
    gw_outbox_deinit(&c->out);
    gw_inbox_deinit(&c->in);
    gw_buf_deinit(&c->header);
    gw_buf_deinit(&c->body);
    explicit_bzero(c->secret_key, sizeof c->secret_key);
    free(c);
    return left;
}

enum karvan_state karvan_client_state(const struct karvan_client *c)
{
    return c->state;
}

/* ---- publishing ---- */

static int64_t mono_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

/* One event that is not whole would break its batch for all the others. */
static enum gw_error judge_event(struct gw_slice event)
{
    struct gw_walk w = gw_walk(event);
    struct gw_walk map = w;
    uint32_t pairs;
    if (!gw_walk_map(&map, &pairs))
        return GW_NOT_A_MAP;
    return gw_walk_skip(&w, NULL) && !gw_walk_left(&w) ? GW_OK : GW_TRUNCATED;
}

enum gw_error karvan_publish(struct karvan_client *c, const void *event, size_t len,
                             uint64_t tag)
{
    struct gw_slice bytes = gw_slice(event, len);
    uint32_t held = c->out.held;
    enum gw_error e = c->state == KARVAN_FENCED ? GW_CLOSED : judge_event(bytes);
    if (!e && !gw_outbox_filling(&c->out))
        c->now_ms = mono_ms();
    if (!e)
        e = gw_outbox_add(&c->out, bytes, tag, c->now_ms);
    if (c->out.held != held) /* a batch was filled */
        gw_publish_send(c);
    return e;
}

enum gw_error karvan_publish_live(struct karvan_client *c, const void *event, size_t len)
{
    struct gw_header h = {.op = GW_OP_PUBLISH, .flags = GW_FLAG_LIVE, .count = 1};
    struct gw_slice bytes = gw_slice(event, len);
    enum gw_error e = c->state == KARVAN_FENCED ? GW_CLOSED : judge_event(bytes);
    if (!e && c->state != KARVAN_READY)
        e = GW_AGAIN;
    if (!e && c->max_bytes && len > c->max_bytes)
        e = GW_EVENT_SIZE;
    if (!e && gw_session_send(c, &h, bytes))
        e = GW_AGAIN;
    return e;
}

void karvan_flush(struct karvan_client *c)
{
    gw_outbox_close(&c->out);
    gw_publish_send(c);
}

enum gw_error karvan_publish_batch(struct karvan_client *c, uint64_t number,
                                   const void *events, size_t len, uint32_t count)
{
    if (c->state == KARVAN_FENCED)
        return GW_CLOSED;
    if (c->max_bytes && len > c->max_bytes)
        return GW_MESSAGE_SIZE;
    if (c->max_events && count > c->max_events)
        return GW_BATCH_COUNT;
    enum gw_error e =
        gw_outbox_add_batch(&c->out, number, c->last_batch, gw_slice(events, len), count);
    if (!e)
        gw_publish_send(c);
    return e;
}

uint64_t karvan_last_batch(const struct karvan_client *c)
{
    return c->last_batch;
}

uint64_t karvan_unacknowledged(const struct karvan_client *c)
{
    return c->out.events;
}

/* ---- receiving ---- */

enum gw_error karvan_subscribe(struct karvan_client *c, const char *name,
                               const void *body, size_t len)
{
    enum gw_error e =
        gw_inbox_add(&c->in, gw_slice_str(name), gw_slice(body, body ? len : 0));
    if (!e)
        gw_receive_send(c);
    return e;
}

enum gw_error karvan_subscribe_where(struct karvan_client *c, const char *name,
                                     const char *start, const char *const *terms,
                                     size_t count, char *why, size_t why_size)
{
    struct gw_text words = {""};
    struct gw_buf body;
    gw_buf_init(&body, 64u << 10);
    enum gw_error e = gw_subscribe_body(start, terms, count, &body, &words);
    if (!e) {
        e = karvan_subscribe(c, name, body.at, body.len);
        gw_text_set(&words, "%s", gw_error_text(e));
    }
    if (e)
        snprintf(why, why_size, "%s", words.s);
    gw_buf_deinit(&body);
    return e;
}

enum gw_error karvan_unsubscribe(struct karvan_client *c, const char *name)
{
    struct gw_header h = {.op = GW_OP_UNSUBSCRIBE, .name = gw_slice_str(name)};
    struct gw_sub *s = gw_inbox_find(&c->in, h.name);
    if (!s)
        return GW_NOT_FOUND;
    gw_receive_send(c); /* the last acknowledgement */
    bool asked = s->state == GW_SUB_ASKED || s->state == GW_SUB_GRANTED;
    enum gw_error e = GW_OK;
    if (c->state == KARVAN_READY && asked)
        e = gw_session_send(c, &h, gw_slice(NULL, 0));
    if (!e)
        gw_inbox_remove(&c->in, s);
    return e;
}

enum gw_error karvan_ack(struct karvan_client *c, const char *name, uint64_t seq)
{
    struct gw_sub *s = gw_inbox_find(&c->in, gw_slice_str(name));
    return s ? gw_sub_ack(s, seq) : GW_NOT_FOUND;
}

/* ---- running ---- */

int karvan_fd(const struct karvan_client *c)
{
    return gw_link_fd(c->link);
}

int karvan_timeout_ms(const struct karvan_client *c)
{
    return gw_session_timeout_ms(c);
}

bool karvan_process(struct karvan_client *c)
{
    return gw_session_turn(c);
}

enum gw_error karvan_receipt(struct karvan_client *c, uint64_t seq)
{
    struct gw_header h = {.op = GW_OP_RECEIPT, .from = seq};
    if (c->state != KARVAN_READY)
        return GW_AGAIN;
    return gw_session_send(c, &h, gw_slice(NULL, 0)) ? GW_AGAIN : GW_OK;
}

static bool is_fenced(const struct karvan_client *c)
{
    return c->state == KARVAN_FENCED;
}

static bool is_settled(const struct karvan_client *c)
{
    return !c->out.events || is_fenced(c);
}

/* Process until `done` says so, the time is up or karvan_stop(), which is used up by
 * that. */
static void run_until(struct karvan_client *c, int timeout_ms,
                      bool (*done)(const struct karvan_client *c))
{
    int64_t end = timeout_ms < 0 ? INT64_MAX : mono_ms() + timeout_ms;
    while (!atomic_exchange(&c->stop, false)) {
        bool more = karvan_process(c);
        int64_t left = end - mono_ms();
        if (done(c) || left <= 0)
            return;
        int wait = karvan_timeout_ms(c);
        if (!more)
            gw_link_wait(c->link, wait < left ? wait : (int)left);
    }
}

enum gw_error karvan_run(struct karvan_client *c, int timeout_ms)
{
    run_until(c, timeout_ms, is_fenced);
    return is_fenced(c) ? GW_FENCED : GW_OK;
}

void karvan_stop(struct karvan_client *c)
{
    atomic_store(&c->stop, true);
    gw_link_wake(c->link);
}

enum gw_error karvan_drain(struct karvan_client *c, int timeout_ms)
{
    karvan_flush(c);
    run_until(c, timeout_ms, is_settled);
    if (!c->out.events)
        return GW_OK;
    return is_fenced(c) ? GW_FENCED : GW_AGAIN;
}
