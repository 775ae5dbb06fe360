/* peer.h - what every system that Karvan is measured beside looks like to main.c: one row
 * of a table.
 *
 * The work is the same for all: one producer sends the same payloads, one receiver takes
 * them, on this machine, over loopback, as durable as the system can be made; every event
 * is checked.  The system is started by us in a temporary directory, and ended by its
 * process id.
 *
 * Thread  produce() and consume() run at the same time, each in a thread of its own. */
#ifndef GW_BENCH_PEERS_PEER_H
#define GW_BENCH_PEERS_PEER_H
#include <stdatomic.h>
#include "bench/load.h"
#include "bench/peers/daemon.h"

#define GW_PEER_RUN 99 /* marks our events */

struct gw_peer_work {
    uint64_t events;     /* to send */
    int64_t deadline_ns; /* what has not been sent by then is not sent; a little later all
                            ends */
    struct gw_daemon daemon;
    atomic_ullong sent; /* so far; final once `done` */
    atomic_bool done;   /* the producer has sent all and has every confirmation */
    atomic_bool failed;
    atomic_ullong received;
    struct gw_load load;   /* the producer's */
    struct gw_facts facts; /* the receiver's scratch */
    void *own;             /* the system's */
};

struct gw_peer_system {
    const char *name;         /* "redis" */
    const char *program;      /* that must be installed */
    const char *acknowledges; /* what a confirmation means */
    bool synced;              /* it is on the disk when it is confirmed */
    /* Start it and make its queue.  Words of complaint go to stderr. */
    bool (*start)(struct gw_peer_work *w);
    /* Send with gw_peer_next() until it says there is no more; wait for all
     * confirmations. */
    bool (*produce)(struct gw_peer_work *w);
    /* Hand what comes to gw_peer_take() until gw_peer_finished(). */
    bool (*consume)(struct gw_peer_work *w);
    void (*stop)(struct gw_peer_work *w);
};

extern const struct gw_peer_system gw_peer_jetstream, gw_peer_redis, gw_peer_rabbitmq,
    gw_peer_mosquitto;

/* The next payload; false: enough.  Valid until the next call. */
bool gw_peer_next(struct gw_peer_work *w, struct gw_slice *payload);
/* The receiver got one; false when it is not the next one, or not as it was sent. */
bool gw_peer_take(struct gw_peer_work *w, const void *at, size_t len);
/* Everything that was sent has come, or something failed, or time is up. */
bool gw_peer_finished(const struct gw_peer_work *w);
/* Complain and mark the run as failed; returns false. */
bool gw_peer_fail(struct gw_peer_work *w, const char *what, const char *why);
#endif
