/* reason.h - why a file or an event was refused, for people and for programs: the text of
 * <name>.reason.txt and the lines of <name>.refused.ndjson and unsent/.
 *
 * Thread  one at a time per struct. */
#ifndef GW_ADAPTERS_REASON_H
#define GW_ADAPTERS_REASON_H
#include "adapters/format.h"
#include "model/tree.h"

struct gw_reason {
    struct gw_tree tree;
    struct gw_buf text; /* what the functions below made; until the next call */
};

GW_MUST_USE enum gw_error gw_reason_init(struct gw_reason *r);
void gw_reason_deinit(struct gw_reason *r);

/* A whole file.  The last line of the text is the same as one JSON object.
 * Errors  GW_NOMEM; the text is then what there was room for */
GW_MUST_USE enum gw_error gw_reason_of_file(struct gw_reason *r, const char *name,
                                            const struct gw_adapter *format,
                                            const struct gw_report *report,
                                            int64_t now_ms);

/* One event the gateway refused, appended to the text as one line of JSON. */
struct gw_reason_event {
    uint64_t batch;
    uint32_t index;
    enum gw_error code;
    size_t at;
    const char *field, *rule;
    struct gw_slice event; /* msgpack */
};
void gw_reason_reset(struct gw_reason *r);
GW_MUST_USE enum gw_error gw_reason_add_refused(struct gw_reason *r,
                                                const struct gw_reason_event *e);
/* One event that a format cannot carry, likewise. */
GW_MUST_USE enum gw_error gw_reason_add_unsent(struct gw_reason *r, uint64_t seq,
                                               const char *format, const char *rule,
                                               struct gw_slice event);
#endif
