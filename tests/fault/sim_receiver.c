/* sim_receiver.c - an adapter that subscribes, and what must hold for every message it is
 * sent. */
#include <stdio.h>
#include <stdlib.h>
#include "fault/sim.h"
#include "model/canon.h"

static void leave(struct sim *s, struct sim_receiver *r)
{
    if (r->link)
        sim_cut(r->link);
    r->link = NULL;
    r->ready = r->asked = false;
    r->wait_until = s->now_ms + sim_random(s, 300);
}

static void hello(struct sim *s, struct sim_receiver *r)
{
    char name[16];
    struct gw_header h = {
        .op = GW_OP_HELLO, .v_least = 1, .v_most = 1, .software = GW_LIT("sim")};
    (void)snprintf(name, sizeof name, "r%u", r->number);
    h.adapter = gw_slice_str(name);
    r->link = sim_connect(s, r->operator);
    sim_send(r->link, &h, gw_slice(NULL, 0));
    r->wait_until = s->now_ms + 5000;
}

static void subscribe(struct sim *s, struct sim_receiver *r)
{
    static const char *const loads[] = {"type=load"};
    char name[16], start[32] = "earliest";
    struct gw_header h = {.op = GW_OP_SUBSCRIBE};
    struct gw_text why;

    (void)snprintf(name, sizeof name, "sub-%u", r->number);
    h.name = gw_slice_str(name);
    if (r->acked && !r->by_seq)
        (void)snprintf(start, sizeof start, "cursor");
    else if (r->acked)
        (void)snprintf(start, sizeof start, "seq:%llu", (unsigned long long)r->acked + 1);
    gw_buf_reset(&s->body);
    if (gw_subscribe_body(start, r->loads_only ? loads : NULL, r->loads_only, &s->body,
                          &why))
        abort();
    sim_send(r->link, &h, gw_buf_bytes(&s->body));
    r->asked = true;
    r->wait_until = s->now_ms + 5000;
}

static void credit(struct sim *s, struct sim_receiver *r)
{
    char name[16];
    struct gw_header h = {.op = GW_OP_CREDIT, .ack = r->next - 1};
    (void)snprintf(name, sizeof name, "sub-%u", r->number);
    h.name = gw_slice_str(name);
    h.credit_events = r->seen_events + 1 + sim_random(s, 40);
    h.credit_bytes = r->seen_bytes + 200 + sim_random(s, 8000);
    if (h.credit_events > r->credit_events)
        r->credit_events = h.credit_events;
    if (h.credit_bytes > r->credit_bytes)
        r->credit_bytes = h.credit_bytes;
    r->acked = h.ack > r->acked ? h.ack : r->acked;
    sim_send(r->link, &h, gw_slice(NULL, 0));
}

void sim_receiver_turn(struct sim *s, struct sim_receiver *r)
{
    if (s->now_ms < r->wait_until)
        return;
    if (!r->link)
        hello(s, r);
    else if (!r->ready)
        leave(s, r);
    else if (sim_random(s, 8) == 0)
        sim_send(r->link, &(struct gw_header){.op = GW_OP_PING}, gw_slice(NULL, 0));
    else if (s->calm || !r->lazy || sim_random(s, 10) == 0)
        credit(s, r);
}

static void on_subscribed(struct sim *s, struct sim_receiver *r,
                          const struct gw_header *h)
{
    uint64_t wanted = r->acked + 1;
    /* Behind the cursor as far as it was stored, never in front of what was acknowledged.
     */
    if (h->from > wanted || (r->by_seq && h->from != wanted))
        sim_fail(s, "receiver %u: starts at %llu, wanted %llu", r->number,
                 (unsigned long long)h->from, (unsigned long long)wanted);
    r->next = h->from;
    r->seen_events = r->seen_bytes = r->credit_events = r->credit_bytes = 0;
    r->ready = true;
    credit(s, r);
}

void sim_receiver_hear(struct sim *s, struct sim_receiver *r, const struct gw_header *h,
                       struct gw_slice body)
{
    if (h->op == GW_OP_WELCOME)
        subscribe(s, r);
    else if (h->op == GW_OP_SUBSCRIBED)
        on_subscribed(s, r, h);
    else if (h->op == GW_OP_EVENTS) {
        if (h->from != r->next)
            sim_fail(s, "receiver %u: heard from %llu, expected %llu", r->number,
                     (unsigned long long)h->from, (unsigned long long)r->next);
        if (r->seen_events + h->count > r->credit_events ||
            (h->count && r->seen_bytes >= r->credit_bytes))
            sim_fail(s, "receiver %u: sent beyond its credit", r->number);
        r->next = h->to + 1;
        r->seen_events += h->count;
        r->seen_bytes += body.len;
    } else if (h->op == GW_OP_ERROR && (h->code == GW_STORAGE || h->code == GW_BUSY)) {
        r->ready = false; /* the subscription was refused for the gateway's own trouble */
        r->wait_until = s->now_ms + 100;
    } else if (h->op == GW_OP_ERROR && h->code != GW_NO_SESSION && h->code != GW_SILENT)
        sim_fail(s, "receiver %u: ERROR %llu %.*s", r->number,
                 (unsigned long long)h->code, GW_FMT(h->text));
    else if (h->op == GW_OP_ERROR || h->op == GW_OP_REFUSE || h->op == GW_OP_BYE)
        leave(s, r);
    else if (h->op != GW_OP_PONG)
        sim_fail(s, "receiver %u: heard %s", r->number, gw_op_name(h->op));
}

static bool wants(const struct sim *s, const struct sim_receiver *r,
                  const struct sim_event *e)
{
    return sim_entitled(s, e, r->operator) &&
           (!r->loads_only || strcmp(sim_type_of(e), "load") == 0);
}

/* The event on the wire is the one in the journal with its seq, byte for byte. */
static void check_bytes(struct sim *s, const struct sim_receiver *r, uint64_t seq,
                        struct gw_slice bytes)
{
    struct gw_stored stored;
    uint32_t n = 0;
    gw_buf_reset(&s->buf);
    if (s->store_ops->read(s->reader, seq, &stored, 1, 1, &n) || n != 1 ||
        gw_canon_add_seq(stored.event, seq, &s->buf) ||
        !gw_slice_eq(bytes, gw_buf_bytes(&s->buf)))
        sim_fail(s, "receiver %u: seq %llu was altered", r->number,
                 (unsigned long long)seq);
}

/* Exactly what is entitled to and asked for, in order, between `from` and `to`. */
static void check_events(struct sim *s, const struct sim_receiver *r,
                         const struct gw_header *h, struct gw_slice body)
{
    uint64_t count = 0;
    if (h->to > s->model.last_seq)
        sim_fail(s, "receiver %u: told of seq %llu, the journal ends at %llu", r->number,
                 (unsigned long long)h->to, (unsigned long long)s->model.last_seq);
    for (uint64_t seq = h->from; seq <= h->to; seq++) {
        size_t used = 0;
        if (!wants(s, r, &s->model.journal[seq].event))
            continue;
        if (!body.len || gw_tree_skip(body, &used))
            sim_fail(s, "receiver %u: seq %llu is missing", r->number,
                     (unsigned long long)seq);
        check_bytes(s, r, seq, gw_slice(body.at, used));
        body = gw_slice(body.at + used, body.len - used);
        count++;
    }
    if (body.len || count != h->count)
        sim_fail(s, "receiver %u: more than it may see between %llu and %llu", r->number,
                 (unsigned long long)h->from, (unsigned long long)h->to);
}

void sim_receiver_watch(struct sim *s, const struct sim_link *l,
                        const struct gw_header *h, struct gw_slice body)
{
    for (uint32_t i = 0; i < SIM_RECEIVERS; i++)
        if (h->op == GW_OP_EVENTS && s->receivers[i].link == l)
            check_events(s, &s->receivers[i], h, body);
}

bool sim_receiver_done(const struct sim *s, const struct sim_receiver *r)
{
    return r->ready && r->next == s->model.last_seq + 1;
}
