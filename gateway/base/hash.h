/* hash.h - the door to xxHash, libcrypto's SHA-256 and libsodium's BLAKE2b.  Pure
 * functions, any thread. */
#ifndef GW_BASE_HASH_H
#define GW_BASE_HASH_H
#include "base/slice.h"

/* XXH3, 64 bits: tables and checksums against accidents, not against forgery. */
uint64_t gw_hash64(struct gw_slice s, uint64_t seed);

/* SHA-256 (FIPS 180-4): `source.sha256`, computed event ids. */
void gw_sha256(struct gw_slice s, uint8_t out[32]);

/* BLAKE2b-256 (RFC 7693) in pieces: the journal's hash chain. */
struct gw_blake {
    _Alignas(64) uint8_t state[384]; /* libsodium's crypto_generichash_state */
};
void gw_blake_init(struct gw_blake *b);
void gw_blake_add(struct gw_blake *b, struct gw_slice s);
void gw_blake_end(struct gw_blake *b, uint8_t out[32]);

/* Lower-case hex; out has 2 * len + 1 bytes. */
void gw_hex(const uint8_t *at, size_t len, char *out);
#endif
