/* number.h - a decimal number out of a text, and back.  Pure functions, any thread. */
#ifndef GW_ADAPTERS_KIT_NUMBER_H
#define GW_ADAPTERS_KIT_NUMBER_H
#include "base/slice.h"

/* Sign, digits, a point or comma with digits, an exponent; at most 40 bytes, blanks
 * around it passed over.  False on anything else, and when it is beyond a double. */
bool gw_number(struct gw_slice text, double *out);
/* The shortest text that reads back as v: "24120", "31.0887". */
#define GW_NUMBER_SIZE 32
void gw_number_text(double v, char out[GW_NUMBER_SIZE]);
#endif
