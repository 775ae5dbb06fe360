/* memory.c - the tables in memory: sorted arrays, and a list of what to undo.  For tests. */
#include <stdlib.h>
#include "store/kv.h"

struct cell {
    struct gw_key key;
    uint8_t *value;
    size_t len;
};

struct table {
    struct cell **cells; /* sorted by key */
    size_t count, cap;
};

/* One change of the transaction in progress: what the key had before; NULL = nothing. */
struct change {
    enum gw_table table;
    struct gw_key key;
    struct cell *before;
};

struct memory_kv {
    struct gw_kv kv;
    struct table tables[GW_TABLES];
    struct change *changes;
    size_t change_count, change_cap;
    uint64_t used, max_bytes;
    struct gw_view writing;
};

static struct memory_kv *of(struct gw_kv *kv)
{
    return (struct memory_kv *)kv;
}

static struct table *table_of(struct gw_view *v, enum gw_table t)
{
    return &of(v->kv)->tables[t];
}

static uint64_t weight(const struct cell *c)
{
    return c ? sizeof *c + c->len : 0;
}

static void cell_free(struct cell *c)
{
    if (!c)
        return;
    free(c->value);
    free(c);
}

/* Index of the first cell whose key is not below `key`. */
static size_t position(const struct table *t, struct gw_slice key)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (gw_slice_cmp(gw_key_slice(&t->cells[mid]->key), key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_at(const struct table *t, size_t i, struct gw_slice key)
{
    return i < t->count && gw_slice_eq(gw_key_slice(&t->cells[i]->key), key);
}

static bool grow(void **array, size_t count, size_t *cap, size_t size)
{
    size_t want = *cap ? *cap * 2 : 64;
    void *at;
    if (count < *cap)
        return true;
    at = realloc(*array, want * size);
    if (!at)
        return false;
    *array = at;
    *cap = want;
    return true;
}

/* Put `c` (NULL: nothing) where `key` is and return what was there.  Room for one more is there. */
static struct cell *swap(struct memory_kv *m, enum gw_table at, struct gw_slice key,
                         struct cell *c)
{
    struct table *t = &m->tables[at];
    size_t i = position(t, key);
    struct cell *before = is_at(t, i, key) ? t->cells[i] : NULL;

    if (before && c)
        t->cells[i] = c;
    else if (before) {
        memmove(t->cells + i, t->cells + i + 1,
                (t->count - i - 1) * sizeof(struct cell *));
        t->count--;
    } else if (c) {
        memmove(t->cells + i + 1, t->cells + i, (t->count - i) * sizeof(struct cell *));
        t->cells[i] = c;
        t->count++;
    }
    m->used += weight(c);
    m->used -= weight(before);
    return before;
}

static bool make_room(struct memory_kv *m, enum gw_table at)
{
    struct table *t = &m->tables[at];
    void *cells = t->cells, *changes = m->changes;
    bool ok = grow(&cells, t->count, &t->cap, sizeof(struct cell *));
    t->cells = cells;
    ok = grow(&changes, m->change_count, &m->change_cap, sizeof *m->changes) && ok;
    m->changes = changes;
    return ok;
}

static void note(struct memory_kv *m, enum gw_table t, struct gw_slice key,
                 struct cell *before)
{
    struct change *c = &m->changes[m->change_count++];
    c->table = t;
    c->key.len = key.len;
    memcpy(c->key.bytes, key.at, key.len);
    c->before = before;
}

static enum gw_error begin(struct gw_kv *kv, struct gw_view **out)
{
    *out = &of(kv)->writing;
    return GW_OK;
}

static enum gw_error commit(struct gw_kv *kv)
{
    struct memory_kv *m = of(kv);
    for (size_t i = 0; i < m->change_count; i++)
        cell_free(m->changes[i].before);
    m->change_count = 0;
    return GW_OK;
}

static void undo(struct gw_kv *kv)
{
    struct memory_kv *m = of(kv);
    while (m->change_count) {
        struct change *c = &m->changes[--m->change_count];
        cell_free(swap(m, c->table, gw_key_slice(&c->key), c->before));
    }
}

static enum gw_error view_open(struct gw_kv *kv, struct gw_view **out)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return GW_NOMEM;
    (*out)->kv = kv;
    return GW_OK;
}

static enum gw_error view_renew(struct gw_view *v)
{
    (void)v;
    return GW_OK;
}

static void view_release(struct gw_view *v)
{
    (void)v;
}

static void view_close(struct gw_view *v)
{
    free(v);
}

static enum gw_error get(struct gw_view *v, enum gw_table at, struct gw_slice key,
                         struct gw_slice *value)
{
    const struct table *t = table_of(v, at);
    size_t i = position(t, key);
    if (!is_at(t, i, key))
        return GW_NOT_FOUND;
    *value = gw_slice(t->cells[i]->value, t->cells[i]->len);
    return GW_OK;
}

static enum gw_error seek(struct gw_view *v, enum gw_table at, enum gw_seek how,
                          struct gw_slice key, struct gw_pair *out)
{
    const struct table *t = table_of(v, at);
    size_t i = 0;

    if (how == GW_SEEK_LAST)
        i = t->count - 1; /* wraps when empty: found out below */
    else if (how != GW_SEEK_FIRST)
        i = position(t, key);
    if (how == GW_SEEK_AT_OR_BEFORE && !is_at(t, i, key))
        i--;
    if (i >= t->count)
        return GW_NOT_FOUND;
    out->key = gw_key_slice(&t->cells[i]->key);
    out->value = gw_slice(t->cells[i]->value, t->cells[i]->len);
    return GW_OK;
}

static struct cell *cell_new(struct gw_slice key, size_t len)
{
    struct cell *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->value = malloc(len ? len : 1);
    if (!c->value || key.len > sizeof c->key.bytes) {
        cell_free(c);
        return NULL;
    }
    memcpy(c->key.bytes, key.at, key.len);
    c->key.len = key.len;
    c->len = len;
    return c;
}

static enum gw_error put(struct gw_view *v, enum gw_table t, struct gw_slice key,
                         size_t len, uint8_t **room)
{
    struct memory_kv *m = of(v->kv);
    struct cell *c;

    if (m->used + sizeof *c + len > m->max_bytes)
        return GW_DISK_FULL;
    c = cell_new(key, len);
    if (!c || !make_room(m, t)) {
        cell_free(c);
        return GW_NOMEM;
    }
    note(m, t, key, swap(m, t, key, c));
    *room = c->value;
    return GW_OK;
}

static enum gw_error del(struct gw_view *v, enum gw_table t, struct gw_slice key)
{
    struct memory_kv *m = of(v->kv);
    struct gw_key own = {.len = key.len}; /* the caller's may lie in the cell that goes */
    struct cell *before;

    if (key.len > sizeof own.bytes || !make_room(m, t))
        return GW_NOMEM;
    memcpy(own.bytes, key.at, key.len);
    before = swap(m, t, gw_key_slice(&own), NULL);
    if (!before)
        return GW_NOT_FOUND;
    note(m, t, gw_key_slice(&own), before);
    return GW_OK;
}

static enum gw_error count(struct gw_view *v, enum gw_table t, uint64_t *out)
{
    *out = table_of(v, t)->count;
    return GW_OK;
}

static enum gw_error used(struct gw_view *v, uint64_t *bytes, uint64_t *most)
{
    *bytes = of(v->kv)->used;
    *most = of(v->kv)->max_bytes;
    return GW_OK;
}

static void tidy(struct gw_kv *kv)
{
    (void)kv;
}

static void close_kv(struct gw_kv *kv)
{
    struct memory_kv *m = of(kv);
    if (!m)
        return;
    undo(kv);
    for (unsigned t = 0; t < GW_TABLES; t++) {
        for (size_t i = 0; i < m->tables[t].count; i++)
            cell_free(m->tables[t].cells[i]);
        free(m->tables[t].cells);
    }
    free(m->changes);
    free(m);
}

static const struct gw_kv_ops memory_ops = {
    .begin = begin,
    .commit = commit,
    .abort = undo,
    .view_open = view_open,
    .view_renew = view_renew,
    .view_release = view_release,
    .view_close = view_close,
    .get = get,
    .seek = seek,
    .put = put,
    .del = del,
    .count = count,
    .used = used,
    .tidy = tidy,
    .close = close_kv,
};

enum gw_error gw_kv_memory(struct gw_kv **out, uint64_t max_bytes)
{
    struct memory_kv *m = calloc(1, sizeof *m);
    *out = NULL;
    if (!m)
        return GW_NOMEM;
    m->kv.ops = &memory_ops;
    m->writing.kv = &m->kv;
    m->max_bytes = max_bytes;
    *out = &m->kv;
    return GW_OK;
}
