/* rig.h - a gateway to measure: karvand as a child process, with operators, keys and
 * settings made for the run, in a temporary directory. */
#ifndef GW_BENCH_RIG_H
#define GW_BENCH_RIG_H
#include <karvan/client.h>
#include "bench/child.h"

#define GW_RIG_OPERATORS 64

struct gw_rig_setup {
    bool curve;         /* else plaintext endpoints on ipc, one per operator */
    bool durable;       /* fdatasync at every commit */
    uint32_t operators; /* op-00 .. : each shares with all */
    uint32_t lanes;
    const char *data_dir; /* where the journal lies; NULL: in the temporary directory */
    const char *more;     /* lines below journal:, then whole sections; NULL: none */
};

struct gw_rig {
    struct gw_rig_setup setup;
    char dir[256], log[300], config[300];
    char endpoint[GW_RIG_OPERATORS][160]; /* where operator i connects */
    struct karvan_keys gateway, keys[GW_RIG_OPERATORS];
    int port;
    pid_t pid;
};

/* Make everything and start karvand.  Errors are said on stderr. */
GW_MUST_USE enum gw_error gw_rig_start(struct gw_rig *r,
                                       const struct gw_rig_setup *setup);
/* SIGKILL, as a crash would; and start again on the same data. */
void gw_rig_kill(struct gw_rig *r);
GW_MUST_USE enum gw_error gw_rig_resume(struct gw_rig *r);
/* SIGTERM and wait; the exit status. */
int gw_rig_stop(struct gw_rig *r);
/* Remove the temporary directory. */
void gw_rig_clean(struct gw_rig *r);
/* Client options of operator i: endpoint and keys. */
void gw_rig_options(const struct gw_rig *r, uint32_t operator, const char * adapter,
                    struct karvan_options *out);
#endif
