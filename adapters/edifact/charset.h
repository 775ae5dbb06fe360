/* charset.h - the character sets interchanges are really written in, to UTF-8.
 *
 * Pure functions, any thread.
 * Source  ISO 9735 levels A to K, ISO 9735-1:2002 annex on the syntax identifiers;
 *         ISO/IEC 8859-1 to -9; Windows code page 1251 */
#ifndef GW_ADAPTERS_EDIFACT_CHARSET_H
#define GW_ADAPTERS_EDIFACT_CHARSET_H
#include "base/buf.h"

enum gw_edi_charset {
    GW_EDI_AS_IS, /* ASCII or UTF-8: the bytes are the text */
    GW_EDI_8859_1,
    GW_EDI_8859_2,
    GW_EDI_8859_3,
    GW_EDI_8859_4,
    GW_EDI_8859_5,
    GW_EDI_8859_6,
    GW_EDI_8859_7,
    GW_EDI_8859_8,
    GW_EDI_8859_9,
    GW_EDI_CP1251,
};

/* What the bytes themselves say, looked at once for a whole input. */
struct gw_edi_evidence {
    bool ascii;    /* nothing above 127 */
    bool utf8;     /* sequences of several bytes, and all of them good */
    bool cyrillic; /* bytes above 127 stand together as Windows-1251 words do */
};
void gw_edi_evidence_of(struct gw_slice whole, struct gw_edi_evidence *out);

/**
 * Which one is it?  By evidence before announcement: UTF-8 wins; level A or B, which
 * allow nothing above 127, and level C are Windows-1251 when it looks like Cyrillic;
 * otherwise it is what is announced.
 *
 * announced  element 0001, "UNOC"; empty when there is no UNB
 * as_told    set to false when evidence went against the announcement
 */
enum gw_edi_charset gw_edi_charset_of(const struct gw_edi_evidence *evidence,
                                      struct gw_slice announced, bool *as_told);
const char *gw_edi_charset_name(enum gw_edi_charset c); /* "ISO 8859-5" */

/* Append one byte of a charset as UTF-8; a byte it does not have becomes U+FFFD. */
void gw_edi_charset_put(enum gw_edi_charset c, uint8_t byte, struct gw_buf *out);

/* charset_tables.c: what the bytes 0xA0 .. 0xFF are, 0 = nothing; of code page 1251 the
 * bytes 0x80 .. 0xFF. */
extern const uint16_t gw_edi_8859[8][96]; /* parts 2 to 9 */
extern const uint16_t gw_edi_cp1251[128];
#endif
