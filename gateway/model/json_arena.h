/* json_arena.h - the memory of one JSON text while jansson reads it.
 *
 * jansson makes a small piece of memory for every value, key and table of a text, which
 * is copied into a tree and given up again at once: more than the reading itself costs.
 * So json.c gives jansson these functions in place of malloc() and free().  Between open
 * and close a piece is the next bytes of a block, and freeing it does nothing; close
 * forgets all pieces at once.  Outside of that they are malloc() and free().
 *
 * Memory  the first block, 64 KB, stays with the thread until it ends; more are made as
 *         they are needed, within the limit, and go with close
 * Thread  any; each has an arena of its own, and a piece belongs to the thread that made
 *         it until close */
#ifndef GW_MODEL_JSON_ARENA_H
#define GW_MODEL_JSON_ARENA_H
#include <stddef.h>
#include <karvan/error.h>

/* From here on this thread's pieces come from its arena, `limit` bytes of them in all,
 * each rounded up to 16.  Not within another open. */
void gw_json_arena_open(size_t limit);

/**
 * Why a piece was refused since open.
 *
 * Errors  GW_ELEMENTS  it would have gone beyond the limit
 *         GW_NOMEM     the system had no memory
 */
GW_MUST_USE enum gw_error gw_json_arena_refused(void);

/* All pieces since open are gone. */
void gw_json_arena_close(void);

/* In the place of malloc(): NULL when refused. */
void *gw_json_arena_alloc(size_t size);
/* In the place of free(): for pieces of the arena nothing, for others free(). */
void gw_json_arena_free(void *piece);
#endif
