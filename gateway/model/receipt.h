/* receipt.h - the gateway's signed word that it keeps an event: text that anybody can
 * check.
 *
 *   karvan-receipt 1
 *   gateway corridor             the gateway's name
 *   operator aktau-port          who sent the event
 *   adapter coarri-1             ... by which adapter
 *   batch 42                     ... in which of its batches (0: none)
 *   seq 90001                    where it stands in the journal
 *   event HEX                    BLAKE2b-256 of its canonical bytes
 *   entry 89990 90010            the entry it lies in: first and last seq
 *   chain HEX                    the hash chain behind that entry
 *   received 1795439101250       when the gateway took it in, Unix ms
 *   time 1795439102000           when this receipt was made, Unix ms
 *   signer HEX                   the gateway's signing key, Ed25519
 *   signature HEX                over every line above, ends of lines included
 *
 * Lines end in a single line feed; in this order, nothing else.  Pure functions, any
 * thread. */
#ifndef GW_MODEL_RECEIPT_H
#define GW_MODEL_RECEIPT_H
#include "base/buf.h"
#include "base/sign.h"
#include "model/wire.h"

#define GW_RECEIPT_MAX 1024 /* bytes of the text */

struct gw_receipt {
    char gateway[GW_NAME_MAX * 2], operator[GW_NAME_MAX + 1], adapter[GW_NAME_MAX + 1];
    uint64_t batch, seq, first, last;
    uint8_t event[32], chain[32];
    int64_t received_ms, time_ms;
    uint8_t signer[GW_SIGN_PUBLIC];
};

/* Append the signed text.  GW_NOMEM the limit of `out` */
GW_MUST_USE enum gw_error gw_receipt_write(const struct gw_receipt *r,
                                           const struct gw_signer *signer,
                                           struct gw_buf *out);
/* Read a text and check its signature against the key it names: whether that key is the
 * gateway's is for the caller to know. Errors  GW_FORMAT fault->at where, fault->rule
 * what was expected;  GW_CORRUPT the signature is wrong: the text was altered */
GW_MUST_USE enum gw_error gw_receipt_read(struct gw_slice text, struct gw_receipt *out,
                                          struct gw_fault *fault);
#endif
