/* cmd_subscribe.c - karvan subscribe: events as they come, one JSON object per line. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "cli/command.h"
#include "cli/connect.h"
#include "model/json.h"

static const char usage[] =
    "Usage: karvan subscribe [options] NAME [FIELD=VALUE[,VALUE]...]... [or "
    "FIELD=...]...\n"
    "\n"
    "Prints the events of subscription NAME as NDJSON until it is interrupted, and "
    "acknowledges\n"
    "them: the next run goes on behind them.  Every FIELD must match with one of its "
    "values;\n"
    "the word or begins an alternative.  Fields: type, class, subject, mode, kind (of "
    "equipment),\n"
    "operator, location (node or UN/LOCODE), country, from and to (country, node or "
    "UN/LOCODE),\n"
    "equipment (PREFIX* too), consignment (SCHEME:VALUE too), party (ROLE:ID too),\n"
    "area (SOUTH/WEST/NORTH/EAST in degrees).\n"
    "\n" GW_CONNECT_USAGE "  --start WHERE          cursor (default), earliest, latest, "
    "seq:N, time:2026-11-24T00:00Z\n"
    "  --count N              end after N events\n"
    "  --timeout S            end after S seconds; with --count, status 1 if it was not "
    "reached\n"
    "  --live                 live events too: positions, conditions and alerts as they come\n"
    "  --no-ack               acknowledge nothing: the cursor stays where it is\n";

struct subscribe {
    struct karvan_client *client;
    const char *name, *start;
    uint64_t count;      /* 0 = no end */
    uint64_t timeout_ms; /* 0 = none */
    bool no_ack, live, failed;
    uint64_t printed, last_seq;
    struct gw_tree tree;
    struct gw_buf line;
};

static bool enough(const struct subscribe *s)
{
    return s->count && s->printed == s->count;
}

static void fail(struct subscribe *s, const char *why)
{
    if (!s->failed)
        gw_command_failed("%s", why);
    s->failed = true;
    karvan_stop(s->client);
}

/* No position follows a live event. */
static void show_live(struct subscribe *s)
{
    if (fflush(stdout) != 0)
        fail(s, "cannot write to standard output");
    else if (enough(s))
        karvan_stop(s->client);
}

static void on_event(void *user, const struct karvan_event *e)
{
    struct subscribe *s = user;
    struct gw_fault fault = {0};
    if (s->failed || enough(s))
        return;
    gw_buf_reset(&s->line);
    if (gw_json_from_msgpack(&s->tree, gw_slice(e->bytes, e->len), &s->line, &fault)) {
        fail(s, "an event cannot be shown as JSON");
        return;
    }
    gw_buf_byte(&s->line, '\n');
    if (fwrite(s->line.at, 1, s->line.len, stdout) != s->line.len) {
        fail(s, "cannot write to standard output");
        return;
    }
    s->printed++;
    if (e->seq)
        s->last_seq = e->seq;
    else
        show_live(s);
}

/* After each message: what is acknowledged has left this process. */
static void on_position(void *user, const char *name, uint64_t seq)
{
    struct subscribe *s = user;
    if (s->failed)
        return;
    if (fflush(stdout) != 0) {
        fail(s, "cannot write to standard output");
        return;
    }
    if (!s->no_ack && karvan_ack(s->client, name, enough(s) ? s->last_seq : seq))
        fail(s, "the gateway's positions do not fit");
    if (enough(s))
        karvan_stop(s->client);
}

static void on_subscribed(void *user, const char *name, uint64_t start, uint64_t oldest,
                          uint64_t newest)
{
    (void)user;
    fprintf(stderr, "%s: from %llu; the gateway has %llu to %llu\n", name,
            (unsigned long long)start, (unsigned long long)oldest,
            (unsigned long long)newest);
}

static void on_narrowed(void *user, const char *name, const char *words)
{
    (void)user;
    fprintf(stderr, "%s: not shared with you: %s\n", name, words);
}

static int64_t now_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

static int run_loop(struct subscribe *s)
{
    int64_t end = s->timeout_ms ? now_ms() + (int64_t)s->timeout_ms : INT64_MAX;
    enum gw_error e = GW_OK;
    while (!e && !s->failed && !enough(s) && !gw_connect_stopped() && now_ms() < end) {
        int64_t left = end - now_ms();
        e = karvan_run(s->client, left > 1000 ? 1000 : (int)left);
    }
    bool missed = s->count && !enough(s) && now_ms() >= end;
    bool gone = karvan_client_state(s->client) == KARVAN_FENCED ||
                karvan_client_state(s->client) == KARVAN_REFUSED;
    karvan_close(s->client, 0);
    if (missed)
        return gw_command_failed("%llu of %llu events came in time",
                                 (unsigned long long)s->printed,
                                 (unsigned long long)s->count);
    return s->failed || gone ? GW_EXIT_FAILED : GW_EXIT_OK;
}

/* Without acknowledgements no credit comes back: give all of it at once. */
static void set_up(struct subscribe *s, struct karvan_options *o)
{
    o->on.event = on_event;
    o->on.position = on_position;
    o->on.subscribed = on_subscribed;
    o->on.narrowed = on_narrowed;
    o->user = s;
    o->auto_ack = false;
    if (s->no_ack) {
        o->credit_events = 1u << 24;
        o->credit_bytes = (size_t)1 << 36;
    }
}

#define TERMS_MOST 512

static int subscribe(struct subscribe *s, struct gw_connect *connect, char **terms,
                     int count)
{
    const char *asked[TERMS_MOST + 1] = {"live=true"};
    char why[300];
    int status;
    if (count > TERMS_MOST)
        return gw_command_misused("karvan subscribe", "too many conditions");
    for (int i = 0; i < count; i++)
        asked[s->live + i] = terms[i];
    set_up(s, &connect->options);
    gw_buf_init(&s->line, 4u << 20);
    status = gw_tree_init(&s->tree, &gw_budget_default)
                 ? gw_command_failed("out of memory")
                 : gw_connect_open(connect, &s->client);
    if (!status &&
        karvan_subscribe_where(s->client, s->name, s->start, asked,
                               (size_t)count + s->live, why, sizeof why)) {
        karvan_close(s->client, 0);
        status = gw_command_misused("karvan subscribe", "%s", why);
    } else if (!status)
        status = run_loop(s);
    gw_tree_deinit(&s->tree);
    gw_buf_deinit(&s->line);
    return status;
}

static bool take_option(struct subscribe *s, struct gw_connect *connect, int o)
{
    uint64_t seconds;
    switch (o) {
    case 's':
        s->start = optarg;
        return true;
    case 'l':
        s->live = true;
        return true;
    case 'n':
        s->no_ack = true;
        return true;
    case 'c':
        if (gw_connect_number(optarg, UINT64_MAX, &s->count))
            return true;
        gw_command_misused("karvan subscribe", "--count: a whole number from 1");
        return false;
    case 't':
        if (gw_connect_number(optarg, 86400 * 366, &seconds)) {
            s->timeout_ms = seconds * 1000;
            return true;
        }
        gw_command_misused("karvan subscribe", "--timeout: whole seconds from 1");
        return false;
    default:
        return gw_connect_option(connect, o, optarg);
    }
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {GW_CONNECT_OPTIONS,
                                            {"start", required_argument, NULL, 's'},
                                            {"count", required_argument, NULL, 'c'},
                                            {"timeout", required_argument, NULL, 't'},
                                            {"live", no_argument, NULL, 'l'},
                                            {"no-ack", no_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    struct subscribe s = {0};
    struct gw_connect connect;
    char adapter[33];
    int o;
    gw_connect_init(&connect, "karvan subscribe", NULL);
    optind = 0;
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (!take_option(&s, &connect, o))
            return GW_EXIT_USAGE;
    if (optind >= argc)
        return gw_command_misused("karvan subscribe",
                                  "the subscription's NAME is needed");
    s.name = argv[optind++];
    if (!connect.options
             .adapter) { /* subscribers beside each other must not fence each other */
        snprintf(adapter, sizeof adapter, "karvan-%.25s", s.name);
        connect.options.adapter = adapter;
    }
    return subscribe(&s, &connect, argv + optind, argc - optind);
}

const struct gw_command gw_cmd_subscribe = {"subscribe", "print events as NDJSON", usage,
                                            run};
