/* gateway_at.h - which gateway a command means: --config FILE or --data DIR.
 *
 * Default: --config config/gateway.yaml where that file exists, else /etc/karvan/gateway.yaml. */
#ifndef GW_CLI_GATEWAY_AT_H
#define GW_CLI_GATEWAY_AT_H
#include "base/buf.h"

struct gw_gateway_at {
    const char *config, *data; /* as given; NULL = not given */
    char journal_dir[300], admin_socket[300];
};

/* Fill journal_dir and admin_socket; says on stderr what is wrong.  Returns enum gw_exit. */
int gw_gateway_resolve(struct gw_gateway_at *g);
/* Ask the running gateway; the answer's JSON in `out`; says on stderr when none answers.
 * Returns enum gw_exit. */
int gw_gateway_ask(const struct gw_gateway_at *g, const char *request, struct gw_buf *out);
#endif
