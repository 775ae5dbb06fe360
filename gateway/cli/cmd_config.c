/* cmd_config.c - karvan config check: is everything that karvand would read in order? */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include "cli/command.h"
#include "cli/settings_at.h"

static const char check_usage[] =
    "Usage: karvan config check [--config FILE] [--no-key]\n"
    "\n"
    "Reads settings, operators, profiles and places as karvand does, starts nothing, and "
    "says what\n"
    "is wrong with file, line and remedy.\n"
    "\n"
    "  --config FILE  default: config/gateway.yaml where that exists, else\n"
    "                 /etc/karvan/gateway.yaml\n"
    "  --no-key       do not ask for the gateway's key: files from a repository have "
    "none\n";

static const char show_usage[] = "Usage: karvan config show\n"
                                 "\n"
                                 "Prints every setting with unit, bounds, default and "
                                 "meaning, as a file that can be used.\n";

static int print_verdict(const struct gw_settings *s, const struct gw_directory *d)
{
    printf("%s: good: %u endpoints, %u operators, %u places\n", s->file,
           s->endpoint_count, d->count, d->places ? gw_places_count(d->places) : 0);
    for (uint32_t i = 0; i < s->endpoint_count; i++)
        if (s->endpoints[i].plain)
            fprintf(stderr,
                    "note: endpoint %s is plain: whoever is on this machine can be %s\n",
                    s->endpoints[i].name, s->endpoints[i].operators[0]);
    if (!d->count)
        fputs("note: no operators yet: karvan operator add --help\n", stderr);
    return GW_EXIT_OK;
}

static int check(const char *config, bool with_key)
{
    struct gw_settings *s;
    struct gw_directory *d = NULL;
    struct gw_complaint c = {0};
    int status = gw_settings_at(config, &s);
    if (status)
        return status;
    if (gw_directory_load(&d, s, &c) || (with_key && gw_settings_check_key(s, &c)))
        status = gw_command_complain(&c);
    else
        status = print_verdict(s, d);
    gw_directory_unref(d);
    free(s);
    return status;
}

static int run_check(int argc, char **argv)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"no-key", no_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    const char *config = NULL;
    bool with_key = true;
    int o;
    optind = 0;
    while ((o = getopt_long(argc, argv, "c:", options, NULL)) != -1)
        if (o == 'c')
            config = optarg;
        else if (o == 'n')
            with_key = false;
        else
            return gw_command_misused("karvan config check", "unknown option");
    if (optind != argc)
        return gw_command_misused("karvan config check", "takes no \"%s\"", argv[optind]);
    return check(config, with_key);
}

static int run_show(int argc, char **argv)
{
    struct gw_buf text;
    (void)argv;
    if (argc > 1)
        return gw_command_misused("karvan config show", "takes no arguments");
    gw_buf_init(&text, 1u << 20);
    gw_settings_print(&text);
    fputs(gw_buf_text(&text), stdout);
    gw_buf_deinit(&text);
    return GW_EXIT_OK;
}

static int run(int argc, char **argv)
{
    static const struct gw_command verbs[] = {
        {"check", "say what is wrong with settings, operators, profiles and places",
         check_usage, run_check},
        {"show", "every setting with unit, bounds, default and meaning", show_usage,
         run_show},
    };
    return gw_command_dispatch("karvan config", verbs, sizeof verbs / sizeof *verbs, argc,
                               argv);
}

const struct gw_command gw_cmd_config = {"config", "check the gateway's files", NULL,
                                         run};
