/* route.h - stage 6 of 7: who gets what, and how much of it.
 *
 * The one authorisation of the gateway: live delivery, replay, the command line and
 * whatever comes later ask here, so a rule has one place to be right or wrong.  It has
 * two halves, because the first is the same for all receivers of an event:
 *
 *   gw_grants_read()  the event: its owner, and the owner's rules that apply to it now
 *   gw_grants_give()  one receiver: does any of them give it the event, and which fields
 *
 * Rules take effect at delivery, also for older events.  Thread  any; each gw_grants one
 * at a time. */
#ifndef GW_PIPELINE_ROUTE_H
#define GW_PIPELINE_ROUTE_H
#include "model/filter.h"
#include "pipeline/directory.h"

struct gw_grants {
    const struct gw_directory *directory;
    uint32_t
        owner; /* index; GW_OPERATOR_NONE: no longer on the bus, and shares with nobody */
    uint32_t count;
    const struct gw_rule *rules[GW_RULES_MAX]; /* that apply */
    bool everybody, parties;                   /* some rule says so */
    uint32_t party_count;                      /* filled in when `parties` */
    uint32_t party[GW_FACTS_PARTIES];          /* operators named in the event */
    uint8_t party_role[GW_FACTS_PARTIES];
};

/* Before the first gw_grants_read(); it then remembers the last owner, which the next
 * event likely has too. */
static inline void gw_grants_init(struct gw_grants *g)
{
    g->directory = NULL;
    g->owner = GW_OPERATOR_NONE;
    g->count = 0;
}

/**
 * What filters and rules are asked about: the facts of an event, and of its node where it carries no
 * coordinates itself.
 *
 * rows    as for gw_facts_read_rows(), with GW_FACTS_NODE_AT; GW_ROUTE_ALL: everything
 * Errors  GW_FORMAT not canonical
 */
#define GW_ROUTE_ALL UINT64_MAX
GW_MUST_USE enum gw_error gw_route_read(const struct gw_directory *directory,
                                        struct gw_slice event, uint64_t rows,
                                        struct gw_facts *out);

/**
 * The rules that apply to an event now.
 *
 * directory  the rules in force; outlives the use of *g
 * facts      of the event; its owner is facts->operator
 * g          gw_grants_init() once, then reused
 */
void gw_grants_read(struct gw_grants *g, const struct gw_directory *directory,
                    const struct gw_facts *facts, int64_t now_ms);
/* What the owner's rules need to know of an event, for gw_facts_read_rows(). */
uint64_t gw_grants_need(const struct gw_directory *directory, uint32_t owner);
/* May `receiver` see the event?  *shown, set when true: the fields it may see.  The owner
 * always sees all of its own. */
bool gw_grants_give(const struct gw_grants *g, uint32_t receiver, struct gw_mask *shown);
/* Does one rule, which applies to the event, give it to `receiver`? */
bool gw_grants_rule_gives(const struct gw_grants *g, const struct gw_rule *r,
                          uint32_t receiver);

/* Both halves, for one receiver. */
bool gw_route_allows(const struct gw_directory *directory, const struct gw_facts *facts,
                     uint32_t receiver, int64_t now_ms, struct gw_mask *shown);
/* Entitled to it, and asked for it. */
static inline bool gw_route_match(const struct gw_directory *directory,
                                  const struct gw_facts *facts, uint32_t receiver,
                                  int64_t now_ms, const struct gw_filter *filter,
                                  struct gw_mask *shown)
{
    return gw_filter_match(filter, facts) &&
           gw_route_allows(directory, facts, receiver, now_ms, shown);
}
#endif
