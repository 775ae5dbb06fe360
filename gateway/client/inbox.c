/* inbox.c - subscriptions and the credit given for them. */
#include <stdlib.h>
#include "client/inbox.h"
#include "model/filter.h"

#define BODY_MOST (64u << 10)

static void free_sub(struct gw_sub *s)
{
    gw_buf_deinit(&s->body);
    free(s->waiting);
    free(s);
}

void gw_inbox_deinit(struct gw_inbox *in)
{
    while (in->first)
        gw_inbox_remove(in, in->first);
}

struct gw_sub *gw_inbox_find(struct gw_inbox *in, struct gw_slice name)
{
    struct gw_sub *s = in->first;
    while (s && !gw_slice_is(name, s->name))
        s = s->next;
    return s;
}

/* Appended at the end: a walk over the list meets it, and none is met twice. */
static struct gw_sub *append(struct gw_inbox *in, struct gw_slice name)
{
    struct gw_sub **end = &in->first;
    struct gw_sub *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    (void)gw_slice_copy(name, s->name, sizeof s->name);
    gw_buf_init(&s->body, BODY_MOST);
    while (*end)
        end = &(*end)->next;
    return *end = s;
}

enum gw_error gw_inbox_add(struct gw_inbox *in, struct gw_slice name,
                           struct gw_slice body)
{
    if (!gw_name_valid(name))
        return GW_BAD_NAME;
    if (body.len > BODY_MOST)
        return GW_RANGE;
    struct gw_sub *s = gw_inbox_find(in, name);
    if (!s && !(s = append(in, name)))
        return GW_NOMEM;
    gw_buf_reset(&s->body);
    gw_buf_slice(&s->body, body);
    s->state = GW_SUB_WANTED;
    s->again = false;
    return gw_buf_status(&s->body);
}

void gw_inbox_remove(struct gw_inbox *in, struct gw_sub *s)
{
    struct gw_sub **link = &in->first;
    while (*link && *link != s)
        link = &(*link)->next;
    if (*link)
        *link = s->next;
    free_sub(s);
}

void gw_inbox_restart(struct gw_inbox *in)
{
    for (struct gw_sub *s = in->first; s; s = s->next)
        if (s->state != GW_SUB_LOST)
            s->state = GW_SUB_WANTED;
}

/* Not {"start":"cursor"}: the gateway stores cursors now and then, we know ours exactly.
 */
enum gw_error gw_sub_body(const struct gw_sub *s, struct gw_buf *out)
{
    if (s->again)
        return gw_subscribe_from(gw_buf_bytes(&s->body), s->acked + 1, out);
    gw_buf_slice(out, gw_buf_bytes(&s->body));
    return gw_buf_status(out);
}

void gw_sub_granted(struct gw_sub *s, uint64_t from)
{
    s->state = GW_SUB_GRANTED;
    s->again = true;
    s->acked = s->told = from ? from - 1 : 0;
    s->events = s->bytes = s->done_events = s->done_bytes = 0;
    s->waiting_at = s->waiting_count = 0;
    s->credit_due = true;
}

static bool grow(struct gw_sub *s)
{
    uint32_t cap = s->waiting_cap ? s->waiting_cap * 2 : 64;
    struct gw_delivered *bigger = malloc(cap * sizeof *bigger);
    if (!bigger)
        return false;
    for (uint32_t i = 0; i < s->waiting_count; i++)
        bigger[i] = s->waiting[(s->waiting_at + i) % s->waiting_cap];
    free(s->waiting);
    s->waiting = bigger;
    s->waiting_at = 0;
    s->waiting_cap = cap;
    return true;
}

/* The ring never has more entries than events in flight, and those are bounded by the
 * credit. */
static bool push(struct gw_sub *s, struct gw_delivered d)
{
    if (s->waiting_count == s->waiting_cap && !grow(s))
        return false;
    s->waiting[(s->waiting_at + s->waiting_count++) % s->waiting_cap] = d;
    return true;
}

enum gw_error gw_sub_delivered(struct gw_inbox *in, struct gw_sub *s, uint64_t to,
                               uint64_t events, uint64_t bytes)
{
    if (s->events + events > s->done_events + in->credit_events)
        return GW_CREDIT;
    s->events += events;
    s->bytes += bytes;
    if (to > s->told)
        s->told = to;
    if (events && !push(s, (struct gw_delivered){UINT64_MAX, s->events, s->bytes}))
        return GW_NOMEM;
    return GW_OK;
}

enum gw_error gw_sub_observed(struct gw_inbox *in, struct gw_sub *s, uint64_t events,
                              uint64_t bytes)
{
    struct gw_delivered *last;
    if (s->events + events > s->done_events + in->credit_events)
        return GW_CREDIT;
    s->events += events;
    s->bytes += bytes;
    if (s->waiting_count) {
        last = &s->waiting[(s->waiting_at + s->waiting_count - 1) % s->waiting_cap];
        last->events = s->events;
        last->bytes = s->bytes;
        return GW_OK;
    }
    s->done_events = s->events;
    s->done_bytes = s->bytes;
    s->credit_due = true;
    return GW_OK;
}

void gw_sub_last(struct gw_sub *s, uint64_t seq)
{
    if (s->waiting_count)
        s->waiting[(s->waiting_at + s->waiting_count - 1) % s->waiting_cap].to = seq;
}

static void ack(struct gw_sub *s, uint64_t seq)
{
    if (seq <= s->acked)
        return;
    s->acked = seq;
    s->credit_due = true;
    while (s->waiting_count && s->waiting[s->waiting_at].to <= seq) {
        s->done_events = s->waiting[s->waiting_at].events;
        s->done_bytes = s->waiting[s->waiting_at].bytes;
        s->waiting_at = (s->waiting_at + 1) % s->waiting_cap;
        s->waiting_count--;
    }
}

enum gw_error gw_sub_ack(struct gw_sub *s, uint64_t seq)
{
    if (seq > s->told)
        return GW_ACK_RANGE;
    ack(s, seq);
    return GW_OK;
}

void gw_sub_ack_all(struct gw_sub *s)
{
    ack(s, s->told);
}

struct gw_header gw_sub_credit(const struct gw_inbox *in, const struct gw_sub *s)
{
    return (struct gw_header){.op = GW_OP_CREDIT,
                              .name = gw_slice_str(s->name),
                              .ack = s->acked,
                              .credit_events = s->done_events + in->credit_events,
                              .credit_bytes = s->done_bytes + in->credit_bytes};
}
