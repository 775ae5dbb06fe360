/* svg.c - bars and lines. */
#include "bench/svg.h"
#include <math.h>
#include <stdio.h>
#include "bench/child.h"

#define WIDTH  760
#define LEFT   230 /* room for a bar's label */
#define RIGHT  110 /* room for its value */
#define ROW    26
#define TOP    56
#define HEIGHT 340 /* of a line's plot */

void gw_svg_add(struct gw_svg_plot *p, const char *label, double x, double value,
                bool mark)
{
    struct gw_svg_point *at = &p->points[p->count];
    if (p->count == GW_SVG_POINTS)
        return;
    *at = (struct gw_svg_point){.x = x, .value = value, .mark = mark};
    (void)snprintf(at->label, sizeof at->label, "%s", label);
    p->count++;
}

static double most(const struct gw_svg_plot *p)
{
    double m = p->line;
    for (uint32_t i = 0; i < p->count; i++)
        m = p->points[i].value > m ? p->points[i].value : m;
    return m > 0 ? m : 1;
}

static const char *colour(const struct gw_svg_point *p)
{
    return p->mark ? "#1f6f8b" : "#99a8b2";
}

static void put_text(struct gw_buf *out, double x, double y, const char *anchor,
                     const char *text)
{
    gw_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    for (; *text; text++)
        if (*text == '<' || *text == '&')
            gw_buf_str(out, *text == '<' ? "&lt;" : "&amp;");
        else
            gw_buf_byte(out, (uint8_t)*text);
    gw_buf_str(out, "</text>\n");
}

/* 1234567 as "1,234,567"; small ones with a digit behind the point. */
static void number(double v, char out[32])
{
    char digits[32];
    size_t n, o = 0;
    if (v < 100) {
        (void)snprintf(out, 32, "%.*f", v < 10 ? 2 : 1, v);
        return;
    }
    (void)snprintf(digits, sizeof digits, "%.0f", v < 1e15 ? v : 1e15);
    n = strlen(digits);
    for (size_t i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            out[o++] = ',';
        out[o++] = digits[i];
    }
    out[o] = 0;
}

static void begin(const struct gw_svg_plot *p, struct gw_buf *out, int height)
{
    gw_buf_init(out, 1u << 20);
    gw_buf_printf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
        "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\" "
        "fill=\"#22303a\">\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
        WIDTH, height, WIDTH, height, WIDTH, height);
    gw_buf_str(out, "<g font-size=\"16\" font-weight=\"bold\">");
    put_text(out, 16, 24, "start", p->title);
    gw_buf_str(out, "</g>\n");
    put_text(out, 16, 43, "start", p->unit);
}

static enum gw_error end(struct gw_buf *out, const char *path)
{
    enum gw_error e;
    gw_buf_str(out, "</svg>\n");
    e = gw_buf_status(out);
    if (!e)
        e = gw_child_write_file(path, gw_buf_text(out));
    gw_buf_deinit(out);
    return e;
}

enum gw_error gw_svg_bars(const struct gw_svg_plot *p, const char *path)
{
    double scale = (WIDTH - LEFT - RIGHT) / most(p);
    int height = TOP + (int)p->count * ROW + 14;
    struct gw_buf out;
    char text[32];

    begin(p, &out, height);
    for (uint32_t i = 0; i < p->count; i++) {
        const struct gw_svg_point *at = &p->points[i];
        double y = TOP + (double)i * ROW;
        gw_buf_printf(
            &out,
            "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
            LEFT, y, at->value * scale, ROW - 7, colour(at));
        put_text(&out, LEFT - 8, y + 14, "end", at->label);
        number(at->value, text);
        put_text(&out, LEFT + at->value * scale + 6, y + 14, "start", text);
    }
    if (p->line > 0)
        gw_buf_printf(
            &out,
            "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#b03a2e\" "
            "stroke-dasharray=\"5 4\"/>\n",
            LEFT + p->line * scale, TOP - 6, LEFT + p->line * scale, height - 8);
    return end(&out, path);
}

static double along(const struct gw_svg_plot *p, uint32_t i)
{
    return p->even ? p->points[i].x : log10(p->points[i].x);
}

enum gw_error gw_svg_line(const struct gw_svg_plot *p, const char *path)
{
    double low = p->count ? along(p, 0) : 0;
    double span = p->count > 1 ? along(p, p->count - 1) - low : 1;
    double x_scale = (WIDTH - 150) / (span > 0 ? span : 1),
           y_scale = (HEIGHT - TOP - 50) / most(p);
    int floor_y = HEIGHT - 40;
    struct gw_buf out;
    char text[32];

    begin(p, &out, HEIGHT);
    gw_buf_printf(&out,
                  "<line x1=\"70\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#99a8b2\"/>\n",
                  floor_y, WIDTH - 40, floor_y);
    gw_buf_str(&out,
               "<polyline fill=\"none\" stroke=\"#1f6f8b\" stroke-width=\"2\" points=\"");
    for (uint32_t i = 0; i < p->count; i++)
        gw_buf_printf(&out, "%.1f,%.1f ", 80 + (along(p, i) - low) * x_scale,
                      floor_y - p->points[i].value * y_scale);
    gw_buf_str(&out, "\"/>\n");
    for (uint32_t i = 0; i < p->count; i++) {
        double x = 80 + (along(p, i) - low) * x_scale;
        double y = floor_y - p->points[i].value * y_scale;
        gw_buf_printf(
            &out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#1f6f8b\"/>\n", x, y);
        number(p->points[i].value, text);
        put_text(&out, x, y - 9, "middle", text);
        put_text(&out, x, floor_y + 20, "middle", p->points[i].label);
    }
    return end(&out, path);
}
