/* svg.h - two kinds of plots as SVG files: bars, and a line over a logarithmic or an even axis.
 * No library: a plot is a few rectangles and texts. */
#ifndef GW_BENCH_SVG_H
#define GW_BENCH_SVG_H
#include "base/buf.h"

#define GW_SVG_POINTS 24

struct gw_svg_point {
    char label[40]; /* of a bar; of a line's point: what stands below it */
    double x;       /* lines only: > 0 */
    double value;   /* >= 0 */
    bool mark;      /* another colour: ours, or the one that matters */
};

struct gw_svg_plot {
    const char *title, *unit; /* "events a second" */
    struct gw_svg_point points[GW_SVG_POINTS];
    uint32_t count;
    double line; /* a dashed line at this value, the figure to reach; 0: none */
    bool even;   /* lines only: x as it is, not its logarithm */
};

/* Beyond the most, points are left out. */
void gw_svg_add(struct gw_svg_plot *p, const char *label, double x, double value,
                bool mark);
/* Horizontal bars, one a row. */
GW_MUST_USE enum gw_error gw_svg_bars(const struct gw_svg_plot *p, const char *path);
/* A line through the points, x on a logarithmic axis unless even, y from zero. */
GW_MUST_USE enum gw_error gw_svg_line(const struct gw_svg_plot *p, const char *path);
#endif
