/* cmd_trace.c - `karvan trace container|wagon|consignment ID`: everything the journal
 * knows of it. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "cli/command.h"
#include "cli/gateway_at.h"
#include "model/canon.h"
#include "model/json.h"
#include "model/shape.h"
#include "store/store.h"
#include "store/trace.h"

#define EVENTS_MOST 100000

struct call {
    struct gw_gateway_at at;
    bool json;
    enum gw_trace_kind kind;
    const char *id;
};

/* One event of the journey, kept until all are there: they are shown in the order they
 * happened. */
struct stop {
    int64_t time;
    uint64_t seq;
    size_t at, len; /* in struct journey.bytes */
};

struct journey {
    struct stop *stops;
    uint32_t count, cap;
    struct gw_buf bytes;
    bool failed;
};

static bool kind_of(const char *word, enum gw_trace_kind *out)
{
    static const struct {
        const char *word;
        enum gw_trace_kind kind;
    } rows[] = {{"container", GW_TRACE_EQUIPMENT},
                {"wagon", GW_TRACE_EQUIPMENT},
                {"equipment", GW_TRACE_EQUIPMENT},
                {"consignment", GW_TRACE_CONSIGNMENT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(word, rows[i].word) == 0) {
            *out = rows[i].kind;
            return true;
        }
    return false;
}

static bool parse(int argc, char **argv, struct call *c)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    int o;
    while ((o = getopt_long(argc, argv, "c:d:", options, NULL)) != -1)
        if (o == 'c')
            c->at.config = optarg;
        else if (o == 'd')
            c->at.data = optarg;
        else if (o == 'j')
            c->json = true;
        else
            return false;
    if (argc - optind != 2 || !kind_of(argv[optind], &c->kind) || !argv[optind + 1][0])
        return false;
    c->id = argv[optind + 1];
    return true;
}

static bool keep(void *ctx, const struct gw_stored *s, const struct gw_facts *f)
{
    struct journey *j = ctx;
    struct stop *stop;
    if (j->count == j->cap) {
        uint32_t cap = j->cap ? j->cap * 2 : 256;
        void *at =
            cap <= 2 * EVENTS_MOST ? realloc(j->stops, cap * sizeof *j->stops) : NULL;
        if (!at) {
            j->failed = true;
            return false;
        }
        j->stops = at;
        j->cap = cap;
    }
    stop = &j->stops[j->count++];
    *stop = (struct stop){.time = f->time, .seq = s->seq, .at = j->bytes.len};
    if (gw_canon_add_seq(s->event, s->seq, &j->bytes))
        j->failed = true;
    stop->len = j->bytes.len - stop->at;
    return !j->failed;
}

static int by_time(const void *a, const void *b)
{
    const struct stop *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* ---- showing ---- */

static void print_words(const struct stop *s, const struct gw_facts *f)
{
    char when[25];
    gw_time_iso(s->time, when);
    printf("%.16sZ  %-10s %-18s %-18.*s %.*s (seq %llu)\n", when,
           gw_event_classes.words[f->class], gw_event_types.words[f->type],
           GW_FMT(f->place.node.len ? f->place.node : f->place.unlocode),
           GW_FMT(f->operator), (unsigned long long)s->seq);
}

static bool print_stop(const struct call *c, struct gw_tree *tree, struct gw_facts *f,
                       const struct stop *s, struct gw_slice event)
{
    struct gw_buf line;
    bool ok;
    if (!c->json) {
        ok = !gw_facts_read(event, f);
        if (ok)
            print_words(s, f);
        return ok;
    }
    gw_buf_init(&line, 8u << 20);
    ok = !gw_json_from_msgpack(tree, event, &line, NULL);
    if (ok)
        printf("%.*s\n", GW_FMT(gw_buf_bytes(&line)));
    gw_buf_deinit(&line);
    return ok;
}

static int show(const struct call *c, struct journey *j)
{
    static const struct gw_budget wide = {1u << 20, 16, 8192, 4096};
    struct gw_facts *facts = calloc(1, sizeof *facts);
    struct gw_tree tree;
    bool ok = facts && !gw_tree_init(&tree, &wide);

    if (!ok) {
        free(facts);
        return gw_command_failed("out of memory");
    }
    if (j->count)
        qsort(j->stops, j->count, sizeof *j->stops, by_time);
    for (uint32_t i = 0; i < j->count && ok; i++)
        ok = print_stop(c, &tree, facts, &j->stops[i],
                        gw_slice(j->bytes.at + j->stops[i].at, j->stops[i].len));
    gw_tree_deinit(&tree);
    free(facts);
    return ok ? GW_EXIT_OK
              : gw_command_failed("an event cannot be shown: %s",
                                  gw_error_text(GW_FORMAT));
}

static int look_up(const struct call *c, struct journey *out)
{
    char dir[320];
    struct gw_text why = {""};
    struct gw_journal *j = NULL;
    struct gw_trace *t = NULL;
    enum gw_error e = gw_lmdb_open_readonly(&j, c->at.journal_dir, &why);

    if (e)
        return gw_command_failed("%s", why.s);
    (void)snprintf(dir, sizeof dir, "%s/trace", c->at.journal_dir);
    e = gw_trace_open(&t, dir);
    if (!e)
        e = gw_trace_journey(j, t, c->kind, gw_slice_str(c->id), keep, out);
    gw_trace_close(t);
    j->ops->close(j);
    if (out->failed)
        return gw_command_failed("more than %d events speak of %s", EVENTS_MOST, c->id);
    return e ? gw_command_failed(
                   "%s: %s", gw_error_text(e),
                   e == GW_CORRUPT ? "run karvan journal verify; if that finds nothing, "
                                     "delete the folder journal/trace and restart"
                                   : gw_error_remedy(e))
             : GW_EXIT_OK;
}

static int run(int argc, char **argv)
{
    struct call c = {0};
    struct journey j = {0};
    int status =
        parse(argc, argv, &c)
            ? gw_gateway_resolve(&c.at)
            : gw_command_misused("karvan trace", "what is to be traced, and its number");
    if (status)
        return status;
    gw_buf_init(&j.bytes, 1u << 30);
    status = look_up(&c, &j);
    if (!status)
        status = show(&c, &j);
    free(j.stops);
    gw_buf_deinit(&j.bytes);
    return status;
}

const struct gw_command gw_cmd_trace = {
    "trace",
    "everything known of one container, wagon or consignment, in the order it happened",
    "Usage: karvan trace container|wagon|consignment ID [--json] [--config FILE | --data "
    "DIR]\n"
    "\n"
    "A consignment is meant by one of its references: a value, or scheme:value "
    "(booking:BKG1).\n"
    "Works beside a running gateway or without one, on the gateway's own machine; shows "
    "the\n"
    "events of all operators.  --json prints the events as NDJSON.\n",
    run};
