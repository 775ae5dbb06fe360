/* secret_file.h - a token or a password in a file of its own.  Any thread. */
#ifndef GW_ADAPTERS_SECRET_FILE_H
#define GW_ADAPTERS_SECRET_FILE_H
#include "base/buf.h"

#define GW_SECRET_MOST 256

/* The file's first line, without blanks around it.
 * Errors  GW_IO; GW_NOT_ALLOWED everybody may read it; GW_FORMAT empty, too long, or with
 *         control characters; why: what to change, without the content */
GW_MUST_USE enum gw_error gw_secret_read(const char *path, char out[GW_SECRET_MOST],
                                         struct gw_text *why);
/* In a time that does not tell how much of it is right. */
bool gw_secret_is(const char *secret, struct gw_slice given);
#endif
