/* connect.c - from options and environment to a session with the gateway. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "cli/command.h"
#include "cli/connect.h"

/* Handlers can reach nothing else. */
static struct karvan_client *signalled;
static volatile sig_atomic_t stopped;

void gw_connect_init(struct gw_connect *c, const char *program, const char *adapter)
{
    memset(c, 0, sizeof *c);
    karvan_options_default(&c->options);
    c->program = program;
    c->options.adapter = adapter;
    c->options.software = "karvan";
    c->endpoint = getenv("KARVAN_ENDPOINT");
    c->server_key = getenv("KARVAN_SERVER_KEY");
    c->keys = getenv("KARVAN_KEYS");
    c->timeout_ms = 10000;
}

bool gw_connect_number(const char *text, uint64_t most, uint64_t *out)
{
    return gw_slice_uint(gw_slice_str(text), out) && *out >= 1 && *out <= most;
}

bool gw_connect_option(struct gw_connect *c, int option, const char *value)
{
    uint64_t seconds;
    switch (option) {
    case GW_CONNECT_ENDPOINT:
        c->endpoint = value;
        return true;
    case GW_CONNECT_SERVER_KEY:
        c->server_key = value;
        return true;
    case GW_CONNECT_KEYS:
        c->keys = value;
        return true;
    case GW_CONNECT_PLAIN:
        c->plain = true;
        return true;
    case GW_CONNECT_ADAPTER:
        c->options.adapter = value;
        return true;
    case GW_CONNECT_TIMEOUT:
        if (!gw_connect_number(value, 86400, &seconds)) {
            gw_command_misused(c->program,
                               "--connect-timeout: whole seconds, 1 to 86400");
            return false;
        }
        c->timeout_ms = (int)seconds * 1000;
        return true;
    default: /* getopt_long() has said what it did not understand */
        fprintf(stderr, "see: %s --help\n", c->program);
        return false;
    }
}

static bool is_local(const char *endpoint)
{
    static const char *const local[] = {"ipc://", "inproc://", "tcp://127.",
                                        "tcp://localhost:", "tcp://[::1]:"};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        if (strncmp(endpoint, local[i], strlen(local[i])) == 0)
            return true;
    return false;
}

static int load_keys(struct gw_connect *c)
{
    enum gw_error e;
    if (!c->server_key || !c->keys)
        return gw_command_misused(
            c->program,
            "--server-key and --keys are needed (or --plain on this machine)");
    if ((e = karvan_public_key(c->gateway_key, c->server_key)) != GW_OK)
        return gw_command_failed(
            "--server-key %s: neither a key of 40 characters nor a file with "
            "public-key = \"...\" (%s)",
            c->server_key, gw_error_text(e));
    e = karvan_keys_load(&c->pair, c->keys);
    if (e == GW_NOT_ALLOWED)
        return gw_command_failed("%s can be read by others; run: chmod 600 %s", c->keys,
                                 c->keys);
    if (e)
        return gw_command_failed("--keys %s: %s; make a pair with: karvan keygen FILE",
                                 c->keys,
                                 e == GW_IO ? "cannot be read" : "holds no pair of keys");
    c->options.server_key = c->gateway_key;
    c->options.public_key = c->pair.public_key;
    c->options.secret_key = c->pair.secret_key;
    return GW_EXIT_OK;
}

static int judge(struct gw_connect *c)
{
    if (!c->endpoint)
        return gw_command_misused(c->program, "--endpoint is needed");
    c->options.endpoint = c->endpoint;
    if (!c->plain)
        return load_keys(c);
    if (!is_local(c->endpoint))
        return gw_command_misused(c->program,
                                  "--plain is for ipc:// and loopback addresses only");
    return GW_EXIT_OK;
}

static void on_state(void *user, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    (void)user;
    if (code)
        fprintf(stderr, "karvan: %s: %s (code %d)\n", karvan_state_name(s), text,
                (int)code);
    if (s == KARVAN_REFUSED || s == KARVAN_FENCED)
        stopped = 1;
}

static int64_t now_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

int gw_connect_open(struct gw_connect *c, struct karvan_client **out)
{
    char why[300];
    int64_t end = now_ms() + c->timeout_ms;
    int status = judge(c);
    *out = NULL;
    if (status)
        return status;
    c->options.on.state = on_state;
    stopped = 0;
    if (karvan_open(out, &c->options, why, sizeof why))
        return gw_command_failed("%s", why);
    gw_connect_signals(*out);
    while (!stopped && karvan_client_state(*out) != KARVAN_READY && now_ms() < end)
        karvan_run(*out, 20);
    if (karvan_client_state(*out) == KARVAN_READY)
        return GW_EXIT_OK;
    if (!stopped)
        gw_command_failed("no session with %s after %d s", c->endpoint,
                          c->timeout_ms / 1000);
    signalled = NULL;
    karvan_close(*out, 0);
    *out = NULL;
    return GW_EXIT_FAILED;
}

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
    if (signalled)
        karvan_stop(signalled);
}

void gw_connect_signals(struct karvan_client *client)
{
    struct sigaction action = {.sa_handler = on_signal};
    signalled = client;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe shows as a failed write */
}

bool gw_connect_stopped(void)
{
    return stopped;
}
