/* stage.h - the demo's gateway: a temporary directory with keys, operators and settings,
 * made with the programs people use, and karvand running on it. */
#ifndef GW_BENCH_DEMO_STAGE_H
#define GW_BENCH_DEMO_STAGE_H
#include <karvan/client.h>
#include "bench/child.h"
#include "bench/demo/company.h"
#include "model/tree.h"

#define DEMO_FILES_ADAPTER "files" /* the name under which karvan-adapter enters */

struct demo_stage {
    char dir[256]; /* everything lies below it; empty before and after */
    char config[300], log[300], endpoint[64];
    struct karvan_keys gateway, keys[DEMO_COMPANIES];
    pid_t gateway_pid, asking_pid;
};

/* What the gateway says of itself. */
struct demo_status {
    bool known;
    uint64_t used_bytes, last_seq, quarantined, from_journal;
    struct {
        uint64_t accepted, duplicates, refused;
    } files[DEMO_COMPANIES]; /* what DEMO_FILES_ADAPTER sent */
};

/* Make everything and start karvand.  config_dir: the project's config/.  What goes wrong
 * is said on stderr. */
GW_MUST_USE enum gw_error demo_stage_set(struct demo_stage *s, const char *config_dir);
/* Client options of a company, by its own keys. */
void demo_stage_options(const struct demo_stage *s, enum demo_who who,
                        const char *adapter, struct karvan_options *out);
/* Ask `karvan status`, unless it is being asked already; does not wait. */
void demo_stage_ask(struct demo_stage *s);
/* True once for each answer that has come; out->known is false when there was none. */
bool demo_stage_answer(struct demo_stage *s, struct demo_status *out);
/* Stop karvand; its exit status, 0 when it left cleanly. */
int demo_stage_stop(struct demo_stage *s);
/* Remove the directory, unless it is to be kept. */
void demo_stage_strike(struct demo_stage *s, bool keep);
/* The end of a log on stderr, for people who ask what went wrong. */
void demo_stage_show_log(const char *path);
#endif
