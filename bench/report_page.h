/* report_page.h - the report as people read it: figures reached or missed, tables, plots.
 */
#ifndef GW_BENCH_REPORT_PAGE_H
#define GW_BENCH_REPORT_PAGE_H
#include "bench/report.h"

/* Replace what stands between the two marks in dir/README.md, and write the plots to
 * dir/report/. Errors  GW_IO;  GW_NOT_FOUND no marks */
GW_MUST_USE enum gw_error gw_report_write(const struct gw_report_data *d, const char *dir,
                                          double load_before);
#define GW_REPORT_BEGIN "<!-- figures: written by ./run bench -->"
#define GW_REPORT_END   "<!-- end of figures -->"
#endif
