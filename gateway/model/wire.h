/* wire.h - protocol version 1: the header frame.  Used by gateway and clients alike.
 *
 * A message is one or two ZeroMQ frames: a header, a small msgpack map with `v` and `op`, and a
 * body.  gateway/PROTOCOL.md is the specification; this file is its table of header keys. */
#ifndef GW_MODEL_WIRE_H
#define GW_MODEL_WIRE_H
#include "base/buf.h"

#define GW_OPS(X)                                                                             \
    X(HELLO) X(WELCOME) X(REFUSE) X(PUBLISH) X(ACK) X(SUBSCRIBE) X(SUBSCRIBED) X(UNSUBSCRIBE) \
    X(EVENTS) X(CREDIT) X(PING) X(PONG) X(BYE) X(RECEIPT) X(ERROR)

enum gw_op {
    GW_OP_NONE,
#define GW_OP_ENUM(name) GW_OP_##name,
    GW_OPS(GW_OP_ENUM)
#undef GW_OP_ENUM
};
const char *gw_op_name(enum gw_op op); /* "HELLO"; "NONE" */

#define GW_NAME_MAX 32 /* of operators, adapters, subscriptions: 1..32 of a-z 0-9 - _ . */
bool gw_name_valid(struct gw_slice name);

#define GW_HEADER_MAX 1024 /* bytes of a header frame */

/* PUBLISH flags */
#define GW_FLAG_ATOMIC 1u /* all or nothing */
/* PUBLISH and EVENTS flags */
#define GW_FLAG_LIVE 4u /* telemetry: not journalled, at most once, only the newest of each object */
/* UNSUBSCRIBE flags */
#define GW_FLAG_FORGET 1u /* drop the cursor as well */

/* Every key a header may have.  0, false and empty mean the same as absent. */
struct gw_header {
    uint32_t v;           /* protocol version */
    enum gw_op op;        /* GW_OP_NONE: a word we do not know, kept in op_text */
    struct gw_slice op_text;
    struct gw_slice adapter;  /* HELLO: the adapter's name */
    struct gw_slice operator; /* WELCOME: whom the key belongs to */
    struct gw_slice software; /* HELLO, WELCOME: "karvan/0.1.0", free */
    struct gw_slice name;     /* SUBSCRIBE ... CREDIT, ERROR: the subscription's name;
                                 WELCOME: the gateway's */
    struct gw_slice text;     /* REFUSE, ERROR, BYE: sentence; WELCOME, ACK: to `code` */
    struct gw_slice rule;     /* REFUSE, ERROR: what to do about it */
    uint64_t v_least, v_most; /* HELLO, REFUSE: versions spoken */
    uint64_t batch;           /* PUBLISH, ACK: its number; WELCOME: last stored; ERROR: expected,
                                 or the first that was not stored */
    uint64_t count;           /* PUBLISH: events in the body; EVENTS likewise */
    uint64_t flags;
    uint64_t code;            /* REFUSE, ERROR, BYE, WELCOME, ACK: a number of <karvan/error.h> */
    uint64_t retry_ms;        /* REFUSE, ERROR, BYE: pause before trying again */
    uint64_t credit_batch;    /* WELCOME, ACK: may send up to this batch number ... */
    uint64_t credit_bytes;    /* ... and up to this many body bytes since HELLO; CREDIT likewise,
                                 since SUBSCRIBED */
    uint64_t credit_events;   /* CREDIT: may send up to this many events since SUBSCRIBED */
    uint64_t from, to;        /* EVENTS: first and last seq examined; SUBSCRIBED: start, newest;
                                 ERROR 502: `from` is the damaged event; RECEIPT and ERROR
                                 606: `from` is the event meant */
    struct gw_slice narrowed; /* SUBSCRIBED: what was asked for and is not given, in words */
    uint64_t oldest;          /* SUBSCRIBED: oldest seq available */
    uint64_t ack;             /* CREDIT: everything up to this seq is done with */
    uint64_t nonce;           /* PING, PONG */
    uint64_t session_ms;      /* WELCOME: silence after which the gateway ends the session */
    uint64_t max_bytes;       /* WELCOME: largest body */
    uint64_t max_events;      /* WELCOME: most events in a batch */
    int64_t time;             /* WELCOME, PONG: the gateway's clock, Unix ms */
    bool durable;             /* WELCOME: acknowledged means on stable storage */
};

/* One row of the table behind gw_header_read() and gw_header_write(): the documentation of
 * PROTOCOL.md as data.  Behind the last row: name NULL. */
struct gw_header_key {
    const char *name;
    const char *kind; /* "uint", "int", "str", "bool" */
    uint32_t ops;     /* GW_OP_BIT of every operation that may carry it */
};
#define GW_OP_BIT(op) (1u << (op))
struct gw_header_key gw_header_key(unsigned row);

/* Append the header's msgpack; absent keys are left out, v is KARVAN_PROTOCOL if 0.  Does not check
 * that a key belongs to the operation.
 * Errors  GW_NOMEM the limit of `out`;  GW_RANGE longer than GW_HEADER_MAX; `out` is then cut back */
GW_MUST_USE enum gw_error gw_header_write(const struct gw_header *h, struct gw_buf *out);
/* Read a header frame.  Slices point into `in` and are UTF-8.  Unknown keys are ignored.
 * fault   `field` names the key, `at` is its value's offset
 * Errors  GW_HEADER: no map, no v, no op, wrong type of a known key, a known key twice, text that is
 *         not UTF-8, trailing bytes, too long */
GW_MUST_USE enum gw_error gw_header_read(struct gw_slice in, struct gw_header *out,
                                         struct gw_fault *fault);

/* ACK body: one map per batch the ACK covers, in order.
 *   {"batch":n,"accepted":k,"duplicates":d,"refused":r,"first":seq,"last":seq,"events":[{...}, ...]}
 * and per event that was not simply accepted:
 *   {"i":index,"code":number,"field":path,"at":offset,"rule":text} or {"i":index,"seq":of the first}
 * the latter for a duplicate. */
struct gw_ack_batch {
    uint64_t batch, accepted, duplicates, refused;
    uint64_t first;        /* seq of the first accepted event; 0 when none */
    uint64_t last;         /* seq of the last accepted event; 0 when none */
    struct gw_slice events; /* msgpack array of the exceptions; empty = none */
};
struct gw_ack_event {
    uint32_t index;
    enum gw_error code; /* GW_OK: a duplicate */
    uint64_t seq;       /* of the event it duplicates */
    uint64_t at;
    struct gw_slice field, rule;
};
/* Errors of all of these: GW_NOMEM, the limit of `out`. */
GW_MUST_USE enum gw_error gw_ack_write(const struct gw_ack_batch *a, struct gw_buf *out);
/* Read the next map of an ACK body and shorten `in`; slices point into it.  Errors  GW_BODY */
GW_MUST_USE enum gw_error gw_ack_read(struct gw_slice *in, struct gw_ack_batch *out);
/* Append the array header, then each exception. */
GW_MUST_USE enum gw_error gw_ack_events_begin(uint32_t count, struct gw_buf *out);
GW_MUST_USE enum gw_error gw_ack_event_write(const struct gw_ack_event *e, struct gw_buf *out);
/* Iterate: *in starts as gw_ack_batch.events; false at the end or on bytes that do not fit. */
bool gw_ack_event_next(struct gw_slice *in, struct gw_ack_event *out);

/* SUBSCRIBE body: one map {"start": ..., "filter": {...}}; see model/filter.h. */
#endif
