/* identity.h - what names a message, whatever dress its bytes come in.
 *
 * The standard names a message by sender, recipient, control reference (UNB 0020) and
 * message reference (UNH 0062).  Senders restart these every day, or always write "1", so
 * the day of preparation (S004) and what the message says belong to its name too: its
 * segments, as they would be without service string advice, line ends, blanks around and
 * empty elements behind, in UTF-8.  The envelope's counts do not.
 *
 * Pure functions, any thread.
 * Source  ISO 9735, UNB and UNH */
#ifndef GW_ADAPTERS_EDIFACT_IDENTITY_H
#define GW_ADAPTERS_EDIFACT_IDENTITY_H
#include "adapters/edifact/syntax.h"
#include "base/hash.h"

#define GW_EDI_NAME_BYTES 32

/* Name an interchange by its UNB, split: S002 to 0020. */
void gw_edi_name_interchange(const struct gw_edi_segment *unb,
                             uint8_t out[GW_EDI_NAME_BYTES]);

/* How a message is dressed. */
struct gw_edi_dress {
    struct gw_slice in;
    const struct gw_edi_signs *signs;
    enum gw_edi_charset charset;
};
/* Append a message's segments in plain dress: UNH, and `raws` up to UNT. */
void gw_edi_undress(const struct gw_edi_dress *from, const struct gw_edi_raw *unh,
                    const struct gw_edi_raw *raws, uint32_t count, struct gw_buf *out);

/**
 * Name a message.
 *
 * interchange  its name; NULL: the message has none
 * number       of the message in the interchange, from 1
 * group_ref    UNG 0048, or empty
 * content      the hash of its segments in plain dress, as text
 */
void gw_edi_name_message(const uint8_t *interchange, uint32_t number,
                         struct gw_slice group_ref, struct gw_slice content,
                         uint8_t out[GW_EDI_NAME_BYTES]);
#endif
