/* trace_run.h - one run of the trace index: which events speak of what, for a range of
 * seq, sorted.
 *
 *   head | blocks of 256 postings, by key and seq | one fence per block: its first key,
 * its checksum
 *
 * A posting is the hash of what an event speaks of, and its seq.  A file is written once,
 * beside, synced and renamed, and never changed; what is read is checked block by block,
 * so that damage is found and not taken for "nothing there". */
#ifndef GW_STORE_TRACE_RUN_H
#define GW_STORE_TRACE_RUN_H
#include "base/buf.h"

struct gw_posting {
    uint64_t key, seq;
};

struct gw_run; /* open, mapped */

/* Writing: postings in order of key and seq, then finish. */
struct gw_run_writer;
GW_MUST_USE enum gw_error gw_run_create(struct gw_run_writer **out, const char *dir);
/* Errors come at the end. */
void gw_run_put(struct gw_run_writer *w, struct gw_posting p);
/* Everything from..to was looked at.  seed: the journal's own, to know it by.  Ends the
 * writer. */
GW_MUST_USE enum gw_error gw_run_finish(struct gw_run_writer *w, uint64_t seed,
                                        uint64_t from, uint64_t to);
/* Leave nothing behind.  NULL is fine. */
void gw_run_drop(struct gw_run_writer *w);

/* The name of a run's file; false for a name of another form. */
void gw_run_name(uint64_t from, uint64_t to, char out[64]);
bool gw_run_parse(const char *name, uint64_t *from, uint64_t *to);

/* Errors  GW_CORRUPT; GW_NOT_FOUND it is gone; GW_IO GW_NOMEM
 * Owns    *out is the caller's: gw_run_close() */
GW_MUST_USE enum gw_error gw_run_open(struct gw_run **out, const char *dir, uint64_t from,
                                      uint64_t to);
void gw_run_close(struct gw_run *r);
uint64_t gw_run_from(const struct gw_run *r);
uint64_t gw_run_to(const struct gw_run *r);
uint64_t gw_run_seed(const struct gw_run *r);
uint64_t gw_run_count(const struct gw_run *r);
/* All postings, unchecked: for merging, behind gw_run_verify(). */
const struct gw_posting *gw_run_postings(const struct gw_run *r);
/* All blocks. */
GW_MUST_USE enum gw_error gw_run_verify(const struct gw_run *r);

/* Append the seqs of a key, ascending.  Errors  GW_CORRUPT a block does not fit its
 * checksum; GW_NOMEM the limit of `seqs` */
GW_MUST_USE enum gw_error gw_run_find(const struct gw_run *r, uint64_t key,
                                      struct gw_buf *seqs);
#endif
