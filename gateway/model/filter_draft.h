/* filter_draft.h - a filter in the making: from a SUBSCRIBE body, a command line or a
 * sharing rule.
 *
 * Thread  any; each draft one at a time. */
#ifndef GW_MODEL_FILTER_DRAFT_H
#define GW_MODEL_FILTER_DRAFT_H
#include "model/filter_clause.h"

/* Values in the order they came; borrowed.  Nothing is allocated before all of them are
 * known. */
struct gw_filter_draft {
    struct gw_slice value[GW_FILTER_VALUES];
    uint8_t field[GW_FILTER_VALUES];
    uint8_t clause[GW_FILTER_VALUES];
    unsigned count;   /* values */
    unsigned clauses; /* begun; 0 builds one clause that matches everything */
};

static inline void gw_filter_draft_init(struct gw_filter_draft *d)
{
    d->count = d->clauses = 0;
}
/* What is added from now on is an alternative to what was added before.  Needed for the
 * first clause too.  Errors  GW_FILTER too many */
GW_MUST_USE enum gw_error gw_filter_draft_clause(struct gw_filter_draft *d, size_t at,
                                                 struct gw_fault *fault);
/* Judge a value and add it to the clause at hand.  at: its offset, for the fault.
 * Errors  GW_FILTER GW_UNKNOWN_CODE; `field` of the fault names the field */
GW_MUST_USE enum gw_error gw_filter_draft_add(struct gw_filter_draft *d, int field,
                                              struct gw_slice value, size_t at,
                                              struct gw_fault *fault);
/* Copies what it needs.  Owns  *out is the caller's: gw_filter_free().  Errors  GW_NOMEM
 */
GW_MUST_USE enum gw_error gw_filter_build(const struct gw_filter_draft *d,
                                          struct gw_filter **out);

/* "cursor", "earliest", "latest"; false for another word. */
bool gw_start_word(struct gw_slice word, struct gw_start_at *out);
/* The word of such a kind; NULL for GW_START_SEQ and GW_START_TIME. */
const char *gw_start_word_of(enum gw_start kind);
#endif
