/* sha256.c - SHA-256 by the x86 SHA extensions.
 *
 * Source  FIPS 180-4, 4.2.2 constants, 5.1.1 padding, 5.3.3 initial value, 6.2.2
 *         computation;  Intel SDM, volume 2: SHA256RNDS2, SHA256MSG1, SHA256MSG2 */
#include "base/sha256.h"

#if defined __x86_64__ && defined __GNUC__
#include <cpuid.h>
#include <immintrin.h>

#define BLOCK  64
#define WITHIN __attribute__((target("sha,ssse3,sse4.1")))

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

/* The eight words as the instructions want them: F E B A and H G D C, lowest first. */
struct words {
    __m128i abef, cdgh;
};

/* Bytes of each word the other way round: the standard's words are big-endian. */
WITHIN static __m128i swapped(__m128i v)
{
    return _mm_shuffle_epi8(v, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

/* The next four words of the schedule, from the sixteen before them. */
WITHIN static __m128i scheduled(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

/* Four rounds; two to an instruction, and each time the old A B E F are the new C D G H.
 */
WITHIN static void rounds(struct words *h, __m128i w, const uint32_t *k)
{
    __m128i sum = _mm_add_epi32(w, _mm_loadu_si128((const __m128i *)k));
    h->cdgh = _mm_sha256rnds2_epu32(h->cdgh, h->abef, sum);
    h->abef = _mm_sha256rnds2_epu32(h->abef, h->cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

WITHIN static void take_block(struct words *h, const uint8_t *at)
{
    struct words before = *h;
    __m128i w[16];
    for (int i = 0; i < 4; i++)
        w[i] = swapped(_mm_loadu_si128((const __m128i *)(at + (size_t)16 * i)));
    for (int i = 4; i < 16; i++)
        w[i] = scheduled(w[i - 4], w[i - 3], w[i - 2], w[i - 1]);
    for (int i = 0; i < 16; i++)
        rounds(h, w[i], constants + (size_t)4 * i);
    h->abef = _mm_add_epi32(h->abef, before.abef);
    h->cdgh = _mm_add_epi32(h->cdgh, before.cdgh);
}

WITHIN static void put_words(const struct words *h, uint8_t out[32])
{
    __m128i efab = _mm_shuffle_epi32(h->abef, 0xb1),
            ghcd = _mm_shuffle_epi32(h->cdgh, 0xb1);
    __m128i abcd = _mm_unpackhi_epi64(efab, ghcd), efgh = _mm_unpacklo_epi64(efab, ghcd);
    _mm_storeu_si128((__m128i *)out, swapped(abcd));
    _mm_storeu_si128((__m128i *)(out + 16), swapped(efgh));
}

/* What is left behind the last whole block, a one bit, noughts, and the length in bits.
 */
WITHIN static void take_end(struct words *h, const uint8_t *at, size_t left,
                            uint64_t bits)
{
    uint8_t end[2 * BLOCK] = {0};
    size_t size = left < BLOCK - 8 ? BLOCK : 2 * BLOCK;
    if (left)
        memcpy(end, at, left);
    end[left] = 0x80;
    for (int i = 0; i < 8; i++)
        end[size - 1 - (size_t)i] = (uint8_t)(bits >> 8 * i);
    for (size_t i = 0; i < size; i += BLOCK)
        take_block(h, end + i);
}

WITHIN static void digest(struct gw_slice s, uint8_t out[32])
{
    struct words h = {
        _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
        _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
    size_t whole = s.len & ~(size_t)(BLOCK - 1);
    for (size_t i = 0; i < whole; i += BLOCK)
        take_block(&h, s.at + i);
    take_end(&h, s.len ? s.at + whole : NULL, s.len - whole, (uint64_t)s.len * 8);
    put_words(&h, out);
}

/* Leaf 7, EBX bit 29: SHA.  Leaf 1, ECX bits 9 and 19: SSSE3, SSE4.1. */
static bool is_able(void)
{
    static int able; /* 0: not looked yet, 1: no, 2: yes */
    unsigned a, b, c, d, ext = 0;
    int known = __atomic_load_n(&able, __ATOMIC_RELAXED);
    if (known)
        return known == 2;
    bool yes = __get_cpuid(1, &a, &b, &c, &d) && c >> 9 & 1 && c >> 19 & 1 &&
               __get_cpuid_count(7, 0, &a, &ext, &c, &d) && ext >> 29 & 1;
    __atomic_store_n(&able, yes ? 2 : 1, __ATOMIC_RELAXED);
    return yes;
}

bool gw_sha256_fast(struct gw_slice s, uint8_t out[32])
{
    if (!is_able())
        return false;
    digest(s, out);
    return true;
}

#else

bool gw_sha256_fast(struct gw_slice s, uint8_t out[32])
{
    (void)s, (void)out;
    return false;
}

#endif
