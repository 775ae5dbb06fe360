/* encode_parts.c - what an event says as segments. */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/dtm.h"
#include "adapters/edifact/tables.h"
#include <stdio.h>

#define MINUTE_S 60

struct gw_slice gw_edi_str(const struct gw_edi_writing *x, const char *path)
{
    return gw_tree_str(x->t, x->root, path);
}

static struct gw_slice str_of(const struct gw_edi_writing *x, uint32_t node,
                              const char *path)
{
    return node ? gw_tree_str(x->t, node, path) : gw_slice(NULL, 0);
}

static uint32_t list_of(const struct gw_edi_writing *x, const char *name)
{
    return gw_tree_at(x->t, x->root, name);
}

static const char *code_or(enum gw_edi_list list, struct gw_slice word,
                           const char *otherwise)
{
    const char *code = gw_edi_code_for(list, word);
    return code ? code : otherwise;
}

/* ---- times ---- */

static void put_civil(struct gw_edi_writing *x, int64_t local_s, const char *digits)
{
    int year, month, day, of_day = (int)(((local_s % 86400) + 86400) % 86400);
    char text[40];
    gw_edi_date((local_s - of_day) / 86400, &year, &month, &day);
    size_t wanted = digits[0] == '8' ? 8 : digits[0] == '4' ? 14 : 12;
    (void)snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02d", year, month, day,
                   of_day / 3600, of_day / 60 % 60, of_day % 60);
    gw_edi_component(&x->w, gw_slice(text, wanted));
}

static int64_t local_offset(const struct gw_edi_writing *x, int64_t unix_s,
                            uint32_t place)
{
    const struct gw_zoning *z = &x->c->maker.zoning;
    const struct gw_place *known = place ? gw_zoning_place(z, x->t, place) : NULL;
    const struct gw_zone *zone = known ? gw_places_zone(z->places, known) : z->zone;
    return zone ? gw_zone_offset(zone, unix_s) : 0;
}

/* The bytes the qualifier's DTM has open: "203", "204" with seconds, "102" for a day. */
static void put_local(struct gw_edi_writing *x, int64_t local_s,
                      struct gw_slice precision)
{
    bool day = gw_slice_is(precision, "day");
    bool seconds = gw_slice_is(precision, "second") || local_s % 60;
    const char *format = day ? "102" : seconds ? "204" : "203";
    put_civil(x, local_s, day ? "8" : seconds ? "4" : "2");
    gw_edi_component_str(&x->w, format);
}

/* With its offset: formats 205 and 303, in minutes. */
static void put_stated(struct gw_edi_writing *x, int64_t unix_s, int offset, bool utc)
{
    char zone[8];
    put_civil(x, unix_s + (int64_t)offset * MINUTE_S, "2");
    (void)snprintf(zone, sizeof zone, "%c%02d%02d", offset < 0 ? '-' : '+',
                   (offset < 0 ? -offset : offset) / 60 % 100,
                   (offset < 0 ? -offset : offset) % 60);
    if (!utc && zone[0] == '+')
        gw_edi_plain(&x->w, "?");
    gw_edi_plain(&x->w, utc ? "Z" : zone);
    gw_edi_component_str(&x->w, utc ? "303" : "205");
}

void gw_edi_write_time(struct gw_edi_writing *x, const char *qualifier, int64_t ms,
                       uint32_t place, struct gw_slice basis)
{
    int64_t unix_s = ms / 1000;
    bool utc = gw_slice_is(basis, "stated-utc");
    gw_edi_segment(&x->w, "DTM");
    gw_edi_element_str(&x->w, qualifier);
    if (utc || gw_slice_is(basis, "stated-offset"))
        put_stated(x, unix_s, (int)gw_tree_int(x->t, x->root, "time_offset", 0), utc);
    else
        put_local(x, unix_s + local_offset(x, unix_s, place),
                  gw_slice_is(basis, "assumed-zone") ? gw_edi_str(x, "time_precision")
                                                     : gw_slice(NULL, 0));
    gw_edi_end(&x->w);
}

void gw_edi_write_event_time(struct gw_edi_writing *x, const char *qualifier)
{
    struct gw_slice basis = gw_edi_str(x, "time_basis");
    if (gw_slice_is(basis, "message-time"))
        return; /* DTM 137 says it */
    gw_edi_write_time(x, qualifier, gw_tree_int(x->t, x->root, "time", 0),
                      gw_tree_at(x->t, x->root, "place"), basis);
}

void gw_edi_write_message_time(struct gw_edi_writing *x)
{
    int64_t time = gw_tree_int(x->t, x->root, "time", 0);
    bool own = gw_slice_is(gw_edi_str(x, "time_basis"), "message-time");
    int64_t recorded = gw_tree_int(x->t, x->root, "recorded", 0);
    if (own || recorded)
        gw_edi_write_time(x, "137", own ? time : recorded, 0, gw_slice(NULL, 0));
}

/* ---- document ---- */

void gw_edi_write_bgm(struct gw_edi_writing *x)
{
    struct gw_slice message = gw_slice_str(x->message), code = {0};
    struct gw_slice reason = gw_edi_str(x, "corrects.reason");
    bool own = gw_slice_is(gw_edi_str(x, "source.message_type"), x->message);
    if (gw_slice_is(gw_edi_str(x, "state.list"), "untdid-1001"))
        code = gw_edi_str(x, "state.code");
    if (!own && !gw_edi_bgm_of(message, code))
        code = gw_slice(NULL, 0); /* of another message, where it means something else */
    if (!code.len && own)
        code = gw_edi_str(x, "document.code");
    const struct gw_edi_bgm *row = code.len ? NULL : gw_edi_bgm_for(message, x->type);
    gw_edi_segment(&x->w, "BGM");
    if (code.len)
        gw_edi_element(&x->w, code);
    else
        gw_edi_element_str(&x->w, row ? row->code : "23");
    gw_edi_element(&x->w, gw_edi_str(x, "document.number"));
    gw_edi_element_str(&x->w, gw_slice_is(reason, "cancel")  ? "1"
                              : gw_slice_is(reason, "amend") ? "5"
                                                             : "9");
    gw_edi_end(&x->w);
}

void gw_edi_write_references(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "references");
    bool status = strcmp(x->message, "IFTSTA") == 0;
    if (!list)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        struct gw_slice scheme = str_of(x, n, "scheme"), value = str_of(x, n, "value");
        const char *code = gw_edi_code_for(GW_EDI_RFF_SCHEME, scheme);
        const uint8_t *colon = value.len ? memchr(value.at, ':', value.len) : NULL;
        size_t q = colon ? (size_t)(colon - value.at) : 0;
        if (status && gw_slice_is(scheme, "smgs"))
            continue; /* CNI has it */
        gw_edi_segment(&x->w, "RFF");
        if (!code && q && q <= 3 && gw_slice_is(scheme, "other")) {
            gw_edi_element(&x->w, gw_slice(value.at, q));
            value = gw_slice(value.at + q + 1, value.len - q - 1);
        } else {
            gw_edi_element_str(&x->w, code                           ? code
                                      : gw_slice_is(scheme, "other") ? "ZZZ"
                                                                     : "AAS");
        }
        gw_edi_component(&x->w, value);
        gw_edi_end(&x->w);
    }
}

void gw_edi_write_sts(struct gw_edi_writing *x)
{
    struct gw_slice list = gw_edi_str(x, "state.list"),
                    code = gw_edi_str(x, "state.code");
    bool other = gw_slice_is(x->type, "other"), rec24 = gw_slice_is(list, "unece-rec24");
    bool own = other && list.len && !rec24; /* a list of the sender's */
    char number[8] = "";
    if (!other && (!code.len || !rec24)) {
        (void)snprintf(number, sizeof number, "%u", (unsigned)gw_edi_sts_for(x->type));
        code = gw_slice_str(strcmp(number, "0") == 0 ? "" : number);
    }
    gw_edi_segment(&x->w, "STS");
    gw_edi_element_str(&x->w, "1");
    gw_edi_element(&x->w, code);
    gw_edi_component(&x->w, own ? list : gw_slice(NULL, 0));
    gw_edi_component_str(&x->w, "");
    gw_edi_component(&x->w, gw_edi_str(x, "state.text"));
    gw_edi_element(&x->w, gw_edi_str(x, "cause.code"));
    gw_edi_component_str(&x->w, "");
    gw_edi_component_str(&x->w, "");
    gw_edi_component(&x->w, gw_edi_str(x, "cause.text"));
    gw_edi_end(&x->w);
}

/* ---- places ---- */

static bool put_code(struct gw_edi_writing *x, struct gw_slice code, const char *list,
                     const char *agency)
{
    gw_edi_element(&x->w, code);
    gw_edi_component_str(&x->w, list);
    gw_edi_component_str(&x->w, agency);
    return true;
}

/* The best code a place has; that of its node when it has none itself. */
static bool put_place_code(struct gw_edi_writing *x, uint32_t place)
{
    struct gw_slice unlocode = str_of(x, place, "unlocode");
    struct gw_slice rail = str_of(x, place, "rail.code"), raw = str_of(x, place, "raw");
    struct gw_slice scheme = str_of(x, place, "rail.scheme");
    const struct gw_place *known = gw_zoning_place(&x->c->maker.zoning, x->t, place);
    if (unlocode.len)
        return put_code(x, unlocode, "139", "6");
    if (rail.len && !gw_slice_is(scheme, "uic"))
        return put_code(x, raw.len == 8 ? raw : rail, "37", "288");
    if (raw.len)
        return put_code(x, raw, "ZZZ", "ZZZ");
    if (known && *known->unlocode)
        return put_code(x, gw_slice_str(known->unlocode), "139", "6");
    if (known && *known->esr6)
        return put_code(x, gw_slice_str(known->esr6), "37", "288");
    return str_of(x, place, "name").len && put_code(x, gw_slice(NULL, 0), "", "");
}

void gw_edi_write_place(struct gw_edi_writing *x, const char *qualifier, uint32_t place)
{
    size_t start = x->w.out->len;
    struct gw_slice terminal = str_of(x, place, "terminal.code");
    bool smdg = gw_slice_is(str_of(x, place, "terminal.list"), "smdg");
    gw_edi_segment(&x->w, "LOC");
    gw_edi_element_str(&x->w, qualifier);
    if (!place || !put_place_code(x, place)) {
        if (!x->w.out->failed)
            x->w.out->len = start; /* nothing of it can be written */
        return;
    }
    gw_edi_component(&x->w, str_of(x, place, "name"));
    if (terminal.len)
        (void)put_code(x, terminal, smdg ? "TERMINALS" : "TER", smdg ? "306" : "ZZZ");
    gw_edi_end(&x->w);
}

static const char *time_code(bool leaves, struct gw_slice class)
{
    if (gw_slice_is(class, "actual") || gw_slice_is(class, "reported"))
        return leaves ? "186" : "178";
    if (gw_slice_is(class, "estimated"))
        return leaves ? "133" : "132";
    if (gw_slice_is(class, "requested"))
        return leaves ? "10" : "2";
    return leaves ? "189" : "232";
}

static void write_stop(struct gw_edi_writing *x, uint32_t stop)
{
    struct gw_slice role = str_of(x, stop, "role");
    int64_t time = gw_tree_int(x->t, stop, "time", 0);
    uint32_t place = gw_tree_at(x->t, stop, "place");
    bool leaves = gw_slice_is(role, "loading") || gw_slice_is(role, "origin");
    uint32_t before = x->w.segments;
    gw_edi_write_place(x, code_or(GW_EDI_LOC_ROLE, role, "92"), place);
    if (time && x->w.segments > before)
        gw_edi_write_time(x, time_code(leaves, str_of(x, stop, "class")), time, place,
                          gw_slice(NULL, 0));
}

/* Those with a time first, each in front of it, so that no time can belong to another. */
void gw_edi_write_journey(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "journey");
    for (int with_time = 1; list && with_time >= 0; with_time--)
        for (GW_FOREACH_CHILD (x->t, list, n))
            if ((gw_tree_int(x->t, n, "time", 0) != 0) == with_time)
                write_stop(x, n);
}

/* ---- parties and legs ---- */

static void put_scheme(struct gw_edi_writing *x, struct gw_slice scheme)
{
    const uint8_t *colon = scheme.len ? memchr(scheme.at, ':', scheme.len) : NULL;
    size_t n = colon ? (size_t)(colon - scheme.at) : scheme.len;
    gw_edi_component(&x->w, gw_slice(scheme.at, n));
    if (colon)
        gw_edi_component(&x->w, gw_slice(colon + 1, scheme.len - n - 1));
}

void gw_edi_write_parties(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "parties");
    if (!list)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        struct gw_slice role = str_of(x, n, "role"), scheme = str_of(x, n, "scheme");
        const char *code = gw_edi_code_for(GW_EDI_NAD_ROLE, role);
        bool of_unb =
            gw_slice_is(role, "sender") && !scheme.len && !str_of(x, n, "name").len;
        if (!code || of_unb)
            continue;
        gw_edi_segment(&x->w, "NAD");
        gw_edi_element_str(&x->w, code);
        gw_edi_element(&x->w, str_of(x, n, "id"));
        put_scheme(x, scheme);
        gw_edi_skip(&x->w, 1);
        gw_edi_element(&x->w, str_of(x, n, "name"));
        gw_edi_skip(&x->w, 4);
        gw_edi_element(&x->w, str_of(x, n, "country"));
        gw_edi_end(&x->w);
    }
}

static void put_means(struct gw_edi_writing *x, uint32_t leg)
{
    struct gw_slice imo = str_of(x, leg, "means.imo"),
                    call = str_of(x, leg, "means.callsign");
    struct gw_slice plate = str_of(x, leg, "means.plate");
    struct gw_slice id = imo.len ? imo : call.len ? call : plate;
    gw_edi_element(&x->w, id);
    gw_edi_component_str(&x->w, !id.len ? "" : imo.len || !call.len ? "146" : "103");
    gw_edi_component_str(&x->w, "");
    gw_edi_component(&x->w, str_of(x, leg, "means.name"));
}

static bool is_main(const struct gw_edi_writing *x, uint32_t leg)
{
    return gw_slice_is(str_of(x, leg, "stage"), "main");
}

static void write_leg(struct gw_edi_writing *x, uint32_t leg)
{
    struct gw_slice carrier = str_of(x, leg, "carrier"),
                    journey = str_of(x, leg, "journey_no");
    const char *otherwise = strcmp(x->message, "COARRI") == 0 ? "20" : "1";
    bool coded = carrier.len <= 17;
    gw_edi_segment(&x->w, "TDT");
    gw_edi_element_str(&x->w, code_or(GW_EDI_STAGE, str_of(x, leg, "stage"), otherwise));
    gw_edi_element(&x->w, journey.len ? journey : str_of(x, leg, "means.train"));
    gw_edi_element_str(&x->w, code_or(GW_EDI_MODE, str_of(x, leg, "mode"), ""));
    gw_edi_skip(&x->w, 1);
    gw_edi_element(&x->w, coded ? carrier : gw_slice(NULL, 0));
    gw_edi_component_str(&x->w, carrier.len && coded ? "172" : "");
    gw_edi_component_str(&x->w, carrier.len && coded ? "ZZZ" : "");
    gw_edi_component(&x->w, coded ? gw_slice(NULL, 0) : carrier);
    gw_edi_skip(&x->w, 2);
    put_means(x, leg);
    gw_edi_end(&x->w);
}

void gw_edi_write_legs(struct gw_edi_writing *x, enum gw_edi_legs which)
{
    uint32_t own = gw_tree_at(x->t, x->root, "transport");
    uint32_t others = gw_tree_at(x->t, x->root, "ext.other_legs");
    bool vessel = strcmp(x->message, "COARRI") == 0; /* its own leg is the vessel's */
    if (others && gw_node(x->t, others)->kind == GW_ARRAY)
        for (GW_FOREACH_CHILD (x->t, others, n))
            if (which == GW_EDI_LEGS_ALL || is_main(x, n) == (which == GW_EDI_LEGS_MAIN))
                write_leg(x, n);
    if (own && (which == GW_EDI_LEGS_ALL ||
                (is_main(x, own) || vessel) == (which == GW_EDI_LEGS_MAIN)))
        write_leg(x, own);
}

/* ---- equipment and goods ---- */

void gw_edi_write_unit(struct gw_edi_writing *x, uint32_t unit)
{
    struct gw_slice type = str_of(x, unit, "size_type");
    const char *fallback =
        gw_slice_is(str_of(x, unit, "scheme"), "iso6346") ? "CN" : "ZZZ";
    gw_edi_segment(&x->w, "EQD");
    gw_edi_element_str(&x->w,
                       code_or(GW_EDI_EQD_KIND, str_of(x, unit, "kind"), fallback));
    gw_edi_element(&x->w, str_of(x, unit, "id"));
    gw_edi_element(&x->w, type);
    if (type.len) {
        gw_edi_component_str(&x->w, "102");
        gw_edi_component_str(&x->w, "5");
    }
    gw_edi_skip(&x->w, 1);
    gw_edi_element_str(&x->w, code_or(GW_EDI_EQD_STATUS, str_of(x, unit, "status"), ""));
    gw_edi_element_str(&x->w, code_or(GW_EDI_EQD_LOAD, str_of(x, unit, "load"), ""));
    gw_edi_end(&x->w);
}

/* What stands on the first one. */
void gw_edi_write_attached(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "equipment");
    bool first = true;
    if (!list)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (!first) {
            struct gw_slice type = str_of(x, n, "size_type");
            gw_edi_segment(&x->w, "EQA");
            gw_edi_element_str(&x->w,
                               code_or(GW_EDI_EQD_KIND, str_of(x, n, "kind"), "CN"));
            gw_edi_element(&x->w, str_of(x, n, "id"));
            gw_edi_element(&x->w, type);
            gw_edi_end(&x->w);
        }
        first = false;
    }
}

/* A number as it is written; empty when it is none, or too large for plain digits. */
static struct gw_slice number_text(const struct gw_edi_writing *x, uint32_t map,
                                   const char *name, char text[40])
{
    uint32_t n = gw_tree_at(x->t, map, name);
    text[0] = 0;
    if (n && gw_node(x->t, n)->kind == GW_FLOAT)
        (void)snprintf(text, 40, "%.12g", gw_node(x->t, n)->f);
    else if (n && gw_node(x->t, n)->kind == GW_INT)
        (void)snprintf(text, 40, "%lld", (long long)gw_node(x->t, n)->i);
    return gw_slice_str(strchr(text, 'e') ? "" : text);
}

/* MEA's two codes of a kind; false for what MEA does not carry. */
static bool measure_codes(struct gw_slice kind, const char **purpose,
                          struct gw_slice *code)
{
    static const char prefix[] = "edifact-";
    const size_t n = sizeof prefix - 1;
    *purpose = "AAE";
    if (gw_slice_is(kind, "container-tare")) {
        *purpose = "AAI";
        *code = GW_LIT("T");
        return true;
    }
    if (kind.len > n && memcmp(kind.at, prefix, n) == 0) {
        *code = gw_slice(kind.at + n, kind.len - n);
        return true;
    }
    *code = gw_slice_str(gw_edi_code_for(GW_EDI_MEASURE, kind));
    return code->len > 0;
}

void gw_edi_write_measures(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "measures");
    bool is_weighing = gw_slice_is(x->type, "weighed");
    if (!list)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        const char *purpose;
        char number[40];
        struct gw_slice code, kind = str_of(x, n, "kind");
        int64_t time = gw_tree_int(x->t, n, "time", 0);
        if (!measure_codes(kind, &purpose, &code))
            continue;
        gw_edi_segment(&x->w, "MEA");
        gw_edi_element_str(&x->w, purpose);
        gw_edi_element(&x->w, code);
        gw_edi_element(&x->w, str_of(x, n, "unit"));
        gw_edi_component(&x->w, number_text(x, n, "value", number));
        gw_edi_end(&x->w);
        if (time && !is_weighing && gw_slice_is(kind, "vgm"))
            gw_edi_write_time(x, "WAT", time, gw_tree_at(x->t, x->root, "place"),
                              gw_slice(NULL, 0));
    }
}

void gw_edi_write_temperatures(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "measures");
    if (!list)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        char number[40];
        struct gw_slice unit = str_of(x, n, "unit");
        if (!gw_slice_is(str_of(x, n, "kind"), "temperature-set"))
            continue;
        if (gw_tree_at(x->t, n, "value")) {
            gw_edi_segment(&x->w, "TMP");
            gw_edi_element_str(&x->w, "2");
            gw_edi_element(&x->w, number_text(x, n, "value", number));
            gw_edi_component(&x->w, unit);
            gw_edi_end(&x->w);
        }
        if (gw_tree_at(x->t, n, "min") && gw_tree_at(x->t, n, "max")) {
            gw_edi_segment(&x->w, "RNG");
            gw_edi_element_str(&x->w, "5");
            gw_edi_element(&x->w, unit);
            gw_edi_component(&x->w, number_text(x, n, "min", number));
            gw_edi_component(&x->w, number_text(x, n, "max", number));
            gw_edi_end(&x->w);
        }
    }
}

void gw_edi_write_seals(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "seals");
    if (!list)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        gw_edi_segment(&x->w, "SEL");
        gw_edi_element(&x->w, str_of(x, n, "id"));
        gw_edi_element_str(&x->w,
                           code_or(GW_EDI_SEAL_ISSUER, str_of(x, n, "issuer"), ""));
        gw_edi_element_str(&x->w, code_or(GW_EDI_SEAL_STATE, str_of(x, n, "state"), ""));
        gw_edi_end(&x->w);
    }
}

static void write_item(struct gw_edi_writing *x, uint32_t item)
{
    struct gw_slice text = str_of(x, item, "description");
    if (text.len) {
        gw_edi_segment(&x->w, "FTX");
        gw_edi_plain(&x->w, "+AAA++");
        gw_edi_element(&x->w, text);
        gw_edi_end(&x->w);
    }
    if (str_of(x, item, "un").len || str_of(x, item, "class").len) {
        gw_edi_segment(&x->w, "DGS");
        gw_edi_element_str(&x->w, "IMD");
        gw_edi_element(&x->w, str_of(x, item, "class"));
        gw_edi_element(&x->w, str_of(x, item, "un"));
        gw_edi_skip(&x->w, 1);
        gw_edi_element(&x->w, str_of(x, item, "packing_group"));
        gw_edi_end(&x->w);
    }
}

void gw_edi_write_goods(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "goods");
    if (list)
        for (GW_FOREACH_CHILD (x->t, list, n))
            write_item(x, n);
}

void gw_edi_write_goods_items(struct gw_edi_writing *x)
{
    uint32_t list = list_of(x, "goods");
    unsigned number = 0;
    if (!list)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        int64_t packages = gw_tree_int(x->t, n, "packages", -1);
        char text[24];
        (void)snprintf(text, sizeof text, "%u", ++number);
        gw_edi_segment(&x->w, "GID");
        gw_edi_element_str(&x->w, text);
        (void)snprintf(text, sizeof text, "%lld", (long long)packages);
        gw_edi_element_str(&x->w, packages < 0 ? "" : text);
        gw_edi_component(&x->w, str_of(x, n, "package_kind"));
        gw_edi_end(&x->w);
        write_item(x, n);
    }
}
