/* reply.h - the answer to the sender of an interchange: CONTRL, and APERAK where the
 * syntax is good and the content is not. */
#ifndef GW_ADAPTERS_EDIFACT_REPLY_H
#define GW_ADAPTERS_EDIFACT_REPLY_H
#include "adapters/edifact/codec.h"

/**
 * adapter.h, reply.  One interchange for each of `in` up to the refused one, which then
 * says message, segment and element; where one is refused, all of the input are.  Nothing
 * for messages without UNB, and none for CONTRL and APERAK, which are answers themselves.
 *
 * Source  ISO 9735 (CONTRL, service version 3), code lists 0083 and 0085; APERAK D.96A
 */
enum gw_error gw_edi_reply(void *state, struct gw_slice in,
                           const struct gw_report *report, struct gw_buf *out);
#endif
