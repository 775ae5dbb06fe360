/* parties.c - what and who an event is about: identifiers, papers, parties, places. */
#include "adapters/epcis/parts.h"
#include <stdio.h>

static struct gw_slice text(const struct gw_epcis *c, uint32_t from, const char *key)
{
    return gw_json_text(&c->doc, from, key);
}

static uint32_t list(const struct gw_epcis *c, uint32_t from, const char *key)
{
    uint32_t n = gw_json_get(&c->doc, from, key);
    return n && c->doc.tree.nodes[n].kind == GW_ARRAY ? n : GW_NODE_NONE;
}

/* ---- identifiers ---- */

/* What our own writer makes of equipment that has no URN of the standard's:
 * urn:x-karvan:uic12:338849610583 */
static bool put_own(struct gw_epcis *c, struct gw_slice uri)
{
    static const struct {
        const char *head, *scheme, *kind;
    } rows[] = {{"urn:x-karvan:uic12:", "uic12", "wagon"},
                {"urn:x-karvan:cis8:", "cis8", "wagon"},
                {"urn:x-karvan:plate:", "plate", "truck"},
                {"urn:x-karvan:ilu:", "ilu", "swap-body"},
                {"urn:x-karvan:other:", "other", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].head);
        if (!gw_slice_starts(uri, gw_slice_str(rows[i].head)))
            continue;
        uint32_t item = gw_event_equipment(&c->maker, rows[i].kind,
                                           gw_slice(uri.at + n, uri.len - n));
        gw_event_word(&c->maker, item, "scheme", rows[i].scheme);
        return true;
    }
    return false;
}

/* A container is equipment; keys of transport are references; goods stay in ext. */
static void put_identifier(struct gw_epcis *c, struct gw_slice uri)
{
    struct gw_slice number = gw_epcis_container(uri);
    char key[36];
    if (number.len)
        gw_event_equipment(&c->maker, "container", number);
    else if (!put_own(c, uri) && gw_epcis_key_text(uri, key))
        gw_event_reference(&c->maker, "other",
                           gw_tree_text(&c->maker.tree, gw_slice_str(key)));
}

static void put_identifiers(struct gw_epcis *c, uint32_t event, const char *key)
{
    for (GW_FOREACH_CHILD (&c->doc.tree, list(c, event, key), n))
        if (c->doc.tree.nodes[n].kind == GW_STR)
            put_identifier(c, c->doc.tree.nodes[n].s);
}

/* ---- papers ---- */

/* The number in a transaction's URI: what the partners call it by. */
static void put_transaction(struct gw_epcis *c, uint32_t node)
{
    struct gw_slice type = gw_epcis_bare(text(c, node, "type"), "BTT");
    struct gw_slice uri = text(c, node, "bizTransaction");
    const char *scheme = gw_epcis_ours(gw_epcis_transactions, type);
    char key[36];
    if (gw_epcis_key_text(uri, key))
        gw_event_reference(&c->maker, scheme ? scheme : "other",
                           gw_tree_text(&c->maker.tree, gw_slice_str(key)));
    else if (gw_epcis_tail(uri).len <= 35)
        gw_event_reference(&c->maker, scheme ? scheme : "other", gw_epcis_tail(uri));
}

/* ---- places and parties ---- */

void gw_epcis_put_place(struct gw_epcis *c, const char *path, struct gw_slice uri)
{
    struct gw_maker *m = &c->maker;
    struct gw_slice code = gw_epcis_unlocode(uri);
    char at[64];
    double lat, lon;

    (void)snprintf(at, sizeof at, "%s.unlocode", path);
    gw_event_str(m, m->root, at, code);
    if (gw_epcis_geo(uri, &lat, &lon)) {
        (void)snprintf(at, sizeof at, "%s.lat", path);
        gw_event_float(m, m->root, at, lat);
        (void)snprintf(at, sizeof at, "%s.lon", path);
        gw_event_float(m, m->root, at, lon);
    }
    (void)snprintf(at, sizeof at, "%s.raw", path);
    gw_event_str(m, m->root, at, uri);
}

static void put_party(struct gw_epcis *c, const char *role, struct gw_slice uri)
{
    char key[36];
    uint32_t item = gw_event_item(&c->maker, "parties");
    gw_event_word(&c->maker, item, "role", role);
    if (gw_epcis_key_text(uri, key)) {
        gw_event_str(&c->maker, item, "id",
                     gw_tree_text(&c->maker.tree, gw_slice_str(strchr(key, ':') + 1)));
        gw_event_word(&c->maker, item, "scheme", "gs1-gln");
    } else
        gw_event_str(&c->maker, item, "id", uri);
}

static bool has_party(const struct gw_maker *m, const char *role)
{
    return gw_tree_item_with(&m->tree, m->root, "parties", "role", role);
}

/* Sources and destinations: one party per end, and its place. */
static void put_ends(struct gw_epcis *c, uint32_t event, const char *key,
                     const char *member, const char *role, const char *place)
{
    for (GW_FOREACH_CHILD (&c->doc.tree, list(c, event, key), n)) {
        struct gw_slice type = gw_epcis_bare(text(c, n, "type"), "SDT");
        struct gw_slice uri = text(c, n, member);
        if (gw_slice_is(type, "location"))
            gw_epcis_put_place(c, place, uri);
        else if (uri.len && !has_party(&c->maker, role))
            put_party(c, role, uri);
    }
}

void gw_epcis_put_things(struct gw_epcis *c, uint32_t event)
{
    static const char *const lists[] = {"epcList", "childEPCs", "inputEPCList",
                                        "outputEPCList"};
    put_identifier(c, text(c, event, "parentID"));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        put_identifiers(c, event, lists[i]);
    for (GW_FOREACH_CHILD (&c->doc.tree, list(c, event, "bizTransactionList"), n))
        put_transaction(c, n);
    put_ends(c, event, "sourceList", "source", "consignor", "place_from");
    put_ends(c, event, "destinationList", "destination", "consignee", "place_to");
}
