/* cmd_explain.c - karvan explain: why an operator gets an event, or does not, hop by hop.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "cli/command.h"
#include "cli/settings_at.h"
#include "model/json.h"
#include "model/shape.h"
#include "pipeline/explain.h"
#include "store/store.h"

static const char usage[] =
    "Usage: karvan explain SEQ --for OPERATOR [--config FILE] [--json]\n"
    "\n"
    "Says why OPERATOR gets event SEQ, or does not: whose event it is, each sharing rule "
    "of\n"
    "its owner with file and line, the fields that are hidden, and each subscription of\n"
    "OPERATOR with its filter and its cursor.  Reads the journal and the operators' "
    "files as\n"
    "they are now; the gateway may run or not.\n"
    "\n"
    "  --for OPERATOR  the receiver\n"
    "  --config FILE   default: config/gateway.yaml where that exists, else\n"
    "                  /etc/karvan/gateway.yaml\n"
    "  --json          one JSON object\n"
    "\n"
    "Exit: 0 explained, whatever the answer; 1 no such event or operator; 2 usage.\n";

/* Lists of rules and subscriptions can be longer than an event. */
static const struct gw_budget wide = {1u << 20, 8, 16384, 1024};

struct explain {
    uint64_t seq;
    const char *receiver_name, *config;
    bool json;
    struct gw_settings *settings;
    struct gw_directory *directory;
    struct gw_journal *journal;
    struct gw_reader *reader;
    uint32_t receiver;
    int64_t now_ms;
    struct gw_facts facts;
    struct gw_grants grants;
    struct gw_buf event;
    struct gw_tree tree; /* --json */
    uint32_t root, rules, subscriptions;
};

/* ---- the event ---- */

static int read_event(struct explain *x)
{
    struct gw_journal_status st;
    struct gw_stored stored;
    uint32_t n = 0;
    enum gw_error e;
    x->journal->ops->status(x->journal, &st);
    if (!st.last_seq || x->seq < st.first_seq || x->seq > st.last_seq)
        return gw_command_failed(
            "no event %llu: the journal has %llu to %llu", (unsigned long long)x->seq,
            (unsigned long long)st.first_seq, (unsigned long long)st.last_seq);
    e = x->journal->ops->read(x->reader, x->seq, &stored, 1, 1, &n);
    if (!e && n == 1 && stored.seq == x->seq) {
        gw_buf_slice(&x->event, stored.event); /* the reader is used again */
        e = gw_buf_status(&x->event);
    } else if (!e)
        e = GW_CORRUPT;
    if (!e)
        e = gw_route_read(x->directory, gw_buf_bytes(&x->event), GW_ROUTE_ALL, &x->facts);
    return e ? gw_command_failed("event %llu: %s - %s", (unsigned long long)x->seq,
                                 gw_error_text(e), gw_error_remedy(e))
             : GW_EXIT_OK;
}

/* ---- one hop after the other ---- */

static void show_event(struct explain *x)
{
    const struct gw_facts *f = &x->facts;
    struct gw_slice place = f->place.node.len ? f->place.node : f->place.unlocode;
    char received[25];
    gw_time_iso(f->received, received);
    if (!x->json) {
        printf("event %llu, %s (%s), id %.*s%s%.*s, received %s\n",
               (unsigned long long)x->seq, gw_event_types.words[f->type],
               gw_event_classes.words[f->class], GW_FMT(f->id), place.len ? ", at " : "",
               GW_FMT(place), received);
        return;
    }
    gw_tree_put_int(&x->tree, x->root, GW_LIT("seq"), (int64_t)x->seq);
    gw_tree_put_str(&x->tree, x->root, GW_LIT("id"), f->id);
    gw_tree_put_str(&x->tree, x->root, GW_LIT("type"),
                    gw_slice_str(gw_event_types.words[f->type]));
    gw_tree_put_str(&x->tree, x->root, GW_LIT("owner"), f->operator);
    gw_tree_put_str(&x->tree, x->root, GW_LIT("receiver"),
                    gw_slice_str(x->receiver_name));
}

static void show_owner(const struct explain *x)
{
    uint32_t owner = x->grants.owner;
    if (x->json)
        return;
    if (owner == GW_OPERATOR_NONE)
        printf("owner %.*s is no longer on the bus: shared with nobody\n",
               GW_FMT(x->facts.operator));
    else if (owner == x->receiver)
        printf("owner %.*s, which sees all of its own\n", GW_FMT(x->facts.operator));
    else
        printf("owner %.*s, %u sharing rules\n", GW_FMT(x->facts.operator),
               x->directory->operators[owner].rule_count);
}

static void show_rule(struct explain *x, const struct gw_operator *o,
                      const struct gw_rule *r)
{
    struct gw_text why;
    bool gives = gw_explain_rule(r, &x->grants, &x->facts, x->receiver, x->now_ms, &why);
    uint32_t row;
    if (!x->json) {
        printf("  rule %s:%d: %s\n", o->file, r->line, why.s);
        return;
    }
    row = gw_tree_put_map(&x->tree, x->rules, gw_slice(NULL, 0));
    gw_tree_put_str(&x->tree, row, GW_LIT("file"), gw_slice_str(o->file));
    gw_tree_put_int(&x->tree, row, GW_LIT("line"), r->line);
    gw_tree_put_bool(&x->tree, row, GW_LIT("gives"), gives);
    gw_tree_put_str(&x->tree, row, GW_LIT("why"),
                    gw_tree_text(&x->tree, gw_slice_str(why.s)));
}

static void show_rules(struct explain *x)
{
    const struct gw_operator *o;
    if (x->grants.owner == GW_OPERATOR_NONE || x->grants.owner == x->receiver)
        return;
    o = &x->directory->operators[x->grants.owner];
    for (uint32_t i = 0; i < o->rule_count; i++)
        show_rule(x, o, &o->rules[i]);
}

/* The decision itself, from the function that decides. */
static bool show_decision(struct explain *x)
{
    struct gw_mask shown;
    struct gw_buf hidden;
    bool given = gw_route_allows(x->directory, &x->facts, x->receiver, x->now_ms, &shown);
    gw_buf_init(&hidden, 4096);
    if (given && !gw_mask_is_all(&shown))
        gw_mask_print_hidden(&shown, &hidden);
    if (x->json) {
        gw_tree_put_bool(&x->tree, x->root, GW_LIT("shared"), given);
        if (hidden.len)
            gw_tree_put_str(&x->tree, x->root, GW_LIT("hidden"),
                            gw_tree_text(&x->tree, gw_buf_bytes(&hidden)));
    } else
        printf("%s %s it%s%s\n", x->receiver_name, given ? "may see" : "may not see",
               hidden.len ? ", without " : "", gw_buf_text(&hidden));
    gw_buf_deinit(&hidden);
    return given;
}

static void show_subscription(struct explain *x, const char *name,
                              const struct gw_cursor *c, bool given)
{
    struct gw_filter *filter = NULL;
    struct gw_text why;
    bool past = c->seq >= x->seq, matches;
    uint32_t row;
    if (!c->filter.len || gw_filter_read_bare(c->filter, &filter, NULL)) {
        gw_text_set(&why,
                    "cannot be read; it is stored anew when the receiver subscribes");
        matches = false;
    } else
        matches = gw_explain_filter(filter, &x->facts, &why);
    gw_filter_free(filter);
    if (!x->json) {
        printf("  subscription %s: filter %s; cursor at %llu, %s%s\n", name, why.s,
               (unsigned long long)c->seq,
               past ? "behind it: done with" : "before it: not acknowledged yet",
               past && given && matches ? ", so it was delivered, if the rules were these"
                                        : "");
        return;
    }
    row = gw_tree_put_map(&x->tree, x->subscriptions, gw_slice(NULL, 0));
    gw_tree_put_str(&x->tree, row, GW_LIT("name"),
                    gw_tree_text(&x->tree, gw_slice_str(name)));
    gw_tree_put_bool(&x->tree, row, GW_LIT("matches"), matches);
    gw_tree_put_str(&x->tree, row, GW_LIT("why"),
                    gw_tree_text(&x->tree, gw_slice_str(why.s)));
    gw_tree_put_int(&x->tree, row, GW_LIT("cursor"), (int64_t)c->seq);
    gw_tree_put_bool(&x->tree, row, GW_LIT("past"), past);
}

static int show_subscriptions(struct explain *x, bool given)
{
    char name[GW_NAME_MAX + 1] = "";
    struct gw_cursor c;
    unsigned count = 0;
    enum gw_error e;
    while (!(e = x->journal->ops->cursor_next(x->reader, x->receiver_name, name, &c))) {
        show_subscription(x, name, &c, given);
        count++;
    }
    if (!x->json && !count)
        printf("  %s has no subscription\n", x->receiver_name);
    return e == GW_NOT_FOUND ? GW_EXIT_OK
                             : gw_command_failed("cursors: %s", gw_error_text(e));
}

static int print_json(struct explain *x)
{
    struct gw_buf line;
    enum gw_error e;
    gw_buf_init(&line, 4u << 20);
    e = gw_json_write(&x->tree, x->root, &line);
    if (!e)
        printf("%s\n", gw_buf_text(&line));
    gw_buf_deinit(&line);
    return e ? gw_command_failed("%s", gw_error_text(e)) : GW_EXIT_OK;
}

static int explain(struct explain *x)
{
    int status = read_event(x);
    if (status)
        return status;
    x->now_ms = gw_now_ms(&gw_clock_system);
    gw_grants_init(&x->grants);
    gw_grants_read(&x->grants, x->directory, &x->facts, x->now_ms);
    if (x->json) {
        x->root = gw_tree_root(&x->tree);
        show_event(x);
        x->rules = gw_tree_put_array(&x->tree, x->root, GW_LIT("rules"));
    } else
        show_event(x);
    show_owner(x);
    show_rules(x);
    bool given = show_decision(x);
    if (x->json)
        x->subscriptions = gw_tree_put_array(&x->tree, x->root, GW_LIT("subscriptions"));
    status = show_subscriptions(x, given);
    return status || !x->json ? status : print_json(x);
}

/* ---- around it ---- */

static int find_receiver(struct explain *x)
{
    x->receiver = gw_directory_find(x->directory, gw_slice_str(x->receiver_name));
    return x->receiver == GW_OPERATOR_NONE
               ? gw_command_failed("there is no operator %s in %s", x->receiver_name,
                                   x->settings->operators_dir)
               : GW_EXIT_OK;
}

static int open_all(struct explain *x)
{
    struct gw_complaint c = {0};
    struct gw_text why;
    int status = gw_settings_at(x->config, &x->settings);
    if (status)
        return status;
    if (gw_directory_load(&x->directory, x->settings, &c))
        return gw_command_complain(&c);
    status = find_receiver(x);
    if (status)
        return status;
    if (gw_lmdb_open_readonly(&x->journal, x->settings->journal_dir, &why))
        return gw_command_failed("%s", why.s);
    gw_buf_init(&x->event, 1u << 20);
    return x->journal->ops->reader_open(x->journal, &x->reader) ||
                   gw_tree_init(&x->tree, &wide)
               ? gw_command_failed("out of memory")
               : GW_EXIT_OK;
}

static void close_all(struct explain *x)
{
    gw_tree_deinit(&x->tree);
    gw_buf_deinit(&x->event);
    if (x->reader)
        x->journal->ops->reader_close(x->reader);
    if (x->journal)
        x->journal->ops->close(x->journal);
    gw_directory_unref(x->directory);
    free(x->settings);
}

static int parse(int argc, char **argv, struct explain *x)
{
    static const struct option options[] = {{"for", required_argument, NULL, 'f'},
                                            {"config", required_argument, NULL, 'c'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    int o;
    optind = 0;
    while ((o = getopt_long(argc, argv, "c:", options, NULL)) != -1)
        if (o == 'f')
            x->receiver_name = optarg;
        else if (o == 'c')
            x->config = optarg;
        else if (o == 'j')
            x->json = true;
        else
            return gw_command_misused("karvan explain", "unknown option");
    if (!x->receiver_name || argc - optind != 1 ||
        !gw_slice_uint(gw_slice_str(argv[optind]), &x->seq))
        return gw_command_misused("karvan explain",
                                  "one SEQ and --for OPERATOR are needed");
    return GW_EXIT_OK;
}

static int run(int argc, char **argv)
{
    struct explain *x = calloc(1, sizeof *x);
    int status;
    if (!x)
        return gw_command_failed("out of memory");
    status = parse(argc, argv, x);
    if (!status)
        status = open_all(x);
    if (!status)
        status = explain(x);
    close_all(x);
    free(x);
    return status;
}

const struct gw_command gw_cmd_explain = {
    "explain", "why an operator gets an event, or does not", usage, run};
