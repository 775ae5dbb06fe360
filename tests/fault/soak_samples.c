/* soak_samples.c - samples as lines of text and as a picture. */
#include "tests/fault/soak_samples.h"
#include <stdio.h>
#include "bench/svg.h"

#define LINE                                                                                       \
    "%7.1f s  own %6.1f MiB  resident %6.1f MiB  descriptors %3.0f  p99 %7.1f ms"
#define LINE_READ "%lf s own %lf MiB resident %lf MiB descriptors %lf p99 %lf ms"
#define POINTS    20

void sample_print(const struct sample *s)
{
    printf(LINE, s->seconds, s->own_mib, s->all_mib, s->descriptors, s->p99_ms);
}

bool samples_load(struct samples *s, const char *path)
{
    char line[512];
    FILE *in = fopen(path, "r");
    s->count = 0;
    while (in && s->count < SAMPLES_MOST && fgets(line, sizeof line, in)) {
        struct sample *at = &s->at[s->count];
        s->count += sscanf(line, LINE_READ, &at->seconds, &at->own_mib, &at->all_mib,
                           &at->descriptors, &at->p99_ms) == 5;
    }
    if (in)
        fclose(in);
    return s->count > 0;
}

bool samples_draw(const struct samples *s, const char *path)
{
    struct gw_svg_plot plot = {.title = "karvand's own memory (RssAnon) while it soaks",
                               .unit = "MiB, over minutes",
                               .even = true};
    size_t step = (s->count + POINTS - 1) / POINTS;
    for (size_t i = step ? step - 1 : 0; step && i < s->count; i += step) {
        char minutes[16];
        (void)snprintf(minutes, sizeof minutes, "%.3g", s->at[i].seconds / 60);
        gw_svg_add(&plot, minutes, s->at[i].seconds, s->at[i].own_mib, true);
    }
    return !gw_svg_line(&plot, path);
}
