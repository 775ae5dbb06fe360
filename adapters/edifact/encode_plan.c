/* encode_plan.c - BAPLIE, a stowage plan, and MOVINS, what to do by it: a group per cell.
 *
 * Written as the SMDG user manuals have it, in D.95B: that is what planners read.
 *
 * Source  UN/EDIFACT D.95B; SMDG user manuals BAPLIE 2.2, MOVINS 2.1 */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"

/* The operator of a container stands with it, all other parties in the header. */
static uint32_t operator_of(const struct gw_edi_writing *x)
{
    return gw_edi_party_last(x, "carrier operator");
}

/* Is the first reference the voyage's?  It stands with it, RFF+VON. */
static uint32_t of_voyage(const struct gw_edi_writing *x)
{
    return gw_slice_is(gw_edi_str(x, "references[0].scheme"), "other") &&
           gw_slice_starts(gw_edi_str(x, "references[0].value"), GW_LIT("VON:"));
}

static void head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm_or(x, "");
    gw_edi_write_message_time_always(x);
    gw_edi_write_parties_of(x, 0, operator_of(x));
    gw_edi_write_legs(x, GW_EDI_LEGS_ALL);
    gw_edi_write_own_place(x, "5");
    gw_edi_write_place(x, "61", gw_tree_at(x->t, x->root, "place_to"));
    if (gw_edi_is_message_time(x)) { /* a DTM there must be, also when nothing is known */
        gw_edi_segment(&x->w, "DTM");
        gw_edi_element_str(&x->w, "133");
        gw_edi_end(&x->w);
    }
    gw_edi_write_event_time(x, "133");
    gw_edi_write_references_of(x, 0, of_voyage(x));
}

/* RFF+BM:1 where there is no reference: the cell must have one. */
static void write_reference(struct gw_edi_writing *x)
{
    uint32_t before = x->w.segments;
    gw_edi_write_references_of(x, of_voyage(x), UINT32_MAX);
    if (x->w.segments > before)
        return;
    gw_edi_segment(&x->w, "RFF");
    gw_edi_element_str(&x->w, "BM");
    gw_edi_component_str(&x->w, "1");
    gw_edi_end(&x->w);
}

static void write_container(struct gw_edi_writing *x)
{
    static const char *const fields[] = {"kind", "id", "size_type", "status", "load"};
    uint32_t unit = gw_tree_at(x->t, x->root, "equipment[0]");
    bool is_known = false;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        is_known |= gw_edi_str_of(x, unit, fields[i]).len > 0;
    if (is_known)
        gw_edi_write_unit(x, unit); /* else the cell is all there is */
    gw_edi_write_attached(x);
}

static uint32_t first_goods(const struct gw_edi_writing *x)
{
    return gw_tree_at(x->t, x->root, "goods[0]");
}

/* The dangerous goods; but for the first, each with its description. */
static void write_danger(struct gw_edi_writing *x)
{
    uint32_t list = gw_edi_list_of(x, "goods"), first = first_goods(x);
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        gw_edi_write_goods_danger(x, n);
        if (n != first)
            gw_edi_write_goods_text(x, n);
    }
}

static void baplie_group(struct gw_edi_writing *x)
{
    gw_edi_write_position(x);
    gw_edi_write_goods_text(x, first_goods(x));
    gw_edi_write_measures(x);
    gw_edi_write_temperatures(x);
    gw_edi_write_all_stops_untimed(x);
    write_reference(x);
    write_container(x);
    gw_edi_write_parties_of(x, operator_of(x), UINT32_MAX);
    write_danger(x);
}

static void movins_group(struct gw_edi_writing *x)
{
    gw_edi_segment(&x->w, "HAN");
    gw_edi_element(&x->w, gw_edi_str(x, "state.code"));
    gw_edi_end(&x->w);
    gw_edi_write_position(x);
    write_reference(x);
    gw_edi_write_goods_text(x, first_goods(x));
    gw_edi_write_measures(x);
    gw_edi_write_all_stops_untimed(x);
    gw_edi_write_parties_of(x, operator_of(x), UINT32_MAX);
    gw_edi_write_temperatures(x);
    write_container(x);
    write_danger(x);
}

const struct gw_edi_kind gw_edi_baplie = {
    .message = "BAPLIE",
    .release = "D:95B:UN:SMDG22",
    .head = head,
    .group = baplie_group,
    .holds = GW_EDI_HOLDS_CELLS,
};
const struct gw_edi_kind gw_edi_movins = {
    .message = "MOVINS",
    .release = "D:95B:UN:SMDG21",
    .head = head,
    .group = movins_group,
    .holds = GW_EDI_HOLDS_CELLS,
};
