/* ocean.c - 315 status details (ocean), 322 terminal operations, 310 freight receipt. */
#include "adapters/x12/messages.h"

/* Q2 or V1: the ship. */
static void vessel(const struct gw_x12_set *set, struct gw_maker *m)
{
    const struct gw_x12_segment *q2 = gw_x12_first(set, "Q2"),
                                *v1 = gw_x12_first(set, "V1");
    const struct gw_x12_segment *s = q2 ? q2 : v1;
    struct gw_slice code, name;
    if (!s)
        return;
    code = gw_x12_element(s, 1);
    name = gw_x12_element(s, q2 ? 13 : 2);
    gw_event_word(m, m->root, "transport.mode", "sea");
    if (gw_slice_is(gw_x12_element(s, q2 ? 12 : 8), "L") && code.len == 7)
        gw_event_str(m, m->root, "transport.means.imo", code);
    gw_event_str(m, m->root, "transport.means.name", name);
    gw_event_str(m, m->root, "transport.journey_no", gw_x12_element(s, q2 ? 9 : 4));
}

static struct gw_slice size_type(struct gw_slice s)
{
    return s.len == 4 ? s : gw_slice(NULL, 0);
}

static void load_state(struct gw_maker *m, uint32_t item, struct gw_slice code)
{
    gw_event_word(m, item, "load",
                  gw_slice_is(code, "E")   ? "empty"
                  : gw_slice_is(code, "L") ? "laden"
                                           : "");
}

/* The number of N9*EQ when it is the same container with its check digit. */
static struct gw_slice check_digit(const struct gw_x12_set *set, struct gw_slice initial,
                                   struct gw_slice number)
{
    for (uint32_t i = 0; i < set->count; i++) {
        struct gw_slice v = gw_x12_element(&set->at[i], 2);
        if (gw_x12_is(&set->at[i], "N9") &&
            gw_slice_is(gw_x12_element(&set->at[i], 1), "EQ") &&
            v.len == initial.len + number.len + 1 && gw_slice_starts(v, initial))
            return gw_slice(v.at + v.len - 1, 1);
    }
    return gw_slice(NULL, 0);
}

static void container_of_b4(const struct gw_x12_set *set, const struct gw_x12_segment *b4,
                            struct gw_maker *m)
{
    struct gw_slice initial = gw_x12_element(b4, 7), number = gw_x12_element(b4, 8);
    struct gw_slice digit = gw_x12_element(b4, 13);
    uint32_t item;
    if (!number.len)
        return;
    if (!digit.len)
        digit = check_digit(set, initial, number);
    item = gw_x12_equipment(m, initial, number, digit, GW_LIT("CN"));
    load_state(m, item, gw_x12_element(b4, 9));
    gw_event_str(m, item, "size_type", size_type(gw_x12_element(b4, 10)));
}

/* B4 names the place in words, or by UN/LOCODE. */
static void place_of_b4(const struct gw_x12_segment *b4, struct gw_maker *m)
{
    struct gw_slice code = gw_x12_element(b4, 11), qualifier = gw_x12_element(b4, 12);
    uint32_t place = code.len ? gw_tree_put_map(&m->tree, m->root, GW_LIT("place")) : 0;
    if (gw_slice_is(qualifier, "UN"))
        gw_x12_place(m, place, qualifier, code, gw_slice(NULL, 0), gw_slice(NULL, 0));
    else
        gw_event_str(m, place, "name", code);
}

enum gw_error gw_x12_315(const struct gw_x12_set *set, const struct gw_x12_output *o)
{
    const struct gw_x12_segment *b4 = gw_x12_first(set, "B4");
    struct gw_maker *m = o->maker;
    enum gw_error e;

    if (!b4)
        return gw_x12_refuse(&set->at[0], GW_MISSING, "315 has a B4", set->reference,
                             o->report);
    gw_x12_status(o, gw_x12_ocean_status, "x12-157", gw_x12_element(b4, 3), NULL);
    place_of_b4(b4, m);
    e = gw_x12_when(o, b4, gw_x12_element(b4, 4), gw_x12_element(b4, 5),
                    gw_slice(NULL, 0));
    if (e)
        return e;
    gw_x12_journey(set, o);
    container_of_b4(set, b4, m);
    gw_x12_header(set, o);
    vessel(set, m);
    return gw_x12_end(set, o, b4, 0);
}

/* N7 with its W2: a container or wagon at the terminal. */
static void unit_of_n7(const struct gw_x12_set *set, uint32_t at, struct gw_maker *m)
{
    const struct gw_x12_segment *n7 = &set->at[at];
    uint32_t item = gw_x12_equipment(m, gw_x12_element(n7, 1), gw_x12_element(n7, 2),
                                     gw_x12_element(n7, 18), gw_x12_element(n7, 11));
    struct gw_slice type = gw_x12_element(n7, 22);
    if (type.len)
        gw_event_str(m, item, "size_type", size_type(type));
    for (uint32_t i = at + 1; i < set->count && !gw_x12_is(&set->at[i], "N7"); i++)
        if (gw_x12_is(&set->at[i], "W2"))
            load_state(m, item, gw_x12_element(&set->at[i], 5));
    gw_x12_weight(m, gw_x12_element(n7, 3), gw_x12_element(n7, 17));
}

static void units(const struct gw_x12_set *set, struct gw_maker *m)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (gw_x12_is(&set->at[i], "N7"))
            unit_of_n7(set, i, m);
}

/* The operational place, R4*5; else the city of Q5 in words. */
static void place_of_q5(const struct gw_x12_set *set, const struct gw_x12_segment *q5,
                        struct gw_maker *m)
{
    uint32_t place = gw_tree_put_map(&m->tree, m->root, GW_LIT("place"));
    for (uint32_t i = 0; i < set->count; i++) {
        const struct gw_x12_segment *s = &set->at[i];
        if (!gw_x12_is(s, "R4") || !gw_slice_is(gw_x12_element(s, 1), "5"))
            continue;
        gw_x12_place(m, place, gw_x12_element(s, 2), gw_x12_element(s, 3),
                     gw_x12_element(s, 4), gw_x12_element(s, 5));
        return;
    }
    gw_x12_place(m, place, gw_slice(NULL, 0), gw_slice(NULL, 0), gw_x12_element(q5, 6),
                 gw_x12_element(q5, 8));
}

enum gw_error gw_x12_322(const struct gw_x12_set *set, const struct gw_x12_output *o)
{
    const struct gw_x12_segment *q5 = gw_x12_first(set, "Q5");
    struct gw_maker *m = o->maker;
    enum gw_error e;

    if (!q5)
        return gw_x12_refuse(&set->at[0], GW_MISSING, "322 has a Q5", set->reference,
                             o->report);
    gw_x12_status(o, gw_x12_ocean_status, "x12-157", gw_x12_element(q5, 1), "equipment");
    place_of_q5(set, q5, m);
    e = gw_x12_when(o, q5, gw_x12_element(q5, 2), gw_x12_element(q5, 3),
                    gw_x12_element(q5, 4));
    if (e)
        return e;
    gw_x12_journey(set, o);
    units(set, m);
    gw_x12_header(set, o);
    return gw_x12_end(set, o, q5, 0);
}

enum gw_error gw_x12_310(const struct gw_x12_set *set, const struct gw_x12_output *o)
{
    const struct gw_x12_segment *b3 = gw_x12_first(set, "B3");
    struct gw_maker *m = o->maker;
    struct gw_slice date;
    enum gw_error e;

    if (!b3)
        return gw_x12_refuse(&set->at[0], GW_MISSING, "310 has a B3", set->reference,
                             o->report);
    gw_event_begin(m, "document-issued", "actual", "document");
    date = gw_x12_element(b3, 6);
    e = gw_x12_when(o, b3, date, gw_slice(NULL, 0), gw_slice(NULL, 0));
    if (e)
        return e;
    gw_event_word(m, m->root, "document.kind", "freight receipt and invoice");
    gw_event_str(m, m->root, "document.number", gw_x12_element(b3, 2));
    gw_x12_journey(set, o);
    units(set, m);
    gw_x12_header(set, o);
    vessel(set, m);
    return gw_x12_end(set, o, b3, 0);
}
