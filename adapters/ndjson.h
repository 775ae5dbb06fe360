/* ndjson.h - newline-delimited JSON as a format: one event a line, for systems that can
 * write the shared schema, or their own fields for a profile at the gateway to map.
 *
 * Decoding keeps the fields as they are, in their order: bringing them into the schema is
 * the gateway's profile's business.  Blank lines are skipped.  A finding's and a
 * refusal's segment is the line. */
#ifndef GW_ADAPTERS_NDJSON_H
#define GW_ADAPTERS_NDJSON_H
#include "adapters/adapter.h"
#include "model/tree.h"

extern const struct gw_adapter gw_adapter_ndjson;

/* One line after another out of a text; blank ones are passed over.
 *   struct gw_lines l = {.text = text};
 *   while (gw_lines_next(&l)) ... l.line, l.number, l.at */
struct gw_lines {
    struct gw_slice text;
    size_t next;
    struct gw_slice line; /* without its end */
    uint32_t number;      /* of the line, from 1 */
    size_t at;            /* its offset */
};
bool gw_lines_next(struct gw_lines *l);

/**
 * Lines of canonical events (as `karvan subscribe` and `karvan-adapter decode` print
 * them), brought into the schema's form and judged by it: what an encoder is fed with.
 * out      as before on error
 * report   segment: the line; fault.at: offset in the text; detail: in words
 */
GW_MUST_USE enum gw_error gw_ndjson_read(struct gw_slice text, struct gw_events *out,
                                         struct gw_report *report);
#endif
