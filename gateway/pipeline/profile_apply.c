/* profile_apply.c - stage 3 of 7, first part: an operator's words become the schema's;
 * called by normalise.c. */
#include "pipeline/profile_gather.h"
#include "pipeline/quality.h"

static enum gw_error apply_rule(struct gw_applying *a, const struct gw_profile_rule *r)
{
    enum gw_error e = GW_OK;
    uint32_t next;

    if (r->required && !a->heads[r->source])
        return gw_profile_refuse(a, GW_MISSING, r->source, GW_NODE_NONE,
                                 "a field that the profile requires");
    for (uint32_t n = a->heads[r->source]; n && !e; n = next) {
        bool used = false;
        next = a->t->nodes[n].next;
        e = gw_profile_rule_apply(a, r, n, &used);
        if (used)
            a->used[r->source] = true;
    }
    return e;
}

static enum gw_error apply_rules(struct gw_applying *a)
{
    enum gw_error e = GW_OK;
    for (uint16_t i = 0; i < a->profile->rule_count && !e; i++)
        e = apply_rule(a, &a->profile->rules[i]);
    return e;
}

static enum gw_error apply_known(struct gw_applying *a,
                                 const struct gw_profile_value *values, uint16_t count,
                                 bool over)
{
    enum gw_error e = GW_OK;
    for (uint16_t i = 0; i < count && !e; i++) {
        bool set = false;
        e = gw_profile_put_known(a, &values[i], 0, over, &set);
        if (!e && set && !over)
            gw_quality_note(a->t, a->root, "default", GW_SEVERITY_INFO,
                            values[i].target.path, gw_slice(NULL, 0));
    }
    return e;
}

enum gw_error gw_profile_apply(const struct gw_profile *p, const struct gw_places *places,
                               struct gw_tree *t, uint32_t root, struct gw_fault *fault)
{
    struct gw_applying a;
    enum gw_error e;

    a.profile = p;
    a.places = places;
    a.t = t;
    a.root = root;
    a.fault = fault;
    a.before = t->used;
    a.rests = 0;
    memset(a.heads, 0, p->source_count * sizeof *a.heads);
    memset(a.tails, 0, p->source_count * sizeof *a.tails);
    memset(a.used, 0, p->source_count * sizeof *a.used);
    memset(a.slots, 0, p->slot_count * sizeof *a.slots);
    for (uint8_t i = 0; i < p->group_count; i++) {
        a.groups[i].cursor = GW_NODE_NONE;
        a.groups[i].highest = -1;
    }
    gw_profile_gather(&a);
    e = gw_profile_unknowns(&a);
    if (!e)
        e = apply_rules(&a);
    if (!e)
        e = apply_known(&a, p->constants, p->constant_count, true);
    if (!e)
        e = apply_known(&a, p->defaults, p->default_count, false);
    return e ? e : gw_profile_keep_rest(&a);
}
