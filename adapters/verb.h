/* verb.h - what a verb of `karvan-adapter` is; one verb_<name>.c each, listed in main.c.
 *
 * Rules    data on stdout, words on stderr; exit 0 done, 1 it failed, 2 called wrongly */
#ifndef GW_ADAPTERS_VERB_H
#define GW_ADAPTERS_VERB_H
#include "conf/yaml.h"

enum gw_verb_exit { GW_VERB_OK = 0, GW_VERB_FAILED = 1, GW_VERB_USAGE = 2 };

struct gw_verb {
    const char *name;
    const char *summary; /* one line for the list */
    const char *usage;   /* the text of --help, ending in a line end */
    int (*run)(int argc,
               char **argv); /* argv[0] is the verb; returns enum gw_verb_exit */
};

extern const struct gw_verb gw_verb_run, gw_verb_check, gw_verb_decode, gw_verb_encode,
    gw_verb_list, gw_verb_status;

/* Print "karvan-adapter: <words>" (and for misused: where to look) on stderr; return the
 * status.  complain: file, line, what, remedy. */
int gw_verb_failed(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int gw_verb_complain(const struct gw_complaint *c);
int gw_verb_misused(const char *verb, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
#endif
