/* main.c - karvan-bench: one question per subcommand. */
#include <stdio.h>
#include <string.h>
#include "bench/bench.h"

static const struct gw_bench *const questions[] = {
    &gw_bench_core,     &gw_bench_wire,     &gw_bench_e2e,   &gw_bench_fanout,
    &gw_bench_replay,   &gw_bench_slow,     &gw_bench_storm, &gw_bench_journey,
    &gw_bench_adapters, &gw_bench_corridor, &gw_bench_report};
#define COUNT (sizeof questions / sizeof *questions)

static int usage(FILE *out, int status)
{
    fputs("usage: karvan-bench QUESTION [options]; karvan-bench QUESTION --help\n\n",
          out);
    for (size_t i = 0; i < COUNT; i++)
        fprintf(out, "  %-8s %s\n", questions[i]->name, questions[i]->summary);
    fputs("\nExit: 0 measured, 1 the run failed (something was lost, or could not "
          "start), 2 usage.\n",
          out);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return usage(stderr, 2);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return usage(stdout, 0);
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(argv[1], questions[i]->name) == 0)
            return questions[i]->run(argc - 1, argv + 1);
    fprintf(stderr, "karvan-bench: no question \"%s\"\n", argv[1]);
    return usage(stderr, 2);
}
