/* header.c - what the messages of TAF TSI have in common: header, stations, trains,
 * wagons. */
#include "adapters/taf/taf.h"
#include "model/check_digit.h"
#include <stdio.h>
#include <stdlib.h>

/* ---- header and the beginning of events ---- */

enum gw_error taf_header(struct taf *t)
{
    const struct gw_xml *x = &t->xml;
    uint32_t header = gw_xml_child(x, t->message, "MessageHeader");
    uint32_t reference = gw_xml_child(x, header, "MessageReference");
    struct gw_slice code = gw_xml_text(x, reference, "MessageType");

    t->sequence = 0;
    if (!reference)
        return gw_xml_refuse(x, t->message, GW_MISSING,
                             "MessageHeader with MessageReference is required",
                             gw_slice(NULL, 0), t->report);
    if (!gw_slice_is(code, t->kind->code))
        gw_xml_note(x, reference, "MessageType differs from the message", code,
                    t->report);
    return gw_xml_time_required(x, reference, "MessageDateTime", &t->created, t->report);
}

static void correction(struct taf *t)
{
    struct gw_slice status = gw_xml_text(&t->xml, t->message, "MessageStatus");
    if (gw_slice_is(status, "2"))
        gw_event_word(&t->maker, t->maker.root, "corrects.reason", "amend");
    if (gw_slice_is(status, "3")) {
        gw_event_word(&t->maker, t->maker.root, "type", "correction");
        gw_event_word(&t->maker, t->maker.root, "subject", "event");
        gw_event_word(&t->maker, t->maker.root, "corrects.reason", "cancel");
    }
}

void taf_begin(struct taf *t, const char *type, const char *class, const char *subject)
{
    struct gw_maker *m = &t->maker;
    const struct gw_xml *x = &t->xml;
    uint32_t header = gw_xml_child(x, t->message, "MessageHeader");
    uint32_t reference = gw_xml_child(x, header, "MessageReference");

    gw_event_begin(m, type, class, subject);
    gw_event_instant(m, m->root, "recorded", &t->created, NULL);
    gw_event_str(m, m->root, "source.format_version",
                 gw_xml_text(x, reference, "MessageTypeVersion"));
    gw_event_word(m, m->root, "source.message_type", t->kind->name);
    gw_event_str(m, m->root, "source.message_ref",
                 gw_xml_text(x, reference, "MessageIdentifier"));
    gw_event_int(m, m->root, "source.sequence", ++t->sequence);
    taf_party(t, "sender", gw_xml_text(x, header, "Sender"));
    taf_party(t, "receiver", gw_xml_text(x, header, "Recipient"));
    correction(t);
}

void taf_time(struct taf *t, const struct gw_civil *c, bool there)
{
    struct gw_moment message, moment;
    struct gw_maker *m = &t->maker;
    if (there) {
        gw_event_moment(m, c, gw_event_known_place(m));
        return;
    }
    gw_moment_of(&m->zoning, &t->created, NULL, &message);
    gw_moment_of_message(&message, &moment);
    if (!gw_moment_put(&m->tree, m->root, &moment))
        m->full = true;
}

enum gw_error taf_end(struct taf *t)
{
    enum gw_error e = gw_event_end(&t->maker, t->out, &t->report->fault);
    if (!e)
        return GW_OK;
    struct gw_fault fault = t->report->fault;
    (void)gw_xml_refuse(&t->xml, t->message, e, fault.rule, gw_slice_str(fault.field),
                        t->report);
    memcpy(t->report->fault.field, fault.field, sizeof fault.field);
    return e;
}

void taf_party(struct taf *t, const char *role, struct gw_slice code)
{
    if (!code.len)
        return;
    uint32_t party = gw_event_item(&t->maker, "parties");
    gw_event_word(&t->maker, party, "role", role);
    gw_event_str(&t->maker, party, "id", code);
    gw_event_word(&t->maker, party, "scheme", "rics");
}

/* ---- stations ---- */

/* Countries whose five-digit codes are the ESR station code without its check digit.
 * Source  the 1520 mm network: OSJD railways with six-digit ESR codes; checked against
 * the public codes of Aktau-Port (66340, 663404), Alat and Poti */
static bool is_esr_country(struct gw_slice country)
{
    static const char *const countries[] = {"KZ", "AZ", "GE", "UZ", "KG", "TJ",
                                            "TM", "RU", "BY", "UA", "MD", "AM",
                                            "LT", "LV", "EE", "MN"};
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (gw_slice_is(country, countries[i]))
            return true;
    return false;
}

/* The ESR code of a five-digit one: into six characters.  False when there is none. */
static bool esr_of(struct gw_slice five, char six[7])
{
    memcpy(six, five.at, 5);
    six[6] = 0;
    for (char digit = '0'; digit <= '9'; digit++) {
        six[5] = digit;
        if (gw_check_esr6(gw_slice(six, 6)) == GW_CHECK_OK)
            return true;
    }
    return false;
}

/* The station of the place table that country and code mean; NULL when it has none. */
static const struct gw_place *esr_place(const struct taf *t, struct gw_slice country,
                                        struct gw_slice code, char six[7])
{
    if (code.len != 5 || !is_esr_country(country) || !esr_of(code, six))
        return NULL;
    const struct gw_place *p =
        gw_places_by_esr6(t->maker.zoning.places, gw_slice(six, 6));
    return p && gw_slice_is(country, p->country) ? p : NULL;
}

static void put_at(struct taf *t, uint32_t from, const char *key, const char *field,
                   struct gw_slice v)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s.%s", key, field);
    gw_event_str(&t->maker, from, path, v);
}

void taf_station(struct taf *t, uint32_t from, const char *key, uint32_t location)
{
    const struct gw_xml *x = &t->xml;
    struct gw_slice country = gw_xml_text(x, location, "CountryCodeISO");
    struct gw_slice code = gw_xml_text(x, location, "LocationPrimaryCode");
    struct gw_slice name = gw_xml_text(x, location, "PrimaryLocationName");
    uint32_t part = gw_xml_child(x, location, "LocationSubsidiaryIdentification");
    char six[7];

    if (!location)
        return;
    put_at(t, from, key, "country", country);
    put_at(t, from, key, "name", name);
    if (esr_place(t, country, code, six)) {
        put_at(t, from, key, "rail.scheme", GW_LIT("esr6"));
        put_at(t, from, key, "rail.code", gw_tree_text(&t->maker.tree, gw_slice(six, 6)));
    } else if (gw_check_esr6(code) == GW_CHECK_OK) {
        put_at(t, from, key, "rail.scheme", GW_LIT("esr6"));
        put_at(t, from, key, "rail.code", code);
    } else if (code.len) {
        put_at(t, from, key, "rail.scheme", GW_LIT("uic"));
        put_at(t, from, key, "rail.code", code);
    }
    put_at(t, from, key, "terminal.code", gw_xml_text(x, part, "LocationSubsidiaryCode"));
    if (gw_xml_text(x, part, "LocationSubsidiaryCode").len)
        put_at(t, from, key, "terminal.list", GW_LIT("local"));
}

/* ---- trains ---- */

static const struct {
    const char *element, *path;
} identifier_fields[] = {{"Company", "ext.taf.company"},
                         {"Core", "ext.taf.core"},
                         {"Variant", "ext.taf.variant"},
                         {"TimetableYear", "ext.taf.timetable_year"}};

/* The identifiers of the train; those of its path when it has none of its own. */
static uint32_t identifiers(const struct taf *t)
{
    static const char name[] = "TransportOperationalIdentifiers";
    const struct gw_xml *x = &t->xml;
    uint32_t in = gw_xml_child(x, t->message, "TrainOperationalIdentification");
    uint32_t first = gw_xml_child(x, in ? in : t->message, name);
    for (uint32_t n = first; n; n = gw_xml_next(x, n, name))
        if (gw_slice_is(gw_xml_text(x, n, "ObjectType"), "TR"))
            return n;
    return first;
}

void taf_train(struct taf *t)
{
    struct gw_maker *m = &t->maker;
    const struct gw_xml *x = &t->xml;
    uint32_t id = identifiers(t);
    struct gw_slice number = gw_xml_text(
        x, t->message, "OperationalTrainNumberIdentifier/OperationalTrainNumber");
    if (!number.len)
        number = gw_xml_text(x, t->message, "OperationalTrainNumber");

    gw_event_word(m, m->root, "transport.mode", "rail");
    gw_event_str(m, m->root, "transport.means.train", number);
    gw_event_str(m, m->root, "transport.means.train_date",
                 gw_xml_text(x, id, "StartDate"));
    gw_event_str(m, m->root, "transport.carrier",
                 gw_xml_text(x, t->message, "ResponsibleRU"));
    taf_party(t, "railway-undertaking", gw_xml_text(x, t->message, "ResponsibleRU"));
    if (id && !gw_slice_is(gw_xml_text(x, id, "ObjectType"), "TR"))
        gw_event_str(m, m->root, "ext.taf.object_type", gw_xml_text(x, id, "ObjectType"));
    for (size_t i = 0; i < sizeof identifier_fields / sizeof *identifier_fields; i++)
        gw_event_str(m, m->root, identifier_fields[i].path,
                     gw_xml_text(x, id, identifier_fields[i].element));
}

/* "PT1H5M", "-PT3M": hours, minutes, seconds; a duration of days is no delay of a train.
 */
static bool iso_duration(const char *p, int *minutes)
{
    int total = 0, sign = *p == '-' ? -1 : 1;
    p += *p == '-' || *p == '+';
    if (strncmp(p, "PT", 2) != 0)
        return false;
    for (p += 2; *p;) {
        char *end;
        long v = strtol(p, &end, 10);
        if (end == p || v < 0 || v > 100000 ||
            (*end != 'H' && *end != 'M' && *end != 'S'))
            return false;
        total += *end == 'H' ? (int)v * 60 : *end == 'M' ? (int)v : 0;
        p = end + 1;
    }
    *minutes = sign * total;
    return true;
}

bool taf_delta(struct gw_slice text, int *minutes)
{
    char room[16];
    if (!gw_slice_copy(text, room, sizeof room))
        return false;
    const char *digits = room + 1;
    bool plain = (room[0] == '+' || room[0] == '-') && strlen(digits) >= 1 &&
                 strlen(digits) <= 4 && strspn(digits, "0123456789") == strlen(digits);
    if (!plain)
        return iso_duration(room, minutes);
    *minutes = (room[0] == '-' ? -1 : 1) * (int)strtol(digits, NULL, 10);
    return true;
}

/* ---- wagons and goods ---- */

/* The number of digits decides: 12 is UIC leaflet 438-2, 8 the 1520 mm network. */
static const char *wagon_scheme(struct gw_slice number)
{
    for (size_t i = 0; i < number.len; i++)
        if (number.at[i] < '0' || number.at[i] > '9')
            return "other";
    return number.len == 12 ? "uic12" : number.len == 8 ? "cis8" : "other";
}

uint32_t taf_wagon(struct taf *t, struct gw_slice number)
{
    uint32_t item = gw_event_equipment(&t->maker, "wagon", number);
    if (number.len)
        gw_event_word(&t->maker, item, "scheme",
                      wagon_scheme(gw_tree_str(&t->maker.tree, item, "id")));
    return item;
}

uint32_t taf_load_unit_on(struct taf *t, struct gw_slice number, const char *kind,
                          struct gw_slice wagon)
{
    uint32_t item = gw_event_equipment(&t->maker, kind, number);
    gw_event_str(&t->maker, item, "on", wagon);
    return item;
}

void taf_load(struct taf *t, uint32_t equipment, struct gw_slice loading_status)
{
    if (gw_slice_is(loading_status, "0"))
        gw_event_word(&t->maker, equipment, "load", "empty");
    if (gw_slice_is(loading_status, "1"))
        gw_event_word(&t->maker, equipment, "load", "laden");
}

void taf_state(struct taf *t, const char *list, struct gw_slice code,
               const struct taf_code *row, uint32_t at)
{
    struct gw_maker *m = &t->maker;
    if (!code.len)
        return;
    gw_event_word(m, m->root, "state.list", list);
    gw_event_str(m, m->root, "state.code", code);
    if (row) {
        gw_event_word(m, m->root, "state.text", row->text);
        return;
    }
    gw_event_note(m, "unknown-code", GW_SEVERITY_WARN, "state.code", code);
    gw_xml_note(&t->xml, at, "code not in the list", code, t->report);
}

void taf_weight(struct taf *t, uint32_t from, const char *path, const char *kind,
                const char *unit)
{
    double v;
    if (gw_xml_number(&t->xml, from, path, &v, t->report))
        (void)gw_event_measure(&t->maker, kind, v, unit);
}

void taf_dangerous(struct taf *t, uint32_t goods, uint32_t indication)
{
    const struct gw_xml *x = &t->xml;
    gw_event_str(&t->maker, goods, "un", gw_xml_text(x, indication, "UN_Number"));
    gw_event_str(&t->maker, goods, "class", gw_xml_text(x, indication, "RID_Class"));
    gw_event_str(&t->maker, goods, "packing_group",
                 gw_xml_text(x, indication, "PackingGroup"));
}

/* ---- 9000 ---- */

enum gw_error taf_error(struct taf *t)
{
    struct gw_maker *m = &t->maker;
    const struct gw_xml *x = &t->xml;
    uint32_t code = gw_xml_find(x, t->message, "ErrorCode");
    uint32_t text = gw_xml_find(x, t->message, "FreeTextField");
    taf_begin(t, "technical-error", "actual", "exchange");
    taf_state(t, "TAF ErrorCode", gw_xml_text(x, code, ""),
              &(const struct taf_code){"", NULL, ""}, code);
    gw_event_str(m, m->root, "state.text", gw_xml_text(x, text, ""));
    gw_event_str(m, m->root, "ext.taf.related",
                 gw_xml_text(x, gw_xml_find(x, t->message, "RelatedIdentifier"), ""));
    taf_time(t, NULL, false);
    return taf_end(t);
}
