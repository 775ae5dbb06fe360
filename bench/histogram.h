/* histogram.h - latencies in buckets of the HdrHistogram kind: constant relative error,
 * fixed memory.
 *
 * 64 linear buckets per power of two: every value is known to within 1.6 %, from 1 to
 * 2^40 nanoseconds (18 minutes); larger ones count as the largest.  One thread; merge to
 * combine. */
#ifndef GW_BENCH_HISTOGRAM_H
#define GW_BENCH_HISTOGRAM_H
#include <stdint.h>

#define GW_HISTOGRAM_BUCKETS (35 * 64)

struct gw_histogram {
    uint64_t count, max;
    double sum;
    uint64_t bucket[GW_HISTOGRAM_BUCKETS];
};

void gw_histogram_add(struct gw_histogram *h, uint64_t ns);
void gw_histogram_merge(struct gw_histogram *into, const struct gw_histogram *from);
/* The value below which a share of the counts lies: 0.99; the bucket's upper end.  0 when
 * empty. */
uint64_t gw_histogram_at(const struct gw_histogram *h, double share);
#endif
