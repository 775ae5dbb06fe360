/* profile_file.c - config/profiles/NAME.yaml.  The compiler of profiles is not written yet: an operator
 * file that names a profile is refused at start, rather than its events taken in the wrong words. */
#include "conf/profile_file.h"
#include <stdio.h>

enum gw_error gw_profile_load(struct gw_profile **out, const char *path, struct gw_complaint *c)
{
    *out = NULL;
    *c = (struct gw_complaint){.line = 0};
    (void)snprintf(c->file, sizeof c->file, "%.120s", path);
    (void)snprintf(c->what, sizeof c->what, "profiles cannot be loaded by this version");
    (void)snprintf(c->remedy, sizeof c->remedy,
                   "remove `profile` from the operator's file and send the shared schema");
    return GW_USAGE;
}
