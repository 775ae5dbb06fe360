/* read.c - segments to facts: one reader per segment tag. */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/envelope.h"
#include "adapters/edifact/read.h"
#include "adapters/edifact/tables.h"

/* ---- document and references ---- */

static void read_bgm(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_top *t = &c->facts.top;
    t->bgm_code = gw_edi_get(s, 1, 1);
    t->bgm_list = gw_edi_get(s, 1, 2);
    t->bgm_name = gw_edi_get(s, 1, 4);
    t->bgm_number = gw_edi_get(s, 2, 1);
    t->bgm_function = gw_edi_get(s, 3, 1);
    t->bgm_response = gw_edi_get(s, 4, 1);
}

/* A plan must have a reference in every cell and has none to give: SMDG has RFF+BM:1
 * written.  Source  SMDG user manuals BAPLIE 2.0 to 2.2, MOVINS 2.1 */
static bool is_filler(const struct gw_edi *c, struct gw_slice qualifier,
                      struct gw_slice value)
{
    return gw_slice_is(value, "1") && gw_slice_is(qualifier, "BM") &&
           gw_edi_among(c->message.type, "BAPLIE MOVINS");
}

static void read_rff(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_slice qualifier = gw_edi_get(s, 1, 1), value = gw_edi_get(s, 1, 2);
    struct gw_edi_facts *f = &c->facts;
    if (!value.len || is_filler(c, qualifier, value))
        return;
    for (uint16_t i = 0; i < f->top.refs; i++)
        if (gw_slice_eq(f->refs[i].value, value) &&
            gw_slice_eq(f->refs[i].qualifier, qualifier))
            return;
    struct gw_edi_ref *r = GW_EDI_MORE(f, refs);
    if (r)
        *r = (struct gw_edi_ref){qualifier, value};
}

static void read_cni(struct gw_edi *c, const struct gw_edi_segment *s)
{
    c->facts.top.consignment = gw_edi_get(s, 2, 1);
    c->facts.top.consignment_kind = gw_edi_get(s, 2, 2);
}

static void read_sts(struct gw_edi *c, const struct gw_edi_segment *s)
{
    c->facts.top.status = (struct gw_edi_status){.there = true,
                                                 .code = gw_edi_get(s, 2, 1),
                                                 .list = gw_edi_get(s, 2, 2),
                                                 .agency = gw_edi_get(s, 2, 3),
                                                 .text = gw_edi_get(s, 2, 4),
                                                 .reason = gw_edi_get(s, 3, 1),
                                                 .reason_text = gw_edi_get(s, 3, 4)};
}

/* ---- times ---- */

/* Whose time is it?  The place in front of it, if there is one; the places of a leg that
 * come in a row share the times behind them, each by what it is. */
static struct gw_edi_loc *place_of_time(struct gw_edi_facts *f, bool arrival)
{
    struct gw_edi_top *t = &f->top;
    if (!t->locs)
        return NULL;
    if (t->loc_run <= 1)
        return &f->locs[t->locs - 1];
    for (uint16_t i = t->locs; i > 0; i--)
        if (gw_edi_among(f->locs[i - 1].qualifier, arrival ? "11 12 61" : "9 6 5"))
            return &f->locs[i - 1];
    return NULL;
}

/* Actual before estimated before planned. */
static unsigned weight(const char *class)
{
    return !class                            ? 0
           : strcmp(class, "actual") == 0    ? 3
           : strcmp(class, "estimated") == 0 ? 2
                                             : 1;
}

static void keep_better(struct gw_edi_when *w, const char *class,
                        const struct gw_civil *civil)
{
    if (weight(class) > weight(w->class))
        *w = (struct gw_edi_when){class, *civil};
}

static void use_time(struct gw_edi_facts *f, const struct gw_edi_dtm_use *use,
                     const struct gw_civil *civil)
{
    bool arrival = use->use == GW_EDI_TIME_ARRIVE;
    struct gw_edi_loc *l;
    switch (use->use) {
    case GW_EDI_TIME_MESSAGE:
        if (!f->top.message.class)
            f->top.message = (struct gw_edi_when){use->class, *civil};
        break;
    case GW_EDI_TIME_ISSUED:
        f->top.issued = (struct gw_edi_when){use->class, *civil};
        break;
    case GW_EDI_TIME_WEIGHED:
        f->top.weighed = (struct gw_edi_when){use->class, *civil};
        break;
    case GW_EDI_TIME_ARRIVE:
    case GW_EDI_TIME_DEPART:
        l = place_of_time(f, arrival);
        if (l)
            keep_better(arrival ? &l->arrive : &l->depart, use->class, civil);
        break;
    case GW_EDI_TIME_EVENT:
    case GW_EDI_TIME_OTHER:
        break;
    }
}

static void note_form(struct gw_edi_facts *f, enum gw_edi_dtm_form form,
                      struct gw_slice raw)
{
    static const char *const rules[] = {NULL, "dtm-format", "offset-not-released",
                                        "zone-unknown"};
    if (form)
        gw_edi_note(f, rules[form], "time", raw);
}

static void read_dtm(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_facts *f = &c->facts;
    struct gw_slice qualifier = gw_edi_get(s, 1, 1), value = gw_edi_get(s, 1, 2);
    const struct gw_edi_dtm_use *use = gw_edi_dtm_use(qualifier);
    struct gw_civil civil;
    enum gw_edi_dtm_form form;
    enum gw_error e = gw_edi_dtm_segment(s, &civil, &form);
    if (!e && (civil.local_ms < GW_EDI_TIME_LEAST || civil.local_ms > GW_EDI_TIME_MOST))
        e = GW_RANGE;
    if (e && (e != GW_NOT_FOUND || (use && use->use == GW_EDI_TIME_EVENT)))
        gw_edi_note(f, e == GW_RANGE ? "dtm-no-such-date" : "dtm-value", "time", value);
    if (e || (use && use->use == GW_EDI_TIME_OTHER))
        return;
    if (!qualifier.len) {
        gw_edi_note(f, "dtm-qualifier", "time", value);
        return;
    }
    note_form(f, form, value);
    struct gw_edi_time *t = GW_EDI_MORE(f, times);
    if (t)
        *t = (struct gw_edi_time){qualifier, civil};
    if (use)
        use_time(f, use, &civil);
}

/* ---- places, parties, means ---- */

static void read_loc(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_edi_facts *f = &c->facts;
    struct gw_slice qualifier = gw_edi_get(s, 1, 1), code = gw_edi_get(s, 2, 1);
    f->top.loc_run = f->top.last_tag == s->tag ? f->top.loc_run + 1 : 1;
    if (gw_slice_is(qualifier, "147")) { /* a stowage cell is a position, not a place */
        gw_edi_position(f, code);
        return;
    }
    if (!code.len && gw_edi_get(s, 3, 1).len) /* LOC+5++BEANR::86 */
        gw_edi_note(f, "loc-element", "place", gw_edi_get(s, 3, 1));
    unsigned at = code.len || gw_edi_get(s, 2, 4).len ? 2 : 3;
    if (!gw_edi_get(s, at, 1).len && !gw_edi_get(s, at, 4).len)
        return;
    struct gw_edi_loc *l = GW_EDI_MORE(f, locs);
    if (!l)
        return;
    l->qualifier = qualifier;
    l->role = (int8_t)gw_edi_role_of(qualifier);
    l->party = gw_edi_among(qualifier, "32 56") ? c->facts.top.parties : 0;
    l->code = gw_edi_get(s, at, 1);
    l->list = gw_edi_get(s, at, 2);
    l->agency = gw_edi_get(s, at, 3);
    l->name = gw_edi_get(s, at, 4);
    if (at == 2) {
        l->terminal = gw_edi_get(s, 3, 1);
        l->terminal_list = gw_edi_get(s, 3, 2);
        l->terminal_agency = gw_edi_get(s, 3, 3);
        l->terminal_name = gw_edi_get(s, 3, 4);
    }
}

static void read_nad(struct gw_edi *c, const struct gw_edi_segment *s)
{
    struct gw_slice qualifier = gw_edi_get(s, 1, 1);
    if (!gw_edi_word_of(GW_EDI_NAD_ROLE, qualifier))
        return;
    struct gw_edi_party p = {.qualifier = qualifier,
                             .id = gw_edi_get(s, 2, 1),
                             .list = gw_edi_get(s, 2, 2),
                             .agency = gw_edi_get(s, 2, 3),
                             .name = gw_edi_get(s, 4, 1),
                             .country = gw_edi_get(s, 9, 1)};
    if (!p.name.len)
        p.name = gw_edi_get(s, 3, 1); /* C058 carries it in old layouts */
    if (!p.id.len && !p.name.len)
        return;
    for (uint16_t i = 0; i < c->facts.top.parties; i++)
        if (gw_slice_eq(c->facts.parties[i].qualifier, qualifier) &&
            gw_slice_eq(c->facts.parties[i].id, p.id) &&
            gw_slice_eq(c->facts.parties[i].name, p.name))
            return;
    struct gw_edi_party *more = GW_EDI_MORE(&c->facts, parties);
    if (more)
        *more = p;
}

static void read_tdt(struct gw_edi *c, const struct gw_edi_segment *s)
{
    c->facts.top.loc_run = 0;
    struct gw_edi_leg *l = GW_EDI_MORE(&c->facts, legs);
    if (!l)
        return;
    *l = (struct gw_edi_leg){.stage = gw_edi_get(s, 1, 1),
                             .journey = gw_edi_get(s, 2, 1),
                             .mode = gw_edi_get(s, 3, 1),
                             .carrier = gw_edi_get(s, 5, 1),
                             .carrier_name = gw_edi_get(s, 5, 4),
                             .means = gw_edi_get(s, 8, 1),
                             .means_list = gw_edi_get(s, 8, 2),
                             .means_name = gw_edi_get(s, 8, 4)};
}

/* ---- the table ---- */

typedef void (*read_fn)(struct gw_edi *c, const struct gw_edi_segment *s);

static const struct {
    uint32_t tag;
    read_fn read;
} readers[] = {
    {GW_EDI_TAG('L', 'O', 'C'), read_loc},
    {GW_EDI_TAG('D', 'T', 'M'), read_dtm},
    {GW_EDI_TAG('R', 'F', 'F'), read_rff},
    {GW_EDI_TAG('M', 'E', 'A'), gw_edi_read_mea},
    {GW_EDI_TAG('E', 'Q', 'D'), gw_edi_read_eqd},
    {GW_EDI_TAG('N', 'A', 'D'), read_nad},
    {GW_EDI_TAG('S', 'E', 'L'), gw_edi_read_sel},
    {GW_EDI_TAG('F', 'T', 'X'), gw_edi_read_ftx},
    {GW_EDI_TAG('T', 'D', 'T'), read_tdt},
    {GW_EDI_TAG('T', 'M', 'P'), gw_edi_read_tmp},
    {GW_EDI_TAG('R', 'N', 'G'), gw_edi_read_rng},
    {GW_EDI_TAG('S', 'T', 'S'), read_sts},
    {GW_EDI_TAG('C', 'N', 'I'), read_cni},
    {GW_EDI_TAG('B', 'G', 'M'), read_bgm},
    {GW_EDI_TAG('G', 'I', 'D'), gw_edi_read_gid},
    {GW_EDI_TAG('D', 'G', 'S'), gw_edi_read_dgs},
    {GW_EDI_TAG('P', 'I', 'A'), gw_edi_read_pia},
    {GW_EDI_TAG('S', 'G', 'P'), gw_edi_read_sgp},
    {GW_EDI_TAG('E', 'Q', 'A'), gw_edi_read_eqa},
    {GW_EDI_TAG('E', 'Q', 'N'), gw_edi_read_eqn},
    {GW_EDI_TAG('G', 'D', 'S'), gw_edi_read_gds},
};

static void read_segment(struct gw_edi *c, const struct gw_edi_segment *s)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i].tag == s->tag) {
            readers[i].read(c, s);
            break;
        }
    if (s->repeated)
        gw_edi_note(&c->facts, "repetition", NULL, gw_slice(NULL, 0));
    c->facts.top.last_tag = s->tag;
}

enum gw_error gw_edi_load(struct gw_edi *c, uint32_t i)
{
    size_t at;
    enum gw_error e = gw_edi_split(c->in, &c->raws[i], &c->signs, c->charset, &c->texts,
                                   &c->segment, &at);
    if (e == GW_NOMEM)
        return gw_edi_refuse(c, e, &c->raws[i], "", "memory", "no room for its texts");
    return e ? gw_edi_refuse(c, e, &c->raws[i], "", "too many elements in a segment",
                             "at most %d elements and %d components", GW_EDI_ELEMENTS,
                             GW_EDI_PARTS)
             : GW_OK;
}

enum gw_error gw_edi_read(struct gw_edi *c, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        enum gw_error e = gw_edi_load(c, i);
        if (e)
            return e;
        read_segment(c, &c->segment);
    }
    return GW_OK;
}

uint32_t gw_edi_seek(const struct gw_edi *c, uint32_t from, uint32_t to, uint32_t tag)
{
    while (from < to && c->raws[from].tag != tag)
        from++;
    return from;
}

void gw_edi_mark_header(struct gw_edi *c)
{
    c->facts.top.loc_run = 0;
    c->facts.top.last_tag = 0;
    c->facts.header = c->facts.top;
}
