/* result.h - what a question found out, as one line: key=value for people, JSON for
 * programs.
 *
 * Keys are the same in both forms and flat: p99_us, events_per_s.  A question that
 * measures a curve prints one line per point.  One thread. */
#ifndef GW_BENCH_RESULT_H
#define GW_BENCH_RESULT_H
#include "base/buf.h"
#include "bench/histogram.h"

struct gw_result {
    bool json;
    struct gw_buf line;
};

/* Start a line: the question's name, the machine's cores and kernel come by themselves.
 */
void gw_result_begin(struct gw_result *r, const char *bench, bool json);
void gw_result_text(struct gw_result *r, const char *key, const char *value);
void gw_result_count(struct gw_result *r, const char *key, uint64_t value);
/* With so many digits behind the point. */
void gw_result_number(struct gw_result *r, const char *key, int digits, double value);
void gw_result_flag(struct gw_result *r, const char *key, bool value);
/* p50_us p90_us p99_us p999_us max_us */
void gw_result_latency(struct gw_result *r, const struct gw_histogram *h);
/* Print it to stdout and free it.  The exit status: 1 for a failed run. */
int gw_result_end(struct gw_result *r, bool failed);

/* "what: 37 %" on a terminal, over and over on one line; nothing elsewhere.  done ==
 * total ends it. */
void gw_progress(const char *what, uint64_t done, uint64_t total);
#endif
