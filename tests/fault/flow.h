/* flow.h - a sender that keeps to a rate and receivers that check every event, for
 * experiments that take time: each a thread around a real libkarvan client, which can be
 * told to leave and come back, also with another key.
 *
 * The sender numbers its events; when it leaves without waiting, the new client goes on
 * at the first event that was not acknowledged, so that some are sent twice and the
 * gateway has to know them.  A receiver expects each number once, in order and whole;
 * what comes again must have the same seq. */
#ifndef KARVAN_TESTS_FLOW_H
#define KARVAN_TESTS_FLOW_H
#include <pthread.h>
#include <stdatomic.h>
#include "bench/histogram.h"
#include "bench/load.h"
#include "bench/rig.h"

#define FLOW_RING (1u << 20) /* so many events are remembered */

struct flow {
    const struct gw_rig *rig;
    uint32_t operator, run;
    const char *adapter;
    pthread_t thread;
    pthread_mutex_t lock; /* over keys, latency and away */
    struct karvan_keys keys;
    bool away; /* receiver: has left, comes back when this is false again */
    struct gw_histogram latency; /* receiver: from when an event was due to its arrival */
    atomic_uint asked, done;     /* how often to come back, how often it has */
    atomic_bool over, ready;
    struct karvan_client *client;
    uint64_t *notes; /* of the last FLOW_RING events: when it was due (sender), its seq
                        (receiver) */

    /* sender */
    _Atomic uint64_t rate; /* events a second; 0: as fast as they are taken */
    _Atomic uint64_t most; /* stop at this number; 0: never */
    _Atomic uint64_t sent, acked, refused;
    uint64_t made; /* events that exist; those below `sent` have been handed over at least
                      once */
    uint64_t held_back; /* times it was a second late and gave up catching up */

    /* receiver */
    bool slow;             /* half as fast as `pace` every now and then */
    uint64_t pace;         /* events a second */
    _Atomic uint64_t next; /* the number expected next */
    uint64_t again, gaps, altered, moved;
    struct gw_facts facts;
};

/* Everything above "sender" is set here; the rest is the caller's to set before
 * flow_start(). */
void flow_init(struct flow *f, const struct gw_rig *rig, uint32_t operator, uint32_t run,
               const char *adapter);
void flow_send(struct flow *f);
/* Returns when the subscription stands. */
void flow_receive(struct flow *f);
/* Leave and come back with these keys (NULL: the same), and wait for that.  False: not
 * within a minute. */
bool flow_again(struct flow *f, const struct karvan_keys *keys);
/* A receiver leaves, or comes back; waits until it has. */
void flow_away(struct flow *f, bool away);
/* A sender: nothing more is made, everything is acknowledged or a minute has passed; a
 * receiver: closes. */
void flow_stop(struct flow *f);
void flow_deinit(struct flow *f);
/* The p99 since the last call, in ms. */
double flow_p99_ms(struct flow *f);
/* Lost, out of order, altered or under another seq: 0 when the promise holds.  Says on
 * stderr what does not. */
int flow_judge(const struct flow *sender, const struct flow *receiver);
#endif
