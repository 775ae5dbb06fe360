/* format.h - one format opened with its options: what the host and the verbs work with.
 */
#ifndef GW_ADAPTERS_FORMAT_H
#define GW_ADAPTERS_FORMAT_H
#include "adapters/adapter.h"

struct gw_format {
    const struct gw_adapter *adapter;
    void *state;
};

/* By name: one of the registry, or "ndjson".  NULL when unknown. */
const struct gw_adapter *gw_format_find(const char *name);
/* The i-th format there is, ndjson last; NULL behind it. */
const struct gw_adapter *gw_format_item(unsigned i);

/* options: borrowed, must outlive the format.
 * Errors  those of the adapter's open(), GW_NOMEM; why: what to change */
GW_MUST_USE enum gw_error gw_format_open(struct gw_format *f,
                                         const struct gw_adapter *adapter,
                                         const struct gw_options *options,
                                         struct gw_text *why);
/* Also after a failed open, and of {0}. */
void gw_format_close(struct gw_format *f);

/* Decode one whole message.  Oversize input is refused without the adapter.
 * out is as before after an error; report is filled in every case */
GW_MUST_USE enum gw_error gw_format_decode(struct gw_format *f, struct gw_slice in,
                                           struct gw_events *out,
                                           struct gw_report *report);

/* Refuse `name` as larger than the format takes, in the words of gw_format_decode(). */
void gw_format_too_large(const struct gw_adapter *a, uint64_t size,
                         struct gw_report *report);
/* What the format's `segment` numbers count: "segment", "line". */
const char *gw_format_unit(const struct gw_adapter *a);
/* "segment 12, offset 345: rule: detail"; unit: gw_format_unit(); left out when there is
 * none. */
void gw_report_text(const struct gw_report *r, const char *unit, struct gw_buf *out);
void gw_finding_text(const struct gw_finding *f, const char *unit, struct gw_buf *out);
#endif
