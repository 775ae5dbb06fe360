/* bench_report.c - every question in one run of a few minutes, and the report: the
 * figures section of bench/README.md and the plots beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "bench/bench.h"
#include "bench/child.h"
#include "bench/options.h"
#include "bench/report.h"
#include "bench/report_page.h"
#include "bench/result.h"

struct step {
    const char *name;      /* in the report */
    const char *words[10]; /* the command; NULL-terminated */
    bool quick;            /* also in a quick run */
};

/* %R: half of what e2e reached, once that is known. */
static const struct step steps[] = {
    {"core", {"karvan-bench", "core", "--json"}, true},
    {"wire", {"karvan-bench", "wire", "--json"}, true},
    {"e2e", {"karvan-bench", "e2e", "--json"}, true},
    {"e2e-plain", {"karvan-bench", "e2e", "--no-curve", "--json"}, true},
    {"e2e-unsynced",
     {"karvan-bench", "e2e", "--no-curve", "--no-durable", "--json"},
     true},
    {"half",
     {"karvan-bench", "e2e", "--seconds", "9", "--warm", "1", "--rate", "%R", "--json"},
     true},
    {"fanout", {"karvan-bench", "fanout", "--json"}, true},
    {"replay", {"karvan-bench", "replay", "--json"}, true},
    {"slow", {"karvan-bench", "slow", "--json"}, true},
    {"storm", {"karvan-bench", "storm", "--json"}, true},
    {"journey", {"karvan-bench", "journey", "--json"}, true},
    {"corridor", {"karvan-bench", "corridor", "--json"}, true},
    {"adapters", {"karvan-bench", "adapters", "--json"}, true},
    {"peers", {"karvan-bench-peers", "--json"}, false},
};
#define STEPS (sizeof steps / sizeof *steps)
#define REST_S 2

/* A step leaves gigabytes behind that are written back and given up; the next one starts when the disk
 * has done with them. */
static void let_the_disk_rest(void)
{
    sync();
    sleep(REST_S);
}

static int run_step(struct gw_report_data *d, const struct step *s)
{
    const char *argv[11] = {NULL};
    char rate[32];
    for (int i = 0; i < 10 && s->words[i]; i++) {
        argv[i] = s->words[i];
        if (strcmp(argv[i], "%R") == 0) {
            (void)snprintf(rate, sizeof rate, "%.0f",
                           gw_report_number(d, "e2e", 0, "events_per_s") / 2 + 1);
            argv[i] = rate;
        }
    }
    return gw_report_run(d, s->name, argv);
}

static bool here(const char *program)
{
    char path[600];
    gw_child_path(program, path, sizeof path);
    return access(path, X_OK) == 0;
}

static int run_report(int argc, char **argv)
{
    const char *dir = GW_BENCH_SOURCE "/bench";
    bool quick = false;
    double load = 0;
    struct gw_report_data *d = NULL;
    int failed = 0;
    const struct gw_option rows[] = {
        {"out", GW_OPTION_TEXT, &dir, 0, "folder of README.md and report/"},
        {"quick", GW_OPTION_ON, &quick, 0, "without the other systems"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, NULL, argc, argv);

    if (status >= 0)
        return status;
    if (gw_report_new(&d))
        return 1;
    (void)getloadavg(&load, 1);
    for (size_t i = 0; i < STEPS; i++) {
        if ((quick && !steps[i].quick) || !here(steps[i].words[0])) {
            fprintf(stderr, "bench: %s is left out\n", steps[i].name);
            continue;
        }
        fprintf(stderr, "bench: %s\n", steps[i].name);
        let_the_disk_rest();
        status = run_step(d, &steps[i]);
        if (status)
            fprintf(stderr, "bench: %s failed (%d)\n", steps[i].name, status);
        failed |= status != 0;
    }
    if (gw_report_write(d, dir, load)) {
        fprintf(stderr, "bench: cannot write the report to %s\n", dir);
        failed = 1;
    }
    gw_report_free(d);
    return failed ? 1 : 0;
}

const struct gw_bench gw_bench_report = {
    "report", "all of them in one run: the figures of bench/README.md, and plots",
    run_report};
