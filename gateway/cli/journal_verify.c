/* journal_verify.c - karvan journal verify: the whole journal computed anew, receipts
 * held against it. */
#include "cli/journal_verify.h"
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>
#include "base/hash.h"
#include "cli/command.h"
#include "cli/gateway_at.h"
#include "cli/receipt_file.h"
#include "store/store.h"

#define RECEIPTS 64

const char gw_journal_verify_usage[] =
    "Usage: karvan journal verify [--receipt FILE]... [--signer KEY] [--json]\n"
    "                             [--config FILE | --data DIR]\n"
    "\n"
    "Reads every event beside a running gateway or not, and computes checksums, digests, "
    "the hash\n"
    "chain and the signatures of checkpoints anew.  Exit 1 names the first place that is "
    "not what\n"
    "was written.\n"
    "\n"
    "  --receipt FILE  a receipt (karvan receipt) must be true of this journal; may be "
    "repeated\n"
    "  --signer KEY    the gateway's signing key, 64 digits (karvan keygen "
    "--print-signer FILE):\n"
    "                  checkpoints and receipts must be signed by it\n"
    "  --json          one JSON object\n";

struct call {
    struct gw_gateway_at at;
    const char *receipts[RECEIPTS], *signer;
    unsigned count;
    bool json;
};

static int parse(int argc, char **argv, struct call *c)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"receipt", required_argument, NULL, 'r'},
                                            {"signer", required_argument, NULL, 's'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    int o;
    optind = 0;
    while ((o = getopt_long(argc, argv, "c:d:", options, NULL)) != -1)
        if (o == 'c')
            c->at.config = optarg;
        else if (o == 'd')
            c->at.data = optarg;
        else if (o == 's')
            c->signer = optarg;
        else if (o == 'j')
            c->json = true;
        else if (o == 'r' && c->count < RECEIPTS)
            c->receipts[c->count++] = optarg;
        else
            return gw_command_misused("karvan journal verify", "unknown option");
    return optind == argc
               ? GW_EXIT_OK
               : gw_command_misused("karvan journal verify", "takes options only");
}

static void show_progress(void *ctx, uint64_t seq, uint64_t of)
{
    (void)ctx;
    fprintf(stderr, "\rverifying: %llu of %llu ", (unsigned long long)seq,
            (unsigned long long)of);
}

static void print(const struct gw_verification *v, bool json)
{
    char chain[65], signer[65];
    gw_hex(v->chain, 32, chain);
    gw_hex(v->signer, 32, signer);
    printf(json ? "{\"ok\":true,\"events\":%llu,\"first\":%llu,\"last\":%llu,\"chain\":"
                  "\"%s\","
                  "\"checkpoints\":%llu,\"signed_to\":%llu,\"signer\":\"%s\"}\n"
                : "journal: %llu events, seq %llu .. %llu, dense, checksums good, hash "
                  "chain whole\n"
                  "chain    %s\n"
                  "signed   %llu checkpoints, the newest at seq %llu, by %s\n",
           (unsigned long long)v->events, (unsigned long long)v->first_seq,
           (unsigned long long)v->last_seq, chain, (unsigned long long)v->checkpoints,
           (unsigned long long)v->signed_seq, v->signed_seq ? signer : "nobody");
}

static int damaged(const struct gw_verification *v, bool json)
{
    if (json)
        printf("{\"ok\":false,\"seq\":%llu,\"rule\":\"%s\"}\n",
               (unsigned long long)v->bad_seq, v->rule);
    return gw_command_failed(
        "journal damaged at seq %llu: %s - stop the gateway, keep the data "
        "directory as it is, and put back a copy",
        (unsigned long long)v->bad_seq, v->rule);
}

/* Does the journal hold what a receipt says? */
static int hold_against(struct gw_journal *j, const char *path, const char *signer)
{
    struct gw_receipt r;
    struct gw_located at;
    struct gw_reader *reader;
    enum gw_error e;
    int status = gw_receipt_file(path, signer, &r);

    if (status || j->ops->reader_open(j, &reader))
        return GW_EXIT_FAILED;
    e = j->ops->locate(reader, r.seq, &at);
    if (e == GW_NOT_FOUND)
        status = gw_command_failed("%s: event %llu is not in this journal (any more)",
                                   path, (unsigned long long)r.seq);
    else if (e)
        status = gw_command_failed("%s: event %llu: %s", path, (unsigned long long)r.seq,
                                   gw_error_text(e));
    else if (memcmp(at.event, r.event, 32) != 0 || memcmp(at.chain, r.chain, 32) != 0 ||
             at.first != r.first || at.last != r.last ||
             !gw_slice_is(at.operator, r.operator))
        status = gw_command_failed("%s: the journal holds something else as event %llu",
                                   path, (unsigned long long)r.seq);
    else
        fprintf(stderr, "%s: event %llu of %s is here as it was received\n", path,
                (unsigned long long)r.seq, r.operator);
    j->ops->reader_close(reader);
    return status;
}

static int verify(struct gw_journal *j, const struct call *c)
{
    struct gw_verification v;
    bool terminal = isatty(STDERR_FILENO);
    enum gw_error e = gw_journal_verify(j, terminal ? show_progress : NULL, NULL, &v);
    int status = GW_EXIT_OK;

    if (terminal)
        fputc('\n', stderr);
    if (e)
        return e == GW_CORRUPT ? damaged(&v, c->json)
                               : gw_command_failed("the journal cannot be read: %s",
                                                   gw_error_text(e));
    if (c->signer && v.signed_seq)
        status = gw_signer_is(v.signer, c->signer, "the newest checkpoint");
    for (unsigned i = 0; i < c->count; i++)
        if (hold_against(j, c->receipts[i], c->signer))
            status = GW_EXIT_FAILED;
    if (!status)
        print(&v, c->json);
    return status;
}

int gw_journal_verify_run(int argc, char **argv)
{
    struct call c = {0};
    struct gw_journal *j;
    struct gw_text why;
    int status = parse(argc, argv, &c);
    if (!status)
        status = gw_gateway_resolve(&c.at);
    if (status)
        return status;
    if (gw_lmdb_open_readonly(&j, c.at.journal_dir, &why))
        return gw_command_failed("%s", why.s);
    status = verify(j, &c);
    j->ops->close(j);
    return status;
}
