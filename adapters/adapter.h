/* adapter.h - what a format is to the adapter host: a pure codec behind one small table.
 *
 * An adapter does no I/O, starts no thread and keeps no globals.  The host (host.c) hands
 * it whole messages and takes events; `karvan-adapter decode|encode` do the same without
 * a gateway. */
#ifndef GW_ADAPTERS_ADAPTER_H
#define GW_ADAPTERS_ADAPTER_H
#include "base/buf.h"
#include "model/events.h"
#include <karvan/error.h>

/* What the adapter's YAML may set; defaults by gw_options_default(). */
struct gw_options {
    const char *zone; /* IANA zone of times that carry none and whose place is unknown; ""
                         = UTC */
    const char *sender; /* identity to write as sender (encode), and of messages without
                           envelope */
    const char *recipient; /* identity to write as recipient (encode) */
    bool accept_test;      /* true: messages flagged as test become events too */
    int64_t now_ms;        /* the clock, for preparation times and impossible dates */
    const struct gw_places *places; /* the place table, or NULL */
    const char *layout; /* the text of a declaration of columns, or NULL; read by open() */
};
void gw_options_default(struct gw_options *o);

/* A finding that did not stop the decoding, for the reason file and the log. */
struct gw_finding {
    size_t at;        /* byte offset into the input */
    uint32_t segment; /* number of the segment, record or line, from 1; 0 = none */
    const char *rule; /* static text */
    char detail[96];
};

/* What one decode call gives besides events. */
struct gw_report {
    struct gw_fault fault; /* when refused: code, offset, rule */
    uint32_t segment;      /* when refused: number of the segment, from 1; 0 = none */
    char detail[160];      /* when refused: in words, with the offending value */
    uint32_t messages;     /* messages found */
    uint32_t
        ignored; /* messages of types this adapter does not carry, or flagged as test */
    uint32_t finding_count;
    struct gw_finding findings[32]; /* the first ones; finding_count may be larger */
};

struct gw_adapter {
    const char *name;     /* folder name and settings key: "edifact" */
    const char *standard; /* documents and editions it implements */
    const char *edition;
    const char *unit; /* what `segment` of reports counts: "line"; NULL = "segment" */
    size_t size;      /* private state, allocated zeroed, one per partner */
    size_t max_bytes; /* largest message it takes */
    /* Prepare state.  On failure `why` tells the operator what to change. */
    enum gw_error (*open)(void *state, const struct gw_options *o, struct gw_text *why);
    /* Add the events of one whole message (a file, an interchange) to `out`.  All or
     * nothing: on error `out` is as before and report->fault says where and why. */
    enum gw_error (*decode)(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report);
    /* Append `events`, in this format, to `out`: one whole message.  NULL for a
     * receive-only format.  Events the format cannot carry are refused: GW_RANGE,
     * fault->at = index of the event. */
    enum gw_error (*encode)(void *state, const struct gw_events *events,
                            struct gw_buf *out, struct gw_fault *fault);
    /* Append to `out` what the format answers to the sender of `in`, of which `report` is
     * what decode said: accepted, or refused with place and rule.  One whole message of
     * the format.  Nothing is appended, with GW_OK, when no answer is due: `in` names no
     * sender, or is an answer itself.  It may be asked at any time after the decode call.
     * NULL for a format without answers.
     * Errors  GW_NOMEM  */
    enum gw_error (*reply)(void *state, struct gw_slice in, const struct gw_report *report,
                           struct gw_buf *out);
    /* Release what open took.  Called once, also after a failed open. */
    void (*close)(void *state);
};

/* registry.c: one line per adapter.  NULL at the end; NULL for an unknown name. */
extern const struct gw_adapter *const gw_adapters[];
const struct gw_adapter *gw_adapter_find(const char *name);
#endif
