/* race_queue.c - what is written before a push is seen by whoever takes it, without
 * another lock.
 *
 * Two threads push items they have just filled in, one takes them, adds them up and frees
 * them; the counts must fit.  Under TSan a missing order is a report. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/queue.h"

#define PUSHERS 2
#define ITEMS   20000u

struct item {
    uint64_t number;
    char text[32];
};

static struct gw_queue *queue;

static void *push(void *arg)
{
    (void)arg;
    for (uint64_t i = 1; i <= ITEMS; i++) {
        struct item *it = malloc(sizeof *it);
        if (!it)
            abort();
        it->number = i;
        (void)snprintf(it->text, sizeof it->text, "%llu", (unsigned long long)i);
        while (gw_queue_push(queue, it) == GW_AGAIN)
            sched_yield();
    }
    return NULL;
}

static uint64_t take_all(void)
{
    void *items[64];
    uint64_t sum = 0, taken = 0;
    while (taken < (uint64_t)PUSHERS * ITEMS && gw_queue_wait(queue, -1)) {
        uint32_t n = gw_queue_take(queue, items, 64);
        for (uint32_t i = 0; i < n; i++) {
            const struct item *it = items[i];
            sum += it->number == strtoull(it->text, NULL, 10) ? it->number : 0;
            free(items[i]);
        }
        taken += n;
    }
    return sum;
}

int main(void)
{
    pthread_t threads[PUSHERS];
    uint64_t expected = (uint64_t)PUSHERS * ITEMS * (ITEMS + 1) / 2, sum;

    if (gw_queue_new(&queue, 100))
        return 1;
    for (int i = 0; i < PUSHERS; i++)
        if (pthread_create(&threads[i], NULL, push, NULL))
            return 1;
    sum = take_all();
    for (int i = 0; i < PUSHERS; i++)
        pthread_join(threads[i], NULL);
    gw_queue_close(queue);
    gw_queue_free(queue);
    printf("race_queue: sum=%llu expected=%llu\n", (unsigned long long)sum,
           (unsigned long long)expected);
    return sum == expected ? 0 : 1;
}
