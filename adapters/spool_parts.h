/* spool_parts.h - the spool's inside, shared by its files and by nobody else.
 *
 *   spool.c         what spool.h promises: add, read, acknowledge, agree on numbers
 *   spool_open.c    from a folder, whatever happened to it, to a spool
 *   spool_cursor.c  the cursor file */
#ifndef GW_ADAPTERS_SPOOL_PARTS_H
#define GW_ADAPTERS_SPOOL_PARTS_H
#include "adapters/spool.h"
#include "adapters/spool_recent.h"
#include "adapters/spool_record.h"

struct gw_segment {
    uint64_t first; /* ordinal of its first record, there or to come */
    uint64_t size;  /* bytes of whole, valid groups */
};

struct gw_cursor {
    uint64_t acked; /* ordinal: everything up to it is acknowledged */
    int64_t shift;  /* number = ordinal + shift */
    bool known;     /* shift was agreed with the gateway */
};

struct gw_reader {
    int fd;         /* -1: nowhere */
    uint64_t first; /* of its segment */
    uint64_t at, ordinal;
};

struct gw_spool {
    struct gw_spool_settings set;
    int dir, lock;
    struct gw_segment *segments; /* oldest first; the last one is being appended to */
    uint32_t count, cap;
    int active;          /* the last segment, open for writing; -1: none yet */
    bool dir_dirty;      /* a segment's name is not synced yet */
    bool unsynced;       /* something was added since the last sync */
    bool failed;         /* a sync failed */
    uint64_t bytes;      /* of all segments */
    uint64_t next, safe; /* ordinal of the next record; of the newest synced one */
    uint64_t cut;        /* bytes cut off at opening */
    struct gw_cursor cursor;
    bool cursor_dirty;
    struct gw_recent recent;
    struct gw_buf room;      /* the record being written or read */
    struct gw_reader reader; /* of the batches to send */
    struct gw_reader tail;   /* of the oldest one, for its age */
};

/* ---- spool_open.c ---- */
/* "0000000000000001.seg" */
void gw_segment_name(uint64_t first, char out[24]);
GW_MUST_USE enum gw_error gw_spool_scan(struct gw_spool *s, struct gw_text *why);
/* Append to the list of segments.  Errors GW_NOMEM */
GW_MUST_USE enum gw_error gw_spool_list(struct gw_spool *s, struct gw_segment g);

/* ---- spool_cursor.c ---- */
/* Missing: *out is all zero.  Errors GW_CORRUPT GW_IO GW_NOMEM */
GW_MUST_USE enum gw_error gw_cursor_load(struct gw_cursor *out, int dir);
GW_MUST_USE enum gw_error gw_cursor_save(const struct gw_cursor *c, int dir);
#endif
