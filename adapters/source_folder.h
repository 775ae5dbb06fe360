/* source_folder.h - files from a drop-box: found, picked up atomically, put away when
 * done.
 *
 * Below the folder:
 *
 *   inbox   where the other system puts files, under a name that begins with "." or ends
 *           in .tmp or .part while it writes (or in one rename); where it cannot, a file
 *           counts as whole once it has not changed for settle_ms
 *   work    being worked on; what lies here at the start is worked on again
 *   done    taken, in a folder for each day; for the operator to keep or delete
 *   failed  refused, each with <name>.reason.txt beside it
 *
 * All are made when missing, and must be on one file system: a file moves by renaming and
 * is never copied.  Order: by time of modification, then by name.
 *
 * Thread  one at a time per source; the clock is handed in. */
#ifndef GW_ADAPTERS_SOURCE_FOLDER_H
#define GW_ADAPTERS_SOURCE_FOLDER_H
#include "adapters/files.h"

#define GW_SOURCE_LOOK_MOST 100000 /* files of the inbox looked at in one go */

struct gw_source;

struct gw_source_file {
    char name[GW_FILE_NAME_MAX]; /* in work/ */
    uint64_t size;
};

/* Owns  *out is the caller's: gw_source_close().  Errors GW_IO GW_NOMEM; why: what to
 * change */
GW_MUST_USE enum gw_error gw_source_open(struct gw_source **out, const char *folder,
                                         uint32_t settle_ms, struct gw_text *why);
void gw_source_close(struct gw_source *s);
/* The inbox, to be watched; borrowed. */
const char *gw_source_inbox(const struct gw_source *s);

/* Look what there is in the inbox.  mono_ms: monotonic.  Errors  GW_IO GW_NOMEM */
GW_MUST_USE enum gw_error gw_source_look(struct gw_source *s, int64_t mono_ms);
/* Milliseconds until a file seen by the last look may have settled; -1 when none is
 * awaited. */
int64_t gw_source_settles_in(const struct gw_source *s, int64_t mono_ms);
/* Files seen by the last look and not taken yet. */
uint32_t gw_source_waiting(const struct gw_source *s);

/* The next file: of work/ first, then of those that had settled at the last look, which
 * is moved to work/.  Errors  GW_NOT_FOUND none;  GW_IO it cannot be moved (it is tried
 * again after the next look) */
GW_MUST_USE enum gw_error gw_source_take(struct gw_source *s, struct gw_source_file *out);
/* Append its content.  Errors  GW_RANGE more than `most` bytes, nothing is read;  GW_IO;
 * GW_NOMEM */
GW_MUST_USE enum gw_error gw_source_read(const struct gw_source *s,
                                         const struct gw_source_file *f, size_t most,
                                         struct gw_buf *out);
/* Taken: move it to done/. */
GW_MUST_USE enum gw_error gw_source_done(struct gw_source *s,
                                         const struct gw_source_file *f, int64_t now_ms);
/* Refused: first the reason, then the file, to failed/.
 * taken   the name it has there; may be NULL, else GW_FILE_NAME_MAX bytes */
GW_MUST_USE enum gw_error gw_source_failed(struct gw_source *s,
                                           const struct gw_source_file *f,
                                           struct gw_slice reason, char *taken);
#endif
