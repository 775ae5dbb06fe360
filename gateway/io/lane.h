/* lane.h - one thread with its own loop: endpoints, their sessions, one pipeline.
 *
 * Nothing is shared between lanes but the journal and immutable directories.  Messages for a lane
 * from other threads come through its inbox: bounded queues of pointers and a wake-up.
 *
 * Thread  the functions below may be called from any thread. */
#ifndef GW_IO_LANE_H
#define GW_IO_LANE_H
#include "io/zsock.h"
#include "pipeline/pipeline.h"

struct gw_lane;

/* An endpoint as the lane needs it; the daemon made it from the settings. */
struct gw_bind {
    char name[GW_NAME_MAX + 1];
    char address[128];
    bool plain;
};

struct gw_lane_setup {
    uint32_t number;
    void *zmq;                   /* the context; outlives the lane */
    const struct gw_bind *binds; /* outlive the lane */
    uint32_t bind_count;
    const char *secret_key;      /* the gateway's own, Z85; NULL when every endpoint is plain */
    const struct gw_limits *limits;
    struct gw_zsock_budget budget;
    struct gw_directory *directory;
    struct gw_journal *journal;
    const char *gateway_name;
    const struct gw_signer *signer; /* of receipts; NULL: none; outlives the lane */
    uint32_t most_in_journal;
    /* To the other lanes; all NULL when there is one lane. */
    void (*claim)(void *ctx, uint32_t from_lane, const struct gw_claim *c);
    /* A batch of this lane was committed: for the other lanes' tails.  Journal's thread; on the
     * lane's own for a batch of live events. */
    void (*publish)(void *ctx, uint32_t from_lane, struct gw_batch *b);
    /* For a while, let in no new connection of this operator. */
    void (*banish)(void *ctx, const char *operator);
    void *ctx;
    uint64_t (*serial)(void *ctx);
};

/* Binds its endpoints before it returns; why: which one cannot be bound, and the remedy.
 * Owns  *out: gw_lane_leave(), gw_lane_join(), journal closed, gw_lane_free() */
GW_MUST_USE enum gw_error gw_lane_start(struct gw_lane **out, const struct gw_lane_setup *setup,
                                        struct gw_text *why);

/* A batch another lane committed, or took in live events; takes a reference of its own.  Left out when the inbox is full:
 * the lane then reads it from the journal; live events are lost to its subscribers. */
void gw_lane_tail(struct gw_lane *l, struct gw_batch *b);
void gw_lane_claim(struct gw_lane *l, const struct gw_claim *c);
void gw_lane_directory(struct gw_lane *l, struct gw_directory *d);

/* Run a function on the lane's thread with its pipeline, in the order of the calls: status,
 * requeue.  p is NULL when the lane left before its turn came: then there is only ctx to clean up.
 * GW_AGAIN when the inbox is full. */
typedef void (*gw_lane_fn)(void *ctx, struct gw_pipeline *p, int64_t now_ms);
GW_MUST_USE enum gw_error gw_lane_call(struct gw_lane *l, gw_lane_fn run, void *ctx);

/* Take no more messages, finish what is in the journal, acknowledge, say BYE; then the thread ends. */
void gw_lane_leave(struct gw_lane *l);
/* Wait for that; the lane's journal reader is closed then.  Other lanes may still publish to it. */
void gw_lane_join(struct gw_lane *l);
/* After the journal is closed, so that nobody wakes the lane any more.  NULL is fine. */
void gw_lane_free(struct gw_lane *l);
#endif
