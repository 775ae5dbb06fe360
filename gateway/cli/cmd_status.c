/* cmd_status.c - `karvan status` and `karvan reload`: a running gateway, seen and told.
 */
#include <getopt.h>
#include <stdio.h>
#include "cli/command.h"
#include "cli/gateway_at.h"
#include "model/json.h"

#define ANSWER_BYTES (16u << 20)

struct call {
    struct gw_gateway_at at;
    bool json, health;
};

static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                        {"data", required_argument, NULL, 'd'},
                                        {"json", no_argument, NULL, 'j'},
                                        {"health", no_argument, NULL, 'H'},
                                        {NULL, 0, NULL, 0}};

static bool parse(int argc, char **argv, struct call *c)
{
    int o;
    while ((o = getopt_long(argc, argv, "c:d:", options, NULL)) != -1)
        if (o == 'c')
            c->at.config = optarg;
        else if (o == 'd')
            c->at.data = optarg;
        else if (o == 'j')
            c->json = true;
        else if (o == 'H')
            c->health = true;
        else
            return false;
    return optind == argc;
}

/* ---- the answer in words ---- */

struct view {
    struct gw_tree tree;
    uint32_t root;
};

static long long num(const struct view *v, uint32_t at, const char *path)
{
    return (long long)gw_tree_int(&v->tree, at, path, 0);
}

/* Of all lanes; each has its own table of objects. */
static void print_live(const struct view *v)
{
    uint32_t lanes = gw_tree_child(&v->tree, v->root, GW_LIT("lanes"));
    long long taken = 0, dropped = 0, refused = 0, delivered = 0, objects = 0;
    if (!lanes)
        return;
    for (GW_FOREACH_CHILD (&v->tree, lanes, lane)) {
        long long here = num(v, lane, "live.objects");
        taken += num(v, lane, "live.taken");
        dropped += num(v, lane, "live.dropped");
        refused += num(v, lane, "live.refused");
        delivered += num(v, lane, "live.delivered");
        objects = here > objects ? here : objects;
    }
    printf("live       %lld events of %lld objects, %lld delivered, %lld dropped, %lld "
           "refused\n",
           taken, objects, delivered, dropped, refused);
}

static void print_head(const struct view *v)
{
    struct gw_slice name = gw_tree_str(&v->tree, v->root, "name");
    struct gw_slice room = gw_tree_str(&v->tree, v->root, "journal.room");
    long long up = num(v, v->root, "up_ms") / 1000;
    printf("gateway    %.*s, up %lldd %02lld:%02lld:%02lld, %lld operators, %lld "
           "connections "
           "admitted, %lld turned away\n",
           GW_FMT(name), up / 86400, up / 3600 % 24, up / 60 % 60, up % 60,
           num(v, v->root, "operators"), num(v, v->root, "admitted"),
           num(v, v->root, "turned_away"));
    printf(
        "journal    seq %lld .. %lld, %.1f of %.1f MiB, room: %.*s, last sync %.1f ms, "
        "%lld batches waiting\n",
        num(v, v->root, "journal.first"), num(v, v->root, "journal.last"),
        (double)num(v, v->root, "journal.used_bytes") / 1048576.0,
        (double)num(v, v->root, "journal.max_bytes") / 1048576.0, GW_FMT(room),
        (double)num(v, v->root, "journal.last_sync_us") / 1000.0,
        num(v, v->root, "journal.queued"));
    printf("quarantine %lld events, %lld bytes\n", num(v, v->root, "journal.quarantined"),
           num(v, v->root, "journal.quarantined_bytes"));
    print_live(v);
}

static void print_subscription(const struct view *v, uint32_t at)
{
    struct gw_slice name = gw_tree_str(&v->tree, at, "name");
    uint32_t halted = gw_tree_at(&v->tree, at, "halted"),
             live = gw_tree_at(&v->tree, at, "live");
    printf("  subscription %.*s: next seq %lld, acknowledged %lld, lag %lld, sent %lld, "
           "%s\n",
           GW_FMT(name), num(v, at, "next"), num(v, at, "acked"), num(v, at, "lag"),
           num(v, at, "sent"),
           halted && v->tree.nodes[halted].b ? "HALTED: the journal is damaged there"
           : live && v->tree.nodes[live].b   ? "live"
                                             : "from the journal");
}

static void print_session(const struct view *v, uint32_t at)
{
    struct gw_slice operator= gw_tree_str(&v->tree, at, "operator");
    struct gw_slice adapter = gw_tree_str(&v->tree, at, "adapter");
    printf(
        "%.*s/%.*s  last batch %lld (+%lld in flight), accepted %lld, duplicates %lld, "
        "refused %lld, delivered %lld, faults %lld, silent %.1f s\n",
        GW_FMT(operator), GW_FMT(adapter), num(v, at, "last_batch"),
        num(v, at, "in_flight"), num(v, at, "accepted"), num(v, at, "duplicates"),
        num(v, at, "refused"), num(v, at, "delivered"), num(v, at, "faults"),
        (double)num(v, at, "silent_ms") / 1000.0);
    for (GW_FOREACH_CHILD (&v->tree, gw_tree_at(&v->tree, at, "subscriptions"), sub))
        print_subscription(v, sub);
}

static int print_words(struct gw_slice answer)
{
    struct gw_budget budget = {ANSWER_BYTES / 4, 12, 1u << 20, 4096};
    struct view v;
    struct gw_fault fault = {0};
    int status = GW_EXIT_OK;
    uint32_t sessions;

    if (gw_tree_init(&v.tree, &budget))
        return gw_command_failed("out of memory");
    if (gw_json_read(&v.tree, answer, &v.root, &fault))
        status = gw_command_failed("the gateway's answer cannot be read: %s", fault.rule);
    else {
        print_head(&v);
        sessions = gw_tree_child(&v.tree, v.root, GW_LIT("sessions"));
        printf("sessions   %u\n", sessions ? v.tree.nodes[sessions].count : 0);
        for (GW_FOREACH_CHILD (&v.tree, sessions, s))
            print_session(&v, s);
    }
    gw_tree_deinit(&v.tree);
    return status;
}

static bool is_ok(struct gw_slice answer)
{
    return gw_slice_starts(answer, GW_LIT("{\"ok\":true"));
}

static int ask(struct call *c, const char *request, bool words)
{
    struct gw_buf out;
    int status = gw_gateway_resolve(&c->at);

    gw_buf_init(&out, ANSWER_BYTES);
    if (!status)
        status = gw_gateway_ask(&c->at, request, &out);
    if (!status && words && is_ok(gw_buf_bytes(&out)))
        status = print_words(gw_buf_bytes(&out));
    else if (!status) {
        printf("%.*s\n", GW_FMT(gw_buf_bytes(&out)));
        status = is_ok(gw_buf_bytes(&out)) ? GW_EXIT_OK : GW_EXIT_FAILED;
    }
    gw_buf_deinit(&out);
    return status;
}

static int run_status(int argc, char **argv)
{
    struct call c = {0};
    if (!parse(argc, argv, &c))
        return gw_command_misused("karvan status", "unknown option");
    return c.health ? ask(&c, "{\"do\":\"health\"}", false)
                    : ask(&c, "{\"do\":\"status\"}", !c.json);
}

static int run_reload(int argc, char **argv)
{
    struct call c = {0};
    if (!parse(argc, argv, &c))
        return gw_command_misused("karvan reload", "unknown option");
    return ask(&c, "{\"do\":\"reload\"}", false);
}

const struct gw_command gw_cmd_status = {
    "status", "a running gateway: journal, sessions, lag, quarantine",
    "Usage: karvan status [--health] [--json] [--config FILE | --data DIR]\n\n"
    "  --health   one line; exit 0 when the gateway takes and keeps events, 1 with the "
    "reasons\n"
    "  --json     the whole answer as JSON\n"
    "  --config   settings of the gateway (default: config/gateway.yaml, "
    "/etc/karvan/gateway.yaml)\n"
    "  --data     or its data directory\n",
    run_status};

const struct gw_command gw_cmd_reload = {
    "reload", "read operators, profiles and places anew, without a restart",
    "Usage: karvan reload [--config FILE | --data DIR]\n\n"
    "A wrong file changes nothing; the answer says file, line and remedy, and exit is "
    "1.\n",
    run_reload};
