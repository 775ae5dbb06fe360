/* sha256.h - SHA-256 by the processor's own instructions, where it has them; for hash.c.
 *
 * Every message that comes in is hashed, and every event without an id of its own: with
 * libsodium's portable code that was a quarter of a small message's decoding.
 *
 * Thread  any. */
#ifndef GW_BASE_SHA256_H
#define GW_BASE_SHA256_H
#include "base/slice.h"

/* SHA-256 (FIPS 180-4) of `s`.  False, with `out` untouched, when the processor cannot.
 */
bool gw_sha256_fast(struct gw_slice s, uint8_t out[32]);
#endif
