/* command.h - what a subcommand of `karvan` is; one cmd_<name>.c each, listed in main.c.
 *
 *   karvan NOUN VERB [options]     karvan journal stat --dir /var/lib/karvan
 *   karvan VERB [options]          karvan publish day.ndjson
 *
 * A noun's run() hands its own small table to gw_command_dispatch(); a verb's run() reads
 * its options with getopt_long() (argv[0] is the verb, so it starts as in a main()).
 *
 * Rules    data on stdout, words on stderr; exit 0 done, 1 it failed, 2 called wrongly;
 *          `--help` is answered by gw_command_dispatch(), run() never sees it. */
#ifndef GW_CLI_COMMAND_H
#define GW_CLI_COMMAND_H
#include <stddef.h>

enum gw_exit { GW_EXIT_OK = 0, GW_EXIT_FAILED = 1, GW_EXIT_USAGE = 2 };

struct gw_command {
    const char *name;    /* the word typed: "journal", "stat" */
    const char *summary; /* one line for the list: "size, oldest and newest event" */
    const char
        *usage; /* a verb: whole text of --help, ending in a newline, beginning
                   "Usage: karvan ...";  a noun: NULL, its verbs are listed instead */
    int (*run)(int argc, char **argv); /* returns enum gw_exit; argv[0] is `name` */
};

/**
 * Find argv[1] in the table and run it; answer --help, -h and a missing or unknown word.
 *
 * program  what was typed so far, for the texts: "karvan", "karvan journal"
 * table    `count` rows
 * Returns  what run() returned, GW_EXIT_OK after --help, GW_EXIT_USAGE for an unknown
 * word
 */
int gw_command_dispatch(const char *program, const struct gw_command *table, size_t count,
                        int argc, char **argv);

/* Print "karvan: <words>" and "see: <program> --help" on stderr; returns GW_EXIT_USAGE.
 * program: "karvan journal stat" */
int gw_command_misused(const char *program, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Print "karvan: <words>" on stderr; returns GW_EXIT_FAILED. */
int gw_command_failed(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One per cmd_<name>.c, in alphabetical order; main.c has the table. */
extern const struct gw_command gw_cmd_config;
extern const struct gw_command gw_cmd_explain;
extern const struct gw_command gw_cmd_journal;
extern const struct gw_command gw_cmd_keygen;
extern const struct gw_command gw_cmd_operator;
extern const struct gw_command gw_cmd_profile;
extern const struct gw_command gw_cmd_publish;
extern const struct gw_command gw_cmd_quarantine;
extern const struct gw_command gw_cmd_receipt;
extern const struct gw_command gw_cmd_reload;
extern const struct gw_command gw_cmd_status;
extern const struct gw_command gw_cmd_subscribe;
extern const struct gw_command gw_cmd_trace;
extern const struct gw_command gw_cmd_version;
#endif
