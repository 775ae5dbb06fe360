/* cmd_keygen.c - karvan keygen: the pair of keys of an operator, made where it will be
 * used. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <karvan/client.h>
#include "base/hash.h"
#include "base/sign.h"
#include "cli/command.h"

static const char usage[] =
    "Usage: karvan keygen FILE [--operator NAME] [--country CC]\n"
    "       karvan keygen --print-public FILE\n"
    "       karvan keygen --print-signer FILE\n"
    "\n"
    "Makes a pair of CURVE keys, writes it to FILE (mode 0600; an existing file is left "
    "alone)\n"
    "and prints the public key.  The secret key never leaves this machine.\n"
    "\n"
    "  --operator NAME   our name on the bus, for the line to give to the gateway's "
    "keeper\n"
    "  --country CC      our country, two capital letters\n"
    "  --print-public    only print the public key of an existing FILE\n"
    "  --print-signer    of a gateway's FILE: the public key its checkpoints and "
    "receipts "
    "are\n"
    "                    signed with, to be published beside the other one\n";

static int print_public(const char *path)
{
    char key[41];
    enum gw_error e = karvan_public_key(key, path);
    if (e)
        return gw_command_failed("%s: %s", path,
                                 e == GW_IO ? strerror(errno)
                                            : "holds no public-key = \"...\"");
    printf("%s\n", key);
    return GW_EXIT_OK;
}

static int print_signer(const char *path)
{
    struct karvan_keys keys;
    struct gw_signer signer;
    char text[2 * GW_SIGN_PUBLIC + 1];
    enum gw_error e = karvan_keys_load(&keys, path);
    if (e)
        return gw_command_failed("%s: %s", path,
                                 e == GW_IO            ? strerror(errno)
                                 : e == GW_NOT_ALLOWED ? "readable by others; chmod 600"
                                                       : "holds no pair of keys");
    gw_signer_derive(&signer, gw_slice_str(keys.secret_key));
    gw_hex(signer.public_key, sizeof signer.public_key, text);
    explicit_bzero(&keys, sizeof keys);
    gw_signer_wipe(&signer);
    printf("%s\n", text);
    return GW_EXIT_OK;
}

static int make(const char *path, const char *operator, const char * country)
{
    struct karvan_keys keys;
    enum gw_error e = karvan_keys_make(&keys);
    if (e)
        return gw_command_failed("this libzmq was built without CURVE");
    e = karvan_keys_save(&keys, path,
                         "CURVE keys of a Karvan operator, made by karvan keygen");
    explicit_bzero(keys.secret_key, sizeof keys.secret_key);
    if (e == GW_EXISTS)
        return gw_command_failed("%s is there already; remove it, or choose another name",
                                 path);
    if (e)
        return gw_command_failed("%s: %s", path, strerror(errno));
    printf("%s\n", keys.public_key);
    fprintf(stderr,
            "written to %s\n"
            "have the gateway's keeper run:\n"
            "  karvan operator add %s --country %s --key '%s'\n",
            path, operator, country, keys.public_key);
    return GW_EXIT_OK;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {{"operator", required_argument, NULL, 'o'},
                                            {"country", required_argument, NULL, 'c'},
                                            {"print-public", no_argument, NULL, 'p'},
                                            {"print-signer", no_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    const char *operator= "NAME", *country = "CC";
    bool print = false, sign = false;
    int o;
    optind = 0; /* start afresh: main() may have looked at options before */
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        switch (o) {
        case 'o':
            operator= optarg;
            break;
        case 'c':
            country = optarg;
            break;
        case 'p':
            print = true;
            break;
        case 's':
            sign = true;
            break;
        default:
            fputs("see: karvan keygen --help\n", stderr);
            return GW_EXIT_USAGE;
        }
    if (optind != argc - 1)
        return gw_command_misused("karvan keygen", "one FILE is needed");
    if (sign)
        return print_signer(argv[optind]);
    return print ? print_public(argv[optind]) : make(argv[optind], operator, country);
}

const struct gw_command gw_cmd_keygen = {"keygen", "make an operator's pair of keys",
                                         usage, run};
