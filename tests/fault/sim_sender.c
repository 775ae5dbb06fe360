/* sim_sender.c - an adapter that publishes, as gateway/PROTOCOL.md tells it to. */
#include <stdio.h>
#include <stdlib.h>
#include "fault/sim.h"

static void body_of(struct sim *s, const struct sim_sender *p, uint32_t batch)
{
    gw_buf_reset(&s->body);
    for (uint32_t i = 0; i < p->count[batch]; i++)
        sim_write_event(s, p->number, batch, i, &s->body);
}

static size_t size_of(struct sim *s, const struct sim_sender *p, uint32_t batch)
{
    body_of(s, p, batch);
    return s->body.len;
}

static void leave(struct sim *s, struct sim_sender *p)
{
    if (p->link)
        sim_cut(p->link);
    p->link = NULL;
    p->ready = false;
    p->wait_until = s->now_ms + sim_random(s, 200);
}

static void hello(struct sim *s, struct sim_sender *p)
{
    char name[16];
    struct gw_header h = {
        .op = GW_OP_HELLO, .v_least = 1, .v_most = 1, .software = GW_LIT("sim")};
    (void)snprintf(name, sizeof name, "s%u", p->number);
    h.adapter = gw_slice_str(name);
    p->link = sim_connect(s, p->operator);
    sim_send(p->link, &h, gw_slice(NULL, 0));
    p->wait_until = s->now_ms + 5000; /* no WELCOME by then: a fresh connection */
}

static void publish(struct sim *s, struct sim_sender *p)
{
    struct gw_header h = {.op = GW_OP_PUBLISH, .batch = p->sent + 1};
    if (p->sent == p->made || p->sent + 1 > p->credit_batch)
        return;
    body_of(s, p, p->sent + 1);
    if (p->used + s->body.len > p->credit_bytes)
        return;
    h.count = p->count[p->sent + 1];
    p->used += s->body.len;
    p->sent++;
    if (p->sent > p->sent_most)
        p->sent_most = p->sent;
    sim_send(p->link, &h, gw_buf_bytes(&s->body));
}

void sim_sender_turn(struct sim *s, struct sim_sender *p)
{
    if (s->now_ms < p->wait_until)
        return;
    if (!p->link)
        hello(s, p);
    else if (!p->ready)
        leave(s, p);
    else if (sim_random(s, 8) == 0)
        sim_send(p->link, &(struct gw_header){.op = GW_OP_PING, .nonce = s->steps},
                 gw_slice(NULL, 0));
    else {
        if (p->made < p->batches && p->made - p->settled < 16) {
            p->made++;
            p->count[p->made] = 1 + sim_random(s, SIM_BATCH);
        }
        publish(s, p);
    }
}

static void on_welcome(struct sim *s, struct sim_sender *p, const struct gw_header *h)
{
    if (h->batch < p->settled)
        sim_fail(s, "sender %u: WELCOME knows batch %llu, but %u was acknowledged",
                 p->number, (unsigned long long)h->batch, p->settled);
    if (h->batch > p->made)
        sim_fail(s, "sender %u: WELCOME knows batch %llu, but only %u were made",
                 p->number, (unsigned long long)h->batch, p->made);
    p->ready = true;
    p->used = 0;
    p->credit_batch = h->credit_batch;
    p->credit_bytes = h->credit_bytes;
    p->sent =
        p->settled; /* those that are stored and not acknowledged tell their outcome */
}

/* The counts and places of one batch are those the events call for. */
static void check_outcome(struct sim *s, struct sim_sender *p,
                          const struct gw_ack_batch *a)
{
    uint32_t batch = (uint32_t)a->batch, kinds[3] = {0}, nth = 0;
    for (uint32_t i = 0; i < p->count[batch]; i++)
        kinds[sim_kind_of(s, p->number, batch, i)]++;
    if (a->accepted != kinds[SIM_GOOD] || a->refused != kinds[SIM_BAD] ||
        a->duplicates != kinds[SIM_AGAIN])
        sim_fail(s, "sender %u batch %u: told %llu accepted %llu duplicates %llu refused",
                 p->number, batch, (unsigned long long)a->accepted,
                 (unsigned long long)a->duplicates, (unsigned long long)a->refused);
    for (uint32_t i = 0; i < p->count[batch]; i++) {
        if (sim_kind_of(s, p->number, batch, i) != SIM_GOOD)
            continue;
        if (s->model.seq_of[p->number][batch][i] != a->first + nth)
            sim_fail(s,
                     "sender %u batch %u event %u: acknowledged as seq %llu, the journal "
                     "says %llu",
                     p->number, batch, i, (unsigned long long)a->first + nth,
                     (unsigned long long)s->model.seq_of[p->number][batch][i]);
        nth++;
    }
    if (nth && a->last != a->first + nth - 1)
        sim_fail(s, "sender %u batch %u: last is %llu", p->number, batch,
                 (unsigned long long)a->last);
    s->model.acked_events += p->known[batch] ? 0 : a->accepted;
    p->known[batch] = true;
}

static void on_ack(struct sim *s, struct sim_sender *p, const struct gw_header *h,
                   struct gw_slice body)
{
    struct gw_ack_batch a;
    while (body.len) {
        if (gw_ack_read(&body, &a) || !a.batch || a.batch > p->made)
            sim_fail(s, "sender %u: an ACK that cannot be", p->number);
        check_outcome(s, p, &a);
    }
    if (h->batch > p->sent && h->batch > p->made)
        sim_fail(s, "sender %u: ACK of batch %llu, never sent", p->number,
                 (unsigned long long)h->batch);
    while (p->settled < p->made && p->known[p->settled + 1])
        p->settled++;
    if (h->credit_batch > p->credit_batch)
        p->credit_batch = h->credit_batch;
    if (h->credit_bytes > p->credit_bytes)
        p->credit_bytes = h->credit_bytes;
}

/* Usually back; forward again when an older refusal made it go back too far. */
static void go_on_from(struct sim *s, struct sim_sender *p, const struct gw_header *h)
{
    if (!h->batch || h->batch > p->sent_most + 1u)
        sim_fail(s, "sender %u: told to go on from batch %llu, sent %u at most", p->number,
                 (unsigned long long)h->batch, p->sent_most);
    for (; p->sent >= h->batch; p->sent--) {
        size_t size = size_of(s, p, p->sent);
        p->used -= size < p->used ? size : p->used;
    }
    while (p->sent + 1 < h->batch)
        p->used += size_of(s, p, ++p->sent);
    p->wait_until = s->now_ms + 20 + sim_random(s, 100);
}

static void on_error(struct sim *s, struct sim_sender *p, const struct gw_header *h)
{
    switch (h->code) {
    case GW_BATCH_GAP:
    case GW_DISK_FULL:
    case GW_STORAGE:
    case GW_BUSY:
    case GW_LEAVING:
        go_on_from(s, p, h);
        return;
    case GW_NO_SESSION:
    case GW_SILENT:
    case GW_UNKNOWN_OPERATOR:
        leave(s, p);
        return;
    default: /* credit is kept to, numbers are kept, names are one's own */
        sim_fail(s, "sender %u: ERROR %llu %.*s", p->number, (unsigned long long)h->code,
                 GW_FMT(h->text));
    }
}

void sim_sender_hear(struct sim *s, struct sim_sender *p, const struct gw_header *h,
                     struct gw_slice body)
{
    if (h->op == GW_OP_WELCOME)
        on_welcome(s, p, h);
    else if (h->op == GW_OP_ACK)
        on_ack(s, p, h, body);
    else if (h->op == GW_OP_ERROR)
        on_error(s, p, h);
    else if (h->op == GW_OP_REFUSE || h->op == GW_OP_BYE)
        leave(s, p);
    else if (h->op != GW_OP_PONG)
        sim_fail(s, "sender %u: heard %s", p->number, gw_op_name(h->op));
}

bool sim_sender_done(const struct sim_sender *p)
{
    return p->made == p->batches && p->settled == p->made;
}
