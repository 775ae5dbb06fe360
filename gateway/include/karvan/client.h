/* client.h - libkarvan: connect to a Karvan gateway, publish events, receive events.
 *
 *   struct karvan_options o;
 *   karvan_options_default(&o);
 *   o.endpoint = "tcp://gateway:7400"; o.adapter = "coarri-1"; ...
 *   (keys: karvan_keys_load())
 *   karvan_open(&client, &o, why, sizeof why);
 *   karvan_publish(client, event, len, tag);       // msgpack map, see the schema
 *   karvan_run(client, -1);                        // or in your own loop: fd, timeout, process
 *
 * What it does for you: HELLO and version negotiation, batching, numbering, credit, keeping every
 * unacknowledged batch and sending it again after a reconnect (the gateway recognises repeats),
 * heartbeats, re-subscribing at the cursor.  Events are handed over in order; an event is only
 * acknowledged to the gateway when you say so.
 *
 * Errors   functions return enum gw_error (<karvan/error.h>); 0 is success.
 * Memory   bounded by window_bytes; karvan_publish() answers GW_AGAIN beyond it.
 * Thread   a client belongs to one thread at a time.  Callbacks run inside karvan_process(),
 *          karvan_run() and karvan_close(), never elsewhere; they may call publish, ack, flush and
 *          stop, not close. */
#ifndef KARVAN_CLIENT_H
#define KARVAN_CLIENT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <karvan/error.h>

struct karvan_client;

enum karvan_state {
    KARVAN_CONNECTING, /* no answer yet, or the connection went away; retried by itself */
    KARVAN_READY,      /* WELCOME received */
    KARVAN_REFUSED,    /* the gateway said no (code, text); retried slowly */
    KARVAN_FENCED,     /* another instance took this adapter's place; not retried */
    KARVAN_CLOSED
};
const char *karvan_state_name(enum karvan_state s);

/* One batch, acknowledged: it is on stable storage at the gateway. */
struct karvan_ack {
    uint64_t batch;
    uint64_t accepted, duplicates, refused;
    uint64_t first_seq, last_seq; /* of the accepted ones; 0 when there are none */
};

/* One event the gateway refused; it is in the gateway's quarantine. */
struct karvan_refusal {
    uint64_t batch;
    uint32_t index;    /* within the batch */
    uint64_t tag;      /* as given to karvan_publish() */
    enum gw_error code;
    size_t at;         /* offset of the fault within the event */
    const char *field; /* terminated; "" when none; valid during the callback */
    const char *rule;
};

struct karvan_event {
    const char *subscription; /* valid during the callback, like `bytes` */
    uint64_t seq;             /* 0: a live event, which is not journalled and not acknowledged */
    const uint8_t *bytes;     /* one msgpack map */
    size_t len;
};

struct karvan_callbacks {
    /* code and text: why (0 and "" when there is nothing to say).  KARVAN_READY comes again with a
     * code when the gateway cannot take batches at the moment (206, 501 ...) or refuses a
     * subscription, which the text then names, and with 0 when that is over. */
    void (*state)(void *user, enum karvan_state s, enum gw_error code, const char *text);
    void (*acked)(void *user, const struct karvan_ack *ack);
    void (*refused)(void *user, const struct karvan_refusal *refusal);
    void (*event)(void *user, const struct karvan_event *event);
    /* A subscription was granted; events from `start` on will come; `oldest` is the oldest kept,
     * `newest` the newest.  start > the cursor + 1 means that retention has passed it. */
    void (*subscribed)(void *user, const char *name, uint64_t start, uint64_t oldest,
                       uint64_t newest);
    /* Everything up to `seq` was looked at, also events that did not match. */
    void (*position)(void *user, const char *name, uint64_t seq);
    /* Comes before subscribed() when the filter asks for more than the owners of the events share
     * with us: what is not given, in words (PROTOCOL.md, SUBSCRIBED). */
    void (*narrowed)(void *user, const char *name, const char *words);
    /* The answer to karvan_receipt().  code 0: `text` (len bytes, not terminated, valid during the
     * callback) is the receipt; else why there is none: 606 not an event of ours, 502 damaged. */
    void (*receipt)(void *user, uint64_t seq, enum gw_error code, const char *text, size_t len);
};

struct karvan_options {
    const char *endpoint;   /* ZeroMQ address, "tcp://host:7400" */
    const char *adapter;    /* 1..32 of a-z 0-9 - _ . ; one running instance per name */
    const char *server_key; /* the gateway's public key, 40 characters Z85; NULL: plaintext */
    const char *public_key; /* our own pair, Z85 */
    const char *secret_key;
    uint32_t batch_events;  /* flush at this many events (256) */
    uint32_t batch_bytes;   /* ... or this many bytes (256 KiB) */
    uint32_t linger_ms;     /* ... or this long after the first one (5) */
    uint32_t window_batches; /* most unacknowledged batches kept (64) */
    size_t window_bytes;    /* most bytes of unacknowledged events kept (16 MiB) */
    uint32_t credit_events; /* per subscription: events in flight towards us (8192) */
    size_t credit_bytes;    /* ... and bytes (8 MiB) */
    uint32_t heartbeat_ms;  /* PING after this much silence (1000) */
    uint32_t timeout_ms;    /* reconnect after this much silence (5000) */
    uint32_t retry_ms, retry_max_ms; /* pause between attempts, doubling (100, 5000) */
    bool auto_ack;          /* acknowledge each EVENTS message after its callbacks (true) */
    const char *software;   /* shown in the gateway's status; NULL: libkarvan's own */
    struct karvan_callbacks on;
    void *user;
};
void karvan_options_default(struct karvan_options *o);

/* A pair as `karvan keygen` writes it: lines `public-key = "..."` and `secret-key = "..."`. */
struct karvan_keys {
    char public_key[41], secret_key[41];
};
/* Errors  GW_IO cannot be read;  GW_FORMAT no such lines;  GW_NOT_ALLOWED readable by others */
GW_MUST_USE enum gw_error karvan_keys_load(struct karvan_keys *out, const char *path);
/* A new pair of CURVE keys.  GW_IO: this libzmq was built without CURVE. */
GW_MUST_USE enum gw_error karvan_keys_make(struct karvan_keys *out);
/* Write a pair to a new file that only its owner can read.  note: a line of comment, or NULL.
 * Errors  GW_EXISTS it is there already;  GW_IO */
GW_MUST_USE enum gw_error karvan_keys_save(const struct karvan_keys *keys, const char *path,
                                           const char *note);
/* Only the public half, as needed for server_key: `from` is the key's 40 characters, or the path of a
 * file with a line `public-key = "..."`, which anybody may read.
 * Errors  GW_IO GW_FORMAT */
GW_MUST_USE enum gw_error karvan_public_key(char out[41], const char *from);

/* Starts connecting at once.  Strings are copied.  why: words on error.
 * Owns    *out is the caller's: karvan_close() */
GW_MUST_USE enum gw_error karvan_open(struct karvan_client **out, const struct karvan_options *o,
                                      char *why, size_t why_size);
/* BYE, then free.  Waits up to linger_ms for unacknowledged batches (0: not at all); returns how
 * many events stay unacknowledged.  NULL is fine. */
uint64_t karvan_close(struct karvan_client *c, int linger_ms);

enum karvan_state karvan_client_state(const struct karvan_client *c);

/* Add one event (one msgpack map) to the current batch.  tag: returned with a refusal.
 * Errors  GW_AGAIN the window is full: run the client, then try again;  GW_EVENT_SIZE larger than
 *         batch_bytes;  GW_NOT_A_MAP GW_TRUNCATED not one whole msgpack map;  GW_CLOSED fenced */
GW_MUST_USE enum gw_error karvan_publish(struct karvan_client *c, const void *event, size_t len,
                                         uint64_t tag);
/* Send one event as it happens, at most once: a position, condition or alert (PROTOCOL.md, live events).
 * Not numbered, not kept, not acknowledged; what the gateway makes of it is not told.  Run the client
 * after it, as after karvan_publish().
 * Errors  GW_AGAIN no session now, or no room: dropped, the next one will be newer;  GW_NOT_A_MAP
 *         GW_TRUNCATED GW_EVENT_SIZE GW_CLOSED */
GW_MUST_USE enum gw_error karvan_publish_live(struct karvan_client *c, const void *event, size_t len);
/* Send the current batch now, however small. */
void karvan_flush(struct karvan_client *c);
/* For senders with a store of their own (the adapter's spool): a whole batch under the number they
 * keep.  Numbers are consecutive; after KARVAN_READY ask karvan_last_batch() where to go on.
 * Not to be mixed with karvan_publish().  A number up to karvan_last_batch() is a repeat: it is sent
 * to learn its outcome.
 * Errors  GW_AGAIN GW_BATCH_GAP GW_MESSAGE_SIZE GW_BATCH_COUNT GW_CLOSED GW_USAGE */
GW_MUST_USE enum gw_error karvan_publish_batch(struct karvan_client *c, uint64_t number,
                                               const void *events, size_t len, uint32_t count);
/* The last number the gateway has stored for this adapter; valid once ready. */
uint64_t karvan_last_batch(const struct karvan_client *c);
/* Events handed over and not yet acknowledged by the gateway. */
uint64_t karvan_unacknowledged(const struct karvan_client *c);

/* Ask for events.  body: a SUBSCRIBE body as in PROTOCOL.md; NULL: everything from the cursor.
 * Kept and repeated after every reconnect, then from the last acknowledged event on.
 * Errors  GW_BAD_NAME GW_RANGE GW_NOMEM; what the gateway refuses comes as state() with its code */
GW_MUST_USE enum gw_error karvan_subscribe(struct karvan_client *c, const char *name,
                                           const void *body, size_t len);
/* The same in words.  start: "cursor" (or NULL), "earliest", "latest", "seq:17",
 * "time:2026-11-24T00:00:00Z" or "time:1795439100000";  terms: "type=load,discharge" ...;
 * "live=true" among them: live events too.
 * why: filled with words on error */
GW_MUST_USE enum gw_error karvan_subscribe_where(struct karvan_client *c, const char *name,
                                                 const char *start, const char *const *terms,
                                                 size_t count, char *why, size_t why_size);
GW_MUST_USE enum gw_error karvan_unsubscribe(struct karvan_client *c, const char *name);
/* Everything up to seq is done with: moves the durable cursor and gives new credit. */
GW_MUST_USE enum gw_error karvan_ack(struct karvan_client *c, const char *name, uint64_t seq);

/* Ask for the gateway's signed word that it keeps event `seq` of ours (PROTOCOL.md, receipts); the
 * answer comes as on.receipt().  Not repeated after a reconnect: ask again.
 * Errors  GW_AGAIN no session now, or no room: later */
GW_MUST_USE enum gw_error karvan_receipt(struct karvan_client *c, uint64_t seq);

/* For a caller's own loop.  The descriptor is the same for the client's whole life and edge-triggered:
 * call karvan_process() when it becomes readable, when karvan_timeout_ms() has passed, and after
 * every publish/ack/subscribe, each time until it returns false. */
int karvan_fd(const struct karvan_client *c);
int karvan_timeout_ms(const struct karvan_client *c); /* >= 0 */
/* Handle what there is; returns true when there is more (the budget of one call is used up). */
bool karvan_process(struct karvan_client *c);

/* For small programs: process for timeout_ms (< 0: until karvan_stop()).  GW_FENCED: ended by that. */
enum gw_error karvan_run(struct karvan_client *c, int timeout_ms);
/* Make karvan_run() return; also from a signal handler. */
void karvan_stop(struct karvan_client *c);
/* Flush and wait until everything is acknowledged.  GW_AGAIN when timeout_ms passes first. */
enum gw_error karvan_drain(struct karvan_client *c, int timeout_ms);
#endif
