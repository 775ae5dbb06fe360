/* filter_draft.h - a filter in the making: from a SUBSCRIBE body or a command line. Model
 * only.
 *
 *   filter.c        fields, matching, writing, and the draft
 *   filter_read.c   SUBSCRIBE bodies        filter_words.c  command lines
 *
 * Thread  any; each draft one at a time. */
#ifndef GW_MODEL_FILTER_DRAFT_H
#define GW_MODEL_FILTER_DRAFT_H
#include "model/filter.h"

/* Values in the order they came; borrowed.  Nothing is allocated before all of them are
 * known. */
struct gw_filter_draft {
    struct gw_slice value[GW_FILTER_VALUES];
    uint8_t field[GW_FILTER_VALUES];
    unsigned count;
};

/* Number of a field, or -1; and its name again. */
int gw_filter_field(struct gw_slice name);
const char *gw_filter_field_name(int field);

/* Judge a value and add it.  at: its offset, for the fault.
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
