/* limits.h - the bounds of sessions and deliveries; every one is a setting of config/gateway.yaml. */
#ifndef GW_PIPELINE_LIMITS_H
#define GW_PIPELINE_LIMITS_H
#include "model/tree.h"

struct gw_limits {
    struct gw_budget budget;        /* budget.* */
    uint32_t message_bytes;         /* session.message_bytes: largest body either way */
    uint32_t batch_events;          /* session.batch_events: most events in a batch */
    uint32_t sessions;              /* session.max: over all operators of a lane */
    uint32_t sessions_per_operator; /* session.per_operator */
    uint32_t timeout_ms;            /* session.timeout_ms: silence that ends a session */
    uint32_t credit_batches;        /* session.credit_batches: batches in flight per session */
    uint64_t credit_bytes;          /* session.credit_bytes: body bytes in flight per session */
    uint64_t quota_events;          /* session.quota_events: a second, of an operator; 0 = none */
    uint64_t quota_bytes;           /* session.quota_bytes: likewise, body bytes */
    uint32_t live_events;           /* session.live_events: live events a second of a session; 0 = none */
    uint32_t live_objects;          /* delivery.live_objects: of which a lane keeps the newest one */
    uint64_t live_bytes;            /* delivery.live_bytes: memory they may take */
    uint32_t subscriptions;         /* delivery.subscriptions_per_session */
    uint32_t delivery_bytes;        /* delivery.message_bytes: body of one EVENTS message */
    uint64_t tail_bytes;            /* delivery.tail_bytes: recent events kept in memory per lane */
    uint32_t position_ms;           /* delivery.position_ms: how often a receiver without matches
                                       learns how far the gateway looked */
    int64_t future_refuse_ms;       /* time.future_refuse_ms: 24 h */
    int64_t future_warn_ms;         /* time.future_warn_ms: 10 min */
};
#endif
