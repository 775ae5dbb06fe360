/* backlog.c - a receiver that was away for days, as far as the gateway can tell: many
 * events pile up, it comes back while others go on arriving, and catches up.
 *
 *   backlog [--events N] [--rate N]      100,000 events pile up; 5,000 events/s go on
 * arriving
 *
 * Everything arrives once, in order and whole.  How many times the live rate the receiver
 * managed is printed and not judged, for it depends on the machine; five times and more
 * is aimed at. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "tests/fault/flow.h"

#define RUN_ID 0xbac10001u

/* Nearly all of the backlog is in the journal only. */
static const char settings[] = "delivery:\n  tail_bytes: 1 MiB\n";

struct backlog {
    struct gw_rig rig;
    struct flow sender, receiver;
    uint64_t events, rate;
};

static double now_s(void)
{
    return (double)gw_mono_ns(&gw_clock_system) / 1e9;
}

static double seconds_until(const _Atomic uint64_t *value, const _Atomic uint64_t *least)
{
    double began = now_s();
    while (atomic_load(value) < atomic_load(least)) {
        if (now_s() - began > 600) {
            fprintf(stderr, "backlog: stuck at %llu of %llu\n",
                    (unsigned long long)atomic_load(value),
                    (unsigned long long)atomic_load(least));
            exit(1);
        }
        usleep(1000);
    }
    return now_s() - began;
}

/* The receiver is there once, so that it has a cursor, and then it is not. */
static double pile_up(struct backlog *b)
{
    flow_receive(&b->receiver);
    flow_away(&b->receiver, true);
    atomic_store(&b->sender.most, b->events);
    flow_send(&b->sender);
    return seconds_until(&b->sender.acked, &b->sender.most);
}

/* It comes back while others send at the live rate; until it has everything there is. */
static double catch_up(struct backlog *b)
{
    atomic_store(&b->sender.rate, b->rate);
    atomic_store(&b->sender.most, 0);
    double began = now_s();
    flow_away(&b->receiver, false);
    (void)seconds_until(&b->receiver.next, &b->sender.acked);
    return now_s() - began;
}

static void parse(int argc, char **argv, struct backlog *b)
{
    static const struct option options[] = {{"events", required_argument, NULL, 'e'},
                                            {"rate", required_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    int o;
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (o == 'e')
            b->events = strtoull(optarg, NULL, 10);
        else if (o == 'r')
            b->rate = strtoull(optarg, NULL, 10);
        else
            exit(2);
    if (!b->events || !b->rate)
        exit(2);
}

int main(int argc, char **argv)
{
    struct gw_rig_setup setup = {
        .curve = true, .durable = true, .operators = 2, .lanes = 1, .more = settings};
    static struct backlog b = {.events = 100000, .rate = 5000};
    double piling, catching, speed;
    int bad;

    parse(argc, argv, &b);
    if (gw_rig_start(&b.rig, &setup))
        return 1;
    flow_init(&b.sender, &b.rig, 0, RUN_ID, "source");
    flow_init(&b.receiver, &b.rig, 1, RUN_ID, "traveller");
    piling = pile_up(&b);
    catching = catch_up(&b);
    speed = (double)b.receiver.next / catching;
    flow_stop(&b.sender);
    (void)seconds_until(&b.receiver.next, &b.sender.acked);
    flow_stop(&b.receiver);
    bad = gw_rig_stop(&b.rig) != 0;
    bad += flow_judge(&b.sender, &b.receiver);
    printf("backlog: events=%llu piled_up_s=%.1f caught_up_s=%.2f live_per_s=%llu "
           "catch_up_per_s=%.0f times_live=%.1f%s: %s\n",
           (unsigned long long)b.events, piling, catching, (unsigned long long)b.rate,
           speed, speed / (double)b.rate,
           speed < 5 * (double)b.rate ? " (less than five)" : "",
           bad ? "FAILED" : "passed");
    if (bad)
        fprintf(stderr, "backlog: the gateway's log: %s\n", b.rig.log);
    else
        gw_rig_clean(&b.rig);
    flow_deinit(&b.sender);
    flow_deinit(&b.receiver);
    return bad != 0;
}
