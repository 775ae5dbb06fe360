/* race_store.c - the store as the daemon uses it: two lanes append, the writer's thread
 * completes, batches are shared and freed by whoever is last, readers read beside it,
 * cursors and status come from any thread.
 *
 * Each lane reads what a batch says after it was completed, and so does the other lane:
 * only the queue and the count of references stand between them. */
#include <pthread.h>
#include <sched.h>
#include "base/queue.h"
#include "tests/unit/store/kit.h"

#define LANES   2
#define BATCHES 150u
#define EVENTS  20u

struct lane {
    struct kit *kit;
    struct gw_queue *inbox;
    struct lane *other;
    uint32_t number;
    uint64_t own, shared, read;
    enum gw_error trouble;
};

/* Journal's thread. */
static void on_done(struct gw_batch *b, void *ctx)
{
    struct lane *l = ctx;
    gw_batch_ref(b);
    if (gw_queue_push(l->other->inbox, b) || gw_queue_push(l->inbox, b))
        abort();
}

static struct gw_batch *fill(struct lane *l, uint64_t number)
{
    char operator[16];
    struct gw_batch *b;
    (void)snprintf(operator, sizeof operator, "op-%u", l->number);
    b = kit_many(l->kit, operator, number, "x", EVENTS);
    b->done = on_done;
    b->done_ctx = l;
    b->lane = l;
    return b;
}

static void take(struct lane *l)
{
    void *items[16];
    uint32_t n = gw_queue_take(l->inbox, items, 16);
    for (uint32_t i = 0; i < n; i++) {
        struct gw_batch *b = items[i];
        if (b->result)
            l->trouble = b->result;
        *(b->lane == l ? &l->own : &l->shared) += b->last_seq - b->first_seq + 1;
        gw_batch_unref(b);
    }
}

static void look_around(struct lane *l, struct gw_reader *r, uint64_t batch)
{
    const struct gw_journal_ops *ops = l->kit->journal->ops;
    struct gw_journal_status st;
    struct gw_stored out[32];
    uint32_t n = 0;

    ops->status(l->kit->journal, &st);
    if (ops->read(r, l->read + 1, out, 32, 1u << 20, &n))
        l->trouble = GW_CORRUPT;
    l->read += n;
    ops->reader_release(r);
    if (ops->cursor_store(l->kit->journal, "reader", l->number ? "b" : "a", l->read,
                          (int64_t)batch, gw_slice(NULL, 0), false))
        l->trouble = GW_STORAGE;
}

static void *run(void *arg)
{
    struct lane *l = arg;
    struct gw_journal *j = l->kit->journal;
    struct gw_reader *r;

    if (j->ops->reader_open(j, &r))
        abort();
    for (uint64_t i = 1; i <= BATCHES; i++) {
        struct gw_batch *b = fill(l, i);
        while (j->ops->append(j, &b))
            take(l);
        take(l);
        if (i % 8 == 0)
            look_around(l, r, i);
    }
    while (l->own + l->shared < (uint64_t)LANES * BATCHES * EVENTS && !l->trouble) {
        (void)gw_queue_wait(l->inbox, 100);
        take(l);
    }
    while (l->read < (uint64_t)LANES * BATCHES * EVENTS && !l->trouble)
        look_around(l, r, BATCHES);
    j->ops->reader_close(r);
    return NULL;
}

int main(void)
{
    struct kit k;
    struct lane lanes[LANES] = {{.number = 0}, {.number = 1}};
    pthread_t threads[LANES];
    int bad = 0;

    kit_init(&k, false);
    if (kit_open(&k))
        return 1;
    for (int i = 0; i < LANES; i++) {
        lanes[i].kit = &k;
        lanes[i].other = &lanes[1 - i];
        if (gw_queue_new(&lanes[i].inbox, LANES * BATCHES))
            return 1;
    }
    for (int i = 0; i < LANES; i++)
        if (pthread_create(&threads[i], NULL, run, &lanes[i]))
            return 1;
    for (int i = 0; i < LANES; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < LANES; i++) {
        printf("race_store: lane=%d own=%llu shared=%llu read=%llu trouble=%s\n", i,
               (unsigned long long)lanes[i].own, (unsigned long long)lanes[i].shared,
               (unsigned long long)lanes[i].read, gw_error_name(lanes[i].trouble));
        bad |= lanes[i].trouble != GW_OK || lanes[i].own != BATCHES * EVENTS;
        gw_queue_free(lanes[i].inbox);
    }
    kit_end(&k);
    return bad;
}
