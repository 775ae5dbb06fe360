/* failed_folder.h - failed/: what was refused, with the reason beside it.
 *
 *   <name>                   the message, byte for byte
 *   <name>.reason.txt        why it was refused as a whole
 *   <name>.refused.ndjson    the events of it that the gateway refused, one a line
 *
 * Works on the folder's descriptor.  Any thread, one at a time per folder. */
#ifndef GW_ADAPTERS_FAILED_FOLDER_H
#define GW_ADAPTERS_FAILED_FOLDER_H
#include "adapters/files.h"

/* "<stem><end>", the stem cut where the whole would be too long for a file system. */
void gw_failed_name(struct gw_slice stem, const char *end, char out[GW_FILE_NAME_MAX]);
/* The name, or with "~2", "~3" ... behind it, that no file in the folder has yet. */
void gw_failed_free_name(int dir, const char *name, char out[GW_FILE_NAME_MAX]);
/* Put the reason of `name` beside it; first the reason, then the message, so that no
 * message is without one. */
GW_MUST_USE enum gw_error gw_failed_reason(int dir, const char *name,
                                           struct gw_slice reason);
/* A message that lies in no file: reason and message.
 * taken   the name it got; may be NULL, else GW_FILE_NAME_MAX bytes */
GW_MUST_USE enum gw_error gw_failed_put(int dir, const char *name,
                                        struct gw_slice message, struct gw_slice reason,
                                        char *taken);
/* Add lines to <name>.refused.ndjson, durably; lines that are there already (a repeat
 * after a crash) are left out. lines    whole ones, each with its end Errors   GW_RANGE
 * the file has reached its limit of 256 MiB;  GW_IO GW_NOMEM */
GW_MUST_USE enum gw_error gw_failed_events(int dir, struct gw_slice name,
                                           struct gw_slice lines);
#endif
