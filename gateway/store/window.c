/* window.c - a ring of hashes in order of seq, and an open-addressing table into it.
 *
 * A slot holds a place in the ring (counted from 1; 0 is free) and, in the bits left over, the low
 * bits of the hash: enough to know where the slot belongs, so that taking one out can close the
 * gap (Knuth 6.4, algorithm R) without touching the ring. */
#include "store/window.h"
#include <stdlib.h>

#define AHEAD 8 /* so many events ahead, their slots are fetched */

struct gw_window {
    uint64_t *slots; /* power of two, at most about half filled */
    uint64_t *ring;  /* hash of the event with seq s at s % cap */
    uint64_t mask;   /* of slots */
    uint64_t cap;
    uint64_t first, next; /* seqs known: first .. next - 1 */
    uint32_t size;
    unsigned place_bits;
};

enum gw_error gw_window_new(struct gw_window **out, uint32_t size, uint32_t slack,
                            uint64_t next)
{
    struct gw_window *w = calloc(1, sizeof *w);
    uint64_t slots = 16;

    *out = NULL;
    if (!w)
        return GW_NOMEM;
    w->size = size;
    w->cap = (uint64_t)size + slack + 1;
    w->first = w->next = next;
    while (slots < w->cap + w->cap / 2)
        slots *= 2;
    while (w->cap + 1 > 1ull << w->place_bits)
        w->place_bits++;
    w->mask = slots - 1;
    w->slots = calloc(slots, sizeof *w->slots);
    w->ring = calloc(w->cap, sizeof *w->ring);
    if (!w->slots || !w->ring) {
        gw_window_free(w);
        return GW_NOMEM;
    }
    *out = w;
    return GW_OK;
}

void gw_window_free(struct gw_window *w)
{
    if (!w)
        return;
    free(w->slots);
    free(w->ring);
    free(w);
}

static uint64_t make_slot(const struct gw_window *w, uint64_t hash, uint64_t seq)
{
    return hash << w->place_bits | (seq % w->cap + 1);
}

static uint64_t home(const struct gw_window *w, uint64_t slot)
{
    return (slot >> w->place_bits) & w->mask;
}

static bool same_tag(const struct gw_window *w, uint64_t slot, uint64_t hash)
{
    return slot >> w->place_bits == (hash << w->place_bits) >> w->place_bits;
}

static uint64_t place_of(const struct gw_window *w, uint64_t slot)
{
    return (slot & ((1ull << w->place_bits) - 1)) - 1;
}

static uint64_t seq_at(const struct gw_window *w, uint64_t place)
{
    uint64_t newest = w->next - 1;
    return newest - (newest % w->cap + w->cap - place) % w->cap;
}

void gw_window_prefetch(const struct gw_window *w, uint64_t hash)
{
    __builtin_prefetch(&w->slots[hash & w->mask]);
}

uint64_t gw_window_find(const struct gw_window *w, uint64_t hash, uint64_t *place)
{
    while (hash) {
        uint64_t slot = w->slots[(hash + *place) & w->mask];
        if (!slot)
            break;
        ++*place;
        if (same_tag(w, slot, hash) && w->ring[place_of(w, slot)] == hash)
            return seq_at(w, place_of(w, slot));
    }
    return 0;
}

/* Take out the slot of an event: move back those behind it that would be cut off from home. */
static void take_out(struct gw_window *w, uint64_t hash, uint64_t seq)
{
    uint64_t want = make_slot(w, hash, seq);
    uint64_t gap = hash & w->mask;

    while (w->slots[gap] != want)
        gap = (gap + 1) & w->mask;
    for (uint64_t i = (gap + 1) & w->mask; w->slots[i]; i = (i + 1) & w->mask)
        if (((i - home(w, w->slots[i])) & w->mask) >= ((i - gap) & w->mask)) {
            w->slots[gap] = w->slots[i];
            gap = i;
        }
    w->slots[gap] = 0;
}

static void drop(struct gw_window *w, uint64_t seq)
{
    uint64_t hash = w->ring[seq % w->cap];
    if (hash)
        take_out(w, hash, seq);
    w->ring[seq % w->cap] = 0;
}

void gw_window_forget(struct gw_window *w, uint64_t seq)
{
    while (w->first < seq && w->first < w->next) {
        gw_window_prefetch(w, w->ring[(w->first + AHEAD) % w->cap]);
        drop(w, w->first++);
    }
}

void gw_window_settle(struct gw_window *w)
{
    if (w->next - w->first > w->size)
        gw_window_forget(w, w->next - w->size);
}

void gw_window_add(struct gw_window *w, uint64_t hash, uint64_t seq)
{
    uint64_t i = hash & w->mask;

    if (w->next - w->first == w->cap) /* a batch larger than the slack */
        drop(w, w->first++);
    w->ring[seq % w->cap] = hash;
    w->next = seq + 1;
    if (!hash)
        return;
    while (w->slots[i])
        i = (i + 1) & w->mask;
    w->slots[i] = make_slot(w, hash, seq);
}

void gw_window_cut(struct gw_window *w, uint64_t seq)
{
    while (w->next > seq && w->next > w->first)
        drop(w, --w->next);
}
