/* dialect.c - each company's way of saying things. */
#include "bench/demo/dialect.h"
#include "model/canon.h"
#include <stdio.h>

void demo_event_id(const struct demo_happening *h, char out[DEMO_ID_BYTES])
{
    (void)snprintf(out, DEMO_ID_BYTES, "%s-%06u", demo_companies[h->who].name, h->number);
}

static void put(struct gw_tree *t, uint32_t root, const char *path, const char *text)
{
    if (text && *text)
        (void)gw_tree_set_str(t, root, path, gw_tree_text(t, gw_slice_str(text)));
}

/* ---- the shared schema ---- */

static void put_time(const struct demo_happening *h, struct gw_tree *t, uint32_t root)
{
    if (h->trouble == DEMO_WRONG_TYPE)
        put(t, root, "time", "this morning");
    else if (h->trouble != DEMO_NO_TIME)
        (void)gw_tree_set_int(t, root, "time", h->time_ms);
    (void)gw_tree_set_int(t, root, "time_offset", demo_companies[h->who].clock_min);
    put(t, root, "time_basis", "stated-offset");
}

static void put_place(const struct demo_happening *h, struct gw_tree *t, uint32_t root)
{
    if (h->what == DEMO_POSITION) {
        (void)gw_tree_set_float(t, root, "place.lat", h->lat);
        (void)gw_tree_set_float(t, root, "place.lon", h->lon);
    } else {
        put(t, root, "place.node", h->place->node);
        put(t, root, "place.unlocode", h->place->unlocode);
        put(t, root, "place.country", h->place->country);
        put(t, root, "place.name", h->place->name);
    }
    if (h->next)
        put(t, root, "place_to.node", h->next->node);
}

static void put_equipment(const struct demo_happening *h, struct gw_tree *t,
                          uint32_t root)
{
    bool box = h->per == DEMO_PER_BOX;
    if (h->per == DEMO_PER_BLOCK)
        return;
    put(t, root, "equipment[0].kind", box ? "container" : "wagon");
    put(t, root, "equipment[0].id", box ? h->unit.container : h->unit.wagon);
    put(t, root, "equipment[0].scheme", box ? "iso6346" : "cis8");
    if (box)
        put(t, root, "equipment[0].size_type", "45G1");
    put(t, root, "equipment[0].load", "laden");
    if (box && !h->sea)
        put(t, root, "equipment[0].on", h->unit.wagon);
    put(t, root, "references[0].scheme", box ? "booking" : "smgs");
    put(t, root, "references[0].value", box ? h->unit.booking : h->unit.waybill);
}

static void put_transport(const struct demo_happening *h, struct gw_tree *t,
                          uint32_t root)
{
    put(t, root, "transport.mode", h->sea ? "sea" : "rail");
    if (h->sea) {
        put(t, root, "transport.means.imo", h->unit.imo);
        put(t, root, "transport.means.name", h->unit.vessel);
    } else
        put(t, root, "transport.means.train", h->unit.train);
    put(t, root, "transport.journey_no", h->sea ? h->unit.voyage : h->unit.train);
}

static const char *customs_state(enum demo_what w)
{
    return w == DEMO_CUSTOMS_DECLARED  ? "declared"
           : w == DEMO_CUSTOMS_HOLD    ? "held"
           : w == DEMO_CUSTOMS_RELEASE ? "released"
                                       : NULL;
}

uint32_t demo_schema_build(const struct demo_happening *h, struct gw_tree *t)
{
    uint32_t root = gw_tree_root(t);
    char id[DEMO_ID_BYTES];

    demo_event_id(h, id);
    (void)gw_tree_set_int(t, root, "schema", 1);
    put(t, root, "id", id);
    put(t, root, "type", demo_what_type(h->what));
    put(t, root, "class", "actual");
    put(t, root, "subject", h->per == DEMO_PER_BLOCK ? "transport" : "equipment");
    put_time(h, t, root);
    put_place(h, t, root);
    put_equipment(h, t, root);
    put_transport(h, t, root);
    put(t, root, "customs.state", customs_state(h->what));
    return root;
}

/* ---- dialects: one per profile ---- */

static const struct {
    const char *profile;
    void (*build)(const struct demo_happening *h, struct gw_tree *t, uint32_t root);
} dialects[] = {
    {NULL, NULL},
};

enum gw_error demo_dialect_write(const struct demo_happening *h, struct gw_tree *t,
                                 struct gw_buf *out)
{
    const char *profile = demo_companies[h->who].profile;
    uint32_t root = GW_NODE_NONE;

    for (size_t i = 0; profile && dialects[i].profile; i++)
        if (strcmp(dialects[i].profile, profile) == 0) {
            root = gw_tree_root(t);
            dialects[i].build(h, t, root);
        }
    if (!root)
        root = demo_schema_build(h, t);
    return root ? gw_msgpack_write(t, root, out) : GW_NOMEM;
}
