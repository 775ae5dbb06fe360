/* operator_call.c - what the verbs of `karvan operator` have in common. */
#include "cli/operator_call.h"
#include <getopt.h>
#include <stdio.h>
#include "cli/command.h"
#include "cli/settings_at.h"
#include "client/admin.h"
#include "model/wire.h"

#define ANSWER_BYTES (1u << 20)
#define TIMEOUT_MS   5000

int gw_operator_parse(int argc, char **argv, bool with_name, const char *program,
                      struct gw_operator_call *c)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'},
                                            {"config", required_argument, NULL, 'c'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"key", required_argument, NULL, 'k'},
                                            {NULL, 0, NULL, 0}};
    int o, status;
    optind = 0;
    while ((o = getopt_long(argc, argv, "d:c:", options, NULL)) != -1)
        if (o == 'd')
            c->dir = optarg;
        else if (o == 'c')
            c->config = optarg;
        else if (o == 'j')
            c->json = true;
        else if (o == 'k')
            c->key = optarg;
        else
            return gw_command_misused(program, "unknown option");
    if (argc - optind != with_name)
        return gw_command_misused(program, with_name ? "one NAME is needed"
                                                     : "takes options only");
    c->name = with_name ? argv[optind] : NULL;
    if (c->dir)
        return GW_EXIT_OK;
    status = gw_settings_at(c->config, &c->settings);
    if (!status)
        c->dir = c->settings->operators_dir;
    return status;
}

int gw_operator_path(const struct gw_operator_call *c, char *out, size_t size)
{
    int n;
    if (!gw_name_valid(gw_slice_str(c->name)))
        return gw_command_failed("\"%s\": a name has 1 to 32 of a-z 0-9 - _ .", c->name);
    n = snprintf(out, size, "%s/%s.yaml", c->dir, c->name);
    return n > 0 && (size_t)n < size ? GW_EXIT_OK
                                     : gw_command_failed("%s: too long", c->dir);
}

static int judge(struct gw_slice answer)
{
    if (gw_slice_starts(answer, GW_LIT("{\"ok\":true"))) {
        fputs("the running gateway has read it\n", stderr);
        return GW_EXIT_OK;
    }
    return gw_command_failed(
        "the file is written, but the running gateway refuses what it read: "
        "%.*s",
        GW_FMT(answer));
}

static int take_effect(const struct gw_operator_call *c)
{
    struct gw_buf answer;
    int status = GW_EXIT_OK;
    enum gw_error e = GW_CLOSED;
    gw_buf_init(&answer, ANSWER_BYTES);
    if (c->settings)
        e = gw_admin_ask(c->settings->admin_socket, GW_LIT("{\"do\":\"reload\"}"),
                         TIMEOUT_MS, &answer);
    if (e == GW_AGAIN)
        status = gw_command_failed("the file is written, but the running gateway does not answer; until "
                                   "it has read it, nothing changes: karvan reload");
    else if (e)
        fputs("takes effect with: karvan reload\n", stderr);
    else
        status = judge(gw_buf_bytes(&answer));
    gw_buf_deinit(&answer);
    return status;
}

int gw_operator_change(const struct gw_operator_call *c, gw_operator_change_fn apply,
                       const char *key)
{
    struct gw_complaint complaint = {0};
    char path[512];
    int status = gw_operator_path(c, path, sizeof path);
    if (status)
        return status;
    if (apply(path, key, &complaint))
        return gw_command_complain(&complaint);
    printf("%s\n", path);
    return take_effect(c);
}
