/* number.c - a decimal number out of a text. */
#include "adapters/kit/number.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* strtod() also knows "inf", "nan" and hexadecimals; the programs never set a locale, so
 * the point is a point. */
bool gw_number(struct gw_slice text, double *out)
{
    char room[41], *end;
    text = gw_slice_trim(text, GW_LIT(" \t\r\n"));
    if (!gw_slice_copy(text, room, sizeof room) || !*room ||
        room[strspn(room, "0123456789+-.,eE")])
        return false;
    char *comma = strchr(room, ',');
    if (comma)
        *comma = '.';
    double v = strtod(room, &end);
    if (*end || end == room || !isfinite(v))
        return false;
    *out = v;
    return true;
}

void gw_number_text(double v, char out[GW_NUMBER_SIZE])
{
    double back;
    for (int shown = 6; shown <= 17; shown++) {
        (void)snprintf(out, GW_NUMBER_SIZE, "%.*g", shown, v);
        if (gw_number(gw_slice(out, strlen(out)), &back) && back == v)
            return;
    }
}
