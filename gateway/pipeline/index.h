/* index.h - all clauses of a routing table, filed by their keys; immutable once built.
 *
 * Everything is filed twice: among all, and among those of its operator.  An event that
 * few operators may see is looked up among theirs; one that many may see, among all.  So
 * the cost of a look-up follows what matches, whoever is entitled.
 *
 * Thread  immutable once built; any. */
#ifndef GW_PIPELINE_INDEX_H
#define GW_PIPELINE_INDEX_H
#include "pipeline/anchor.h"

struct gw_index;

/* A filter to be filed: `slot` is what a look-up finds. */
struct gw_filed {
    uint32_t slot, operator;
    const struct gw_filter *filter;
};

/* Scope of a look-up: an operator, or all. */
#define GW_SCOPE_ALL UINT32_MAX

/* Cost is proportional to the clauses.  The filters are not needed afterwards.
 * Owns  *out is the caller's: gw_index_free().  Errors  GW_NOMEM */
GW_MUST_USE enum gw_error gw_index_new(struct gw_index **out,
                                       const struct gw_filed *filed, uint32_t count);
void gw_index_free(struct gw_index *x);
uint32_t gw_index_operators(const struct gw_index *x); /* how many have something filed */

/* An event being looked up: its hashes, each made once. */
struct gw_index_probe {
    const struct gw_facts *facts;
    uint64_t made; /* a bit per kind */
    uint16_t count[GW_ANCHOR_KINDS];
    uint64_t hash[GW_ANCHOR_KINDS][GW_ANCHOR_EVENT];
};
static inline void gw_index_probe(struct gw_index_probe *p, const struct gw_facts *f)
{
    p->facts = f;
    p->made = 0;
}

/* Call `found` with every clause that may match; the same one may come more than once. */
void gw_index_find(const struct gw_index *x, struct gw_index_probe *p, uint32_t scope,
                   void (*found)(void *ctx, uint32_t slot, unsigned clause), void *ctx);
#endif
