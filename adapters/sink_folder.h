/* sink_folder.h - events into files: gathered, encoded, put into a folder whole.
 *
 *   <folder>/outbox/   <subscription>-<first seq>-<last seq><suffix>, for the other
 * system to take and delete; a file is there whole or not at all <folder>/unsent/
 * <...>.ndjson: events the format cannot carry, each with the reason <folder>/.cursor the
 * last event that is in a file: where to go on
 *
 * An event is done with, and may be acknowledged to the gateway, when its file is on the
 * disk under its name.  If the process ends between, the same events come again and make
 * a file again: at least once, never half a file, never none.
 *
 * Thread  one at a time per sink; the clock is handed in. */
#ifndef GW_ADAPTERS_SINK_FOLDER_H
#define GW_ADAPTERS_SINK_FOLDER_H
#include "adapters/format.h"

struct gw_sink;

struct gw_sink_settings {
    const char *folder;
    const char *subscription;
    const char *suffix;    /* of the files' names, ".edi" */
    uint32_t every_events; /* a file is written for this many events ... */
    uint32_t every_ms;     /* ... or this long after the first one came */
};

struct gw_sink_counts {
    uint64_t files, events, unsent;
    uint32_t pending; /* events gathered for the next file */
};

/* format: borrowed, must be able to encode.
 * Owns  *out is the caller's: gw_sink_close().  Errors GW_IO GW_NOMEM; why: what to
 * change */
GW_MUST_USE enum gw_error gw_sink_open(struct gw_sink **out,
                                       const struct gw_sink_settings *set,
                                       struct gw_format *format, struct gw_text *why);
/* Saves .cursor.  What is gathered and not written is dropped: it was never acknowledged. */
void gw_sink_close(struct gw_sink *s);

/* Everything up to this seq was done with when .cursor was saved last; 0 = nothing. */
uint64_t gw_sink_cursor(const struct gw_sink *s);
/* Save .cursor if it lags; it is saved with every file, this is for long stretches without one. */
void gw_sink_save(struct gw_sink *s);
/* The gateway sends from `start` on: what is gathered comes again. */
void gw_sink_restart(struct gw_sink *s, uint64_t start);
/* One more event.  Events at or before the last written one are passed over.
 * Errors  GW_NOMEM; GW_RANGE more than may be gathered (writing fails for long) */
GW_MUST_USE enum gw_error gw_sink_event(struct gw_sink *s, uint64_t seq,
                                        struct gw_slice event, int64_t mono_ms);
/* Everything up to seq was looked at, also what did not match. */
void gw_sink_position(struct gw_sink *s, uint64_t seq);

/* Milliseconds until a file is due; 0 = now, -1 = nothing is gathered. */
int64_t gw_sink_due_in(const struct gw_sink *s, int64_t mono_ms);
/* Write what is gathered, if anything.
 * why     on error, in words
 * Errors  GW_IO GW_NOMEM: nothing is done with; to be tried again */
GW_MUST_USE enum gw_error gw_sink_flush(struct gw_sink *s, struct gw_text *why);
/* Everything up to this seq is done with: to be acknowledged.  0 = nothing yet. */
uint64_t gw_sink_done(const struct gw_sink *s);
void gw_sink_count(const struct gw_sink *s, struct gw_sink_counts *out);
#endif
