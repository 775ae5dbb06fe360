/* sink.h - events into messages of a format: gathered, encoded, kept until they are
 * delivered.
 *
 * Where a message goes is the business of a sink kind (sink_kind.h).  Here it is made,
 * and here is known what is done with:
 *
 *   <folder>/unsent/   <...>.ndjson: events the format cannot carry, each with the reason
 *   <folder>/failed/   messages the receiver will never take, each with <name>.reason.txt
 *   <folder>/.cursor   the last event that is done with: where to go on
 *
 * An event is done with, and may be acknowledged to the gateway, when its message is
 * delivered or set aside.  If the process ends between, the same events come again and
 * make a message again: at least once, never half a message, never none.
 *
 * Thread  one at a time per sink; the clock is handed in. */
#ifndef GW_ADAPTERS_SINK_H
#define GW_ADAPTERS_SINK_H
#include "adapters/files.h"
#include "adapters/format.h"

struct gw_sink;

struct gw_sink_settings {
    const char *folder;
    const char *subscription;
    const char *suffix;    /* of the messages' names, ".edi" */
    uint32_t every_events; /* a message is made for this many events, never more ... */
    uint32_t every_ms;     /* ... or this long after the first one came */
};

struct gw_sink_counts {
    uint64_t messages, events, unsent, failed;
    uint32_t pending; /* events gathered for the next message */
};

struct gw_sink_message {
    char name[GW_FILE_NAME_MAX]; /* <subscription>-<first seq>-<last seq><suffix>: the
                                    same events make the same name */
    struct gw_slice bytes;       /* valid until it is settled */
    uint32_t events;
};

/* format: borrowed, must be able to encode.
 * Owns  *out is the caller's: gw_sink_close().  Errors GW_IO GW_NOMEM; why: what to
 * change */
GW_MUST_USE enum gw_error gw_sink_open(struct gw_sink **out,
                                       const struct gw_sink_settings *set,
                                       struct gw_format *format, struct gw_text *why);
/* Saves .cursor.  What is gathered and not delivered is dropped: it was never
 * acknowledged. */
void gw_sink_close(struct gw_sink *s);

/* Everything up to this seq was done with when .cursor was saved last; 0 = nothing. */
uint64_t gw_sink_cursor(const struct gw_sink *s);
/* Save .cursor if it lags; it is saved with every message, this is for long stretches
 * without. */
void gw_sink_save(struct gw_sink *s);
/* The gateway sends from `start` on: what is gathered comes again. */
void gw_sink_restart(struct gw_sink *s, uint64_t start);
/* One more event.  Events that are in a message already are passed over.
 * Errors  GW_NOMEM; GW_RANGE more than may be gathered (delivery fails for long) */
GW_MUST_USE enum gw_error gw_sink_event(struct gw_sink *s, uint64_t seq,
                                        struct gw_slice event, int64_t mono_ms);
/* Everything up to seq was looked at, also what did not match. */
void gw_sink_position(struct gw_sink *s, uint64_t seq);

/* Milliseconds until a message is due; 0 = now, -1 = nothing is gathered, or one is under
 * way. */
int64_t gw_sink_due_in(const struct gw_sink *s, int64_t mono_ms);
/**
 * Make the next message of what is gathered; it is under way until it is settled by one
 * of the functions below.  While one is under way, and after an error, the same one comes
 * again.
 *
 * out     events 0: nothing is gathered, or nothing of it can be carried (that is then
 * set aside and settled) why     on error, in words Errors  GW_IO GW_NOMEM: nothing is
 * done with; to be tried again
 */
GW_MUST_USE enum gw_error gw_sink_make(struct gw_sink *s, struct gw_sink_message *out,
                                       struct gw_text *why);
/* The message is delivered, durably.  Errors GW_IO: .cursor could not be saved; try
 * again, or end: then the message is made again */
GW_MUST_USE enum gw_error gw_sink_delivered(struct gw_sink *s, struct gw_text *why);
/* The receiver will never take it: into failed/, and done with.  reason: a whole text. */
GW_MUST_USE enum gw_error gw_sink_failed(struct gw_sink *s, struct gw_slice reason,
                                         struct gw_text *why);
/* Everything up to this seq is done with: to be acknowledged.  0 = nothing yet. */
uint64_t gw_sink_done(const struct gw_sink *s);
void gw_sink_count(const struct gw_sink *s, struct gw_sink_counts *out);
#endif
