/* profile_parts.h - a compiled profile from inside: for profile.c and normalise*.c only.
 */
#ifndef GW_PIPELINE_PROFILE_PARTS_H
#define GW_PIPELINE_PROFILE_PARTS_H
#include "pipeline/enrich.h"
#include "pipeline/profile.h"

struct gw_profile {
    enum gw_digits digits;
};
#endif
