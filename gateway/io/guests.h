/* guests.h - the connections of one endpoint, by descriptor: which have had no session for how long.
 *
 * A connection that was let in and then says nothing is seen by nobody: ZeroMQ hands over messages,
 * not connections.  So watch.h tells the table who comes and who leaves, each message says which
 * connection it came by, and whoever has had no session for too long is shut.
 *
 * Descriptors are used again.  Only what came is in the table, never what a message says alone: one
 * may lie about for longer than its connection.  And each has the inode of its socket with it, so
 * that none is shut but the one that came.  What there is no memory for is not watched over.
 *
 * Thread  the loop's. */
#ifndef GW_IO_GUESTS_H
#define GW_IO_GUESTS_H
#include <sys/types.h>
#include "pipeline/outlet.h"

struct gw_guest {
    ino_t inode; /* 0: it was gone before we looked */
    int64_t since_ms; /* at this age of the table it came, or had a session */
    struct gw_peer peer; /* who spoke by it last; id_len 0: nobody yet */
    bool here;
    bool gone; /* told to have left before it was told to have come */
};

struct gw_guests {
    struct gw_guest *at; /* by descriptor */
    uint32_t size;
    int64_t age_ms, seen_ms;
};

struct gw_guests_host {
    bool (*has_session)(void *ctx, const struct gw_peer *peer);
    /* It is about to be shut. */
    void (*leaves)(void *ctx, int fd);
    void *ctx;
};

void gw_guests_deinit(struct gw_guests *g);
/* With more than one network thread the two may be told in the wrong order. */
void gw_guests_came(struct gw_guests *g, int fd);
void gw_guests_left(struct gw_guests *g, int fd);

/* A message came by it.  fd -1: not known. */
static inline void gw_guests_heard(struct gw_guests *g, int fd, const struct gw_peer *peer)
{
    if (fd >= 0 && (uint32_t)fd < g->size && g->at[fd].here)
        g->at[fd].peer = *peer;
}

/**
 * Shut the connections that have had no session for longer than most_ms; what has one stays.  Their
 * end is told in its own time.  To be called every second or so: only so much passes for the guests
 * between two calls, so that a process that stood still does not find everybody too late.
 *
 * now_ms  of any clock that goes on
 */
void gw_guests_shut(struct gw_guests *g, int64_t now_ms, int64_t most_ms,
                    const struct gw_guests_host *host);
#endif
