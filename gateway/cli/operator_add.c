/* operator_add.c - karvan operator add: from options to a new operator's file. */
#include "cli/operator_add.h"
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <karvan/client.h>
#include "cli/command.h"
#include "cli/settings_at.h"
#include "conf/operator_file.h"

#define PROGRAM   "karvan operator add"
#define RECEIVERS 256

struct add {
    struct gw_operator_file file;
    struct gw_share_word with[RECEIVERS];
    struct gw_share_rule rule; /* of file.share: the short form */
    const char *dir, *config;
    uint32_t roles;
    struct gw_settings *settings; /* NULL when --dir was given */
};

static int too_long(const char *option)
{
    return gw_command_misused(PROGRAM, "%s: too long", option);
}

static int take(const char *option, const char *value, char *out, size_t size)
{
    return gw_slice_copy(gw_slice_str(value), out, size) ? GW_EXIT_OK : too_long(option);
}

static int take_key(const char *value, struct gw_operator *o)
{
    enum gw_error e = karvan_public_key(o->keys[0], value);
    if (!e && gw_key_valid(gw_slice_str(o->keys[0])))
        return GW_EXIT_OK;
    return gw_command_failed(
        "--key %s: neither a key of 40 characters in Z85 nor a file with "
        "public-key = \"...\"; the operator gets it from karvan keygen",
        value);
}

static int take_role(const char *value, struct add *a)
{
    const uint32_t most = GW_ROLES_MAX;
    if (a->roles == most)
        return gw_command_misused(PROGRAM, "--role: at most %u", most);
    return take("--role", value, a->file.operator.roles[a->roles++], GW_NAME_MAX + 1);
}

static int take_receiver(struct gw_slice name, struct add *a)
{
    struct gw_share_rule *r = &a->rule;
    if (r->with_count == RECEIVERS)
        return gw_command_misused(
            PROGRAM, "--share-with: at most %d; edit the file for more", RECEIVERS);
    return gw_slice_copy(name, r->with[r->with_count++].text, sizeof r->with->text)
               ? GW_EXIT_OK
               : too_long("--share-with");
}

static int take_receivers(const char *value, struct add *a)
{
    int status = GW_EXIT_OK;
    while (!status && *value) {
        size_t len = strcspn(value, ",");
        status = take_receiver(gw_slice(value, len), a);
        value += len + (value[len] == ',');
    }
    return status;
}

static int take_option(int o, const char *value, struct add *a)
{
    struct gw_operator *op = &a->file.operator;
    switch (o) {
    case 'C':
        return take("--country", value, op->country, sizeof op->country);
    case 'k':
        return take_key(value, op);
    case 't':
        return take("--title", value, op->title, sizeof op->title);
    case 'r':
        return take_role(value, a);
    case 'p':
        return take("--profile", value, op->profile_name, sizeof op->profile_name);
    case 's':
        return take_receivers(value, a);
    case 'd':
        a->dir = value;
        return GW_EXIT_OK;
    case 'c':
        a->config = value;
        return GW_EXIT_OK;
    default:
        return gw_command_misused(PROGRAM, "unknown option");
    }
}

static int parse(int argc, char **argv, struct add *a)
{
    static const struct option options[] = {{"country", required_argument, NULL, 'C'},
                                            {"key", required_argument, NULL, 'k'},
                                            {"title", required_argument, NULL, 't'},
                                            {"role", required_argument, NULL, 'r'},
                                            {"profile", required_argument, NULL, 'p'},
                                            {"share-with", required_argument, NULL, 's'},
                                            {"dir", required_argument, NULL, 'd'},
                                            {"config", required_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    struct gw_operator *op = &a->file.operator;
    int o, status = GW_EXIT_OK;
    a->rule.with = a->with;
    a->file.share = (struct gw_share){&a->rule, 1, true};
    op->enabled = true;
    optind = 0;
    while (!status && (o = getopt_long(argc, argv, "d:c:", options, NULL)) != -1)
        status = take_option(o, optarg, a);
    if (status)
        return status;
    if (argc - optind != 1)
        return gw_command_misused(PROGRAM, "one NAME is needed");
    if (!*op->country || !*op->keys[0])
        return gw_command_misused(PROGRAM, "--country and --key are needed");
    return take("NAME", argv[optind], op->name, sizeof op->name);
}

static int find_dir(struct add *a)
{
    int status;
    if (a->dir)
        return GW_EXIT_OK;
    status = gw_settings_at(a->config, &a->settings);
    if (!status)
        a->dir = a->settings->operators_dir;
    return status;
}

/* The file's own rules, applied by reading what would be written. */
static int check_text(const struct add *a)
{
    struct gw_operator_file read_back;
    struct gw_complaint c = {0};
    struct gw_buf text;
    char path[512];
    int status = GW_EXIT_OK;
    snprintf(path, sizeof path, "%s/%s.yaml", a->dir, a->file.operator.name);
    gw_buf_init(&text, 1u << 20);
    gw_operator_file_print(&a->file, &text);
    if (gw_operator_file_parse(&read_back, gw_buf_bytes(&text), path, &c))
        status = gw_command_failed("%s - %s", c.what, c.remedy);
    gw_operator_file_deinit(&read_back);
    gw_buf_deinit(&text);
    return status;
}

static bool is_known(const struct gw_operator_files *files, const char *name)
{
    for (uint32_t i = 0; i < files->count; i++)
        if (strcmp(files->list[i].operator.name, name) == 0)
            return true;
    return false;
}

/* Two operators that share with each other are added one after the other, so a receiver
 * may still be missing; but the gateway will not start until it is there. */
static int check_others(const struct add *a, const struct gw_operator_files *files)
{
    const char *key = a->file.operator.keys[0];
    for (uint32_t i = 0; i < files->count; i++)
        for (int k = 0; k < GW_KEYS_MAX; k++)
            if (strcmp(files->list[i].operator.keys[k], key) == 0)
                return gw_command_failed(
                    "operator %s has this key already; each has its own",
                    files->list[i].operator.name);
    for (uint32_t i = 0; i < a->rule.with_count; i++)
        if (gw_name_valid(gw_slice_str(a->with[i].text)) && !is_known(files, a->with[i].text))
            fprintf(
                stderr,
                "note: there is no operator %s yet; add it before the gateway reloads\n",
                a->with[i].text);
    return GW_EXIT_OK;
}

static int check_profile(const struct add *a)
{
    char path[512];
    if (!a->settings || !*a->file.operator.profile_name)
        return GW_EXIT_OK;
    snprintf(path, sizeof path, "%s/%s.yaml", a->settings->profiles_dir,
             a->file.operator.profile_name);
    return access(path, R_OK) == 0
               ? GW_EXIT_OK
               : gw_command_failed(
                     "--profile: there is no %s; write it first, or leave the "
                     "option out",
                     path);
}

static int write_file(const struct add *a)
{
    struct gw_operator_files files;
    struct gw_complaint c = {0};
    int status;
    if (gw_operator_files_read(&files, a->dir, &c))
        return gw_command_complain(&c);
    status = check_others(a, &files);
    gw_operator_files_deinit(&files);
    if (status)
        return status;
    if (gw_operator_file_write(&a->file, a->dir, &c))
        return gw_command_complain(&c);
    printf("%s/%s.yaml\n", a->dir, a->file.operator.name);
    fputs("takes effect with: karvan reload (or at the gateway's next start)\n", stderr);
    return GW_EXIT_OK;
}

int gw_operator_add_run(int argc, char **argv)
{
    struct add *a = calloc(1, sizeof *a);
    int status;
    if (!a)
        return gw_command_failed("out of memory");
    status = parse(argc, argv, a);
    if (!status)
        status = find_dir(a);
    if (!status)
        status = check_text(a);
    if (!status)
        status = check_profile(a);
    if (!status)
        status = write_file(a);
    free(a->settings);
    free(a);
    return status;
}
