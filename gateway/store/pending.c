/* pending.c - two sets: what is being collected, and what the writer has in its
 * transaction. */
#include "store/pending.h"
#include <pthread.h>
#include <stdlib.h>
#include "base/hash.h"

#define BUCKETS 4096

struct node {
    struct node *next;  /* in its bucket */
    struct node *older; /* in its set */
    char operator[GW_NAME_MAX + 1], name[GW_NAME_MAX + 1];
    struct gw_cursor_change change;
    uint8_t *filter; /* owned; change.filter points to it */
};

struct set {
    struct node *buckets[BUCKETS];
    struct node
        *newest; /* all of them, without looking into thousands of empty buckets */
    uint32_t count;
    uint64_t *drops; /* quarantine ids */
    uint32_t drop_count, drop_cap;
    int64_t since_ms;
};

struct gw_pending {
    pthread_mutex_t lock;
    struct set *collecting, *in_flight; /* in_flight: empty but between write and done */
    struct gw_buf scratch;              /* the writer's */
};

/* ---- one change
 * ---------------------------------------------------------------------------- */

bool gw_cursor_apply(const struct gw_cursor_change *c, const struct gw_cursor *stored,
                     struct gw_cursor *out)
{
    const struct gw_cursor *base = c->drop ? NULL : stored;
    struct gw_cursor made = {
        .seq = c->seq, .updated_ms = c->updated_ms, .filter = c->filter};

    if (!c->set) {
        if (base)
            *out = *base;
        return base != NULL;
    }
    if (base && !c->reset && base->seq > made.seq)
        made.seq = base->seq;
    if (base && !made.filter.len)
        made.filter = base->filter;
    *out = made;
    return true;
}

/* The one change that does what `a` and then `b` would. */
static struct gw_cursor_change combine(const struct gw_cursor_change *a,
                                       const struct gw_cursor_change *b)
{
    struct gw_cursor_change c = *b;
    if (b->drop)
        return c;
    c.drop = a->drop;
    if (!a->set)
        return c;
    if (!b->reset) {
        c.reset = a->reset;
        c.seq = a->seq > b->seq ? a->seq : b->seq;
    }
    if (!b->filter.len)
        c.filter = a->filter;
    return c;
}

/* ---- a set
 * --------------------------------------------------------------------------------- */

static uint32_t bucket_of(const char *operator, const char * name)
{
    struct gw_key key = gw_key_name(operator, name);
    return (uint32_t)gw_hash64(gw_key_slice(&key), 0) % BUCKETS;
}

static struct node *find(const struct set *s, const char *operator, const char * name)
{
    struct node *n = s->buckets[bucket_of(operator, name)];
    while (n && (strcmp(n->operator, operator) != 0 || strcmp(n->name, name) != 0))
        n = n->next;
    return n;
}

static void add_node(struct set *s, struct node *n)
{
    struct node **at = &s->buckets[bucket_of(n->operator, n->name)];
    n->next = *at;
    *at = n;
    n->older = s->newest;
    s->newest = n;
    s->count++;
}

static void node_free(struct node *n)
{
    free(n->filter);
    free(n);
}

/* Change `n` to `c`, with a filter of its own. */
static enum gw_error assign(struct node *n, const struct gw_cursor_change *c)
{
    uint8_t *copy = NULL;
    struct gw_slice filter = c->filter;
    if (filter.len) {
        copy = malloc(filter.len);
        if (!copy)
            return GW_NOMEM;
        memcpy(copy, filter.at, filter.len);
    }
    n->change = *c;
    n->change.filter = gw_slice(copy, filter.len);
    free(n->filter);
    n->filter = copy;
    return GW_OK;
}

static enum gw_error node_new(struct set *s, const char *operator, const char * name,
                              struct node **out)
{
    struct node *n;
    if (s->count >= GW_PENDING_MOST)
        return GW_AGAIN;
    n = calloc(1, sizeof *n);
    if (!n)
        return GW_NOMEM;
    if (!gw_slice_copy(gw_slice_str(operator), n->operator, sizeof n->operator) ||
        !gw_slice_copy(gw_slice_str(name), n->name, sizeof n->name)) {
        node_free(n);
        return GW_RANGE;
    }
    add_node(s, n);
    *out = n;
    return GW_OK;
}

static bool empty(const struct set *s)
{
    return !s->count && !s->drop_count;
}

/* Take one out; its bucket is emptied with it, so all must go. */
static struct node *take_newest(struct set *s)
{
    struct node *n = s->newest;
    s->newest = n->older;
    s->buckets[bucket_of(n->operator, n->name)] = NULL;
    s->count--;
    return n;
}

static void clear(struct set *s)
{
    while (s->newest)
        node_free(take_newest(s));
    s->drop_count = 0;
}

static void note_time(struct set *s, int64_t mono_ms)
{
    if (empty(s))
        s->since_ms = mono_ms;
}

static enum gw_error add_drop(struct set *s, uint64_t id)
{
    if (s->drop_count >= GW_PENDING_MOST)
        return GW_AGAIN;
    if (s->drop_count == s->drop_cap) {
        uint32_t cap = s->drop_cap ? s->drop_cap * 2 : 16;
        uint64_t *at = realloc(s->drops, cap * sizeof *at);
        if (!at)
            return GW_NOMEM;
        s->drops = at;
        s->drop_cap = cap;
    }
    s->drops[s->drop_count++] = id;
    return GW_OK;
}

/* ---- what the lanes do
 * --------------------------------------------------------------------- */

enum gw_error gw_pending_new(struct gw_pending **out)
{
    struct gw_pending *p = calloc(1, sizeof *p);
    *out = p;
    if (!p)
        return GW_NOMEM;
    pthread_mutex_init(&p->lock, NULL);
    gw_buf_init(&p->scratch, 1u << 24);
    p->collecting = calloc(1, sizeof *p->collecting);
    p->in_flight = calloc(1, sizeof *p->in_flight);
    if (p->collecting && p->in_flight)
        return GW_OK;
    gw_pending_free(p);
    *out = NULL;
    return GW_NOMEM;
}

static void set_free(struct set *s)
{
    if (!s)
        return;
    clear(s);
    free(s->drops);
    free(s);
}

void gw_pending_free(struct gw_pending *p)
{
    if (!p)
        return;
    set_free(p->collecting);
    set_free(p->in_flight);
    gw_buf_deinit(&p->scratch);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

enum gw_error gw_pending_cursor(struct gw_pending *p, const char *operator,
                                const char * name, const struct gw_cursor_change *c,
                                int64_t mono_ms)
{
    struct gw_cursor_change all = *c;
    enum gw_error e = GW_OK;
    struct node *n;

    pthread_mutex_lock(&p->lock);
    n = find(p->collecting, operator, name);
    if (n)
        all = combine(&n->change, c);
    else {
        note_time(p->collecting, mono_ms);
        e = node_new(p->collecting, operator, name, &n);
    }
    if (!e)
        e = assign(n, &all);
    pthread_mutex_unlock(&p->lock);
    return e;
}

enum gw_error gw_pending_quarantine_drop(struct gw_pending *p, uint64_t id,
                                         int64_t mono_ms)
{
    enum gw_error e;
    pthread_mutex_lock(&p->lock);
    note_time(p->collecting, mono_ms);
    e = add_drop(p->collecting, id);
    pthread_mutex_unlock(&p->lock);
    return e;
}

bool gw_pending_note(struct gw_pending *p, const char *operator, const char * name,
                     struct gw_cursor_change *out, struct gw_buf *filter)
{
    const struct node *a, *b;

    pthread_mutex_lock(&p->lock);
    a = find(p->in_flight, operator, name);
    b = find(p->collecting, operator, name);
    if (a && b)
        *out = combine(&a->change, &b->change);
    else if (a || b)
        *out = a ? a->change : b->change;
    if (a || b) {
        gw_buf_reset(filter);
        gw_buf_slice(filter, out->filter);
        out->filter = gw_buf_bytes(filter);
    }
    pthread_mutex_unlock(&p->lock);
    return a || b;
}

/* ---- what the writer does
 * ------------------------------------------------------------------ */

int64_t gw_pending_since(struct gw_pending *p)
{
    int64_t since;
    pthread_mutex_lock(&p->lock);
    since = empty(p->collecting) ? INT64_MAX : p->collecting->since_ms;
    pthread_mutex_unlock(&p->lock);
    return since;
}

static enum gw_error write_cursor(const struct node *n, struct gw_view *v,
                                  struct gw_laggards *laggards, struct gw_buf *scratch)
{
    struct gw_key key = gw_key_name(n->operator, n->name);
    struct gw_cursor stored, out;
    struct gw_slice value;
    enum gw_error e = gw_get(v, GW_T_CURSORS, gw_key_slice(&key), &value);
    bool there = !e;

    if (!e)
        e = gw_cursor_decode(value, &stored);
    if (e && e != GW_NOT_FOUND)
        return e;
    if (!gw_cursor_apply(&n->change, there ? &stored : NULL, &out)) {
        e = gw_del(v, GW_T_CURSORS, gw_key_slice(&key));
        return e == GW_NOT_FOUND ? GW_OK : e;
    }
    gw_buf_reset(scratch);
    gw_buf_slice(scratch,
                 out.filter); /* one out of the table would not survive the put */
    out.filter = gw_buf_bytes(scratch);
    e = gw_buf_status(scratch);
    gw_laggards_wrote(laggards, gw_key_slice(&key), out.seq);
    return e ? e : gw_cursor_write(v, n->operator, n->name, &out);
}

static enum gw_error write_set(const struct set *set, struct gw_view *v,
                               struct gw_state *s, struct gw_laggards *laggards,
                               struct gw_buf *scratch)
{
    enum gw_error e = GW_OK;
    for (const struct node *n = set->newest; n && !e; n = n->older)
        e = write_cursor(n, v, laggards, scratch);
    for (uint32_t i = 0; i < set->drop_count && !e; i++) {
        e = gw_quarantine_remove(v, s, set->drops[i]);
        if (e == GW_NOT_FOUND)
            e = GW_OK;
    }
    return e;
}

enum gw_error gw_pending_write(struct gw_pending *p, struct gw_view *v,
                               struct gw_state *s, struct gw_laggards *laggards)
{
    struct set *take;
    pthread_mutex_lock(&p->lock);
    take = p->collecting;
    p->collecting = p->in_flight;
    p->in_flight = take;
    pthread_mutex_unlock(&p->lock);
    return write_set(take, v, s, laggards,
                     &p->scratch); /* nobody changes it now: others only look */
}

void gw_pending_done(struct gw_pending *p)
{
    pthread_mutex_lock(&p->lock);
    clear(p->in_flight);
    pthread_mutex_unlock(&p->lock);
}

/* Put one that was in flight in front of what came meanwhile. */
static void put_back(struct set *s, struct node *old)
{
    struct node *newer = find(s, old->operator, old->name);
    struct gw_cursor_change all;
    if (!newer) {
        add_node(s, old);
        return;
    }
    all = combine(&old->change, &newer->change);
    if (all.filter.len &&
        all.filter.at == old->change.filter.at) { /* its filter moves over */
        uint8_t *filter = old->filter;
        old->filter = newer->filter;
        newer->filter = filter;
    }
    newer->change = all;
    node_free(old);
}

void gw_pending_undo(struct gw_pending *p)
{
    struct set *from, *to;
    pthread_mutex_lock(&p->lock);
    from = p->in_flight;
    to = p->collecting;
    if (!empty(from) && (empty(to) || from->since_ms < to->since_ms))
        to->since_ms = from->since_ms;
    while (from->newest)
        put_back(to, take_newest(from));
    for (uint32_t i = 0; i < from->drop_count; i++)
        if (add_drop(to, from->drops[i]))
            break; /* too many wait: the entry stays and can be dropped again */
    from->drop_count = 0;
    pthread_mutex_unlock(&p->lock);
}
