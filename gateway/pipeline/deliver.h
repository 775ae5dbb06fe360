/* deliver.h - stage 7 of 7: events to receivers, in order, within their credit.
 *
 * A subscription is a filter, a durable cursor and a place among the events.  Those at
 * the end are *live*: each committed batch is routed once for all of them together, by
 * the routing table.  Those that are *behind* read by themselves, from the tail where it
 * reaches, else from the journal, and become live at an exact seq.  Those without credit
 * are *parked*.  So a slow receiver costs a cursor, not memory, and an event costs what
 * it matches, not what is subscribed.
 *
 *   deliver.c    the round, and who is in which of the three states
 *   live.c       routing for all live ones       catch_up.c  one that is behind
 *   parcel.c     EVENTS messages
 *   telemetry_deliver.c  live events, to those that asked for them and have had all else
 *
 * Thread  the lane's. */
#ifndef GW_PIPELINE_DELIVER_H
#define GW_PIPELINE_DELIVER_H
#include "pipeline/journal.h"
#include "pipeline/session.h"
#include "pipeline/table.h"
#include "pipeline/tail.h"
#include "pipeline/telemetry.h"

enum gw_standing { GW_PARKED, GW_BEHIND, GW_LIVE, GW_STANDINGS };

struct gw_subscription {
    struct gw_session *session;
    struct gw_subscription *next_of_session;
    struct gw_subscription *next, *prev; /* of the same standing */
    struct gw_subscription *next_of_name;
    enum gw_standing standing;
    uint32_t slot; /* in the routing table */
    uint64_t serial;
    char name[GW_NAME_MAX + 1];
    struct gw_filter *filter;
    uint64_t next_seq; /* the next one to look at; live: none before it is wanted */
    uint64_t told;     /* `to` of the last EVENTS */
    uint64_t acked;    /* the durable cursor, as far as we asked for it */
    uint64_t sent_events, sent_bytes;     /* since SUBSCRIBED */
    uint64_t credit_events, credit_bytes; /* absolute, since SUBSCRIBED */
    int64_t told_ms;
    uint64_t observed; /* of the telemetry it has had the updates up to this one */
    struct gw_subscription *next_observer, *prev_observer;
    bool observes; /* asked for live events too; set before gw_delivery_add() */
    bool remembered; /* its cursor was handed to the journal */
    bool halted; /* the journal is damaged at next_seq: told, never skipped */
    uint32_t touched, first_item, last_item; /* live.c's own; from 1, 0 = none */
};

/* An event as some receivers see it, packed once for all of them. */
struct gw_projection {
    uint32_t at, len; /* in gw_delivery.projected */
    uint64_t seq;
};
struct gw_item {
    uint32_t projection;
    uint32_t next; /* item of the same subscription; from 1, 0 = the last */
};
#define GW_SHAPES_MOST 64 /* different masks of one event that are kept */

struct gw_standing_list {
    struct gw_subscription *first, *last;
    uint32_t count;
};

/* What the stage works with; set up by pipeline.c. */
struct gw_delivery {
    const struct gw_limits *limits;
    const struct gw_directory *directory;
    struct gw_journal *journal;
    struct gw_reader *reader;
    struct gw_tail *tail;
    struct gw_telemetry *telemetry;
    const struct gw_outlet *outlet;
    /* called for a session whose peer is gone; it may end the session and its subscriptions */
    void (*gone)(void *ctx, struct gw_session *s);
    void *gone_ctx;

    struct gw_table *table;
    struct gw_grants grants;
    struct gw_facts *facts;
    struct gw_standing_list standing[GW_STANDINGS];
    struct gw_subscription *first_observer, *last_observer; /* in turn */
    uint32_t observer_count;
    struct gw_subscription **by_name; /* hash table */
    struct gw_stored *stored; /* room for GW_DELIVER_READ of them */
    struct gw_buf header, body; /* reused */

    /* the round of the live ones */
    struct gw_buf projected;
    struct gw_projection *projections;
    struct gw_item *items;
    struct gw_subscription **touched; /* who has items; NULL: left meanwhile */
    uint32_t projection_count, projection_cap, item_count, item_cap, touched_count, touched_cap;
    uint32_t shape_count;       /* of the event at hand */
    struct gw_mask shape[GW_SHAPES_MOST];
    uint32_t shape_at[GW_SHAPES_MOST]; /* its projection */
    struct gw_slice event;      /* at hand */
    uint64_t seq;

    int64_t now_ms;      /* of this round: rules are in force from when until when */
    uint64_t newest;     /* newest committed seq the lane knows of */
    uint64_t position;   /* every live one has had, or been passed over with, all up to here */
    uint64_t heard;      /* newest seq on disk at the last tick */
    uint64_t delivered, messages, from_journal, refused_sends; /* counters */
    uint64_t telemetry_delivered; /* likewise; not in `delivered` */
};
#define GW_DELIVER_READ 256 /* events taken from the journal at a time */

/* d->newest is set: the position begins there. */
GW_MUST_USE enum gw_error gw_delivery_init(struct gw_delivery *d);
void gw_delivery_deinit(struct gw_delivery *d);

/* It begins parked: nothing is sent before the first credit.  The delivery owns it then, with its
 * filter.  Errors  GW_NOMEM: it stays the caller's */
GW_MUST_USE enum gw_error gw_delivery_add(struct gw_delivery *d, struct gw_subscription *sub);
/* Unlink and free; its cursor stays in the journal. */
void gw_delivery_remove(struct gw_delivery *d, struct gw_subscription *sub);
/* NULL when this lane has none of that name. */
struct gw_subscription *gw_delivery_find(const struct gw_delivery *d, const char *operator,
                                         const char *name);
uint32_t gw_delivery_count(const struct gw_delivery *d);

/* It was given credit. */
void gw_delivery_credit(struct gw_delivery *d, struct gw_subscription *sub);
/* The rules changed, the sessions know their new numbers. */
void gw_delivery_directory(struct gw_delivery *d, const struct gw_directory *directory);
/* Now and then: index what is new.  journal_last: the newest seq on disk; a batch of another lane
 * that has not arrived by the next tick is read from there. */
void gw_delivery_tick(struct gw_delivery *d, uint64_t journal_last);

/**
 * One round: what is new to the live ones, and a message to some of those behind.
 * Returns  true when another round would find work
 */
bool gw_deliver(struct gw_delivery *d, int64_t now_ms);
#endif
