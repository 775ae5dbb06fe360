/* tables.c - messages and code lists of TAF TSI, and what they mean as events.
 *
 * Source  ERA TAF TSI XML schema 3.5.2 (taf_cat_complete.xsd, taf_cat_codelists.xsd):
 * message types, RunningStatus, EventType, DelayCode, ConsignmentOrderType, CustomerType,
 *         TypeOfLoadUnitType; DelayCode is UIC leaflet 450-2.  Schema 2.1.6 and 3.x
 * before 3.5: the single wagon notices 5002 to 5016.  Types: the shared event schema. */
#include "adapters/taf/taf.h"

const struct taf_message taf_messages[] = {
    {"ConsignmentOrderMessage", "1000", "ConsignmentOrder", taf_order, NULL},
    {"TrainCompositionMessage", "3003", "TrainComposition", taf_composition, NULL},
    {"TrainDelayCauseMessage", "4001", "TrainDelayCause", taf_train_delay, NULL},
    {"TrainRunningForecastMessage", "4004", "TrainRunningForecast", taf_train_forecast,
     NULL},
    {"TrainRunningInformationMessage", "4005", "TrainRunningInformation",
     taf_train_running, NULL},
    {"TrainRunningInterruptionMessage", "4006", "TrainRunningInterruption",
     taf_train_interruption, NULL},
    {"WagonETI_ETA_Message", "5006", "WagonETI_ETA", taf_wagon_eta, NULL},
    {"WagonStatusMessages", "5020", "WagonStatus", taf_wagon_status, NULL},
    {"WagonArrivalNoticeMessage", "5002", "WagonArrivalNotice", taf_wagon_notice,
     "arrive"},
    {"WagonDeliveryNoticeMessage", "5003", "WagonDeliveryNotice", taf_wagon_notice,
     "delivered"},
    {"WagonDepartureNoticeMessage", "5004", "WagonDepartureNotice", taf_wagon_notice,
     "depart"},
    {"WagonExceptionMessage", "5007", "WagonException", taf_wagon_notice, "interruption"},
    {"WagonInterchangeNoticeMessage", "5009", "WagonInterchangeNotice", taf_wagon_notice,
     "handover"},
    {"WagonReceivedAtInterchangeMessage", "5012", "WagonReceivedAtInterchange",
     taf_wagon_notice, "handover"},
    {"WagonRefusedAtInterchangeMessage", "5013", "WagonRefusedAtInterchange",
     taf_wagon_notice, "hold"},
    {"WagonReleaseNoticeMessage", "5014", "WagonReleaseNotice", taf_wagon_notice,
     "available"},
    {"WagonYardArrivalMessage", "5015", "WagonYardArrival", taf_wagon_notice, "arrive"},
    {"WagonYardDepartureMessage", "5016", "WagonYardDeparture", taf_wagon_notice,
     "depart"},
    {"ErrorMessage", "9000", "Error", taf_error, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* TrainLocationStatus, list RunningStatus. */
const struct taf_code taf_running_status[] = {
    {"00", "position", "not specified"},
    {"01", "arrive", "arrival at destination"},
    {"02", "depart", "departure at origin"},
    {"03", "arrive", "intermediate arrival"},
    {"04", "depart", "intermediate departure"},
    {"05", "pass", "pass through"},
    {NULL, NULL, NULL},
};

/* EventType of WagonStatus (5020). */
const struct taf_code taf_wagon_event[] = {
    {"01", "depart", "left origin"},
    {"03", "depart", "departure"},
    {"04", "arrive", "arrival"},
    {"05", "arrive", "reached destination"},
    {"06", "interruption", "journey irregularity"},
    {"10", "available", "ready to pull"},
    {"13", "pass", "passed through"},
    {"14", "handover", "handed over"},
    {"15", "delivered", "delivered"},
    {"16", "other", "journey recovered"},
    {"20", "picked-up", "pulled"},
    {"24", "handover", "taken over"},
    {"60", "position", "GPS location"},
    {NULL, NULL, NULL},
};

/* DelayCode: UIC leaflet 450-2. */
const struct taf_code taf_delay_cause[] = {
    {"10", NULL, "timetable compilation"},
    {"11", NULL, "formation of trains by the infrastructure manager"},
    {"12", NULL, "mistake in operational procedures"},
    {"13", NULL, "wrong application of priority rules"},
    {"18", NULL, "staff, operations"},
    {"19", NULL, "other operational cause"},
    {"20", NULL, "signalling"},
    {"21", NULL, "signalling at a level crossing"},
    {"22", NULL, "telecommunication"},
    {"23", NULL, "power supply"},
    {"24", NULL, "track"},
    {"25", NULL, "structures"},
    {"28", NULL, "staff, infrastructure"},
    {"29", NULL, "other cause of infrastructure installations"},
    {"30", NULL, "planned construction work"},
    {"31", NULL, "irregularity in construction work"},
    {"32", NULL, "speed restriction, defective track"},
    {"39", NULL, "other cause of civil engineering"},
    {"40", NULL, "next infrastructure manager"},
    {"41", NULL, "previous infrastructure manager"},
    {"50", NULL, "stop time exceeded"},
    {"51", NULL, "request of the railway undertaking"},
    {"52", NULL, "loading"},
    {"53", NULL, "loading irregularity"},
    {"54", NULL, "commercial preparation of the train"},
    {"58", NULL, "staff, commercial"},
    {"59", NULL, "other commercial cause"},
    {"60", NULL, "roster planning"},
    {"61", NULL, "formation of trains by the railway undertaking"},
    {"62", NULL, "coaches"},
    {"63", NULL, "wagons"},
    {"64", NULL, "traction units"},
    {"68", NULL, "staff, rolling stock"},
    {"69", NULL, "other cause of rolling stock"},
    {"70", NULL, "next railway undertaking"},
    {"71", NULL, "previous railway undertaking"},
    {"80", NULL, "strike"},
    {"81", NULL, "administrative formalities"},
    {"82", NULL, "outside influence"},
    {"83", NULL, "weather and natural causes"},
    {"84", NULL, "external cause on the next network"},
    {"89", NULL, "other external cause"},
    {"90", NULL, "dangerous incident or accident"},
    {"91", NULL, "track occupied, the same train being late"},
    {"92", NULL, "track occupied, another train being late"},
    {"93", NULL, "turn round"},
    {"94", NULL, "connection"},
    {"95", NULL, "under investigation"},
    {NULL, NULL, NULL},
};

/* ConsignmentOrderType: the document event beside the instruction; NULL: instruction
 * alone. */
const struct taf_code taf_order_type[] = {
    {"ECN", "document-issued", "electronic consignment note"},
    {"ECTD", "document-issued", "data of a paper consignment note"},
    {"ECOM", "document-issued", "electronic consignment order"},
    {"EUTD", "document-amended", "update of the data of a paper consignment note"},
    {"ECOU", "document-amended", "update of an electronic consignment order"},
    {"CANCEL", "document-cancelled", "cancelled before the first hand-over"},
    {"EDTD", "document-cancelled", "deletion of the data of a paper consignment note"},
    {"ECOD", "document-cancelled", "deletion of an electronic consignment order"},
    {"DEL", "document-cancelled", "deleted for the receiving carrier"},
    {"PRN", "", "prior notification"},
    {"INFE", "", "information on an electronic consignment note"},
    {"INFP", "", "information on a paper consignment note"},
    {"NACK", "", "not acknowledged"},
    {NULL, NULL, NULL},
};

/* CustomerType to party role.  Freight payers have no role in the event. */
const struct taf_code taf_customer_type[] = {
    {"CR", "consignor", "consignor"},
    {"CE", "consignee", "consignee"},
    {NULL, NULL, NULL},
};

/* TypeOfLoadUnitType to equipment kind. */
const struct taf_code taf_load_unit[] = {
    {"00", "container", "unknown"},   {"01", "container", "container"},
    {"02", "swap-body", "swap body"}, {"03", "trailer", "semitrailer"},
    {"04", "truck", "truck"},         {NULL, NULL, NULL},
};
