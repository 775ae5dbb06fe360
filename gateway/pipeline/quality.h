/* quality.h - findings: what was noticed about an event without refusing it.
 *
 * Every repair and every doubt of stages 3 and 4 goes into the event's `quality`, so that
 * the receiver knows it too.  The rules' names, all listed in config/profiles/README.md,
 * are part of the schema's meaning and keep it. */
#ifndef GW_PIPELINE_QUALITY_H
#define GW_PIPELINE_QUALITY_H
#include "model/tree.h"

#define GW_QUALITY_MOST 64 /* SCHEMA.md; findings beyond it are left out */

enum gw_severity { GW_SEVERITY_INFO, GW_SEVERITY_WARN };

/**
 * Append one finding to a fitted event's `quality`; one that is there already is not
 * repeated, so that an event which passes through a second gateway keeps its bytes.
 *
 * rule     static text
 * field    dotted path; copied, cut at 128 bytes
 * raw      the value as it was; borrowed until the tree is reset; may be empty
 * Absent   no room, or a `quality` of another type (which gw_shape_check() refuses):
 * nothing happens
 */
void gw_quality_note(struct gw_tree *t, uint32_t root, const char *rule,
                     enum gw_severity severity, const char *field, struct gw_slice raw);
#endif
