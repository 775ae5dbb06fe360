/* simulate.c - many seeds of the simulated world; see sim.h.
 *
 *   simulate [--seeds N] [--seed FIRST] [--steps N]      SIM_LOG=1 lets the gateway's log
 * through
 *
 * The promise is checked in every step: what was acknowledged is in the journal under the
 * seq that was told and stays there unaltered; nothing is there twice; a sender's events
 * keep their order; each receiver is sent exactly what it is entitled to and asked for,
 * in order, within its credit; honest senders are never told that they broke a rule; and
 * once the faults end everything arrives. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "fault/sim.h"

static uint64_t argument(const char *text)
{
    return strtoull(text, NULL, 10);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"seeds", required_argument, NULL, 'n'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"steps", required_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    struct sim *s = malloc(sizeof *s);
    uint64_t seeds = 1000, first = 1, steps = 3000, faults = 0, kills = 0, cuts = 0,
             full = 0;
    uint64_t failed = 0, doubt = 0, events = 0, taken = 0, reloads = 0, stalls = 0;
    int o;

    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (o == 'n')
            seeds = argument(optarg);
        else if (o == 's')
            first = argument(optarg);
        else if (o == 't')
            steps = argument(optarg);
        else
            return 2;
    if (!s || (!getenv("SIM_LOG") &&
               !freopen("/dev/null", "w",
                        stderr))) /* the gateway's log of a thousand accidents */
        return 1;
    for (uint64_t i = 0; i < seeds; i++) {
        sim_run(s, first + i, (uint32_t)steps);
        taken += s->steps;
        faults += s->faults;
        kills += s->kills;
        cuts += s->cuts;
        full += s->full;
        failed += s->failed;
        doubt += s->in_doubt;
        reloads += s->reloads;
        stalls += s->stalls;
        events += s->model.acked_events;
    }
    printf("simulate: seeds=%llu first=%llu steps=%llu faults=%llu kills=%llu cuts=%llu "
           "disk_full=%llu disk_failed=%llu in_doubt=%llu stalls=%llu no_memory=%llu "
           "reloads=%llu "
           "events=%llu lost=0 "
           "duplicated=0 altered=0 leaked=0: passed\n",
           (unsigned long long)seeds, (unsigned long long)first,
           (unsigned long long)taken, (unsigned long long)faults,
           (unsigned long long)kills, (unsigned long long)cuts, (unsigned long long)full,
           (unsigned long long)failed, (unsigned long long)doubt,
           (unsigned long long)stalls, (unsigned long long)sim_failed_allocations(),
           (unsigned long long)reloads, (unsigned long long)events);
    free(s);
    return 0;
}
