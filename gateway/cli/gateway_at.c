/* gateway_at.c - finding the gateway a command means. */
#include "cli/gateway_at.h"
#include <stdio.h>
#include <stdlib.h>
#include "cli/command.h"
#include "cli/settings_at.h"
#include "client/admin.h"

#define TIMEOUT_MS 5000

static int from_settings(struct gw_gateway_at *g)
{
    struct gw_settings *s;
    int status = gw_settings_at(g->config, &s);
    if (status)
        return status;
    memcpy(g->journal_dir, s->journal_dir, sizeof g->journal_dir);
    memcpy(g->admin_socket, s->admin_socket, sizeof g->admin_socket);
    free(s);
    return GW_EXIT_OK;
}

int gw_gateway_resolve(struct gw_gateway_at *g)
{
    if (!g->data)
        return from_settings(g);
    (void)snprintf(g->journal_dir, sizeof g->journal_dir, "%.280s/journal", g->data);
    (void)snprintf(g->admin_socket, sizeof g->admin_socket, "ipc://%.280s/admin.sock", g->data);
    return GW_EXIT_OK;
}

int gw_gateway_ask(const struct gw_gateway_at *g, const char *request, struct gw_buf *out)
{
    enum gw_error e = gw_admin_ask(g->admin_socket, gw_slice_str(request), TIMEOUT_MS, out);
    if (!e)
        return GW_EXIT_OK;
    if (e == GW_CLOSED || e == GW_AGAIN)
        return gw_command_failed("no gateway answers at %s - does karvand run on this data "
                                 "directory, and as this user?",
                                 g->admin_socket);
    return gw_command_failed("%s: %s", g->admin_socket, gw_error_text(e));
}
