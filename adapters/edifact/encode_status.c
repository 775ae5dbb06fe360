/* encode_status.c - IFTSTA, consignment first: a CNI with one status per event.
 *
 * Source  UN/EDIFACT D.00B; UN/CEFACT Recommendation 24 */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"
#include <stdio.h>

static void head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm(x);
    gw_edi_write_message_time(x);
    gw_edi_write_parties(x);
}

static struct gw_slice smgs_number(const struct gw_edi_writing *x)
{
    uint32_t smgs = gw_tree_item_with(x->t, x->root, "references", "scheme", "smgs");
    return gw_tree_str(x->t, smgs, "value");
}

static const char *status_time(const struct gw_edi_writing *x)
{
    bool estimated = gw_slice_is(gw_edi_str(x, "class"), "estimated");
    return !estimated ? "334" : gw_slice_is(x->type, "depart") ? "133" : "132";
}

static void write_consignment(struct gw_edi_writing *x)
{
    struct gw_slice smgs = smgs_number(x);
    char number[12];
    (void)snprintf(number, sizeof number, "%u", (unsigned)x->number);
    gw_edi_segment(&x->w, "CNI");
    gw_edi_element_str(&x->w, number);
    gw_edi_element(&x->w, smgs);
    if (smgs.len)
        gw_edi_component_str(&x->w, "722");
    gw_edi_end(&x->w);
}

static void group(struct gw_edi_writing *x)
{
    bool has_unit = gw_tree_at(x->t, x->root, "equipment[0]") != GW_NODE_NONE;
    bool has_leg = gw_tree_at(x->t, x->root, "transport") != GW_NODE_NONE;
    write_consignment(x);
    if (!has_leg) /* a status has one place: its own */
        gw_edi_write_untimed_stops(x);
    gw_edi_write_sts(x);
    gw_edi_write_references(x);
    gw_edi_write_event_time(x, status_time(x));
    gw_edi_write_own_place(x, "175");
    gw_edi_write_legs(x, GW_EDI_LEGS_ALL);
    gw_edi_write_timed_stops(x);
    if (has_leg)
        gw_edi_write_untimed_stops(x);
    if (has_unit) {
        gw_edi_write_equipment(x, 0, UINT32_MAX);
    } else {
        gw_edi_write_measures(x);
        gw_edi_write_seals(x);
    }
    gw_edi_write_goods_items(x, 0, 0);
}

const struct gw_edi_kind gw_edi_iftsta = {
    .message = "IFTSTA",
    .release = "D:00B:UN",
    .head = head,
    .group = group,
    .holds = GW_EDI_HOLDS_STATUSES,
};
