/* check_digit.h - check digits of the identifiers in freight.  Pure functions, any thread.
 *
 * Each takes the bare characters (upper case, no blanks or hyphens) and answers ok, bad or none:
 * none means that the text is not of that scheme's form, so there is nothing to check. */
#ifndef GW_MODEL_CHECK_DIGIT_H
#define GW_MODEL_CHECK_DIGIT_H
#include "base/slice.h"

enum gw_check { GW_CHECK_OK, GW_CHECK_BAD, GW_CHECK_NONE };

/* ISO 6346:2022, AAAU999999C */
enum gw_check gw_check_iso6346(struct gw_slice s);
/* UIC leaflet 438-2, 12 digits */
enum gw_check gw_check_uic12(struct gw_slice s);
/* 1520 mm wagon number, 8 digits (CIS Rail Transport Council numbering) */
enum gw_check gw_check_cis8(struct gw_slice s);
/* IMO ship number, 7 digits (IMO resolution A.1117(30)) */
enum gw_check gw_check_imo(struct gw_slice s);
/* ESR station code, 6 digits */
enum gw_check gw_check_esr6(struct gw_slice s);

/* By the schema's `scheme` word (iso6346 uic12 cis8); other words give GW_CHECK_NONE. */
enum gw_check gw_check_equipment(struct gw_slice scheme, struct gw_slice id);
const char *gw_check_word(enum gw_check c); /* "ok" "bad" "none" */
/* Guess the scheme from the form of an id: "iso6346" (four letters, seven digits; "ilu" when the
 * fourth letter is K, EN 13044), "uic12", "cis8" (by length, check digit right), else "other". */
const char *gw_check_scheme_of(struct gw_slice id);
#endif
