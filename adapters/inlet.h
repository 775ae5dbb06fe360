/* inlet.h - where every source puts what it got: decoded whole or refused whole, spooled,
 * synced.
 *
 * A source kind (source_kind.h) brings messages; what happens to a message is the same
 * for all of them and stands here.  What gw_inlet_take() has taken is on the disk: only
 * then may a source tell its partner that the message has arrived.
 *
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_INLET_H
#define GW_ADAPTERS_INLET_H
#include "adapters/host_config.h"
#include "adapters/reason.h"
#include "base/log.h"
#include <uv.h>

enum gw_taken {
    GW_TAKEN,        /* decoded and safe in the spool (or it held nothing to publish) */
    GW_TAKEN_BEFORE, /* the very same message was taken before */
    GW_TAKEN_NOT,    /* refused: inlet->report says why */
    GW_TAKEN_LATER,  /* no room now: keep it, and offer it again when resumed */
    GW_TAKEN_BROKEN  /* our disk or memory: the adapter is being started anew; keep it */
};

struct gw_inlet_message {
    const char *name; /* of a file, or made up; at most 255 bytes are kept */
    struct gw_slice bytes;
    struct gw_slice key; /* tells messages with equal bytes apart; empty: nothing does */
    bool is_trial;   /* a refusal is neither told nor counted: the source will offer parts
                        of it */
    bool may_repeat; /* the source may bring the same message twice: then the second is
                        passed over; else equal messages are different facts */
};

struct gw_inlet_counts {
    uint64_t messages, events, refused, repeated, ignored;
    uint64_t live, live_dropped; /* of the events: sent as they came; without a session */
};

struct gw_inlet {
    const struct gw_adapter_config *config;
    uv_loop_t *loop;
    struct gw_format *format;
    struct gw_options
        *options; /* what the format was opened with; now_ms is set anew each time */
    struct gw_spool *spool;
    int failed; /* failed/ below source.folder */
    int reply;  /* source.reply_folder, or -1 */
    struct gw_inlet_counts *counts;
    /* Something is in the spool.  Called once per message taken. */
    void (*spooled)(void *user);
    /* Send a live event now; false: it is lost. */
    bool (*live)(void *user, struct gw_slice event);
    /* The source cannot go on: everything of the adapter is closed and opened again after
     * a pause.  Later, not during the call. */
    void (*broken)(void *user, const char *why);
    void *user;

    struct gw_report report; /* of the last message */
    struct gw_events events;
    struct gw_events lives, others; /* the live ones among them, and the rest; when some may be */
    struct gw_reason reason;
    uint64_t serial;
    uint32_t kept;             /* files in failed/, as far as this counts */
    struct gw_burst bursts[3]; /* of refusals; of what is not kept; of findings */
};

/* The caller has set the fields above `report`; this opens the rest.
 * Errors  GW_IO GW_NOMEM; why: what to change */
GW_MUST_USE enum gw_error gw_inlet_open(struct gw_inlet *in, struct gw_text *why);
/* Also of {0} with failed = reply = -1. */
void gw_inlet_close(struct gw_inlet *in);

/* Decode, spool, sync; answer to the sender where that is set; says in the log what
 * happened. */
enum gw_taken gw_inlet_take(struct gw_inlet *in, const struct gw_inlet_message *m);
/* Is there room in the spool?  A source that can hold its partner back does so until
 * resumed. */
bool gw_inlet_has_room(struct gw_inlet *in);
/* Refuse `name` for a reason that is not the format's (it cannot be read, it is too
 * large). */
enum gw_taken gw_inlet_refuse(struct gw_inlet *in, const char *name, enum gw_error code,
                              const char *rule, const char *detail);
/* What happened to the last message that was refused, as the text of a reason file; valid
 * until the next call. */
struct gw_slice gw_inlet_reason(struct gw_inlet *in, const char *name);
/* Keep a refused message that lies in no file, with its reason, in failed/; not when
 * source.failed_most files lie there, which is said in the log.
 * Errors  GW_IO GW_NOMEM */
GW_MUST_USE enum gw_error gw_inlet_keep_failed(struct gw_inlet *in, const char *name,
                                               struct gw_slice bytes);
/* "http-20261124T214500123-17": a name for a message without one. */
void gw_inlet_name(struct gw_inlet *in, char out[64]);
#endif
