/* traffic.c - blocks on their way, their milestones, and some trouble. */
#include "bench/demo/traffic.h"
#include <stdlib.h>

/* About what the corridor expects of 2025: 96,000 TEU a year are 131 forty-foot boxes a
 * day. */
#define TRAINS_A_DAY 3
#define DAYS_BEFORE  60 /* whoever left earlier has arrived */
#define POSITION_MS  DEMO_HOUR_MS
#define MOST_ITEMS   1000000u

/* Shares of the facts. */
#define RESENT_SHARE 0.03
#define DIGIT_SHARE  0.01
#define REFUSE_SHARE 0.02 /* of the facts of those who make such mistakes */

/* Whose software has which bug. */
static const enum demo_trouble bugs[DEMO_COMPANIES] = {
    [DEMO_URUMQI_TERMINAL] = DEMO_UNKNOWN_CODE, [DEMO_KTZ] = DEMO_UNKNOWN_CODE,
    [DEMO_CASPIAN_FERRY] = DEMO_UNKNOWN_CODE,   [DEMO_AZ_CUSTOMS] = DEMO_NO_TIME,
    [DEMO_GEORGIAN_RAILWAY] = DEMO_WRONG_TYPE,
};

struct plan {
    struct demo_traffic *traffic;
    const struct demo_block *block;
    struct demo_random random;
    int64_t from_ms, to_ms;
    bool failed; /* out of memory */
};

static struct demo_happening *add(struct demo_traffic *t)
{
    if (t->count == t->cap) {
        uint32_t cap = t->cap ? t->cap * 2 : 4096;
        void *items =
            cap <= MOST_ITEMS ? realloc(t->items, cap * sizeof *t->items) : NULL;
        if (!items)
            return NULL;
        t->items = items;
        t->cap = cap;
    }
    t->items[t->count] = (struct demo_happening){0};
    return &t->items[t->count++];
}

/* A fact at a stop; NULL when it does not fall into the day, or memory ran out. */
static struct demo_happening *happen(struct plan *p, int64_t at_ms, uint32_t box,
                                     uint32_t stop)
{
    const struct demo_route *r = p->block->route;
    struct demo_happening *h;

    if (at_ms < p->from_ms || at_ms >= p->to_ms)
        return NULL;
    h = add(p->traffic);
    if (!h) {
        p->failed = true;
        return NULL;
    }
    h->due_ms = at_ms;
    h->time_ms = at_ms - at_ms % 1000; /* companies write seconds */
    h->number = p->traffic->facts++;
    demo_unit_make(&h->unit, p->block->number, box);
    h->place = r->stops[stop].place;
    h->next = stop + 1 < r->count ? r->stops[stop + 1].place : NULL;
    return h;
}

static void make_trouble(struct plan *p, struct demo_happening *h)
{
    double chance = demo_random_unit(&p->random);

    if (bugs[h->who] && chance < REFUSE_SHARE)
        h->trouble = bugs[h->who];
    else if (chance < REFUSE_SHARE + DIGIT_SHARE && h->per == DEMO_PER_BOX) {
        h->trouble = DEMO_BAD_DIGIT;
        demo_unit_spoil(&h->unit);
    }
}

static void reach(struct plan *p, const struct demo_milestone *m, uint32_t stop)
{
    static const uint32_t step[] = {
        [DEMO_PER_BOX] = 1, [DEMO_PER_WAGON] = 2, [DEMO_PER_BLOCK] = DEMO_BLOCK_BOXES};
    int64_t arrive = p->block->arrive_ms[stop];
    double stay = (double)(p->block->depart_ms[stop] - arrive);

    for (uint32_t box = 0; box < DEMO_BLOCK_BOXES; box += step[m->per]) {
        double turn = (double)box / DEMO_BLOCK_BOXES; /* one after the other */
        double share = m->from + (m->to - m->from) * turn;
        struct demo_happening *h = happen(p, arrive + (int64_t)(stay * share), box, stop);
        if (!h)
            continue;
        h->who = m->who;
        h->what = m->what;
        h->per = m->per;
        h->sea = m->sea;
        make_trouble(p, h);
    }
}

/* Ships say every hour where they are. */
static void sail(struct plan *p)
{
    int64_t at = p->from_ms - p->from_ms % POSITION_MS + POSITION_MS;
    for (; at < p->to_ms; at += POSITION_MS) {
        const struct demo_stop *stops = p->block->route->stops;
        struct demo_happening *h;
        double share;
        uint32_t to;
        if (!demo_block_under_way(p->block, at, &to, &share) || !stops[to].leg.sea)
            continue;
        h = happen(p, at, 0, to);
        if (!h)
            continue;
        h->who = DEMO_CASPIAN_FERRY;
        h->what = DEMO_POSITION;
        h->per = DEMO_PER_BLOCK;
        h->sea = true;
        h->lat = stops[to - 1].place->lat * (1 - share) + stops[to].place->lat * share;
        h->lon = stops[to - 1].place->lon * (1 - share) + stops[to].place->lon * share;
    }
}

static void follow(struct plan *p)
{
    const struct demo_route *r = p->block->route;
    for (uint32_t i = 0; i < r->count; i++)
        for (const struct demo_milestone *m = demo_milestones; m->node; m++)
            if (strcmp(m->node, r->stops[i].place->node) == 0)
                reach(p, m, i);
    sail(p);
}

/* Some of what was reported is reported again a little later, word for word. */
static void resend_some(struct plan *p)
{
    uint32_t facts = p->traffic->count;
    for (uint32_t i = 0; i < facts; i++) {
        struct demo_happening *again;
        int64_t later = DEMO_HOUR_MS / 4 +
                        (int64_t)(demo_random_unit(&p->random) * (double)DEMO_HOUR_MS);
        const struct demo_happening *h = &p->traffic->items[i];
        bool chosen = demo_random_unit(&p->random) < RESENT_SHARE &&
                      h->trouble == DEMO_FINE && h->time_ms + later < p->to_ms &&
                      demo_companies[h->who].door == DEMO_NATIVE;
        again = chosen ? add(p->traffic) : NULL;
        if (!again)
            continue;
        *again = p->traffic->items[i];
        again->due_ms += later;
        again->trouble = DEMO_RESENT;
    }
}

static int by_due(const void *a, const void *b)
{
    const struct demo_happening *x = a, *y = b;
    if (x->due_ms != y->due_ms)
        return x->due_ms < y->due_ms ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

enum gw_error demo_traffic_plan(struct demo_traffic *t, const struct demo_corridor *c,
                                int64_t day_ms, uint64_t seed)
{
    struct plan p = {
        .traffic = t, .random = {seed}, .from_ms = day_ms, .to_ms = day_ms + DEMO_DAY_MS};
    const int64_t beat = DEMO_DAY_MS / TRAINS_A_DAY;
    struct demo_block block;

    *t = (struct demo_traffic){0};
    p.block = &block;
    t->under_way = calloc((DAYS_BEFORE + 1) * TRAINS_A_DAY, sizeof *t->under_way);
    if (!t->under_way)
        return GW_NOMEM;
    for (uint32_t i = 0; i < (DAYS_BEFORE + 1) * TRAINS_A_DAY; i++) {
        int64_t start = day_ms - DAYS_BEFORE * DEMO_DAY_MS + i * beat;
        demo_corridor_send(c, i, start, &p.random, &block);
        if (block.depart_ms[block.route->count - 1] < p.from_ms)
            continue;
        t->under_way[t->blocks++] = block;
        follow(&p);
    }
    t->boxes = t->blocks * DEMO_BLOCK_BOXES;
    resend_some(&p);
    if (p.failed || !t->count)
        return GW_NOMEM;
    qsort(t->items, t->count, sizeof *t->items, by_due);
    return GW_OK;
}

void demo_traffic_free(struct demo_traffic *t)
{
    free(t->items);
    free(t->under_way);
    *t = (struct demo_traffic){0};
}
