/* deliver.c - stage 7 of 7: to the receivers, after route.c; the end of an event's way.
 */
#include "pipeline/deliver.h"
#include <stdlib.h>
#include "base/hash.h"
#include "pipeline/deliver_parts.h"

#define BODY_SLACK 65536u /* one event more than the aim may have to fit */
#define NAMES      4096u  /* buckets; a power of two */
/* A round's projections: more than the live ones need is sent before going on. */
#define PROJECTED_MOST (64u << 20)

enum gw_error gw_delivery_init(struct gw_delivery *d)
{
    gw_buf_init(&d->header, GW_HEADER_MAX);
    gw_buf_init(&d->body, (size_t)d->limits->delivery_bytes +
                              d->limits->budget.event_bytes + BODY_SLACK);
    gw_buf_init(&d->projected, PROJECTED_MOST);
    gw_grants_init(&d->grants);
    d->position = d->newest;
    d->stored = calloc(GW_DELIVER_READ, sizeof *d->stored);
    d->facts = calloc(1, sizeof *d->facts);
    d->by_name = calloc(NAMES, sizeof *d->by_name);
    if (!d->stored || !d->facts || !d->by_name)
        return GW_NOMEM;
    return gw_table_new(&d->table);
}

void gw_delivery_deinit(struct gw_delivery *d)
{
    gw_buf_deinit(&d->header);
    gw_buf_deinit(&d->body);
    gw_buf_deinit(&d->projected);
    gw_table_free(d->table);
    free(d->stored);
    free(d->facts);
    free(d->by_name);
    free(d->projections);
    free(d->items);
    free(d->touched);
    *d = (struct gw_delivery){0};
}

/* ---- who stands where ---- */

static void unlist(struct gw_delivery *d, struct gw_subscription *s)
{
    struct gw_standing_list *l = &d->standing[s->standing];
    *(s->prev ? &s->prev->next : &l->first) = s->next;
    *(s->next ? &s->next->prev : &l->last) = s->prev;
    l->count--;
}

static void enlist(struct gw_delivery *d, struct gw_subscription *s,
                   enum gw_standing standing)
{
    struct gw_standing_list *l = &d->standing[standing];
    s->standing = standing;
    s->next = NULL;
    s->prev = l->last;
    *(l->last ? &l->last->next : &l->first) = s;
    l->last = s;
    l->count++;
}

void gw_stand(struct gw_delivery *d, struct gw_subscription *s, enum gw_standing standing)
{
    unlist(d, s);
    enlist(d, s, standing);
}

void gw_fall_behind(struct gw_delivery *d, struct gw_subscription *s, uint64_t seq)
{
    s->next_seq = seq;
    gw_stand(d, s, gw_has_credit(s) && !s->halted ? GW_BEHIND : GW_PARKED);
}

uint32_t gw_delivery_count(const struct gw_delivery *d)
{
    return gw_table_count(d->table);
}

/* ---- joining and leaving ---- */

static struct gw_subscription **bucket(const struct gw_delivery *d, const char *operator,
                                       const char * name)
{
    uint64_t seed = gw_hash64(gw_slice_str(operator), 0);
    return &d->by_name[gw_hash64(gw_slice_str(name), seed) & (NAMES - 1)];
}

struct gw_subscription *gw_delivery_find(const struct gw_delivery *d,
                                         const char *operator, const char * name)
{
    struct gw_subscription *s = *bucket(d, operator, name);
    while (s && (strcmp(s->name, name) != 0 ||
                 strcmp(s->session->operator_name, operator) != 0))
        s = s->next_of_name;
    return s;
}

enum gw_error gw_delivery_add(struct gw_delivery *d, struct gw_subscription *sub)
{
    struct gw_subscription **names = bucket(d, sub->session->operator_name, sub->name);
    enum gw_error e =
        gw_table_add(d->table, sub, sub->session->operator, sub->filter, &sub->slot);
    if (e)
        return e;
    enlist(d, sub, GW_PARKED);
    sub->next_of_name = *names;
    *names = sub;
    sub->next_of_session = sub->session->subscriptions;
    sub->session->subscriptions = sub;
    sub->session->subscription_count++;
    if (sub->observes)
        gw_observer_join(d, sub);
    return GW_OK;
}

void gw_delivery_remove(struct gw_delivery *d, struct gw_subscription *sub)
{
    struct gw_subscription **link = &sub->session->subscriptions;
    while (*link != sub)
        link = &(*link)->next_of_session;
    *link = sub->next_of_session;
    sub->session->subscription_count--;
    link = bucket(d, sub->session->operator_name, sub->name);
    while (*link != sub)
        link = &(*link)->next_of_name;
    *link = sub->next_of_name;
    unlist(d, sub);
    if (sub->observes)
        gw_observer_leave(d, sub);
    gw_live_forget(d, sub);
    gw_table_remove(d->table, sub->slot);
    gw_filter_free(sub->filter);
    free(sub);
}

void gw_delivery_credit(struct gw_delivery *d, struct gw_subscription *sub)
{
    if (sub->standing == GW_PARKED && gw_has_credit(sub) && !sub->halted)
        gw_stand(d, sub, gw_is_there(d, sub) ? GW_LIVE : GW_BEHIND);
}

/* What a receiver was not told of yet is looked at once more: `from` to `to` of one EVENTS message
 * goes by one set of rules. */
static void look_again(struct gw_delivery *d)
{
    struct gw_subscription *s, *next;
    for (s = d->standing[GW_LIVE].first; s; s = next) {
        next = s->next;
        if (s->told < d->position)
            gw_fall_behind(d, s, s->told + 1);
    }
    for (unsigned k = GW_PARKED; k <= GW_BEHIND; k++)
        for (s = d->standing[k].first; s; s = s->next)
            s->next_seq = s->told + 1;
}

void gw_delivery_directory(struct gw_delivery *d, const struct gw_directory *directory)
{
    d->directory = directory;
    gw_grants_init(&d->grants);
    look_again(d);
    for (unsigned k = 0; k < GW_STANDINGS; k++)
        for (struct gw_subscription *s = d->standing[k].first; s; s = s->next)
            gw_table_renumber(d->table, s->slot, s->session->operator);
    gw_table_settle(d->table);
}

void gw_delivery_tick(struct gw_delivery *d, uint64_t journal_last)
{
    bool missing = d->heard > d->position && !gw_tail_find(d->tail, d->position + 1);
    gw_table_settle(d->table);
    if (missing && d->heard > d->newest)
        d->newest = d->heard;
    if (missing)
        gw_live_give_up(d);
    d->heard = journal_last;
}

/* ---- the round ---- */

bool gw_deliver(struct gw_delivery *d, int64_t now_ms)
{
    bool more;
    d->now_ms = now_ms;
    more = gw_live_round(d);
    more |= gw_catch_up(d);
    gw_live_positions(d);
    if (d->observer_count)
        more |= gw_telemetry_round(d);
    return more;
}
