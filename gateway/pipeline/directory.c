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

static int by_name(const void *a, const void *b)
{
    return gw_slice_cmp(((const struct gw_party_name *)a)->name,
                        ((const struct gw_party_name *)b)->name);
}

enum gw_error gw_directory_name_parties(struct gw_directory *d)
{
    uint32_t n = 0;
    d->parties = calloc((size_t)d->count * (GW_IDS_MAX + 1) + 1, sizeof *d->parties);
    if (!d->parties)
        return GW_NOMEM;
    for (uint32_t i = 0; i < d->count; i++) {
        d->parties[n++] = (struct gw_party_name){gw_slice_str(d->operators[i].name), i};
        for (int k = 0; k < GW_IDS_MAX; k++)
            if (*d->operators[i].ids[k])
                d->parties[n++] =
                    (struct gw_party_name){gw_slice_str(d->operators[i].ids[k]), i};
    }
    d->party_count = n;
    qsort(d->parties, n, sizeof *d->parties, by_name);
    return GW_OK;
}

uint32_t gw_directory_party(const struct gw_directory *d, struct gw_slice id)
{
    struct gw_party_name wanted = {id, 0}, *found;
    if (!id.len || !d->party_count)
        return GW_OPERATOR_NONE;
    found = bsearch(&wanted, d->parties, d->party_count, sizeof wanted, by_name);
    return found ? found->operator : GW_OPERATOR_NONE;
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
        for (uint32_t k = 0; k < d->operators[i].rule_count; k++)
            gw_rule_deinit(&d->operators[i].rules[k]);
        free(d->operators[i].rules);
    }
    free(d->operators);
    free(d->parties);
    gw_places_free(d->places);
    free(d);
}
