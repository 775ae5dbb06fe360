/* report.h - what all questions said in one run, by question and key. */
#ifndef GW_BENCH_REPORT_H
#define GW_BENCH_REPORT_H
#include "base/buf.h"

struct gw_report_data; /* the lines, parsed */

GW_MUST_USE enum gw_error gw_report_new(struct gw_report_data **out);
void gw_report_free(struct gw_report_data *d);
/* Run a program beside ours that prints JSON lines, and keep them under `name`; the exit
 * status. */
int gw_report_run(struct gw_report_data *d, const char *name, const char *const *argv);

/* How many lines there are under `name`. */
uint32_t gw_report_lines(const struct gw_report_data *d, const char *name);
/* A number of line i; 0 when it is not there. */
double gw_report_number(const struct gw_report_data *d, const char *name, uint32_t i,
                        const char *key);
/* A text, or "". */
const char *gw_report_word(const struct gw_report_data *d, const char *name, uint32_t i,
                           const char *key);
bool gw_report_flag(const struct gw_report_data *d, const char *name, uint32_t i,
                    const char *key);
#endif
