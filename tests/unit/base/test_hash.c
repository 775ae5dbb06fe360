/* test_hash.c - SHA-256 gives the standard's digests, in any thread. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include "base/hash.h"

static void expect(struct gw_slice s, const char *hex)
{
    uint8_t out[32];
    char text[65];
    gw_sha256(s, out);
    gw_hex(out, sizeof out, text);
    cr_expect_str_eq(text, hex, "%zu bytes: %s", s.len, text);
}

/* Source  FIPS 180-4's examples (NIST, Cryptographic Standards and Guidelines) */
Test(hash, sha256)
{
    char *million = malloc(1000000);
    cr_assert(million);
    memset(million, 'a', 1000000);
    expect(gw_slice(NULL, 0),
           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(GW_LIT("abc"),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(GW_LIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    expect(gw_slice(million, 1000000),
           "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

/* Every length around the blocks' ends: the digest of all their digests, as hashlib of
 * Python 3.11 has it. */
Test(hash, sha256_of_every_length)
{
    uint8_t bytes[300], all[301 * 32];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + 3);
    for (size_t i = 0; i <= sizeof bytes; i++)
        gw_sha256(gw_slice(bytes, i), all + i * 32);
    expect(gw_slice(all, sizeof all),
           "7d917fbd2cf49ddff9ad0a8706bba32d204e92e71d2e369c5a03d6af29278c9f");
}

static void *abc(void *out)
{
    gw_sha256(GW_LIT("abc"), out);
    return NULL;
}

/* Each thread has a context of its own, which goes with it: a leak sanitizer would see.
 */
Test(hash, sha256_in_threads)
{
    uint8_t expected[32], out[8][32];
    pthread_t t[8];
    gw_sha256(GW_LIT("abc"), expected);
    for (int i = 0; i < 8; i++)
        cr_assert_eq(pthread_create(&t[i], NULL, abc, out[i]), 0);
    for (int i = 0; i < 8; i++) {
        cr_assert_eq(pthread_join(t[i], NULL), 0);
        cr_expect_arr_eq(out[i], expected, 32);
    }
}
