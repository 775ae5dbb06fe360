/* files.h - files that are there whole or not at all: folders held open, put, get, move.
 *
 * Everything is relative to an open folder, so that renaming a parent does no harm.  Any
 * thread. */
#ifndef GW_ADAPTERS_FILES_H
#define GW_ADAPTERS_FILES_H
#include "base/buf.h"

#define GW_FILE_NAME_MAX                                                                 \
    256 /* a name with its end; longer ones no file system here has */

/* Make `path` (relative to the folder `at`, or AT_FDCWD) with its parents, and open it.
 * Errors  GW_IO, errno says why */
GW_MUST_USE enum gw_error gw_dir_open(int *out, int at, const char *path);
/* Close if open (>= 0) and set to -1. */
void gw_dir_close(int *dir);
/* Make names put, moved or removed in `dir` survive a power cut. */
GW_MUST_USE enum gw_error gw_dir_sync(int dir);

/* How many names there are in it, "." and ".." left out; what cannot be counted counts 0.
 */
uint32_t gw_dir_count(int dir);

/* Write `content` under `name`, replacing what is there: as ".<name>.tmp", synced,
 * renamed, folder synced.  A reader sees the old file or the whole new one. Errors GW_IO:
 * then `name` is as before */
GW_MUST_USE enum gw_error gw_file_put(int dir, const char *name, struct gw_slice content);
/* Append the content of a regular file to `out`.
 * Errors  GW_NOT_FOUND;  GW_RANGE longer than `most` bytes, nothing read;  GW_IO GW_NOMEM
 */
GW_MUST_USE enum gw_error gw_file_get(int dir, const char *name, size_t most,
                                      struct gw_buf *out);
/* Move without replacing: where `to_name` is taken, "~2", "~3" ... is put behind it.
 * Names too long for their suffixes are cut. taken   the name it got; may be NULL, else
 * GW_FILE_NAME_MAX bytes Errors  GW_NOT_FOUND GW_IO GW_EXISTS (a thousand such names) */
GW_MUST_USE enum gw_error gw_file_move(int from, const char *name, int to,
                                       const char *to_name, char *taken);
/* Write all of `bytes` at `offset` (pwrite).  Errors  GW_IO */
GW_MUST_USE enum gw_error gw_file_write_at(int fd, struct gw_slice bytes,
                                           uint64_t offset);
/* Read `len` bytes at `offset`, or fewer at the end of the file; -1 on error. */
int64_t gw_file_read_at(int fd, void *to, size_t len, uint64_t offset);
#endif
