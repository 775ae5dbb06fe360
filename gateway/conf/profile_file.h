/* profile_file.h - config/profiles/NAME.yaml, checked and compiled.
 *
 * Owns    *out is the caller's: gw_profile_free()
 * Errors  GW_IO GW_FORMAT GW_RANGE; *c says where, what and what to do */
#ifndef GW_CONF_PROFILE_FILE_H
#define GW_CONF_PROFILE_FILE_H
#include "conf/yaml.h"
#include "pipeline/profile.h"

GW_MUST_USE enum gw_error gw_profile_load(struct gw_profile **out, const char *path,
                                          struct gw_complaint *c);
#endif
