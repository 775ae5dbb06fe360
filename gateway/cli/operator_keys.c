/* operator_keys.c - karvan operator rotate, revoke: keys change without a gap, and end at
 * once. */
#include "cli/operator_keys.h"
#include <stdio.h>
#include <stdlib.h>
#include <karvan/client.h>
#include "cli/command.h"
#include "cli/operator_call.h"
#include "cli/settings_at.h"
#include "conf/operator_file.h"

const char gw_operator_rotate_usage[] =
    "Usage: karvan operator rotate NAME --key NEW [--dir DIR | --config FILE]\n"
    "\n"
    "Registers a second public key beside the one there is; both are good until the "
    "operator has\n"
    "switched and the old one is revoked.\n"
    "\n"
    "  --key NEW      40 characters, or a file with a public-key "
    "line\n" GW_OPERATOR_WHERE;

const char gw_operator_revoke_usage[] =
    "Usage: karvan operator revoke NAME --key OLD [--dir DIR | --config FILE]\n"
    "\n"
    "The key is refused and the sessions that were begun with it end, within a second "
    "where the\n"
    "gateway runs (--config), else with the next `karvan reload`.\n"
    "\n"
    "  --key OLD      40 characters, or a file with a public-key "
    "line\n" GW_OPERATOR_WHERE;

static int key_of(const struct gw_operator_call *c, const char *program, char key[41])
{
    if (!c->key)
        return gw_command_misused(program, "--key is needed");
    if (!karvan_public_key(key, c->key) && gw_key_valid(gw_slice_str(key)))
        return GW_EXIT_OK;
    return gw_command_failed(
        "--key %s: neither a key of 40 characters in Z85 nor a file with "
        "public-key = \"...\"",
        c->key);
}

static int change(int argc, char **argv, const char *program, gw_operator_change_fn apply)
{
    struct gw_operator_call c = {0};
    char key[41];
    int status = gw_operator_parse(argc, argv, true, program, &c);
    if (!status)
        status = key_of(&c, program, key);
    if (!status)
        status = gw_operator_change(&c, apply, key);
    free(c.settings);
    return status;
}

int gw_operator_rotate_run(int argc, char **argv)
{
    return change(argc, argv, "karvan operator rotate", gw_operator_file_add_key);
}

int gw_operator_revoke_run(int argc, char **argv)
{
    return change(argc, argv, "karvan operator revoke", gw_operator_file_drop_key);
}
