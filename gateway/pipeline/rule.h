/* rule.h - one sharing rule of an owner, compiled: who receives which of its events, what
 * of them, and from when until when.
 *
 * Made from an operator's file by conf/share_resolve.c; part of the directory, immutable
 * with it. Rules only give: several that apply add up.  Receivers are indexes into the
 * same directory. */
#ifndef GW_PIPELINE_RULE_H
#define GW_PIPELINE_RULE_H
#include "model/filter.h"
#include "model/mask.h"

#define GW_RULES_MAX 256 /* of one owner */

struct gw_rule {
    struct gw_filter *when; /* NULL: every event */
    int64_t from_ms,
        until_ms; /* in force from <= now < until; INT64_MIN, INT64_MAX: unbounded */
    struct gw_mask shown;
    bool everybody;       /* "*" */
    bool parties;         /* who is named in the event's parties ... */
    uint32_t party_roles; /* ... in one of these roles: a bit per index of gw_party_roles;
                             0 = any */
    uint32_t *receivers;  /* by name, role and country; sorted, each once */
    uint32_t receiver_count;
    int line; /* in the owner's file */
};

/* Every event, whole, for ever, to nobody yet. */
void gw_rule_init(struct gw_rule *r);
void gw_rule_deinit(struct gw_rule *r);
/* Errors  GW_NOMEM */
GW_MUST_USE enum gw_error gw_rule_add_receiver(struct gw_rule *r, uint32_t operator);

static inline bool gw_rule_in_force(const struct gw_rule *r, int64_t now_ms)
{
    return r->from_ms <= now_ms && now_ms < r->until_ms;
}
/* Is the event one of those the rule is about?  Whether it is in force is another
 * question. */
bool gw_rule_about(const struct gw_rule *r, const struct gw_facts *f);
/* What it needs to know of an event, for gw_facts_read_rows(). */
uint64_t gw_rule_reads(const struct gw_rule *r);
/* Named, or of a role or country, or everybody: without a look at the event. */
bool gw_rule_names(const struct gw_rule *r, uint32_t receiver);
#endif
