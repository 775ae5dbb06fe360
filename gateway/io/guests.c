/* guests.c - who has come and has had no session for too long. */
#include "io/guests.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define SIZE_LEAST 64
#define STEP_MS    2000 /* the most that passes between two looks */

void gw_guests_deinit(struct gw_guests *g)
{
    free(g->at);
    *g = (struct gw_guests){0};
}

static struct gw_guest *guest_at(struct gw_guests *g, int fd)
{
    return fd >= 0 && (uint32_t)fd < g->size ? &g->at[fd] : NULL;
}

/* Descriptors are the lowest that are free, so that the table is no larger than the most there were. */
static bool grow(struct gw_guests *g, uint32_t fd)
{
    uint32_t size = g->size ? g->size : SIZE_LEAST;
    struct gw_guest *at;
    while (size <= fd)
        size *= 2;
    at = realloc(g->at, size * sizeof *at);
    if (!at)
        return false;
    memset(at + g->size, 0, (size - g->size) * sizeof *at);
    g->at = at;
    g->size = size;
    return true;
}

/* 0: that is no socket (any more). */
static ino_t inode_of(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode) ? st.st_ino : 0;
}

void gw_guests_came(struct gw_guests *g, int fd)
{
    struct gw_guest *it;
    bool gone;
    if (fd < 0 || ((uint32_t)fd >= g->size && !grow(g, (uint32_t)fd)))
        return;
    it = &g->at[fd];
    gone = it->gone;
    *it = (struct gw_guest){0};
    if (!gone)
        *it = (struct gw_guest){.here = true, .inode = inode_of(fd), .since_ms = g->age_ms};
}

void gw_guests_left(struct gw_guests *g, int fd)
{
    struct gw_guest *it = guest_at(g, fd);
    if (it)
        *it = (struct gw_guest){.gone = !it->here};
}

static void shut(const struct gw_guest *it, int fd, const struct gw_guests_host *host)
{
    if (!it->inode || inode_of(fd) != it->inode)
        return;
    host->leaves(host->ctx, fd);
    (void)shutdown(fd, SHUT_RDWR); /* closing it is ZeroMQ's, which learns of it by reading */
}

static void look_at(struct gw_guests *g, int fd, int64_t most_ms, const struct gw_guests_host *host)
{
    struct gw_guest *it = &g->at[fd];
    bool speaks = it->peer.id_len && host->has_session(host->ctx, &it->peer);
    if (!speaks && g->age_ms - it->since_ms <= most_ms)
        return;
    if (!speaks)
        shut(it, fd, host);
    it->since_ms = g->age_ms;
}

void gw_guests_shut(struct gw_guests *g, int64_t now_ms, int64_t most_ms,
                    const struct gw_guests_host *host)
{
    int64_t passed = now_ms - g->seen_ms;
    g->age_ms += passed < STEP_MS ? passed : STEP_MS;
    g->seen_ms = now_ms;
    for (uint32_t i = 0; i < g->size; i++)
        if (g->at[i].here)
            look_at(g, (int)i, most_ms, host);
}
