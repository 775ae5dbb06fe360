/* rule.c - what a sharing rule is about and whom it names. */
#include "pipeline/rule.h"
#include <stdlib.h>
#include "model/event_fields.h"

void gw_rule_init(struct gw_rule *r)
{
    *r = (struct gw_rule){
        .from_ms = INT64_MIN, .until_ms = INT64_MAX, .shown = gw_mask_all()};
}

void gw_rule_deinit(struct gw_rule *r)
{
    if (!r)
        return;
    gw_filter_free(r->when);
    free(r->receivers);
    *r = (struct gw_rule){0};
}

/* First place whose receiver is not smaller. */
static uint32_t place_of(const struct gw_rule *r, uint32_t receiver)
{
    uint32_t low = 0, high = r->receiver_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (r->receivers[mid] < receiver)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

enum gw_error gw_rule_add_receiver(struct gw_rule *r, uint32_t operator)
{
    uint32_t at = place_of(r, operator), *more;
    if (at < r->receiver_count && r->receivers[at] == operator)
        return GW_OK;
    more = realloc(r->receivers, (r->receiver_count + 1) * sizeof *more);
    if (!more)
        return GW_NOMEM;
    memmove(more + at + 1, more + at, (r->receiver_count - at) * sizeof *more);
    more[at] = operator;
    r->receivers = more;
    r->receiver_count++;
    return GW_OK;
}

bool gw_rule_about(const struct gw_rule *r, const struct gw_facts *f)
{
    return !r->when || gw_filter_match(r->when, f);
}

uint64_t gw_rule_reads(const struct gw_rule *r)
{
    uint64_t rows = r->when ? gw_filter_reads(r->when) : 0;
    return r->parties ? rows | UINT64_C(1) << GW_EV_PARTIES : rows;
}

bool gw_rule_names(const struct gw_rule *r, uint32_t receiver)
{
    uint32_t at;
    if (r->everybody)
        return true;
    at = place_of(r, receiver);
    return at < r->receiver_count && r->receivers[at] == receiver;
}
