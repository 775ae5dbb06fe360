/* profile.c - an operator's dialect, compiled. */
#include "pipeline/profile_parts.h"
#include <stdlib.h>

void gw_profile_free(struct gw_profile *p)
{
    free(p);
}
