/* ledger.h - the driver's own books: what was sent, what became of it, who got it.
 *
 * Kept from what the senders know, never from what the gateway says of itself, so that
 * they can prove the gateway wrong.  Found by operator and event id. */
#ifndef GW_BENCH_DEMO_LEDGER_H
#define GW_BENCH_DEMO_LEDGER_H
#include "model/tree.h"
#include "bench/demo/company.h"
#include "bench/histogram.h"
#include <karvan/error.h>

/* What an event says, as far as everybody must agree on it whatever dialect it came in:
 * hash of type, time and first piece of equipment. */
struct demo_content {
    uint64_t hash;
};
void demo_content_of(struct gw_slice type, int64_t time_ms, struct gw_slice equipment,
                     struct demo_content *out);
/* Of an event in the schema's form. */
void demo_content_of_tree(const struct gw_tree *t, uint32_t root,
                          struct demo_content *out);

struct demo_entry {
    uint64_t id_hash; /* of operator and id; 0 = free */
    struct demo_content content;
    int64_t sent_ns; /* first time, monotonic */
    uint32_t got;    /* DEMO_BIT() of those who received it */
    uint8_t who;     /* enum demo_who */
    bool refused;    /* by the gateway: nobody may receive it */
    char id[40];     /* as far as it fits, for people */
};

struct demo_account {
    uint64_t sent, accepted, duplicates, refused; /* as a sender */
    uint64_t expected, received;                  /* of others, as a receiver */
    uint64_t again; /* received more than once: allowed, counted */
    char last[96];  /* what it sent or, if it sends nothing, received last */
};

struct demo_ledger {
    struct demo_entry *entries;
    uint32_t cap, count;
    struct demo_account accounts[DEMO_COMPANIES];
    uint64_t leaked;    /* events that reached somebody who is not entitled to them */
    uint64_t altered;   /* events that say something else than what was sent */
    uint64_t strangers; /* events nobody sent, or that were refused */
    uint64_t withheld;  /* deliveries without the fields that their owner hides there */
    uint64_t shown;     /* deliveries with one of them all the same */
    uint64_t findings;  /* delivered events with a finding in `quality`, seen by the
                           forwarder */
    struct gw_histogram *latency; /* all but the receiver that paused */
    int64_t slowest_ns;
    enum demo_who slowest_receiver;
    char slowest[96];
};

GW_MUST_USE enum gw_error demo_ledger_init(struct demo_ledger *l, uint32_t events);
void demo_ledger_deinit(struct demo_ledger *l);

/* An event was handed over for the first time; GW_NOMEM when the books are full. */
GW_MUST_USE enum gw_error demo_ledger_send(struct demo_ledger *l, enum demo_who who,
                                           struct gw_slice id,
                                           const struct demo_content *content,
                                           int64_t now_ns);
/* The gateway refused it. */
void demo_ledger_refuse(struct demo_ledger *l, enum demo_who who, struct gw_slice id);
/* `n` more events of this sender are stored: those entitled to them wait for them. */
void demo_ledger_accept(struct demo_ledger *l, enum demo_who who, uint64_t n);
/* An event of `owner` arrived at `receiver`.  Returns how long it took in ns; -1 when it
 * was not to arrive there, or had arrived before. */
int64_t demo_ledger_receive(struct demo_ledger *l, struct gw_slice owner,
                            struct gw_slice id, const struct demo_content *content,
                            enum demo_who receiver, int64_t now_ns);

/* Events behind: expected and not there yet. */
uint64_t demo_ledger_lag(const struct demo_ledger *l, enum demo_who receiver);
struct demo_total {
    uint64_t sent, accepted, duplicates, refused, received, lost, unaccounted;
};
/* lost: per receiver, what it is entitled to and did not get, event by event.
 * unaccounted: sent, but neither accepted, duplicate nor refused. */
void demo_ledger_total(const struct demo_ledger *l, struct demo_total *out);
#endif
