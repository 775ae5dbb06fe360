/* tables.c - the vocabulary of EPCIS events, and what it is in the shared schema.
 *
 * Source  GS1 Core Business Vocabulary (CBV) 2.0: business steps, business transaction
 *         types, error reasons;  GS1 Web Vocabulary: measurement types;  EPCIS 2.0: event
 *         types;  GS1 EPC Tag Data Standard 2.0: keys as URNs;  GS1 Digital Link 1.2:
 *         application identifiers */
#include "adapters/epcis/parts.h"

const struct gw_epcis_kind gw_epcis_kinds[] = {
    {"ObjectEvent", true},          {"AggregationEvent", true},
    {"TransactionEvent", true},     {"AssociationEvent", true},
    {"TransformationEvent", false}, {NULL, false}};

/* CBV 2.0, section 7.1; the other steps are "other".  entering_exiting: see event.c. */
const struct gw_epcis_step gw_epcis_steps[] = {{"departing", "depart"},
                                               {"arriving", "arrive"},
                                               {"loading", "load"},
                                               {"unloading", "discharge"},
                                               {"accepting", "handover"},
                                               {"transporting", "position"},
                                               {"storing", "stored"},
                                               {"packing", "stuffed"},
                                               {"unpacking", "stripped"},
                                               {"entering_exiting", "gate-in"},
                                               {"entering_exiting", "gate-out"},
                                               {"staging_outbound", "available"},
                                               {"collecting", "picked-up"},
                                               {"holding", "hold"},
                                               {"inspecting", "customs-inspection"},
                                               {"sensor_reporting", "condition"},
                                               {"sensor_reporting", "alert"},
                                               {"reserving", "booked"},
                                               {"void_shipping", "correction"},
                                               {"shipping", "depart"},
                                               {"receiving", "handover"},
                                               {"consigning", "handover"},
                                               {"stocking", "stored"},
                                               {"assembling", "other"},
                                               {"commissioning", "other"},
                                               {"creating_class_instance", "other"},
                                               {"cycle_counting", "other"},
                                               {"decommissioning", "other"},
                                               {"destroying", "other"},
                                               {"disassembling", "other"},
                                               {"dispensing", "other"},
                                               {"encoding", "other"},
                                               {"installing", "other"},
                                               {"killing", "other"},
                                               {"other", "other"},
                                               {"picking", "other"},
                                               {"removing", "other"},
                                               {"repackaging", "other"},
                                               {"repairing", "other"},
                                               {"replacing", "other"},
                                               {"retail_selling", "other"},
                                               {"sampling", "other"},
                                               {"stock_taking", "other"},
                                               {NULL, NULL}};

/* CBV 2.0, section 7.2 */
const char *const gw_epcis_dispositions[] = {"active",
                                             "available",
                                             "completeness_inferred",
                                             "completeness_verified",
                                             "conformant",
                                             "container_closed",
                                             "container_open",
                                             "damaged",
                                             "destroyed",
                                             "dispensed",
                                             "disposed",
                                             "encoded",
                                             "expired",
                                             "in_progress",
                                             "in_transit",
                                             "inactive",
                                             "mismatch_class",
                                             "mismatch_instance",
                                             "mismatch_quantity",
                                             "needs_replacement",
                                             "no_pedigree_match",
                                             "non_conformant",
                                             "non_sellable_other",
                                             "partially_dispensed",
                                             "recalled",
                                             "reserved",
                                             "retail_sold",
                                             "returned",
                                             "sellable_accessible",
                                             "sellable_not_accessible",
                                             "stolen",
                                             "unavailable",
                                             "unknown",
                                             NULL};

/* CBV 2.0, section 7.3 */
const struct gw_epcis_word gw_epcis_transactions[] = {
    {"po", "order"}, {"bol", "bill-of-lading"}, {NULL, NULL}};

/* GS1 Web Vocabulary; the others by their own name */
const struct gw_epcis_word gw_epcis_measures[] = {
    {"Temperature", "temperature"},
    {"RelativeHumidity", "humidity"},
    {"AbsoluteHumidity", "absolute-humidity"},
    {"Speed", "speed"},
    {"Mass", "gross"},
    {NULL, NULL}};

/* CBV 2.0, section 7.6 */
const struct gw_epcis_word gw_epcis_reasons[] = {
    {"did_not_occur", "cancel"}, {"incorrect_data", "amend"}, {NULL, NULL}};

const struct gw_epcis_key gw_epcis_keys[] = {
    {"sscc", "00", GW_KEY_SSCC},     {"gsin", "402", GW_KEY_CHECKED},
    {"ginc", "401", GW_KEY_JOINED},  {"grai", "8003", GW_KEY_ASSET},
    {"giai", "8004", GW_KEY_JOINED}, {"pgln", "417", GW_KEY_CHECKED},
    {"sgln", "414", GW_KEY_CHECKED}, {NULL, NULL, 0}};

const char *gw_epcis_ours(const struct gw_epcis_word *list, struct gw_slice theirs)
{
    for (; list->theirs; list++)
        if (gw_slice_is(theirs, list->theirs))
            return list->ours;
    return NULL;
}

const char *gw_epcis_theirs(const struct gw_epcis_word *list, struct gw_slice ours)
{
    for (; list->theirs; list++)
        if (gw_slice_is(ours, list->ours))
            return list->theirs;
    return NULL;
}
