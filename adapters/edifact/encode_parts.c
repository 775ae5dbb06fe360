/* encode_parts.c - document, times, places, parties and legs of an event as segments. */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/dtm.h"
#include "adapters/edifact/tables.h"
#include <stdio.h>

#define MINUTE_S 60

struct gw_slice gw_edi_str(const struct gw_edi_writing *x, const char *path)
{
    return gw_tree_str(x->t, x->root, path);
}

struct gw_slice gw_edi_str_of(const struct gw_edi_writing *x, uint32_t node,
                              const char *path)
{
    return node ? gw_tree_str(x->t, node, path) : gw_slice(NULL, 0);
}

uint32_t gw_edi_list_of(const struct gw_edi_writing *x, const char *name)
{
    return gw_tree_at(x->t, x->root, name);
}

const char *gw_edi_code_or(enum gw_edi_list list, struct gw_slice word,
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
                  basis.len ? gw_edi_str(x, "time_precision") : basis);
    gw_edi_end(&x->w);
}

bool gw_edi_is_message_time(const struct gw_edi_writing *x)
{
    return gw_slice_is(gw_edi_str(x, "time_basis"), "message-time");
}

void gw_edi_write_event_time(struct gw_edi_writing *x, const char *qualifier)
{
    if (gw_edi_is_message_time(x))
        return; /* DTM 137 says it */
    gw_edi_write_time(x, qualifier, gw_tree_int(x->t, x->root, "time", 0),
                      gw_tree_at(x->t, x->root, "place"), gw_edi_str(x, "time_basis"));
}

void gw_edi_write_message_time(struct gw_edi_writing *x)
{
    int64_t recorded = gw_tree_int(x->t, x->root, "recorded", 0);
    if (gw_edi_is_message_time(x))
        gw_edi_write_time(x, "137", gw_tree_int(x->t, x->root, "time", 0), 0,
                          gw_edi_str(x, "time_basis"));
    else if (recorded)
        gw_edi_write_time(x, "137", recorded, 0, gw_slice(NULL, 0));
}

void gw_edi_write_message_time_always(struct gw_edi_writing *x)
{
    uint32_t before = x->w.segments;
    gw_edi_write_message_time(x);
    if (x->w.segments == before)
        gw_edi_write_time(x, "137", x->c->options->now_ms, 0, gw_slice(NULL, 0));
}

/* ---- document ---- */

static struct gw_slice bgm_code(const struct gw_edi_writing *x, const char *code)
{
    struct gw_slice message = gw_slice_str(x->message), came = {0};
    if (gw_slice_is(gw_edi_str(x, "state.list"), "untdid-1001"))
        came = gw_edi_str(x, "state.code");
    if (gw_slice_is(gw_edi_str(x, "source.format"), "edifact") &&
        gw_slice_is(gw_edi_str(x, "source.message_type"), x->message))
        return came.len ? came : gw_edi_str(x, "document.code"); /* or none, as it came */
    if (!gw_edi_bgm_of(message,
                       came)) /* of another message, where it is something else */
        came = gw_slice_str(code);
    return came;
}

void gw_edi_write_bgm_or(struct gw_edi_writing *x, const char *code)
{
    struct gw_slice reason = gw_edi_str(x, "corrects.reason");
    x->bgm = bgm_code(x, code);
    gw_edi_segment(&x->w, "BGM");
    gw_edi_element(&x->w, x->bgm);
    gw_edi_element(&x->w, gw_edi_str(x, "document.number"));
    gw_edi_element_str(&x->w, gw_slice_is(reason, "cancel")       ? "1"
                              : gw_slice_is(reason, "amend")      ? "5"
                              : strcmp(x->message, "CUSRES") == 0 ? "11"
                                                                  : "9");
    gw_edi_end(&x->w);
}

void gw_edi_write_bgm(struct gw_edi_writing *x)
{
    const struct gw_edi_bgm *row = gw_edi_bgm_for(gw_slice_str(x->message), x->type);
    gw_edi_write_bgm_or(x, row ? row->code : "23");
}

/* ---- references ---- */

/* The last one, where it is the consignment's and not the only one: CNI has it. */
static uint32_t of_cni(const struct gw_edi_writing *x)
{
    uint32_t list = gw_edi_list_of(x, "references"), last = 0, count = 0;
    if (!list || !gw_edi_among(gw_slice_str(x->message), "CUSCAR IFCSUM"))
        return 0;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        last = n;
        count++;
    }
    return (count > 1 || strcmp(x->message, "IFCSUM") == 0) &&
                   gw_edi_among(gw_edi_str_of(x, last, "scheme"), "waybill smgs")
               ? last
               : 0;
}

/* The first one, where it is the number of the document: BGM has it. */
static uint32_t of_bgm(const struct gw_edi_writing *x)
{
    uint32_t first = gw_tree_at(x->t, x->root, "references[0]");
    const char *scheme =
        x->kind == &gw_edi_rail_note ? "smgs" : gw_edi_note_scheme(x->bgm);
    return first && gw_edi_among(gw_slice_str(x->message), "IFTMIN IFTMCS") && scheme &&
                   gw_slice_is(gw_edi_str_of(x, first, "scheme"), scheme) &&
                   gw_slice_eq(gw_edi_str_of(x, first, "value"),
                               gw_edi_str(x, "document.number"))
               ? first
               : 0;
}

/* A reference the schema has no word for has its qualifier in front. */
static void write_reference(struct gw_edi_writing *x, struct gw_slice scheme,
                            struct gw_slice value)
{
    const char *code = gw_edi_code_for(GW_EDI_RFF_SCHEME, scheme);
    const uint8_t *colon = value.len ? memchr(value.at, ':', value.len) : NULL;
    size_t q = colon ? (size_t)(colon - value.at) : 0;
    bool other = gw_slice_is(scheme, "other");
    gw_edi_segment(&x->w, "RFF");
    if (!code && q && q <= 3 && other) {
        gw_edi_element(&x->w, gw_slice(value.at, q));
        value = gw_slice(value.at + q + 1, value.len - q - 1);
    } else {
        gw_edi_element_str(&x->w, code ? code : other ? "ZZZ" : "AAS");
    }
    gw_edi_component(&x->w, value);
    gw_edi_end(&x->w);
}

void gw_edi_write_references_of(struct gw_edi_writing *x, uint32_t from, uint32_t to)
{
    uint32_t list = gw_edi_list_of(x, "references"), i = 0;
    uint32_t elsewhere[] = {of_cni(x), of_bgm(x)};
    bool status = strcmp(x->message, "IFTSTA") == 0;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        struct gw_slice scheme = gw_edi_str_of(x, n, "scheme");
        if (i >= from && i < to && n != elsewhere[0] && n != elsewhere[1] &&
            !(status && gw_slice_is(scheme, "smgs"))) /* CNI has it */
            write_reference(x, scheme, gw_edi_str_of(x, n, "value"));
        i++;
    }
}

void gw_edi_write_references(struct gw_edi_writing *x)
{
    gw_edi_write_references_of(x, 0, UINT32_MAX);
}

void gw_edi_write_cni(struct gw_edi_writing *x)
{
    uint32_t reference = of_cni(x);
    char number[12];
    (void)snprintf(number, sizeof number, "%u", (unsigned)x->number);
    gw_edi_segment(&x->w, "CNI");
    gw_edi_element_str(&x->w, number);
    gw_edi_element(&x->w, gw_edi_str_of(x, reference, "value"));
    if (gw_slice_is(gw_edi_str_of(x, reference, "scheme"), "smgs"))
        gw_edi_component_str(&x->w, "722");
    gw_edi_end(&x->w);
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

bool gw_edi_put_code(struct gw_edi_writing *x, struct gw_slice code, const char *list,
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
    struct gw_slice unlocode = gw_edi_str_of(x, place, "unlocode");
    struct gw_slice rail = gw_edi_str_of(x, place, "rail.code"),
                    raw = gw_edi_str_of(x, place, "raw");
    struct gw_slice scheme = gw_edi_str_of(x, place, "rail.scheme");
    const struct gw_place *known = gw_zoning_place(&x->c->maker.zoning, x->t, place);
    if (unlocode.len)
        return gw_edi_put_code(x, unlocode, "139", "6");
    if (rail.len && !gw_slice_is(scheme, "uic"))
        return gw_edi_put_code(x, raw.len == 8 ? raw : rail, "37", "288");
    if (raw.len)
        return gw_edi_put_code(x, raw, "ZZZ", "ZZZ");
    if (known && *known->unlocode)
        return gw_edi_put_code(x, gw_slice_str(known->unlocode), "139", "6");
    if (known && *known->esr6)
        return gw_edi_put_code(x, gw_slice_str(known->esr6), "37", "288");
    return gw_edi_str_of(x, place, "name").len &&
           gw_edi_put_code(x, gw_slice(NULL, 0), "", "");
}

void gw_edi_write_place(struct gw_edi_writing *x, const char *qualifier, uint32_t place)
{
    size_t start = x->w.out->len;
    struct gw_slice terminal = gw_edi_str_of(x, place, "terminal.code");
    bool smdg = gw_slice_is(gw_edi_str_of(x, place, "terminal.list"), "smdg");
    gw_edi_segment(&x->w, "LOC");
    gw_edi_element_str(&x->w, qualifier);
    if (!place || !put_place_code(x, place)) {
        if (!x->w.out->failed)
            x->w.out->len = start; /* nothing of it can be written */
        return;
    }
    gw_edi_component(&x->w, gw_edi_str_of(x, place, "name"));
    if (terminal.len)
        (void)gw_edi_put_code(x, terminal, smdg ? "TERMINALS" : "TER",
                              smdg ? "306" : "ZZZ");
    gw_edi_end(&x->w);
}

void gw_edi_write_own_place(struct gw_edi_writing *x, const char *qualifier)
{
    gw_edi_write_place(x, qualifier, gw_tree_at(x->t, x->root, "place"));
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

static void write_stop(struct gw_edi_writing *x, uint32_t stop, bool with_time)
{
    struct gw_slice role = gw_edi_str_of(x, stop, "role");
    int64_t time = gw_tree_int(x->t, stop, "time", 0);
    uint32_t place = gw_tree_at(x->t, stop, "place");
    bool leaves = gw_slice_is(role, "loading") || gw_slice_is(role, "origin");
    uint32_t before = x->w.segments;
    gw_edi_write_place(x, gw_edi_code_or(GW_EDI_LOC_ROLE, role, "92"), place);
    if (with_time && x->w.segments > before)
        gw_edi_write_time(x, time_code(leaves, gw_edi_str_of(x, stop, "class")), time,
                          place, gw_slice(NULL, 0));
}

static bool has_time(const struct gw_edi_writing *x, uint32_t stop)
{
    return gw_tree_int(x->t, stop, "time", 0) != 0;
}

void gw_edi_write_timed_stops(struct gw_edi_writing *x)
{
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "journey"), n))
        if (has_time(x, n))
            write_stop(x, n, true);
}

void gw_edi_write_untimed_stops(struct gw_edi_writing *x)
{
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "journey"), n))
        if (!has_time(x, n))
            write_stop(x, n, false);
}

void gw_edi_write_all_stops_untimed(struct gw_edi_writing *x)
{
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "journey"), n))
        write_stop(x, n, false);
}

void gw_edi_write_journey(struct gw_edi_writing *x)
{
    gw_edi_write_timed_stops(x);
    gw_edi_write_untimed_stops(x);
}
