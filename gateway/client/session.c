/* session.c - the client's state machine.
 *
 *               +--------------- silence, 102, 110, BYE, a broken message
 * ------------------+ v | (pause) -> CONNECTING: fresh socket, HELLO -- WELCOME -->
 * READY: publish, receive, PING + ^             | | |             +-- REFUSE, no answer
 * +-- 105 --> FENCED (the end)
 *     +-- REFUSED <-+
 */
#include <stdio.h>
#include <karvan/version.h>
#include "base/clock.h"
#include "client/parts.h"

#define NEVER  INT64_MAX
#define BUDGET 64 /* messages handled before timers and sending have their turn again */
#define ROUNDS 4  /* such turns in one call */

static int64_t now_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

/* ---- telling, trying again ---- */

void gw_session_tell(struct karvan_client *c, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    if (c->state == s && c->told == code)
        return;
    c->state = s;
    c->told = code;
    if (c->o.on.state)
        c->o.on.state(c->o.user, s, code, text ? text : "");
}

int64_t gw_session_pause_ms(struct karvan_client *c, uint32_t times)
{
    uint64_t pause = c->o.retry_ms;
    while (times-- && pause < c->o.retry_max_ms)
        pause *= 2;
    if (pause > c->o.retry_max_ms)
        pause = c->o.retry_max_ms;
    c->random ^= c->random << 13; /* xorshift64, Marsaglia 2003 */
    c->random ^= c->random >> 7;
    c->random ^= c->random << 17;
    return (int64_t)(pause - c->random % (pause / 2 + 1));
}

static void leave(struct karvan_client *c, int64_t retry_at_ms)
{
    gw_link_disconnect(c->link);
    c->linked = false;
    c->retry_at_ms = retry_at_ms;
}

void gw_session_retry(struct karvan_client *c, enum gw_error code, const char *text)
{
    leave(c, c->now_ms + gw_session_pause_ms(c, c->failures++));
    gw_session_tell(c, KARVAN_CONNECTING, code, text);
}

void gw_session_refused(struct karvan_client *c, enum gw_error code, const char *text)
{
    leave(c, c->now_ms + gw_session_pause_ms(c, UINT32_MAX));
    gw_session_tell(c, KARVAN_REFUSED, code, text);
}

static void fenced(struct karvan_client *c, const char *text)
{
    leave(c, NEVER);
    gw_session_tell(c, KARVAN_FENCED, GW_FENCED, text);
}

enum gw_error gw_session_send(struct karvan_client *c, const struct gw_header *h,
                              struct gw_slice body)
{
    gw_buf_reset(&c->header);
    enum gw_error e = gw_header_write(h, &c->header);
    if (!e)
        e = gw_link_send(c->link, gw_buf_bytes(&c->header), body);
    if (!e)
        c->sent_ms = c->now_ms;
    return e;
}

static void attempt(struct karvan_client *c)
{
    struct gw_text why;
    struct gw_header hello = {.op = GW_OP_HELLO,
                              .v_least = KARVAN_PROTOCOL,
                              .v_most = KARVAN_PROTOCOL,
                              .adapter = gw_slice_str(c->o.adapter),
                              .software = gw_slice_str(c->o.software)};
    enum gw_error e = gw_link_connect(c->link, &why);
    c->linked = !e;
    c->heard_ms = c->ping_ms = c->now_ms;
    if (!e && (e = gw_session_send(c, &hello, gw_slice(NULL, 0))))
        gw_text_set(&why, "HELLO cannot be sent");
    if (e)
        gw_session_retry(c, e, why.s);
}

void gw_session_start(struct karvan_client *c)
{
    c->now_ms = now_ms();
    c->random = (uint64_t)gw_mono_ns(&gw_clock_system) * UINT64_C(0x9E3779B97F4A7C15) | 1;
    c->told = GW_OK;
    attempt(c);
}

void gw_session_bye(struct karvan_client *c)
{
    struct gw_header bye = {.op = GW_OP_BYE};
    if (c->state == KARVAN_READY && gw_session_send(c, &bye, gw_slice(NULL, 0)))
        return; /* then the gateway hears it from the silence */
}

/* ---- messages ---- */

/* What went wrong and what to do, as the gateway says it. */
static const char *sentence(const struct gw_header *h, char *out, size_t size)
{
    if (h->rule.len)
        snprintf(out, size, "%.*s: %.*s", GW_FMT(h->text), GW_FMT(h->rule));
    else
        snprintf(out, size, "%.*s", GW_FMT(h->text));
    return out;
}

static void on_welcome(struct karvan_client *c, const struct gw_header *h,
                       struct gw_slice body)
{
    char text[512];
    (void)body;
    if (c->state == KARVAN_READY)
        return;
    c->failures = 0;
    c->welcome_batch = c->last_batch = h->batch;
    c->credit_batch = h->credit_batch;
    c->credit_bytes = h->credit_bytes;
    c->max_bytes = h->max_bytes;
    c->max_events = h->max_events;
    c->heartbeat_ms = c->o.heartbeat_ms;
    if (h->session_ms && h->session_ms / 3 < c->heartbeat_ms)
        c->heartbeat_ms = (uint32_t)(h->session_ms / 3);
    gw_inbox_restart(&c->in);
    if (gw_publish_welcome(c))
        gw_session_tell(c, KARVAN_READY, (enum gw_error)h->code,
                        sentence(h, text, sizeof text));
}

static void on_refuse(struct karvan_client *c, const struct gw_header *h,
                      struct gw_slice body)
{
    char text[512];
    (void)body;
    gw_session_refused(c, (enum gw_error)h->code, sentence(h, text, sizeof text));
    if (h->retry_ms)
        c->retry_at_ms = c->now_ms + (int64_t)h->retry_ms;
}

static void on_ack(struct karvan_client *c, const struct gw_header *h,
                   struct gw_slice body)
{
    gw_publish_ack(c, h, body);
}

static void on_subscribed(struct karvan_client *c, const struct gw_header *h,
                          struct gw_slice body)
{
    (void)body;
    gw_receive_subscribed(c, h);
}

static void on_ping(struct karvan_client *c, const struct gw_header *h,
                    struct gw_slice body)
{
    struct gw_header pong = {.op = GW_OP_PONG, .nonce = h->nonce};
    (void)body;
    if (gw_session_send(c, &pong, gw_slice(NULL, 0)))
        return; /* no room: then there is other traffic to show that we live */
}

static void on_bye(struct karvan_client *c, const struct gw_header *h,
                   struct gw_slice body)
{
    char text[512];
    (void)body;
    gw_session_retry(c, h->code ? (enum gw_error)h->code : GW_LEAVING,
                     sentence(h, text, sizeof text));
    if (h->retry_ms)
        c->retry_at_ms = c->now_ms + (int64_t)h->retry_ms;
}

static void error_fenced(struct karvan_client *c, const struct gw_header *h,
                         const char *text)
{
    (void)h;
    fenced(c, text);
}

static void error_retry(struct karvan_client *c, const struct gw_header *h,
                        const char *text)
{
    gw_session_retry(c, (enum gw_error)h->code, text);
}

/* Errors that are not named here are about us: an operator or a programmer must act. */
static void on_error(struct karvan_client *c, const struct gw_header *h,
                     struct gw_slice body)
{
    static const struct {
        enum gw_error code;
        void (*act)(struct karvan_client *c, const struct gw_header *h, const char *text);
    } acts[] = {
        {GW_FENCED, error_fenced},       {GW_NO_SESSION, error_retry},
        {GW_SILENT, error_retry},        {GW_FLOOD, error_retry},
              {GW_BATCH_GAP, gw_publish_hold},
        {GW_CREDIT, gw_publish_hold},    {GW_LEAVING, gw_publish_hold},
        {GW_DISK_FULL, gw_publish_hold}, {GW_STORAGE, gw_publish_hold},
        {GW_BUSY, gw_publish_hold},      {GW_BATCH_REUSED, gw_publish_reused},
    };
    char text[512];
    (void)body;
    sentence(h, text, sizeof text);
    if (h->name.len) {
        gw_receive_error(c, h, text);
        return;
    }
    if (h->from) { /* about one event: the answer to RECEIPT */
        if (c->o.on.receipt)
            c->o.on.receipt(c->o.user, h->from, (enum gw_error)h->code, text, strlen(text));
        return;
    }
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if ((uint64_t)acts[i].code == h->code) {
            acts[i].act(c, h, text);
            return;
        }
    gw_session_refused(c, (enum gw_error)h->code, text);
}

static void on_receipt(struct karvan_client *c, const struct gw_header *h, struct gw_slice body)
{
    if (c->o.on.receipt)
        c->o.on.receipt(c->o.user, h->from, GW_OK, (const char *)body.at, body.len);
}

static const struct {
    enum gw_op op;
    bool when_ready; /* means nothing before WELCOME */
    void (*run)(struct karvan_client *c, const struct gw_header *h, struct gw_slice body);
} operations[] = {
    {GW_OP_WELCOME, false, on_welcome},
    {GW_OP_REFUSE, false, on_refuse},
    {GW_OP_ACK, true, on_ack},
    {GW_OP_SUBSCRIBED, true, on_subscribed},
    {GW_OP_EVENTS, true, gw_receive_events},
    {GW_OP_RECEIPT, true, on_receipt},
    {GW_OP_PING, false, on_ping},
    {GW_OP_BYE, false, on_bye},
    {GW_OP_ERROR, false, on_error},
};

/* PONG, and operations of a later version: that something came is all they say. */
static void handle(struct karvan_client *c, struct gw_slice header, struct gw_slice body)
{
    struct gw_header h;
    struct gw_fault fault = {0};
    c->heard_ms = c->now_ms;
    if (gw_header_read(header, &h, &fault)) {
        gw_session_retry(c, GW_HEADER, "the gateway sent a header that cannot be read");
        return;
    }
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (operations[i].op == h.op &&
            (c->state == KARVAN_READY || !operations[i].when_ready)) {
            operations[i].run(c, &h, body);
            return;
        }
}

static void check_link(struct karvan_client *c)
{
    static const struct {
        enum gw_error code;
        void (*act)(struct karvan_client *c, enum gw_error code, const char *text);
        const char *text;
    } troubles[] = {
        {GW_CLOSED, gw_session_retry, "the connection was lost"},
        {GW_NOT_ALLOWED, gw_session_retry,
         "the connection broke off before the keys were agreed on: is server_key the "
         "gateway's, and is it for this endpoint?"},
        {GW_UNKNOWN_OPERATOR, gw_session_refused,
         "the gateway turned our key away: have its keeper run karvan operator add, and "
         "see that "
         "the operator is allowed on this endpoint"},
    };
    static const char keyless[] =
        "the gateway wants keys on this endpoint: set server_key and keys of our own";
    enum gw_error e = gw_link_trouble(c->link);
    if (e == GW_NOT_ALLOWED && !c->o.server_key) {
        gw_session_retry(c, e, keyless);
        return;
    }
    for (size_t i = 0; e && i < sizeof troubles / sizeof *troubles; i++)
        if (troubles[i].code == e)
            troubles[i].act(c, e, troubles[i].text);
}

/* Messages handled: fewer than BUDGET means that the socket is empty. */
static int drain(struct karvan_client *c)
{
    int n = 0;
    while (n < BUDGET && c->linked) {
        struct gw_slice header, body;
        enum gw_error e = gw_link_receive(c->link, &header, &body);
        if (e == GW_AGAIN)
            break;
        if (!e)
            handle(c, header, body);
        else
            gw_session_retry(c, e, "the gateway sent a message of another form");
        n++;
    }
    if (n < BUDGET && c->linked)
        check_link(c);
    return n;
}

/* ---- time ---- */

/* After heartbeat_ms in which we said nothing, or heard nothing and have not asked. */
static int64_t ping_at(const struct karvan_client *c)
{
    int64_t asked = c->heard_ms > c->ping_ms ? c->heard_ms : c->ping_ms;
    return (c->sent_ms < asked ? c->sent_ms : asked) + c->heartbeat_ms;
}

static void ping(struct karvan_client *c)
{
    struct gw_header h = {.op = GW_OP_PING, .nonce = ++c->nonce};
    c->ping_ms = c->now_ms;
    if (gw_session_send(c, &h, gw_slice(NULL, 0)))
        c->sent_ms =
            c->now_ms; /* no room: ask again later; the silence is being watched */
}

/* Under way already with something: let the batch grow until the gateway can take it. */
static bool batch_is_due(const struct karvan_client *c)
{
    return c->state == KARVAN_READY && gw_outbox_filling(&c->out) &&
           c->out.held == c->out.sent;
}

static void timers(struct karvan_client *c)
{
    char text[300];
    if (!c->linked) {
        if (c->now_ms >= c->retry_at_ms)
            attempt(c);
        return;
    }
    if (c->now_ms - c->heard_ms >= c->o.timeout_ms) {
        snprintf(text, sizeof text,
                 "no answer from %s: is it there, and do the keys fit?", c->o.endpoint);
        gw_session_retry(c, GW_SILENT, text);
    } else if (c->state == KARVAN_READY && c->now_ms >= ping_at(c))
        ping(c);
    if (batch_is_due(c) && c->now_ms - c->out.filling_since_ms >= c->o.linger_ms)
        gw_outbox_close(&c->out);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int gw_session_timeout_ms(const struct karvan_client *c)
{
    int64_t at = c->linked ? c->heard_ms + c->o.timeout_ms : c->retry_at_ms;
    if (c->state == KARVAN_READY) {
        at = earlier(at, ping_at(c));
        if (batch_is_due(c))
            at = earlier(at, c->out.filling_since_ms + c->o.linger_ms);
        if (c->resend_at_ms)
            at = earlier(at, c->resend_at_ms);
    }
    if (at == NEVER)
        return 60000; /* nothing will happen; look in now and then */
    at -= now_ms();
    return at < 0 ? 0 : at > 60000 ? 60000 : (int)at;
}

bool gw_session_turn(struct karvan_client *c)
{
    for (int round = 0; round < ROUNDS; round++) {
        c->now_ms = now_ms();
        timers(c);
        gw_publish_send(c);
        gw_receive_send(c);
        /* Sending may have swallowed the descriptor's edge, so reading always comes last.
         */
        if (!drain(c))
            return false;
    }
    return true;
}
