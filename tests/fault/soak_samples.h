/* soak_samples.h - what soak.c sees of karvand while it runs: a line each, and a picture of all. */
#ifndef KARVAN_TESTS_SOAK_SAMPLES_H
#define KARVAN_TESTS_SOAK_SAMPLES_H
#include <stdbool.h>
#include <stddef.h>

#define SAMPLES_MOST 4096

struct sample {
    double seconds; /* since the beginning */
    double own_mib, all_mib, descriptors, p99_ms;
};

struct samples {
    struct sample at[SAMPLES_MOST];
    size_t count;
};

/* The beginning of a line, without its end. */
void sample_print(const struct sample *s);
/* Those of an earlier run, from what it printed; false: the file cannot be read, or has none. */
bool samples_load(struct samples *s, const char *path);
/* Own memory over time, as an SVG file. */
bool samples_draw(const struct samples *s, const char *path);
#endif
