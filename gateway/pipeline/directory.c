/* directory.c - the operators, looked up by name and by key. */
#include "pipeline/directory.h"
#include <stdlib.h>

uint32_t gw_directory_find(const struct gw_directory *d, struct gw_slice name)
{
    uint32_t low = 0, high = d->count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int c = gw_slice_cmp(gw_slice_str(d->operators[mid].name), name);
        if (!c)
            return mid;
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return GW_OPERATOR_NONE;
}

static bool has_key(const struct gw_operator *o, const char *key)
{
    for (int i = 0; i < GW_KEYS_MAX; i++)
        if (*o->keys[i] && strcmp(o->keys[i], key) == 0)
            return true;
    return false;
}

/* Asked once per connection: a pass over all operators is fast enough. */
uint32_t gw_directory_by_key(const struct gw_directory *d, const char *key)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->operators[i].enabled && has_key(&d->operators[i], key))
            return i;
    return GW_OPERATOR_NONE;
}

struct gw_directory *gw_directory_ref(struct gw_directory *d)
{
    atomic_fetch_add(&d->references, 1);
    return d;
}

void gw_directory_unref(struct gw_directory *d)
{
    if (!d || atomic_fetch_sub(&d->references, 1) != 1)
        return;
    for (uint32_t i = 0; d->operators && i < d->count; i++) {
        gw_profile_free(d->operators[i].profile);
        free(d->operators[i].share);
    }
    free(d->operators);
    gw_places_free(d->places);
    free(d);
}
