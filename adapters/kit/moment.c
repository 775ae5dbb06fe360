/* moment.c - a wall-clock time to the event's time fields. */
#include "adapters/kit/moment.h"
#include "pipeline/enrich.h"
#include "pipeline/quality.h"

#define MINUTE_MS 60000

enum gw_error gw_zoning_open(struct gw_zoning *z, const struct gw_options *options,
                             struct gw_text *why)
{
    enum gw_error e = GW_OK;
    bool set = options->zone && *options->zone;
    *z = (struct gw_zoning){.places = options->places,
                            .zone_name = set ? options->zone : "UTC"};
    if (set)
        e = gw_zone_load(&z->zone, options->zone, NULL);
    if (e)
        gw_text_set(why, "zone %.60s: %s; give an IANA name such as Asia/Almaty",
                    options->zone, gw_error_text(e));
    return e;
}

void gw_zoning_close(struct gw_zoning *z)
{
    gw_zone_free(z->zone);
    *z = (struct gw_zoning){0};
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* No offset is stated: by the place's zone, else the adapter's. */
static void assume(const struct gw_zoning *z, int64_t local_ms,
                   const struct gw_place *place, struct gw_moment *out)
{
    const struct gw_zone *zone = place ? gw_places_zone(z->places, place) : z->zone;
    int64_t local_s = floor_div(local_ms, 1000), unix_s = local_s;
    out->by_place = place != NULL;
    out->zone = place ? place->zone : z->zone_name;
    if (zone)
        out->fit = gw_zone_instant(zone, local_s, &unix_s, NULL);
    out->ms = unix_s * 1000 + (local_ms - local_s * 1000);
}

void gw_moment_of(const struct gw_zoning *z, const struct gw_civil *c,
                  const struct gw_place *place, struct gw_moment *out)
{
    *out = (struct gw_moment){.precision = c->precision,
                              .stated = c->stated,
                              .fit = GW_LOCAL_ONCE,
                              .offset_min = c->offset_min};
    if (c->stated == GW_STATED_NOTHING)
        assume(z, c->local_ms, place, out);
    else
        out->ms = c->local_ms - (int64_t)c->offset_min * MINUTE_MS;
}

int gw_zoning_offset(const struct gw_zoning *z, const struct gw_place *place, int64_t ms)
{
    const struct gw_zone *zone = place ? gw_places_zone(z->places, place) : z->zone;
    return zone ? gw_zone_offset(zone, floor_div(ms, 1000)) / 60 : 0;
}

void gw_moment_of_message(const struct gw_moment *message, struct gw_moment *out)
{
    *out = *message;
    out->of_message = true;
}

void gw_moment_unix(int64_t ms, enum gw_precision precision, struct gw_moment *out)
{
    *out = (struct gw_moment){
        .ms = ms, .precision = precision, .stated = GW_STATED_UTC, .fit = GW_LOCAL_ONCE};
}

const struct gw_place *gw_zoning_place(const struct gw_zoning *z, const struct gw_tree *t,
                                       uint32_t place)
{
    return gw_place_of(z->places, t, place);
}

static void note_assumed(struct gw_tree *t, uint32_t root, const struct gw_moment *m)
{
    struct gw_slice zone = gw_slice_str(m->zone);
    gw_quality_note(t, root, m->by_place ? "zone-of-place" : "zone-of-adapter",
                    GW_SEVERITY_INFO, "time", zone);
    if (m->fit != GW_LOCAL_ONCE)
        gw_quality_note(t, root, m->fit == GW_LOCAL_TWICE ? "time-twice" : "time-skipped",
                        GW_SEVERITY_WARN, "time", zone);
}

bool gw_moment_put(struct gw_tree *t, uint32_t root, const struct gw_moment *m)
{
    static const char *const bases[] = {"assumed-zone", "stated-offset", "stated-utc"};
    static const char *const precisions[] = {NULL, "second", "minute", "hour", "day"};
    const char *basis = m->of_message ? "message-time" : bases[m->stated];
    const char *precision = precisions[m->precision];
    bool ok = gw_tree_put_int(t, root, GW_LIT("time"), m->ms);

    if (m->stated == GW_STATED_OFFSET)
        ok = ok && gw_tree_put_int(t, root, GW_LIT("time_offset"), m->offset_min);
    ok = ok && gw_tree_put_str(t, root, GW_LIT("time_basis"), gw_slice_str(basis));
    if (precision)
        ok = ok &&
             gw_tree_put_str(t, root, GW_LIT("time_precision"), gw_slice_str(precision));
    if (m->zone)
        note_assumed(t, root, m);
    return ok;
}
