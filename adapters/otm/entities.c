/* entities.c - entities of an Open Trip Model document by their id. */
#include "adapters/otm/entities.h"
#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
    const struct otm_entity *left = a, *right = b;
    int c = gw_slice_cmp(left->id, right->id);
    return c ? c : (left->node > right->node) - (left->node < right->node);
}

static bool room(struct otm_entities *e)
{
    if (e->count < e->cap)
        return true;
    size_t cap = e->cap ? 2 * e->cap : 64;
    struct otm_entity *at = realloc(e->at, cap * sizeof *at);
    if (!at)
        return false;
    e->at = at;
    e->cap = cap;
    return true;
}

enum gw_error otm_entities_read(struct otm_entities *e, const struct gw_xml *x)
{
    e->count = 0;
    for (uint32_t n = GW_XML_ROOT; n <= x->used; n++) {
        if (!gw_xml_named(x, n, "entity"))
            continue;
        struct gw_slice id = gw_xml_text(x, n, "id");
        if (!id.len)
            continue;
        if (!room(e))
            return GW_NOMEM;
        e->at[e->count++] = (struct otm_entity){id, n};
    }
    if (e->count)
        qsort(e->at, e->count, sizeof *e->at, by_id);
    return GW_OK;
}

void otm_entities_deinit(struct otm_entities *e)
{
    free(e->at);
    *e = (struct otm_entities){0};
}

/* The first in the document of those with the id. */
static uint32_t find(const struct otm_entities *e, struct gw_slice id)
{
    size_t low = 0, high = e->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (gw_slice_cmp(e->at[mid].id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < e->count && gw_slice_eq(e->at[low].id, id) ? e->at[low].node
                                                            : GW_XML_NONE;
}

uint32_t otm_entity_of(const struct otm_entities *e, const struct gw_xml *x,
                       uint32_t association)
{
    uint32_t entity = gw_xml_child(x, association, "entity");
    struct gw_slice uuid = gw_xml_text(x, association, "uuid");
    return entity || !uuid.len ? entity : find(e, uuid);
}
