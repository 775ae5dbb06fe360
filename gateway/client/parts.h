/* parts.h - the client's inside, shared by its files and by nobody else.
 *
 *   client.c   what <karvan/client.h> promises
 *   session.c  the state machine: connect, HELLO, WELCOME, errors, heartbeats, time
 *   publish.c  batches out, ACKs in
 *   receive.c  SUBSCRIBE and CREDIT out, EVENTS in
 *   outbox.c inbox.c socket.c keys.c  the parts they work on */
#ifndef GW_CLIENT_PARTS_H
#define GW_CLIENT_PARTS_H
#include <stdatomic.h>
#include "client/inbox.h"
#include "client/outbox.h"
#include "client/socket.h"

struct karvan_client {
    struct karvan_options o; /* its strings are the arrays below */
    char endpoint[256], adapter[GW_NAME_MAX + 1], software[64];
    char server_key[41], public_key[41], secret_key[41];

    struct gw_link *link;
    struct gw_outbox out;
    struct gw_inbox in;
    struct gw_buf header, body; /* of the message being sent */
    atomic_bool stop;

    /* session.c */
    enum karvan_state state;
    enum gw_error told; /* the code the caller last heard with that state */
    bool linked;        /* there is a socket */
    int64_t now_ms;     /* monotonic; when this turn began */
    int64_t heard_ms, sent_ms, ping_ms; /* last time each happened */
    int64_t retry_at_ms;                /* next attempt, while there is no socket */
    uint32_t failures;                  /* attempts in a row that led nowhere */
    uint64_t random, nonce;

    /* what WELCOME and ACK said */
    uint64_t welcome_batch; /* the gateway's last number when this session began */
    uint64_t last_batch;    /* ... and now */
    uint64_t credit_batch, credit_bytes, max_bytes, max_events;
    uint32_t heartbeat_ms;

    /* publish.c */
    bool numbered; /* out.first is a real number */
    bool renumber; /* our numbers are used for other content: continue after WELCOME */
    bool acked;    /* the gateway has acknowledged a batch of ours */
    int64_t resend_at_ms; /* not before; 0 = no pause */
    uint32_t resends;     /* pauses in a row */
};

/* ---- session.c ---- */
void gw_session_start(struct karvan_client *c);
/* One turn; true when there is more to do at once. */
bool gw_session_turn(struct karvan_client *c);
int gw_session_timeout_ms(const struct karvan_client *c);
void gw_session_bye(struct karvan_client *c);
/* Send c->body under this header. */
GW_MUST_USE enum gw_error
gw_session_send(struct karvan_client *c, const struct gw_header *h, struct gw_slice body);
/* Tell the caller, if it is news. */
void gw_session_tell(struct karvan_client *c, enum karvan_state s, enum gw_error code,
                     const char *text);
/* The connection is of no use any more: start again after a pause. */
void gw_session_retry(struct karvan_client *c, enum gw_error code, const char *text);
/* The gateway's no: start again after a long pause. */
void gw_session_refused(struct karvan_client *c, enum gw_error code, const char *text);
/* retry_ms, doubled `times` times, at most retry_max_ms, less up to half of it by chance:
 * many clients must not return in step. */
int64_t gw_session_pause_ms(struct karvan_client *c, uint32_t times);

/* ---- publish.c ---- */
/* WELCOME came: continue the numbers.  False when that is not possible; the caller was
 * told. */
bool gw_publish_welcome(struct karvan_client *c);
void gw_publish_send(struct karvan_client *c);
void gw_publish_ack(struct karvan_client *c, const struct gw_header *h,
                    struct gw_slice body);
/* ERROR about a batch that was not taken. */
void gw_publish_hold(struct karvan_client *c, const struct gw_header *h,
                     const char *text);
void gw_publish_reused(struct karvan_client *c, const struct gw_header *h,
                       const char *text);

/* ---- receive.c ---- */
void gw_receive_send(struct karvan_client *c);
void gw_receive_subscribed(struct karvan_client *c, const struct gw_header *h);
void gw_receive_events(struct karvan_client *c, const struct gw_header *h,
                       struct gw_slice body);
/* ERROR with a subscription's name. */
void gw_receive_error(struct karvan_client *c, const struct gw_header *h,
                      const char *text);
#endif
