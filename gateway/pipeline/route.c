/* route.c - stage 6 of 7: who gets what, after journal.c, before deliver.c. */
#include "pipeline/route.h"

static void locate(const struct gw_places *places, struct gw_facts *f)
{
    const struct gw_place *node;
    if (f->located || !f->place.node.len)
        return;
    node = gw_places_by_node(places, f->place.node);
    if (!node || !node->located)
        return;
    f->lat = node->lat;
    f->lon = node->lon;
    f->located = true;
}

enum gw_error gw_route_read(const struct gw_directory *d, struct gw_slice event,
                            uint64_t rows, struct gw_facts *out)
{
    enum gw_error e = rows == GW_ROUTE_ALL
                          ? gw_facts_read(event, out)
                          : gw_facts_read_rows(event, rows & ~GW_FACTS_NODE_AT, out);
    if (!e && rows & GW_FACTS_NODE_AT)
        locate(d->places, out);
    return e;
}

static uint32_t owner_of(const struct gw_grants *g, const struct gw_directory *d,
                         struct gw_slice name)
{
    if (g->directory == d && g->owner != GW_OPERATOR_NONE &&
        gw_slice_is(name, d->operators[g->owner].name))
        return g->owner;
    return gw_directory_find(d, name);
}

/* Which operators the event names; only asked for when a rule wants to know. */
static void find_parties(struct gw_grants *g, const struct gw_facts *f)
{
    g->party_count = 0;
    for (unsigned i = 0; i < f->party_count; i++) {
        uint32_t who = gw_directory_party(g->directory, f->party[i]);
        if (who == GW_OPERATOR_NONE)
            continue;
        g->party[g->party_count] = who;
        g->party_role[g->party_count++] = f->party_role[i];
    }
}

void gw_grants_read(struct gw_grants *g, const struct gw_directory *d,
                    const struct gw_facts *f, int64_t now_ms)
{
    const struct gw_operator *o;
    g->owner = owner_of(g, d, f->operator);
    g->directory = d;
    g->count = g->party_count = 0;
    g->everybody = g->parties = false;
    if (g->owner == GW_OPERATOR_NONE)
        return;
    o = &d->operators[g->owner];
    for (uint32_t i = 0; i < o->rule_count && g->count < GW_RULES_MAX; i++) {
        const struct gw_rule *r = &o->rules[i];
        if (!gw_rule_in_force(r, now_ms) || !gw_rule_about(r, f))
            continue;
        g->rules[g->count++] = r;
        g->everybody |= r->everybody;
        g->parties |= r->parties;
    }
    if (g->parties)
        find_parties(g, f);
}

uint64_t gw_grants_need(const struct gw_directory *d, uint32_t owner)
{
    uint64_t rows = 0;
    if (owner == GW_OPERATOR_NONE)
        return 0;
    for (uint32_t i = 0; i < d->operators[owner].rule_count; i++)
        rows |= gw_rule_reads(&d->operators[owner].rules[i]);
    return rows;
}

static bool is_party(const struct gw_grants *g, const struct gw_rule *r,
                     uint32_t receiver)
{
    for (uint32_t i = 0; i < g->party_count; i++)
        if (g->party[i] == receiver &&
            (!r->party_roles ||
             (g->party_role[i] < 32 && r->party_roles >> g->party_role[i] & 1)))
            return true;
    return false;
}

bool gw_grants_rule_gives(const struct gw_grants *g, const struct gw_rule *r,
                          uint32_t receiver)
{
    return gw_rule_names(r, receiver) || (r->parties && is_party(g, r, receiver));
}

bool gw_grants_give(const struct gw_grants *g, uint32_t receiver, struct gw_mask *shown)
{
    bool given = false;
    if (g->owner == GW_OPERATOR_NONE || receiver >= g->directory->count)
        return false;
    if (g->owner == receiver) {
        *shown = gw_mask_all();
        return true;
    }
    for (uint32_t i = 0; i < g->count; i++) {
        if (!gw_grants_rule_gives(g, g->rules[i], receiver))
            continue;
        if (given)
            gw_mask_unite(shown, &g->rules[i]->shown);
        else
            *shown = g->rules[i]->shown;
        given = true;
    }
    return given;
}

bool gw_route_allows(const struct gw_directory *directory, const struct gw_facts *facts,
                     uint32_t receiver, int64_t now_ms, struct gw_mask *shown)
{
    struct gw_grants g;
    gw_grants_init(&g);
    gw_grants_read(&g, directory, facts, now_ms);
    return gw_grants_give(&g, receiver, shown);
}
