/* event.c - facts to an event of the shared schema. */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/place.h"
#include "adapters/edifact/tables.h"
#include "base/hash.h"
#include <stdio.h>

#define KEY(s) GW_LIT(s)

struct making {
    struct gw_edi *c;
    struct gw_maker *m;
    struct gw_tree *t;
    const struct gw_edi_facts *f;
    const struct gw_edi_say *say;
    const struct gw_edi_loc *place; /* the event's */
    uint32_t place_node;
};

static void put_str(const struct making *w, uint32_t map, struct gw_slice key,
                    struct gw_slice v)
{
    if (map && v.len && !gw_tree_put_str(w->t, map, key, v))
        w->m->full = true;
}

static void put_word(const struct making *w, uint32_t map, struct gw_slice key,
                     const char *v)
{
    if (v)
        put_str(w, map, key, gw_slice_str(v));
}

static void put_float(const struct making *w, uint32_t map, struct gw_slice key, double v)
{
    if (map && !gw_tree_put_float(w->t, map, key, v))
        w->m->full = true;
}

static void put_int(const struct making *w, uint32_t map, struct gw_slice key, int64_t v)
{
    if (map && !gw_tree_put_int(w->t, map, key, v))
        w->m->full = true;
}

static uint32_t put_map(const struct making *w, uint32_t parent, struct gw_slice key)
{
    uint32_t n = parent ? gw_tree_put_map(w->t, parent, key) : GW_NODE_NONE;
    w->m->full |= parent && !n;
    return n;
}

/* Item of a list made when the first one comes. */
static uint32_t put_item(const struct making *w, uint32_t *list, struct gw_slice key)
{
    if (!*list)
        *list = gw_tree_put_array(w->t, w->m->root, key);
    w->m->full |= !*list;
    return put_map(w, *list, gw_slice(NULL, 0));
}

/* ---- where ---- */

static const struct gw_edi_loc *loc_among(const struct making *w, const char *code,
                                          size_t len, uint16_t from, uint16_t to)
{
    for (uint16_t i = from; i < to; i++)
        if (w->f->locs[i].qualifier.len == len &&
            memcmp(w->f->locs[i].qualifier.at, code, len) == 0)
            return &w->f->locs[i];
    return NULL;
}

static const struct gw_edi_loc *find_loc(const struct making *w, const char *code,
                                         size_t len)
{
    uint16_t header = w->f->header.locs, all = w->f->top.locs;
    const struct gw_edi_loc *own = loc_among(w, code, len, header, all);
    const struct gw_edi_loc *head = loc_among(w, code, len, 0, header);
    return w->say->own_place ? (own ? own : head) : (head ? head : own);
}

static const struct gw_edi_loc *best_loc(const struct making *w, const char *list)
{
    for (const char *p = list; p && *p;) {
        size_t n = strcspn(p, " ");
        const struct gw_edi_loc *l = find_loc(w, p, n);
        if (l)
            return l;
        p += n + (p[n] == ' ');
    }
    return NULL;
}

static void put_where(struct making *w)
{
    const struct gw_edi_loc *to = best_loc(w, w->say->to);
    w->place = w->say->place ? w->say->place : best_loc(w, w->say->places);
    if (w->place)
        w->place_node = gw_edi_put_place(w->m, w->m->root, KEY("place"), w->place);
    if (to)
        (void)gw_edi_put_place(w->m, w->m->root, KEY("place_to"), to);
}

static void put_when(const struct making *w, uint32_t map, uint32_t place,
                     const struct gw_edi_when *when)
{
    struct gw_moment moment;
    if (!when->class)
        return;
    gw_moment_of(&w->m->zoning, &when->civil, gw_zoning_place(&w->m->zoning, w->t, place),
                 &moment);
    put_int(w, map, KEY("time"), moment.ms);
    put_word(w, map, KEY("class"), when->class);
}

static bool same_code(const struct gw_edi_loc *a, const struct gw_edi_loc *b)
{
    return gw_slice_eq(a->qualifier, b->qualifier) && gw_slice_eq(a->code, b->code) &&
           gw_slice_eq(a->name, b->name);
}

/* A group's place stands in for the header's of the same kind. */
static bool is_repeated(const struct making *w, uint16_t i)
{
    for (uint16_t k = 0; k < i; k++)
        if (same_code(&w->f->locs[k], &w->f->locs[i]))
            return true;
    return false;
}

static void put_stop(const struct making *w, uint32_t *list, const char *role,
                     const struct gw_edi_loc *l)
{
    uint32_t item = put_item(w, list, KEY("journey"));
    put_word(w, item, KEY("role"), role);
    uint32_t place = gw_edi_put_place(w->m, item, KEY("place"), l);
    bool leaves = strcmp(role, "loading") == 0 || strcmp(role, "origin") == 0;
    const struct gw_edi_when *first = leaves ? &l->depart : &l->arrive;
    put_when(w, item, place, first->class ? first : leaves ? &l->arrive : &l->depart);
}

/* From origin to end, whatever the order of the segments. */
static void put_journey(const struct making *w)
{
    uint32_t list = 0;
    if (w->say->place)
        return; /* a stop of a schedule: the others are events of their own */
    for (int role = 0; role < GW_EDI_ROLES; role++)
        for (uint16_t i = 0; i < w->f->top.locs; i++) {
            const struct gw_edi_loc *l = &w->f->locs[i];
            if (l->role == role && !(w->place && same_code(l, w->place)) &&
                !is_repeated(w, i))
                put_stop(w, &list, gw_edi_roles[role], l);
        }
}

/* ---- when ---- */

static const struct gw_edi_time *find_time(const struct making *w, const char *code,
                                           size_t len)
{
    const struct gw_edi_time *found = NULL;
    for (uint16_t i = 0; i < w->f->top.times; i++) {
        const struct gw_edi_time *t = &w->f->times[i];
        bool own = i >= w->f->header.times;
        if (t->qualifier.len == len && memcmp(t->qualifier.at, code, len) == 0 &&
            (!found || (own && found < &w->f->times[w->f->header.times])))
            found = t;
    }
    return found;
}

static const struct gw_edi_time *choose_time(const struct making *w)
{
    for (const char *p = w->say->times; p && *p;) {
        size_t n = strcspn(p, " ");
        const struct gw_edi_time *t = find_time(w, p, n);
        if (t)
            return t;
        p += n + (p[n] == ' ');
    }
    return NULL;
}

/* Nothing says when: the message's time, else that of its interchange, else the clock. */
static void put_message_time(const struct making *w)
{
    struct gw_moment of_message, moment;
    const struct gw_edi_when *when =
        w->f->top.message.class ? &w->f->top.message : &w->c->inter.prepared;
    if (when->class) {
        gw_moment_of(&w->m->zoning, &when->civil, NULL, &of_message);
    } else {
        gw_moment_unix(w->c->options->now_ms, GW_TO_SECOND, &of_message);
        of_message.ms -= of_message.ms % 1000;
        gw_event_note(w->m, "no-time", GW_SEVERITY_WARN, "time", gw_slice(NULL, 0));
    }
    gw_moment_of_message(&of_message, &moment);
    w->m->full |= !gw_moment_put(w->t, w->m->root, &moment);
}

static void put_time(const struct making *w)
{
    const struct gw_edi_time *t = choose_time(w);
    if (w->say->when)
        gw_event_moment(w->m, &w->say->when->civil,
                        gw_zoning_place(&w->m->zoning, w->t, w->place_node));
    else if (t)
        gw_event_moment(w->m, &t->civil,
                        gw_zoning_place(&w->m->zoning, w->t, w->place_node));
    else
        put_message_time(w);
}

/* An estimated arrival is an estimate, whatever the message reports. */
static const char *class_of(const struct making *w)
{
    const struct gw_edi_time *t = choose_time(w);
    const struct gw_edi_dtm_use *use = t ? gw_edi_dtm_use(t->qualifier) : NULL;
    bool of_journey =
        use && (use->use == GW_EDI_TIME_ARRIVE || use->use == GW_EDI_TIME_DEPART);
    return of_journey && strcmp(w->say->class, "actual") == 0 ? use->class : w->say->class
        ;
}

/* ---- what ---- */

static struct gw_slice padded_cell(const struct making *w, struct gw_slice cell)
{
    uint8_t seven[7] = "0";
    if (cell.len != 6)
        return cell;
    memcpy(seven + 1, cell.at, 6);
    return gw_tree_text(w->t, gw_slice(seven, 7)); /* bay, row, tier: 3 + 2 + 2 */
}

static void put_units(const struct making *w)
{
    for (uint16_t i = 0; i < w->f->top.units; i++) {
        const struct gw_edi_unit *u = &w->f->units[i];
        const char *kind = gw_edi_word_of(GW_EDI_EQD_KIND, u->qualifier);
        uint32_t item = gw_event_equipment(w->m, kind, u->id);
        put_str(w, item, KEY("size_type"), u->type);
        put_word(w, item, KEY("status"), gw_edi_word_of(GW_EDI_EQD_STATUS, u->status));
        put_word(w, item, KEY("load"), gw_edi_word_of(GW_EDI_EQD_LOAD, u->full));
        put_str(w, item, KEY("on"), u->on);
        put_str(w, item, KEY("position"), padded_cell(w, u->position));
    }
}

/* How many, where no numbers are named yet; NMB is "number" in Recommendation 20. */
static void put_quantity(const struct making *w, uint32_t *list)
{
    uint64_t many;
    if (!gw_slice_uint(w->f->top.quantity, &many) || many > UINT32_MAX)
        return;
    uint32_t item = put_item(w, list, KEY("measures"));
    put_word(w, item, KEY("kind"), "quantity");
    put_float(w, item, KEY("value"), (double)many);
    put_word(w, item, KEY("unit"), "NMB");
}

static void put_measures(const struct making *w)
{
    uint32_t list = 0;
    put_quantity(w, &list);
    for (uint16_t i = 0; i < w->f->top.measures; i++) {
        const struct gw_edi_measure *x = &w->f->measures[i];
        char other[32];
        uint32_t item = put_item(w, &list, KEY("measures"));
        if (x->kind) {
            put_word(w, item, KEY("kind"), x->kind);
        } else {
            (void)snprintf(other, sizeof other, "edifact-%.*s", GW_FMT(x->code));
            put_str(w, item, KEY("kind"),
                    gw_tree_text(w->t, gw_slice(other, strlen(other))));
        }
        if (x->has_value)
            put_float(w, item, KEY("value"), x->value);
        put_str(w, item, KEY("unit"), x->unit);
        if (w->f->top.weighed.class && x->kind && strcmp(x->kind, "vgm") == 0) {
            struct gw_moment moment;
            gw_moment_of(&w->m->zoning, &w->f->top.weighed.civil,
                         gw_zoning_place(&w->m->zoning, w->t, w->place_node), &moment);
            put_int(w, item, KEY("time"), moment.ms);
        }
        if (x->has_range) {
            put_float(w, item, KEY("min"), x->min);
            put_float(w, item, KEY("max"), x->max);
        }
    }
}

static void put_seals(const struct making *w)
{
    uint32_t list = 0;
    for (uint16_t i = 0; i < w->f->top.seals; i++) {
        const struct gw_edi_seal *s = &w->f->seals[i];
        const char *issuer = gw_edi_word_of(GW_EDI_SEAL_ISSUER, s->issuer);
        uint32_t item = put_item(w, &list, KEY("seals"));
        put_str(w, item, KEY("id"), s->id);
        put_word(w, item, KEY("issuer"),
                 issuer          ? issuer
                 : s->issuer.len ? "other"
                                 : NULL);
        put_word(w, item, KEY("state"), gw_edi_word_of(GW_EDI_SEAL_STATE, s->condition));
    }
}

/* A qualifier the schema has no word for stays in front of the value. */
static void put_reference(const struct making *w, uint32_t *list,
                          struct gw_slice qualifier, struct gw_slice value)
{
    const char *scheme = gw_edi_word_of(GW_EDI_RFF_SCHEME, qualifier);
    char text[128];
    if (!scheme && qualifier.len && !gw_slice_is(qualifier, "ZZZ")) {
        int n =
            snprintf(text, sizeof text, "%.*s:%.*s", GW_FMT(qualifier), GW_FMT(value));
        if (n > 0 && (size_t)n < sizeof text)
            value = gw_tree_text(w->t, gw_slice(text, (size_t)n));
    }
    uint32_t item = put_item(w, list, KEY("references"));
    put_word(w, item, KEY("scheme"), scheme ? scheme : "other");
    put_str(w, item, KEY("value"), value);
}

/* What the number of a transport document is. */
static const char *scheme_of_document(const struct making *w)
{
    struct gw_slice code = w->f->top.bgm_code;
    bool osjd = gw_slice_is(w->c->message.association, "OSJD");
    if (!gw_edi_among(w->c->message.type, "IFTMIN IFTMCS"))
        return NULL;
    return osjd && gw_slice_is(code, "720") ? "smgs" : gw_edi_note_scheme(code);
}

static void put_named(const struct making *w, uint32_t *list, const char *scheme,
                      struct gw_slice value)
{
    uint32_t item = put_item(w, list, KEY("references"));
    put_word(w, item, KEY("scheme"), scheme);
    put_str(w, item, KEY("value"), value);
}

static void put_references(const struct making *w)
{
    uint32_t list = 0;
    const struct gw_edi_top *top = &w->f->top;
    const char *own = scheme_of_document(w);
    if (own && top->bgm_number.len)
        put_named(w, &list, own, top->bgm_number);
    for (uint16_t i = 0; i < top->refs; i++)
        put_reference(w, &list, w->f->refs[i].qualifier, w->f->refs[i].value);
    if (top->consignment.len)
        put_named(w, &list,
                  gw_edi_among(top->consignment_kind, "720 722") ? "smgs" : "waybill",
                  top->consignment);
}

static void put_document(const struct making *w)
{
    const struct gw_edi_top *top = &w->f->top;
    bool issued = strcmp(w->say->type, "document-issued") == 0;
    if (!top->bgm_code.len && !top->bgm_number.len)
        return;
    uint32_t map = put_map(w, w->m->root, KEY("document"));
    if (issued)
        put_word(w, map, KEY("kind"), w->say->text);
    put_str(w, map, KEY("code"), top->bgm_code);
    put_str(w, map, KEY("number"), top->bgm_number);
    if (top->issued.class) {
        struct gw_moment moment;
        gw_moment_of(&w->m->zoning, &top->issued.civil, NULL, &moment);
        put_int(w, map, KEY("issued"), moment.ms);
    }
    if (issued)
        put_word(w, map, KEY("state"), "issued");
}

/* What customs events say of the procedure. */
static void put_customs(const struct making *w, const char *type)
{
    static const struct {
        const char *type, *state;
    } states[] = {{"customs-declared", "declared"},
                  {"customs-release", "released"},
                  {"customs-hold", "held"},
                  {"customs-refused", "refused"},
                  {"customs-inspection", "under-control"},
                  {"transit-start", "in-transit"}};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (strcmp(type, states[i].type) != 0)
            continue;
        uint32_t map = put_map(w, w->m->root, KEY("customs"));
        put_word(w, map, KEY("state"), states[i].state);
        for (uint16_t k = 0; k < w->f->top.refs; k++) {
            const char *scheme =
                gw_edi_word_of(GW_EDI_RFF_SCHEME, w->f->refs[k].qualifier);
            if (scheme && strcmp(scheme, "mrn") == 0)
                put_str(w, map, KEY("mrn"), w->f->refs[k].value);
        }
    }
}

/* Carriers by section of the SMGS note: LOC 32 and 56 behind each NAD CA. */
static void put_sections(const struct making *w)
{
    uint32_t ext = 0, list = 0, item = 0;
    for (uint16_t i = 0; i < w->f->top.locs; i++) {
        const struct gw_edi_loc *l = &w->f->locs[i];
        bool from = gw_slice_is(l->qualifier, "32"), to = gw_slice_is(l->qualifier, "56");
        if (!(from || to) || !l->party)
            continue;
        const struct gw_edi_party *p = &w->f->parties[l->party - 1];
        if (!list) {
            ext = gw_tree_child(w->t, w->m->root, KEY("ext"));
            ext = ext ? ext : put_map(w, w->m->root, KEY("ext"));
            list = ext ? gw_tree_put_array(w->t, ext, KEY("sections")) : GW_NODE_NONE;
        }
        if (from || !item) {
            item = list ? put_map(w, list, gw_slice(NULL, 0)) : GW_NODE_NONE;
            put_str(w, item, KEY("carrier"), p->id);
            put_str(w, item, KEY("carrier_name"), p->name);
        }
        put_str(w, item, from ? KEY("from") : KEY("to"), l->code);
        put_str(w, item, from ? KEY("from_name") : KEY("to_name"), l->name);
        if (to)
            item = 0;
    }
}

/* ---- by what, by whom ---- */

static const char *mode_of(const struct gw_edi_leg *l)
{
    const char *mode = gw_edi_word_of(GW_EDI_MODE, l->mode);
    bool vessel = gw_edi_among(l->means_list, "103 11") || gw_slice_is(l->stage, "20");
    return mode ? mode : vessel && !l->mode.len ? "sea" : NULL;
}

static bool is_digits(struct gw_slice s, size_t len)
{
    uint64_t n;
    return s.len == len && gw_slice_uint(s, &n);
}

static void put_means(const struct making *w, uint32_t leg, const struct gw_edi_leg *l,
                      const char *mode)
{
    bool rail = mode && strcmp(mode, "rail") == 0,
         road = mode && strcmp(mode, "road") == 0;
    struct gw_slice train = rail && l->journey.len ? l->journey : gw_slice(NULL, 0);
    if (!l->means.len && !l->means_name.len && !train.len)
        return;
    uint32_t map = put_map(w, leg, KEY("means"));
    if (!rail && !road && is_digits(l->means, 7) && !gw_slice_is(l->means_list, "103"))
        put_str(w, map, KEY("imo"), l->means);
    else if (!rail && !road)
        put_str(w, map, KEY("callsign"), l->means);
    put_str(w, map, KEY("name"), l->means_name);
    put_str(w, map, KEY("train"), train);
    if (road)
        put_str(w, map, KEY("plate"), l->means);
}

static void fill_leg(const struct making *w, uint32_t map, const struct gw_edi_leg *l)
{
    const char *mode = mode_of(l);
    put_word(w, map, KEY("mode"), mode);
    put_means(w, map, l, mode);
    put_str(w, map, KEY("journey_no"), l->journey);
    put_str(w, map, KEY("carrier"), l->carrier.len ? l->carrier : l->carrier_name);
    put_word(w, map, KEY("stage"), gw_edi_word_of(GW_EDI_STAGE, l->stage));
}

/* One leg is the event's transport; the others stay with it in ext. */
static void put_transport(const struct making *w)
{
    const struct gw_edi_leg *own =
        w->say->legs ? gw_edi_leg_of(w->f, w->say->legs) : NULL;
    uint32_t ext = 0, list = 0;
    if (!own && w->f->top.legs)
        own = &w->f->legs[w->f->top.legs - 1];
    if (own)
        fill_leg(w, put_map(w, w->m->root, KEY("transport")), own);
    for (uint16_t i = 0; i < w->f->top.legs; i++) {
        if (&w->f->legs[i] == own)
            continue;
        if (!ext)
            ext = put_map(w, w->m->root, KEY("ext"));
        if (!list && ext)
            list = gw_tree_put_array(w->t, ext, KEY("other_legs"));
        if (list)
            fill_leg(w, put_map(w, list, gw_slice(NULL, 0)), &w->f->legs[i]);
    }
}

static void put_party(const struct making *w, uint32_t *list, const char *role,
                      const struct gw_edi_party *p)
{
    uint32_t item = put_item(w, list, KEY("parties"));
    char scheme[80];
    put_word(w, item, KEY("role"), role);
    put_str(w, item, KEY("id"), p->id);
    if (p->id.len && (p->list.len || p->agency.len)) {
        int n = p->agency.len ? snprintf(scheme, sizeof scheme, "%.*s:%.*s",
                                         GW_FMT(p->list), GW_FMT(p->agency))
                              : snprintf(scheme, sizeof scheme, "%.*s", GW_FMT(p->list));
        if (n > 0 && (size_t)n < sizeof scheme)
            put_str(w, item, KEY("scheme"),
                    gw_tree_text(w->t, gw_slice(scheme, (size_t)n)));
    }
    put_str(w, item, KEY("name"), p->name);
    if (p->country.len == 2)
        put_str(w, item, KEY("country"), p->country);
}

static void put_parties(const struct making *w)
{
    uint32_t list = 0;
    bool sender = false;
    for (uint16_t i = 0; i < w->f->top.parties; i++) {
        const struct gw_edi_party *p = &w->f->parties[i];
        const char *role = gw_edi_word_of(GW_EDI_NAD_ROLE, p->qualifier);
        sender |= role && strcmp(role, "sender") == 0;
        if (role)
            put_party(w, &list, role, p);
    }
    struct gw_slice id =
        w->c->inter.sender.len ? w->c->inter.sender : gw_slice_str(w->c->options->sender);
    if (!sender && id.len)
        put_party(w, &list, "sender", &(struct gw_edi_party){.id = id});
}

/* ---- goods ---- */

static bool is_elsewhere(const struct making *w, const struct gw_edi_goods *g)
{
    return w->f->top.units == 1 && g->in.len && !gw_slice_eq(g->in, w->f->units[0].id);
}

static void put_goods(const struct making *w)
{
    uint32_t list = 0;
    for (uint16_t i = 0; i < w->f->top.goods; i++) {
        const struct gw_edi_goods *g = &w->f->goods[i];
        uint64_t packages;
        if (is_elsewhere(w, g))
            continue;
        uint32_t item = put_item(w, &list, KEY("goods"));
        put_str(w, item, KEY("hs"), g->hs);
        put_str(w, item, KEY("nhm"), g->nhm);
        put_str(w, item, KEY("etsng"), g->etsng);
        put_str(w, item, KEY("un"), g->un);
        put_str(w, item, KEY("class"), g->class);
        put_str(w, item, KEY("packing_group"), g->group);
        if (gw_slice_uint(g->packages, &packages) && packages <= INT64_MAX)
            put_int(w, item, KEY("packages"), (int64_t)packages);
        if (g->package_kind.len == 2)
            put_str(w, item, KEY("package_kind"), g->package_kind);
        put_str(w, item, KEY("description"), g->text);
    }
}

/* ---- the source's own words ---- */

static void put_cause(const struct making *w)
{
    const struct gw_edi_status *s = &w->f->top.status;
    if (!s->reason.len && !s->reason_text.len)
        return;
    uint32_t cause = put_map(w, w->m->root, KEY("cause"));
    put_word(w, cause, KEY("scheme"), "free");
    put_str(w, cause, KEY("code"), s->reason);
    put_str(w, cause, KEY("text"), s->reason_text);
}

static void put_state(const struct making *w)
{
    const struct gw_edi_status *s = &w->f->top.status;
    const struct gw_edi_say *say = w->say;
    if (!say->code && !s->code.len && !s->text.len)
        return;
    uint32_t map = put_map(w, w->m->root, KEY("state"));
    if (say->code) {
        put_word(w, map, KEY("list"), say->list);
        put_word(w, map, KEY("code"), say->code);
        put_word(w, map, KEY("text"), say->text);
        return;
    }
    if (s->list.len || s->agency.len)
        put_str(w, map, KEY("list"), s->list.len ? s->list : s->agency);
    else
        put_word(w, map, KEY("list"), "unece-rec24");
    put_str(w, map, KEY("code"), s->code);
    put_str(w, map, KEY("text"), s->text);
}

/* Where it stands in which message: the same message gives the same ids, whatever the
 * bytes of its envelope are and the clock says. */
static void put_id(const struct making *w)
{
    char id[64];
    int n = snprintf(id, sizeof id, "edi-%s-%u", w->c->message.name,
                     (unsigned)w->c->message.events + 1);
    put_str(w, w->m->root, KEY("id"), gw_tree_text(w->t, gw_slice(id, (size_t)n)));
}

static void put_source(const struct making *w)
{
    const struct gw_edi_message *msg = &w->c->message;
    char version[40];
    uint32_t map = put_map(w, w->m->root, KEY("source"));
    int n = snprintf(version, sizeof version, "%.*s.%.*s", GW_FMT(msg->version),
                     GW_FMT(msg->release));
    put_str(w, map, KEY("format"), GW_LIT("edifact"));
    if (msg->version.len && n > 0 && n <= 32)
        put_str(w, map, KEY("format_version"),
                gw_tree_text(w->t, gw_slice(version, (size_t)n)));
    put_str(w, map, KEY("message_type"), msg->type);
    put_str(w, map, KEY("message_ref"), msg->ref);
    put_str(w, map, KEY("interchange_ref"), w->c->inter.ref);
    put_int(w, map, KEY("sequence"), msg->events + 1);
}

static void put_recorded(const struct making *w)
{
    struct gw_moment moment;
    const struct gw_edi_when *when =
        w->f->top.message.class ? &w->f->top.message : &w->c->inter.prepared;
    if (!when->class)
        return;
    gw_moment_of(&w->m->zoning, &when->civil, NULL, &moment);
    put_int(w, w->m->root, KEY("recorded"), moment.ms);
}

/* BGM 1225: this message takes back or replaces an earlier one. */
static const char *correction_of(const struct making *w)
{
    struct gw_slice function = w->f->top.bgm_function;
    return gw_edi_among(function, "1 3")   ? "cancel"
           : gw_edi_among(function, "4 5") ? "amend"
                                           : NULL;
}

static void put_notes(const struct making *w)
{
    for (uint16_t i = 0; i < w->f->top.notes; i++)
        gw_event_note(w->m, w->f->notes[i].rule, GW_SEVERITY_WARN,
                      w->f->notes[i].field ? w->f->notes[i].field : "",
                      w->f->notes[i].raw);
}

/* ---- all of it ---- */

/* A status of a means of transport is, told of a container, the container's; one of
 * equipment, told without any, the consignment's. */
static const char *subject_of(const struct making *w, const char *type)
{
    struct gw_slice t = gw_slice_str(type);
    if (w->f->top.units)
        return gw_edi_among(t, "depart arrive pass border-cross delay interruption other")
                   ? "equipment"
                   : NULL;
    if (gw_edi_among(t, "plan-position weighed technical-ack technical-error"))
        return NULL;
    return gw_edi_among(t,
                        "picked-up gate-in gate-out load discharge transship handover "
                        "stored available stuffed stripped hold release damage position "
                        "condition alert border-cross returned-empty seal-affixed "
                        "seal-broken seal-replaced other") ||
                   (!w->f->top.legs && gw_edi_among(t, "depart arrive pass delay"))
               ? "consignment"
               : NULL;
}

static enum gw_error finish(const struct making *w)
{
    struct gw_fault fault = {0};
    enum gw_error e = gw_event_end(w->m, w->c->out, &fault);
    if (e)
        return gw_edi_refuse(w->c, e, &w->c->message.unh, "", GW_EDI_RULE_EVENT, "%s%s%s",
                             fault.field, *fault.field ? ": " : "",
                             fault.rule ? fault.rule : gw_error_text(e));
    w->c->message.events++;
    return GW_OK;
}

enum gw_error gw_edi_event(struct gw_edi *c, const struct gw_edi_say *say)
{
    struct making w = {
        .c = c, .m = &c->maker, .t = &c->maker.tree, .f = &c->facts, .say = say};
    const char *correction = correction_of(&w);
    bool cancelled = correction && strcmp(correction, "cancel") == 0;
    const char *type = cancelled ? "correction" : say->type;

    gw_event_begin(w.m, type, class_of(&w), cancelled ? NULL : subject_of(&w, type));
    put_id(&w);
    put_where(&w);
    put_time(&w);
    put_recorded(&w);
    put_journey(&w);
    put_units(&w);
    put_measures(&w);
    put_seals(&w);
    put_references(&w);
    put_document(&w);
    put_transport(&w);
    put_parties(&w);
    put_goods(&w);
    put_customs(&w, type);
    put_sections(&w);
    put_cause(&w);
    put_state(&w);
    put_source(&w);
    if (correction)
        put_word(&w, put_map(&w, w.m->root, KEY("corrects")), KEY("reason"), correction);
    put_notes(&w);
    return finish(&w);
}
