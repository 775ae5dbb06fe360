/* fake_gateway.c - see fake_gateway.h */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>
#include <zmq.h>
#include "base/clock.h"
#include "fake_gateway.h"

#define PATIENCE_MS 3000

static int64_t now_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

static void bind_router(struct fake *f)
{
    int zero = 0;
    f->router = zmq_socket(f->context, ZMQ_ROUTER);
    zmq_setsockopt(f->router, ZMQ_LINGER, &zero, sizeof zero);
    if (f->zap) {
        int one = 1;
        zmq_setsockopt(f->router, ZMQ_CURVE_SERVER, &one, sizeof one);
        zmq_setsockopt(f->router, ZMQ_CURVE_SECRETKEY, f->secret_key, 41);
    }
    for (int i = 0; i < 100;
         i++) { /* the address of the one before may still be in use */
        if (zmq_bind(f->router, f->endpoint) == 0)
            return;
        usleep(10000);
    }
    cr_assert(false, "bind %s: %s", f->endpoint, zmq_strerror(zmq_errno()));
}

void fake_open(struct fake *f)
{
    memset(f, 0, sizeof *f);
    f->context = zmq_ctx_new();
    snprintf(f->endpoint, sizeof f->endpoint, "ipc:///tmp/karvan-fake-%d", (int)getpid());
    bind_router(f);
}

void fake_curve(struct fake *f, char server_key[41], bool let_in)
{
    f->zap = zmq_socket(f->context, ZMQ_REP);
    cr_assert_eq(zmq_bind(f->zap, "inproc://zeromq.zap.01"), 0);
    cr_assert_eq(zmq_curve_keypair(server_key, f->secret_key), 0);
    f->let_in = let_in;
    fake_restart(f);
}

/* Answer a request for admission, if there is one: RFC 27/ZAP. */
static void admit(struct fake *f)
{
    char frame[8][64];
    int more = 1;
    size_t len = sizeof more;
    if (!f->zap || zmq_recv(f->zap, frame[0], 64, ZMQ_DONTWAIT) < 0)
        return;
    for (int i = 1; i < 8 && !zmq_getsockopt(f->zap, ZMQ_RCVMORE, &more, &len) && more;
         i++) {
        int n = zmq_recv(f->zap, frame[i], 63, 0);
        frame[i][n < 0 ? 0 : n] = 0;
    }
    zmq_send(f->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(f->zap, frame[1], strlen(frame[1]), ZMQ_SNDMORE);
    zmq_send(f->zap, f->let_in ? "200" : "400", 3, ZMQ_SNDMORE);
    zmq_send(f->zap, "", 0, ZMQ_SNDMORE);
    zmq_send(f->zap, "ktz", 3, ZMQ_SNDMORE);
    zmq_send(f->zap, "", 0, 0);
}

void fake_close(struct fake *f)
{
    karvan_close(f->client, 0);
    f->client = NULL;
    zmq_close(f->router);
    if (f->zap)
        zmq_close(f->zap);
    zmq_ctx_term(f->context);
    unlink(f->endpoint + strlen("ipc://"));
}

void fake_restart(struct fake *f)
{
    zmq_close(f->router);
    bind_router(f);
}

/* ---- callbacks ---- */

static void on_state(void *user, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    struct fake *f = user;
    unsigned i = f->state_count++ % FAKE_MANY;
    f->states[i].state = s;
    f->states[i].code = code;
    snprintf(f->states[i].text, sizeof f->states[i].text, "%s", text);
}

static void on_acked(void *user, const struct karvan_ack *ack)
{
    struct fake *f = user;
    f->acks[f->ack_count++ % FAKE_MANY] = *ack;
}

static void on_refused(void *user, const struct karvan_refusal *r)
{
    struct fake *f = user;
    f->refusals[f->refusal_count++ % FAKE_MANY] = *r;
    snprintf(f->refusal_field, sizeof f->refusal_field, "%s", r->field);
    snprintf(f->refusal_rule, sizeof f->refusal_rule, "%s", r->rule);
}

static void on_event(void *user, const struct karvan_event *e)
{
    struct fake *f = user;
    f->seqs[f->event_count++ % FAKE_MANY] = e->seq;
}

static void on_subscribed(void *user, const char *name, uint64_t start, uint64_t oldest,
                          uint64_t newest)
{
    struct fake *f = user;
    (void)name;
    f->start = start;
    f->oldest = oldest;
    f->newest = newest;
    f->subscribed_count++;
}

static void on_position(void *user, const char *name, uint64_t seq)
{
    struct fake *f = user;
    (void)name;
    f->position = seq;
}

void fake_options(struct fake *f, struct karvan_options *o)
{
    karvan_options_default(o);
    o->endpoint = f->endpoint;
    o->adapter = "test-1";
    o->batch_events = 2;
    o->batch_bytes = 1024;
    o->window_batches = 4;
    o->window_bytes = 4096;
    o->linger_ms = 20;
    o->heartbeat_ms = 100;
    o->timeout_ms = 600;
    o->retry_ms = 20;
    o->retry_max_ms = 80;
    o->on = (struct karvan_callbacks){on_state, on_acked,      on_refused,
                                      on_event, on_subscribed, on_position, NULL, NULL};
    o->user = f;
}

void fake_connect(struct fake *f, const struct karvan_options *o)
{
    struct karvan_options usual;
    char why[256] = "";
    fake_options(f, &usual);
    cr_assert_eq(karvan_open(&f->client, o ? o : &usual, why, sizeof why), GW_OK, "%s",
                 why);
}

void fake_welcome(struct fake *f, uint64_t last_batch, uint64_t credit_batch)
{
    struct gw_header h = {.op = GW_OP_WELCOME,
                          .operator= GW_LIT("ktz"),
                          .batch = last_batch,
                          .credit_batch = credit_batch,
                          .credit_bytes = 1 << 20,
                          .session_ms = 10000,
                          .max_bytes = 1 << 20,
                          .max_events = 1000};
    fake_send(f, &h, gw_slice(NULL, 0));
}

void fake_ready(struct fake *f, uint64_t last_batch, uint64_t credit_batch)
{
    if (!f->client)
        fake_connect(f, NULL);
    fake_expect(f, GW_OP_HELLO);
    fake_welcome(f, last_batch, credit_batch);
    fake_expect_state(f, KARVAN_READY, GW_OK);
}

/* ---- messages ---- */

static size_t frame(struct fake *f, void *out, size_t size, bool *more)
{
    int flag = 0, n = zmq_recv(f->router, out, size, ZMQ_DONTWAIT);
    size_t len = sizeof flag;
    cr_assert(n >= 0 && (size_t)n <= size, "frame of %d bytes", n);
    zmq_getsockopt(f->router, ZMQ_RCVMORE, &flag, &len);
    *more = flag;
    return (size_t)n;
}

/* One message, if there is one. */
static bool receive(struct fake *f)
{
    struct gw_fault fault = {0};
    bool more;
    int n = zmq_recv(f->router, f->peer, sizeof f->peer, ZMQ_DONTWAIT);
    if (n < 0)
        return false;
    f->peer_len = (size_t)n;
    n = (int)frame(f, f->header, sizeof f->header, &more);
    f->body_len = more ? frame(f, f->body, sizeof f->body, &more) : 0;
    cr_assert_not(more, "a message of more than two frames");
    cr_assert_eq(gw_header_read(gw_slice(f->header, (size_t)n), &f->h, &fault), GW_OK,
                 "%s", fault.rule);
    return true;
}

void fake_send(struct fake *f, const struct gw_header *h, struct gw_slice body)
{
    struct gw_buf out;
    gw_buf_init(&out, GW_HEADER_MAX);
    cr_assert_eq(gw_header_write(h, &out), GW_OK);
    zmq_send(f->router, f->peer, f->peer_len, ZMQ_SNDMORE);
    zmq_send(f->router, out.at, out.len, body.len ? ZMQ_SNDMORE : 0);
    if (body.len)
        zmq_send(f->router, body.at, body.len, 0);
    gw_buf_deinit(&out);
}

/* A message that is no PING, within the time. */
static bool await(struct fake *f, int ms, bool pings)
{
    int64_t end = now_ms() + ms;
    while (now_ms() < end) {
        if (f->client)
            karvan_run(f->client, 2);
        admit(f);
        while (receive(f)) {
            struct gw_header pong = {.op = GW_OP_PONG, .nonce = f->h.nonce};
            if (f->h.op != GW_OP_PING || pings)
                return true;
            if (!f->hold_pings)
                fake_send(f, &pong, gw_slice(NULL, 0));
        }
    }
    return false;
}

void fake_expect(struct fake *f, enum gw_op op)
{
    cr_assert(await(f, PATIENCE_MS, op == GW_OP_PING), "no %s came", gw_op_name(op));
    cr_assert_eq(f->h.op, op, "%s instead of %s", gw_op_name(f->h.op), gw_op_name(op));
}

void fake_expect_nothing(struct fake *f, int ms)
{
    cr_assert_not(await(f, ms, false), "%s (batch %llu) came", gw_op_name(f->h.op),
                  (unsigned long long)f->h.batch);
}

void fake_run(struct fake *f, int ms)
{
    karvan_run(f->client, ms);
}

void fake_expect_state(struct fake *f, enum karvan_state s, enum gw_error code)
{
    int64_t end = now_ms() + PATIENCE_MS;
    unsigned last;
    do {
        karvan_run(f->client, 2);
        admit(f);
        last = (f->state_count + FAKE_MANY - 1) % FAKE_MANY;
        if (f->state_count && f->states[last].state == s && f->states[last].code == code)
            return;
    } while (now_ms() < end);
    cr_assert(false, "state %s %d \"%s\" instead of %s %d",
              karvan_state_name(f->states[last].state), f->states[last].code,
              f->states[last].text, karvan_state_name(s), code);
}

size_t fake_event(uint8_t out[64], uint64_t seq, uint8_t id)
{
    static const uint8_t head[] = {0x80 + 1, 0xa2, 'i', 'd'};
    memcpy(out, head, sizeof head);
    out[4] = 0xcc;
    out[5] = id;
    if (!seq)
        return 6;
    out[0] = 0x82;
    memcpy(out + 6, "\xa3seq\xce", 5);
    for (int i = 0; i < 4; i++)
        out[11 + i] = (uint8_t)(seq >> (24 - 8 * i));
    return 15;
}
