/* cmd_receipt.c - karvan receipt: the gateway's signed word that it keeps an event of
 * ours. */
#include <stdio.h>
#include "base/clock.h"
#include "base/hash.h"
#include "cli/command.h"
#include "cli/connect.h"
#include "cli/receipt_file.h"

static const char usage[] =
    "Usage: karvan receipt SEQ [options]            ask the gateway for one\n"
    "       karvan receipt --check FILE [--signer KEY]\n"
    "\n"
    "A receipt is a few lines of text under the gateway's signature: that event SEQ, "
    "which our\n"
    "operator sent, stands in its journal, what it says (as a hash), and the journal's "
    "hash chain\n"
    "there.  Keep it: `karvan journal verify --receipt FILE` holds it against the "
    "journal later.\n"
    "\n" GW_CONNECT_USAGE
    "  --check FILE           is FILE what the gateway signed?  Needs no gateway\n"
    "  --signer KEY           ... and is this, 64 digits, the key it was signed with?\n";

struct request {
    struct karvan_client *client;
    uint64_t seq;
    bool answered;
    int status;
};

static void on_receipt(void *user, uint64_t seq, enum gw_error code, const char *text,
                       size_t len)
{
    struct request *r = user;
    if (seq != r->seq)
        return;
    r->answered = true;
    if (code)
        r->status = gw_command_failed("event %llu: %.*s", (unsigned long long)seq,
                                      (int)len, text);
    else if (fwrite(text, 1, len, stdout) != len)
        r->status = gw_command_failed("cannot write to standard output");
    karvan_stop(r->client);
}

static int ask(struct request *r, struct gw_connect *connect)
{
    int64_t end;
    int status;
    connect->options.on.receipt = on_receipt;
    connect->options.user = r;
    status = gw_connect_open(connect, &r->client);
    if (status)
        return status;
    end = gw_mono_ns(&gw_clock_system) + (int64_t)connect->timeout_ms * 1000000;
    if (karvan_receipt(r->client, r->seq))
        r->status = gw_command_failed("the connection was lost");
    while (!r->status && !r->answered && gw_mono_ns(&gw_clock_system) < end)
        (void)karvan_run(r->client, 100);
    if (!r->status && !r->answered)
        r->status = gw_command_failed("no answer in time");
    karvan_close(r->client, 0);
    return r->status;
}

static int check(const char *path, const char *signer)
{
    struct gw_receipt r;
    char received[25], key[2 * GW_SIGN_PUBLIC + 1];
    int status = gw_receipt_file(path, signer, &r);
    if (status)
        return status;
    gw_time_iso(r.received_ms, received);
    gw_hex(r.signer, sizeof r.signer, key);
    printf("event %llu of %s/%s, received %s by gateway %s; signed by %s\n",
           (unsigned long long)r.seq, r.operator, r.adapter, received, r.gateway, key);
    return GW_EXIT_OK;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {GW_CONNECT_OPTIONS,
                                            {"check", required_argument, NULL, 'k'},
                                            {"signer", required_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    const char *file = NULL, *signer = NULL;
    struct request r = {0};
    struct gw_connect connect;
    int o;
    gw_connect_init(&connect, "karvan receipt", "karvan-receipt");
    optind = 0;
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (o == 'k')
            file = optarg;
        else if (o == 's')
            signer = optarg;
        else if (!gw_connect_option(&connect, o, optarg))
            return GW_EXIT_USAGE;
    if (file)
        return optind == argc
                   ? check(file, signer)
                   : gw_command_misused("karvan receipt", "--check takes one file");
    if (optind != argc - 1 || !gw_connect_number(argv[optind], UINT64_MAX, &r.seq))
        return gw_command_misused("karvan receipt", "one SEQ, a whole number, is needed");
    return ask(&r, &connect);
}

const struct gw_command gw_cmd_receipt = {
    "receipt", "the gateway's signed word that it keeps an event", usage, run};
