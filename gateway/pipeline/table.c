/* table.c - look-ups by index, and by looking through what is not indexed yet. */
#include "pipeline/table.h"
#include <stdlib.h>
#include "pipeline/index.h"

#define LOOSE_LEAST 64 /* so many may wait for an index without one being built */
#define LOOSE_PART  8  /* ... or this part of the table */
/* An event for at most so many operators, or this part of those there are, is looked up
 * among the subscriptions of each of them. */
#define FEW      8
#define FEW_PART 8

struct slot {
    void *who; /* NULL: free */
    const struct gw_filter *filter;
    uint32_t operator;
    uint32_t seen; /* the event it was matched with last */
    bool indexed;
};

struct gw_table {
    struct slot *slots;
    uint32_t slot_count, slot_cap, taken;
    uint32_t *free_slots;
    uint32_t free_count;
    uint32_t *loose;            /* taken and not indexed */
    uint32_t loose_count, dead; /* dead: indexed and gone */
    struct gw_index *index;     /* NULL: none yet */
    struct gw_index_probe *probe;
    uint64_t looked; /* at loose ones since the index was built */
    uint32_t event;  /* counts the events: `seen` */
    bool stale;      /* renumbered: the index is of no use */
    uint64_t reads;  /* by all filters; grows until the next index */

    /* of the look-up at hand */
    const struct gw_grants *grants;
    void (*match)(void *ctx, void *who, const struct gw_mask *shown);
    void *ctx;
};

enum gw_error gw_table_new(struct gw_table **out)
{
    struct gw_table *t = calloc(1, sizeof *t);
    *out = NULL;
    if (!t)
        return GW_NOMEM;
    t->probe = malloc(sizeof *t->probe);
    if (!t->probe) {
        free(t);
        return GW_NOMEM;
    }
    *out = t;
    return GW_OK;
}

void gw_table_free(struct gw_table *t)
{
    if (!t)
        return;
    gw_index_free(t->index);
    free(t->slots);
    free(t->free_slots);
    free(t->loose);
    free(t->probe);
    free(t);
}

uint64_t gw_table_reads(const struct gw_table *t)
{
    return t->reads;
}

uint32_t gw_table_count(const struct gw_table *t)
{
    return t->taken;
}

/* ---- joining and leaving ---- */

static bool grow(void **at, size_t size, uint32_t cap)
{
    void *more = realloc(*at, size * cap);
    if (!more)
        return false;
    *at = more;
    return true;
}

static bool make_room(struct gw_table *t)
{
    uint32_t cap = t->slot_cap ? t->slot_cap * 2 : 64;
    if (t->free_count || t->slot_count < t->slot_cap)
        return true;
    if (!grow((void **)&t->slots, sizeof *t->slots, cap) ||
        !grow((void **)&t->free_slots, sizeof *t->free_slots, cap) ||
        !grow((void **)&t->loose, sizeof *t->loose, cap))
        return false;
    t->slot_cap = cap;
    return true;
}

static bool too_many(const struct gw_table *t, uint32_t n)
{
    return n > LOOSE_LEAST && n > t->taken / LOOSE_PART;
}

enum gw_error gw_table_add(struct gw_table *t, void *who, uint32_t operator,
                           const struct gw_filter * filter, uint32_t *slot)
{
    if (!make_room(t))
        return GW_NOMEM;
    *slot = t->free_count ? t->free_slots[--t->free_count] : t->slot_count++;
    t->slots[*slot] = (struct slot){who, filter, operator, t->event, false};
    t->loose[t->loose_count++] = *slot;
    t->taken++;
    t->reads |= gw_filter_reads(filter);
    if (too_many(t, t->loose_count))
        gw_table_settle(t);
    return GW_OK;
}

static void forget_loose(struct gw_table *t, uint32_t slot)
{
    uint32_t i = 0;
    while (i < t->loose_count && t->loose[i] != slot)
        i++;
    if (i < t->loose_count)
        t->loose[i] = t->loose[--t->loose_count];
}

void gw_table_remove(struct gw_table *t, uint32_t slot)
{
    struct slot *s = &t->slots[slot];
    s->who = NULL;
    s->filter = NULL;
    t->taken--;
    if (s->indexed) {
        t->dead++; /* its number is in the index: not to be given to another before the
                      next one */
        if (too_many(t, t->dead))
            gw_table_settle(t);
        return;
    }
    forget_loose(t, slot);
    t->free_slots[t->free_count++] = slot;
}

void gw_table_renumber(struct gw_table *t, uint32_t slot, uint32_t operator)
{
    t->stale |= t->slots[slot].operator!= operator;
    t->slots[slot].operator= operator;
}

/* ---- the index ---- */

static void swap_in(struct gw_table *t, struct gw_index *fresh)
{
    gw_index_free(t->index);
    t->index = fresh;
    t->loose_count = t->dead = t->free_count = 0;
    t->looked = t->reads = 0;
    t->stale = false;
    for (uint32_t i = 0; i < t->slot_count; i++) {
        t->slots[i].indexed = t->slots[i].who != NULL;
        if (t->slots[i].who)
            t->reads |= gw_filter_reads(t->slots[i].filter);
        if (!t->slots[i].who)
            t->free_slots[t->free_count++] = i;
    }
}

void gw_table_settle(struct gw_table *t)
{
    struct gw_filed *filed;
    struct gw_index *fresh;
    uint32_t n = 0;
    if (!t->loose_count && !t->dead && !t->stale)
        return;
    filed = malloc((t->taken ? t->taken : 1) * sizeof *filed);
    if (!filed)
        return;
    for (uint32_t i = 0; i < t->slot_count; i++)
        if (t->slots[i].who)
            filed[n++] = (struct gw_filed){i, t->slots[i].operator, t->slots[i].filter };
    if (!gw_index_new(&fresh, filed, n))
        swap_in(t, fresh);
    free(filed);
}

/* ---- looking up ---- */

static void give(struct gw_table *t, struct slot *s)
{
    struct gw_mask shown;
    s->seen = t->event;
    if (gw_grants_give(t->grants, s->operator, & shown))
        t->match(t->ctx, s->who, &shown);
}

/* The index says it may match: see. */
static void on_found(void *ctx, uint32_t slot, unsigned clause)
{
    struct gw_table *t = ctx;
    struct slot *s = &t->slots[slot];
    if (s->who && s->seen != t->event &&
        gw_clause_match(&s->filter->clauses[clause], t->probe->facts))
        give(t, s);
}

static void look_through(struct gw_table *t, const struct gw_facts *f)
{
    for (uint32_t i = 0; i < t->loose_count; i++) {
        struct slot *s = &t->slots[t->loose[i]];
        if (s->seen != t->event && gw_filter_match(s->filter, f))
            give(t, s);
    }
}

/* Everything, when the index cannot be trusted and there was no memory for another. */
static void look_through_all(struct gw_table *t, const struct gw_facts *f)
{
    for (uint32_t i = 0; i < t->slot_count; i++)
        if (t->slots[i].who && gw_filter_match(t->slots[i].filter, f))
            give(t, &t->slots[i]);
}

/* Operators that may see the event, counted as often as they are named; UINT32_MAX:
 * everybody. */
static uint32_t entitled(const struct gw_grants *g)
{
    uint32_t n = 1 + g->party_count;
    if (g->everybody)
        return UINT32_MAX;
    for (uint32_t i = 0; i < g->count; i++)
        n += g->rules[i]->receiver_count;
    return n;
}

static void look_up_each(struct gw_table *t)
{
    const struct gw_grants *g = t->grants;
    gw_index_find(t->index, t->probe, g->owner, on_found, t);
    for (uint32_t i = 0; i < g->party_count; i++)
        gw_index_find(t->index, t->probe, g->party[i], on_found, t);
    for (uint32_t i = 0; i < g->count; i++)
        for (uint32_t k = 0; k < g->rules[i]->receiver_count; k++)
            gw_index_find(t->index, t->probe, g->rules[i]->receivers[k], on_found, t);
}

/* Once looking through the loose ones has cost about as much as an index would, one is
 * built: so neither many of them nor many events with a few of them cost more than twice
 * what they must. */
#define BUILD_COST 4 /* of a subscription, in looks */

static void consider_settling(struct gw_table *t)
{
    t->looked += t->loose_count;
    if (t->looked <= (uint64_t)BUILD_COST * t->taken + LOOSE_LEAST)
        return;
    t->looked = 0; /* also where there is no memory: not again at once */
    gw_table_settle(t);
}

/* 0 is what a new slot has seen. */
static void next_event(struct gw_table *t)
{
    if (++t->event)
        return;
    for (uint32_t i = 0; i < t->slot_count; i++)
        t->slots[i].seen = 0;
    t->event = 1;
}

void gw_table_route(struct gw_table *t, const struct gw_grants *g,
                    const struct gw_facts *f,
                    void (*match)(void *ctx, void *who, const struct gw_mask *shown),
                    void *ctx)
{
    uint32_t many;
    if (g->owner == GW_OPERATOR_NONE || !t->taken)
        return;
    next_event(t);
    t->grants = g;
    t->match = match;
    t->ctx = ctx;
    if (t->stale) {
        look_through_all(t, f);
        return;
    }
    consider_settling(t);
    look_through(t, f);
    if (!t->index)
        return;
    gw_index_probe(t->probe, f);
    many = entitled(g);
    if (many <= FEW || many <= gw_index_operators(t->index) / FEW_PART)
        look_up_each(t);
    else
        gw_index_find(t->index, t->probe, GW_SCOPE_ALL, on_found, t);
}
