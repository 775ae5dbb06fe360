/* shape_table.c - the shared schema, version 1, row by row, in canonical order.
 *
 * Source  SCHEMA.md; its words are UN/CEFACT's, DCSA's and EPCIS's. */
#include "model/shape.h"

#define WORDS(var, label, ...)                                                                \
    static const char var##_words[][GW_LABEL_MOST] = {__VA_ARGS__};                                   \
    const struct gw_words var = {label, var##_words, sizeof var##_words / sizeof *var##_words}
#define OWN_WORDS(var, label, ...)                                                            \
    static const char var##_words[][GW_LABEL_MOST] = {__VA_ARGS__};                                   \
    static const struct gw_words var = {label, var##_words,                                   \
                                        sizeof var##_words / sizeof *var##_words}

WORDS(gw_event_types, "type",
      /* movement */
      "picked-up", "gate-in", "gate-out", "depart", "arrive", "pass", "border-cross", "handover",
      "delivered", "returned-empty", "available",
      /* handling */
      "stuffed", "stripped", "load", "discharge", "transship", "stored", "weighed",
      /* documents */
      "document-issued", "document-amended", "document-cancelled", "document-surrendered",
      /* planning */
      "booked", "instruction", "eta-update", "schedule-update", "plan-position", "composition",
      /* customs */
      "customs-declared", "customs-hold", "customs-inspection", "customs-release",
      "customs-refused", "transit-start", "transit-end",
      /* stops, security, telemetry, exceptions, technical */
      "hold", "release", "seal-affixed", "seal-broken", "seal-replaced", "position", "condition",
      "alert", "delay", "interruption", "damage", "technical-ack", "technical-error",
      "correction", "other");
WORDS(gw_event_classes, "class", "planned", "estimated", "actual", "requested", "reported");
WORDS(gw_subjects, "subject", "equipment", "transport", "consignment", "document", "exchange",
      "event");
WORDS(gw_time_bases, "time_basis", "stated-offset", "stated-utc", "assumed-zone",
      "message-time");
WORDS(gw_time_precisions, "time_precision", "second", "minute", "hour", "day");
WORDS(gw_modes, "mode", "sea", "rail", "road", "air", "inland-water", "multimodal", "fixed");
WORDS(gw_equipment_kinds, "kind", "container", "wagon", "trailer", "swap-body", "truck", "uld");
WORDS(gw_equipment_schemes, "scheme", "iso6346", "uic12", "cis8", "plate", "ilu", "other");
WORDS(gw_equipment_checks, "check", "ok", "bad", "none");
OWN_WORDS(equipment_status, "status", "export", "import", "transit", "transshipment",
          "domestic");
OWN_WORDS(equipment_load, "load", "empty", "laden");
OWN_WORDS(journey_roles, "role", "origin", "loading", "discharge", "transshipment", "border",
          "delivery", "final");
OWN_WORDS(seal_issuers, "issuer", "carrier", "shipper", "customs", "terminal", "veterinary",
          "other");
OWN_WORDS(seal_states, "state", "affixed", "intact", "broken", "replaced", "missing");
OWN_WORDS(reference_schemes, "scheme", "booking", "bill-of-lading", "house-bill", "waybill",
          "smgs", "cim", "cmr", "mrn", "tir-carnet", "order", "release", "ucr", "other");
OWN_WORDS(document_states, "state", "issued", "amended", "surrendered", "void");
OWN_WORDS(transport_stages, "stage", "pre", "main", "on");
WORDS(gw_party_roles, "role", "carrier", "operator", "consignor", "consignee", "forwarder",
          "notify", "customs", "terminal", "railway-undertaking", "infrastructure-manager",
          "keeper", "sender", "receiver");
OWN_WORDS(customs_states, "state", "declared", "accepted", "under-control", "held", "released",
          "refused", "in-transit", "discharged", "written-off");
OWN_WORDS(cause_schemes, "scheme", "uic-450-2", "unece-rec24", "dcsa-delay", "free");
OWN_WORDS(terminal_lists, "list", "smdg", "bic", "local");
OWN_WORDS(rail_schemes, "scheme", "esr6", "uic", "osjd8");
OWN_WORDS(correction_reasons, "reason", "amend", "cancel", "duplicate");
OWN_WORDS(severities, "severity", "info", "warn");

#define TIME_LEAST 946684800000  /* 2000-01-01 */
#define TIME_MOST  4102444800000 /* 2100-01-01 */
#define TEXT_MOST  1024
#define LEN(s)     (sizeof(s) - 1)

#define STR(n, most, f)   {.name = n, .name_len = LEN(n), .kind = GW_STR, .flags = f, .max = most}
#define WORD(n, list, f)                                                                      \
    {.name = n, .name_len = LEN(n), .kind = GW_STR, .flags = f, .max = 64, .words = &list}
#define TIME(n, f)                                                                            \
    {.name = n, .name_len = LEN(n), .kind = GW_INT, .flags = (f) | GW_TIME_MS,                \
     .least = TIME_LEAST, .most = TIME_MOST}
#define INT(n, low, high, f)                                                                  \
    {.name = n, .name_len = LEN(n), .kind = GW_INT, .flags = f, .least = low, .most = high}
#define FLOAT(n, low, high)                                                                   \
    {.name = n, .name_len = LEN(n), .kind = GW_FLOAT, .least = low, .most = high}
#define MAP(n, s, f)  {.name = n, .name_len = LEN(n), .kind = GW_MAP, .flags = f, .shape = &s}
#define FREE(n)       {.name = n, .name_len = LEN(n), .kind = GW_MAP, .flags = GW_FREE}
#define LIST(n, s, most, f)                                                                   \
    {.name = n, .name_len = LEN(n), .kind = GW_ARRAY, .flags = f, .max = most, .shape = &s,   \
     .item = GW_MAP}
#define STRINGS(n, most) {.name = n, .name_len = LEN(n), .kind = GW_ARRAY, .max = most, .item = GW_STR}

#define BIT(n) (1ull << (n))
/* required: the rows' GW_REQUIRED flags as bits, by number; a test holds the two together */
#define SHAPE(var, label, required, ...)                                                                \
    static const struct gw_field var##_fields[] = {__VA_ARGS__};                              \
    const struct gw_shape var = {label, var##_fields,                                         \
                                 sizeof var##_fields / sizeof *var##_fields, required}
#define OWN_SHAPE(var, label, required, ...)                                                            \
    static const struct gw_field var##_fields[] = {__VA_ARGS__};                              \
    static const struct gw_shape var = {label, var##_fields,                                  \
                                        sizeof var##_fields / sizeof *var##_fields, required}

OWN_SHAPE(terminal, "terminal", 0, WORD("list", terminal_lists, 0), STR("code", 35, 0));
OWN_SHAPE(rail, "rail", 0, WORD("scheme", rail_schemes, 0), STR("code", 35, 0));
OWN_SHAPE(place, "place", 0, STR("node", 32, GW_ROUTABLE), STR("unlocode", 5, GW_ROUTABLE),
          STR("country", 2, GW_ROUTABLE), STR("name", 256, 0), MAP("terminal", terminal, 0),
          MAP("rail", rail, 0), STR("customs_office", 17, 0), FLOAT("lat", -90, 90),
          FLOAT("lon", -180, 180), STR("function", 64, 0), STR("raw", TEXT_MOST, 0));
OWN_SHAPE(journey, "journey", BIT(0), WORD("role", journey_roles, GW_REQUIRED), MAP("place", place, 0),
          TIME("time", 0), WORD("class", gw_event_classes, 0));
OWN_SHAPE(equipment, "equipment", 0, WORD("kind", gw_equipment_kinds, GW_ROUTABLE),
          STR("id", 17, GW_ROUTABLE), WORD("scheme", gw_equipment_schemes, 0),
          WORD("check", gw_equipment_checks, 0), STR("size_type", 10, 0),
          WORD("status", equipment_status, 0), WORD("load", equipment_load, 0), STR("on", 17, 0),
          STR("position", 35, 0));
OWN_SHAPE(measure, "measures", BIT(0), STR("kind", 64, GW_REQUIRED), FLOAT("value", 0, 0),
          STR("unit", 3, 0), TIME("time", 0), FLOAT("min", 0, 0), FLOAT("max", 0, 0));
OWN_SHAPE(seal, "seals", 0, STR("id", 35, 0), WORD("issuer", seal_issuers, 0),
          WORD("state", seal_states, 0), STR("kind", 64, 0));
OWN_SHAPE(reference, "references", BIT(0) | BIT(1), WORD("scheme", reference_schemes, GW_REQUIRED | GW_ROUTABLE),
          STR("value", 35, GW_REQUIRED | GW_ROUTABLE));
OWN_SHAPE(document, "document", 0, STR("kind", 64, 0), STR("code", 17, 0), STR("number", 64, 0),
          TIME("issued", 0), WORD("state", document_states, 0), STR("hash", 128, 0),
          INT("size", 0, INT64_MAX, 0));
OWN_SHAPE(means, "means", 0, STR("imo", 10, 0), STR("mmsi", 9, 0), STR("callsign", 10, 0),
          STR("name", 256, 0), STR("train", 35, 0), STR("train_date", 10, 0),
          STR("plate", 17, 0));
OWN_SHAPE(transport, "transport", 0, WORD("mode", gw_modes, GW_ROUTABLE), MAP("means", means, 0),
          STR("journey_no", 35, 0), STR("service", 64, 0), STR("carrier", 64, 0),
          WORD("stage", transport_stages, 0));
OWN_SHAPE(party, "parties", BIT(0), WORD("role", gw_party_roles, GW_REQUIRED | GW_ROUTABLE),
          STR("id", 64, GW_ROUTABLE), STR("scheme", 35, 0), STR("name", 256, 0),
          STR("country", 2, 0));
OWN_SHAPE(goods, "goods", 0, STR("hs", 18, 0), STR("nhm", 8, 0), STR("etsng", 8, 0),
          STR("un", 4, 0), STR("class", 8, 0), STR("packing_group", 4, 0),
          INT("packages", 0, INT64_MAX, 0), STR("package_kind", 2, 0),
          STR("description", TEXT_MOST, 0));
OWN_SHAPE(customs, "customs", 0, WORD("state", customs_states, 0), STR("procedure", 64, 0),
          STR("office", 17, 0), STR("mrn", 35, 0), STR("lrn", 35, 0),
          STR("reason", TEXT_MOST, 0));
OWN_SHAPE(cause, "cause", 0, WORD("scheme", cause_schemes, 0), STR("code", 35, 0),
          STR("text", TEXT_MOST, 0));
OWN_SHAPE(state, "state", 0, STR("list", 64, 0), STR("code", 64, 0), STR("text", TEXT_MOST, 0));
OWN_SHAPE(emissions, "emissions", 0, FLOAT("co2e_kg", 0, 0), STR("method", 64, 0), FREE("inputs"));
SHAPE(gw_shape_source, "source", 0, STR("operator", 32, GW_REQUIRED | GW_BY_GATEWAY | GW_ROUTABLE),
      STR("adapter", 32, GW_REQUIRED | GW_BY_GATEWAY), STR("format", 32, 0),
      STR("format_version", 32, 0), STR("message_type", 64, 0), STR("message_ref", 64, 0),
      STR("interchange_ref", 64, 0), INT("sequence", 0, INT64_MAX, 0), STR("event_ref", 64, 0),
      STR("sha256", 64, 0));
OWN_SHAPE(corrects, "corrects", 0, STRINGS("ids", 64), WORD("reason", correction_reasons, 0));
OWN_SHAPE(finding, "quality", BIT(0), STR("rule", 64, GW_REQUIRED), WORD("severity", severities, 0),
          STR("field", 128, 0), STR("raw", TEXT_MOST, 0));

SHAPE(gw_shape_event, "event", BIT(0) | BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(8), INT("schema", 1, 1, GW_REQUIRED),
      INT("seq", 1, INT64_MAX, GW_BY_GATEWAY), STR("id", 64, GW_REQUIRED),
      WORD("type", gw_event_types, GW_REQUIRED | GW_ROUTABLE),
      WORD("class", gw_event_classes, GW_REQUIRED | GW_ROUTABLE),
      WORD("subject", gw_subjects, GW_REQUIRED | GW_ROUTABLE),
      TIME("time", GW_REQUIRED | GW_ROUTABLE), INT("time_offset", -840, 840, 0),
      WORD("time_basis", gw_time_bases, GW_REQUIRED),
      WORD("time_precision", gw_time_precisions, 0), TIME("recorded", 0),
      TIME("received", GW_BY_GATEWAY), MAP("place", place, GW_ROUTABLE),
      MAP("place_from", place, 0), MAP("place_to", place, 0), LIST("journey", journey, 64, 0),
      LIST("equipment", equipment, 64, GW_ROUTABLE), LIST("measures", measure, 64, 0),
      LIST("seals", seal, 64, 0), LIST("references", reference, 64, GW_ROUTABLE),
      MAP("document", document, 0), MAP("transport", transport, GW_ROUTABLE),
      LIST("parties", party, 32, GW_ROUTABLE), LIST("goods", goods, 64, 0),
      MAP("customs", customs, 0), MAP("cause", cause, 0), MAP("state", state, 0),
      MAP("emissions", emissions, 0), MAP("source", gw_shape_source, GW_ROUTABLE),
      MAP("corrects", corrects, 0), LIST("quality", finding, 64, 0), FREE("ext"));
