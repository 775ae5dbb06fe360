/* test_hash.c - SHA-256 by either way gives the standard's digests. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "base/hash.h"
#include "base/sha256.h"

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

/* A processor that cannot says so, and gw_sha256() takes the other way. */
Test(hash, fast_or_not_at_all)
{
    uint8_t fast[32] = {1}, either[32];
    if (!gw_sha256_fast(GW_LIT("abc"), fast)) {
        cr_expect_eq(fast[0], 1);
        cr_log_info("this processor has no SHA extensions");
        return;
    }
    gw_sha256(GW_LIT("abc"), either);
    cr_expect_arr_eq(fast, either, 32);
}
