/* sign.c - the only file that includes libsodium's signatures. */
#include "base/sign.h"
#include <sodium.h>

_Static_assert(sizeof(((struct gw_signer *)0)->secret_key) == crypto_sign_SECRETKEYBYTES,
               "fits");

void gw_signer_derive(struct gw_signer *out, struct gw_slice secret)
{
    static const char words[] = "karvan signing key 1";
    uint8_t seed[crypto_sign_SEEDBYTES];
    (void)crypto_generichash(seed, sizeof seed, secret.at, secret.len,
                             (const uint8_t *)words, sizeof words - 1);
    (void)crypto_sign_seed_keypair(out->public_key, out->secret_key, seed);
    sodium_memzero(seed, sizeof seed);
}

void gw_signer_wipe(struct gw_signer *s)
{
    sodium_memzero(s, sizeof *s);
}

void gw_sign(const struct gw_signer *s, struct gw_slice text, uint8_t out[GW_SIGN_BYTES])
{
    (void)crypto_sign_detached(out, NULL, text.at, text.len, s->secret_key);
}

bool gw_sign_good(const uint8_t public_key[GW_SIGN_PUBLIC], struct gw_slice text,
                  const uint8_t signature[GW_SIGN_BYTES])
{
    return crypto_sign_verify_detached(signature, text.at, text.len, public_key) == 0;
}

bool gw_unhex(struct gw_slice text, uint8_t *out, size_t len)
{
    size_t n = 0;
    return text.len == 2 * len &&
           sodium_hex2bin(out, len, (const char *)text.at, text.len, NULL, &n, NULL) ==
               0 &&
           n == len;
}
