/* settings_at.c - the gateway's settings, for commands that work on its files. */
#include "cli/settings_at.h"
#include <stdlib.h>
#include <unistd.h>
#include "cli/command.h"

#define HERE   "config/gateway.yaml"
#define SYSTEM "/etc/karvan/gateway.yaml"

int gw_command_complain(const struct gw_complaint *c)
{
    struct gw_buf text;
    int status;
    gw_buf_init(&text, 4096);
    gw_complaint_text(c, &text);
    status = gw_command_failed("%s", gw_buf_text(&text));
    gw_buf_deinit(&text);
    return status;
}

int gw_settings_at(const char *config, struct gw_settings **out)
{
    struct gw_complaint c = {0};
    struct gw_settings *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return gw_command_failed("out of memory");
    if (!config)
        config = access(HERE, R_OK) == 0 ? HERE : SYSTEM;
    if (gw_settings_load(s, config, &c)) {
        free(s);
        return gw_command_complain(&c);
    }
    *out = s;
    return GW_EXIT_OK;
}
