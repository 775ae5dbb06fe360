/* cmd_version.c - karvan version */
#include <stdio.h>
#include <karvan/version.h>
#include "cli/command.h"

static int run(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return gw_command_misused("karvan version", "takes no arguments");
    printf("karvan %s, protocol %d\n", KARVAN_VERSION, KARVAN_PROTOCOL);
    return GW_EXIT_OK;
}

const struct gw_command gw_cmd_version = {
    "version", "the program's version and the protocol it speaks",
    "Usage: karvan version\n", run};
