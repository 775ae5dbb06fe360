/* operator_call.h - what the verbs of `karvan operator` have in common: which file, and
 * changing it, also for the running gateway. */
#ifndef GW_CLI_OPERATOR_CALL_H
#define GW_CLI_OPERATOR_CALL_H
#include <stdbool.h>
#include <stddef.h>
#include "conf/settings.h"
#include "conf/yaml.h"

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

/* Changes the file at `path` in place; `key` as given to gw_operator_change(). */
typedef enum gw_error (*gw_operator_change_fn)(const char *path, const char *key,
                                               struct gw_complaint *why);
/* Change the operator's file, name it on stdout and have the running gateway read it, or
 * say on stderr how to.  Returns enum gw_exit: GW_EXIT_FAILED also when the gateway refuses
 * what stands in the files. */
int gw_operator_change(const struct gw_operator_call *c, gw_operator_change_fn apply,
                       const char *key);
#endif
