/* pipeline.h - the seven stages in one call: messages in, messages out.
 *
 * One pipeline per lane.  It knows no socket, no clock and no disk: messages leave through the
 * outlet, time comes with every call, the journal is a table of functions.  So the daemon,
 * tests, simulations, fuzzers and benchmarks drive the very same code.
 *
 *   gw_pipeline_receive()     a message came in           stages 1-4, then into the journal
 *   gw_pipeline_committed()   a batch is durable          acknowledge, put into the live tail
 *   gw_pipeline_turn()        a chance to deliver         stages 6 and 7
 *   gw_pipeline_tick()        a quarter second passed     silence, position reports
 *
 * Thread  one at a time: the lane's. */
#ifndef GW_PIPELINE_PIPELINE_H
#define GW_PIPELINE_PIPELINE_H
#include "pipeline/directory.h"
#include "pipeline/journal.h"
#include "pipeline/limits.h"
#include "pipeline/outlet.h"

struct gw_pipeline;

struct gw_pipeline_setup {
    const struct gw_limits *limits;   /* outlives the pipeline */
    struct gw_directory *directory;   /* a reference is taken */
    struct gw_journal *journal;       /* outlives the pipeline */
    const struct gw_outlet *outlet;   /* outlives the pipeline */
    const char *gateway_name;         /* shown in WELCOME; borrowed */
    const struct gw_signer *signer;   /* of receipts; NULL: there are none; outlives the pipeline */
    /* Called on the journal's thread with each batch of ours: must lead to
     * gw_pipeline_committed() on the lane's thread. */
    void (*done)(struct gw_batch *b, void *ctx);
    /* A batch of live events was taken: hand it to the other lanes' gw_pipeline_committed(), which
     * takes references of their own; may be left out.  NULL when there is only one lane. */
    void (*live)(struct gw_batch *b, void *ctx);
    void *done_ctx;
    uint32_t most_in_journal;         /* batches handed to the journal and not completed yet */
};

struct gw_pipeline_counters {
    uint64_t messages, batches, accepted, duplicates, refused, repeats;
    uint64_t faults;    /* messages refused as such */
    uint64_t delivered, delivered_messages, from_journal, refused_sends;
    uint32_t sessions, subscriptions, in_journal;
    uint64_t newest, tail_bytes;
    /* live events: into the table (of this lane's senders), over the sender's rate, not to be live
     * or wrong, handed to subscribers; and what the table holds */
    uint64_t live_taken, live_dropped, live_refused, live_delivered;
    uint32_t live_objects;
    uint64_t live_bytes;
};

/* Owns  *out is the caller's: gw_pipeline_free() */
GW_MUST_USE enum gw_error gw_pipeline_new(struct gw_pipeline **out,
                                          const struct gw_pipeline_setup *setup);
/* No batch may be in the journal any more. */
void gw_pipeline_free(struct gw_pipeline *p);

/**
 * One message from a peer.
 *
 * user       who the peer is, from its key (ZAP User-Id, identity.h); empty: nobody we know
 * header, body  the frames, borrowed; body empty when there is none
 * frames     how many came behind the routing id: more than two is a fault
 */
void gw_pipeline_receive(struct gw_pipeline *p, const struct gw_peer *peer,
                         struct gw_slice user, struct gw_slice header, struct gw_slice body,
                         unsigned frames, int64_t now_ms);

/* A batch was completed, ours or another lane's, or holds another lane's live events; takes the
 * reference. */
void gw_pipeline_committed(struct gw_pipeline *p, struct gw_batch *b, int64_t now_ms);

/* Send acknowledgements and deliver.  True when another turn would find work at once. */
bool gw_pipeline_turn(struct gw_pipeline *p, int64_t now_ms);
/* Every 250 ms or so. */
void gw_pipeline_tick(struct gw_pipeline *p, int64_t now_ms);

/* Has this connection a session? */
bool gw_pipeline_has_session(struct gw_pipeline *p, const struct gw_peer *peer);

/* From now on these operators, keys, profiles and rules.  Takes a reference of its own; ends the
 * sessions of operators that are gone or disabled, and those begun with a key that is revoked. */
void gw_pipeline_directory(struct gw_pipeline *p, struct gw_directory *d, int64_t now_ms);
/* Another lane's claim: end what is older here. */
void gw_pipeline_claimed(struct gw_pipeline *p, const struct gw_claim *c, int64_t now_ms);
/* Take no more; what is in the journal is still acknowledged. */
void gw_pipeline_leave(struct gw_pipeline *p);
/* Leaving, and nothing is left to acknowledge. */
bool gw_pipeline_drained(const struct gw_pipeline *p);
/* BYE to every session; the last thing before the sockets close. */
void gw_pipeline_bye(struct gw_pipeline *p, int64_t now_ms);

/**
 * A quarantined event once more, through the same stages 2 to 5 as everything else.
 *
 * q        the entry; `bytes` may be a repaired version of what was stored
 * outcome  set on GW_OK: GW_OK it went to the journal (the entry disappears with that commit);
 *          else why it is still refused
 */
GW_MUST_USE enum gw_error gw_pipeline_requeue(struct gw_pipeline *p,
                                              const struct gw_quarantined *q, int64_t now_ms,
                                              struct gw_fault *outcome);

void gw_pipeline_counters(const struct gw_pipeline *p, struct gw_pipeline_counters *out);
/* Sessions and their subscriptions as JSON array items, for status. */
void gw_pipeline_describe(struct gw_pipeline *p, struct gw_buf *out, int64_t now_ms);
#endif
