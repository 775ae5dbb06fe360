/* anchor.h - what the routing table looks clauses up by: hashes of values, of a clause
 * and of an event alike.
 *
 * A kind of key is a field's exact value, or an equipment prefix of a length, or a cell
 * of a grid of the Earth.  A clause is filed under the keys of up to three kinds; an
 * event that can match it has one of them in each kind.  The reverse need not hold: who
 * is found is matched in full.
 *
 * Pure functions, any thread. */
#ifndef GW_PIPELINE_ANCHOR_H
#define GW_PIPELINE_ANCHOR_H
#include "model/filter_clause.h"

#define GW_ANCHOR_PREFIX GW_BY_COUNT             /* + length - 1, length 1 .. 16 */
#define GW_ANCHOR_CELL   (GW_ANCHOR_PREFIX + 16) /* + level, 0 .. 3 */
#define GW_ANCHOR_KINDS  (GW_ANCHOR_CELL + 4)
#define GW_ANCHOR_NONE   0xFF
#define GW_ANCHOR_DEEP   3 /* kinds a clause is filed under */

/* Most keys one field of a clause may need, and most of one kind that an event has: its
 * references, each bare and with its scheme. */
#define GW_ANCHOR_CLAUSE 256
#define GW_ANCHOR_EVENT  (2 * GW_FACTS_MANY)

struct gw_anchor_key {
    uint8_t kind;
    uint64_t hash;
};

/* The keys of one field of a clause, each of which stands for some of its values; out has
 * room for GW_ANCHOR_CLAUSE.  Returns how many; 0: the field cannot be looked up by. */
unsigned gw_anchor_clause(const struct gw_clause *c, enum gw_filter_field field,
                          struct gw_anchor_key *out);
/* The hashes an event has of one kind; out has room for GW_ANCHOR_EVENT. */
unsigned gw_anchor_event(const struct gw_facts *f, unsigned kind, uint64_t *out);

/* One hash of several, in order. */
static inline uint64_t gw_anchor_join(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b + UINT64_C(0x9e3779b97f4a7c15) + (a << 6) + (a >> 2))) *
                 UINT64_C(0xff51afd7ed558ccd);
    return x ^ x >> 32;
}
#endif
