/* kill_gateway.c - SIGKILL at random moments under load: nothing acknowledged is lost, nothing is
 * delivered out of order, the journal verifies.
 *
 *   kill_gateway [--rounds N] [--seed N] [--power SHIM [--careless]]
 *                                             real karvand, CURVE, durable commits
 *
 * --power      with each kill the machine stops too: what was written and not synced is lost, kept or
 *              torn (tests/fault/shim.h); SHIM is the library to put between LMDB and the kernel
 * --careless   journal.durable: false; then events must get lost, or the shim is no test
 *
 * A producer and a receiver, both plain libkarvan clients, live through all rounds; karvand is
 * killed and started again on the same data.  What the producer was told is accepted must arrive;
 * what arrives again must be the same event under the same seq. */
#include <getopt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "bench/load.h"
#include "bench/rig.h"
#include "model/filter.h"
#include "tests/fault/shim.h"

#define MOST   (32u << 20) /* events in a run */
#define RUN_ID 0x5eed0001u

struct world {
    struct gw_rig rig;
    atomic_bool stop_producing, stop_receiving;
    uint64_t acked, sent;           /* producer's */
    _Atomic uint64_t next;          /* receiver's: number expected next */
    uint64_t seen, again, out_of_order, altered, moved;
    uint64_t *seq_of;               /* seq an event number was first seen under */
    _Atomic uint32_t refused;
    struct gw_facts facts;
    const char *shim;               /* NULL: the process is killed, no more */
    struct shim_control *control;
    struct shim_loss loss;
    unsigned seed;
};

static void on_ack(void *user, const struct karvan_ack *a)
{
    struct world *w = user;
    w->acked += a->accepted + a->duplicates;
}

static void on_refused(void *user, const struct karvan_refusal *x)
{
    struct world *w = user;
    fprintf(stderr, "refused: code=%d %s\n", (int)x->code, gw_error_text(x->code));
    atomic_fetch_add(&w->refused, 1);
}

static void on_event(void *user, const struct karvan_event *ev)
{
    struct world *w = user;
    struct gw_load_seen seen;
    uint64_t next = atomic_load(&w->next);

    if (!gw_load_check(gw_slice(ev->bytes, ev->len), RUN_ID, &w->facts, &seen) ||
        seen.number >= MOST) {
        w->altered++;
        return;
    }
    w->seen++;
    if (seen.number > next) {
        if (!w->out_of_order++)
            fprintf(stderr, "expected event %llu, got %llu (seq %llu)\n",
                    (unsigned long long)next, (unsigned long long)seen.number,
                    (unsigned long long)ev->seq);
        return;
    }
    if (seen.number < next) {
        w->again++;
        w->moved += w->seq_of[seen.number] != ev->seq;
        return;
    }
    w->seq_of[seen.number] = ev->seq;
    atomic_store(&w->next, next + 1);
}

static void *produce(void *arg)
{
    struct world *w = arg;
    struct karvan_options o;
    struct karvan_client *c;
    struct gw_load load;
    char why[256];

    gw_rig_options(&w->rig, 0, "source", &o);
    o.on.acked = on_ack;
    o.on.refused = on_refused;
    o.user = w;
    o.batch_events = 64;
    o.retry_ms = 20;
    o.retry_max_ms = 100;
    o.timeout_ms = 1500;
    o.heartbeat_ms = 200;
    if (gw_load_init(&load, RUN_ID, 0) || karvan_open(&c, &o, why, sizeof why))
        exit(1);
    while (!atomic_load(&w->stop_producing) && w->sent < MOST) {
        for (int i = 0; i < 256 && w->sent < MOST; i++, w->sent++) {
            struct gw_slice ev = gw_load_event(&load, w->sent, 1);
            if (karvan_publish(c, ev.at, ev.len, w->sent))
                break;
        }
        (void)karvan_run(c, 1);
    }
    if (karvan_drain(c, 30000))
        fprintf(stderr, "producer could not drain: %llu unacknowledged\n",
                (unsigned long long)karvan_unacknowledged(c));
    karvan_close(c, 0);
    gw_load_deinit(&load);
    return NULL;
}

static void *receive(void *arg)
{
    struct world *w = arg;
    struct karvan_options o;
    struct karvan_client *c;
    struct gw_buf body;
    struct gw_text words;
    char why[256];

    gw_rig_options(&w->rig, 1, "sink", &o);
    o.on.event = on_event;
    o.user = w;
    o.retry_ms = 20;
    o.retry_max_ms = 100;
    o.timeout_ms = 1500;
    o.heartbeat_ms = 200;
    gw_buf_init(&body, 4096);
    if (gw_subscribe_body("cursor", NULL, 0, &body, &words) ||
        karvan_open(&c, &o, why, sizeof why) || karvan_subscribe(c, "all", body.at, body.len))
        exit(1);
    while (!atomic_load(&w->stop_receiving))
        (void)karvan_run(c, 10);
    karvan_close(c, 200);
    gw_buf_deinit(&body);
    return NULL;
}

static int verify(const struct world *w)
{
    const char *argv[] = {"karvan", "journal", "verify", "--data", w->rig.dir, NULL};
    return gw_child_run(argv, false);
}

static bool all_arrived(const struct world *w)
{
    return atomic_load(&w->next) >= w->sent;
}

/* The receiver must be subscribed before the first event: without a cursor it starts at latest. */
static void settle(struct world *w)
{
    (void)w;
    usleep(700000);
}

static int judge(const struct world *w, long rounds, int verified)
{
    uint64_t next = atomic_load(&w->next);
    uint64_t lost = w->sent > next ? w->sent - next : 0;
    bool good = !lost && !w->out_of_order && !w->altered && !w->moved && !verified &&
                w->acked == w->sent && !atomic_load(&w->refused);
    printf("kill_gateway: rounds=%ld sent=%llu acknowledged=%llu delivered=%llu again=%llu "
           "lost=%llu out_of_order=%llu altered=%llu moved=%llu journal=%s: %s\n",
           rounds, (unsigned long long)w->sent, (unsigned long long)w->acked,
           (unsigned long long)w->seen, (unsigned long long)w->again, (unsigned long long)lost,
           (unsigned long long)w->out_of_order, (unsigned long long)w->altered,
           (unsigned long long)w->moved, verified ? "BROKEN" : "verified",
           good ? "passed" : "FAILED");
    return good ? 0 : 1;
}

/* Everything that is started from here on has the shim inside. */
static void slip_in(struct world *w)
{
    static char path[64];
    (void)snprintf(path, sizeof path, "/tmp/karvan-shim-%d", (int)getpid());
    w->control = shim_make(path);
    if (w->control) /* most kills shall come while a commit is on its way to the disk */
        atomic_store(&w->control->stall_ms, 20);
    if (!w->control || setenv("KARVAN_SHIM", path, 1) || setenv("LD_PRELOAD", w->shim, 1))
        exit(1);
}

static void crash(struct world *w)
{
    char path[400];
    gw_rig_kill(&w->rig);
    if (!w->shim)
        return;
    (void)snprintf(path, sizeof path, "%s/journal/data.mdb", w->rig.dir);
    if (shim_power_loss(w->control, path, &w->seed, &w->loss)) {
        fprintf(stderr, "cannot take the power from %s\n", path);
        exit(1);
    }
}

static void say_loss(const struct world *w)
{
    if (w->shim)
        printf("power: syncs=%llu unsynced writes lost=%llu torn=%llu kept=%llu file_cut=%llu\n",
               (unsigned long long)atomic_load(&w->control->syncs),
               (unsigned long long)w->loss.lost, (unsigned long long)w->loss.torn,
               (unsigned long long)w->loss.kept, (unsigned long long)w->loss.cut);
}

static void parse(int argc, char **argv, struct world *w, long *rounds, bool *durable)
{
    static const struct option options[] = {{"rounds", required_argument, NULL, 'r'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"power", required_argument, NULL, 'p'},
                                            {"careless", no_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    int o;
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (o == 'r')
            *rounds = strtol(optarg, NULL, 10);
        else if (o == 's')
            w->seed = (unsigned)strtoul(optarg, NULL, 10);
        else if (o == 'p')
            w->shim = optarg;
        else if (o == 'c')
            *durable = false;
        else
            exit(2);
}

int main(int argc, char **argv)
{
    struct gw_rig_setup setup = {.curve = true, .durable = true, .operators = 2, .lanes = 1};
    struct world *w = calloc(1, sizeof *w);
    long rounds = 50;
    pthread_t producer, receiver;
    int status;

    if (!w)
        return 1;
    w->seed = 1;
    parse(argc, argv, w, &rounds, &setup.durable);
    srand(w->seed);
    if (w->shim)
        slip_in(w);
    w->seq_of = calloc(MOST, sizeof *w->seq_of);
    if (!w->seq_of || gw_rig_start(&w->rig, &setup))
        return 1;
    pthread_create(&receiver, NULL, receive, w);
    settle(w);
    pthread_create(&producer, NULL, produce, w);
    for (long i = 0; i < rounds; i++) {
        usleep(100000 + (useconds_t)(rand() % 300000));
        crash(w);
        if (gw_rig_resume(&w->rig))
            return 1;
    }
    atomic_store(&w->stop_producing, true);
    pthread_join(producer, NULL);
    for (int i = 0; i < 300 && !all_arrived(w); i++)
        usleep(100000);
    atomic_store(&w->stop_receiving, true);
    pthread_join(receiver, NULL);
    status = gw_rig_stop(&w->rig);
    if (status)
        fprintf(stderr, "karvand did not leave cleanly: %d; see %s\n", status, w->rig.log);
    say_loss(w);
    status = judge(w, rounds, verify(w)) || status;
    if (!status)
        gw_rig_clean(&w->rig);
    if (w->shim)
        (void)unlink(getenv("KARVAN_SHIM"));
    free(w->seq_of);
    free(w);
    return status;
}
