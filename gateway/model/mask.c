/* mask.c - sets of the schema's fields. */
#include <pthread.h>
#include <stdio.h>
#include "model/mask_levels.h"

/* ---- numbering ---- */

#define LEVELS 48

static struct gw_level levels[LEVELS];
static unsigned level_count, leaf_count;
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void set_bit(struct gw_mask *m, unsigned bit)
{
    m->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

/* A schema that outgrows the tables is our own mistake, found by the first test that
 * runs. */
static void need(bool room)
{
    if (!room)
        __builtin_trap();
}

static const struct gw_level *make(const struct gw_shape *shape)
{
    struct gw_level *l = &levels[level_count++];
    need(level_count <= LEVELS && shape->count <= GW_LEVEL_ROWS);
    l->shape = shape;
    for (unsigned i = 0; i < shape->count; i++) {
        if (!shape->fields[i].shape) {
            need(leaf_count < 64 * GW_MASK_WORDS);
            set_bit(&l->fields[i], leaf_count++);
            continue;
        }
        l->below[i] = make(shape->fields[i].shape);
        for (unsigned k = 0; k < l->below[i]->shape->count; k++)
            gw_mask_unite(&l->fields[i], &l->below[i]->fields[k]);
    }
    return l;
}

static void make_all(void)
{
    (void)make(&gw_shape_event);
}

const struct gw_level *gw_level_event(void)
{
    pthread_once(&made, make_all);
    return &levels[0];
}

/* ---- paths ---- */

/* The bits of a path, or false. */
static bool bits_of(struct gw_slice path, struct gw_mask *out)
{
    const struct gw_level *l = gw_level_event();
    while (l) {
        const uint8_t *dot = path.len ? memchr(path.at, '.', path.len) : NULL;
        size_t n = dot ? (size_t)(dot - path.at) : path.len;
        int row = gw_shape_find(l->shape, gw_slice(path.at, n), 0);
        if (row < 0)
            return false;
        *out = l->fields[row];
        if (!dot)
            return true;
        l = l->below[row];
        path = gw_slice(dot + 1, path.len - n - 1);
    }
    return false;
}

struct gw_mask gw_mask_least(void)
{
    static const char *const always[] = {"schema", "seq",        "id",
                                         "type",   "class",      "subject",
                                         "time",   "time_basis", "source.operator"};
    struct gw_mask m = {{0}}, bits;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (bits_of(gw_slice_str(always[i]), &bits))
            gw_mask_unite(&m, &bits);
    return m;
}

struct gw_mask gw_mask_all(void)
{
    struct gw_mask m;
    memset(&m, 0xff, sizeof m);
    return m;
}

bool gw_mask_is_all(const struct gw_mask *m)
{
    for (int i = 0; i < GW_MASK_WORDS; i++)
        if (m->bits[i] != UINT64_MAX)
            return false;
    return true;
}

enum gw_error gw_mask_show(struct gw_mask *m, struct gw_slice path)
{
    struct gw_mask bits;
    if (!bits_of(path, &bits))
        return GW_NOT_FOUND;
    gw_mask_unite(m, &bits);
    return GW_OK;
}

enum gw_error gw_mask_hide(struct gw_mask *m, struct gw_slice path)
{
    struct gw_mask bits, least = gw_mask_least();
    uint64_t any = 0;
    if (!bits_of(path, &bits))
        return GW_NOT_FOUND;
    for (int i = 0; i < GW_MASK_WORDS; i++) {
        bits.bits[i] &= ~least.bits[i];
        any |= bits.bits[i];
        m->bits[i] &= ~bits.bits[i];
    }
    return any ? GW_OK : GW_USAGE;
}

/* ---- words ---- */

/* How much of `part` a mask shows. */
enum shown { NOTHING, SOME, EVERYTHING };

static enum shown how_much(const struct gw_mask *m, const struct gw_mask *part)
{
    uint64_t missing = 0, there = 0;
    for (int i = 0; i < GW_MASK_WORDS; i++) {
        there |= part->bits[i] & m->bits[i];
        missing |= part->bits[i] & ~m->bits[i];
    }
    return !missing ? EVERYTHING : there ? SOME : NOTHING;
}

static void print_level(const struct gw_mask *m, const struct gw_level *l,
                        const char *before, struct gw_buf *out)
{
    for (unsigned i = 0; i < l->shape->count; i++) {
        enum shown s = how_much(m, &l->fields[i]);
        char path[96];
        (void)snprintf(path, sizeof path, "%s%s", before, l->shape->fields[i].name);
        if (s == NOTHING)
            gw_buf_printf(out, "%s%s", out->len ? ", " : "", path);
        if (s != SOME)
            continue;
        (void)snprintf(path + strlen(path), sizeof path - strlen(path), ".");
        print_level(m, l->below[i], path, out);
    }
}

void gw_mask_print_hidden(const struct gw_mask *m, struct gw_buf *out)
{
    print_level(m, gw_level_event(), "", out);
}

static void offer_level(const struct gw_level *l, const char *before,
                        void (*offer)(void *ctx, const char *path), void *ctx)
{
    for (unsigned i = 0; i < l->shape->count; i++) {
        char path[96];
        (void)snprintf(path, sizeof path, "%s%s", before, l->shape->fields[i].name);
        offer(ctx, path);
        if (!l->below[i])
            continue;
        (void)snprintf(path + strlen(path), sizeof path - strlen(path), ".");
        offer_level(l->below[i], path, offer, ctx);
    }
}

void gw_mask_paths(void (*offer)(void *ctx, const char *path), void *ctx)
{
    offer_level(gw_level_event(), "", offer, ctx);
}
