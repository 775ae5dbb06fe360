/* route.c - stage 6 of 7: who gets what, after journal.c, before deliver.c. */
#include "pipeline/route.h"

static bool shares_with(const struct gw_operator *owner, uint32_t receiver)
{
    uint32_t low = 0, high = owner->share_count;
    if (owner->share_all)
        return true;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (owner->share[mid] < receiver)
            low = mid + 1;
        else
            high = mid;
    }
    return low < owner->share_count && owner->share[low] == receiver;
}

bool gw_route_allows(const struct gw_directory *directory, const struct gw_facts *facts,
                     uint32_t receiver)
{
    uint32_t owner = gw_directory_find(directory, facts->operator);
    if (owner == GW_OPERATOR_NONE || receiver >= directory->count)
        return false;
    return owner == receiver || shares_with(&directory->operators[owner], receiver);
}
