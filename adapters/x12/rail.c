/* rail.c - 404 rail carrier shipment information: a waybill, one instruction. */
#include "adapters/x12/messages.h"

/* F9 or D9: the first or last station in words. */
static void station(const struct gw_x12_set *set, const char *tag, const char *path,
                    struct gw_maker *m)
{
    const struct gw_x12_segment *s = gw_x12_first(set, tag);
    uint32_t place;
    if (!s || !gw_x12_element(s, 2).len)
        return;
    place = gw_tree_put_map(&m->tree, m->root, gw_slice_str(path));
    gw_event_str(m, place, "name", gw_x12_element(s, 2));
    gw_event_str(m, place, "raw", gw_x12_element(s, 1));
}

static void wagons(const struct gw_x12_set *set, struct gw_maker *m)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct gw_x12_segment *s = &set->at[i];
        if (!gw_x12_is(s, "N7"))
            continue;
        (void)gw_x12_equipment(m, gw_x12_element(s, 1), gw_x12_element(s, 2),
                               gw_x12_element(s, 18), gw_x12_element(s, 11));
        gw_x12_weight(m, gw_x12_element(s, 3), gw_x12_element(s, 17));
    }
}

static void goods(const struct gw_x12_set *set, struct gw_maker *m)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (gw_x12_is(&set->at[i], "L5") && gw_x12_element(&set->at[i], 2).len)
            gw_event_str(m, gw_event_item(m, "goods"), "description",
                         gw_x12_element(&set->at[i], 2));
}

enum gw_error gw_x12_404(const struct gw_x12_set *set, const struct gw_x12_output *o)
{
    const struct gw_x12_segment *bx = gw_x12_first(set, "BX"),
                                *m3 = gw_x12_first(set, "M3");
    struct gw_maker *m = o->maker;
    enum gw_error e;

    if (!bx || !m3)
        return gw_x12_refuse(&set->at[0], GW_MISSING, "404 has a BX and an M3",
                             set->reference, o->report);
    gw_event_begin(m, "instruction", "requested", "consignment");
    e = gw_x12_when(o, m3, gw_x12_element(m3, 2), gw_x12_element(m3, 3),
                    gw_x12_element(m3, 4));
    if (e)
        return e;
    gw_event_word(m, m->root, "document.kind", "rail waybill");
    gw_event_str(m, m->root, "document.number", gw_x12_element(bx, 4));
    gw_event_word(m, m->root, "transport.mode", "rail");
    station(set, "F9", "place_from", m);
    station(set, "D9", "place_to", m);
    wagons(set, m);
    gw_x12_header(set, o);
    goods(set, m);
    return gw_x12_end(set, o, bx, 0);
}
