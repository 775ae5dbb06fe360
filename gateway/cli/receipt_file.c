/* receipt_file.c - a receipt from a file, and whether its signer is the one that is
 * meant. */
#include "cli/receipt_file.h"
#include <errno.h>
#include <stdio.h>
#include "base/hash.h"
#include "cli/command.h"
#include "conf/file.h"

int gw_signer_is(const uint8_t key[GW_SIGN_PUBLIC], const char *signer, const char *what)
{
    uint8_t wanted[GW_SIGN_PUBLIC];
    char is[2 * GW_SIGN_PUBLIC + 1];
    if (!gw_unhex(gw_slice_str(signer), wanted, sizeof wanted))
        return gw_command_failed(
            "--signer: 64 hexadecimal digits are needed, as karvan keygen "
            "--print-signer shows them");
    gw_hex(key, GW_SIGN_PUBLIC, is);
    if (memcmp(wanted, key, sizeof wanted) != 0)
        return gw_command_failed("%s was signed by another key: %s", what, is);
    return GW_EXIT_OK;
}

int gw_receipt_file(const char *path, const char *signer, struct gw_receipt *out)
{
    struct gw_fault fault = {0};
    struct gw_buf text;
    enum gw_error e;
    int status = GW_EXIT_OK;

    gw_buf_init(&text, 1u << 20);
    e = gw_file_read(path, &text);
    if (e)
        status = gw_command_failed("%s: %s", path,
                                   e == GW_NOMEM ? "too large to be a receipt" : strerror(errno));
    else if ((e = gw_receipt_read(gw_buf_bytes(&text), out, &fault)) == GW_CORRUPT)
        status = gw_command_failed("%s: altered: %s", path, fault.rule);
    else if (e)
        status = gw_command_failed("%s: no receipt: expected \"%s\" at byte %zu", path,
                                   fault.rule, fault.at);
    else if (signer)
        status = gw_signer_is(out->signer, signer, path);
    else
        fputs("note: whose signature it is was not checked; give --signer KEY\n", stderr);
    gw_buf_deinit(&text);
    return status;
}
