/* place.c - LOC to the schema's place. */
#include "adapters/edifact/place.h"
#include "adapters/edifact/tables.h"
#include "model/check_digit.h"
#include <ctype.h>

#define CODE_MOST 35

static bool has_form_of_unlocode(struct gw_slice s)
{
    if (s.len != 5 || !isupper(s.at[0]) || !isupper(s.at[1]))
        return false;
    for (size_t i = 2; i < 5; i++)
        if (!isupper(s.at[i]) && !isdigit(s.at[i]))
            return false;
    return true;
}

/* List 139 of agency 6, or nothing said and the form right.  Senders also write list 16,
 * agency 86 or 139 for the agency. */
static bool is_unlocode(const struct gw_edi_loc *l)
{
    return has_form_of_unlocode(l->code) &&
           (!l->list.len || gw_edi_among(l->list, "139 16 227")) &&
           (!l->agency.len || gw_edi_among(l->agency, "6 86 139 112"));
}

/* List 37 of agency 288 (OSJD): two digits of the railway, six of the station; we write
 * six where the railway is not known. */
static bool is_station(const struct gw_edi_loc *l)
{
    uint64_t n;
    return gw_slice_is(l->list, "37") && gw_slice_is(l->agency, "288") &&
           (l->code.len == 8 || l->code.len == 6) && gw_slice_uint(l->code, &n);
}

static void put_station(struct gw_maker *m, uint32_t place, struct gw_slice code)
{
    struct gw_slice six = gw_slice(code.at + code.len - 6, 6);
    bool known = (gw_check_esr6(six) == GW_CHECK_OK && !gw_slice_is(six, "000000")) ||
                 code.len == 6;
    gw_event_word(m, place, "rail.scheme", known ? "esr6" : "osjd8");
    gw_event_str(m, place, "rail.code", known ? six : code);
    if (known && code.len == 8)
        gw_event_str(m, place, "raw", code);
}

static void put_terminal(struct gw_maker *m, uint32_t place, const struct gw_edi_loc *l)
{
    bool smdg = gw_edi_among(l->terminal_agency, "SMD 306") ||
                gw_edi_among(l->terminal_list, "SMD TERMINALS");
    if (!l->terminal.len || l->terminal.len > CODE_MOST || is_station(l) ||
        gw_edi_among(l->terminal_list, "162 163")) /* a country or a part of it */
        return;
    gw_event_word(m, place, "terminal.list", smdg ? "smdg" : "local");
    gw_event_str(m, place, "terminal.code", l->terminal);
}

uint32_t gw_edi_put_place(struct gw_maker *m, uint32_t parent, struct gw_slice key,
                          const struct gw_edi_loc *l)
{
    uint32_t place = parent ? gw_tree_put_map(&m->tree, parent, key) : GW_NODE_NONE;
    struct gw_slice name = l->name.len ? l->name : l->terminal_name;
    m->full |= parent && !place;
    if (is_unlocode(l))
        (void)gw_tree_put_str(&m->tree, place, GW_LIT("unlocode"), l->code);
    else if (is_station(l))
        put_station(m, place, l->code);
    else
        gw_event_str(m, place, "raw", l->code);
    if (name.len && place)
        (void)gw_tree_put_str(&m->tree, place, GW_LIT("name"), name);
    put_terminal(m, place, l);
    return place;
}
