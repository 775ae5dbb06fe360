/* profile_file.h - config/profiles/NAME.yaml, checked and compiled.
 *
 * The language is told in config/profiles/README.md.  Tables of codes are read from files
 * beside the profile, zones from the system's tzdata.
 *
 * Owns    *out is the caller's: gw_profile_free(); NULL after an error
 * Errors  GW_IO GW_FORMAT GW_RANGE GW_NOMEM; *c says where, what and what to do */
#ifndef GW_CONF_PROFILE_FILE_H
#define GW_CONF_PROFILE_FILE_H
#include "conf/yaml.h"
#include "pipeline/profile.h"

/* path: its last part must be NAME.yaml, with the `name` that the profile states. */
GW_MUST_USE enum gw_error gw_profile_load(struct gw_profile **out, const char *path,
                                          struct gw_complaint *c);
/* The same of a text that is, or is to be, in the file `path`. */
GW_MUST_USE enum gw_error gw_profile_parse(struct gw_profile **out, struct gw_slice text,
                                           const char *path, struct gw_complaint *c);
#endif
