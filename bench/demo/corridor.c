/* corridor.c - the routes of the demo over the corridor's nodes and legs. */
#include "bench/demo/corridor.h"
#include "bench/demo/table.h"
#include <stdio.h>
#include <stdlib.h>

/* The first stop's wait has no leg before it: boxes gather at the terminal for a train.
 */
#define GATHER_P50_H 30
#define GATHER_P90_H 48

static const struct {
    const char *name;
    const char *nodes[DEMO_STOPS];
} ways[DEMO_ROUTES] = {
    {"by feeder from Aktau",
     {"cn-urumqi", "cn-khorgos", "kz-altynkol", "kz-almaty", "kz-zhezkazgan", "kz-beyneu",
      "kz-mangystau", "kz-aktau-port", "az-alat", "az-ganja", "az-boyuk-kesik",
      "ge-gardabani", "ge-poti"}},
    {"by rail ferry from Kuryk",
     {"cn-urumqi", "cn-alashankou", "kz-dostyk", "kz-aktogay", "kz-zhezkazgan",
      "kz-beyneu", "kz-mangystau", "kz-kuryk", "az-alat", "az-ganja", "az-boyuk-kesik",
      "ge-gardabani", "ge-poti"}},
};

static bool hours(const struct demo_table *t, uint32_t row, const char *column,
                  double *out)
{
    char *end;
    const char *text = demo_table_get(t, row, column);
    *out = strtod(text, &end);
    return *text && !*end && *out > 0;
}

static enum gw_error find_leg(const struct demo_table *legs, const char *from,
                              const char *to, struct demo_leg *out, struct gw_text *why)
{
    for (uint32_t row = 0; row < legs->rows; row++) {
        if (strcmp(demo_table_get(legs, row, "from"), from) != 0 ||
            strcmp(demo_table_get(legs, row, "to"), to) != 0)
            continue;
        out->sea = strcmp(demo_table_get(legs, row, "mode"), "sea") == 0;
        if (hours(legs, row, "transit_h_p50", &out->travel_p50) &&
            hours(legs, row, "transit_h_p90", &out->travel_p90) &&
            hours(legs, row, "dwell_h_p50", &out->dwell_p50) &&
            hours(legs, row, "dwell_h_p90", &out->dwell_p90))
            return GW_OK;
        gw_text_set(why, "legs.csv: %s to %s: four numbers of hours are needed", from,
                    to);
        return GW_FORMAT;
    }
    gw_text_set(why, "legs.csv: no leg from %s to %s", from, to);
    return GW_NOT_FOUND;
}

static enum gw_error lay_route(struct demo_corridor *c, const struct demo_table *legs,
                               uint32_t i, struct gw_text *why)
{
    struct demo_route *r = &c->routes[i];
    enum gw_error e = GW_OK;

    r->name = ways[i].name;
    r->stops[0].leg =
        (struct demo_leg){.dwell_p50 = GATHER_P50_H, .dwell_p90 = GATHER_P90_H};
    for (r->count = 0; r->count < DEMO_STOPS && ways[i].nodes[r->count] && !e;
         r->count++) {
        const char *node = ways[i].nodes[r->count];
        struct demo_stop *stop = &r->stops[r->count];
        stop->place = gw_places_by_node(c->places, gw_slice_str(node));
        if (!stop->place) {
            gw_text_set(why, "places.csv: no node %s", node);
            return GW_NOT_FOUND;
        }
        if (r->count)
            e = find_leg(legs, ways[i].nodes[r->count - 1], node, &stop->leg, why);
    }
    return e;
}

static enum gw_error load_places(struct demo_corridor *c, const char *dir,
                                 struct gw_text *why)
{
    struct gw_buf text;
    char path[600];
    enum gw_error e;

    gw_buf_init(&text, 4u << 20);
    (void)snprintf(path, sizeof path, "%s/places.csv", dir);
    e = demo_file_read(path, &text, why);
    if (!e)
        e = gw_places_read(&c->places, gw_buf_bytes(&text), why);
    gw_buf_deinit(&text);
    return e;
}

enum gw_error demo_corridor_load(struct demo_corridor *c, const char *dir,
                                 struct gw_text *why)
{
    struct demo_table legs = {0};
    char path[600];
    enum gw_error e;

    *c = (struct demo_corridor){0};
    e = load_places(c, dir, why);
    (void)snprintf(path, sizeof path, "%s/legs.csv", dir);
    if (!e)
        e = demo_table_load(&legs, path, why);
    for (uint32_t i = 0; i < DEMO_ROUTES && !e; i++)
        e = lay_route(c, &legs, i, why);
    demo_table_unload(&legs);
    return e;
}

void demo_corridor_unload(struct demo_corridor *c)
{
    gw_places_free(c->places);
    c->places = NULL;
}

static int64_t some_ms(struct demo_random *r, double p50_h, double p90_h)
{
    return (int64_t)(demo_random_between(r, p50_h, p90_h) * (double)DEMO_HOUR_MS);
}

void demo_corridor_send(const struct demo_corridor *c, uint32_t number, int64_t start_ms,
                        struct demo_random *r, struct demo_block *out)
{
    int64_t at = start_ms;

    *out =
        (struct demo_block){.number = number, .route = &c->routes[demo_route_of(number)]};
    for (uint32_t i = 0; i < out->route->count; i++) {
        const struct demo_leg *leg = &out->route->stops[i].leg;
        if (i)
            at += some_ms(r, leg->travel_p50, leg->travel_p90);
        out->arrive_ms[i] = at;
        at += some_ms(r, leg->dwell_p50, leg->dwell_p90);
        out->depart_ms[i] = at;
    }
}

bool demo_block_under_way(const struct demo_block *b, int64_t at_ms, uint32_t *to,
                          double *share)
{
    for (uint32_t i = 1; i < b->route->count; i++)
        if (at_ms > b->depart_ms[i - 1] && at_ms < b->arrive_ms[i]) {
            *to = i;
            *share = (double)(at_ms - b->depart_ms[i - 1]) /
                     (double)(b->arrive_ms[i] - b->depart_ms[i - 1]);
            return true;
        }
    return false;
}
