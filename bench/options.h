/* options.h - the options of a question as a table: read, checked, and shown by --help.
 */
#ifndef GW_BENCH_OPTIONS_H
#define GW_BENCH_OPTIONS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gw_option_kind {
    GW_OPTION_U32,
    GW_OPTION_U64,
    GW_OPTION_REAL,
    GW_OPTION_ON,
    GW_OPTION_OFF,
    GW_OPTION_TEXT
};

struct gw_option {
    const char *name; /* without the dashes */
    enum gw_option_kind kind;
    void
        *to; /* uint32_t, uint64_t, double, bool, bool, const char *; holds the default */
    double least; /* numbers: at least this */
    const char *what;
};

/**
 * Read argv[1 ..] into the rows; argv[0] is the question's name.
 *
 * rows     ends with a name of NULL
 * notes    more lines for --help; may be NULL
 * Returns  -1 to go on; else the exit status: 0 after --help, 2 after something wrong
 */
int gw_options(const struct gw_option *rows, const char *notes, int argc, char **argv);
#endif
