/* tables.c - messages and code lists of NCTS phase 5, and what they mean as events.
 *
 * Source  European Commission, NCTS phase 5 technical specifications (DDNTA), messages
 * CCxxxC and code lists CL750, CL218, CL754 (values); eTIR: UNECE eTIR specifications,
 * message numbers only, experimental: no public instances exist.  Types: the shared
 * schema. */
#include "adapters/ncts/ncts.h"

#define DEPARTURE   "CustomsOfficeOfDeparture"
#define DESTINATION "CustomsOfficeOfDestinationActual"

const struct ncts_message ncts_messages[] = {
    {"CC004C", "document-amended", NULL, "accepted", DEPARTURE,
     "amendmentAcceptanceDateAndTime", "amendment accepted", NULL},
    {"CC007C", "arrive", "consignment", "in-transit", DESTINATION,
     "arrivalNotificationDateAndTime", "arrival notification", NULL},
    {"CC009C", "document-cancelled", NULL, NULL, DEPARTURE, "decisionDateAndTime",
     "invalidation decision", "cancel"},
    {"CC013C", "document-amended", NULL, "declared", DEPARTURE, NULL,
     "declaration amendment", "amend"},
    {"CC014C", "document-cancelled", NULL, NULL, DEPARTURE, "requestDateAndTime",
     "invalidation request", "cancel"},
    {"CC015C", "customs-declared", NULL, "declared", DEPARTURE, NULL, "declaration",
     NULL},
    {"CC019C", "customs-hold", NULL, "held", DEPARTURE, "discrepanciesNotificationDate",
     "discrepancies", NULL},
    {"CC022C", "customs-hold", NULL, "held", DEPARTURE, NULL, "notification to amend",
     NULL},
    {"CC025C", "transit-end", NULL, "released", DESTINATION, "releaseDate",
     "goods release", NULL},
    {"CC028C", "customs-declared", NULL, "accepted", DEPARTURE,
     "declarationAcceptanceDate", "MRN allocated", NULL},
    {"CC029C", "transit-start", NULL, "in-transit", DEPARTURE, "releaseDate",
     "release for transit", NULL},
    {"CC035C", "other", "consignment", NULL, DEPARTURE, "recoveryNotificationDate",
     "recovery notification", NULL},
    {"CC043C", "customs-inspection", NULL, "under-control", DESTINATION, NULL,
     "unloading permission", NULL},
    {"CC044C", "customs-inspection", NULL, "under-control", DESTINATION, "unloadingDate",
     "unloading remarks", NULL},
    {"CC045C", "transit-end", NULL, "written-off", DEPARTURE, "writeOffDate", "write-off",
     NULL},
    {"CC051C", "customs-refused", NULL, "refused", DEPARTURE, NULL,
     "no release for transit", NULL},
    {"CC055C", "customs-hold", NULL, "held", DEPARTURE, NULL, "guarantee not valid",
     NULL},
    {"CC056C", "customs-refused", NULL, "refused", DEPARTURE, "rejectionDateAndTime",
     "rejection from the office of departure", NULL},
    {"CC057C", "customs-refused", NULL, "refused", DESTINATION, "rejectionDateAndTime",
     "rejection from the office of destination", NULL},
    {"CC060C", "customs-hold", NULL, "under-control", DEPARTURE,
     "controlNotificationDateAndTime", "control decision", NULL},
    {"CC141C", "other", "consignment", NULL, DEPARTURE, NULL,
     "information about a non-arrived movement", NULL},
    {"CC170C", "customs-declared", NULL, "declared", DEPARTURE, NULL,
     "presentation of a pre-lodged declaration", NULL},
    {"CC182C", "interruption", "consignment", "in-transit",
     "CustomsOfficeOfIncidentRegistration", "incidentNotificationDateAndTime", "incident",
     NULL},
    {"CC906C", "technical-error", NULL, NULL, DEPARTURE, NULL, "functional error", NULL},
    {"CC917C", "technical-error", NULL, NULL, DEPARTURE, NULL, "XML error", NULL},
    {"CC928C", "technical-ack", NULL, NULL, DEPARTURE, NULL, "positive acknowledgement",
     NULL},
    /* eTIR, experimental: element names of the parts as far as they are NCTS's */
    {"E9", "customs-declared", NULL, "declared", DEPARTURE, NULL, "eTIR advance data",
     NULL},
    {"I7", "customs-declared", NULL, "accepted", DEPARTURE, NULL,
     "eTIR record declaration", NULL},
    {"I9", "transit-start", NULL, "in-transit", DEPARTURE, NULL,
     "eTIR start of operation", NULL},
    {"I11", "transit-end", NULL, "discharged", DESTINATION, NULL,
     "eTIR termination of operation", NULL},
    {"I13", "transit-end", NULL, "discharged", DESTINATION, NULL,
     "eTIR discharge of operation", NULL},
    {"I15", "other", "consignment", NULL, DEPARTURE, NULL, "eTIR notification", NULL},
    {"I17", "customs-refused", NULL, "refused", DEPARTURE, NULL,
     "eTIR refusal to start operation", NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

/* CL754, transport documents: N and the UNTDID 1001 code. */
const struct ncts_code ncts_documents[] = {
    {"N703", "house-bill"},
    {"N704", "bill-of-lading"},
    {"N705", "bill-of-lading"},
    {"N714", "house-bill"},
    {"N720", "cim"},
    {"N722", "smgs"},
    {"N730", "cmr"},
    {"N740", "waybill"},
    {"N741", "waybill"},
    {"N787", "bill-of-lading"},
    {"N952", "tir-carnet"},
    {NULL, NULL},
};

/* CL218, modes of transport: Recommendation 19. */
const struct ncts_code ncts_modes[] = {
    {"1", "sea"},   {"2", "rail"},         {"3", "road"}, {"4", "air"},
    {"7", "fixed"}, {"8", "inland-water"}, {NULL, NULL},
};

/* CL750, type of identification of the means of transport. */
const struct ncts_code ncts_means[] = {
    {"10", "imo"},   {"11", "name"},    {"20", "wagon"}, {"21", "train"},
    {"30", "plate"}, {"31", "trailer"}, {"40", "name"},  {"41", "name"},
    {"80", "name"},  {"81", "name"},    {NULL, NULL},
};
