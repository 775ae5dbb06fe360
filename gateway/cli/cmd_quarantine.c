/* cmd_quarantine.c - `karvan quarantine list|show|requeue|drop`: refused events, kept
 * byte for byte until somebody repairs or drops them.
 *
 * list and show read the journal's files, beside a running gateway or not; requeue and
 * drop ask the running gateway (quarantine_admin.c). */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include "base/hash.h"
#include "cli/command.h"
#include "cli/gateway_at.h"
#include "cli/quarantine_admin.h"
#include "model/json.h"
#include "store/store.h"

#define LINE_BYTES  (8u << 20)
#define VALUE_BYTES (16u << 20) /* a body that was refused whole may be this large */

struct call {
    struct gw_gateway_at at;
    const char *operator;
    uint64_t id, most;
    bool json, raw;
};

static bool take_option(struct call *c, int o)
{
    switch (o) {
    case 'c':
        c->at.config = optarg;
        return true;
    case 'd':
        c->at.data = optarg;
        return true;
    case 'j':
        c->json = true;
        return true;
    case 'r':
        c->raw = true;
        return true;
    case 'o':
        c->operator= optarg;
        return true;
    case 'm':
        return gw_slice_uint(gw_slice_str(optarg), &c->most);
    default:
        return false;
    }
}

static bool parse(int argc, char **argv, const struct option *options, struct call *c)
{
    int o;
    c->most = UINT64_MAX;
    optind = 0;
    while ((o = getopt_long(argc, argv, "c:d:", options, NULL)) != -1)
        if (!take_option(c, o))
            return false;
    return true;
}

static int open_journal(struct call *c, struct gw_journal **j)
{
    struct gw_text why;
    int status = gw_gateway_resolve(&c->at);
    if (!status && gw_lmdb_open_readonly(j, c->at.journal_dir, &why))
        status = gw_command_failed("%s", why.s);
    return status;
}

/* ---- one entry as JSON or words ---- */

static void put_reason(struct gw_tree *t, uint32_t root, const struct gw_quarantined *q)
{
    (void)gw_tree_put_int(t, root, GW_LIT("id"), (int64_t)q->id);
    (void)gw_tree_put_str(t, root, GW_LIT("operator"), gw_slice_str(q->operator));
    (void)gw_tree_put_str(t, root, GW_LIT("adapter"), gw_slice_str(q->adapter));
    (void)gw_tree_put_int(t, root, GW_LIT("time"), q->time_ms);
    (void)gw_tree_put_int(t, root, GW_LIT("batch"), (int64_t)q->batch);
    (void)gw_tree_put_int(t, root, GW_LIT("index"), q->index);
    (void)gw_tree_put_int(t, root, GW_LIT("code"), q->code);
    (void)gw_tree_put_str(t, root, GW_LIT("name"), gw_slice_str(gw_error_name(q->code)));
    (void)gw_tree_put_str(t, root, GW_LIT("text"), gw_slice_str(gw_error_text(q->code)));
    (void)gw_tree_put_str(t, root, GW_LIT("field"), gw_slice_str(q->field));
    (void)gw_tree_put_int(t, root, GW_LIT("at"), q->offset);
    (void)gw_tree_put_str(t, root, GW_LIT("rule"), gw_slice_str(q->rule));
    (void)gw_tree_put_str(t, root, GW_LIT("remedy"),
                          gw_slice_str(gw_error_remedy(q->code)));
    (void)gw_tree_put_int(t, root, GW_LIT("size_bytes"), (int64_t)q->bytes.len);
}

static int print_json(struct gw_tree *t, const struct gw_quarantined *q,
                      struct gw_buf *line)
{
    uint32_t root = gw_tree_root(t);
    put_reason(t, root, q);
    gw_buf_reset(line);
    if (gw_json_write(t, root, line))
        return gw_command_failed("entry %" PRIu64 " cannot be written as JSON", q->id);
    printf("%.*s\n", GW_FMT(gw_buf_bytes(line)));
    return GW_EXIT_OK;
}

static void print_row(const struct gw_quarantined *q)
{
    printf("%8" PRIu64 "  %-20s %-16s batch %" PRIu64
           " event %u  %d %s  field %s at %u: %s\n",
           q->id, q->operator, q->adapter, q->batch, q->index, (int)q->code,
           gw_error_name(q->code), q->field[0] ? q->field : "-", q->offset,
           q->rule[0] ? q->rule : gw_error_text(q->code));
}

/* ---- list ---- */

static const struct option list_options[] = {
    {"config", required_argument, NULL, 'c'},   {"data", required_argument, NULL, 'd'},
    {"operator", required_argument, NULL, 'o'}, {"most", required_argument, NULL, 'm'},
    {"json", no_argument, NULL, 'j'},           {NULL, 0, NULL, 0}};

static bool wanted(const struct call *c, const struct gw_quarantined *q)
{
    return !c->operator|| strcmp(c->operator, q->operator) == 0;
}

static int print_entry(const struct call *c, struct gw_tree *t,
                       const struct gw_quarantined *q, struct gw_buf *line)
{
    if (c->json)
        return print_json(t, q, line);
    print_row(q);
    return GW_EXIT_OK;
}

/* A damaged entry is said, and the walk goes on behind it. */
static int list_all(const struct call *c, struct gw_journal *j, struct gw_reader *r,
                    struct gw_tree *t, struct gw_buf *line)
{
    struct gw_quarantined q;
    uint64_t from = 1, n = 0;
    int status = GW_EXIT_OK;

    while (n < c->most) {
        enum gw_error e = j->ops->quarantine_next(r, from, &q);
        if (e == GW_NOT_FOUND)
            return status;
        if (e && e != GW_CORRUPT)
            return gw_command_failed("%s", gw_error_text(e));
        from = q.id + 1;
        if (e)
            status = gw_command_failed("entry %" PRIu64
                                       " is damaged; karvan quarantine drop %" PRIu64,
                                       q.id, q.id);
        else if (wanted(c, &q)) {
            status = print_entry(c, t, &q, line) || status ? GW_EXIT_FAILED : GW_EXIT_OK;
            n++;
        }
    }
    return status;
}

static int with_reader(struct call *c,
                       int (*run)(const struct call *c, struct gw_journal *j,
                                  struct gw_reader *r, struct gw_tree *t,
                                  struct gw_buf *line))
{
    static const struct gw_budget wide = {VALUE_BYTES, 30, 1u << 20, 1u << 20};
    struct gw_journal *j = NULL;
    struct gw_reader *r = NULL;
    struct gw_tree tree;
    struct gw_buf line;
    int status = open_journal(c, &j);

    if (status)
        return status;
    gw_buf_init(&line, LINE_BYTES);
    if (gw_tree_init(&tree, &wide) || j->ops->reader_open(j, &r))
        status = gw_command_failed("out of memory");
    else
        status = run(c, j, r, &tree, &line);
    gw_tree_deinit(&tree);
    gw_buf_deinit(&line);
    j->ops->reader_close(r);
    j->ops->close(j);
    return status;
}

static int run_list(int argc, char **argv)
{
    struct call c = {0};
    if (!parse(argc, argv, list_options, &c) || optind != argc)
        return gw_command_misused("karvan quarantine list", "unknown option or word");
    return with_reader(&c, list_all);
}

/* ---- show ---- */

static const struct option show_options[] = {{"config", required_argument, NULL, 'c'},
                                             {"data", required_argument, NULL, 'd'},
                                             {"json", no_argument, NULL, 'j'},
                                             {"raw", no_argument, NULL, 'r'},
                                             {NULL, 0, NULL, 0}};

static void print_hex(struct gw_slice bytes)
{
    char text[65];
    for (size_t at = 0; at < bytes.len; at += 32) {
        size_t n = bytes.len - at < 32 ? bytes.len - at : 32;
        gw_hex(bytes.at + at, n, text);
        printf("%06zx  %s\n", at, text);
    }
}

static void print_reason(const struct gw_quarantined *q)
{
    time_t s = (time_t)(q->time_ms / 1000);
    struct tm tm;
    char when[32] = "?";
    if (gmtime_r(&s, &tm))
        (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
    printf("entry     %" PRIu64 "\nsender    %s/%s, batch %" PRIu64 ", event %u, %s\n",
           q->id, q->operator, q->adapter, q->batch, q->index, when);
    printf("refused   %d %s: %s\nrule      %s\nfield     %s, byte %u\nremedy    %s\n",
           (int)q->code, gw_error_name(q->code), gw_error_text(q->code),
           q->rule[0] ? q->rule : "-", q->field[0] ? q->field : "-", q->offset,
           gw_error_remedy(q->code));
}

/* As JSON where it can be read, which is what --with wants back; else in hex. */
static void print_event(const struct gw_quarantined *q, struct gw_tree *t,
                        struct gw_buf *line)
{
    gw_buf_reset(line);
    if (!q->bytes.len)
        printf("event     its bytes were not kept: the operator's quarantine was full\n");
    else if (gw_json_from_msgpack(t, q->bytes, line, NULL)) {
        printf("event     %zu bytes that are no readable map:\n", q->bytes.len);
        print_hex(q->bytes);
    } else
        printf("event     %.*s\n", GW_FMT(gw_buf_bytes(line)));
}

static int show_one(const struct call *c, struct gw_journal *j, struct gw_reader *r,
                    struct gw_tree *t, struct gw_buf *line)
{
    struct gw_quarantined q;
    enum gw_error e = j->ops->quarantine_next(r, c->id, &q);

    if (e == GW_NOT_FOUND || q.id != c->id)
        return gw_command_failed("there is no entry %" PRIu64 " in quarantine", c->id);
    if (e)
        return gw_command_failed("entry %" PRIu64 ": %s", c->id, gw_error_text(e));
    if (c->raw)
        return fwrite(q.bytes.at, 1, q.bytes.len, stdout) == q.bytes.len ? GW_EXIT_OK
                                                                         : GW_EXIT_FAILED;
    if (c->json)
        return print_json(t, &q, line);
    print_reason(&q);
    print_event(&q, t, line);
    return GW_EXIT_OK;
}

static int run_show(int argc, char **argv)
{
    struct call c = {0};
    if (!parse(argc, argv, show_options, &c) || optind != argc - 1 ||
        !gw_slice_uint(gw_slice_str(argv[optind]), &c.id) || !c.id)
        return gw_command_misused("karvan quarantine show",
                                  "which entry? see karvan quarantine list");
    return with_reader(&c, show_one);
}

static const struct gw_command verbs[] = {
    {"list", "refused events: who sent them, and why they were refused",
     "Usage: karvan quarantine list [--operator NAME] [--most N] [--json] [--config FILE "
     "| --data "
     "DIR]\n",
     run_list},
    {"show", "one of them with its reason and its content",
     "Usage: karvan quarantine show ID [--json | --raw] [--config FILE | --data DIR]\n\n"
     "  --json  the reason as one JSON object\n"
     "  --raw   the bytes as they were sent\n",
     run_show},
    {"requeue", "try again, as it is or repaired", gw_quarantine_requeue_usage,
     gw_quarantine_requeue},
    {"drop", "forget one for good", gw_quarantine_drop_usage, gw_quarantine_drop},
};

static int run(int argc, char **argv)
{
    return gw_command_dispatch("karvan quarantine", verbs, sizeof verbs / sizeof *verbs,
                               argc, argv);
}

const struct gw_command gw_cmd_quarantine = {
    "quarantine", "refused events: list, show, requeue, drop", NULL, run};
