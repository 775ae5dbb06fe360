/* receipt_file.h - a receipt from a file, and whether its signer is the one that is
 * meant. */
#ifndef GW_CLI_RECEIPT_FILE_H
#define GW_CLI_RECEIPT_FILE_H
#include "model/receipt.h"

/* Read and check FILE; says on stderr what is wrong.  signer: 64 hexadecimal digits, or
 * NULL: any, which is said.  Returns enum gw_exit. */
int gw_receipt_file(const char *path, const char *signer, struct gw_receipt *out);
/* Is `key` the one `signer` (64 hexadecimal digits) names?  Says so when not; `what` is
 * signed. */
int gw_signer_is(const uint8_t key[GW_SIGN_PUBLIC], const char *signer, const char *what);
#endif
