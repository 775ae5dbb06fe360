/* writer.c - the thread that owns every writing transaction.
 *
 * While one commit is on its way to the disk the queue fills, and the next group is as large as it
 * needs to be; waiting for company (group_wait_us) is only for disks that sync very fast. */
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include "base/queue.h"
#include "store/parts.h"

#define HELD        1024
#define GROUP_BYTES (16u << 20)
#define TIDY_MS     10000
#define TICK_MS     1000 /* idle look at retention */

struct gw_writer {
    struct gw_store *store;
    struct gw_queue *queue;
    pthread_t thread;
    bool started;
    void *held[HELD]; /* taken from the queue, not yet in a group */
    uint32_t held_count;
    int64_t tidied_ms, ticked_ms;
};

static void refill(struct gw_writer *w)
{
    w->held_count +=
        gw_queue_take(w->queue, w->held + w->held_count, HELD - w->held_count);
}

/* How many of those held make the next group; `events` is how many events they have. */
static uint32_t group_size(const struct gw_writer *w, uint64_t *events)
{
    uint64_t bytes = 0;
    uint32_t n = 0;
    *events = 0;
    for (; n < w->held_count; n++) {
        const struct gw_batch *b = w->held[n];
        if (n && (*events + b->count > w->store->settings.group_events ||
                  bytes + b->events.len + b->refused.len > GROUP_BYTES))
            break;
        *events += b->count;
        bytes += b->events.len + b->refused.len;
    }
    return n;
}

static void wait_for_company(const struct gw_writer *w)
{
    uint32_t us = w->store->settings.group_wait_us;
    struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000};
    (void)nanosleep(&t, NULL);
}

static uint32_t next_group(struct gw_writer *w)
{
    uint64_t events;
    uint32_t n;
    refill(w);
    n = group_size(w, &events);
    if (n && n == w->held_count && w->store->settings.group_wait_us &&
        events < w->store->settings.group_events) {
        wait_for_company(w);
        refill(w);
        n = group_size(w, &events);
    }
    return n;
}

static void commit_group(struct gw_writer *w, uint32_t n)
{
    struct gw_batch *group[HELD];
    for (uint32_t i = 0; i < n; i++)
        group[i] = w->held[i];
    w->held_count -= n;
    memmove(w->held, w->held + n, w->held_count * sizeof *w->held);
    atomic_fetch_sub(&w->store->queued, n);
    (void)gw_store_commit(w->store, group, n);
}

/* Nothing to keep: changes that have waited long enough, retention, and dead readers. */
static void idle(struct gw_writer *w)
{
    struct gw_store *s = w->store;
    int64_t now = gw_mono_ns(&s->clock) / 1000000;
    int64_t since = gw_pending_since(s->pending);
    bool due = since != INT64_MAX && now - since >= s->settings.cursor_ms;

    if (now - w->tidied_ms >= TIDY_MS) {
        s->kv->ops->tidy(s->kv);
        w->tidied_ms = now;
    }
    if (!due && now - w->ticked_ms < TICK_MS)
        return;
    w->ticked_ms = now;
    if (gw_store_commit(s, NULL, 0))
        w->ticked_ms = 0; /* more to drop: do not wait */
}

static void *run(void *arg)
{
    struct gw_writer *w = arg;
    int tick = w->store->settings.cursor_ms < TICK_MS ? (int)w->store->settings.cursor_ms
                                                      : TICK_MS;
    bool open = true;

    (void)prctl(PR_SET_NAME, "journal");
    while (open || w->held_count) {
        uint32_t n;
        if (!w->held_count)
            open = gw_queue_wait(w->queue, w->ticked_ms ? tick : 0);
        n = next_group(w);
        if (n)
            commit_group(w, n);
        else if (open)
            idle(w);
    }
    (void)gw_store_commit(w->store, NULL, 0); /* what still waits */
    return NULL;
}

/* Every commit takes memory for its pages and gives it back.  Left alone, glibc returns it to the
 * system each time and has it zeroed again page by page: measured, 1 us for every event. */
static void keep_memory(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, GROUP_BYTES / 4);
    (void)mallopt(M_TRIM_THRESHOLD, GROUP_BYTES);
}

enum gw_error gw_writer_start(struct gw_store *s)
{
    struct gw_writer *w = calloc(1, sizeof *w);
    sigset_t all, before;
    enum gw_error e;

    if (!w)
        return GW_NOMEM;
    s->writer = w;
    w->store = s;
    w->tidied_ms = w->ticked_ms = gw_mono_ns(&s->clock) / 1000000;
    e = gw_queue_new(&w->queue, s->settings.queue_batches);
    if (e)
        return e;
    keep_memory();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the main thread's */
    w->started = pthread_create(&w->thread, NULL, run, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return w->started ? GW_OK : GW_NOMEM;
}

enum gw_error gw_writer_append(struct gw_writer *w, struct gw_batch **b)
{
    enum gw_error e;
    atomic_fetch_add(&w->store->queued, 1);
    e = gw_queue_push(w->queue, *b);
    if (e)
        atomic_fetch_sub(&w->store->queued, 1);
    else
        *b = NULL;
    return e;
}

void gw_writer_stop(struct gw_writer *w)
{
    if (!w)
        return;
    if (w->started) {
        gw_queue_close(w->queue);
        (void)pthread_join(w->thread, NULL);
    }
    gw_queue_free(w->queue);
    free(w);
}
