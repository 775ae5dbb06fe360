/* file.h - a whole small file into memory. */
#ifndef GW_CONF_FILE_H
#define GW_CONF_FILE_H
#include "base/buf.h"

/* Append the file to `out`.
 * Errors  GW_NOT_FOUND no such file;  GW_IO with errno set;  GW_NOMEM the limit of `out`
 */
GW_MUST_USE enum gw_error gw_file_read(const char *path, struct gw_buf *out);
#endif
