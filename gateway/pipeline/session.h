/* session.h - stage 1 of 7: who is it, is it new, has it credit.
 *
 * A session is one connection after its HELLO.  Who the peer is comes from the CURVE key alone (the
 * caller looks it up for every message); a session of the same adapter fences the older one.
 * Thread  the lane's. */
#ifndef GW_PIPELINE_SESSION_H
#define GW_PIPELINE_SESSION_H
#include "base/log.h"
#include "pipeline/bucket.h"
#include "pipeline/directory.h"
#include "pipeline/limits.h"
#include "pipeline/outlet.h"
#include "pipeline/patience.h"

struct gw_subscription;

struct gw_session {
    uint64_t id;       /* slot and generation; never 0, never used again */
    uint64_t serial;   /* age over all lanes */
    struct gw_peer peer;
    uint32_t operator; /* index into the directory */
    char operator_name[GW_NAME_MAX + 1], adapter[GW_NAME_MAX + 1];
    char key[41];      /* the public key behind it; "" on a plaintext endpoint */
    char software[48];
    int64_t since_ms, heard_ms;

    /* publishing */
    uint64_t submitted;    /* last batch number handed to the journal, or stored before */
    uint64_t submitted_hash; /* of its body; 0: nothing of this session is behind it */
    uint64_t acknowledged; /* last batch number acknowledged */
    uint64_t taken_bytes;  /* body bytes taken since HELLO */
    uint64_t done_bytes;   /* of those, settled: acknowledged, repeated or refused */
    uint64_t credit_batch, credit_bytes; /* what was last granted */
    bool credit_held;      /* a quota withholds credit: an ACK gives it once it may */
    bool gap_told;         /* one ERROR per gap or excess, not one per message of the flood behind it */
    uint64_t excused, excused_to; /* behind a batch we did not keep: in flight, nobody's fault */
    struct gw_buf acks;    /* ACK body not sent yet */
    struct gw_burst live_burst; /* log: live events that were not taken */
    struct gw_bucket live, live_excess; /* what it may send of them; as many again are only dropped */
    int64_t live_filled_ms;

    /* receiving */
    struct gw_subscription *subscriptions; /* linked by .next_of_session */
    uint32_t subscription_count;

    /* for status */
    uint64_t batches, accepted, duplicates, refused, delivered, faults;
    struct gw_burst burst;
    struct gw_patience patience;
    uint32_t next_of_hash; /* slot + 1; session.c's own */
    bool in_use;
};

struct gw_sessions;

GW_MUST_USE enum gw_error gw_sessions_new(struct gw_sessions **out, uint32_t most);
void gw_sessions_free(struct gw_sessions *t);

/* NULL when there is none. */
struct gw_session *gw_session_of_peer(struct gw_sessions *t, const struct gw_peer *peer);
struct gw_session *gw_session_by_id(struct gw_sessions *t, uint64_t id);
struct gw_session *gw_session_of_adapter(struct gw_sessions *t, const char *operator,
                                         const char *adapter);
uint32_t gw_sessions_of_operator(const struct gw_sessions *t, const char *operator);
uint32_t gw_sessions_count(const struct gw_sessions *t);
/* Walk: slot from 0; NULL slots are skipped; returns NULL at the end. */
struct gw_session *gw_sessions_next(struct gw_sessions *t, uint32_t *slot);

/* A new session, zeroed but for peer and id.  NULL when the table is full. */
struct gw_session *gw_session_begin(struct gw_sessions *t, const struct gw_peer *peer);
/* End it; its subscriptions must be gone.  The slot gets a new generation. */
void gw_session_end(struct gw_sessions *t, struct gw_session *s);

/**
 * May this PUBLISH be taken?
 *
 * Errors  GW_FIELD_MISSING no batch number;  GW_MESSAGE_SIZE GW_BATCH_COUNT GW_CREDIT GW_BATCH_GAP;
 *         GW_EXISTS the number was handed to the journal before: a repeat
 */
GW_MUST_USE enum gw_error gw_session_admit(const struct gw_session *s,
                                           const struct gw_limits *limits,
                                           const struct gw_header *h, size_t body_bytes);
/* A batch of this number was not kept, through no fault of the sender: whatever credit had it send
 * behind that one will be turned away and is to be excused, each number once. */
void gw_session_excuse(struct gw_session *s, uint64_t not_kept);
/* Is a batch that is turned away one of those? */
bool gw_session_excused(struct gw_session *s, uint64_t batch);
/* Grant credit anew: `shrink` divides what the settings give while the disk runs short. */
void gw_session_grant(struct gw_session *s, const struct gw_limits *limits, uint32_t shrink);
#endif
