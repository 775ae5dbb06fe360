/* queue.c - a ring of pointers behind a mutex. */
#include "base/queue.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct gw_queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    uint32_t head, count, cap;
    bool closed;
    void *items[];
};

enum gw_error gw_queue_new(struct gw_queue **out, uint32_t capacity)
{
    struct gw_queue *q;
    pthread_condattr_t attr;

    *out = NULL;
    if (!capacity || capacity > 1u << 20)
        return GW_RANGE;
    q = calloc(1, sizeof *q + capacity * sizeof(void *));
    if (!q)
        return GW_NOMEM;
    q->cap = capacity;
    pthread_mutex_init(&q->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&q->filled, &attr);
    pthread_condattr_destroy(&attr);
    *out = q;
    return GW_OK;
}

void gw_queue_free(struct gw_queue *q)
{
    if (!q)
        return;
    pthread_cond_destroy(&q->filled);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

enum gw_error gw_queue_push(struct gw_queue *q, void *item)
{
    return gw_queue_push_spare(q, item, 0);
}

enum gw_error gw_queue_push_spare(struct gw_queue *q, void *item, uint32_t spare)
{
    enum gw_error e = GW_OK;
    pthread_mutex_lock(&q->lock);
    if (q->closed)
        e = GW_CLOSED;
    else if (q->cap - q->count <= spare)
        e = GW_AGAIN;
    else {
        q->items[(q->head + q->count++) % q->cap] = item;
        pthread_cond_signal(&q->filled);
    }
    pthread_mutex_unlock(&q->lock);
    return e;
}

uint32_t gw_queue_take(struct gw_queue *q, void **out, uint32_t max)
{
    uint32_t n = 0;
    pthread_mutex_lock(&q->lock);
    while (n < max && q->count) {
        out[n++] = q->items[q->head];
        q->head = (q->head + 1) % q->cap;
        q->count--;
    }
    pthread_mutex_unlock(&q->lock);
    return n;
}

static struct timespec deadline_in(int timeout_ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += timeout_ms / 1000;
    t.tv_nsec += (timeout_ms % 1000) * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    return t;
}

bool gw_queue_wait(struct gw_queue *q, int timeout_ms)
{
    struct timespec until = deadline_in(timeout_ms < 0 ? 0 : timeout_ms);
    bool open;
    pthread_mutex_lock(&q->lock);
    while (!q->count && !q->closed) {
        if (timeout_ms < 0)
            pthread_cond_wait(&q->filled, &q->lock);
        else if (pthread_cond_timedwait(&q->filled, &q->lock, &until) == ETIMEDOUT)
            break;
    }
    open = !q->closed || q->count;
    pthread_mutex_unlock(&q->lock);
    return open;
}

void gw_queue_close(struct gw_queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->filled);
    pthread_mutex_unlock(&q->lock);
}
