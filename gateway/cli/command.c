/* command.c - from the words typed to the command that runs. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "cli/command.h"

static int is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* "--help" anywhere before "--": also after other options somebody has already typed. */
static int asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (is_help(argv[i]))
            return 1;
    return 0;
}

static void list(FILE *to, const char *program, const struct gw_command *table,
                 size_t count)
{
    fprintf(to, "Usage: %s COMMAND [options]\n\n", program);
    for (size_t i = 0; i < count; i++)
        fprintf(to, "  %-12s %s\n", table[i].name, table[i].summary);
    fprintf(to, "\n%s COMMAND --help says more.\n", program);
}

static const struct gw_command *find(const struct gw_command *table, size_t count,
                                     const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, word) == 0)
            return &table[i];
    return NULL;
}

int gw_command_dispatch(const char *program, const struct gw_command *table, size_t count,
                        int argc, char **argv)
{
    if (argc < 2) {
        list(stderr, program, table, count);
        return GW_EXIT_USAGE;
    }
    if (is_help(argv[1])) {
        list(stdout, program, table, count);
        return GW_EXIT_OK;
    }
    const struct gw_command *c = find(table, count, argv[1]);
    if (!c)
        return gw_command_misused(program, "no such command: %s", argv[1]);
    if (c->usage && asks_for_help(argc - 1, argv + 1)) {
        fputs(c->usage, stdout);
        return GW_EXIT_OK;
    }
    return c->run(argc - 1, argv + 1);
}

int gw_command_misused(const char *program, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("karvan: ", stderr);
    vfprintf(stderr, fmt, args);
    fprintf(stderr, "\nsee: %s --help\n", program);
    va_end(args);
    return GW_EXIT_USAGE;
}

int gw_command_failed(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("karvan: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    return GW_EXIT_FAILED;
}
