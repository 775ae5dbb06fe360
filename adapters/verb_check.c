/* verb_check.c - karvan-adapter check */
#include "adapters/layout_file.h"
#include "adapters/host_config.h"
#include "adapters/verb.h"
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

static const struct option long_options[] = {{"settings", no_argument, NULL, 's'},
                                             {"config", required_argument, NULL, 'c'},
                                             {NULL, 0, NULL, 0}};

static int print_settings(void)
{
    struct gw_buf out;
    gw_buf_init(&out, 1u << 20);
    gw_host_config_print(&out);
    (void)fputs(gw_buf_text(&out), stdout);
    gw_buf_deinit(&out);
    return GW_VERB_OK;
}

/* What the format itself says to its options. */
static int try_formats(const struct gw_host_config *h)
{
    for (uint32_t i = 0; i < h->count; i++) {
        const struct gw_adapter_config *a = &h->adapters[i];
        struct gw_options options = gw_host_options(a, NULL);
        struct gw_format format = {0};
        struct gw_text why = {0};
        enum gw_error e =
            gw_format_open_laid(&format, a->adapter, &options, a->options.layout, &why);
        gw_format_close(&format);
        if (e)
            return gw_verb_failed("%s:%d: adapter %s: %s: %s", h->file, a->line, a->name,
                                  a->format, why.s);
    }
    return GW_VERB_OK;
}

static int check(const char *path)
{
    struct gw_host_config *config;
    struct gw_complaint c = {0};
    if (gw_host_config_load(&config, path, &c))
        return gw_verb_complain(&c);
    int status = try_formats(config);
    if (!status)
        (void)printf("%s: %" PRIu32 " adapter%s, good\n", path, config->count,
                     config->count == 1 ? "" : "s");
    gw_host_config_free(config);
    return status;
}

static int run(int argc, char **argv)
{
    const char *path = NULL;
    bool settings = false;
    int o;
    opterr = 0;
    while ((o = getopt_long(argc, argv, "c:", long_options, NULL)) != -1)
        if (o == 's')
            settings = true;
        else if (o == 'c')
            path = optarg;
        else
            return gw_verb_misused("check", "not understood, or its value is missing: %s",
                                   argv[optind - 1]);
    if (!path && optind < argc)
        path = argv[optind++];
    if (optind < argc || (settings ? path != NULL : path == NULL))
        return gw_verb_misused("check", "one file, or --settings, is needed");
    return settings ? print_settings() : check(path);
}

const struct gw_verb gw_verb_check = {
    "check", "say what is wrong with a file of settings",
    "Usage: karvan-adapter check [--config] FILE\n"
    "       karvan-adapter check --settings\n\n"
    "With a file: file, line, what is wrong and what to do, and exit status 1; or that "
    "it is\n"
    "good.  Keys and key files are looked at too; nothing is started and nothing is "
    "written.\n"
    "--settings prints every setting with bounds, default and meaning.\n",
    run};
