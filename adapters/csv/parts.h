/* parts.h - what the files of the CSV codec share. */
#ifndef GW_ADAPTERS_CSV_PARTS_H
#define GW_ADAPTERS_CSV_PARTS_H
#include "adapters/csv/clock.h"
#include "adapters/csv/layout.h"
#include "adapters/csv/rows.h"
#include "adapters/kit/event_make.h"

#define GW_CSV_MAX_BYTES (16u << 20)

struct gw_csv_state {
    struct gw_layout *layout;
    struct gw_rows *rows;
    struct gw_maker maker;
    struct gw_tree read; /* an event to be written */
    struct gw_report *report;
    struct gw_events *events;
    unsigned place[GW_LAYOUT_COLUMNS]; /* of each column in a row, from 0 */
    struct gw_civil when;
    bool timed;
};

enum gw_error gw_csv_encode(void *state, const struct gw_events *events,
                            struct gw_buf *out, struct gw_fault *fault);
#endif
