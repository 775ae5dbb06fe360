/* verb_run.c - karvan-adapter run */
#include "adapters/host.h"
#include "adapters/verb.h"
#include "base/log.h"
#include <getopt.h>

static const struct option long_options[] = {{"config", required_argument, NULL, 'c'},
                                             {NULL, 0, NULL, 0}};

static int run_host(const struct gw_host_config *config)
{
    struct gw_text why = {0};
    enum gw_level level = GW_INFO;
    if (gw_log_level_parse(config->log_level, &level))
        gw_log_level(level);
    return gw_host_run(config, &why) ? gw_verb_failed("%s", why.s) : GW_VERB_OK;
}

static int run(int argc, char **argv)
{
    struct gw_host_config *config;
    struct gw_complaint c = {0};
    const char *path = NULL;
    int o;
    opterr = 0;
    while ((o = getopt_long(argc, argv, "c:", long_options, NULL)) != -1) {
        if (o != 'c')
            return gw_verb_misused("run", "not understood, or its value is missing: %s",
                                   argv[optind - 1]);
        path = optarg;
    }
    if (!path && optind < argc)
        path = argv[optind++];
    if (!path || optind < argc)
        return gw_verb_misused("run", "one file with settings is needed");
    if (gw_host_config_load(&config, path, &c))
        return gw_verb_complain(&c);
    int status = run_host(config);
    gw_host_config_free(config);
    return status;
}

const struct gw_verb gw_verb_run = {
    "run", "run the adapters of a file of settings",
    "Usage: karvan-adapter run [--config] FILE\n\n"
    "Runs every adapter of FILE until SIGTERM or SIGINT, then drains and leaves.  Each "
    "adapter\n"
    "fails alone and is started again after a pause.  One line a happening on stderr.\n"
    "Start from config/examples/; `karvan-adapter check FILE` says what is wrong with a "
    "file.\n",
    run};
