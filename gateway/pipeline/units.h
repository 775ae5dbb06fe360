/* units.h - units of measure by code or word, and what they are in the schema's unit.
 *
 * The shared schema has one unit for each kind of quantity, so that receivers compare
 * numbers and not spellings.  Pure functions, any thread.
 *
 * Source  UN/ECE Recommendation 20, revision 17 (codes); factors: BIPM, The International
 * System of Units, 9th edition, and the international yard and pound agreement of 1959 */
#ifndef GW_PIPELINE_UNITS_H
#define GW_PIPELINE_UNITS_H
#include "base/slice.h"

struct gw_unit {
    const char *name;   /* Rec 20 code, "LBR", or a word, "lb" */
    const char *to;     /* Rec 20 code of the schema's unit for this quantity, "KGM" */
    double factor, add; /* value in `to` = value * factor + add */
};

/* A Rec 20 code (exact) or a common word (ASCII letters in any case).  NULL when unknown.
 */
const struct gw_unit *gw_unit_find(struct gw_slice name);
/* For "did you mean": the i-th name, NULL at the end. */
const char *gw_unit_name(size_t i);
/* Rounded to six decimals, except where nothing is converted. */
double gw_unit_convert(const struct gw_unit *u, double value);
#endif
