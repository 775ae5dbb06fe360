/* bucket.h - part of stage 1: a rate, as a bucket that fills with time.
 *
 * In thousandths, so that a slow rate fills too between two looks that are close together.  What is
 * taken out may overdraw it. */
#ifndef GW_PIPELINE_BUCKET_H
#define GW_PIPELINE_BUCKET_H
#include <stdint.h>

struct gw_bucket {
    int64_t level; /* at most one second of the rate; below 0: overdrawn */
};

/* ms, not below 0, have passed at so many per second. */
static inline void gw_bucket_fill(struct gw_bucket *b, uint64_t rate, int64_t ms)
{
    int64_t full = (int64_t)rate * 1000;
    b->level += (int64_t)rate * ms; /* rate per second, thousandths, milliseconds */
    if (b->level > full)
        b->level = full;
}
#endif
