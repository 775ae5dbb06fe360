/* receipt.c - RECEIPT: the gateway's signed word that it keeps an event, for the event's
 * owner. */
#include "model/receipt.h"
#include "pipeline/parts.h"

/* GW_NO_RECEIPT also for an event of somebody else: that it exists is not said. */
static enum gw_error locate(struct gw_pipeline *p, const struct gw_session *s,
                            uint64_t seq, struct gw_receipt *out)
{
    struct gw_located at;
    enum gw_error e =
        p->setup.signer ? p->journal->ops->locate(p->reader, seq, &at) : GW_NO_RECEIPT;
    if (e == GW_CORRUPT)
        e = GW_STORAGE;
    else if (e || !gw_slice_is(at.operator, s->operator_name))
        e = GW_NO_RECEIPT;
    if (!e) {
        *out = (struct gw_receipt){.batch = at.batch,
                                   .seq = seq,
                                   .first = at.first,
                                   .last = at.last,
                                   .received_ms = at.received_ms};
        (void)gw_slice_copy(gw_slice_str(p->setup.gateway_name), out->gateway,
                            sizeof out->gateway);
        (void)gw_slice_copy(at.operator, out->operator, sizeof out->operator);
        (void)gw_slice_copy(at.adapter, out->adapter, sizeof out->adapter);
        memcpy(out->event, at.event, sizeof out->event);
        memcpy(out->chain, at.chain, sizeof out->chain);
    }
    p->journal->ops->reader_release(p->reader);
    return e;
}

void gw_pipeline_receipt(struct gw_pipeline *p, struct gw_session *s, uint64_t seq,
                         int64_t now_ms)
{
    struct gw_header h = {.op = GW_OP_RECEIPT, .from = seq};
    struct gw_receipt r;
    enum gw_error e = locate(p, s, seq, &r);

    gw_buf_reset(&p->body);
    if (!e) {
        r.time_ms = now_ms;
        e = gw_receipt_write(&r, p->setup.signer, &p->body);
    }
    if (e)
        gw_pipeline_complain(p, &s->peer, s, e, &(struct gw_header){.from = seq}, NULL,
                             now_ms);
    else
        (void)gw_pipeline_send(p, &s->peer, &h, gw_buf_bytes(&p->body));
}
