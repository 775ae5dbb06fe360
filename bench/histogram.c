/* histogram.c - buckets of constant relative width. */
#include "bench/histogram.h"

static unsigned index_of(uint64_t ns)
{
    unsigned power, i;
    if (ns < 128)
        return (unsigned)ns; /* the first two rows are exact */
    power = 63 - (unsigned)__builtin_clzll(ns);
    i = (power - 5) * 64 + (unsigned)(ns >> (power - 6)) - 64;
    return i < GW_HISTOGRAM_BUCKETS ? i : GW_HISTOGRAM_BUCKETS - 1;
}

static uint64_t upper_end(unsigned i)
{
    unsigned row = i / 64;
    return row < 2 ? i : ((uint64_t)(i % 64) + 65) << (row - 1);
}

void gw_histogram_add(struct gw_histogram *h, uint64_t ns)
{
    h->bucket[index_of(ns)]++;
    h->count++;
    h->sum += (double)ns;
    if (ns > h->max)
        h->max = ns;
}

void gw_histogram_merge(struct gw_histogram *into, const struct gw_histogram *from)
{
    for (unsigned i = 0; i < GW_HISTOGRAM_BUCKETS; i++)
        into->bucket[i] += from->bucket[i];
    into->count += from->count;
    into->sum += from->sum;
    if (from->max > into->max)
        into->max = from->max;
}

uint64_t gw_histogram_at(const struct gw_histogram *h, double share)
{
    uint64_t seen = 0, wanted = (uint64_t)((double)h->count * share + 0.5);
    if (!h->count)
        return 0;
    for (unsigned i = 0; i < GW_HISTOGRAM_BUCKETS; i++) {
        seen += h->bucket[i];
        if (seen >= wanted && seen)
            return upper_end(i) < h->max ? upper_end(i) : h->max;
    }
    return h->max;
}
