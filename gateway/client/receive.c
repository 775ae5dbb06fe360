/* receive.c - events from the gateway, within our credit, to the caller's callback. */
#include <stdio.h>
#include "client/parts.h"
#include "model/walk.h"

static bool ask(struct karvan_client *c, struct gw_sub *s)
{
    struct gw_header h = {.op = GW_OP_SUBSCRIBE, .name = gw_slice_str(s->name)};
    gw_buf_reset(&c->body);
    if (gw_sub_body(s, &c->body) || gw_session_send(c, &h, gw_buf_bytes(&c->body)))
        return false;
    s->state = GW_SUB_ASKED;
    return true;
}

static bool grant(struct karvan_client *c, struct gw_sub *s)
{
    struct gw_header h = gw_sub_credit(&c->in, s);
    if (gw_session_send(c, &h, gw_slice(NULL, 0)))
        return false;
    s->credit_due = false;
    return true;
}

void gw_receive_send(struct karvan_client *c)
{
    if (c->state != KARVAN_READY)
        return;
    for (struct gw_sub *s = c->in.first; s; s = s->next) {
        if (s->state == GW_SUB_WANTED && !ask(c, s))
            return;
        if (s->state == GW_SUB_GRANTED && s->credit_due && !grant(c, s))
            return;
    }
}

void gw_receive_subscribed(struct karvan_client *c, const struct gw_header *h)
{
    struct gw_sub *s = gw_inbox_find(&c->in, h->name);
    char words[GW_HEADER_MAX];
    if (!s || s->state == GW_SUB_WANTED)
        return; /* an answer to what is no longer wanted */
    gw_sub_granted(s, h->from);
    if (c->o.on.narrowed && gw_slice_copy(h->narrowed, words, sizeof words) && *words)
        c->o.on.narrowed(c->o.user, s->name, words);
    if (c->o.on.subscribed)
        c->o.on.subscribed(c->o.user, s->name, h->from, h->oldest, h->to);
}

/* `seq` stands near the front of an event; false when there is none. */
static bool event_seq(struct gw_slice event, uint64_t *seq)
{
    struct gw_walk w = gw_walk(event);
    struct gw_slice key;
    uint32_t pairs;
    if (!gw_walk_map(&w, &pairs))
        return false;
    while (pairs-- && gw_walk_str(&w, &key)) {
        if (gw_slice_is(key, "seq"))
            return gw_walk_uint(&w, seq);
        if (!gw_walk_skip(&w, NULL))
            break;
    }
    return false;
}

/* Live events have no seq. */
static bool hand_over(struct karvan_client *c, struct gw_sub *s, uint64_t count,
                      struct gw_slice body, bool live)
{
    struct gw_walk w = gw_walk(body);
    struct gw_slice event;
    struct karvan_event out = {.subscription = s->name};
    while (count--) {
        if (!gw_walk_skip(&w, &event) || (!live && !event_seq(event, &out.seq)))
            return false;
        if (!count && !live)
            gw_sub_last(s, out.seq);
        out.bytes = event.at;
        out.len = event.len;
        if (c->o.on.event)
            c->o.on.event(c->o.user, &out);
    }
    return gw_walk_left(&w) == 0;
}

void gw_receive_events(struct karvan_client *c, const struct gw_header *h,
                       struct gw_slice body)
{
    struct gw_sub *s = gw_inbox_find(&c->in, h->name);
    if (!s || s->state != GW_SUB_GRANTED)
        return; /* sent before the gateway heard that it is no longer wanted */
    bool live = h->flags & GW_FLAG_LIVE;
    enum gw_error e = live ? gw_sub_observed(&c->in, s, h->count, body.len)
                           : gw_sub_delivered(&c->in, s, h->to, h->count, body.len);
    if (!e && !hand_over(c, s, h->count, body, live))
        e = GW_BODY;
    if (e) {
        gw_session_retry(c, e, "the gateway sent events that cannot be taken");
        return;
    }
    if (live)
        return;
    if (c->o.on.position)
        c->o.on.position(c->o.user, s->name, h->to);
    if (c->o.auto_ack)
        gw_sub_ack_all(s);
}

/* What is wrong with the request itself, or taken over by another session, is not asked
 * again; what the gateway had no room or disk for is, in the next session. */
void gw_receive_error(struct karvan_client *c, const struct gw_header *h,
                      const char *text)
{
    struct gw_sub *s = gw_inbox_find(&c->in, h->name);
    char words[512];
    if (!s)
        return;
    if (h->code != GW_ACK_RANGE && h->code != GW_BUSY && h->code != GW_STORAGE)
        s->state = GW_SUB_LOST;
    snprintf(words, sizeof words, "subscription %s: %s", s->name, text);
    gw_session_tell(c, KARVAN_READY, (enum gw_error)h->code, words);
}
