/* cmd_journal.c - `karvan journal stat|verify|export`: the journal, beside a running
 * gateway or not. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/hash.h"
#include "cli/command.h"
#include "cli/gateway_at.h"
#include "cli/journal_verify.h"
#include "model/canon.h"
#include "model/json.h"
#include "store/store.h"

#define PIECE 256

struct call {
    struct gw_gateway_at at;
    uint64_t from, to;
};

static bool number(const char *text, uint64_t *out)
{
    return gw_slice_uint(gw_slice_str(text), out);
}

static bool parse(int argc, char **argv, struct call *c)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"from", required_argument, NULL, 'f'},
                                            {"to", required_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    int o;
    c->to = UINT64_MAX;
    while ((o = getopt_long(argc, argv, "c:d:", options, NULL)) != -1)
        if (o == 'c')
            c->at.config = optarg;
        else if (o == 'd')
            c->at.data = optarg;
        else if (o == '?' || !number(optarg, o == 'f' ? &c->from : &c->to))
            return false;
    return optind == argc;
}

/* What is done with each event; false stops. */
typedef bool (*visit_fn)(void *ctx, const struct gw_stored *s);

/* Walk the events in order, checksums verified; GW_CORRUPT names the first bad one in
 * *at. */
static enum gw_error walk(struct gw_journal *j, uint64_t from, uint64_t to,
                          visit_fn visit, void *ctx, uint64_t *at)
{
    struct gw_stored stored[PIECE];
    struct gw_reader *r;
    uint32_t n = 0;
    enum gw_error e = j->ops->reader_open(j, &r);

    for (*at = from; !e && *at <= to;) {
        e = j->ops->read(r, *at, stored, PIECE, 1u << 20, &n);
        for (uint32_t i = 0; i < n && *at <= to; i++, ++*at)
            if (stored[i].seq != *at)
                e = GW_CORRUPT;
            else if (!visit(ctx, &stored[i]))
                to = 0;
        if (!n)
            break;
    }
    j->ops->reader_close(r);
    return e;
}

static int open_journal(int argc, char **argv, struct call *c, struct gw_journal **j,
                        struct gw_journal_status *st)
{
    struct gw_text why;
    int status = parse(argc, argv, c)
                     ? gw_gateway_resolve(&c->at)
                     : gw_command_misused("karvan journal", "unknown option");
    if (status)
        return status;
    if (gw_lmdb_open_readonly(j, c->at.journal_dir, &why))
        return gw_command_failed("%s", why.s);
    (*j)->ops->status(*j, st);
    if (c->from < st->first_seq)
        c->from = st->first_seq;
    return GW_EXIT_OK;
}

static int run_stat(int argc, char **argv)
{
    struct call c = {0};
    struct gw_journal *j;
    struct gw_journal_status st = {.last_seq = 0};
    char chain[65];
    int status = open_journal(argc, argv, &c, &j, &st);
    if (status)
        return status;
    gw_hex(st.chain, 32, chain);
    printf("seq %llu .. %llu, %llu of %llu bytes, %llu in quarantine, chain %s\n",
           (unsigned long long)st.first_seq, (unsigned long long)st.last_seq,
           (unsigned long long)st.used_bytes, (unsigned long long)st.max_bytes,
           (unsigned long long)st.quarantined, chain);
    j->ops->close(j);
    return GW_EXIT_OK;
}

struct export
{
    struct gw_tree tree;
    struct gw_buf event, line;
    bool failed;
};

static bool print_one(void *ctx, const struct gw_stored *s)
{
    struct export *x = ctx;
    gw_buf_reset(&x->event);
    gw_buf_reset(&x->line);
    if (gw_canon_add_seq(s->event, s->seq, &x->event) ||
        gw_json_from_msgpack(&x->tree, gw_buf_bytes(&x->event), &x->line, NULL))
        x->failed = true;
    else
        printf("%.*s\n", GW_FMT(gw_buf_bytes(&x->line)));
    return !x->failed && !ferror(stdout);
}

static int run_export(int argc, char **argv)
{
    static const struct gw_budget wide = {1u << 20, 16, 8192, 4096};
    struct call c = {0};
    struct gw_journal *j;
    struct gw_journal_status st = {.last_seq = 0};
    struct export x = {0};
    uint64_t at = 0;
    int status = open_journal(argc, argv, &c, &j, &st);
    enum gw_error e;
    if (status)
        return status;
    gw_buf_init(&x.event, 1u << 20);
    gw_buf_init(&x.line, 8u << 20);
    e = gw_tree_init(&x.tree, &wide);
    if (!e && st.last_seq)
        e = walk(j, c.from, c.to < st.last_seq ? c.to : st.last_seq, print_one, &x, &at);
    if (e || x.failed)
        status =
            gw_command_failed("export stopped at seq %llu: %s", (unsigned long long)at,
                              gw_error_text(e ? e : GW_FORMAT));
    gw_tree_deinit(&x.tree);
    gw_buf_deinit(&x.event);
    gw_buf_deinit(&x.line);
    j->ops->close(j);
    return status;
}

#define WHERE "[--config FILE | --data DIR]\n"
static const struct gw_command verbs[] = {
    {"stat", "oldest and newest event, bytes, chain", "Usage: karvan journal stat " WHERE,
     run_stat},
    {"verify", "compute everything anew: density, checksums, hash chain, signatures",
     gw_journal_verify_usage, gw_journal_verify_run},
    {"export", "events as NDJSON",
     "Usage: karvan journal export [--from SEQ] [--to SEQ] " WHERE, run_export},
};

static int run(int argc, char **argv)
{
    return gw_command_dispatch("karvan journal", verbs, sizeof verbs / sizeof *verbs,
                               argc, argv);
}

const struct gw_command gw_cmd_journal = {"journal", "the journal: stat, verify, export",
                                          NULL, run};
