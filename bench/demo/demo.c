/* demo.c - karvan-demo: a day of the corridor in a minute, with a real gateway. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "bench/demo/day.h"

static const char usage[] =
    "usage: karvan-demo [options]\n"
    "\n"
    "Companies from China's border to the Black Sea share a day's events through a real "
    "gateway:\n"
    "two by EDIFACT files and adapters, the others by the native protocol, each with its "
    "own key,\n"
    "dialect and sharing rules.  Everything runs in a temporary directory and is checked "
    "event by\n"
    "event against the senders' own books.\n"
    "\n"
    "  --seconds N   how long the day takes (60; 3 .. 86400)\n"
    "  --seed N      another day (1)\n"
    "  --keep        leave the directory with keys, settings, journal and logs, and say "
    "where\n"
    "  --quiet       only the last line\n"
    "  --config DIR  profiles/, places.csv and legs.csv (" DEMO_CONFIG_DIR ")\n"
    "\n"
    "The last line is: demo: sent=N accepted=N duplicates=N refused=N delivered=N "
    "lost=N\n"
    "Exit: 0 nothing lost and everything accounted for, 1 otherwise, 2 usage.\n";

static const struct option options[] = {{"seconds", required_argument, NULL, 's'},
                                        {"seed", required_argument, NULL, 'r'},
                                        {"keep", no_argument, NULL, 'k'},
                                        {"quiet", no_argument, NULL, 'q'},
                                        {"config", required_argument, NULL, 'c'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

static bool number(const char *text, double least, double most, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return *text && !*end && *out >= least && *out <= most;
}

static int misused(const char *text)
{
    fprintf(stderr, "karvan-demo: %s\n%s", text, usage);
    return 2;
}

/* -1: go on; otherwise the exit status. */
static int parse(int argc, char **argv, struct demo_call *c)
{
    double seed;
    int o;
    while ((o = getopt_long(argc, argv, "h", options, NULL)) != -1)
        switch (o) {
        case 's':
            if (!number(optarg, 3, 86400, &c->seconds))
                return misused("--seconds takes a number from 3 to 86400");
            break;
        case 'r':
            if (!number(optarg, 0, 1e15, &seed))
                return misused("--seed takes a whole number");
            c->seed = (uint64_t)seed;
            break;
        case 'k':
            c->keep = true;
            break;
        case 'q':
            c->quiet = true;
            break;
        case 'c':
            c->config_dir = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            return 0;
        default:
            fputs(usage, stderr);
            return 2;
        }
    return optind == argc ? -1 : misused("it takes options only");
}

static void on_signal(int number_of_signal)
{
    (void)number_of_signal;
    demo_day_interrupt();
}

int main(int argc, char **argv)
{
    struct demo_call c = {.seconds = 60, .seed = 1, .config_dir = DEMO_CONFIG_DIR};
    struct sigaction act = {.sa_handler = on_signal};
    int status = parse(argc, argv, &c);

    if (status >= 0)
        return status;
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGHUP, &act, NULL);
    signal(SIGPIPE, SIG_IGN);
    return demo_day_run(&c);
}
