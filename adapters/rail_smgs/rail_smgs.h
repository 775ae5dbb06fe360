/* rail_smgs.h - the parts of the rail consignment note codec, for its own files. */
#ifndef GW_ADAPTERS_RAIL_SMGS_RAIL_SMGS_H
#define GW_ADAPTERS_RAIL_SMGS_RAIL_SMGS_H
#include "adapters/kit/cefact.h"

/* The adapter's private state. */
struct rail_smgs {
    struct gw_cefact c;
    /* encode */
    struct gw_tree event; /* the event that is read */
    struct gw_tree note;  /* the document that is made */
};

/* What a note is called by its scheme; rows in rail_smgs.c. */
struct rail_note_kind {
    const char *scheme_id; /* schemeId of the document's id */
    const char *scheme;    /* of the reference */
    const char *code;      /* UNTDID 1001 */
};
extern const struct rail_note_kind
    rail_note_kinds[]; /* the first one where none is said */

GW_MUST_USE enum gw_error rail_smgs_encode(void *state, const struct gw_events *events,
                                           struct gw_buf *out, struct gw_fault *fault);
#endif
