/* operator_call.h - what the verbs of `karvan operator` have in common: which file, and
 * making a change known to the running gateway. */
#ifndef GW_CLI_OPERATOR_CALL_H
#define GW_CLI_OPERATOR_CALL_H
#include <stdbool.h>
#include <stddef.h>
#include "conf/settings.h"

#define GW_OPERATOR_WHERE                                                                \
    "  --dir DIR      the directory of operator files\n"                                 \
    "  --config FILE  the settings that name it (default: config/gateway.yaml where "    \
    "that\n"                                                                             \
    "                 exists, else /etc/karvan/gateway.yaml)\n"

struct gw_operator_call {
    const char *name, *dir, *config, *key; /* as given; NULL = not given */
    bool json;
    struct gw_settings *settings; /* free(); NULL when --dir was given */
};

/* The options of all verbs but add.  program: "karvan operator show".  GW_EXIT_OK: go on.
 */
int gw_operator_parse(int argc, char **argv, bool with_name, const char *program,
                      struct gw_operator_call *c);
/* The operator's file.  Returns enum gw_exit. */
int gw_operator_path(const struct gw_operator_call *c, char *out, size_t size);
/* A file was changed: have the running gateway read it, or say on stderr how to.
 * GW_EXIT_FAILED when the gateway refuses what stands in the files. */
int gw_operator_take_effect(const struct gw_operator_call *c);
#endif
