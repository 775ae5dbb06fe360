/* encode_containers.c - messages with a group per container: CODECO, COARRI and VERMAS
 * of what happened, COPARN, COREOR and COPRAR of what shall.
 *
 * Source  UN/EDIFACT D.00B, VERMAS D.16A; SMDG user manuals */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"

/* ---- reports ---- */

static void head_of_report(struct gw_edi_writing *x)
{
    gw_edi_write_bgm(x);
    gw_edi_write_message_time(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_MAIN);
}

/* A LOC with a DTM is one of a leg.  Where the event's time is the message's, a stop's
 * would be taken for it. */
static void stops_of_main_leg(struct gw_edi_writing *x)
{
    if (gw_edi_has_main_leg(x) && !gw_edi_is_message_time(x))
        gw_edi_write_timed_stops(x);
}

static void stops_of_other_leg(struct gw_edi_writing *x)
{
    if (!gw_edi_has_main_leg(x) && !gw_edi_is_message_time(x))
        gw_edi_write_timed_stops(x);
}

static void stops_of_unit(struct gw_edi_writing *x)
{
    if (gw_edi_is_message_time(x))
        gw_edi_write_all_stops_untimed(x);
    else
        gw_edi_write_untimed_stops(x);
}

static void codeco_head(struct gw_edi_writing *x)
{
    head_of_report(x);
    stops_of_main_leg(x);
    gw_edi_write_parties_always(x);
}

/* The container of a group, and what refers to it. */
static void name_unit(struct gw_edi_writing *x)
{
    gw_edi_write_unit(x, gw_tree_at(x->t, x->root, "equipment[0]"));
    gw_edi_write_references(x);
}

static void begin_unit(struct gw_edi_writing *x, const char *time)
{
    name_unit(x);
    gw_edi_write_event_time(x, time);
    gw_edi_write_weighing_time(x);
    gw_edi_write_position(x);
}

/* What belongs to it, in the order most messages have. */
static void end_unit(struct gw_edi_writing *x)
{
    gw_edi_write_measures(x);
    gw_edi_write_temperatures(x);
    gw_edi_write_seals(x);
    gw_edi_write_goods(x);
    gw_edi_write_attached(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_OTHER);
}

static void codeco_group(struct gw_edi_writing *x)
{
    begin_unit(x, gw_slice_is(x->type, "weighed") ? "WAT" : "7");
    gw_edi_write_own_place(x, "165");
    stops_of_unit(x);
    gw_edi_write_measures(x);
    gw_edi_write_seals(x);
    gw_edi_write_goods(x);
    gw_edi_write_attached(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_OTHER);
    stops_of_other_leg(x);
    gw_edi_write_temperatures(x);
}

static void coarri_head(struct gw_edi_writing *x)
{
    head_of_report(x);
    gw_edi_write_own_place(x, gw_slice_is(x->type, "load")        ? "9"
                              : gw_slice_is(x->type, "discharge") ? "11"
                                                                  : "175");
    gw_edi_write_parties_always(x);
}

static void coarri_group(struct gw_edi_writing *x)
{
    begin_unit(x, "203");
    gw_edi_write_journey(x);
    end_unit(x);
}

static void vermas_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm(x);
    gw_edi_write_message_time(x);
    gw_edi_write_parties(x);
}

/* DTM stands behind the mass it is of. */
static void vermas_group(struct gw_edi_writing *x)
{
    name_unit(x);
    gw_edi_write_own_place(x, "165");
    gw_edi_write_untimed_stops(x);
    gw_edi_write_seals(x);
    gw_edi_write_measures(x);
    gw_edi_write_event_time(x, "WAT");
    gw_edi_write_legs(x, GW_EDI_LEGS_ALL);
}

/* ---- orders ---- */

/* An order for empty containers is one for their release. */
static const char *order_code(const struct gw_edi_writing *x)
{
    if (strcmp(x->message, "COREOR") == 0)
        return "129";
    return gw_slice_is(gw_edi_str(x, "equipment[0].load"), "empty") ? "12" : "11";
}

static void order_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm_or(x, order_code(x));
    gw_edi_write_message_time(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_MAIN);
    gw_edi_write_timed_stops(x);
    gw_edi_write_parties_always(x);
}

/* DTM 201: from when on the equipment may be had; 7: when it is expected. */
static const char *order_time(const struct gw_edi_writing *x)
{
    return gw_edi_among(x->bgm, "12 108 129") ? "201" : "7";
}

static void order_group(struct gw_edi_writing *x)
{
    name_unit(x);
    gw_edi_write_quantity(x);
    gw_edi_write_event_time(x, order_time(x));
    gw_edi_write_weighing_time(x);
    gw_edi_write_position(x);
    gw_edi_write_own_place(x, strcmp(x->message, "COHAOR") == 0 ? "165" : "98");
    gw_edi_write_untimed_stops(x);
    end_unit(x);
}

static void each_goods(struct gw_edi_writing *x,
                       void (*write)(struct gw_edi_writing *x, uint32_t item))
{
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "goods"), n))
        write(x, n);
}

/* Here the place and its time come last. */
static void coreor_group(struct gw_edi_writing *x)
{
    name_unit(x);
    gw_edi_write_measures(x);
    gw_edi_write_temperatures(x);
    gw_edi_write_seals(x);
    each_goods(x, gw_edi_write_goods_text);
    gw_edi_write_attached(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_OTHER);
    gw_edi_write_own_place(x, "98");
    gw_edi_write_event_time(x, "201");
    gw_edi_write_untimed_stops(x);
    each_goods(x, gw_edi_write_goods_danger);
}

/* ---- lists of what shall be loaded or discharged ---- */

static bool has_stop(const struct gw_edi_writing *x, const char *role)
{
    return gw_tree_item_with(x->t, x->root, "journey", "role", role);
}

/* Whose journey has a port of loading and none of discharge is discharged here. */
static const char *list_code(const struct gw_edi_writing *x)
{
    return has_stop(x, "loading") && !has_stop(x, "discharge") ? "43" : "45";
}

static void coprar_head(struct gw_edi_writing *x)
{
    gw_edi_write_bgm_or(x, list_code(x));
    const struct gw_edi_bgm *b = gw_edi_bgm_of(GW_LIT("COPRAR"), x->bgm);
    bool discharge = b && strcmp(b->means, "discharge list") == 0;
    gw_edi_write_message_time(x);
    gw_edi_write_legs(x, GW_EDI_LEGS_MAIN);
    gw_edi_write_own_place(x, discharge ? "11" : "9");
    gw_edi_write_event_time(x, discharge ? "132" : "133");
    if (!gw_edi_is_message_time(
            x)) /* else one of theirs would be taken for the event's */
        gw_edi_write_timed_stops(x);
    gw_edi_write_parties_always(x);
}

static void coprar_group(struct gw_edi_writing *x)
{
    name_unit(x);
    gw_edi_write_quantity(x);
    gw_edi_write_weighing_time(x);
    gw_edi_write_position(x);
    stops_of_unit(x);
    end_unit(x);
}

const struct gw_edi_kind gw_edi_codeco = {
    .message = "CODECO",
    .release = "D:00B:UN",
    .head = codeco_head,
    .group = codeco_group,
    .holds = GW_EDI_HOLDS_CONTAINERS,
};
const struct gw_edi_kind gw_edi_coarri = {
    .message = "COARRI",
    .release = "D:00B:UN",
    .head = coarri_head,
    .group = coarri_group,
    .holds = GW_EDI_HOLDS_CONTAINERS,
};
const struct gw_edi_kind gw_edi_vermas = {
    .message = "VERMAS",
    .release = "D:16A:UN",
    .head = vermas_head,
    .group = vermas_group,
    .holds = GW_EDI_HOLDS_CELLS,
};
const struct gw_edi_kind gw_edi_coparn = {
    .message = "COPARN",
    .release = "D:00B:UN",
    .head = order_head,
    .group = order_group,
    .holds = GW_EDI_HOLDS_CONTAINERS,
};
const struct gw_edi_kind gw_edi_coreor = {
    .message = "COREOR",
    .release = "D:00B:UN",
    .head = order_head,
    .group = coreor_group,
    .holds = GW_EDI_HOLDS_CONTAINERS,
};
const struct gw_edi_kind gw_edi_cohaor = {
    .message = "COHAOR",
    .release = "D:17B:UN",
    .head = order_head,
    .group = order_group,
    .holds = GW_EDI_HOLDS_CONTAINERS,
};
const struct gw_edi_kind gw_edi_coprar = {
    .message = "COPRAR",
    .release = "D:00B:UN",
    .head = coprar_head,
    .group = coprar_group,
    .holds = GW_EDI_HOLDS_CONTAINERS,
};
