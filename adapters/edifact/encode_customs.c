/* encode_customs.c - CUSCAR, a cargo report with a declaration per consignment, and
 * CUSRES, what customs answers to one.
 *
 * Source  UN/EDIFACT D.95B (CUSCAR), D.96A (CUSRES); code lists 1001, 7365 */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"

/* ---- cargo reports ---- */

#define OF_REPORT "sender receiver carrier operator"

static void cuscar_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm(x);
    gw_edi_write_message_time(x);
    gw_edi_write_parties_of(x, 0, gw_edi_parties_leading(x, OF_REPORT));
    gw_edi_write_legs(x, GW_EDI_LEGS_ALL);
    gw_edi_write_own_place(x, "60");
}

static bool comes_again(const struct gw_edi_writing *x, uint32_t item)
{
    struct gw_slice kind = gw_edi_str_of(x, item, "kind");
    for (uint32_t n = gw_node(x->t, item)->next; n; n = gw_node(x->t, n)->next)
        if (gw_slice_eq(gw_edi_str_of(x, n, "kind"), kind))
            return true;
    return false;
}

/* The leading measures that are the containers': of their own kinds, or told of the goods
 * too.  The others are the goods'. */
static uint32_t measures_of_boxes(const struct gw_edi_writing *x)
{
    uint32_t list = gw_edi_list_of(x, "measures"), n = 0;
    if (!list || !gw_tree_at(x->t, x->root, "equipment[0]"))
        return 0;
    for (GW_FOREACH_CHILD (x->t, list, item)) {
        bool own = gw_edi_among(gw_edi_str_of(x, item, "kind"),
                                "tare container-tare vgm temperature-set");
        if (!own && !comes_again(x, item))
            break;
        n++;
    }
    return n;
}

static void cuscar_boxes(struct gw_edi_writing *x)
{
    gw_edi_write_equipment(x, 0, measures_of_boxes(x));
    gw_edi_write_temperatures(x);
}

/* There must be goods, also where nothing is known of them. */
static void write_goods(struct gw_edi_writing *x)
{
    uint32_t before = x->w.segments;
    gw_edi_write_goods_items(x, measures_of_boxes(x), UINT32_MAX);
    if (x->w.segments > before)
        return;
    gw_edi_segment(&x->w, "GID");
    gw_edi_element_str(&x->w, "1");
    gw_edi_end(&x->w);
    gw_edi_write_places_of_goods(x);
}

/* Each RFF behind CNI would begin a consignment of its own: the further ones stand with
 * the first party. */
static void cuscar_group(struct gw_edi_writing *x)
{
    uint32_t first = gw_edi_parties_leading(x, OF_REPORT);
    gw_edi_write_cni(x);
    gw_edi_write_references_of(x, 0, 1);
    gw_edi_write_all_stops_untimed(x);
    gw_edi_write_parties_of(x, first, first + 1);
    gw_edi_write_references_of(x, 1, UINT32_MAX);
    gw_edi_write_parties_of(x, first + 1, UINT32_MAX);
    write_goods(x);
}

/* ---- answers ---- */

static void write_gis(struct gw_edi_writing *x)
{
    const struct gw_edi_gis *g = gw_edi_gis_for(x->type);
    struct gw_slice list = gw_edi_str(x, "state.list");
    bool told = gw_slice_is(list, "untdid-7365");
    if (!told && (!g || gw_slice_is(list, "untdid-1001")))
        return; /* BGM says it */
    gw_edi_segment(&x->w, "GIS");
    if (told)
        gw_edi_element(&x->w, gw_edi_str(x, "state.code"));
    else
        gw_edi_element_str(&x->w, g->code);
    gw_edi_end(&x->w);
}

static void write_reason(struct gw_edi_writing *x)
{
    struct gw_slice text = gw_edi_str(x, "cause.text");
    if (!text.len)
        text = gw_edi_str(x, "customs.reason");
    if (!text.len)
        return;
    gw_edi_segment(&x->w, "FTX");
    gw_edi_plain(&x->w, "+AAO++");
    gw_edi_element(&x->w, text);
    gw_edi_end(&x->w);
}

/* ERP 1: an error in the header, since nothing else is known of where it is. */
static void write_error(struct gw_edi_writing *x)
{
    struct gw_slice code = gw_edi_str(x, "cause.code");
    if (!code.len)
        return;
    gw_edi_segment(&x->w, "ERP");
    gw_edi_element_str(&x->w, "1");
    gw_edi_end(&x->w);
    gw_edi_segment(&x->w, "ERC");
    gw_edi_element(&x->w, code);
    gw_edi_end(&x->w);
}

static void write_units(struct gw_edi_writing *x)
{
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "equipment"), n))
        gw_edi_write_unit(x, n);
}

static void cusres(struct gw_edi_writing *x)
{
    gw_edi_write_bgm_or(x, gw_slice_is(x->type, "customs-refused") ? "963" : "962");
    gw_edi_write_parties(x);
    gw_edi_write_own_place(x, "22");
    gw_edi_write_all_stops_untimed(x);
    gw_edi_write_message_time(x);
    gw_edi_write_event_time(x, gw_slice_is(x->type, "customs-release") ? "204" : "9");
    write_gis(x);
    write_reason(x);
    write_units(x);
    write_error(x);
    gw_edi_write_references(x);
    gw_edi_write_measures(x);
}

const struct gw_edi_kind gw_edi_cuscar = {
    .message = "CUSCAR",
    .release = "D:95B:UN",
    .head = cuscar_head,
    .list = cuscar_boxes,
    .group = cuscar_group,
    .holds = GW_EDI_HOLDS_STATUSES,
};
const struct gw_edi_kind gw_edi_cusres = {
    .message = "CUSRES",
    .release = "D:96A:UN",
    .head = cusres,
    .holds = GW_EDI_HOLDS_ONE,
};
