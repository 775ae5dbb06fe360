/* samples.h - rounds of a measurement, and what they say together: the median and the
 * spread. */
#ifndef GW_BENCH_SAMPLES_H
#define GW_BENCH_SAMPLES_H
#include <stdint.h>

#define GW_SAMPLES_MOST 64

struct gw_samples {
    double at[GW_SAMPLES_MOST];
    uint32_t count;
};

/* Beyond the most, the oldest is overwritten. */
void gw_samples_add(struct gw_samples *s, double value);
/* 0 when there is none. */
double gw_samples_median(const struct gw_samples *s);
/* Half the distance between the quartiles, as a share of the median. */
double gw_samples_spread(const struct gw_samples *s);
#endif
