/* bench.h - what every question of karvan-bench looks like to main.c. */
#ifndef GW_BENCH_BENCH_H
#define GW_BENCH_BENCH_H

struct gw_bench {
    const char *name;    /* "e2e" */
    const char *summary; /* one line */
    /* argv[0] is the name.  Exit status: 0 measured, 1 a failed run, 2 usage. */
    int (*run)(int argc, char **argv);
};

extern const struct gw_bench gw_bench_core, gw_bench_wire, gw_bench_e2e, gw_bench_replay,
    gw_bench_slow, gw_bench_storm, gw_bench_fanout, gw_bench_adapters, gw_bench_report,
    gw_bench_journey, gw_bench_corridor;
#endif
