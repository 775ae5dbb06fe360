/* gateway_at.c - finding the gateway a command means. */
#include "cli/gateway_at.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "cli/command.h"
#include "client/admin.h"
#include "conf/settings.h"

#define TIMEOUT_MS 5000

static const char *default_config(void)
{
    return access("config/gateway.yaml", R_OK) == 0 ? "config/gateway.yaml"
                                                     : "/etc/karvan/gateway.yaml";
}

static int from_settings(struct gw_gateway_at *g)
{
    struct gw_settings *s = calloc(1, sizeof *s);
    struct gw_complaint c = {0};
    struct gw_buf text;
    int status = GW_EXIT_OK;

    if (!s)
        return gw_command_failed("out of memory");
    if (gw_settings_load(s, g->config ? g->config : default_config(), &c)) {
        gw_buf_init(&text, 4096);
        gw_complaint_text(&c, &text);
        status = gw_command_failed("%s", gw_buf_text(&text));
        gw_buf_deinit(&text);
    }
    memcpy(g->journal_dir, s->journal_dir, sizeof g->journal_dir);
    memcpy(g->admin_socket, s->admin_socket, sizeof g->admin_socket);
    free(s);
    return status;
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
    if (e == GW_AGAIN)
        return gw_command_failed("no gateway answers at %s - does karvand run on this data "
                                 "directory, and as this user?",
                                 g->admin_socket);
    return gw_command_failed("%s: %s", g->admin_socket, gw_error_text(e));
}
