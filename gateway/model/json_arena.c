/* json_arena.c - pieces one after the other, forgotten together. */
#include "model/json_arena.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define PIECE         16    /* what malloc() aligns to */
#define FIRST_BLOCK   65536 /* most texts need no second one */
#define LARGEST_BLOCK 4194304

struct block {
    struct block *before;
    size_t size;
    _Alignas(PIECE) uint8_t bytes[];
};

struct arena {
    uint8_t *at, *end;    /* what is left of the newest block */
    struct block *newest; /* the first one stays when the arena is closed */
    size_t left;          /* of the limit */
    enum gw_error refused;
    bool open;
};

static _Thread_local struct arena arena;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;
static pthread_key_t key; /* frees the first block when its thread ends */
static bool has_key;

static void make_key(void)
{
    has_key = !pthread_key_create(&key, free);
}

static void use(struct arena *a, struct block *b)
{
    a->newest = b;
    a->at = b ? b->bytes : NULL;
    a->end = b ? b->bytes + b->size : NULL;
}

/* A block that holds `size` bytes and is larger than the one before. */
static bool add_block(struct arena *a, size_t size)
{
    size_t want = a->newest ? a->newest->size * 2 : FIRST_BLOCK;
    if (want > LARGEST_BLOCK)
        want = LARGEST_BLOCK;
    if (want < size)
        want = size;
    struct block *b = malloc(sizeof *b + want);
    if (!b)
        return false;
    b->before = a->newest;
    b->size = want;
    use(a, b);
    return true;
}

/* Keep the thread's first block beyond close; without the key it is kept all the same,
 * and lost with the thread. */
static void keep_first(struct arena *a)
{
    if (a->newest && !a->newest->before && has_key)
        (void)pthread_setspecific(key, a->newest);
}

void gw_json_arena_open(size_t limit)
{
    struct arena *a = &arena;
    (void)pthread_once(&key_made, make_key);
    a->left = limit;
    a->refused = GW_OK;
    a->open = true;
}

enum gw_error gw_json_arena_refused(void)
{
    return arena.refused;
}

void gw_json_arena_close(void)
{
    struct arena *a = &arena;
    struct block *b = a->newest;
    while (b && b->before) {
        struct block *before = b->before;
        free(b);
        b = before;
    }
    use(a, b);
    a->open = false;
}

static void *refuse(struct arena *a, enum gw_error why)
{
    a->refused = why;
    return NULL;
}

/* The piece when the newest block has no room for it. */
static void *take_from_new(struct arena *a, size_t size)
{
    bool first = !a->newest;
    if (!add_block(a, size))
        return refuse(a, GW_NOMEM);
    if (first)
        keep_first(a);
    void *piece = a->at;
    a->at += size;
    a->left -= size;
    return piece;
}

void *gw_json_arena_alloc(size_t size)
{
    struct arena *a = &arena;
    if (!a->open)
        return malloc(size);
    if (size > a->left)
        return refuse(a, GW_ELEMENTS);
    size = size ? (size + PIECE - 1) & ~(size_t)(PIECE - 1) : PIECE;
    if (size > a->left)
        return refuse(a, GW_ELEMENTS);
    if (size > (size_t)(a->end - a->at))
        return take_from_new(a, size);
    void *piece = a->at;
    a->at += size;
    a->left -= size;
    return piece;
}

/* Integers, because pointers into different blocks must not be compared. */
static bool is_of(const struct arena *a, const void *piece)
{
    uintptr_t p = (uintptr_t)piece;
    for (const struct block *b = a->newest; b; b = b->before)
        if (p - (uintptr_t)b->bytes < b->size)
            return true;
    return false;
}

void gw_json_arena_free(void *piece)
{
    if (!is_of(&arena, piece))
        free(piece);
}
