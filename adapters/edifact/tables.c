/* tables.c - the code lists of the messages as data. */
#include "adapters/edifact/tables.h"

bool gw_edi_among(struct gw_slice s, const char *list)
{
    while (s.len && *list) {
        size_t n = strcspn(list, " ");
        if (n == s.len && memcmp(list, s.at, n) == 0)
            return true;
        list += n + (list[n] == ' ');
    }
    return false;
}

#define D95B  "UN/EDIFACT D.95B 1001"
#define D00B  "UN/EDIFACT D.00B 1001"
#define SMDG  "SMDG user manual, D.95B use of 1001"
#define ITIGG "ITIGG/SMDG container messages, D.00B"

/* clang-format off */
static const struct gw_edi_bgm bgm[] = {
    {"CODECO", "34",  "gate-in",  NULL, SMDG},
    {"CODECO", "36",  "gate-out", NULL, SMDG},
    {"CODECO", "109", "gate-in",  NULL, ITIGG},
    {"CODECO", "266", "weighed",  NULL, ITIGG},
    {"COARRI", "44",  "discharge", NULL, SMDG},
    {"COARRI", "46",  "load",      NULL, SMDG},
    {"COARRI", "98",  "arrive",    NULL, SMDG},
    {"COARRI", "119", "discharge", NULL, ITIGG},
    {"COARRI", "122", "load",      NULL, ITIGG},
    {"COARRI", "270", "discharge", NULL, ITIGG},
    {"COPRAR", "43",  "plan-position", "discharge list", SMDG},
    {"COPRAR", "45",  "plan-position", "load list",      SMDG},
    {"COPRAR", "118", "plan-position", "discharge list", ITIGG},
    {"COPRAR", "121", "plan-position", "load list",      ITIGG},
    {"COPARN", "11",  "instruction", "container announcement", SMDG},
    {"COPARN", "12",  "instruction", "empty release order",    SMDG},
    {"COPARN", "108", "instruction", "empty release order",    ITIGG},
    {"COPARN", "126", "instruction", "acceptance order",       ITIGG},
    {"COPARN", "129", "instruction", "release order",          ITIGG},
    {"COREOR", "129", "instruction", "release order",          ITIGG},
    {"IFTMIN", "340", "instruction", "shipping instructions",  D95B},
    {"IFTMIN", "610", "instruction", "forwarding instructions", D95B},
    {"IFTMIN", "701", "instruction", "universal transport document, CIM/SMGS", D00B},
    {"IFTMIN", "720", "instruction", "rail consignment note",  D95B},
    {"IFTMIN", "722", "instruction", "SMGS road list",         D95B},
    {"IFTMCS", "701", "document-issued", "universal transport document", D00B},
    {"IFTMCS", "705", "document-issued", "bill of lading",     D95B},
    {"IFTMCS", "710", "document-issued", "sea waybill",        D95B},
    {"IFTMCS", "720", "document-issued", "rail consignment note", D95B},
    {"IFTMCS", "730", "document-issued", "road consignment note", D95B},
    {"IFTMCS", "765", "document-issued", "multimodal transport document", D95B},
    {"IFTMBC", "770", "booked", "booking confirmation", D95B},
    {"IFTMBF", "335", "booked", "booking request",      D95B},
    {"IFTMAN", "781", "arrive", "arrival notice",       D95B},
    {"CUSCAR", "85",  "customs-declared", "customs manifest", D95B},
    {"CUSCAR", "785", "customs-declared", "cargo manifest",   D95B},
    {"VERMAS", "749", "weighed", "mass declaration",          "UN/EDIFACT D.16A 1001"},
};

#define G7365 "UN/EDIFACT D.95B 7365"
static const struct gw_edi_gis gis[] = {
    {"1",  "customs-declared",   "message content accepted", G7365},
    {"2",  "customs-refused",    "message content rejected with comment", G7365},
    {"3",  "customs-refused",    "message content rejected without comment", G7365},
    {"4",  "customs-release",    "goods released", G7365},
    {"5",  "customs-inspection", "goods required for examination", G7365},
    {"7",  "customs-hold",       "goods detained", G7365},
    {"6",  "customs-hold",       "documents to be produced", G7365},
    {"8",  "transit-start",      "goods may move under customs transfer", G7365},
    {"9",  "customs-declared",   "declaration accepted awaiting goods arrival", G7365},
    {"14", "customs-refused",    "error message", G7365},
};

/* The first row with a scheme, of the mode where one is named, is the one written. */
static const struct gw_edi_note_kind notes[] = {
    {"705", "bill-of-lading", NULL, D95B}, {"704", "bill-of-lading", NULL, D95B},
    {"706", "bill-of-lading", NULL, D95B}, {"714", "bill-of-lading", NULL, D95B},
    {"710", "waybill", "sea",  D95B},      {"720", "waybill", "rail", D95B},
    {"740", "waybill", "air",  D95B},      {"741", "waybill", "air",  D95B},
    {"765", "waybill", NULL,   D95B},      {"703", "waybill", NULL,   D95B},
    {"722", "smgs",    NULL,   D95B},      {"701", "smgs",    NULL,   D00B},
    {"730", "cmr",     NULL,   D95B},
};

#define DTM "UN/EDIFACT D.00B 2005"
#define OWN "private to its senders"
static const struct gw_edi_dtm_use dtm[] = {
    {"203", GW_EDI_TIME_EVENT,   "actual",    "execution", DTM},
    {"7",   GW_EDI_TIME_EVENT,   "actual",    "effective", DTM},
    {"334", GW_EDI_TIME_EVENT,   "actual",    "status change", DTM},
    {"137", GW_EDI_TIME_MESSAGE, "actual",    "document or message", DTM},
    {"132", GW_EDI_TIME_ARRIVE,  "estimated", "arrival, estimated", DTM},
    {"133", GW_EDI_TIME_DEPART,  "estimated", "departure, estimated", DTM},
    {"178", GW_EDI_TIME_ARRIVE,  "actual",    "arrival, actual", DTM},
    {"186", GW_EDI_TIME_DEPART,  "actual",    "departure, actual", DTM},
    {"136", GW_EDI_TIME_DEPART,  "actual",    "departure", DTM},
    {"151", GW_EDI_TIME_ARRIVE,  "actual",    "arrival", "UN/EDIFACT D.95B 2005"},
    {"232", GW_EDI_TIME_ARRIVE,  "planned",   "arrival, scheduled", DTM},
    {"189", GW_EDI_TIME_DEPART,  "planned",   "departure, scheduled", DTM},
    {"191", GW_EDI_TIME_ARRIVE,  "estimated", "delivery, expected", DTM},
    {"2",   GW_EDI_TIME_ARRIVE,  "requested", "delivery, requested", DTM},
    {"10",  GW_EDI_TIME_DEPART,  "requested", "shipment, requested", DTM},
    {"11",  GW_EDI_TIME_DEPART,  "actual",    "despatch", DTM},
    {"196", GW_EDI_TIME_DEPART,  "planned",   "departure, earliest", DTM},
    {"234", GW_EDI_TIME_DEPART,  "planned",   "collection, earliest", DTM},
    {"252", GW_EDI_TIME_ARRIVE,  "actual",    "arrival at first port", DTM},
    {"253", GW_EDI_TIME_DEPART,  "actual",    "departure from last port", DTM},
    {"143", GW_EDI_TIME_EVENT,   "actual",    "acceptance of goods", DTM},
    {"181", GW_EDI_TIME_EVENT,   "actual",    "activity", DTM},
    {"ACT", GW_EDI_TIME_EVENT,   "actual",    "activity", OWN},
    {"200", GW_EDI_TIME_EVENT,   "actual",    "pick-up", DTM},
    {"201", GW_EDI_TIME_EVENT,   "planned",   "release of equipment", DTM},
    {"204", GW_EDI_TIME_EVENT,   "actual",    "customs release", DTM},
    {"411", GW_EDI_TIME_EVENT,   "actual",    "stuffing", DTM},
    {"194", GW_EDI_TIME_EVENT,   "actual",    "start", DTM},
    {"9",   GW_EDI_TIME_EVENT,   "reported",  "processing", DTM},
    {"182", GW_EDI_TIME_ISSUED,  "actual",    "issue", DTM},
    {"WAT", GW_EDI_TIME_WEIGHED, "actual",    "weighing", "SMDG VERMAS manual"},
    {"40E", GW_EDI_TIME_EVENT,   "actual",    "status", "EANCOM IFTSTA, older use"},
    {"171", GW_EDI_TIME_OTHER,   "actual",    "reference", DTM},
    {"180", GW_EDI_TIME_OTHER,   "planned",   "closing", DTM},
    {"36",  GW_EDI_TIME_OTHER,   "planned",   "expiry", DTM},
};

#define L3227 "UN/EDIFACT D.00B 3227"
#define SMGS "OSJD IFTMIN D.97A"
static const struct gw_edi_word loc_role[] = {
    {"9",   "loading",   L3227}, {"6",  "loading", "SMDG BAPLIE 1.5"},
    {"11",  "discharge", L3227}, {"12", "discharge", "SMDG BAPLIE 1.5"},
    {"13",  "transshipment", L3227},
    {"88",  "origin",    L3227}, {"5",  "origin",  L3227}, {"10", "origin", L3227},
    {"76",  "origin",    L3227}, {"80", "origin",  L3227}, {"84", "origin", L3227},
    {"7",   "delivery",  L3227}, {"83", "delivery", L3227}, {"85", "delivery", L3227},
    {"8",   "final",     L3227}, {"20", "final",   L3227}, {"65", "final", L3227},
    {"17",  "border",    L3227}, {"42", "border",  SMGS},
};

#define R1153 "UN/EDIFACT D.00B 1153"
static const struct gw_edi_word rff_scheme[] = {
    {"BN",  "booking",        R1153}, {"BM",  "bill-of-lading", R1153},
    {"MB",  "bill-of-lading", R1153}, {"BH",  "house-bill",     R1153},
    {"HWB", "house-bill",     R1153}, {"AAM", "waybill",        R1153},
    {"AAS", "waybill",        R1153}, {"AWB", "waybill",        R1153},
    {"CMR", "cmr",            R1153}, {"ABT", "mrn",            R1153},
    {"ZMR", "mrn",            OWN},   {"ON",  "order",          R1153},
    {"RE",  "release",        R1153}, {"UCN", "ucr",            R1153},
};

#define N3035 "UN/EDIFACT D.00B 3035"
static const struct gw_edi_word nad_role[] = {
    {"CA", "carrier",   N3035}, {"CF", "operator",  N3035}, {"CZ", "consignor", N3035},
    {"CN", "consignee", N3035}, {"FW", "forwarder", N3035}, {"NI", "notify",    N3035},
    {"N1", "notify",    N3035}, {"CM", "customs",   N3035}, {"TR", "terminal",  N3035},
    {"CW", "keeper",    SMGS},  {"MS", "sender",    N3035}, {"MR", "receiver",  N3035},
    {"CS", "consignor", N3035}, {"OS", "consignor", N3035}, {"FP", "forwarder", N3035},
};

#define REC19 "UN/CEFACT Recommendation 19"
static const struct gw_edi_word mode[] = {
    {"1", "sea",  REC19}, {"2", "rail",       REC19}, {"3", "road",  REC19},
    {"4", "air",  REC19}, {"6", "multimodal", REC19}, {"7", "fixed", REC19},
    {"8", "inland-water", REC19},
    {"10", "sea", "UN/EDIFACT 8067, old two-digit use"},
    {"20", "rail", "UN/EDIFACT 8067, old two-digit use"},
    {"30", "road", "UN/EDIFACT 8067, old two-digit use"},
    {"40", "air", "UN/EDIFACT 8067, old two-digit use"},
    {"03", "road", "US customs manifest"},
};

#define T8051 "UN/EDIFACT D.00B 8051"
static const struct gw_edi_word stage[] = {
    {"20", "main", T8051}, {"10", "pre", T8051}, {"30", "on", T8051},
    {"21", "main", SMGS},
};

#define E8053 "UN/EDIFACT D.00B 8053"
static const struct gw_edi_word eqd_kind[] = {
    {"CN", "container", E8053}, {"RR", "wagon",     E8053}, {"TE", "trailer", E8053},
    {"CH", "trailer",   E8053}, {"SW", "swap-body", E8053}, {"UL", "uld",     E8053},
    {"TR", "truck",     "container messages"},
};

static const struct gw_edi_word eqd_status[] = {
    {"2", "export",   "UN/EDIFACT D.00B 8249"}, {"3", "import", "UN/EDIFACT D.00B 8249"},
    {"6", "transshipment", "UN/EDIFACT D.00B 8249"},
    {"4", "transit",  "UN/EDIFACT D.00B 8249: remain on board"},
    {"1", "domestic", "UN/EDIFACT D.00B 8249: continental"},
};

static const struct gw_edi_word eqd_load[] = {
    {"4", "empty", "UN/EDIFACT D.00B 8169"}, {"5", "laden", "UN/EDIFACT D.00B 8169"},
    {"7", "laden", "UN/EDIFACT D.00B 8169"}, {"8", "laden", "UN/EDIFACT D.00B 8169"},
};

static const struct gw_edi_word seal_issuer[] = {
    {"CA", "carrier",  "UN/EDIFACT D.00B 9303"}, {"SH", "shipper", "UN/EDIFACT D.00B 9303"},
    {"CU", "customs",  "UN/EDIFACT D.00B 9303"}, {"TO", "terminal", "UN/EDIFACT D.00B 9303"},
    {"AC", "veterinary", "UN/EDIFACT D.00B 9303: quarantine agency"},
    {"AA", "other",    "UN/EDIFACT D.00B 9303: consolidator"},
    {"AB", "other",    "UN/EDIFACT D.00B 9303: unknown"},
};

static const struct gw_edi_word seal_state[] = {
    {"1", "intact", "UN/EDIFACT D.00B 4517"}, {"2", "broken", "UN/EDIFACT D.00B 4517"},
    {"3", "broken", "UN/EDIFACT D.00B 4517"}, {"4", "missing", "UN/EDIFACT D.00B 4517"},
};

#define M6313 "UN/EDIFACT D.00B 6313"
static const struct gw_edi_word measure[] = {
    {"G",   "gross", M6313}, {"T",   "tare",  M6313}, {"N",  "net", M6313},
    {"AAA", "net",   M6313}, {"VGM", "vgm",   "SMDG, SOLAS VI/2"},
    {"AAD", "gross", M6313}, {"EGW", "gross", "SMDG: gross of the equipment"},
    {"AET", "gross", M6313},
};
/* clang-format on */

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define LIST(a)                                                                          \
    {                                                                                    \
        a, COUNT(a)                                                                      \
    }
static const struct {
    const struct gw_edi_word *rows;
    unsigned count;
} lists[GW_EDI_LISTS] = {
    [GW_EDI_LOC_ROLE] = LIST(loc_role),
    [GW_EDI_RFF_SCHEME] = LIST(rff_scheme),
    [GW_EDI_NAD_ROLE] = LIST(nad_role),
    [GW_EDI_MODE] = LIST(mode),
    [GW_EDI_STAGE] = LIST(stage),
    [GW_EDI_EQD_KIND] = LIST(eqd_kind),
    [GW_EDI_EQD_STATUS] = LIST(eqd_status),
    [GW_EDI_EQD_LOAD] = LIST(eqd_load),
    [GW_EDI_SEAL_ISSUER] = LIST(seal_issuer),
    [GW_EDI_SEAL_STATE] = LIST(seal_state),
    [GW_EDI_MEASURE] = LIST(measure),
};

const struct gw_edi_word *gw_edi_words(enum gw_edi_list list, unsigned *count)
{
    *count = lists[list].count;
    return lists[list].rows;
}

const char *gw_edi_word_of(enum gw_edi_list list, struct gw_slice code)
{
    for (unsigned i = 0; code.len && i < lists[list].count; i++)
        if (gw_slice_is(code, lists[list].rows[i].code))
            return lists[list].rows[i].word;
    return NULL;
}

const char *const gw_edi_roles[GW_EDI_ROLES] = {
    "origin", "loading", "transshipment", "border", "discharge", "delivery", "final"};

int gw_edi_role_of(struct gw_slice qualifier)
{
    const char *word = gw_edi_word_of(GW_EDI_LOC_ROLE, qualifier);
    for (int i = 0; word && i < GW_EDI_ROLES; i++)
        if (strcmp(word, gw_edi_roles[i]) == 0)
            return i;
    return -1;
}

const char *gw_edi_code_for(enum gw_edi_list list, struct gw_slice word)
{
    for (unsigned i = 0; word.len && i < lists[list].count; i++)
        if (gw_slice_is(word, lists[list].rows[i].word))
            return lists[list].rows[i].code;
    return NULL;
}

const struct gw_edi_bgm *gw_edi_bgm_of(struct gw_slice message, struct gw_slice code)
{
    for (size_t i = 0; i < COUNT(bgm); i++)
        if (gw_slice_is(message, bgm[i].message) && gw_slice_is(code, bgm[i].code))
            return &bgm[i];
    return NULL;
}

const struct gw_edi_bgm *gw_edi_bgm_for(struct gw_slice message, struct gw_slice type)
{
    for (size_t i = 0; i < COUNT(bgm); i++)
        if (gw_slice_is(message, bgm[i].message) && gw_slice_is(type, bgm[i].type))
            return &bgm[i];
    return NULL;
}

const struct gw_edi_dtm_use *gw_edi_dtm_use(struct gw_slice qualifier)
{
    for (size_t i = 0; qualifier.len && i < COUNT(dtm); i++)
        if (gw_slice_is(qualifier, dtm[i].qualifier))
            return &dtm[i];
    return NULL;
}

const struct gw_edi_gis *gw_edi_gis_of(struct gw_slice code)
{
    for (size_t i = 0; i < COUNT(gis); i++)
        if (gw_slice_is(code, gis[i].code))
            return &gis[i];
    return NULL;
}

const struct gw_edi_gis *gw_edi_gis_for(struct gw_slice type)
{
    for (size_t i = 0; i < COUNT(gis); i++)
        if (gw_slice_is(type, gis[i].type))
            return &gis[i];
    return NULL;
}

/* Source  OSJD IFTMIN D.97A; UN/EDIFACT D.95B 1001: consignment notes of a carrier */
bool gw_edi_is_issued(struct gw_slice code)
{
    return gw_edi_among(code, "700 701 720 722 730 740");
}

const char *gw_edi_note_scheme(struct gw_slice code)
{
    for (size_t i = 0; i < COUNT(notes); i++)
        if (gw_slice_is(code, notes[i].code))
            return notes[i].scheme;
    return NULL;
}

const char *gw_edi_note_code(struct gw_slice scheme, struct gw_slice by)
{
    for (size_t i = 0; i < COUNT(notes); i++)
        if (gw_slice_is(scheme, notes[i].scheme) &&
            (!notes[i].mode || gw_slice_is(by, notes[i].mode)))
            return notes[i].code;
    return NULL;
}
