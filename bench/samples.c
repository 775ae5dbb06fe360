/* samples.c - median and quartiles of a few dozen rounds. */
#include "bench/samples.h"
#include <stdlib.h>
#include <string.h>

void gw_samples_add(struct gw_samples *s, double value)
{
    s->at[s->count++ % GW_SAMPLES_MOST] = value;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value below which a share of the rounds lies. */
static double at_share(const struct gw_samples *s, double share)
{
    double sorted[GW_SAMPLES_MOST];
    uint32_t n = s->count < GW_SAMPLES_MOST ? s->count : GW_SAMPLES_MOST;
    if (!n)
        return 0;
    memcpy(sorted, s->at, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, ascending);
    return sorted[(uint32_t)((double)(n - 1) * share + 0.5)];
}

double gw_samples_median(const struct gw_samples *s)
{
    return at_share(s, 0.5);
}

double gw_samples_spread(const struct gw_samples *s)
{
    double median = gw_samples_median(s);
    return median > 0 ? (at_share(s, 0.75) - at_share(s, 0.25)) / 2 / median : 0;
}
