/* hash.c - the only file that includes xxHash, libcrypto's digests and libsodium's. */
#include "base/hash.h"
#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <xxhash.h>

_Static_assert(sizeof(struct gw_blake) >= sizeof(crypto_generichash_state), "state fits");

uint64_t gw_hash64(struct gw_slice s, uint64_t seed)
{
    return XXH3_64bits_withSeed(s.at, s.len, seed);
}

/* ---- SHA-256 ---- */

static EVP_MD *sha256; /* looked up once: a search by name costs more than the digest */
static pthread_key_t context_key; /* each thread's context, freed with the thread */
static bool has_key;
static pthread_once_t looked_up = PTHREAD_ONCE_INIT;

static void free_context(void *context)
{
    EVP_MD_CTX_free(context);
}

/* In a library context of our own: without memory for the default one EVP_MD_fetch() of
 * OpenSSL 3.0 crashes. */
static void look_up(void)
{
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    sha256 = library ? EVP_MD_fetch(library, "SHA256", NULL) : NULL;
    if (!sha256)
        OSSL_LIB_CTX_free(library);
    has_key = sha256 && !pthread_key_create(&context_key, free_context);
}

/* This thread's context; NULL when there is no memory for it. */
static EVP_MD_CTX *context_of_thread(void)
{
    static _Thread_local EVP_MD_CTX *context;
    if (context)
        return context;
    (void)pthread_once(&looked_up, look_up);
    if (!has_key || !(context = EVP_MD_CTX_new()))
        return NULL;
    if (pthread_setspecific(context_key, context)) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    return context;
}

/* libcrypto wants memory for a thread's first digest; libsodium, which wants none, does
 * what it cannot. */
void gw_sha256(struct gw_slice s, uint8_t out[32])
{
    EVP_MD_CTX *c = context_of_thread();
    if (!c || !EVP_DigestInit_ex2(c, sha256, NULL) || !EVP_DigestUpdate(c, s.at, s.len) ||
        !EVP_DigestFinal_ex(c, out, NULL))
        crypto_hash_sha256(out, s.at, s.len);
}

/* ---- BLAKE2b ---- */

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
