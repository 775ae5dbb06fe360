/* connect.h - the options with which commands reach a gateway, the same in each of them.
 *
 *   --endpoint ADDRESS     or KARVAN_ENDPOINT     tcp://gateway:7400
 *   --server-key KEY|FILE  or KARVAN_SERVER_KEY   the gateway's public key
 *   --keys FILE            or KARVAN_KEYS         our pair, from karvan keygen
 *   --plain                                       without keys; only loopback and ipc
 *   --adapter NAME                                who we are beside other programs of the
 * operator
 *   --connect-timeout S                           give up when there is no session by
 * then (10)
 *
 * Thread  the command's only one. */
#ifndef GW_CLI_CONNECT_H
#define GW_CLI_CONNECT_H
#include <getopt.h>
#include <karvan/client.h>

struct gw_connect {
    struct karvan_options
        options;         /* `on` and `user` are the command's; on.state is taken */
    const char *program; /* "karvan publish", for the texts */
    const char *endpoint, *server_key, *keys;
    bool plain;
    int timeout_ms;
    struct karvan_keys pair;
    char gateway_key[41];
};

/* Rows for getopt_long(); each ends in gw_connect_option(). */
enum {
    GW_CONNECT_FIRST = 1000,
    GW_CONNECT_ENDPOINT = 1000,
    GW_CONNECT_SERVER_KEY,
    GW_CONNECT_KEYS,
    GW_CONNECT_PLAIN,
    GW_CONNECT_ADAPTER,
    GW_CONNECT_TIMEOUT
};
#define GW_CONNECT_OPTIONS                                                               \
    {"endpoint", required_argument, NULL, GW_CONNECT_ENDPOINT},                          \
        {"server-key", required_argument, NULL, GW_CONNECT_SERVER_KEY},                  \
        {"keys", required_argument, NULL, GW_CONNECT_KEYS},                              \
        {"plain", no_argument, NULL, GW_CONNECT_PLAIN},                                  \
        {"adapter", required_argument, NULL, GW_CONNECT_ADAPTER},                        \
    {                                                                                    \
        "connect-timeout", required_argument, NULL, GW_CONNECT_TIMEOUT                   \
    }
#define GW_CONNECT_USAGE                                                                 \
    "  --endpoint ADDRESS     the gateway, tcp://gateway:7400    [KARVAN_ENDPOINT]\n"    \
    "  --server-key KEY|FILE  the gateway's public key           [KARVAN_SERVER_KEY]\n"  \
    "  --keys FILE            our own pair, from karvan keygen   [KARVAN_KEYS]\n"        \
    "  --plain                without keys; only for ipc:// and loopback addresses\n"    \
    "  --adapter NAME         this program's name at the gateway\n"                      \
    "  --connect-timeout S    give up when there is no session after S seconds (10)\n"

/* Defaults and the environment. */
void gw_connect_init(struct gw_connect *c, const char *program, const char *adapter);
/* One option.  False when it is none of ours or its value is wrong; words were printed
 * then. */
bool gw_connect_option(struct gw_connect *c, int option, const char *value);
/**
 * Open a client and wait until it is ready.
 * Returns  GW_EXIT_OK, or the status to exit with; words were printed then
 * Owns     *out is the caller's: karvan_close(); NULL unless GW_EXIT_OK
 */
int gw_connect_open(struct gw_connect *c, struct karvan_client **out);

/* SIGINT and SIGTERM end karvan_run() of this client; then gw_connect_stopped() is true.
 */
void gw_connect_signals(struct karvan_client *client);
bool gw_connect_stopped(void);

/* A whole number 1 .. most; false otherwise. */
bool gw_connect_number(const char *text, uint64_t most, uint64_t *out);
#endif
