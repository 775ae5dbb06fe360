/* test_route_oracle.c - one million random (rules, subscription, event) triples: the
 * routing table and the authorisation against an oracle that reads the words of rules and
 * filters and knows no index.
 *
 *   unit.pipeline.route_oracle [TRIPLES [SEED]]
 *
 * The oracle works on the text: a rule is the strings of its YAML, a filter the words of
 * a command line, an event a struct of strings.  The gateway's side gets the same things
 * the way it always does: files parsed and resolved, SUBSCRIBE bodies, canonical bytes.
 * Rules change and subscriptions come and go between the events. */
#include <stdio.h>
#include <stdlib.h>
#include "conf/operator_file.h"
#include "model/canon.h"
#include "model/filter.h"
#include "pipeline/table.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TRIPLES 150000
#else
#define TRIPLES 1000000
#endif

#define OPERATORS 12
#define SUBS      90
#define RULES     5
#define CLAUSES   3
#define CONDS     3
#define VALUES    3
#define NOW       1795439100000 /* 2026-11-23T13:05Z */

static void die(const char *what)
{
    fprintf(stderr, "route_oracle: %s\n", what);
    exit(1);
}

/* ---- chance ---- */

static uint64_t state = 88172645463325252u;

static uint64_t chance(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}
static unsigned below(unsigned n)
{
    return (unsigned)(chance() >> 33) % n;
}
#define PICK(list) list[below(sizeof list / sizeof *list)]

/* ---- words ---- */

static const char *const types[] = {"load", "discharge", "gate-in", "position"};
static const char *const classes[] = {"planned", "actual"};
static const char *const subjects[] = {"equipment", "transport"};
static const char *const modes[] = {"sea", "rail"};
static const char *const kinds[] = {"container", "wagon", "truck"};
static const char *const countries[] = {"KZ", "AZ", "GE"};
static const char *const nodes[] = {"kz-aktau", "az-alat", "ge-poti"};
static const char *const locodes[] = {"KZAAU", "AZALA", "GEPTI"};
static const char *const equipment[] = {"MSCU1111111", "MSCU1112222", "MSCU2222222",
                                        "CSQU3054383", "12345678",    "MSC"};
static const char *const prefixes[] = {"MSCU*", "MSCU111*", "MSC*",
                                       "C*",    "*",        "MSCU1111111*"};
static const char *const references[] = {"B1", "B2", "booking:B1", "waybill", "cim:B2"};
static const char *const schemes[] = {"booking", "waybill", "cim"};
static const char *const values[] = {"B1", "B2", "B3", "booking:B1"};
static const char *const party_roles[] = {"consignee", "forwarder", "carrier"};
static const char *const party_ids[] = {"op0",  "op1",  "op2",   "op3",
                                        "ID-4", "ID-5", "nobody"};
static const char *const typed_parties[] = {"op1", "consignee:op1", "forwarder:ID-4",
                                            "nobody"};
static const char *const areas[] = {"36/46/47/54",     "40/40/42/52",
                                    "-90/-180/90/180", "0/170/60/-170",
                                    "43.5/51/43.5/51", "41/49/41.5/49.5"};
static const char *const roles[] = {"port", "railway", "customs"};
static const double lats[] = {36, 41.25, 43.5, 47, 0, -90};
static const double lons[] = {46, 49.25, 51, 54, 175, -175, 180, -180};
static const char *const fields[] = {"goods",     "parties",   "parties.name",   "place",
                                     "place.lat", "equipment", "transport.mode", "ext",
                                     "source",    "received"};
/* Fields that hold values, asked for one by one. */
static const char *const leaves[] = {"goods.hs",
                                     "parties.id",
                                     "parties.name",
                                     "place.lat",
                                     "place.country",
                                     "equipment.id",
                                     "transport.mode",
                                     "transport.stage",
                                     "ext",
                                     "quality.rule",
                                     "source.adapter",
                                     "received",
                                     "id"};
#define LEAVES (sizeof leaves / sizeof *leaves)

/* ---- what is written ---- */

struct cond {
    const char *field;
    const char *value[VALUES];
    unsigned count;
};
struct clause {
    struct cond cond[CONDS];
    unsigned count;
};
struct rule {
    char with[4][24];
    unsigned with_count;
    struct clause when[CLAUSES];
    unsigned when_count;
    const char *from, *until;
    const char *show[3], *hide[3];
    unsigned show_count, hide_count;
};
struct company {
    char name[8];
    const char *country, *role, *id;
    struct rule rule[RULES];
    unsigned rule_count;
};
struct wish {
    struct clause clause[CLAUSES];
    unsigned count;
};

static const char *const *words_of(const char *field, unsigned *count)
{
#define ROW(name, list)                                                                  \
    if (strcmp(field, name) == 0) {                                                      \
        *count = sizeof list / sizeof *list;                                             \
        return list;                                                                     \
    }
    ROW("type", types)
    ROW("class", classes)
    ROW("subject", subjects)
    ROW("mode", modes)
    ROW("kind", kinds)
    ROW("country", countries)
    ROW("consignment", references)
    ROW("party", typed_parties)
    ROW("area", areas)
#undef ROW
    *count = 0;
    return NULL;
}

static const char *any_value(const char *field)
{
    unsigned n;
    const char *const *list = words_of(field, &n);
    static const char *const operators[] = {"op0", "op1", "op2", "op3",
                                            "op4", "op5", "op6"};
    if (list)
        return list[below(n)];
    if (strcmp(field, "operator") == 0)
        return PICK(operators);
    if (strcmp(field, "equipment") == 0)
        return below(2) ? PICK(equipment) : PICK(prefixes);
    if (strcmp(field, "location") == 0)
        return below(2) ? PICK(nodes) : PICK(locodes);
    return below(3) ? below(2) ? PICK(nodes) : PICK(locodes)
                    : PICK(countries); /* from, to */
}

static const char *const filter_fields[] = {
    "type", "class", "subject",   "mode",        "kind",  "location", "country",
    "from", "to",    "equipment", "consignment", "party", "area",     "operator"};

static struct clause any_clause(unsigned least, unsigned known)
{
    struct clause c = {.count = 0};
    unsigned wanted = least + below(CONDS + 1 - least);
    while (c.count < wanted) {
        struct cond *d = &c.cond[c.count];
        bool there = false;
        *d = (struct cond){.field = filter_fields[below(known)],
                           .count = 1 + below(VALUES)};
        for (unsigned i = 0; i < c.count; i++)
            there |= strcmp(c.cond[i].field, d->field) == 0;
        if (there)
            continue;
        for (unsigned i = 0; i < d->count; i++)
            d->value[i] = any_value(d->field);
        c.count++;
    }
    return c;
}

static struct rule any_rule(const char *owner)
{
    static const char *const from[] = {NULL, NULL, "2026-11-23", "2026-11-23T13:05Z",
                                       "2026-11-24"};
    static const char *const until[] = {NULL, NULL, "2026-11-24",
                                        "2026-11-23T13:05:00.001Z", "2026-11-23T13:05Z"};
    struct rule r = {.from = PICK(from), .until = PICK(until)};
    unsigned n = 1 + below(3), how = below(4);
    if (r.from && r.until && strcmp(r.from, r.until) >= 0)
        r.until = NULL;
    while (r.with_count < n) {
        char *w = r.with[r.with_count];
        bool again = false;
        switch (below(7)) {
        case 0:
            (void)snprintf(w, sizeof r.with[0], "*");
            break;
        case 1:
            (void)snprintf(w, sizeof r.with[0], "role:%s", PICK(roles));
            break;
        case 2:
            (void)snprintf(w, sizeof r.with[0], "country:%s", PICK(countries));
            break;
        case 3:
            (void)snprintf(w, sizeof r.with[0], "party");
            break;
        case 4:
            (void)snprintf(w, sizeof r.with[0], "party:%s", PICK(party_roles));
            break;
        default:
            (void)snprintf(w, sizeof r.with[0], "op%u", below(OPERATORS - 1));
        }
        for (unsigned i = 0; i < r.with_count; i++)
            again |= strcmp(r.with[i], w) == 0;
        if (!again && strcmp(w, owner) != 0)
            r.with_count++;
    }
    r.when_count = below(CLAUSES + 1);
    for (unsigned i = 0; i < r.when_count; i++)
        r.when[i] = any_clause(1, 13);
    for (unsigned i = below(3); how == 0 && i < 3; i++)
        r.show[r.show_count++] = PICK(fields);
    for (unsigned i = below(3); how == 1 && i < 3; i++)
        r.hide[r.hide_count++] = PICK(fields);
    return r;
}

static struct company any_company(unsigned number)
{
    struct company o = {.country = PICK(countries),
                        .role = below(3) ? PICK(roles) : NULL};
    (void)snprintf(o.name, sizeof o.name, "op%u", number);
    o.id = number == 4 ? "ID-4" : number == 5 ? "ID-5" : NULL;
    o.rule_count = below(4) ? below(RULES + 1) : 0;
    for (unsigned i = 0; i < o.rule_count; i++)
        o.rule[i] = any_rule(o.name);
    return o;
}

struct event {
    const char *owner, *type, *class, *subject, *mode;
    const char *node, *locode, *country;
    const char *from[3], *to[3]; /* country, node, locode */
    bool located;
    double lat, lon;
    const char *kind[3], *id[3];
    unsigned equipment;
    const char *scheme[3], *value[3];
    unsigned references;
    const char *party_role[3], *party[3];
    unsigned parties;
};

#define PERHAPS(list) (below(3) ? PICK(list) : NULL)

static struct event any_event(void)
{
    static const char *const owners[] = {"op0", "op1", "op2", "op3",
                                         "op4", "op5", "op6", "op11"};
    struct event e = {.owner = PICK(owners),
                      .type = PICK(types),
                      .class = PICK(classes),
                      .subject = PICK(subjects),
                      .mode = PERHAPS(modes),
                      .node = PERHAPS(nodes),
                      .locode = PERHAPS(locodes),
                      .country = PERHAPS(countries),
                      .from = {PERHAPS(countries), PERHAPS(nodes), PERHAPS(locodes)},
                      .to = {PERHAPS(countries), PERHAPS(nodes), PERHAPS(locodes)},
                      .located = below(2),
                      .lat = PICK(lats),
                      .lon = PICK(lons),
                      .equipment = below(4),
                      .references = below(4),
                      .parties = below(4)};
    for (unsigned i = 0; i < 3; i++) {
        e.kind[i] = PERHAPS(kinds);
        e.id[i] = PERHAPS(equipment);
        e.scheme[i] = PICK(schemes);
        e.value[i] = PICK(values);
        e.party_role[i] = PICK(party_roles);
        e.party[i] = PERHAPS(party_ids);
    }
    return e;
}

/* ---- the oracle ---- */

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool typed(const char *wanted, const char *kind, const char *value)
{
    char both[64];
    (void)snprintf(both, sizeof both, "%s:%s", kind, value);
    return strcmp(wanted, value) == 0 || strcmp(wanted, both) == 0;
}

static bool within(const char *area, const struct event *e)
{
    double s, w, n, o;
    if (sscanf(area, "%lf/%lf/%lf/%lf", &s, &w, &n, &o) != 4)
        die("an area");
    if (!e->located || e->lat < s || e->lat > n)
        return false;
    return w <= o ? e->lon >= w && e->lon <= o : e->lon >= w || e->lon <= o;
}

static bool id_matches(const char *wanted, const char *id)
{
    size_t n = strlen(wanted);
    if (!id)
        return false;
    return wanted[n - 1] == '*' ? strncmp(wanted, id, n - 1) == 0
                                : strcmp(wanted, id) == 0;
}

static bool value_matches(const char *field, const char *v, const struct event *e)
{
    bool any = false;
    if (same(field, "type"))
        return same(v, e->type);
    if (same(field, "class"))
        return same(v, e->class);
    if (same(field, "subject"))
        return same(v, e->subject);
    if (same(field, "mode"))
        return same(v, e->mode);
    if (same(field, "operator"))
        return same(v, e->owner);
    if (same(field, "location"))
        return same(v, e->node) || same(v, e->locode);
    if (same(field, "country"))
        return same(v, e->country);
    if (same(field, "area"))
        return within(v, e);
    for (unsigned i = 0; i < 3; i++)
        any |=
            (same(field, "from") && same(v, e->from[i])) ||
            (same(field, "to") && same(v, e->to[i])) ||
            (same(field, "kind") && i < e->equipment && same(v, e->kind[i])) ||
            (same(field, "equipment") && i < e->equipment && id_matches(v, e->id[i])) ||
            (same(field, "consignment") && i < e->references &&
             typed(v, e->scheme[i], e->value[i])) ||
            (same(field, "party") && i < e->parties && e->party[i] &&
             typed(v, e->party_role[i], e->party[i]));
    return any;
}

static bool clause_matches(const struct clause *c, const struct event *e)
{
    for (unsigned i = 0; i < c->count; i++) {
        bool any = false;
        for (unsigned k = 0; k < c->cond[i].count; k++)
            any |= value_matches(c->cond[i].field, c->cond[i].value[k], e);
        if (!any)
            return false;
    }
    return true;
}

static bool any_clause_matches(const struct clause *c, unsigned count,
                               const struct event *e)
{
    for (unsigned i = 0; i < count; i++)
        if (clause_matches(&c[i], e))
            return true;
    return !count;
}

static bool is_receiver(const char *word, const struct company *o, const struct event *e)
{
    if (same(word, "*") || same(word, o->name))
        return true;
    if (strncmp(word, "role:", 5) == 0)
        return same(word + 5, o->role);
    if (strncmp(word, "country:", 8) == 0)
        return same(word + 8, o->country);
    for (unsigned i = 0; strncmp(word, "party", 5) == 0 && i < e->parties; i++)
        if ((same(e->party[i], o->name) || same(e->party[i], o->id)) &&
            (!word[5] || same(word + 6, e->party_role[i])))
            return true;
    return false;
}

/* All moments in play are written with the same precision up to the minute, NOW is 13:05
 * sharp. */
static bool in_force(const struct rule *r)
{
    return (!r->from || strcmp(r->from, "2026-11-24") != 0) &&
           (!r->until || strcmp(r->until, "2026-11-23T13:05Z") != 0);
}

static bool rule_gives(const struct rule *r, const struct company *receiver,
                       const struct event *e)
{
    if (!in_force(r) || !any_clause_matches(r->when, r->when_count, e))
        return false;
    for (unsigned i = 0; i < r->with_count; i++)
        if (is_receiver(r->with[i], receiver, e))
            return true;
    return false;
}

/* Is the leaf the field, or inside it? */
static bool inside(const char *leaf, const char *field)
{
    size_t n = strlen(field);
    return strncmp(leaf, field, n) == 0 && (!leaf[n] || leaf[n] == '.');
}

static bool rule_shows(const struct rule *r, const char *leaf)
{
    bool listed = false;
    if (same(leaf, "id"))
        return true;
    for (unsigned i = 0; i < r->show_count; i++)
        listed |= inside(leaf, r->show[i]);
    if (r->show_count)
        return listed;
    for (unsigned i = 0; i < r->hide_count; i++)
        listed |= inside(leaf, r->hide[i]) || inside(leaf, "quality");
    return !listed;
}

/* ---- the gateway's side ---- */

struct sub {
    struct wish wish;
    unsigned receiver; /* number of the company */
    struct gw_filter *filter;
    uint32_t slot;
    bool there;
    unsigned hits; /* of the event at hand */
    struct gw_mask shown;
};

struct world {
    struct company company[OPERATORS];
    bool on_bus[OPERATORS];
    uint32_t index[OPERATORS]; /* in the directory */
    struct gw_directory *directory;
    struct gw_table *table;
    struct sub sub[SUBS];
    struct gw_mask leaf[LEAVES];
    struct gw_grants grants;
    struct gw_facts facts, little;
    struct gw_tree tree;
    struct gw_buf bytes;
    unsigned long triples, matches, partial, refused;
};

static void print_clause(struct gw_buf *b, const struct clause *c)
{
    gw_buf_str(b, "{");
    for (unsigned i = 0; i < c->count; i++) {
        gw_buf_printf(b, "%s%s: [", i ? ", " : "", c->cond[i].field);
        for (unsigned k = 0; k < c->cond[i].count; k++)
            gw_buf_printf(b, "%s\"%s\"", k ? ", " : "", c->cond[i].value[k]);
        gw_buf_str(b, "]");
    }
    gw_buf_str(b, "}");
}

static void print_fields(struct gw_buf *b, const char *key, const char *const *list,
                         unsigned n)
{
    if (n)
        gw_buf_printf(b, "    %s: [", key);
    for (unsigned i = 0; i < n; i++)
        gw_buf_printf(b, "%s%s", i ? ", " : "", list[i]);
    if (n)
        gw_buf_str(b, "]\n");
}

static void print_rule(struct gw_buf *b, const struct rule *r)
{
    gw_buf_str(b, "  - with: [");
    for (unsigned i = 0; i < r->with_count; i++)
        gw_buf_printf(b, "%s\"%s\"", i ? ", " : "", r->with[i]);
    gw_buf_str(b, "]\n");
    if (r->when_count)
        gw_buf_str(b, "    when: [");
    for (unsigned i = 0; i < r->when_count; i++) {
        gw_buf_str(b, i ? ", " : "");
        print_clause(b, &r->when[i]);
    }
    if (r->when_count)
        gw_buf_str(b, "]\n");
    if (r->from)
        gw_buf_printf(b, "    from: %s\n", r->from);
    if (r->until)
        gw_buf_printf(b, "    until: %s\n", r->until);
    print_fields(b, "show", r->show, r->show_count);
    print_fields(b, "hide", r->hide, r->hide_count);
}

static void print_company(struct gw_buf *b, const struct company *o)
{
    gw_buf_printf(b, "name: %s\ncountry: %s\n", o->name, o->country);
    if (o->role)
        gw_buf_printf(b, "roles: [%s]\n", o->role);
    if (o->id)
        gw_buf_printf(b, "ids: [%s]\n", o->id);
    if (o->rule_count)
        gw_buf_str(b, "share:\n");
    for (unsigned i = 0; i < o->rule_count; i++)
        print_rule(b, &o->rule[i]);
}

static int by_name(const void *a, const void *b)
{
    const struct gw_operator_file *x = a, *y = b;
    return strcmp(x->operator.name, y->operator.name);
}

/* A rule that names an operator which is not on the bus is refused with its file: the
 * same is true of a location in none of the countries.  Such a rule is drawn again. */
static bool read_company(struct company *o, struct gw_operator_file *f)
{
    struct gw_complaint c = {0};
    struct gw_buf text;
    char path[32];
    gw_buf_init(&text, 1u << 16);
    print_company(&text, o);
    (void)snprintf(path, sizeof path, "%s.yaml", o->name);
    if (gw_operator_file_parse(f, gw_buf_bytes(&text), path, &c)) {
        fprintf(stderr, "%s:%d: %s\n%s", path, c.line, c.what, gw_buf_text(&text));
        die("the gateway refuses a file");
    }
    gw_buf_deinit(&text);
    return true;
}

static struct gw_directory *make_directory(struct world *w)
{
    struct gw_operator_file files[OPERATORS];
    struct gw_directory *d = calloc(1, sizeof *d);
    struct gw_complaint c = {0};
    enum gw_error e = GW_OK;
    d->operators = calloc(OPERATORS, sizeof *d->operators);
    atomic_init(&d->references, 1);
    for (unsigned i = 0; i < OPERATORS; i++)
        if (w->on_bus[i])
            (void)read_company(&w->company[i], &files[d->count++]);
    qsort(files, d->count, sizeof *files, by_name);
    for (uint32_t i = 0; i < d->count; i++)
        d->operators[i] = files[i].operator;
    if (gw_directory_name_parties(d))
        die("memory");
    for (uint32_t i = 0; i < d->count; i++) {
        if (!e)
            e = gw_share_resolve(&files[i].share, d, i, &c);
        gw_operator_file_deinit(&files[i]);
    }
    if (!e)
        return d;
    w->refused++;
    gw_directory_unref(d);
    return NULL;
}

/* New rules; also other companies on the bus, so that their numbers change. */
static void change_rules(struct world *w)
{
    struct gw_directory *fresh = NULL;
    while (!fresh) {
        for (unsigned i = 0; i < OPERATORS; i++) {
            w->company[i] = any_company(i);
            w->on_bus[i] = i < 4 || below(8) != 0;
        }
        fresh = make_directory(w);
    }
    gw_directory_unref(w->directory);
    w->directory = fresh;
    for (unsigned i = 0; i < OPERATORS; i++)
        w->index[i] = gw_directory_find(fresh, gw_slice_str(w->company[i].name));
}

static void leave(struct world *w, struct sub *s)
{
    if (!s->there)
        return;
    gw_table_remove(w->table, s->slot);
    gw_filter_free(s->filter);
    s->there = false;
}

static void join(struct world *w, struct sub *s)
{
    struct gw_buf body, words;
    struct gw_text why;
    struct gw_start_at start;
    const char *terms[CLAUSES * (CONDS + 1)];
    char text[CLAUSES * CONDS][200];
    unsigned n = 0, used = 0;

    s->receiver = below(OPERATORS);
    s->wish.count = below(CLAUSES + 1);
    gw_buf_init(&body, 1u << 16);
    gw_buf_init(&words, 1u << 16);
    for (unsigned i = 0; i < s->wish.count; i++) {
        s->wish.clause[i] = any_clause(1, 14);
        if (i)
            terms[n++] = "or";
        for (unsigned k = 0; k < s->wish.clause[i].count; k++) {
            const struct cond *c = &s->wish.clause[i].cond[k];
            int at = snprintf(text[used], sizeof text[0], "%s=", c->field);
            for (unsigned v = 0; v < c->count; v++)
                at += snprintf(text[used] + at, sizeof text[0] - (size_t)at, "%s%s",
                               v ? "," : "", c->value[v]);
            terms[n++] = text[used++];
        }
    }
    if (gw_subscribe_body(NULL, terms, n, &body, &why) ||
        gw_filter_read(gw_buf_bytes(&body), &s->filter, &start, NULL))
        die("the gateway refuses a filter");
    gw_buf_deinit(&body);
    gw_buf_deinit(&words);
    s->there = w->index[s->receiver] != GW_OPERATOR_NONE;
    if (!s->there)
        gw_filter_free(s->filter);
    else if (gw_table_add(w->table, s, w->index[s->receiver], s->filter, &s->slot))
        die("memory");
}

/* What the lane does at a reload. */
static void follow_rules(struct world *w)
{
    for (unsigned i = 0; i < SUBS; i++) {
        struct sub *s = &w->sub[i];
        if (!s->there)
            continue;
        if (w->index[s->receiver] == GW_OPERATOR_NONE)
            leave(w, s);
        else
            gw_table_renumber(w->table, s->slot, w->index[s->receiver]);
    }
    if (below(2)) /* otherwise there was no memory for an index: as right, only slower */
        gw_table_settle(w->table);
}

static void put(struct gw_tree *t, uint32_t map, const char *path, const char *value)
{
    if (value)
        gw_tree_set_str(t, map, path, gw_slice_str(value));
}

static void put_place(struct gw_tree *t, uint32_t root, const char *key,
                      const char *const p[3])
{
    uint32_t map;
    if (!p[0] && !p[1] && !p[2])
        return;
    map = gw_tree_put_map(t, root, gw_slice_str(key));
    put(t, map, "node", p[1]);
    put(t, map, "unlocode", p[2]);
    put(t, map, "country", p[0]);
}

/* The event's bytes as the journal has them, and what routing reads out of them. */
static void write_event(struct world *w, const struct event *e)
{
    struct gw_tree *t = &w->tree;
    uint32_t root, list, map;
    gw_tree_reset(t);
    root = gw_tree_root(t);
    gw_tree_set_int(t, root, "schema", 1);
    put(t, root, "id", "x");
    put(t, root, "type", e->type);
    put(t, root, "class", e->class);
    put(t, root, "subject", e->subject);
    gw_tree_set_int(t, root, "time", NOW);
    put_place(t, root, "place", (const char *const[]){e->country, e->node, e->locode});
    if (e->located) {
        map = gw_tree_child(t, root, GW_LIT("place"));
        if (!map)
            map = gw_tree_put_map(t, root, GW_LIT("place"));
        gw_tree_put_float(t, map, GW_LIT("lat"), e->lat);
        gw_tree_put_float(t, map, GW_LIT("lon"), e->lon);
    }
    put_place(t, root, "place_from", e->from);
    put_place(t, root, "place_to", e->to);
    if (e->equipment)
        list = gw_tree_put_array(t, root, GW_LIT("equipment"));
    for (unsigned i = 0; i < e->equipment; i++) {
        map = gw_tree_put_map(t, list, gw_slice(NULL, 0));
        put(t, map, "kind", e->kind[i]);
        put(t, map, "id", e->id[i]);
    }
    if (e->references)
        list = gw_tree_put_array(t, root, GW_LIT("references"));
    for (unsigned i = 0; i < e->references; i++) {
        map = gw_tree_put_map(t, list, gw_slice(NULL, 0));
        put(t, map, "scheme", e->scheme[i]);
        put(t, map, "value", e->value[i]);
    }
    put(t, root, "transport.mode", e->mode);
    if (e->parties)
        list = gw_tree_put_array(t, root, GW_LIT("parties"));
    for (unsigned i = 0; i < e->parties; i++) {
        map = gw_tree_put_map(t, list, gw_slice(NULL, 0));
        put(t, map, "role", e->party_role[i]);
        put(t, map, "id", e->party[i]);
    }
    put(t, root, "source.operator", e->owner);
    gw_buf_reset(&w->bytes);
    if (gw_msgpack_write(t, root, &w->bytes) ||
        gw_facts_read(gw_buf_bytes(&w->bytes), &w->facts))
        die("an event");
}

/* ---- both against each other ---- */

static bool mask_has(const struct world *w, const struct gw_mask *m, unsigned leaf)
{
    struct gw_mask both = *m;
    gw_mask_unite(&both, &w->leaf[leaf]);
    return gw_mask_eq(&both, m);
}

static const struct company *owner_of(const struct world *w, const struct event *e)
{
    for (unsigned i = 0; i < OPERATORS; i++)
        if (w->on_bus[i] && same(w->company[i].name, e->owner))
            return &w->company[i];
    return NULL;
}

static bool oracle(const struct world *w, const struct sub *s, const struct event *e,
                   bool shown[LEAVES])
{
    const struct company *owner = owner_of(w, e), *receiver = &w->company[s->receiver];
    bool given = owner == receiver;
    for (unsigned l = 0; l < LEAVES; l++)
        shown[l] = given;
    for (unsigned i = 0; owner && !(owner == receiver) && i < owner->rule_count; i++) {
        if (!rule_gives(&owner->rule[i], receiver, e))
            continue;
        given = true;
        for (unsigned l = 0; l < LEAVES; l++)
            shown[l] |= rule_shows(&owner->rule[i], leaves[l]);
    }
    return given && any_clause_matches(s->wish.clause, s->wish.count, e);
}

static void differ(const struct world *w, const struct sub *s, const char *what)
{
    struct gw_buf b;
    gw_buf_init(&b, 1u << 20);
    for (unsigned i = 0; i < OPERATORS; i++)
        if (w->on_bus[i])
            print_company(&b, &w->company[i]);
    gw_buf_printf(&b, "receiver %s, filter:\n", w->company[s->receiver].name);
    for (unsigned i = 0; i < s->wish.count; i++)
        print_clause(&b, &s->wish.clause[i]);
    fprintf(stderr, "%s\nafter %lu triples: %s\n", gw_buf_text(&b), w->triples, what);
    exit(1);
}

/* The same, of an event of which only what this filter and the owner's rules ask about
 * was read. */
static bool little(struct world *w, const struct sub *s)
{
    uint64_t rows =
        gw_filter_reads(s->filter) |
        gw_grants_need(w->directory, gw_directory_find(w->directory, w->facts.operator));
    struct gw_mask shown;
    if (gw_facts_read_rows(gw_buf_bytes(&w->bytes), rows, &w->little))
        die("some rows of an event");
    w->little.operator= w->facts.operator;
    return gw_route_match(w->directory, &w->little, w->index[s->receiver], NOW, s->filter,
                          &shown);
}

static void compare(struct world *w, struct sub *s, const struct event *e)
{
    bool shown[LEAVES], wanted = oracle(w, s, e, shown);
    struct gw_mask alone;
    bool one = gw_route_match(w->directory, &w->facts, w->index[s->receiver], NOW,
                              s->filter, &alone);
    w->triples++;
    w->matches += wanted;
    if (one != little(w, s))
        differ(w, s, "reading no more than is asked about gives something else");
    if (one != wanted)
        differ(w, s, wanted ? "authorisation denies" : "authorisation allows");
    if (s->hits != (unsigned)wanted)
        differ(w, s, wanted ? "the table misses or repeats" : "the table gives");
    if (wanted && !gw_mask_eq(&alone, &s->shown))
        differ(w, s, "two masks");
    w->partial += wanted && !gw_mask_is_all(&alone);
    for (unsigned l = 0; wanted && l < LEAVES; l++)
        if (mask_has(w, &alone, l) != shown[l])
            differ(w, s, leaves[l]);
}

static void on_match(void *ctx, void *who, const struct gw_mask *shown)
{
    struct sub *s = who;
    (void)ctx;
    s->hits++;
    s->shown = *shown;
}

static void one_event(struct world *w)
{
    struct event e = any_event();
    write_event(w, &e);
    for (unsigned i = 0; i < SUBS; i++)
        w->sub[i].hits = 0;
    gw_grants_read(&w->grants, w->directory, &w->facts, NOW);
    gw_table_route(w->table, &w->grants, &w->facts, on_match, w);
    for (unsigned i = 0; i < SUBS; i++)
        if (w->sub[i].there)
            compare(w, &w->sub[i], &e);
        else if (w->sub[i].hits)
            die("somebody who left is given events");
}

static void come_and_go(struct world *w)
{
    for (unsigned n = below(SUBS); n; n--) {
        struct sub *s = &w->sub[below(SUBS)];
        leave(w, s);
        if (below(8))
            join(w, s);
    }
    if (!below(3))
        gw_table_settle(w->table);
}

static void open_world(struct world *w)
{
    if (gw_table_new(&w->table) || gw_tree_init(&w->tree, &gw_budget_default))
        die("memory");
    gw_buf_init(&w->bytes, 1u << 20);
    gw_grants_init(&w->grants);
    for (unsigned l = 0; l < LEAVES; l++) {
        w->leaf[l] = gw_mask_least();
        if (gw_mask_show(&w->leaf[l], gw_slice_str(leaves[l])))
            die(leaves[l]);
    }
}

static void close_world(struct world *w)
{
    for (unsigned i = 0; i < SUBS; i++)
        leave(w, &w->sub[i]);
    gw_table_free(w->table);
    gw_tree_deinit(&w->tree);
    gw_buf_deinit(&w->bytes);
    gw_directory_unref(w->directory);
}

int main(int argc, char **argv)
{
    static struct world w;
    unsigned long wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : TRIPLES;
    if (argc > 2)
        state = strtoull(argv[2], NULL, 10) | 1;
    open_world(&w);
    while (w.triples < wanted) {
        change_rules(&w);
        follow_rules(&w);
        for (unsigned round = 0; round < 6; round++) {
            come_and_go(&w);
            for (unsigned i = 0; i < 12; i++)
                one_event(&w);
        }
    }
    printf("%lu triples, %lu matches, %lu of them with hidden fields, %lu sets of rules "
           "refused, no "
           "difference\n",
           w.triples, w.matches, w.partial, w.refused);
    if (w.matches < w.triples / 50 || w.matches > w.triples / 2 ||
        w.partial < w.matches / 50)
        die("the triples are too one-sided to prove anything");
    close_world(&w);
    return 0;
}
