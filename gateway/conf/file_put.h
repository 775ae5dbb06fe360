/* file_put.h - a small file on disk, whole or not at all.
 *
 * The text goes to a new file beside `path`, is synced, gets the name, and the folder is
 * synced: a reader sees the old file or the whole new one, also after a power cut.
 *
 * Errors  GW_IO with errno set;  GW_RANGE the path is too long;  GW_EXISTS
 * (gw_file_create) */
#ifndef GW_CONF_FILE_PUT_H
#define GW_CONF_FILE_PUT_H
#include "base/buf.h"

/* A file that must not be there yet. */
GW_MUST_USE enum gw_error gw_file_create(const char *path, struct gw_slice text);
/* In the place of what is there. */
GW_MUST_USE enum gw_error gw_file_replace(const char *path, struct gw_slice text);
#endif
