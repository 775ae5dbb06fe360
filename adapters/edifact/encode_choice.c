/* encode_choice.c - which message an event goes out in. */
#include "adapters/edifact/encode.h"
#include "adapters/edifact/tables.h"

#define HAPPENED "actual reported"

static bool has(const struct gw_edi_writing *x, const char *path)
{
    return gw_tree_at(x->t, x->root, path) != GW_NODE_NONE;
}

static bool has_container(const struct gw_edi_writing *x)
{
    return has(x, "equipment[0]");
}

static bool has_cell(const struct gw_edi_writing *x)
{
    return has(x, "equipment[0].position");
}

/* An order is for containers of one kind, and nothing but them. */
static bool is_order(const struct gw_edi_writing *x)
{
    return has_container(x) && !has(x, "equipment[1]") && !has(x, "goods[0].packages");
}

static bool has_number(const struct gw_edi_writing *x)
{
    return gw_edi_str(x, "document.number").len != 0;
}

static bool has_goods(const struct gw_edi_writing *x)
{
    return has(x, "goods[0]");
}

/* More is known than that it happened. */
static bool is_from_customs(const struct gw_edi_writing *x)
{
    return has(x, "customs");
}

/* Recommendation 24 has a code. */
static bool is_status(const struct gw_edi_writing *x)
{
    struct gw_slice type = gw_edi_str(x, "type");
    return gw_edi_sts_for(type) &&
           (!gw_slice_is(type, "other") || gw_edi_str(x, "state.code").len) &&
           (gw_edi_among(gw_edi_str(x, "class"), HAPPENED) ||
            gw_edi_among(type, "arrive depart"));
}

/* Of an event that came in another format; the first row that fits. */
static const struct {
    const char *types;   /* NULL = any */
    const char *classes; /* NULL = any */
    bool (*fits)(const struct gw_edi_writing *x);
    const struct gw_edi_kind *kind;
} choices[] = {
    {"gate-in gate-out", HAPPENED, NULL, &gw_edi_codeco},
    {"weighed", HAPPENED, has_container, &gw_edi_codeco},
    {"load discharge", HAPPENED, NULL, &gw_edi_coarri},
    {"plan-position", "planned", has_cell, &gw_edi_baplie},
    {"plan-position", "planned", NULL, &gw_edi_coprar},
    {"instruction", "requested", is_order, &gw_edi_coparn},
    {"instruction", "requested planned", NULL, &gw_edi_iftmin},
    {"document-issued", HAPPENED, has_number, &gw_edi_iftmcs},
    {"booked", "requested", NULL, &gw_edi_iftmbf},
    {"booked", HAPPENED, NULL, &gw_edi_iftmbc},
    {"customs-declared", HAPPENED, has_goods, &gw_edi_cuscar},
    {"customs-release customs-hold customs-inspection customs-refused transit-start",
     HAPPENED, is_from_customs, &gw_edi_cusres},
    {NULL, NULL, is_status, &gw_edi_iftsta},
};

static const struct gw_edi_kind *kind_by_type(const struct gw_edi_writing *x)
{
    struct gw_slice type = gw_edi_str(x, "type"), class = gw_edi_str(x, "class");
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if ((!choices[i].types || gw_edi_among(type, choices[i].types)) &&
            (!choices[i].classes || gw_edi_among(class, choices[i].classes)) &&
            (!choices[i].fits || choices[i].fits(x)))
            return choices[i].kind;
    return NULL;
}

/* Of an event that came in EDIFACT: the message it came in. */
static const struct gw_edi_kind *kind_by_name(const struct gw_edi_writing *x)
{
    static const struct gw_edi_kind *const kinds[] = {
        &gw_edi_codeco, &gw_edi_coarri, &gw_edi_vermas, &gw_edi_coparn, &gw_edi_coreor,
        &gw_edi_cohaor, &gw_edi_coprar, &gw_edi_baplie, &gw_edi_movins, &gw_edi_iftsta,
        &gw_edi_iftmin, &gw_edi_iftmcs, &gw_edi_iftmbf, &gw_edi_iftmbc, &gw_edi_ifcsum,
        &gw_edi_cuscar, &gw_edi_cusres};
    struct gw_slice name = gw_edi_str(x, "source.message_type");
    if (!gw_slice_is(gw_edi_str(x, "source.format"), "edifact"))
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (gw_slice_is(name, kinds[i]->message))
            return kinds[i];
    return NULL;
}

/* The note of the Agreement on International Goods Transport by Rail: its number is among
 * the references. */
static bool is_rail_note(const struct gw_edi_writing *x)
{
    return gw_slice_is(gw_edi_str(x, "references[0].scheme"), "smgs") &&
           gw_slice_eq(gw_edi_str(x, "references[0].value"),
                       gw_edi_str(x, "document.number"));
}

/* What an event of a message with a group per container must have. */
static const char *lack_of(const struct gw_edi_writing *x, const struct gw_edi_kind *k)
{
    if (k->holds != GW_EDI_HOLDS_CONTAINERS && k->holds != GW_EDI_HOLDS_CELLS)
        return NULL;
    if (!has_container(x))
        return "no equipment";
    if (has(x, "equipment[1]") && !gw_edi_str(x, "equipment[1].on").len)
        return "more than one equipment in an event of one container";
    return (k == &gw_edi_baplie || k == &gw_edi_movins) && !has_cell(x)
               ? "no position in the ship"
               : NULL;
}

const struct gw_edi_kind *gw_edi_kind_of(const struct gw_edi_writing *x,
                                         const char **rule)
{
    const struct gw_edi_kind *k = kind_by_name(x);
    if (!k)
        k = kind_by_type(x);
    *rule = k ? lack_of(x, k) : "no message of this format carries the type and class";
    if (k == &gw_edi_iftmin && is_rail_note(x))
        k = &gw_edi_rail_note;
    return *rule ? NULL : k;
}

struct gw_slice gw_edi_meant_type(const struct gw_edi_writing *x, const char *message)
{
    struct gw_slice type = gw_edi_str(x, "type"), code = gw_edi_str(x, "state.code");
    if (!gw_slice_is(type, "correction"))
        return type;
    const struct gw_edi_bgm *b = gw_edi_bgm_of(gw_slice_str(message), code);
    const struct gw_edi_sts *s = gw_edi_sts_of(code);
    return gw_slice_str(b ? b->type : s ? s->type : "other");
}
