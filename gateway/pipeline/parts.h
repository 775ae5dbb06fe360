/* parts.h - what a pipeline consists of; for the files of the pipeline only. */
#ifndef GW_PIPELINE_PARTS_H
#define GW_PIPELINE_PARTS_H
#include "pipeline/deliver.h"
#include "pipeline/intake.h"
#include "pipeline/identity.h"
#include "pipeline/pipeline.h"
#include "pipeline/quota.h"

struct gw_pipeline {
    struct gw_pipeline_setup setup;
    const struct gw_limits *limits;
    struct gw_directory *directory;
    struct gw_journal *journal;
    struct gw_reader *reader;
    struct gw_sessions *sessions;
    struct gw_tail *tail;
    struct gw_telemetry *telemetry;
    struct gw_intake *intake;
    struct gw_delivery delivery;
    struct gw_tree tree;       /* the event at hand */
    struct gw_batch *spare;    /* an empty batch ready for use, or NULL */
    struct gw_buf header, body; /* a message being made */
    bool leaving;
    int64_t ticked_ms;         /* 0: not yet */
    bool acks_due;             /* some session has an ACK to send */
    struct gw_quotas *quotas;
    struct gw_burst stranger;  /* log: messages of peers without a session */
    struct gw_patience *patience; /* of operators, by index: with what comes without a session; the
                                     last one is everybody else's.  NULL: no memory, nothing ends */
    struct gw_pipeline_counters n;
};

/* Send a message; a refused send of a control message is counted, no more: the peer will ask. */
enum gw_error gw_pipeline_send(struct gw_pipeline *p, const struct gw_peer *to,
                               const struct gw_header *h, struct gw_slice body);
/* ERROR to a peer, with the code's own sentence when `text` is NULL; logged once per burst. */
void gw_pipeline_complain(struct gw_pipeline *p, const struct gw_peer *to, struct gw_session *s,
                          enum gw_error code, const struct gw_header *about, const char *text,
                          int64_t now_ms);
/* What a refused message costs of its sender's patience: it had to be taken from the line, too. */
static inline uint32_t gw_pipeline_cost(struct gw_slice body)
{
    return 1 + (uint32_t)(body.len >> 13);
}
/* Bear something that is of no use, or costs more than it should: may it be answered?  Otherwise it is to
 * be dropped.  *s is NULL afterwards when that was enough: its session is over. */
enum gw_mood gw_pipeline_bear(struct gw_pipeline *p, const struct gw_peer *peer, struct gw_session **s,
                              uint32_t operator, uint32_t cost, int64_t now_ms);
/* End a session with its subscriptions; cursors stay. */
void gw_pipeline_drop(struct gw_pipeline *p, struct gw_session *s, const char *why);
/* What credit is divided by while the disk runs short: 1, or 8. */
uint32_t gw_pipeline_shrink(struct gw_pipeline *p);
/* End older sessions of the same adapter (GW_CLAIM_ADAPTER) or take a subscription's name from
 * older sessions of the same operator. */
void gw_pipeline_fence(struct gw_pipeline *p, const struct gw_claim *claim, int64_t now_ms);

/* dialogue.c: every operation but PUBLISH.  s is NULL before HELLO. */
void gw_dialogue(struct gw_pipeline *p, const struct gw_peer *peer, struct gw_session *s,
                 const struct gw_identity *who, const struct gw_header *h, struct gw_slice body,
                 int64_t now_ms);

/* receipt.c: RECEIPT, for an event of the session's own operator. */
void gw_pipeline_receipt(struct gw_pipeline *p, struct gw_session *s, uint64_t seq,
                         int64_t now_ms);

/* accept.c: PUBLISH, stages 1 to 5. */
void gw_pipeline_accept(struct gw_pipeline *p, struct gw_session *s, const struct gw_header *h,
                        struct gw_slice body, int64_t now_ms);
/* Of accept.c, for telemetry_accept.c too: a batch to fill, NULL without memory; who sent it; and
 * stages 2 to 4 for a body, whose refused events are then in b->refusals. */
struct gw_batch *gw_accept_batch(struct gw_pipeline *p);
void gw_accept_address(struct gw_batch *b, const char *operator, const char *adapter);
GW_MUST_USE enum gw_error gw_accept_body(struct gw_pipeline *p, const struct gw_operator *o,
                                         const struct gw_header *h, struct gw_slice body,
                                         struct gw_batch *b);

/* telemetry_accept.c: PUBLISH of live events, stages 1 to 4, then into the table of objects.  Nothing
 * is answered, whatever becomes of them. */
void gw_pipeline_observe(struct gw_pipeline *p, struct gw_session *s, const struct gw_header *h,
                         struct gw_slice body, int64_t now_ms);
/* A batch of live events, ours or another lane's, into the table. */
void gw_pipeline_observed(struct gw_pipeline *p, const struct gw_batch *b);

/* acknowledge.c: what became of a batch, to its sender. */
void gw_acknowledge(struct gw_pipeline *p, struct gw_batch *b, int64_t now_ms);
/* The outcome of a batch that was stored before. */
void gw_acknowledge_repeat(struct gw_pipeline *p, struct gw_session *s,
                           const struct gw_header *h, struct gw_slice body, int64_t now_ms);
/* A quarter second passed: credit that a quota withheld may be given now. */
void gw_acknowledge_tick(struct gw_pipeline *p, int64_t now_ms);
/* Send what ACKs are ready. */
void gw_acknowledge_flush(struct gw_pipeline *p, int64_t now_ms);
#endif
