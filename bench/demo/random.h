/* random.h - repeatable chance: the same seed gives the same day. */
#ifndef GW_BENCH_DEMO_RANDOM_H
#define GW_BENCH_DEMO_RANDOM_H
#include <stdint.h>

struct demo_random {
    uint64_t state;
};

/* Next 64 bits (splitmix64, public domain by Sebastiano Vigna). */
uint64_t demo_random_next(struct demo_random *r);
/* 0 <= x < 1 */
double demo_random_unit(struct demo_random *r);
/* 0 .. below-1; below > 0 */
uint32_t demo_random_below(struct demo_random *r, uint32_t below);
/* Log-normal by its median and its 90th percentile. */
double demo_random_between(struct demo_random *r, double p50, double p90);
#endif
