/* test_walk.c - msgpack value by value. */
#include <criterion/criterion.h>
#include "model/walk.h"

#define BYTES(bytes)                                                                     \
    {                                                                                    \
        (const uint8_t *)("" bytes), sizeof bytes - 1                                    \
    } /* in tables */

/* One value of every first byte that begins one, with the length of the whole. */
static size_t sample(uint8_t first, uint8_t out[32])
{
    static const struct {
        uint8_t first;
        size_t len;
    } wide[] = {{0xc0, 1}, {0xc2, 1}, {0xc3, 1}, {0xc4, 2}, {0xc5, 3},  {0xc6, 5},
                {0xc7, 3}, {0xc8, 4}, {0xc9, 6}, {0xca, 5}, {0xcb, 9},  {0xcc, 2},
                {0xcd, 3}, {0xce, 5}, {0xcf, 9}, {0xd0, 2}, {0xd1, 3},  {0xd2, 5},
                {0xd3, 9}, {0xd4, 3}, {0xd5, 4}, {0xd6, 6}, {0xd7, 10}, {0xd8, 18},
                {0xd9, 2}, {0xda, 3}, {0xdb, 5}, {0xdc, 3}, {0xdd, 5},  {0xde, 3},
                {0xdf, 5}};
    memset(out, 0, 32);
    out[0] = first;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (wide[i].first == first)
            return wide[i].len; /* a length of 0 */
    if (first >= 0x80 && first <= 0x8f)
        return 1 + 2u * (first & 0xf);
    if (first >= 0x90 && first <= 0x9f)
        return 1 + (first & 0xfu);
    if (first >= 0xa0 && first <= 0xbf)
        return 1 + (first & 0x1fu);
    return first == 0xc1 ? 0 : 1;
}

Test(walk, skip_knows_every_first_byte_and_every_cut)
{
    for (unsigned c = 0; c < 256; c++) {
        uint8_t in[33];
        size_t len = sample((uint8_t)c, in);
        struct gw_walk w = gw_walk(gw_slice(in, sizeof in));
        struct gw_slice got;
        cr_expect_eq(gw_walk_skip(&w, &got), len > 0, "0x%02x", c);
        if (len)
            cr_expect_eq(got.len, len, "0x%02x: %zu bytes", c, got.len);
        for (size_t n = 0; n < len; n++) {
            w = gw_walk(gw_slice(in, n));
            cr_expect_not(gw_walk_skip(&w, NULL), "0x%02x cut at %zu", c, n);
            cr_expect_eq(gw_walk_offset(&w), 0);
        }
    }
}

Test(walk, skip_takes_any_depth)
{
    static uint8_t deep[100001];
    memset(deep, 0x91, sizeof deep - 1);
    deep[sizeof deep - 1] = 0xc0;
    struct gw_walk w = gw_walk(gw_slice(deep, sizeof deep));
    cr_assert(gw_walk_skip(&w, NULL));
    cr_assert_eq(gw_walk_left(&w), 0);
    w = gw_walk(gw_slice(deep, sizeof deep - 1));
    cr_assert_not(gw_walk_skip(&w, NULL));
}

Test(walk, counts_beyond_the_bytes_are_refused)
{
    static const struct gw_slice cases[] = {
        BYTES("\xdd\xff\xff\xff\xff\x00"), BYTES("\xdf\x80\x00\x00\x00\x00\x00"),
        BYTES("\xdf\x00\x00\x00\x01\x00"), BYTES("\xdb\xff\xff\xff\xff\x00"),
        BYTES("\xc6\xff\xff\xff\xff\x00"), BYTES("\x92\xdd\x7f\xff\xff\xff\x01")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_walk w = gw_walk(cases[i]);
        uint32_t n;
        struct gw_slice s;
        cr_expect_not(gw_walk_skip(&w, NULL), "case %zu", i);
        cr_expect_not(gw_walk_map(&w, &n), "case %zu", i);
        cr_expect_not(gw_walk_str(&w, &s), "case %zu", i);
    }
}

Test(walk, integers)
{
    static const struct {
        struct gw_slice in;
        bool negative;
        int64_t value;
    } cases[] = {{BYTES("\x00"), false, 0},
                 {BYTES("\x7f"), false, 127},
                 {BYTES("\xff"), true, -1},
                 {BYTES("\xe0"), true, -32},
                 {BYTES("\xcc\xff"), false, 255},
                 {BYTES("\xd0\x80"), true, -128},
                 {BYTES("\xd0\x7f"), false, 127},
                 {BYTES("\xd1\xff\x00"), true, -256},
                 {BYTES("\xd2\x80\x00\x00\x00"), true, INT32_MIN},
                 {BYTES("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"), true, INT64_MIN},
                 {BYTES("\xd3\xff\xff\xff\xff\xff\xff\xff\xff"), true, -1},
                 {BYTES("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"), false, INT64_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_walk w = gw_walk(cases[i].in);
        int64_t v;
        uint64_t u;
        cr_expect(gw_walk_int(&w, &v) && v == cases[i].value, "case %zu", i);
        w = gw_walk(cases[i].in);
        cr_expect_eq(gw_walk_uint(&w, &u), !cases[i].negative, "case %zu", i);
    }
    struct gw_walk w = gw_walk(GW_LIT("\xcf\x80\x00\x00\x00\x00\x00\x00\x00"));
    int64_t v;
    uint64_t u;
    cr_expect_not(gw_walk_int(&w, &v));
    cr_expect(gw_walk_uint(&w, &u));
    cr_expect_eq(u, UINT64_C(1) << 63);
}
