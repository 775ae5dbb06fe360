/* flow.c - senders and receivers for experiments that take time. */
#include "tests/fault/flow.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"

#define PATIENCE_MS 60000

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

void flow_init(struct flow *f, const struct gw_rig *rig, uint32_t operator, uint32_t run,
               const char *adapter)
{
    *f = (struct flow){.rig = rig, .operator= operator, .run = run, .adapter = adapter};
    f->keys = rig->keys[operator];
    pthread_mutex_init(&f->lock, NULL);
    f->notes = calloc(FLOW_RING, sizeof *f->notes);
    if (!f->notes)
        exit(1);
}

void flow_deinit(struct flow *f)
{
    pthread_mutex_destroy(&f->lock);
    free(f->notes);
}

static void on_state(void *user, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    struct flow *f = user;
    if (code && s != KARVAN_CONNECTING)
        fprintf(stderr, "%s: %s: %d %s\n", f->adapter, karvan_state_name(s), (int)code,
                text);
}

static void open_client(struct flow *f, struct karvan_options *o)
{
    char why[256];
    struct karvan_keys keys;

    pthread_mutex_lock(&f->lock);
    keys = f->keys;
    pthread_mutex_unlock(&f->lock);
    o->public_key = keys.public_key;
    o->secret_key = keys.secret_key;
    o->retry_ms = 50;
    o->retry_max_ms = 500;
    o->on.state = on_state;
    o->user = f;
    if (karvan_open(&f->client, o, why, sizeof why)) {
        fprintf(stderr, "%s: %s\n", f->adapter, why);
        exit(1);
    }
}

/* ---- the sender ---- */

static void on_acked(void *user, const struct karvan_ack *a)
{
    struct flow *f = user;
    atomic_fetch_add(&f->acked, a->accepted + a->duplicates);
}

static void on_refused(void *user, const struct karvan_refusal *x)
{
    struct flow *f = user;
    if (!atomic_fetch_add(&f->refused, 1))
        fprintf(stderr, "%s: refused: %d %s\n", f->adapter, (int)x->code, x->rule);
}

static void open_sender(struct flow *f)
{
    struct karvan_options o;
    gw_rig_options(f->rig, f->operator, f->adapter, &o);
    o.on.acked = on_acked;
    o.on.refused = on_refused;
    open_client(f, &o);
    atomic_store(&f->sent, atomic_load(&f->acked)); /* what has no answer is sent again */
}

/* When the event is due.  One that is sent again is the same event, so it keeps its time.
 */
static uint64_t due(struct flow *f, uint64_t number, int64_t due_ns)
{
    uint64_t *kept = &f->notes[number % FLOW_RING];
    if (number >= f->made) {
        *kept = (uint64_t)due_ns;
        f->made = number + 1;
    }
    return *kept;
}

/* The next event if its time has come; false: not now. */
static bool send_one(struct flow *f, struct gw_load *load, int64_t *due_ns)
{
    uint64_t number = atomic_load(&f->sent);
    int64_t now = now_ns();
    struct gw_slice ev;

    if ((f->most && number >= f->most) || (f->rate && *due_ns > now))
        return false;
    if (now - *due_ns > 1000000000) {
        f->held_back += f->rate != 0;
        *due_ns = now;
    }
    ev = gw_load_event(load, number, due(f, number, *due_ns));
    if (karvan_publish(f->client, ev.at, ev.len, number))
        return false;
    atomic_store(&f->sent, number + 1);
    *due_ns += f->rate ? (int64_t)(1000000000 / f->rate) : 0;
    return true;
}

static void finish_sending(struct flow *f)
{
    (void)karvan_drain(f->client, PATIENCE_MS);
    (void)karvan_close(f->client, 0);
}

static void *send_all(void *arg)
{
    struct flow *f = arg;
    struct gw_load load;
    int64_t due_ns = now_ns();

    if (gw_load_init(&load, f->run, 0))
        exit(1);
    open_sender(f);
    while (!atomic_load(&f->over)) {
        unsigned asked = atomic_load(&f->asked);
        if (asked != atomic_load(&f->done)) {
            (void)karvan_close(f->client, 0);
            open_sender(f);
            while (!atomic_load(&f->over) &&
                   karvan_client_state(f->client) != KARVAN_READY)
                (void)karvan_run(f->client, 10);
            atomic_store(&f->done, asked);
        }
        for (int i = 0; i < 256 && send_one(f, &load, &due_ns); i++)
            ;
        (void)karvan_run(f->client, 1);
    }
    finish_sending(f);
    gw_load_deinit(&load);
    return NULL;
}

void flow_send(struct flow *f)
{
    if (pthread_create(&f->thread, NULL, send_all, f))
        exit(1);
}

/* ---- the receiver ---- */

/* Half the pace for four seconds of each twelve. */
static void dawdle(const struct flow *f)
{
    if (f->slow && f->next % 64 == 0 && now_ns() / 4000000000 % 3 == 0)
        usleep((useconds_t)(64 * 2000000 / f->pace));
}

static void take(struct flow *f, const struct gw_load_seen *seen, uint64_t seq)
{
    uint64_t next = atomic_load(&f->next);
    int64_t late = now_ns() - (int64_t)seen->sent_ns;

    for (uint64_t n = next; n < seen->number && n < next + FLOW_RING; n++)
        f->notes[n % FLOW_RING] = 0; /* skipped: a gap, and no place that is moved */
    if (seen->number > next) {
        if (!f->gaps++)
            fprintf(stderr, "%s: expected %llu, got %llu (seq %llu)\n", f->adapter,
                    (unsigned long long)next, (unsigned long long)seen->number,
                    (unsigned long long)seq);
    } else if (seen->number < next) {
        f->again++;
        uint64_t first = f->notes[seen->number % FLOW_RING];
        f->moved += next - seen->number < FLOW_RING && first && first != seq;
        return;
    }
    f->notes[seen->number % FLOW_RING] = seq;
    pthread_mutex_lock(&f->lock);
    gw_histogram_add(&f->latency, late > 0 ? (uint64_t)late : 0);
    pthread_mutex_unlock(&f->lock);
    atomic_store(&f->next, seen->number + 1);
}

static void on_event(void *user, const struct karvan_event *ev)
{
    struct flow *f = user;
    struct gw_load_seen seen;
    if (gw_load_check(gw_slice(ev->bytes, ev->len), f->run, &f->facts, &seen))
        take(f, &seen, ev->seq);
    else
        f->altered++;
    dawdle(f);
}

static void on_subscribed(void *user, const char *name, uint64_t start, uint64_t oldest,
                          uint64_t newest)
{
    struct flow *f = user;
    (void)name;
    (void)start;
    (void)oldest;
    (void)newest;
    atomic_store(&f->ready, true);
}

static void open_receiver(struct flow *f)
{
    struct karvan_options o;
    char why[256];
    gw_rig_options(f->rig, f->operator, f->adapter, &o);
    o.on.event = on_event;
    o.on.subscribed = on_subscribed;
    atomic_store(&f->ready, false);
    open_client(f, &o);
    if (karvan_subscribe_where(f->client, "all", "cursor", NULL, 0, why, sizeof why))
        exit(1);
    while (!atomic_load(&f->over) && !atomic_load(&f->ready))
        (void)karvan_run(f->client, 10);
}

static bool is_away(struct flow *f)
{
    pthread_mutex_lock(&f->lock);
    bool away = f->away;
    pthread_mutex_unlock(&f->lock);
    return away;
}

static void leave_and_come_back(struct flow *f)
{
    unsigned asked = atomic_load(&f->asked);
    (void)karvan_close(f->client, 0);
    if (is_away(f))
        atomic_store(&f->done, asked);
    while (is_away(f) && !atomic_load(&f->over))
        usleep(10000);
    asked = atomic_load(&f->asked);
    open_receiver(f);
    atomic_store(&f->done, asked);
}

static void *receive_all(void *arg)
{
    struct flow *f = arg;
    open_receiver(f);
    while (!atomic_load(&f->over)) {
        if (atomic_load(&f->asked) != atomic_load(&f->done))
            leave_and_come_back(f);
        (void)karvan_run(f->client, 10);
    }
    (void)karvan_close(f->client, 200);
    return NULL;
}

void flow_receive(struct flow *f)
{
    if (pthread_create(&f->thread, NULL, receive_all, f))
        exit(1);
    for (int i = 0; i < PATIENCE_MS / 10 && !atomic_load(&f->ready); i++)
        usleep(10000);
}

/* ---- both ---- */

static bool came_back(struct flow *f)
{
    unsigned asked = atomic_fetch_add(&f->asked, 1) + 1;
    for (int i = 0; i < PATIENCE_MS / 10; i++, usleep(10000))
        if (atomic_load(&f->done) == asked)
            return true;
    fprintf(stderr, "%s: does not come back\n", f->adapter);
    return false;
}

bool flow_again(struct flow *f, const struct karvan_keys *keys)
{
    pthread_mutex_lock(&f->lock);
    if (keys)
        f->keys = *keys;
    pthread_mutex_unlock(&f->lock);
    return came_back(f);
}

void flow_away(struct flow *f, bool away)
{
    pthread_mutex_lock(&f->lock);
    f->away = away;
    pthread_mutex_unlock(&f->lock);
    (void)came_back(f);
}

void flow_stop(struct flow *f)
{
    atomic_store(&f->over, true);
    pthread_join(f->thread, NULL);
}

double flow_p99_ms(struct flow *f)
{
    pthread_mutex_lock(&f->lock);
    double ms = (double)gw_histogram_at(&f->latency, 0.99) / 1e6;
    memset(&f->latency, 0, sizeof f->latency);
    pthread_mutex_unlock(&f->lock);
    return ms;
}

int flow_judge(const struct flow *s, const struct flow *r)
{
    uint64_t acked = s->acked, arrived = r->next;
    if (acked == s->sent && acked == arrived && !s->refused && !r->gaps && !r->altered &&
        !r->moved)
        return 0;
    fprintf(stderr,
            "%s: sent=%llu acknowledged=%llu refused=%llu arrived=%llu gaps=%llu "
            "altered=%llu moved=%llu\n",
            r->adapter, (unsigned long long)s->sent, (unsigned long long)acked,
            (unsigned long long)s->refused, (unsigned long long)arrived,
            (unsigned long long)r->gaps, (unsigned long long)r->altered,
            (unsigned long long)r->moved);
    return 1;
}
