/* main.c - `karvan`, the command line of the people who run a gateway or connect to one.
 */
#include <stdio.h>
#include "cli/command.h"

static const struct gw_command *const commands[] = {
    &gw_cmd_config,
    &gw_cmd_explain,
    &gw_cmd_journal,
    &gw_cmd_keygen,
    &gw_cmd_operator,
    &gw_cmd_profile,
    &gw_cmd_publish,
    &gw_cmd_quarantine,
    &gw_cmd_receipt,
    &gw_cmd_reload,
    &gw_cmd_status,
    &gw_cmd_subscribe,
    &gw_cmd_trace,
    &gw_cmd_version,
};

#define COMMANDS (sizeof commands / sizeof *commands)

int main(int argc, char **argv)
{
    struct gw_command table[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++)
        table[i] = *commands[i];
    int status = gw_command_dispatch("karvan", table, COMMANDS, argc, argv);
    /* A full disk or a closed pipe must not look like success. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == GW_EXIT_OK)
        status = gw_command_failed("cannot write to standard output");
    return status;
}
