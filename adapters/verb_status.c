/* verb_status.c - karvan-adapter status: a running host, seen through its socket. */
#include "adapters/host_status.h"
#include "adapters/verb.h"
#include "model/json.h"
#include <getopt.h>
#include <stdio.h>

#define ANSWER_BYTES (4u << 20)

static const struct option long_options[] = {{"config", required_argument, NULL, 'c'},
                                             {"socket", required_argument, NULL, 'S'},
                                             {"json", no_argument, NULL, 'j'},
                                             {"health", no_argument, NULL, 'H'},
                                             {NULL, 0, NULL, 0}};

struct call {
    const char *config;
    char socket[108];
    bool json, health;
    struct gw_tree tree;
    uint32_t root;
};

/* ---- in words ---- */

static long long num(const struct call *c, uint32_t at, const char *path)
{
    return (long long)gw_tree_int(&c->tree, at, path, 0);
}

static bool is_true(const struct call *c, uint32_t at, const char *path)
{
    uint32_t n = gw_tree_at(&c->tree, at, path);
    return n && gw_node(&c->tree, n)->kind == GW_BOOL && gw_node(&c->tree, n)->b;
}

static void print_source(const struct call *c, uint32_t a)
{
    struct gw_slice trouble = gw_tree_str(&c->tree, a, "source.trouble");
    (void)printf(
        "  source %.*s: %lld messages, %lld events, %lld refused, %lld repeated, "
        "%lld waiting%s%.*s\n",
        GW_FMT(gw_tree_str(&c->tree, a, "source.kind")), num(c, a, "source.messages"),
        num(c, a, "source.events"), num(c, a, "source.refused"),
        num(c, a, "source.repeated"), num(c, a, "source.waiting"),
        trouble.len ? "; nothing comes in: " : "", GW_FMT(trouble));
    (void)printf("  spool: %lld batches, %.1f of %.0f MiB%s\n",
                 num(c, a, "spool.batches"), (double)num(c, a, "spool.bytes") / 1048576.0,
                 (double)num(c, a, "spool.max_bytes") / 1048576.0,
                 is_true(c, a, "spool.full") ? ", FULL" : "");
    (void)printf(
        "  published: %lld batches, accepted %lld, duplicates %lld, refused %lld\n",
        num(c, a, "published.batches"), num(c, a, "published.accepted"),
        num(c, a, "published.duplicates"), num(c, a, "published.refused"));
}

static void print_sink(const struct call *c, uint32_t a)
{
    struct gw_slice trouble = gw_tree_str(&c->tree, a, "sink.trouble");
    (void)printf("  sink %.*s: %lld messages, %lld events, %lld pending, %lld unsent, "
                 "%lld failed, cursor %lld%s%.*s\n",
                 GW_FMT(gw_tree_str(&c->tree, a, "sink.kind")),
                 num(c, a, "sink.messages"), num(c, a, "sink.events"),
                 num(c, a, "sink.pending"), num(c, a, "sink.unsent"),
                 num(c, a, "sink.failed"), num(c, a, "sink.cursor"),
                 trouble.len ? "; nothing goes out: " : "", GW_FMT(trouble));
}

/* Live events of either direction, where they are set. */
static void print_live(const struct call *c, uint32_t a)
{
    static const char *const ways[][3] = {
        {"source.live", "source.live_dropped", "sent"},
        {"sink.live", "sink.live_dropped", "handed over"}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (gw_tree_at(&c->tree, a, ways[i][0]))
            (void)printf("  live events: %lld %s, %lld dropped\n", num(c, a, ways[i][0]),
                         ways[i][2], num(c, a, ways[i][1]));
}

static void print_adapter(const struct call *c, uint32_t a)
{
    struct gw_slice why = gw_tree_str(&c->tree, a, "why");
    struct gw_slice text = gw_tree_str(&c->tree, a, "gateway.text");
    (void)printf("%.*s  %.*s, %.*s%s%.*s; gateway %.*s%s%.*s\n",
                 GW_FMT(gw_tree_str(&c->tree, a, "name")),
                 GW_FMT(gw_tree_str(&c->tree, a, "format")),
                 GW_FMT(gw_tree_str(&c->tree, a, "state")), why.len ? ": " : "",
                 GW_FMT(why), GW_FMT(gw_tree_str(&c->tree, a, "gateway.state")),
                 text.len ? ": " : "", GW_FMT(text));
    if (gw_tree_at(&c->tree, a, "source"))
        print_source(c, a);
    if (gw_tree_at(&c->tree, a, "sink"))
        print_sink(c, a);
    print_live(c, a);
}

static int print_words(const struct call *c)
{
    uint32_t list = gw_tree_child(&c->tree, c->root, GW_LIT("adapters"));
    for (GW_FOREACH_CHILD (&c->tree, list, a))
        print_adapter(c, a);
    return GW_VERB_OK;
}

/* One line for a container's health check. */
static int print_health(const struct call *c)
{
    uint32_t list = gw_tree_child(&c->tree, c->root, GW_LIT("adapters"));
    bool well = is_true(c, c->root, "well");
    (void)printf("%s", well ? "well" : "not well:");
    if (list && !well)
        for (GW_FOREACH_CHILD (&c->tree, list, a))
            if (!is_true(c, a, "well"))
                (void)printf(" %.*s", GW_FMT(gw_tree_str(&c->tree, a, "name")));
    (void)printf("\n");
    return well ? GW_VERB_OK : GW_VERB_FAILED;
}

/* ---- asking ---- */

static int socket_of_config(struct call *c)
{
    struct gw_host_config *config;
    struct gw_complaint complaint = {0};
    if (gw_host_config_load(&config, c->config, &complaint))
        return gw_verb_complain(&complaint);
    (void)snprintf(c->socket, sizeof c->socket, "%s", config->status_socket);
    gw_host_config_free(config);
    return *c->socket ? GW_VERB_OK
                      : gw_verb_failed("%s: status_socket is not set", c->config);
}

static int show(struct call *c, struct gw_slice answer)
{
    struct gw_budget budget = {ANSWER_BYTES, 8, 32768, 1024};
    struct gw_fault fault = {0};
    if (c->json) {
        (void)printf("%.*s", GW_FMT(answer));
        return GW_VERB_OK;
    }
    if (gw_tree_init(&c->tree, &budget))
        return gw_verb_failed("out of memory");
    if (gw_json_read(&c->tree, answer, &c->root, &fault))
        return gw_verb_failed("the answer cannot be read: %s",
                              fault.rule ? fault.rule : "?");
    return c->health ? print_health(c) : print_words(c);
}

static int ask(struct call *c)
{
    struct gw_buf answer;
    gw_buf_init(&answer, ANSWER_BYTES + 65536);
    enum gw_error e = gw_status_ask(c->socket, &answer);
    int status = e == GW_NOT_FOUND ? gw_verb_failed("no host answers at %s", c->socket)
                 : e               ? gw_verb_failed("%s: %s", c->socket, gw_error_text(e))
                                   : show(c, gw_buf_bytes(&answer));
    gw_tree_deinit(&c->tree);
    gw_buf_deinit(&answer);
    return status;
}

static bool take_option(struct call *c, int o)
{
    if (o == 'c')
        c->config = optarg;
    else if (o == 'S')
        return gw_slice_copy(gw_slice_str(optarg), c->socket, sizeof c->socket);
    else if (o == 'j')
        c->json = true;
    else if (o == 'H')
        c->health = true;
    else
        return false;
    return true;
}

static int run(int argc, char **argv)
{
    struct call c = {0};
    int o;
    opterr = 0;
    while ((o = getopt_long(argc, argv, "c:", long_options, NULL)) != -1)
        if (!take_option(&c, o))
            return gw_verb_misused("status",
                                   "not understood, or its value is missing: %s",
                                   argv[optind - 1]);
    if (optind < argc || (*c.socket != 0) == (c.config != NULL))
        return gw_verb_misused("status", "--config FILE or --socket PATH is needed");
    int status = c.config ? socket_of_config(&c) : GW_VERB_OK;
    return status ? status : ask(&c);
}

const struct gw_verb gw_verb_status = {
    "status", "a running host: each adapter, its source, spool, gateway and sink",
    "Usage: karvan-adapter status (--config FILE | --socket PATH) [--json | --health]\n\n"
    "  --config   the file the host runs with; its status_socket is asked\n"
    "  --socket   or the socket itself\n"
    "  --json     everything, one JSON object\n"
    "  --health   one line; exit 0 when every adapter runs and the gateway takes its "
    "events\n",
    run};
