/* outlet.h - where the pipeline's messages go: handed in, so that it knows no socket.
 *
 * io/lane.c implements it with ROUTER sockets, tests and simulations with arrays. */
#ifndef GW_PIPELINE_OUTLET_H
#define GW_PIPELINE_OUTLET_H
#include "model/wire.h"

#define GW_ROUTING_ID_MAX 32

/* One connection: the endpoint it came in by and the routing id ZeroMQ gave it. */
struct gw_peer {
    uint16_t endpoint; /* index into the lane's endpoints */
    uint8_t id_len;
    uint8_t id[GW_ROUTING_ID_MAX];
};

static inline bool gw_peer_eq(const struct gw_peer *a, const struct gw_peer *b)
{
    return a->endpoint == b->endpoint && a->id_len == b->id_len &&
           memcmp(a->id, b->id, a->id_len) == 0;
}

/* What other lanes must hear of, because the same adapter or subscription may be there. */
enum gw_claim_kind { GW_CLAIM_ADAPTER, GW_CLAIM_SUBSCRIPTION };
struct gw_claim {
    enum gw_claim_kind kind;
    char operator[GW_NAME_MAX + 1], name[GW_NAME_MAX + 1];
    uint64_t serial; /* the newer claim wins */
};

struct gw_outlet {
    /* Send one message.  GW_OK: handed over;  GW_AGAIN: no room towards this peer now, nothing was
     * sent;  GW_CLOSED: the peer is gone. */
    enum gw_error (*send)(void *ctx, const struct gw_peer *to, struct gw_slice header,
                          struct gw_slice body);
    /* Tell the other lanes; may be NULL when there is only one. */
    void (*claim)(void *ctx, const struct gw_claim *claim);
    /* A number larger than every one before it, over all lanes. */
    uint64_t (*serial)(void *ctx);
    /* Hear no more of the sender of the message in hand, whose operator this is ("": not known);
     * what was sent to it before may still go out.  May be NULL. */
    void (*cut)(void *ctx, const struct gw_peer *peer, const char *operator);
    void *ctx;
};
#endif
