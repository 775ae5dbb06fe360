/* spool_record.h - one batch in a segment file of the spool: its bytes, and reading them
 * back.
 *
 *   segment   8  "KVSPOOL1"          8  ordinal of its first record
 *   record    8  XXH3 of what follows, seeded with nothing
 *             4  length of the payload        4  zero
 *             8  ordinal
 *   payload   8  spooled at, Unix ms   32  digest of the file   4 + 4  index, count of
 * the group 4  events                 2  length of the name   name   events (msgpack)
 *
 * All numbers little-endian.  Pure but for pread; any thread. */
#ifndef GW_ADAPTERS_SPOOL_RECORD_H
#define GW_ADAPTERS_SPOOL_RECORD_H
#include "base/buf.h"

#define GW_SEGMENT_HEAD 16
#define GW_RECORD_HEAD  24
#define GW_RECORD_META  54 /* the fixed part of the payload */
#define GW_RECORD_MOST  (4u << 20)

struct gw_spool_record {
    uint64_t ordinal; /* dense over the spool's life, from 1 */
    int64_t time_ms;
    uint8_t digest[32];
    uint32_t index, of; /* this is the index-th of `of` batches of one file, from 0 */
    uint32_t count;     /* events */
    struct gw_slice name, events;
};

void gw_segment_head_write(uint64_t first, struct gw_buf *out);
/* Errors  GW_FORMAT not one of ours, or too short;  GW_IO */
GW_MUST_USE enum gw_error gw_segment_head_read(int fd, uint64_t *first);

void gw_record_write(const struct gw_spool_record *r, struct gw_buf *out);
/* The fixed part only, unverified: ordinal, time, digest, group, count.
 * at      offset of the record;  size: of the segment
 * next    set on GW_OK: offset behind the record
 * Errors  GW_CORRUPT lengths that do not fit the file;  GW_IO */
GW_MUST_USE enum gw_error gw_record_peek(int fd, uint64_t at, uint64_t size,
                                         struct gw_spool_record *out, uint64_t *next);
/* The whole record, verified.  `room` holds its bytes; slices point into it.  Errors as
 * above */
GW_MUST_USE enum gw_error gw_record_read(int fd, uint64_t at, uint64_t size,
                                         struct gw_buf *room, struct gw_spool_record *out,
                                         uint64_t *next);
#endif
