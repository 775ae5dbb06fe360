/* deliver.h - stage 7 of 7: events to receivers, in order, within their credit.
 *
 * A subscription is a filter, a durable cursor and a next seq.  The events come from the live tail
 * where it reaches, else from the journal; a slow receiver costs a cursor, not memory.
 * Thread  the lane's. */
#ifndef GW_PIPELINE_DELIVER_H
#define GW_PIPELINE_DELIVER_H
#include "pipeline/journal.h"
#include "pipeline/route.h"
#include "pipeline/session.h"
#include "pipeline/tail.h"

struct gw_subscription {
    struct gw_session *session;
    struct gw_subscription *next_of_session;
    struct gw_subscription *next, *prev; /* of the lane */
    uint64_t serial;
    char name[GW_NAME_MAX + 1];
    struct gw_filter *filter;
    uint64_t next_seq;   /* the next one to look at */
    uint64_t told;       /* `to` of the last EVENTS */
    uint64_t acked;      /* the durable cursor, as far as we asked for it */
    uint64_t sent_events, sent_bytes;     /* since SUBSCRIBED */
    uint64_t credit_events, credit_bytes; /* absolute, since SUBSCRIBED */
    int64_t told_ms;
    bool live;           /* the last look was into the tail */
    bool halted;         /* the journal is damaged at next_seq: told, never skipped */
};

/* What the stage works with; set up by pipeline.c. */
struct gw_delivery {
    const struct gw_limits *limits;
    const struct gw_directory *directory;
    struct gw_journal *journal;
    struct gw_reader *reader;
    struct gw_tail *tail;
    const struct gw_outlet *outlet;
    struct gw_stored *stored; /* room for GW_DELIVER_READ of them */
    struct gw_facts *facts;
    struct gw_buf header, body; /* reused */
    struct gw_subscription *first; /* all subscriptions of the lane */
    int64_t now_ms;      /* of this round: rules are in force from when until when */
    uint64_t newest;     /* newest committed seq the lane knows of */
    uint64_t delivered, messages, from_journal, refused_sends; /* counters */
};
#define GW_DELIVER_READ 256 /* events taken from the journal at a time */

GW_MUST_USE enum gw_error gw_delivery_init(struct gw_delivery *d);
void gw_delivery_deinit(struct gw_delivery *d);

void gw_delivery_add(struct gw_delivery *d, struct gw_subscription *sub);
/* Unlink and free; its cursor stays in the journal. */
void gw_delivery_remove(struct gw_delivery *d, struct gw_subscription *sub);

/**
 * One round: at most one EVENTS message for every subscription that has credit and something to
 * look at.
 * gone     called for a session whose peer is gone; it may end the session and its subscriptions
 * Returns  true when another round would find work
 */
bool gw_deliver(struct gw_delivery *d, int64_t now_ms,
                void (*gone)(void *ctx, struct gw_session *s), void *ctx);
#endif
