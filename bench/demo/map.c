/* map.c - drawing a route. */
#include "bench/demo/map.h"
#include <stdio.h>
#include "bench/demo/words.h"

#define LAST_NAME 8 /* columns left of the last stop's name */
#define RAIL      "─"
#define SEA       "~"
#define TRAIN     "▶"
#define SHIP      "◆"
#define NOBODY    "○"

static int column_of(const struct demo_route *r, uint32_t stop, int columns)
{
    return (int)((columns - LAST_NAME) * stop / (r->count - 1));
}

static void draw_way(const struct demo_route *r, int columns, const char **cells)
{
    for (uint32_t i = 1; i < r->count; i++)
        for (int c = column_of(r, i - 1, columns); c < column_of(r, i, columns); c++)
            cells[c] = r->stops[i].leg.sea ? SEA : RAIL;
}

/* Does the block stand at a stop?  Its number, or the count of stops. */
static uint32_t standing_at(const struct demo_block *b, int64_t at_ms)
{
    uint32_t i = 0;
    while (i < b->route->count && !(at_ms >= b->arrive_ms[i] && at_ms <= b->depart_ms[i]))
        i++;
    return i;
}

static void draw_blocks(const struct demo_traffic *t, const struct demo_route *r,
                        int64_t at_ms, int columns, const char **cells, uint32_t *waiting)
{
    for (uint32_t i = 0; i < t->blocks; i++) {
        const struct demo_block *b = &t->under_way[i];
        uint32_t to, at;
        double share;
        if (b->route != r)
            continue;
        if (demo_block_under_way(b, at_ms, &to, &share)) {
            int from = column_of(r, to - 1, columns), end = column_of(r, to, columns);
            int c = from + 1 + (int)(share * (end - from - 1));
            cells[c < end ? c : end - 1] = r->stops[to].leg.sea ? SHIP : TRAIN;
        } else if ((at = standing_at(b, at_ms)) < r->count)
            waiting[at]++;
    }
}

/* Names below their stops; one that would run into the next is cut. */
static void draw_names(const struct demo_route *r, int columns,
                       char names[DEMO_MAP_BYTES])
{
    size_t n = 0;
    int at = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        int from = column_of(r, i, columns), width = 0;
        int room = (i + 1 < r->count ? column_of(r, i + 1, columns) : columns) - from - 1;
        char name[DEMO_WORDS_BYTES];
        demo_words_of_place(r->stops[i].place, name);
        for (; at < from; at++)
            names[n++] = ' ';
        for (const char *c = name; *c; c++) {
            if (((uint8_t)*c & 0xC0) != 0x80 && width++ == room)
                break;
            names[n++] = *c;
        }
        at += width > room ? room : width;
    }
    names[n] = 0;
}

void demo_map_draw(const struct demo_traffic *t, const struct demo_route *route,
                   int64_t at_ms, int columns, char track[DEMO_MAP_BYTES],
                   char names[DEMO_MAP_BYTES])
{
    static const char *const digits[] = {NOBODY, "1", "2", "3", "4", "5",
                                         "6",    "7", "8", "9", "+"};
    const char *cells[DEMO_MAP_COLUMNS] = {NULL};
    uint32_t waiting[DEMO_STOPS] = {0};
    size_t n = 0;

    columns = columns < 40 ? 40 : columns > DEMO_MAP_COLUMNS ? DEMO_MAP_COLUMNS : columns;
    draw_way(route, columns, cells);
    draw_blocks(t, route, at_ms, columns, cells, waiting);
    for (uint32_t i = 0; i < route->count; i++)
        cells[column_of(route, i, columns)] = digits[waiting[i] < 10 ? waiting[i] : 10];
    for (int c = 0; c < columns && cells[c]; c++)
        n += (size_t)snprintf(track + n, DEMO_MAP_BYTES - n, "%s", cells[c]);
    draw_names(route, columns, names);
}
