/* records.h - the small records of the store: what stands in every table but the journal itself.
 *
 * Fixed parts are structs without gaps in the byte order of the machine, as LMDB's own pages are;
 * texts and bytes stand behind them.  Every reader here checks sizes against the bytes present. */
#ifndef GW_STORE_RECORDS_H
#define GW_STORE_RECORDS_H
#include "pipeline/journal.h"
#include "store/kv.h"

#define GW_STORE_FORMAT 1

/* What the next commit starts from; one record, written by every commit. */
struct gw_state {
    uint32_t format;
    uint32_t adapters;     /* numbers given out */
    uint64_t seed;         /* random, for id hashes */
    uint64_t first_seq;    /* oldest kept; last_seq + 1 when none is */
    uint64_t last_seq;     /* newest ever */
    int64_t latest_ms;     /* newest `received` ever */
    uint64_t quarantine_next;
    uint64_t quarantine_bytes;
    uint8_t anchor[32];    /* chain value in front of first_seq */
    uint8_t chain[32];     /* chain value behind last_seq */
};

struct gw_adapter_record {
    uint64_t last;   /* newest batch number */
    uint32_t number; /* of the adapter, in the keys of its outcomes */
    uint32_t reserved;
};

/* What became of a batch; the exceptions follow. */
struct gw_outcome_record {
    uint64_t accepted, duplicates, refused, first_seq, last_seq, body_hash;
};

/* A cursor; the filter follows. */
struct gw_cursor_record {
    uint64_t seq;
    int64_t updated_ms;
};

GW_MUST_USE enum gw_error gw_state_read(struct gw_view *v, struct gw_state *out);
GW_MUST_USE enum gw_error gw_state_write(struct gw_view *v, const struct gw_state *s);

/* GW_NOT_FOUND leaves *out zeroed. */
GW_MUST_USE enum gw_error gw_adapter_read(struct gw_view *v, const char *operator,
                                          const char *adapter, struct gw_adapter_record *out);
GW_MUST_USE enum gw_error gw_adapter_write(struct gw_view *v, const char *operator,
                                           const char *adapter,
                                           const struct gw_adapter_record *a);

GW_MUST_USE enum gw_error gw_outcome_read(struct gw_view *v, uint32_t adapter, uint64_t batch,
                                          struct gw_outcome *out);
/* Write one and drop those of the adapter that left the window. */
GW_MUST_USE enum gw_error gw_outcome_write(struct gw_view *v, uint32_t adapter, uint64_t batch,
                                           const struct gw_outcome *o, uint32_t window);
GW_MUST_USE enum gw_error gw_outcome_decode(struct gw_slice value, struct gw_outcome *out);

GW_MUST_USE enum gw_error gw_cursor_decode(struct gw_slice value, struct gw_cursor *out);
GW_MUST_USE enum gw_error gw_cursor_write(struct gw_view *v, const char *operator,
                                          const char *name, const struct gw_cursor *c);

/* Quarantine.  Adding and dropping keep the operator's and the whole account of bytes. */
GW_MUST_USE enum gw_error gw_quarantine_decode(struct gw_slice value,
                                               struct gw_quarantined *out);
/* id is given by the caller.  Over `quota` the entry is kept without its bytes: *whole is false. */
GW_MUST_USE enum gw_error gw_quarantine_add(struct gw_view *v, struct gw_state *s,
                                            const struct gw_quarantined *q, uint64_t quota,
                                            bool *whole);
/* GW_NOT_FOUND when it is not there. */
GW_MUST_USE enum gw_error gw_quarantine_remove(struct gw_view *v, struct gw_state *s,
                                               uint64_t id);
/* Bytes an operator has there. */
GW_MUST_USE enum gw_error gw_quota_read(struct gw_view *v, const char *operator,
                                        uint64_t *bytes);
#endif
