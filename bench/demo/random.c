/* random.c - splitmix64 and what the day needs of it. */
#include "bench/demo/random.h"
#include <math.h>

#define NORMAL_P90                                                                       \
    1.2815515655446004 /* 90th percentile of the standard normal distribution */

uint64_t demo_random_next(struct demo_random *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double demo_random_unit(struct demo_random *r)
{
    return (double)(demo_random_next(r) >> 11) * 0x1p-53;
}

uint32_t demo_random_below(struct demo_random *r, uint32_t below)
{
    return (uint32_t)(demo_random_unit(r) * below);
}

/* Box and Muller. */
static double normal(struct demo_random *r)
{
    double u = 1.0 - demo_random_unit(r), v = demo_random_unit(r);
    return sqrt(-2.0 * log(u)) * cos(2.0 * 3.14159265358979323846 * v);
}

double demo_random_between(struct demo_random *r, double p50, double p90)
{
    return p50 * exp(log(p90 / p50) / NORMAL_P90 * normal(r));
}
