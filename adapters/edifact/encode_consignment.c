/* encode_consignment.c - messages about a consignment as a whole: IFTMIN, IFTMCS, the
 * bookings IFTMBF and IFTMBC, the rail consignment note in OSJD's use of IFTMIN, and
 * IFCSUM with one consignment per CNI.
 *
 * Source  UN/EDIFACT D.00B; OSJD use of IFTMIN D.97A */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"

/* ---- which document ---- */

static const char *note_code(const struct gw_edi_writing *x)
{
    struct gw_slice mode = gw_edi_str(x, "transport.mode");
    const char *code = NULL;
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "references"), n))
        if (!code)
            code = gw_edi_note_code(gw_edi_str_of(x, n, "scheme"), mode);
    return code;
}

/* An instruction that is planned is a consignment note, else one to forward. */
static const char *iftmin_code(const struct gw_edi_writing *x)
{
    const char *note = note_code(x);
    bool by_note = gw_slice_is(gw_edi_str(x, "class"), "planned") ||
                   gw_slice_is(x->type, "document-issued");
    return by_note && note ? note : "610";
}

static const char *iftmcs_code(const struct gw_edi_writing *x)
{
    const char *note = note_code(x);
    return note ? note : "700";
}

/* ---- the header ---- */

static void iftmin_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm_or(x, iftmin_code(x));
    gw_edi_write_message_time(x);
    gw_edi_write_event_time(x, "143");
}

/* DTM 182 is when it was issued. */
static void iftmcs_head(struct gw_edi_writing *x)
{
    bool issued = gw_tree_at(x->t, x->root, "document.issued") != GW_NODE_NONE;
    gw_edi_write_bgm_or(x, iftmcs_code(x));
    gw_edi_write_message_time(x);
    gw_edi_write_event_time(x, issued ? "182" : "143");
}

/* The event's time is the message's. */
static void booking_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm(x);
    if (gw_edi_is_message_time(x))
        gw_edi_write_message_time(x);
    else
        gw_edi_write_event_time(x, "137");
}

/* ---- the consignment ---- */

/* The leading measures that are the goods'; the others are the equipment's. */
static uint32_t measures_of_goods(const struct gw_edi_writing *x)
{
    uint32_t list = gw_edi_list_of(x, "measures"), n = 0;
    bool units = gw_tree_at(x->t, x->root, "equipment[0]") != GW_NODE_NONE;
    if (!list || !gw_tree_at(x->t, x->root, "goods[0]"))
        return 0;
    for (GW_FOREACH_CHILD (x->t, list, item)) {
        if (units && !gw_edi_among(gw_edi_str_of(x, item, "kind"),
                                   "net gross quantity temperature-set"))
            break;
        n++;
    }
    return n;
}

static void write_consignment(struct gw_edi_writing *x)
{
    uint32_t of_goods = measures_of_goods(x);
    bool has_leg = gw_tree_at(x->t, x->root, "transport") != GW_NODE_NONE;
    int64_t issued = gw_tree_int(x->t, x->root, "document.issued", 0);
    if (issued && strcmp(x->message, "IFTMCS") != 0)
        gw_edi_write_time(x, "182", issued, 0, gw_slice(NULL, 0));
    if (!has_leg)
        gw_edi_write_journey(x);
    gw_edi_write_own_place(x, x->kind == &gw_edi_rail_note ? "5" : "88");
    gw_edi_write_references(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_ALL);
    if (has_leg) /* LOC and DTM of the legs */
        gw_edi_write_journey(x);
    gw_edi_write_parties_always(x);
    gw_edi_write_goods_items(x, 0, of_goods);
    gw_edi_write_equipment(x, of_goods, UINT32_MAX);
    if (!gw_edi_temperature_is_of_goods(x))
        gw_edi_write_temperatures(x);
}

static void iftmin(struct gw_edi_writing *x)
{
    iftmin_head(x);
    write_consignment(x);
}

static void iftmcs(struct gw_edi_writing *x)
{
    iftmcs_head(x);
    write_consignment(x);
}

static void booking(struct gw_edi_writing *x)
{
    booking_head(x);
    write_consignment(x);
}

/* ---- a list of them ---- */

static void ifcsum_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm_or(x, "610");
    gw_edi_write_message_time(x);
}

static void ifcsum_group(struct gw_edi_writing *x)
{
    gw_edi_write_cni(x);
    write_consignment(x);
}

bool gw_edi_is_note(const struct gw_edi_writing *x)
{
    return (x->kind == &gw_edi_iftmin || x->kind == &gw_edi_rail_note) &&
           gw_edi_is_issued(x->bgm);
}

const struct gw_edi_kind gw_edi_iftmin = {
    .message = "IFTMIN",
    .release = "D:00B:UN",
    .head = iftmin,
    .holds = GW_EDI_HOLDS_ONE,
};
const struct gw_edi_kind gw_edi_rail_note = {
    .message = "IFTMIN",
    .release = "D:97A:UN:OSJD",
    .head = iftmin,
    .holds = GW_EDI_HOLDS_ONE,
};
const struct gw_edi_kind gw_edi_iftmcs = {
    .message = "IFTMCS",
    .release = "D:00B:UN",
    .head = iftmcs,
    .holds = GW_EDI_HOLDS_ONE,
};
const struct gw_edi_kind gw_edi_iftmbf = {
    .message = "IFTMBF",
    .release = "D:00B:UN",
    .head = booking,
    .holds = GW_EDI_HOLDS_ONE,
};
const struct gw_edi_kind gw_edi_iftmbc = {
    .message = "IFTMBC",
    .release = "D:00B:UN",
    .head = booking,
    .holds = GW_EDI_HOLDS_ONE,
};
const struct gw_edi_kind gw_edi_ifcsum = {
    .message = "IFCSUM",
    .release = "D:00B:UN",
    .head = ifcsum_head,
    .group = ifcsum_group,
    .holds = GW_EDI_HOLDS_STATUSES,
};
