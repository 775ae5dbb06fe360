/* store.h - the journal's stores: how each is opened; what they do is in pipeline/journal.h.
 *
 * Owns    *out is the caller's; end it with (*out)->ops->close(*out).  NULL after an error.
 * Errors  GW_IO GW_CORRUPT GW_NOMEM GW_RANGE; GW_EXISTS another gateway has it open; GW_NOT_FOUND
 *         (read-only) there is none; `why` then says in words what to do
 * Order   close the readers before the store */
#ifndef GW_STORE_STORE_H
#define GW_STORE_STORE_H
#include "pipeline/journal.h"

/* The embedded default: LMDB in settings->dir, one writer thread with group commit. */
GW_MUST_USE enum gw_error gw_lmdb_open(struct gw_journal **out,
                                       const struct gw_journal_settings *settings,
                                       const struct gw_clock *clock, struct gw_text *why);
/* Read-only on an existing directory, beside a running daemon or not: reader_open .. status work,
 * the rest answers GW_USAGE.  For the command line. */
GW_MUST_USE enum gw_error gw_lmdb_open_readonly(struct gw_journal **out, const char *dir,
                                                struct gw_text *why);
/* In memory, no thread: append completes before it returns, and everything (readers too) is used
 * from one thread.  For tests and simulations.  Its seed is random as well. */
GW_MUST_USE enum gw_error gw_memory_open(struct gw_journal **out,
                                         const struct gw_journal_settings *settings,
                                         const struct gw_clock *clock, struct gw_text *why);

/* What gw_journal_verify() found. */
struct gw_verification {
    uint64_t first_seq, last_seq, events, entries;
    uint8_t chain[32];     /* behind last_seq, computed anew */
    uint64_t checkpoints;  /* signed statements met, each good and in its place */
    uint64_t signed_seq;   /* of the newest of them; 0 = none */
    uint8_t signer[32];    /* its public key: compare it with the gateway's */
    uint64_t bad_seq;      /* GW_CORRUPT: where */
    const char *rule;      /* ... and what is wrong; static */
};

/**
 * Read the whole journal and compute everything anew: density, checksums, digests, the hash chain
 * from its anchor to its end, signed checkpoints.  Beside a running gateway too.
 *
 * progress  may be NULL; called now and then with how far it is
 * Errors    GW_CORRUPT: out->bad_seq and out->rule say where and what;  those of reader_open
 */
GW_MUST_USE enum gw_error gw_journal_verify(struct gw_journal *j,
                                            void (*progress)(void *ctx, uint64_t seq, uint64_t of),
                                            void *ctx, struct gw_verification *out);
#endif
