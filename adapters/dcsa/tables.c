/* tables.c - DCSA's codes and fields, and what they are in the shared schema.
 *
 * Source  T22: DCSA Track & Trace 2.2.0 (OpenAPI document, TNT_v2.2.0)
 *         T30: DCSA Track & Trace 3.0.0 (conformance messages) and 3.0.0-Beta-1
 *         ED:  DCSA event domain 3.2.0;  IOT: IoT commercial events 1.0.0-Beta-1
 *         RFR: Reefer commercial events 1.0.0-Beta-1
 *         JIT: Just-in-Time port call 1.0 to 1.2;  PC: Port Call 2.0.0 */
#include "adapters/dcsa/parts.h"

const struct gw_dcsa_group gw_dcsa_groups[] = {
    {"EQUIPMENT", "equipmentEventTypeCode", "DCSA equipmentEventTypeCode", "equipment"},
    {"TRANSPORT", "transportEventTypeCode", "DCSA transportEventTypeCode", "transport"},
    {"SHIPMENT", "shipmentEventTypeCode", "DCSA shipmentEventTypeCode", NULL},
    {"IOT", "iotEventTypeCode", "DCSA iotEventTypeCode", "equipment"},
    {"REEFER", "reeferEventTypeCode", "DCSA reeferEventTypeCode", "equipment"},
    {"OPERATIONS", "operationsEventTypeCode", "DCSA operationsEventTypeCode",
     "transport"},
    {NULL, NULL, NULL, NULL}};

/* For writing, the first row with the type counts. */
const struct gw_dcsa_type gw_dcsa_types[] = {
    {"EQUIPMENT", "LOAD", NULL, "load"},                    /* T22 */
    {"EQUIPMENT", "DISC", NULL, "discharge"},               /* T22 */
    {"EQUIPMENT", "GTIN", NULL, "gate-in"},                 /* T22 */
    {"EQUIPMENT", "GTOT", NULL, "gate-out"},                /* T22 */
    {"EQUIPMENT", "STUF", NULL, "stuffed"},                 /* T22 */
    {"EQUIPMENT", "STRP", NULL, "stripped"},                /* T22 */
    {"EQUIPMENT", "PICK", NULL, "picked-up"},               /* T22 */
    {"EQUIPMENT", "DROP", NULL, "delivered"},               /* T22 */
    {"EQUIPMENT", "AVPU", NULL, "available"},               /* ED */
    {"EQUIPMENT", "AVDO", NULL, "available"},               /* ED */
    {"EQUIPMENT", "INSP", NULL, "customs-inspection"},      /* T22 */
    {"EQUIPMENT", "RSEA", NULL, "seal-replaced"},           /* T22 */
    {"EQUIPMENT", "RMVD", NULL, "discharge"},               /* T22 */
    {"EQUIPMENT", "CUSS", NULL, "customs-declared"},        /* ED */
    {"EQUIPMENT", "CUSI", NULL, "customs-hold"},            /* ED */
    {"EQUIPMENT", "CUSR", NULL, "customs-release"},         /* ED */
    {"EQUIPMENT", "CROS", NULL, "border-cross"},            /* ED */
    {"TRANSPORT", "ARRI", NULL, "arrive"},                  /* T22 */
    {"TRANSPORT", "DEPA", NULL, "depart"},                  /* T22 */
    {"SHIPMENT", "CONF", "BKG", "booked"},                  /* T22 */
    {"SHIPMENT", "ISSU", NULL, "document-issued"},          /* T22 */
    {"SHIPMENT", "SURR", NULL, "document-surrendered"},     /* T22 */
    {"SHIPMENT", "VOID", NULL, "document-cancelled"},       /* T22 */
    {"SHIPMENT", "REQS", NULL, "instruction"},              /* T22 */
    {"SHIPMENT", "HOLD", "CAS CUC CUS", "customs-hold"},    /* T22 */
    {"SHIPMENT", "RELS", "CAS CUC CUS", "customs-release"}, /* T22 */
    {"SHIPMENT", "HOLD", NULL, "hold"},                     /* T22 */
    {"SHIPMENT", "RELS", NULL, "release"},                  /* T22 */
    {"SHIPMENT", "CMPL", "BKG", "delivered"},               /* T22 */
    {"SHIPMENT", "CMPL", NULL, "other"},                    /* T22 */
    {"SHIPMENT", "RECE", NULL, "document-issued"},          /* T22 */
    {"SHIPMENT", "DRFT", NULL, "document-issued"},          /* T22 */
    {"SHIPMENT", "PENA", NULL, "document-issued"},          /* T22 */
    {"SHIPMENT", "PENU", NULL, "document-issued"},          /* T22 */
    {"SHIPMENT", "PENC", NULL, "document-issued"},          /* ED */
    {"SHIPMENT", "CONF", NULL, "document-issued"},          /* T22 */
    {"SHIPMENT", "REJE", NULL, "document-cancelled"},       /* T22 */
    {"SHIPMENT", "APPR", NULL, "document-issued"},          /* T22 */
    {"SHIPMENT", "SUBM", NULL, "document-issued"},          /* T22 */
    {"SHIPMENT", "CANC", NULL, "document-cancelled"},       /* ED */
    {"IOT", "DETC", NULL, "alert"},         /* IOT; position: see event.c */
    {"REEFER", "MEAS", NULL, "condition"},  /* RFR */
    {"REEFER", "ADJU", NULL, "condition"},  /* RFR: a set point was changed */
    {"OPERATIONS", "ARRI", NULL, "arrive"}, /* JIT; not actual: eta-update */
    {"OPERATIONS", "DEPA", NULL, "depart"}, /* JIT; not actual: eta-update */
    {NULL, NULL, NULL, NULL}};

const struct gw_dcsa_word gw_dcsa_classes[] = {{"ACT", "actual"},    /* T22 */
                                               {"EST", "estimated"}, /* T22 */
                                               {"PLN", "planned"},   /* T22 */
                                               {"REQ", "requested"}, /* JIT */
                                               {NULL, NULL}};
const struct gw_dcsa_word gw_dcsa_modes[] = {
    {"VESSEL", "sea"}, {"RAIL", "rail"}, /* T22 */
    {"TRUCK", "road"}, {"BARGE", "inland-water"}, {"MULTIMODAL", "multimodal"},
    {NULL, NULL}};
const struct gw_dcsa_word gw_dcsa_loads[] = {
    {"LADEN", "laden"}, {"EMPTY", "empty"}, {NULL, NULL}}; /* T22 */
const struct gw_dcsa_word gw_dcsa_statuses[] = {{"EXPORT", "export"},
                                                {"IMPORT", "import"},
                                                {"TRANSSHIPMENT", "transshipment"},
                                                {NULL, NULL}}; /* T30 */
const struct gw_dcsa_word gw_dcsa_terminals[] = {
    {"SMDG", "smdg"}, {"BIC", "bic"}, {NULL, NULL}}; /* T22 */
const struct gw_dcsa_word gw_dcsa_seal_sources[] = {
    {"CAR", "carrier"}, {"SHI", "shipper"}, {"CUS", "customs"}, {"VET", "veterinary"},
    {"PHY", "other"},   {NULL, NULL}}; /* T22: carrier, shipper, customs, veterinary,
                                          phytosanitary */
const struct gw_dcsa_word gw_dcsa_references[] = {{"BKG", "booking"},
                                                  {"TRD", "bill-of-lading"},
                                                  {"PO", "order"}, /* T22 */
                                                  {NULL, NULL}};
const struct gw_dcsa_word gw_dcsa_roles[] = {{"CA", "carrier"},
                                             {"TR", "terminal"}, /* ED, party function */
                                             {NULL, NULL}};
const struct gw_dcsa_word gw_dcsa_document_states[] = {{"ISSU", "issued"},
                                                       {"SURR", "surrendered"},
                                                       {"VOID", "void"}, /* T22 */
                                                       {NULL, NULL}};

const struct gw_dcsa_where gw_dcsa_areas[GW_DCSA_AREAS] = {
    [GW_DCSA_BODY] = {{"", NULL}, "", "", ""},
    [GW_DCSA_PLACE] = {{"eventLocation", "transportCall.location", "geoLocation",
                        "transportCall", "portCallService.serviceLocation", "portCall",
                        ""},
                       "eventLocation.",
                       "eventLocation.",
                       "eventLocation."},
    [GW_DCSA_CALLED] = {{"transportCall", "transportDetails.transportCall",
                         "terminalCall", "", NULL},
                        "transportCall.",
                        "transportDetails.transportCall.",
                        ""},
    [GW_DCSA_VESSEL] = {{"transportCall.vessel",
                         "transportDetails.transportCall.vesselTransport", "vessel", "",
                         NULL},
                        "transportCall.vessel.",
                        "transportDetails.transportCall.vesselTransport.",
                        "vessel."},
    [GW_DCSA_EQUIPMENT] = {{"equipmentDetails", "", NULL}, "", "equipmentDetails.", ""}};

#define CARRIED(key) key, key, key

const struct gw_dcsa_field gw_dcsa_fields[] = {
    {"place.unlocode",
     GW_DCSA_PLACE,
     {"UNLocationCode"},
     CARRIED("UNLocationCode"),
     NULL,
     0},
    {"place.name", GW_DCSA_PLACE, {"locationName"}, CARRIED("locationName"), NULL, 0},
    {"place.country",
     GW_DCSA_PLACE,
     {"address.countryCode"},
     NULL,
     "address.countryCode",
     NULL,
     NULL,
     0},
    {"place.terminal.code",
     GW_DCSA_PLACE,
     {"facilityCode", "facility.facilityCode", "facilitySMDGCode"},
     "facilityCode",
     "facility.facilityCode",
     "facilityCode",
     NULL,
     0},
    {"place.terminal.list",
     GW_DCSA_PLACE,
     {"facilityCodeListProvider", "facility.facilityCodeListProvider"},
     "facilityCodeListProvider",
     "facility.facilityCodeListProvider",
     "facilityCodeListProvider",
     gw_dcsa_terminals,
     0},
    {"place.lat",
     GW_DCSA_PLACE,
     {"latitude", "geoCoordinate.latitude"},
     "latitude",
     "geoCoordinate.latitude",
     "latitude",
     NULL,
     GW_DCSA_DEGREES},
    {"place.lon",
     GW_DCSA_PLACE,
     {"longitude", "geoCoordinate.longitude"},
     "longitude",
     "geoCoordinate.longitude",
     "longitude",
     NULL,
     GW_DCSA_DEGREES},
    {"equipment.size_type",
     GW_DCSA_EQUIPMENT,
     {"ISOEquipmentCode"},
     CARRIED("ISOEquipmentCode"),
     NULL,
     0},
    {"equipment.load",
     GW_DCSA_EQUIPMENT,
     {"emptyIndicatorCode"},
     CARRIED("emptyIndicatorCode"),
     gw_dcsa_loads,
     0},
    {"equipment.status",
     GW_DCSA_EQUIPMENT,
     {"movementType"},
     NULL,
     "movementType",
     NULL,
     gw_dcsa_statuses,
     0},
    {"transport.mode",
     GW_DCSA_CALLED,
     {"modeOfTransport"},
     CARRIED("modeOfTransport"),
     gw_dcsa_modes,
     0},
    {"transport.journey_no",
     GW_DCSA_CALLED,
     {"exportVoyageNumber", "carrierExportVoyageNumber", "carrierVoyageNumber",
      "exportVoyageNumberOrReference.carrierVoyageNumber"},
     "exportVoyageNumber",
     "exportVoyageNumberOrReference.carrierVoyageNumber",
     "carrierExportVoyageNumber",
     NULL,
     0},
    {"transport.service",
     GW_DCSA_CALLED,
     {"carrierServiceCode", "serviceCodeOrReference.carrierServiceCode"},
     "carrierServiceCode",
     "serviceCodeOrReference.carrierServiceCode",
     "carrierServiceCode",
     NULL,
     0},
    {"transport.carrier",
     GW_DCSA_VESSEL,
     {"vesselOperatorCarrierCode", "operatorCarrierCode"},
     CARRIED("vesselOperatorCarrierCode"),
     NULL,
     0},
    {"transport.means.imo",
     GW_DCSA_VESSEL,
     {"vesselIMONumber"},
     CARRIED("vesselIMONumber"),
     NULL,
     0},
    {"transport.means.mmsi",
     GW_DCSA_VESSEL,
     {"vesselMMSINumber", "MMSINumber"},
     NULL,
     "vesselMMSINumber",
     NULL,
     NULL,
     0},
    {"transport.means.name",
     GW_DCSA_VESSEL,
     {"vesselName", "name"},
     CARRIED("vesselName"),
     NULL,
     0},
    {"transport.means.callsign",
     GW_DCSA_VESSEL,
     {"vesselCallSignNumber", "vesselCallSign", "callSign"},
     "vesselCallSignNumber",
     "vesselCallSign",
     "vesselCallSignNumber",
     NULL,
     0},
    {"place.function",
     GW_DCSA_BODY,
     {"eventLocation.facilityTypeCode", "transportCall.facilityTypeCode",
      "facilityTypeCode", "portCallService.facilityTypeCode"},
     "transportCall.facilityTypeCode",
     "eventLocation.facilityTypeCode",
     "facilityTypeCode",
     NULL,
     0},
    {"cause.code",
     GW_DCSA_BODY,
     {"delayReasonCode", "timestamp.delayReasonCodes[0]"},
     CARRIED("delayReasonCode"),
     NULL,
     0},
    {"cause.text",
     GW_DCSA_BODY,
     {"changeRemark", "remark", "timestamp.remark"},
     "changeRemark",
     "changeRemark",
     "remark",
     NULL,
     0},
    {"state.text",
     GW_DCSA_BODY,
     {"reason", "shipmentDetails.reason"},
     "reason",
     "shipmentDetails.reason",
     NULL,
     NULL,
     0},
    /* what the schema has no field for, but a partner may ask for */
    {"ext.dcsa.transportCallReference",
     GW_DCSA_CALLED,
     {"transportCallReference", "transportCallID", "terminalCallReference"},
     "transportCallID",
     "transportCallReference",
     NULL,
     NULL,
     0},
    {"ext.dcsa.importVoyageNumber",
     GW_DCSA_CALLED,
     {"importVoyageNumber", "carrierImportVoyageNumber",
      "importVoyageNumberOrReference.carrierVoyageNumber"},
     "importVoyageNumber",
     "importVoyageNumberOrReference.carrierVoyageNumber",
     "carrierImportVoyageNumber",
     NULL,
     0},
    {"ext.dcsa.universalServiceReference",
     GW_DCSA_CALLED,
     {"universalServiceReference", "serviceCodeOrReference.universalServiceReference"},
     "universalServiceReference",
     "serviceCodeOrReference.universalServiceReference",
     NULL,
     NULL,
     0},
    {"ext.dcsa.transportCallSequenceNumber",
     GW_DCSA_CALLED,
     {"transportCallSequenceNumber", "sequenceNumber"},
     CARRIED("transportCallSequenceNumber"),
     NULL,
     GW_DCSA_COUNT},
    {"ext.dcsa.vesselFlag",
     GW_DCSA_VESSEL,
     {"vesselFlag", "flag"},
     CARRIED("vesselFlag"),
     NULL,
     0},
    {"ext.dcsa.vesselOperatorCarrierCodeListProvider",
     GW_DCSA_VESSEL,
     {"vesselOperatorCarrierCodeListProvider", "operatorCarrierCodeListProvider"},
     CARRIED("vesselOperatorCarrierCodeListProvider"),
     NULL,
     0},
    {"ext.dcsa.iotEventCode",
     GW_DCSA_BODY,
     {"iotEventCode", "iotDetails.iotEventCode"},
     "iotEventCode",
     "iotDetails.iotEventCode",
     NULL,
     NULL,
     0},
    {"ext.dcsa.portCallServiceTypeCode",
     GW_DCSA_BODY,
     {"portCallServiceTypeCode", "portCallService.portCallServiceTypeCode"},
     NULL,
     NULL,
     "portCallServiceTypeCode",
     NULL,
     0},
    {"ext.dcsa.portCallPhaseTypeCode",
     GW_DCSA_BODY,
     {"portCallPhaseTypeCode", "portCallService.portCallPhaseTypeCode"},
     NULL,
     NULL,
     "portCallPhaseTypeCode",
     NULL,
     0},
    {NULL, 0, {NULL}, NULL, NULL, NULL, NULL, 0}};

const struct gw_dcsa_measure gw_dcsa_measures[] = {
    /* RFR */
    {"measurements.temperature", "temperature", NULL, "measurements.temperatureUnit",
     GW_DCSA_BETA},
    {"measurements.ambientTemperature", "ambient", NULL, "measurements.temperatureUnit",
     GW_DCSA_BETA},
    {"measurements.humidity", "humidity", "P1", NULL, GW_DCSA_BETA},
    {"measurements.o2", "o2", "P1", NULL, GW_DCSA_BETA},
    {"measurements.co2", "co2", "P1", NULL, GW_DCSA_BETA},
    {"measurements.airExchange", "air-exchange", NULL, "measurements.airExchangeUnit",
     GW_DCSA_BETA},
    {"setpoints.temperature", "temperature-set", NULL, "setpoints.temperatureUnit",
     GW_DCSA_BETA},
    {"setpoints.humidity", "humidity-set", "P1", NULL, GW_DCSA_BETA},
    {"setpoints.o2", "o2-set", "P1", NULL, GW_DCSA_BETA},
    {"setpoints.co2", "co2-set", "P1", NULL, GW_DCSA_BETA},
    {"setpoints.airExchange", "air-exchange-set", NULL, "setpoints.airExchangeUnit",
     GW_DCSA_BETA},
    /* T30 */
    {"reeferDetails.internalMeasuredTemperature", "temperature", NULL,
     "reeferDetails.temperatureUnit", GW_DCSA_30},
    {"reeferDetails.ambientMeasuredTemperature", "ambient", NULL,
     "reeferDetails.temperatureUnit", GW_DCSA_30},
    {"reeferDetails.measuredParameters.humidityPercentage", "humidity", "P1", NULL,
     GW_DCSA_30},
    {"reeferDetails.measuredParameters.o2Percentage", "o2", "P1", NULL, GW_DCSA_30},
    {"reeferDetails.measuredParameters.co2Percentage", "co2", "P1", NULL, GW_DCSA_30},
    {"reeferDetails.internalSetpointTemperature", "temperature-set", NULL,
     "reeferDetails.temperatureUnit", GW_DCSA_30},
    {"reeferDetails.setpointParameters.humidityPercentage", "humidity-set", "P1", NULL,
     GW_DCSA_30},
    {"reeferDetails.setpointParameters.o2Percentage", "o2-set", "P1", NULL, GW_DCSA_30},
    {"reeferDetails.setpointParameters.co2Percentage", "co2-set", "P1", NULL, GW_DCSA_30},
    {NULL, NULL, NULL, NULL, 0}};

const char *const gw_dcsa_known[] = {"eventID",
                                     "eventCreatedDateTime",
                                     "eventUpdatedDateTime",
                                     "eventType",
                                     "eventClassifierCode",
                                     "eventClassification",
                                     "eventDateTime",
                                     "equipmentEventTypeCode",
                                     "transportEventTypeCode",
                                     "shipmentEventTypeCode",
                                     "iotEventTypeCode",
                                     "iotEventCode",
                                     "reeferEventTypeCode",
                                     "operationsEventTypeCode",
                                     "portCallServiceTypeCode",
                                     "portCallPhaseTypeCode",
                                     "equipmentReference",
                                     "ISOEquipmentCode",
                                     "emptyIndicatorCode",
                                     "isTransshipmentMove",
                                     "eventLocation",
                                     "geoLocation",
                                     "transportCall",
                                     "transportDetails",
                                     "equipmentDetails",
                                     "shipmentDetails",
                                     "iotDetails",
                                     "reeferDetails",
                                     "measurements",
                                     "setpoints",
                                     "documentReferences",
                                     "relatedDocumentReferences",
                                     "references",
                                     "seals",
                                     "documentID",
                                     "documentTypeCode",
                                     "reason",
                                     "delayReasonCode",
                                     "changeRemark",
                                     "remark",
                                     "publisher",
                                     "publisherRole",
                                     "eventRouting",
                                     "vessel",
                                     "vesselIMONumber",
                                     "UNLocationCode",
                                     "facilityTypeCode",
                                     "facilitySMDGCode",
                                     "modeOfTransport",
                                     "carrierVoyageNumber",
                                     "carrierExportVoyageNumber",
                                     "carrierImportVoyageNumber",
                                     "carrierServiceCode",
                                     "transportCallSequenceNumber",
                                     "portCall",
                                     "terminalCall",
                                     "portCallService",
                                     "timestamp",
                                     "metadata",
                                     "payload",
                                     NULL};

const char *gw_dcsa_ours(const struct gw_dcsa_word *list, struct gw_slice theirs)
{
    for (; list->theirs; list++)
        if (gw_slice_is(theirs, list->theirs))
            return list->ours;
    return NULL;
}

const char *gw_dcsa_theirs(const struct gw_dcsa_word *list, struct gw_slice ours)
{
    for (; list->theirs; list++)
        if (gw_slice_is(ours, list->ours))
            return list->theirs;
    return NULL;
}
