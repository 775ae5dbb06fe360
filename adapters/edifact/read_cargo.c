/* read_cargo.c - segments about equipment and goods to facts. */
#include "adapters/edifact/read.h"
#include "adapters/edifact/tables.h"
#include <ctype.h>
#include <stdlib.h>

bool gw_edi_number(struct gw_slice s, double *out)
{
    char text[32], *end;
    if (!s.len || !gw_slice_copy(s, text, sizeof text))
        return false;
    for (size_t i = 0; text[i]; i++) {
        if (text[i] == ',')
            text[i] = '.';
        else if (!isdigit((unsigned char)text[i]) && !strchr("+-.", text[i]))
            return false; /* neither hexadecimal nor infinity */
    }
    *out = strtod(text, &end);
    return end != text && !*end;
}

/* ---- equipment ---- */

static struct gw_edi_unit *own_unit(struct gw_edi_facts *f)
{
    return f->top.units > f->header.units ? &f->units[f->top.units - 1] : NULL;
}

void gw_edi_read_eqd(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_unit waiting = {0}, *u = own_unit(&c->facts);
    if (u && !u->qualifier.len) { /* a cell came first, as in a stowage plan */
        waiting = *u;
        c->facts.top.units--;
    }
    u = GW_EDI_MORE(&c->facts, units);
    if (!u)
        return;
    u->qualifier = gw_edi_get(s, 1, 1);
    u->id = gw_edi_get(s, 2, 1);
    u->type = gw_edi_get(s, 3, 1);
    if (!u->type.len)
        u->type = gw_edi_get(s, 3, 4);
    u->status = gw_edi_get(s, 5, 1);
    u->full = gw_edi_get(s, 6, 1);
    if (!u->full.len)
        u->full = waiting.full;
    u->position = waiting.position;
}

/* Attached equipment: a container on a wagon, bundled flats. */
void gw_edi_read_eqa(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_slice id = gw_edi_get(s, 2, 1);
    const struct gw_edi_unit *under = own_unit(&c->facts);
    if (!id.len || !gw_edi_word_of(GW_EDI_EQD_KIND, gw_edi_get(s, 1, 1)))
        return;
    struct gw_slice on = under && !under->on.len ? under->id
                         : under                 ? under->on
                                                 : gw_slice(NULL, 0);
    struct gw_edi_unit *u = GW_EDI_MORE(&c->facts, units);
    if (!u)
        return;
    u->qualifier = gw_edi_get(s, 1, 1);
    const uint8_t *slash = memchr(id.at, '/', id.len); /* OSJD: number/size type */
    u->id = slash ? gw_slice(id.at, (size_t)(slash - id.at)) : id;
    u->type = slash ? gw_slice(slash + 1, id.len - u->id.len - 1) : gw_edi_get(s, 3, 1);
    u->on = on;
}

void gw_edi_read_eqn(struct gw_edi *c, const struct gw_edi_segment *s)
{
    c->facts.top.quantity = gw_edi_get(s, 1, 1);
}

void gw_edi_position(struct gw_edi_facts *f, struct gw_slice cell)
{
    struct gw_edi_unit *u = own_unit(f);
    if (!cell.len)
        return;
    if (!u)
        u = GW_EDI_MORE(f, units);
    if (u)
        u->position = cell;
}

void gw_edi_read_gds(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_unit *u = own_unit(&c->facts);
    if (u && !u->full.len && gw_slice_is(gw_edi_get(s, 1, 1), "MT"))
        u->full = GW_LIT("4");
}

/* ---- measures and seals ---- */

/* What is measured depends on both codes; OSJD uses the first one to say of what. */
static const struct {
    const char *purpose, *dimension, *kind;
} measured[] = {
    {"AAI", "T", "container-tare"}, /* OSJD IFTMIN: tare of the container on a wagon */
    {"AAH", "G", "gross"},          /* OSJD IFTMIN: of the goods with packing */
    {"WT", "", "gross"},            /* SMDG BAPLIE */
    {"VGM", "", "vgm"},             /* SMDG BAPLIE 2.2, amendment of 2016 */
};

static const char *kind_of(struct gw_slice purpose, struct gw_slice dimension)
{
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++)
        if (gw_slice_is(purpose, measured[i].purpose) &&
            gw_slice_is(dimension, measured[i].dimension))
            return measured[i].kind;
    return gw_edi_word_of(GW_EDI_MEASURE, dimension);
}

/* False: there is none, or it is noted that it cannot be read. */
static bool number_of(struct gw_edi *c, struct gw_slice text, double *value)
{
    if (text.len && gw_edi_number(text, value))
        return true;
    if (text.len)
        gw_edi_note(&c->facts, "number", "measures", text);
    return false;
}

void gw_edi_read_mea(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_slice purpose = gw_edi_get(s, 1, 1), dimension = gw_edi_get(s, 2, 1);
    struct gw_slice unit = gw_edi_get(s, 3, 1), text = gw_edi_get(s, 3, 2);
    double value;
    if (!number_of(c, text, &value))
        return;
    struct gw_edi_measure *m = GW_EDI_MORE(&c->facts, measures);
    if (!m)
        return;
    m->kind = kind_of(purpose, dimension);
    if (gw_slice_is(c->message.association, "OSJD") && gw_slice_is(purpose, "WT") &&
        gw_slice_is(dimension, "G"))
        m->kind = "net"; /* OSJD IFTMIN: of the goods without packing */
    m->code = dimension.len ? dimension : purpose;
    m->unit = unit;
    m->value = value;
    m->has_value = true;
}

static struct gw_edi_measure *temperature(struct gw_edi_facts *f, struct gw_slice unit)
{
    struct gw_edi_measure *m = GW_EDI_MORE(f, measures);
    if (m) {
        m->kind = "temperature-set";
        m->unit = unit;
    }
    return m;
}

void gw_edi_read_tmp(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_slice text = gw_edi_get(s, 2, 1);
    double value;
    if (!number_of(c, text, &value))
        return;
    struct gw_edi_measure *m = temperature(&c->facts, gw_edi_get(s, 2, 2));
    if (m) {
        m->value = value;
        m->has_value = true;
    }
}

void gw_edi_read_rng(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_facts *f = &c->facts;
    struct gw_slice unit = gw_edi_get(s, 2, 1);
    double low, high;
    if (!gw_edi_number(gw_edi_get(s, 2, 2), &low) ||
        !gw_edi_number(gw_edi_get(s, 2, 3), &high) || !gw_edi_among(unit, "CEL FAH KEL"))
        return;
    struct gw_edi_measure *m =
        f->top.measures > f->header.measures ? &f->measures[f->top.measures - 1] : NULL;
    if (!m || m->has_range || !m->kind || strcmp(m->kind, "temperature-set") != 0)
        m = temperature(f, unit);
    if (m) {
        m->min = low < high ? low : high;
        m->max = low < high ? high : low;
        m->has_range = true;
    }
}

void gw_edi_read_sel(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_seal *seal =
        gw_edi_get(s, 1, 1).len ? GW_EDI_MORE(&c->facts, seals) : NULL;
    if (!seal)
        return;
    seal->id = gw_edi_get(s, 1, 1);
    seal->issuer = gw_edi_get(s, 2, 1);
    if (!seal->issuer.len)
        seal->issuer = gw_edi_get(s, 1, 2); /* SEL+1234567:CA of one generator */
    seal->condition = gw_edi_get(s, 3, 1);
}

/* ---- goods ---- */

/* The item that FTX, PIA and DGS are about. */
static struct gw_edi_goods *own_goods(struct gw_edi_facts *f)
{
    if (f->top.goods > f->header.goods)
        return &f->goods[f->top.goods - 1];
    return GW_EDI_MORE(f, goods);
}

void gw_edi_read_gid(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_goods *g = GW_EDI_MORE(&c->facts, goods);
    if (!g)
        return;
    g->packages = gw_edi_get(s, 2, 1);
    g->package_kind = gw_edi_get(s, 2, 2);
}

void gw_edi_read_pia(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_goods *g = own_goods(&c->facts);
    for (unsigned e = 2; g && e < s->elements; e++) {
        struct gw_slice code = gw_edi_get(s, e, 1), list = gw_edi_get(s, e, 2);
        if (gw_slice_is(list, "HS") && gw_slice_is(gw_edi_get(s, e, 4), "12"))
            g->nhm = code; /* of the UIC: the harmonised list of the railways */
        else if (gw_slice_is(list, "HS"))
            g->hs = code;
        else if (gw_slice_is(list, "ET")) /* OSJD: ETSNG */
            g->etsng = code;
    }
}

void gw_edi_read_dgs(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_facts *f = &c->facts;
    struct gw_edi_goods *g = own_goods(f);
    if (g && g->un.len) /* several dangerous goods in one place: an item each */
        g = GW_EDI_MORE(f, goods);
    if (!g)
        return;
    g->class = gw_edi_get(s, 2, 1);
    g->un = gw_edi_get(s, 3, 1);
    g->group = gw_edi_get(s, 5, 1);
}

void gw_edi_read_sgp(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_facts *f = &c->facts;
    if (f->top.goods > f->header.goods)
        f->goods[f->top.goods - 1].in = gw_edi_get(s, 1, 1);
}

void gw_edi_read_ftx(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_slice about = gw_edi_get(s, 1, 1), text = gw_edi_get(s, 4, 1);
    if (!text.len)
        return;
    if (gw_slice_is(about, "AAA") && gw_slice_is(text, "MT")) { /* BAPLIE: empty */
        struct gw_edi_unit *u = own_unit(&c->facts);
        if (u && !u->full.len)
            u->full = GW_LIT("4");
    } else if (gw_slice_is(about, "AAA") || gw_slice_is(about, "AAD")) {
        struct gw_edi_goods *g = own_goods(&c->facts);
        if (g && !g->text.len)
            g->text = text;
    } else if (!c->facts.top.text.len && gw_edi_among(about, "AAI AAO ACB")) {
        c->facts.top.text = text;
    }
}
