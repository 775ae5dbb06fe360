/* index.c - clauses in a hash table of exact keys. */
#include "pipeline/index.h"
#include <stdlib.h>

/* The kinds a clause is filed under, in order; GW_ANCHOR_NONE behind the last. */
struct plan {
    uint8_t kinds[GW_ANCHOR_DEEP];
};

struct entry {
    uint64_t key;
    uint32_t slot;
    uint16_t clause, plan;
};

/* The plans in use in one scope: without it, a look-up would try all there are. */
struct scope {
    uint32_t operator;
    uint32_t first, count; /* in gw_index.scoped */
};

struct gw_index {
    struct plan *plans;
    uint32_t plan_count, plan_cap;
    struct entry *entries; /* grouped by bucket */
    uint32_t *buckets;     /* first entry of each; one more than there are */
    uint32_t mask;
    struct scope *scopes; /* sorted by operator; the last one is GW_SCOPE_ALL */
    uint32_t scope_count;
    uint16_t *scoped; /* plan numbers */
};

/* ---- the plan of a clause ---- */

#define KEYS_MOST                                                                        \
    64 /* of one clause, all combinations; a first field alone may have more */

/* Most selective first. */
static const uint8_t order[] = {
    GW_BY_CONSIGNMENT, GW_BY_EQUIPMENT, GW_BY_PARTY,    GW_BY_AREA, GW_BY_LOCATION,
    GW_BY_FROM,        GW_BY_TO,        GW_BY_OPERATOR, GW_BY_TYPE, GW_BY_COUNTRY,
    GW_BY_MODE,        GW_BY_SUBJECT,   GW_BY_KIND,     GW_BY_CLASS};

/* Of these an event can have many: two of them together would multiply its look-ups. */
#define MANY (1u << GW_BY_CONSIGNMENT | 1u << GW_BY_EQUIPMENT | 1u << GW_BY_PARTY)

struct level {
    struct gw_anchor_key keys[GW_ANCHOR_CLAUSE];
    unsigned count;
};

struct planner {
    struct level levels[GW_ANCHOR_DEEP];
    unsigned depth;
};

static void plan_clause(struct planner *p, const struct gw_clause *c)
{
    unsigned combinations = 1;
    bool many = false;
    p->depth = 0;
    for (size_t i = 0; i < sizeof order && p->depth < GW_ANCHOR_DEEP; i++) {
        enum gw_filter_field field = (enum gw_filter_field)order[i];
        struct level *l = &p->levels[p->depth];
        bool multiple = MANY >> field & 1;
        if (!(c->used >> field & 1) || (many && multiple))
            continue;
        l->count = gw_anchor_clause(c, field, l->keys);
        if (!l->count || (p->depth && combinations * l->count > KEYS_MOST))
            continue;
        combinations *= l->count;
        many |= multiple;
        p->depth++;
    }
}

/* ---- building ---- */

struct building {
    struct gw_index *x;
    struct entry *entries;
    size_t count, cap;
    struct scope_plan {
        uint32_t operator;
        uint32_t plan;
    } * uses; /* which plan is used in which scope; many repeats */
    size_t use_count, use_cap;
    bool failed;
    struct planner planner;
};

static void *more(struct building *b, void *at, size_t *cap, size_t size)
{
    size_t wanted = *cap ? *cap * 2 : 256;
    void *grown = realloc(at, wanted * size);
    if (!grown) {
        b->failed = true;
        return at;
    }
    *cap = wanted;
    return grown;
}

static uint16_t plan_number(struct building *b, const struct plan *p)
{
    struct gw_index *x = b->x;
    for (uint32_t i = 0; i < x->plan_count; i++)
        if (memcmp(&x->plans[i], p, sizeof *p) == 0)
            return (uint16_t)i;
    if (x->plan_count == x->plan_cap) {
        size_t cap = x->plan_cap;
        x->plans = more(b, x->plans, &cap, sizeof *x->plans);
        x->plan_cap = (uint32_t)cap;
    }
    if (b->failed || x->plan_count == UINT16_MAX)
        return 0;
    x->plans[x->plan_count] = *p;
    return (uint16_t)x->plan_count++;
}

static uint64_t scoped_key(uint64_t key, uint32_t scope, unsigned plan)
{
    return gw_anchor_join(gw_anchor_join(key, scope), plan);
}

static void file_in(struct building *b, const struct gw_filed *f, unsigned clause,
                    unsigned plan, uint64_t key, uint32_t scope)
{
    if (b->count == b->cap)
        b->entries = more(b, b->entries, &b->cap, sizeof *b->entries);
    if (b->use_count == b->use_cap)
        b->uses = more(b, b->uses, &b->use_cap, sizeof *b->uses);
    if (b->failed)
        return;
    b->entries[b->count++] = (struct entry){scoped_key(key, scope, plan), f->slot,
                                            (uint16_t)clause, (uint16_t)plan};
    if (!b->use_count ||
        b->uses[b->use_count - 1].operator!= scope || b->uses[b->use_count - 1].plan !=
        plan)
        b->uses[b->use_count++] = (struct scope_plan){scope, plan};
}

/* Every combination of one key from each level. */
static void file_levels(struct building *b, const struct gw_filed *f, unsigned clause,
                        uint32_t scope, unsigned depth, struct plan *plan, uint64_t key)
{
    const struct level *l;
    if (depth == b->planner.depth || depth == GW_ANCHOR_DEEP) { /* the latter for gcc -O2 */
        file_in(b, f, clause, plan_number(b, plan), key, scope);
        return;
    }
    l = &b->planner.levels[depth];
    for (unsigned i = 0; i < l->count; i++) {
        plan->kinds[depth] = l->keys[i].kind;
        file_levels(b, f, clause, scope, depth + 1, plan,
                    gw_anchor_join(key, l->keys[i].hash));
    }
    plan->kinds[depth] = GW_ANCHOR_NONE;
}

static void file_filter(struct building *b, const struct gw_filed *f)
{
    for (uint32_t i = 0; i < f->filter->count; i++) {
        struct plan plan;
        memset(&plan, GW_ANCHOR_NONE, sizeof plan);
        plan_clause(&b->planner, &f->filter->clauses[i]);
        file_levels(b, f, i, GW_SCOPE_ALL, 0, &plan, 0);
        file_levels(b, f, i, f->operator, 0, &plan, 0);
    }
}

static int by_scope(const void *a, const void *b)
{
    const struct scope_plan *x = a, *y = b;
    if (x->operator!= y->operator)
        return x->operator<y->operator? -1 : 1;
    return (x->plan > y->plan) - (x->plan < y->plan);
}

static enum gw_error list_scopes(struct building *b)
{
    struct gw_index *x = b->x;
    uint32_t kept = 0;
    if (b->use_count) /* qsort() wants an array also where there is nothing to sort */
        qsort(b->uses, b->use_count, sizeof *b->uses, by_scope);
    x->scopes = calloc(b->use_count + 1, sizeof *x->scopes);
    x->scoped = calloc(b->use_count + 1, sizeof *x->scoped);
    if (!x->scopes || !x->scoped)
        return GW_NOMEM;
    for (size_t i = 0; i < b->use_count; i++) {
        struct scope *last = x->scope_count ? &x->scopes[x->scope_count - 1] : NULL;
        if (!last || last->operator!= b->uses[i].operator)
            *(last = &x->scopes[x->scope_count++]) =
                (struct scope){b->uses[i].operator, kept, 0};
        if (last->count && x->scoped[kept - 1] == b->uses[i].plan)
            continue;
        x->scoped[kept++] = (uint16_t)b->uses[i].plan;
        last->count++;
    }
    return GW_OK;
}

/* Entries in the order of their buckets: one pass to count, one to place. */
static enum gw_error fill_buckets(struct building *b)
{
    struct gw_index *x = b->x;
    uint32_t buckets = 16;
    while (buckets < 2 * b->count)
        buckets *= 2;
    x->mask = buckets - 1;
    x->buckets = calloc((size_t)buckets + 2, sizeof *x->buckets);
    x->entries = malloc((b->count ? b->count : 1) * sizeof *x->entries);
    if (!x->buckets || !x->entries)
        return GW_NOMEM;
    for (size_t i = 0; i < b->count; i++)
        x->buckets[(b->entries[i].key & x->mask) + 2]++;
    for (uint32_t i = 2; i <= buckets + 1; i++)
        x->buckets[i] += x->buckets[i - 1];
    for (size_t i = 0; i < b->count; i++)
        x->entries[x->buckets[(b->entries[i].key & x->mask) + 1]++] = b->entries[i];
    return GW_OK;
}

static enum gw_error build(struct building *b, const struct gw_filed *filed,
                           uint32_t count)
{
    enum gw_error e;
    for (uint32_t i = 0; !b->failed && i < count; i++)
        file_filter(b, &filed[i]);
    if (b->failed || b->count >= UINT32_MAX / 4)
        return GW_NOMEM;
    e = list_scopes(b);
    return e ? e : fill_buckets(b);
}

enum gw_error gw_index_new(struct gw_index **out, const struct gw_filed *filed,
                           uint32_t count)
{
    struct building *b = calloc(1, sizeof *b);
    enum gw_error e = GW_NOMEM;
    *out = NULL;
    if (!b)
        return e;
    b->x = calloc(1, sizeof *b->x);
    if (b->x)
        e = build(b, filed, count);
    if (e)
        gw_index_free(b->x);
    else
        *out = b->x;
    free(b->entries);
    free(b->uses);
    free(b);
    return e;
}

void gw_index_free(struct gw_index *x)
{
    if (!x)
        return;
    free(x->plans);
    free(x->entries);
    free(x->buckets);
    free(x->scopes);
    free(x->scoped);
    free(x);
}

uint32_t gw_index_operators(const struct gw_index *x)
{
    return x->scope_count ? x->scope_count - 1 : 0; /* GW_SCOPE_ALL is one */
}

/* ---- looking up ---- */

static const struct scope *scope_of(const struct gw_index *x, uint32_t operator)
{
    uint32_t low = 0, high = x->scope_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (x->scopes[mid].operator<operator)
            low = mid + 1;
        else
            high = mid;
    }
    return low < x->scope_count && x->scopes[low].operator== operator? &x->scopes[low]
                                                                     : NULL;
}

static unsigned hashes(struct gw_index_probe *p, unsigned kind)
{
    if (!(p->made >> kind & 1)) {
        p->count[kind] = (uint16_t)gw_anchor_event(p->facts, kind, p->hash[kind]);
        p->made |= UINT64_C(1) << kind;
    }
    return p->count[kind];
}

struct finding {
    const struct gw_index *x;
    struct gw_index_probe *p;
    uint32_t scope;
    unsigned plan;
    void (*found)(void *ctx, uint32_t slot, unsigned clause);
    void *ctx;
};

static void find_key(const struct finding *f, uint64_t key)
{
    const struct gw_index *x = f->x;
    uint64_t k = scoped_key(key, f->scope, f->plan);
    uint32_t i = x->buckets[k & x->mask], end = x->buckets[(k & x->mask) + 1];
    for (; i < end; i++)
        if (x->entries[i].key == k)
            f->found(f->ctx, x->entries[i].slot, x->entries[i].clause);
}

static void find_levels(const struct finding *f, unsigned depth, uint64_t key)
{
    unsigned kind =
        depth < GW_ANCHOR_DEEP ? f->x->plans[f->plan].kinds[depth] : GW_ANCHOR_NONE;
    if (kind == GW_ANCHOR_NONE) {
        find_key(f, key);
        return;
    }
    for (unsigned i = 0, n = hashes(f->p, kind); i < n; i++)
        find_levels(f, depth + 1, gw_anchor_join(key, f->p->hash[kind][i]));
}

void gw_index_find(const struct gw_index *x, struct gw_index_probe *p, uint32_t operator,
                   void (*found)(void *ctx, uint32_t slot, unsigned clause), void *ctx)
{
    const struct scope *s = scope_of(x, operator);
    struct finding f = {x, p, operator, 0, found, ctx};
    for (uint32_t i = 0; s && i < s->count; i++) {
        f.plan = x->scoped[s->first + i];
        find_levels(&f, 0, 0);
    }
}
