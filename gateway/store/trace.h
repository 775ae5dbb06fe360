/* trace.h - the trace index: all events that speak of one piece of equipment or one
 * consignment, found without reading the journal.
 *
 * To put each reference of each event into a tree on disk as it comes costs more than
 * everything else of the way together; so the index is made behind the journal, off the
 * hot path: a thread of its own reads what was committed, sorts what it speaks of and
 * writes it out in runs (trace_run.h), which are merged eight at a time.  What is not
 * indexed yet, five seconds' worth or a quarter of a million events, is read.
 *
 * Everything here is derived from the journal: delete the folder and it is made anew.
 *
 *   gw_tracer_*   makes it (the gateway)      gw_trace_*  looks things up (anybody,
 * beside it) */
#ifndef GW_STORE_TRACE_H
#define GW_STORE_TRACE_H
#include "model/facts.h"
#include "pipeline/journal.h"

enum gw_trace_kind { GW_TRACE_EQUIPMENT, GW_TRACE_CONSIGNMENT };

/* Does the event speak of it?
 * id  an equipment id; or a reference value, or scheme:value, exact */
bool gw_trace_about(const struct gw_facts *f, enum gw_trace_kind kind,
                    struct gw_slice id);

/* ---- making ---- */

struct gw_tracer;

/* dir: where the runs lie, made when it is missing.  What is there and does not belong to
 * this journal is dropped.  No thread yet. Owns  *out is the caller's: gw_tracer_stop(),
 * before the journal is closed */
GW_MUST_USE enum gw_error gw_tracer_open(struct gw_tracer **out, struct gw_journal *j,
                                         const char *dir);
/* Index up to `most` events that were committed; *done: how many there were.  Merges when
 * due. */
GW_MUST_USE enum gw_error gw_tracer_step(struct gw_tracer *t, uint32_t most,
                                         uint32_t *done);
/* From here on a thread of the lowest priority does it. */
GW_MUST_USE enum gw_error gw_tracer_start(struct gw_tracer *t);
/* End the thread, if there is one, and free.  NULL is fine. */
void gw_tracer_stop(struct gw_tracer *t);

/* ---- looking up ---- */

struct gw_trace;

/* The runs as they are now; a folder that is missing is an empty index.
 * Errors  GW_CORRUPT a run is damaged: delete the folder;  GW_IO GW_NOMEM */
GW_MUST_USE enum gw_error gw_trace_open(struct gw_trace **out, const char *dir);
void gw_trace_close(struct gw_trace *t);
/* The range that is indexed; to 0 when there is none. */
void gw_trace_range(const struct gw_trace *t, uint64_t *from, uint64_t *to);
/* Append the seqs (uint64_t) of events that speak of it, ascending, as far as they are
 * indexed; a few may speak of something else.  Errors  GW_CORRUPT GW_NOMEM */
GW_MUST_USE enum gw_error gw_trace_find(const struct gw_trace *t, enum gw_trace_kind kind,
                                        struct gw_slice id, struct gw_buf *seqs);

/**
 * Every event that speaks of it, in order of seq: from the index, and from the journal
 * where that does not reach yet.
 *
 * visit   called with the event as stored and its facts, both borrowed for the call;
 * false stops Errors  GW_CORRUPT of the index or of an event that would belong here;
 * those of the journal */
GW_MUST_USE enum gw_error gw_trace_journey(struct gw_journal *j, const struct gw_trace *t,
                                           enum gw_trace_kind kind, struct gw_slice id,
                                           bool (*visit)(void *ctx,
                                                         const struct gw_stored *s,
                                                         const struct gw_facts *f),
                                           void *ctx);
#endif
