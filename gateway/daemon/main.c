/* main.c - karvand: the gateway daemon's command line. */
#include <getopt.h>
#include <karvan/version.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "daemon/daemon.h"

static const char usage[] =
    "usage: karvand [--config FILE] [--check | --settings | --version | --help]\n"
    "\n"
    "The Karvan gateway: takes shipment events from adapters, keeps them, and delivers them to the\n"
    "companies entitled to them.\n"
    "\n"
    "  --config FILE  settings (default: config/gateway.yaml)\n"
    "  --check        say what is wrong with settings, operators, profiles and places, with file,\n"
    "                 line and remedy; start nothing\n"
    "  --settings     print every setting with unit, bounds, default and meaning\n"
    "\n"
    "SIGTERM, SIGINT: drain and leave.  SIGHUP: read operators and profiles anew.\n"
    "Exit: 0 clean, 1 failed, 2 usage.\n";

struct call {
    const char *config;
    bool check, settings;
};

/* -1: go on; otherwise the exit status. */
static int parse(int argc, char **argv, struct call *c)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"check", no_argument, NULL, 'k'},
        {"settings", no_argument, NULL, 's'},     {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0}};
    int o;
    while ((o = getopt_long(argc, argv, "c:h", options, NULL)) != -1)
        switch (o) {
        case 'c':
            c->config = optarg;
            break;
        case 'k':
            c->check = true;
            break;
        case 's':
            c->settings = true;
            break;
        case 'v':
            printf("karvand %s, protocol %d, schema %d\n", KARVAN_VERSION, KARVAN_PROTOCOL,
                   KARVAN_EVENT_SCHEMA);
            return 0;
        case 'h':
            fputs(usage, stdout);
            return 0;
        default:
            fputs(usage, stderr);
            return 2;
        }
    if (optind == argc)
        return -1;
    fprintf(stderr, "karvand: what is \"%s\"?\n%s", argv[optind], usage);
    return 2;
}

static int print_settings(void)
{
    struct gw_buf out;
    gw_buf_init(&out, 1u << 20);
    gw_settings_print(&out);
    fwrite(out.at, 1, out.len, stdout);
    gw_buf_deinit(&out);
    return 0;
}

/* Why it does not start, what to do, and which error it is.  Takes no memory: there may be none. */
static int refuse(enum gw_error e, const char *what)
{
    const char *remedy = strstr(what, " - ") ? "" : gw_error_remedy(e);
    fprintf(stderr, "karvand: %s%s%s (error %d)\n", what, *remedy ? " - " : "", remedy, (int)e);
    return 1;
}

static int complain(const struct gw_complaint *c, enum gw_error e, const char *config)
{
    char text[sizeof *c + 32], line[16] = "";
    if (c->line > 0)
        (void)snprintf(line, sizeof line, ":%d", c->line);
    (void)snprintf(text, sizeof text, "%s%s: %s%s%s", *c->file ? c->file : config, line,
                   *c->what ? c->what : gw_error_text(e), *c->remedy ? " - " : "", c->remedy);
    return refuse(e, text);
}

static int run(struct gw_settings *s, struct gw_directory *directory)
{
    struct gw_daemon d;
    struct gw_text why;
    enum gw_level level = GW_INFO;
    enum gw_error e;

    if (gw_log_level_parse(s->log_level, &level))
        gw_log_level(level);
    /* Batches are allocated by lanes and freed by whoever uses them last: keep their memory. */
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    e = gw_daemon_start(&d, s, directory, &why);
    if (e)
        (void)refuse(e, why.s);
    else
        gw_daemon_run(&d);
    gw_daemon_stop(&d);
    return e ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct call c = {.config = "config/gateway.yaml"};
    struct gw_complaint complaint = {0};
    struct gw_directory *directory = NULL;
    struct gw_settings *s;
    enum gw_error e;
    int status = parse(argc, argv, &c);

    if (status >= 0)
        return status;
    if (c.settings)
        return print_settings();
    s = calloc(1, sizeof *s);
    if (!s)
        return refuse(GW_NOMEM, gw_error_text(GW_NOMEM));
    e = gw_settings_load(s, c.config, &complaint);
    if (!e)
        e = gw_directory_load(&directory, s, &complaint);
    if (e)
        status = complain(&complaint, e, c.config);
    else if (c.check)
        status = printf("karvand: %s: settings, %u operators and their profiles are good\n",
                        c.config, directory->count) < 0;
    else
        status = run(s, directory);
    gw_directory_unref(directory);
    free(s);
    return status;
}
