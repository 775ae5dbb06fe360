/* cmd_operator.c - karvan operator add, list, show, enable, disable, rotate, revoke: the
 * files of operators. */
#include <stdio.h>
#include <stdlib.h>
#include "cli/command.h"
#include "cli/operator_add.h"
#include "cli/operator_call.h"
#include "cli/operator_json.h"
#include "cli/operator_keys.h"
#include "cli/settings_at.h"
#include "conf/operator_file.h"

static const char add_usage[] =
    "Usage: karvan operator add NAME --country CC --key PUBLIC [options]\n"
    "\n"
    "Writes the file of a new operator; an existing one is left alone.  Nothing is "
    "shared with it,\n"
    "and nothing of its own with others, unless somebody says so.\n"
    "\n"
    "  --country CC        its country, two capital letters\n"
    "  --key PUBLIC        its public key, 40 characters, or a file with a public-key "
    "line\n"
    "  --title T           its name for people\n"
    "  --role R            port, railway, ferry, customs, forwarder ...; up to four "
    "times\n"
    "  --profile P         its dialect, a file of profiles_dir; default: the shared "
    "schema\n"
    "  --share-with A,B    operators that receive its events; \"*\" for "
    "everybody\n" GW_OPERATOR_WHERE;

static const char list_usage[] =
    "Usage: karvan operator list [--json] [--dir DIR | --config "
    "FILE]\n\n" GW_OPERATOR_WHERE "  --json         one JSON object a line\n";

static const char show_usage[] =
    "Usage: karvan operator show NAME [--json] [--dir DIR | --config "
    "FILE]\n\n" GW_OPERATOR_WHERE "  --json         one JSON object\n";

static const char disable_usage[] =
    "Usage: karvan operator disable NAME [--dir DIR | --config FILE]\n"
    "\n"
    "Its keys are refused and its sessions end, at once where the gateway runs "
    "(--config), else\n"
    "with the next `karvan reload`.  Its events stay with those they were shared "
    "with.\n\n" GW_OPERATOR_WHERE;

static const char enable_usage[] =
    "Usage: karvan operator enable NAME [--dir DIR | --config FILE]\n"
    "\n"
    "Undoes disable.\n\n" GW_OPERATOR_WHERE;

static const char *sharing(const struct gw_operator_file *f, char *out, size_t size)
{
    if (gw_share_says(&f->share, "*"))
        snprintf(out, size, "everybody");
    else if (f->share.brief)
        snprintf(out, size, "%u", f->share.rules[0].with_count);
    else
        snprintf(out, size, f->share.count ? "%u rules" : "0", f->share.count);
    return out;
}

static void print_row(const struct gw_operator_file *f)
{
    const struct gw_operator *o = &f->operator;
    char shared[16];
    printf("%-24s %-2s %-8s %4d  %-20s %-9s  %s\n", o->name, o->country,
           o->enabled ? "enabled" : "disabled", !!*o->keys[0] + !!*o->keys[1],
           *o->profile_name ? o->profile_name : "-", sharing(f, shared, sizeof shared),
           o->title);
}

static int print_list(const struct gw_operator_call *c,
                      const struct gw_operator_files *files)
{
    if (!c->json)
        printf("%-24s %-2s %-8s %4s  %-20s %-9s  %s\n", "NAME", "CC", "STATE", "KEYS",
               "PROFILE", "SHARES", "TITLE");
    for (uint32_t i = 0; i < files->count; i++)
        if (!c->json)
            print_row(&files->list[i]);
        else if (gw_operator_json(&files->list[i], stdout))
            return gw_command_failed("out of memory");
    return GW_EXIT_OK;
}

static int run_list(int argc, char **argv)
{
    struct gw_operator_call c = {0};
    struct gw_operator_files files;
    struct gw_complaint complaint = {0};
    int status = gw_operator_parse(argc, argv, false, "karvan operator list", &c);
    if (!status && gw_operator_files_read(&files, c.dir, &complaint))
        status = gw_command_complain(&complaint);
    else if (!status) {
        status = print_list(&c, &files);
        gw_operator_files_deinit(&files);
    }
    free(c.settings);
    return status;
}

static void print_one(const struct gw_operator_file *f)
{
    struct gw_buf text;
    gw_buf_init(&text, 1u << 20);
    gw_operator_file_print(f, &text);
    fputs(gw_buf_text(&text), stdout);
    gw_buf_deinit(&text);
}

static int run_show(int argc, char **argv)
{
    struct gw_operator_call c = {0};
    struct gw_operator_file f = {0};
    struct gw_complaint complaint = {0};
    char path[512];
    int status = gw_operator_parse(argc, argv, true, "karvan operator show", &c);
    if (!status)
        status = gw_operator_path(&c, path, sizeof path);
    if (!status && gw_operator_file_read(&f, path, &complaint))
        status = gw_command_complain(&complaint);
    else if (!status && !c.json)
        print_one(&f);
    else if (!status && gw_operator_json(&f, stdout))
        status = gw_command_failed("out of memory");
    gw_operator_file_deinit(&f);
    free(c.settings);
    return status;
}

static int change(int argc, char **argv, const char *program, gw_operator_change_fn apply)
{
    struct gw_operator_call c = {0};
    int status = gw_operator_parse(argc, argv, true, program, &c);
    if (!status)
        status = gw_operator_change(&c, apply, NULL);
    free(c.settings);
    return status;
}

static enum gw_error enable(const char *path, const char *key, struct gw_complaint *why)
{
    (void)key;
    return gw_operator_file_enable(path, true, why);
}

static enum gw_error disable(const char *path, const char *key, struct gw_complaint *why)
{
    (void)key;
    return gw_operator_file_enable(path, false, why);
}

static int run_enable(int argc, char **argv)
{
    return change(argc, argv, "karvan operator enable", enable);
}

static int run_disable(int argc, char **argv)
{
    return change(argc, argv, "karvan operator disable", disable);
}

static int run(int argc, char **argv)
{
    static const struct gw_command verbs[] = {
        {"add", "write the file of a new operator", add_usage, gw_operator_add_run},
        {"list", "all operators", list_usage, run_list},
        {"show", "one operator", show_usage, run_show},
        {"enable", "admit a disabled operator again", enable_usage, run_enable},
        {"disable", "refuse an operator's keys", disable_usage, run_disable},
        {"rotate", "give an operator a second key", gw_operator_rotate_usage,
         gw_operator_rotate_run},
        {"revoke", "take a key away, also from live sessions", gw_operator_revoke_usage,
         gw_operator_revoke_run},
    };
    return gw_command_dispatch("karvan operator", verbs, sizeof verbs / sizeof *verbs,
                               argc, argv);
}

const struct gw_command gw_cmd_operator = {
    "operator", "who may connect, and who receives whose events", NULL, run};
