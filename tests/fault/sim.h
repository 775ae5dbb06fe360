/* sim.h - a deterministic world around one pipeline: clock, network, disk, senders,
 * receivers and a model that knows what must be true.  One seed, one run.
 *
 *   sim_world.c     the clock, the gateway's life, what happens next
 *   sim_net.c       connections: delay, back-pressure, cuts, half-open lines
 *   sim_memory.c    allocations that fail
 *   sim_disk.c      tables in memory below the real store: full, failing, failing in
 * doubt, crashing sim_sender.c    adapters that publish, by gateway/PROTOCOL.md
 *   sim_receiver.c  adapters that subscribe
 *   sim_model.c     what was promised, checked after every step */
#ifndef GW_TESTS_FAULT_SIM_H
#define GW_TESTS_FAULT_SIM_H
#include "model/facts.h"
#include "model/filter.h"
#include "pipeline/pipeline.h"
#include "store/parts.h"

#define SIM_OPERATORS 3
#define SIM_SENDERS   3
#define SIM_RECEIVERS 4
#define SIM_LINKS                                                                        \
    64 /* connections in a run, old ones included; reused when both sides forgot */
#define SIM_INBOX   128 /* messages ZeroMQ would hold for a peer */
#define SIM_BATCHES 64  /* a sender's, at most */
#define SIM_BATCH   4   /* events in one */
#define SIM_EVENTS  (SIM_SENDERS * SIM_BATCHES * SIM_BATCH)

struct sim;

/* ---- messages and lines ---- */

struct sim_message {
    struct sim_message *next;
    size_t header_len, body_len;
    uint8_t bytes[]; /* header, then body */
};

struct sim_queue {
    struct sim_message *first, **end;
    uint32_t count;
};

struct sim_link {
    uint32_t id;              /* 0: free; never used again in a run */
    uint32_t operator;        /* who the key belongs to */
    bool up;                  /* the gateway can still reach it */
    bool silent;              /* half open: what is sent vanishes, and nobody is told */
    struct sim_queue in, out; /* to the gateway, to the peer */
};

struct sim_link *sim_connect(struct sim *s, uint32_t operator);
/* Both directions are lost with what was on its way. */
void sim_cut(struct sim_link *l);
struct sim_link *sim_link_of(struct sim *s, const struct gw_peer *peer);
/* Peer to gateway. */
void sim_send(struct sim_link *l, const struct gw_header *h, struct gw_slice body);
void sim_queue_put(struct sim_queue *q, struct gw_slice header, struct gw_slice body);
struct sim_message *sim_queue_take(struct sim_queue *q); /* the caller's to free */
void sim_queue_clear(struct sim_queue *q);
enum gw_error sim_outlet(void *ctx, const struct gw_peer *to, struct gw_slice header,
                         struct gw_slice body);

/* ---- memory ---- */

/* Between enter and leave the gateway is at work; a callback out of it is outside again.
 */
void sim_enter(void);
void sim_leave(void);
int sim_outside(void);
void sim_back_inside(int was);
/* The nth allocation from now on inside the gateway fails; once. */
void sim_fail_allocation(uint32_t nth);
uint64_t sim_failed_allocations(void); /* over all runs */

/* ---- the disk ---- */

enum sim_fault { SIM_NO_FAULT, SIM_FULL, SIM_FAILS, SIM_DOUBT };

struct sim_disk {
    struct gw_kv kv; /* what the store sees */
    struct gw_kv *inner;
    enum sim_fault fault; /* of the next commits */
    uint32_t commits;
};
void sim_disk_open(struct sim_disk *d);
void sim_disk_close(struct sim_disk *d);

/* ---- the model ---- */

/* What an event is, by its number; everything about it follows from that. */
struct sim_event {
    uint32_t sender, batch, index;
};

/* One event as the journal has it. */
struct sim_entry {
    struct sim_event event;
};

struct sim_model {
    struct sim_entry journal[SIM_EVENTS + 1]; /* by seq */
    uint64_t last_seq;
    uint64_t seq_of[SIM_SENDERS][SIM_BATCHES + 1][SIM_BATCH]; /* 0: not there */
    uint64_t acked_events;
};

void sim_fail(struct sim *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), noreturn));
/* After each commit and each restart: everything in the journal is what it was, and new
 * entries are right. */
void sim_model_look(struct sim *s, bool all);
/* May this operator see the event now? */
bool sim_entitled(const struct sim *s, const struct sim_event *e, uint32_t operator);
/* Which event are these bytes?  Fails the run when they are none of ours, or altered. */
struct sim_event sim_identify(struct sim *s, struct gw_slice bytes, uint64_t seq);
/* Sent as this?  The n-th event of a batch: bad ones, duplicates of earlier ones, good
 * ones. */
enum sim_kind { SIM_GOOD, SIM_BAD, SIM_AGAIN };
enum sim_kind sim_kind_of(const struct sim *s, uint32_t sender, uint32_t batch,
                          uint32_t index);
void sim_write_event(struct sim *s, uint32_t sender, uint32_t batch, uint32_t index,
                     struct gw_buf *out);
const char *sim_type_of(const struct sim_event *e);

/* ---- peers ---- */

struct sim_sender {
    uint32_t number, operator;
    struct sim_link *link;
    bool ready;
    uint32_t batches;                /* how many there are to send in all */
    uint32_t count[SIM_BATCHES + 1]; /* events in batch n */
    uint32_t made, sent, settled; /* numbers: made up, sent on this link, outcome known */
    uint32_t sent_most;           /* on this link */
    bool known[SIM_BATCHES + 1];  /* outcome known */
    uint64_t credit_batch, credit_bytes, used;
    int64_t wait_until;
};

struct sim_receiver {
    uint32_t number, operator;
    struct sim_link *link;
    bool ready, asked;
    bool loads_only;                  /* its filter */
    bool lazy;                        /* acknowledges late */
    uint64_t next;                    /* the first seq it has not looked at */
    uint64_t acked;                   /* largest ack it ever sent */
    uint64_t seen_events, seen_bytes; /* since SUBSCRIBED */
    uint64_t credit_events, credit_bytes;
    bool by_seq; /* asks for a seq on coming back, not for its cursor */
    int64_t wait_until;
};

void sim_sender_turn(struct sim *s, struct sim_sender *p);
void sim_sender_hear(struct sim *s, struct sim_sender *p, const struct gw_header *h,
                     struct gw_slice body);
bool sim_sender_done(const struct sim_sender *p);
void sim_receiver_turn(struct sim *s, struct sim_receiver *r);
void sim_receiver_hear(struct sim *s, struct sim_receiver *r, const struct gw_header *h,
                       struct gw_slice body);
bool sim_receiver_done(const struct sim *s, const struct sim_receiver *r);
/* What the gateway sends to a receiver, looked at as it leaves. */
void sim_receiver_watch(struct sim *s, const struct sim_link *l,
                        const struct gw_header *h, struct gw_slice body);

/* ---- the world ---- */

struct sim {
    uint64_t seed, random, steps, faults;
    bool calm; /* no faults any more */
    int64_t now_ms, mono_ns;
    uint64_t serial;
    uint32_t next_link;
    struct gw_clock clock;
    struct gw_limits limits;
    struct gw_journal_settings settings;
    struct gw_outlet outlet;
    struct gw_directory *directory;
    struct sim_disk disk;
    struct gw_journal *journal; /* NULL while the gateway is down */
    struct gw_journal_ops ops;  /* the store's, but append */
    const struct gw_journal_ops *store_ops;
    struct gw_reader *reader; /* the model's */
    struct gw_pipeline *pipeline;
    struct gw_batch *waiting[64], *done[64]; /* handed to the journal; completed */
    uint32_t waiting_count, done_count;
    bool storage_failed;
    uint64_t kills, cuts, full, failed, in_doubt, stalls, reloads;
    int64_t stalled_until; /* the disk does nothing until then */
    struct sim_link links[SIM_LINKS];
    struct sim_sender senders[SIM_SENDERS];
    struct sim_receiver receivers[SIM_RECEIVERS];
    struct sim_model model;
    struct gw_tree tree;
    struct gw_facts facts;
    struct gw_buf buf, body, header;
};

/* One run; ends the program when the promise was broken. */
void sim_run(struct sim *s, uint64_t seed, uint32_t steps);
uint32_t sim_random(struct sim *s, uint32_t below);
static inline bool sim_chance(struct sim *s, uint32_t in_thousand)
{
    return sim_random(s, 1000) < in_thousand;
}
#endif
