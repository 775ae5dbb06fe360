/* sign.h - the door to libsodium's signatures: Ed25519 (RFC 8032).  Pure functions, any
 * thread.
 *
 * The gateway's signing key is derived from the secret half of its CURVE pair, so that
 * there is one secret to keep and to back up: BLAKE2b-256 keyed with the words "karvan
 * signing key 1". */
#ifndef GW_BASE_SIGN_H
#define GW_BASE_SIGN_H
#include "base/slice.h"

#define GW_SIGN_PUBLIC 32
#define GW_SIGN_BYTES  64

struct gw_signer {
    uint8_t public_key[GW_SIGN_PUBLIC];
    uint8_t secret_key[64]; /* seed and public key; wipe with gw_signer_wipe() */
};

/* secret: the CURVE secret key as it stands in the key file. */
void gw_signer_derive(struct gw_signer *out, struct gw_slice secret);
void gw_signer_wipe(struct gw_signer *s);
void gw_sign(const struct gw_signer *s, struct gw_slice text, uint8_t out[GW_SIGN_BYTES]);
bool gw_sign_good(const uint8_t public_key[GW_SIGN_PUBLIC], struct gw_slice text,
                  const uint8_t signature[GW_SIGN_BYTES]);

/* Hexadecimal digits, either case, exactly 2 * len of them; false otherwise. */
bool gw_unhex(struct gw_slice text, uint8_t *out, size_t len);
#endif
