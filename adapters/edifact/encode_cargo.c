/* encode_cargo.c - equipment, measures, seals and goods of an event as segments. */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"
#include <stdio.h>

/* ---- equipment ---- */

void gw_edi_write_unit(struct gw_edi_writing *x, uint32_t unit)
{
    struct gw_slice type = gw_edi_str_of(x, unit, "size_type");
    const char *fallback =
        gw_slice_is(gw_edi_str_of(x, unit, "scheme"), "iso6346") ? "CN" : "ZZZ";
    gw_edi_segment(&x->w, "EQD");
    gw_edi_element_str(
        &x->w, gw_edi_code_or(GW_EDI_EQD_KIND, gw_edi_str_of(x, unit, "kind"), fallback));
    gw_edi_element(&x->w, gw_edi_str_of(x, unit, "id"));
    gw_edi_element(&x->w, type);
    if (type.len) {
        gw_edi_component_str(&x->w, "102");
        gw_edi_component_str(&x->w, "5");
    }
    gw_edi_skip(&x->w, 1);
    gw_edi_element_str(
        &x->w, gw_edi_code_or(GW_EDI_EQD_STATUS, gw_edi_str_of(x, unit, "status"), ""));
    gw_edi_element_str(
        &x->w, gw_edi_code_or(GW_EDI_EQD_LOAD, gw_edi_str_of(x, unit, "load"), ""));
    gw_edi_end(&x->w);
}

static void write_attached(struct gw_edi_writing *x, uint32_t unit)
{
    struct gw_slice id = gw_edi_str_of(x, unit, "id"),
                    type = gw_edi_str_of(x, unit, "size_type");
    char joined[64];
    gw_edi_segment(&x->w, "EQA");
    gw_edi_element_str(
        &x->w, gw_edi_code_or(GW_EDI_EQD_KIND, gw_edi_str_of(x, unit, "kind"), "CN"));
    if (x->kind == &gw_edi_rail_note && type.len &&
        id.len + type.len + 1 < sizeof joined) {
        /* OSJD: number/size type, in one */
        (void)snprintf(joined, sizeof joined, "%.*s/%.*s", GW_FMT(id), GW_FMT(type));
        gw_edi_element_str(&x->w, joined);
    } else {
        gw_edi_element(&x->w, id);
        gw_edi_element(&x->w, type);
    }
    gw_edi_end(&x->w);
}

void gw_edi_write_attached(struct gw_edi_writing *x)
{
    bool first = true;
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "equipment"), n)) {
        if (!first)
            write_attached(x, n);
        first = false;
    }
}

/* EQA says less than EQD: only what loses nothing by it is attached. */
static bool stands_on(const struct gw_edi_writing *x, uint32_t unit,
                      struct gw_slice under)
{
    return under.len && gw_slice_eq(gw_edi_str_of(x, unit, "on"), under) &&
           gw_edi_str_of(x, unit, "id").len && !gw_edi_str_of(x, unit, "status").len &&
           !gw_edi_str_of(x, unit, "load").len && !gw_edi_str_of(x, unit, "position").len;
}

static void write_seals_of(struct gw_edi_writing *x, uint32_t from, uint32_t to)
{
    uint32_t list = gw_edi_list_of(x, "seals"), i = 0;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (i >= from && i < to) {
            struct gw_slice issuer = gw_edi_str_of(x, n, "issuer"),
                            state = gw_edi_str_of(x, n, "state");
            gw_edi_segment(&x->w, "SEL");
            gw_edi_element(&x->w, gw_edi_str_of(x, n, "id"));
            gw_edi_element_str(&x->w, gw_edi_code_or(GW_EDI_SEAL_ISSUER, issuer, ""));
            gw_edi_element_str(&x->w, gw_edi_code_or(GW_EDI_SEAL_STATE, state, ""));
            gw_edi_end(&x->w);
        }
        i++;
    }
}

void gw_edi_write_seals(struct gw_edi_writing *x)
{
    write_seals_of(x, 0, UINT32_MAX);
}

/* As many seals as pieces that are not attached: one each. */
static bool has_seal_each(const struct gw_edi_writing *x)
{
    uint32_t list = gw_edi_list_of(x, "equipment"), seals = gw_edi_list_of(x, "seals");
    struct gw_slice under = {0};
    if (!seals || gw_node(x->t, list)->count != gw_node(x->t, seals)->count)
        return false;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (stands_on(x, n, under))
            return false;
        under = gw_edi_str_of(x, n, "id");
    }
    return true;
}

void gw_edi_write_equipment(struct gw_edi_writing *x, uint32_t from, uint32_t to)
{
    uint32_t list = gw_edi_list_of(x, "equipment"), i = 0;
    struct gw_slice under = {0};
    if (!list)
        return;
    bool each = has_seal_each(x);
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (stands_on(x, n, under)) {
            write_attached(x, n);
        } else {
            under = gw_edi_str_of(x, n, "id");
            gw_edi_write_unit(x, n);
        }
        if (!i && x->kind->holds == GW_EDI_HOLDS_ONE)
            gw_edi_write_quantity(x);
        if (!i)
            gw_edi_write_measures_of(x, from, to);
        if (each)
            write_seals_of(x, i, i + 1);
        else if (!i)
            gw_edi_write_seals(x);
        i++;
    }
}

void gw_edi_write_position(struct gw_edi_writing *x)
{
    struct gw_slice position = gw_edi_str(x, "equipment[0].position");
    if (!position.len)
        return;
    gw_edi_segment(&x->w, "LOC");
    gw_edi_element_str(&x->w, "147");
    gw_edi_element(&x->w, position);
    gw_edi_component_str(&x->w, "");
    gw_edi_component_str(&x->w, "5");
    gw_edi_end(&x->w);
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

/* ---- measures and seals ---- */

static uint32_t quantity_of(const struct gw_edi_writing *x)
{
    return gw_tree_item_with(x->t, x->root, "measures", "kind", "quantity");
}

void gw_edi_write_quantity(struct gw_edi_writing *x)
{
    uint32_t item = quantity_of(x);
    char number[40];
    if (!item)
        return;
    gw_edi_segment(&x->w, "EQN");
    gw_edi_element(&x->w, number_text(x, item, "value", number));
    gw_edi_end(&x->w);
}

uint32_t gw_edi_quantity(const struct gw_edi_writing *x)
{
    char text[40];
    uint64_t many = 0;
    uint32_t item = quantity_of(x);
    if (!item || !gw_slice_uint(number_text(x, item, "value", text), &many) ||
        many >= 100000)
        return 1;
    return (uint32_t)many;
}

/* How a measure is written: purpose (6311) and dimension (6313).  What no row names is
 * AAE and the code of its kind. */
static const struct {
    const char *messages; /* NULL: any; "OSJD": the rail note */
    const char *kind, *purpose, *dimension, *source;
} written[] = {
    {"OSJD", "net", "WT", "G", "OSJD IFTMIN D.97A"},
    {"OSJD", "gross", "AAH", "G", "OSJD IFTMIN D.97A"},
    {"OSJD", "tare", "WT", "T", "OSJD IFTMIN D.97A"},
    {"BAPLIE MOVINS", "gross", "WT", "", "SMDG BAPLIE 2.2"},
    {"BAPLIE MOVINS", "vgm", "VGM", "", "SMDG BAPLIE 2.2, amendment of 2016"},
    {NULL, "container-tare", "AAI", "T", "OSJD IFTMIN D.97A"},
};

/* MEA's two codes of a kind; false for what MEA does not carry. */
static bool measure_codes(const struct gw_edi_writing *x, struct gw_slice kind,
                          const char **purpose, struct gw_slice *code)
{
    static const char prefix[] = "edifact-";
    const size_t n = sizeof prefix - 1;
    struct gw_slice use =
        gw_slice_str(x->kind == &gw_edi_rail_note ? "OSJD" : x->message);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (gw_slice_is(kind, written[i].kind) &&
            (!written[i].messages || gw_edi_among(use, written[i].messages))) {
            *purpose = written[i].purpose;
            *code = gw_slice_str(written[i].dimension);
            return true;
        }
    *purpose = "AAE";
    if (kind.len > n && memcmp(kind.at, prefix, n) == 0) {
        *code = gw_slice(kind.at + n, kind.len - n);
        return true;
    }
    *code = gw_slice_str(gw_edi_code_for(GW_EDI_MEASURE, kind));
    return code->len > 0;
}

static void write_measure(struct gw_edi_writing *x, uint32_t item)
{
    const char *purpose;
    char number[40];
    struct gw_slice code, kind = gw_edi_str_of(x, item, "kind");
    if (!measure_codes(x, kind, &purpose, &code))
        return;
    gw_edi_segment(&x->w, "MEA");
    gw_edi_element_str(&x->w, purpose);
    gw_edi_element(&x->w, code);
    gw_edi_element(&x->w, gw_edi_str_of(x, item, "unit"));
    gw_edi_component(&x->w, number_text(x, item, "value", number));
    gw_edi_end(&x->w);
}

/* DTM+WAT; in an event that is the weighing, its own time says it. */
void gw_edi_write_weighing_time(struct gw_edi_writing *x)
{
    uint32_t list = gw_edi_list_of(x, "measures");
    if (!list || gw_slice_is(x->type, "weighed"))
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        int64_t time = gw_tree_int(x->t, n, "time", 0);
        if (!time || !gw_slice_is(gw_edi_str_of(x, n, "kind"), "vgm"))
            continue;
        gw_edi_write_time(x, "WAT", time, gw_tree_at(x->t, x->root, "place"),
                          gw_slice(NULL, 0));
        return;
    }
}

void gw_edi_write_measures_of(struct gw_edi_writing *x, uint32_t from, uint32_t to)
{
    uint32_t list = gw_edi_list_of(x, "measures"), i = 0;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (i >= from && i < to)
            write_measure(x, n);
        i++;
    }
}

void gw_edi_write_measures(struct gw_edi_writing *x)
{
    gw_edi_write_measures_of(x, 0, UINT32_MAX);
}

void gw_edi_write_temperatures(struct gw_edi_writing *x)
{
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "measures"), n)) {
        char number[40];
        struct gw_slice unit = gw_edi_str_of(x, n, "unit");
        if (!gw_slice_is(gw_edi_str_of(x, n, "kind"), "temperature-set"))
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

/* ---- goods ---- */

void gw_edi_write_goods_text(struct gw_edi_writing *x, uint32_t item)
{
    struct gw_slice text = gw_edi_str_of(x, item, "description");
    if (!text.len)
        return;
    gw_edi_segment(&x->w, "FTX");
    gw_edi_plain(&x->w, "+AAA++");
    gw_edi_element(&x->w, text);
    gw_edi_end(&x->w);
}

void gw_edi_write_goods_danger(struct gw_edi_writing *x, uint32_t item)
{
    if (!gw_edi_str_of(x, item, "un").len && !gw_edi_str_of(x, item, "class").len)
        return;
    gw_edi_segment(&x->w, "DGS");
    gw_edi_element_str(&x->w, "IMD");
    gw_edi_element(&x->w, gw_edi_str_of(x, item, "class"));
    gw_edi_element(&x->w, gw_edi_str_of(x, item, "un"));
    gw_edi_skip(&x->w, 1);
    gw_edi_element(&x->w, gw_edi_str_of(x, item, "packing_group"));
    gw_edi_end(&x->w);
}

void gw_edi_write_goods(struct gw_edi_writing *x)
{
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "goods"), n)) {
        gw_edi_write_goods_text(x, n);
        gw_edi_write_goods_danger(x, n);
    }
}

/* PIA's lists of tariff codes (7143, and 1131 or 3055 where the list is shared). */
static const struct {
    const char *field, *list, *agency, *source;
} tariffs[] = {
    {"hs", "HS", "", "UN/EDIFACT D.95B 7143"},
    {"nhm", "HS", "12", "OSJD IFTMIN D.97A: of the UIC"},
    {"etsng", "ET", "288", "OSJD IFTMIN D.97A"},
};

static void write_tariffs(struct gw_edi_writing *x, uint32_t item)
{
    for (size_t i = 0; i < sizeof tariffs / sizeof *tariffs; i++) {
        struct gw_slice code = gw_edi_str_of(x, item, tariffs[i].field);
        if (!code.len || strcmp(x->message, "IFTSTA") == 0 ||
            strcmp(x->message, "CUSCAR") == 0)
            continue; /* these two have no PIA */
        gw_edi_segment(&x->w, "PIA");
        gw_edi_element_str(&x->w, "5");
        gw_edi_element(&x->w, code);
        gw_edi_component_str(&x->w, tariffs[i].list);
        gw_edi_component_str(&x->w, "");
        gw_edi_component_str(&x->w, tariffs[i].agency);
        gw_edi_end(&x->w);
    }
}

static void write_gid(struct gw_edi_writing *x, unsigned number, uint32_t item)
{
    int64_t packages = gw_tree_int(x->t, item, "packages", -1);
    char text[24];
    (void)snprintf(text, sizeof text, "%u", number);
    gw_edi_segment(&x->w, "GID");
    gw_edi_element_str(&x->w, text);
    (void)snprintf(text, sizeof text, "%lld", (long long)packages);
    gw_edi_element_str(&x->w, packages < 0 ? "" : text);
    gw_edi_component(&x->w, gw_edi_str_of(x, item, "package_kind"));
    gw_edi_end(&x->w);
}

void gw_edi_write_places_of_goods(struct gw_edi_writing *x)
{
    uint32_t list = gw_edi_list_of(x, "equipment");
    if (!list || strcmp(x->message, "CUSCAR") != 0)
        return;
    for (GW_FOREACH_CHILD (x->t, list, n)) {
        if (!gw_edi_str_of(x, n, "id").len)
            continue;
        gw_edi_segment(&x->w, "SGP");
        gw_edi_element(&x->w, gw_edi_str_of(x, n, "id"));
        gw_edi_end(&x->w);
    }
}

/* Of messages about consignments: it comes before all that is measured of anything. */
bool gw_edi_temperature_is_of_goods(const struct gw_edi_writing *x)
{
    uint32_t list = gw_edi_list_of(x, "measures"),
             n = list ? gw_node(x->t, list)->first : 0;
    if (n && gw_slice_is(gw_edi_str_of(x, n, "kind"), "quantity"))
        n = gw_node(x->t, n)->next;
    return n && gw_slice_is(gw_edi_str_of(x, n, "kind"), "temperature-set") &&
           gw_tree_at(x->t, x->root, "goods[0]") &&
           gw_edi_among(gw_slice_str(x->message), "IFTMIN IFTMCS IFTMBF IFTMBC IFCSUM");
}

void gw_edi_write_goods_items(struct gw_edi_writing *x, uint32_t from, uint32_t to)
{
    unsigned number = 0;
    for (GW_FOREACH_CHILD (x->t, gw_edi_list_of(x, "goods"), n)) {
        write_gid(x, ++number, n);
        if (number == 1 && gw_edi_temperature_is_of_goods(x))
            gw_edi_write_temperatures(x);
        write_tariffs(x, n);
        gw_edi_write_goods_text(x, n);
        if (number == 1) {
            gw_edi_write_measures_of(x, from, to);
            gw_edi_write_places_of_goods(x);
        }
        gw_edi_write_goods_danger(x, n);
    }
}
