/* hash.c - the only file that includes xxHash and libsodium's hashes. */
#include "base/hash.h"
#include <sodium.h>
#include <xxhash.h>

_Static_assert(sizeof(struct gw_blake) >= sizeof(crypto_generichash_state), "state fits");

uint64_t gw_hash64(struct gw_slice s, uint64_t seed)
{
    return XXH3_64bits_withSeed(s.at, s.len, seed);
}

void gw_sha256(struct gw_slice s, uint8_t out[32])
{
    crypto_hash_sha256(out, s.at, s.len);
}

void gw_blake_init(struct gw_blake *b)
{
    (void)crypto_generichash_init((crypto_generichash_state *)b->state, NULL, 0, 32);
}

void gw_blake_add(struct gw_blake *b, struct gw_slice s)
{
    (void)crypto_generichash_update((crypto_generichash_state *)b->state, s.at, s.len);
}

void gw_blake_end(struct gw_blake *b, uint8_t out[32])
{
    (void)crypto_generichash_final((crypto_generichash_state *)b->state, out, 32);
}

void gw_hex(const uint8_t *at, size_t len, char *out)
{
    sodium_bin2hex(out, 2 * len + 1, at, len);
}
