/* road.c - 214 transportation carrier shipment status: one event per AT7. */
#include "adapters/x12/messages.h"

/* DDDMMSS with a letter: degrees; false when it is no such thing. */
static bool degrees(struct gw_slice s, struct gw_slice side, double *out)
{
    double v;
    int d, rest;
    if (s.len != 7 || side.len != 1 || !memchr("NSEW", side.at[0], 4) ||
        !gw_x12_number(s, &v) || v < 0)
        return false;
    d = (int)v / 10000;
    rest = (int)v % 10000;
    if (d > 180 || rest / 100 > 59 || rest % 100 > 59)
        return false;
    *out = d + rest / 100 / 60.0 + rest % 100 / 3600.0;
    if (side.at[0] == 'S' || side.at[0] == 'W')
        *out = -*out;
    return true;
}

/* MS1: city, state, country, longitude, latitude and their sides. */
static void place_of_ms1(const struct gw_x12_segment *ms1, struct gw_maker *m)
{
    uint32_t place = gw_tree_put_map(&m->tree, m->root, GW_LIT("place"));
    double lat, lon;
    gw_x12_place(m, place, gw_slice(NULL, 0), gw_slice(NULL, 0), gw_x12_element(ms1, 1),
                 gw_x12_element(ms1, 3));
    if (degrees(gw_x12_element(ms1, 4), gw_x12_element(ms1, 6), &lon) &&
        degrees(gw_x12_element(ms1, 5), gw_x12_element(ms1, 7), &lat)) {
        gw_event_float(m, place, "lat", lat);
        gw_event_float(m, place, "lon", lon);
    }
}

static bool ends_status(const struct gw_x12_segment *s)
{
    return gw_x12_is(s, "AT7") || gw_x12_is(s, "LX") || gw_x12_is(s, "SE");
}

/* What stands behind an AT7 and is about it. */
static void details(const struct gw_x12_set *set, uint32_t at7, struct gw_maker *m)
{
    for (uint32_t i = at7 + 1; i < set->count && !ends_status(&set->at[i]); i++) {
        const struct gw_x12_segment *s = &set->at[i];
        if (gw_x12_is(s, "MS1"))
            place_of_ms1(s, m);
        else if (gw_x12_is(s, "MS2") && gw_x12_element(s, 2).len)
            (void)gw_event_equipment(m, "trailer", gw_x12_element(s, 2));
        else if (gw_x12_is(s, "L11"))
            gw_x12_reference(m, gw_x12_element(s, 2), gw_x12_element(s, 1));
        else if (gw_x12_is(s, "AT8"))
            gw_x12_weight(m, gw_x12_element(s, 3), gw_x12_element(s, 2));
        else if (gw_x12_is(s, "M7"))
            gw_x12_seals(m, s);
    }
}

/* What stands in front of the first LX and is about all of it. */
static void shipment(const struct gw_x12_set *set, struct gw_maker *m)
{
    for (uint32_t i = 0; i < set->count && !gw_x12_is(&set->at[i], "LX"); i++) {
        const struct gw_x12_segment *s = &set->at[i];
        if (gw_x12_is(s, "B10")) {
            gw_event_reference(m, "waybill", gw_x12_element(s, 1));
            gw_event_reference(m, "other", gw_x12_element(s, 2));
            gw_event_str(m, m->root, "transport.carrier", gw_x12_element(s, 3));
        } else if (gw_x12_is(s, "L11"))
            gw_x12_reference(m, gw_x12_element(s, 2), gw_x12_element(s, 1));
        else if (gw_x12_is(s, "N1"))
            (void)gw_x12_party(m, s);
    }
}

/* The status, or where there is none the appointment, of an AT7. */
static struct gw_slice status_code(const struct gw_x12_segment *at7)
{
    struct gw_slice status = gw_x12_element(at7, 1);
    return status.len ? status : gw_x12_element(at7, 3);
}

static enum gw_error status(const struct gw_x12_set *set, uint32_t at, uint32_t sequence,
                            const struct gw_x12_output *o)
{
    const struct gw_x12_segment *at7 = &set->at[at];
    struct gw_slice reason = gw_x12_element(at7, 2);
    struct gw_maker *m = o->maker;
    enum gw_error e;

    gw_x12_status(o, gw_x12_road_status, "x12-1650", status_code(at7), "consignment");
    if (!gw_x12_element(at7, 1).len) /* an appointment is not a fact yet */
        gw_event_word(m, m->root, "class", "planned");
    details(set, at, m);
    e = gw_x12_when(o, at7, gw_x12_element(at7, 5), gw_x12_element(at7, 6),
                    gw_x12_element(at7, 7));
    if (e)
        return e;
    gw_event_word(m, m->root, "transport.mode", "road");
    if (reason.len && !gw_slice_is(reason, "NS")) { /* NS: normal status */
        gw_event_word(m, m->root, "cause.scheme", "free");
        gw_event_str(m, m->root, "cause.code", reason);
    }
    shipment(set, m);
    return gw_x12_end(set, o, at7, sequence);
}

enum gw_error gw_x12_214(const struct gw_x12_set *set, const struct gw_x12_output *o)
{
    uint32_t n = 0;
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; i < set->count && !e; i++)
        if (gw_x12_is(&set->at[i], "AT7"))
            e = status(set, i, ++n, o);
    if (!e && !n)
        return gw_x12_refuse(&set->at[0], GW_MISSING, "214 has an AT7", set->reference,
                             o->report);
    return e;
}
