/* test_receipt.c - a receipt is read as it was written, and not when one character is
 * another. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "model/receipt.h"

static struct gw_signer signer;
static struct gw_buf text;
static struct gw_receipt told;

static void make(void)
{
    told = (struct gw_receipt){.gateway = "corridor",
                               .operator= "aktau-port",
                               .adapter = "a-1",
                               .batch = 42,
                               .seq = 90001,
                               .first = 89990,
                               .last = 90010,
                               .received_ms = 1795439101250,
                               .time_ms = 1795439102000};
    memset(told.event, 0x5a, 32);
    memset(told.chain, 0xc3, 32);
    gw_signer_derive(&signer, GW_LIT("secret"));
    gw_buf_init(&text, GW_RECEIPT_MAX);
    cr_assert_eq(gw_receipt_write(&told, &signer, &text), GW_OK);
}

static void drop(void)
{
    gw_buf_deinit(&text);
}

TestSuite(receipt, .init = make, .fini = drop);

Test(receipt, comes_back_as_it_was_written)
{
    struct gw_receipt r;
    struct gw_fault f = {0};
    cr_assert_eq(gw_receipt_read(gw_buf_bytes(&text), &r, &f), GW_OK, "%s at %zu", f.rule,
                 f.at);
    cr_expect_str_eq(r.gateway, "corridor");
    cr_expect_str_eq(r.operator, "aktau-port");
    cr_expect_str_eq(r.adapter, "a-1");
    cr_expect(r.batch == 42 && r.seq == 90001 && r.first == 89990 && r.last == 90010);
    cr_expect_arr_eq(r.event, told.event, 32);
    cr_expect_arr_eq(r.chain, told.chain, 32);
    cr_expect_arr_eq(r.signer, signer.public_key, 32);
    cr_expect(r.received_ms == told.received_ms && r.time_ms == told.time_ms);
}

Test(receipt, no_character_can_be_changed)
{
    struct gw_receipt r;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t was = text.at[i];
        bool hex_case =
            was >= 'a' && was <= 'f'; /* signature and key read the same in capitals */
        text.at[i] = was == '1' ? '2' : hex_case ? 'e' + (was == 'e') : '1';
        cr_expect_neq(gw_receipt_read(gw_buf_bytes(&text), &r, NULL), GW_OK, "byte %zu",
                      i);
        text.at[i] = was;
    }
}

Test(receipt, is_refused_when_cut_or_longer)
{
    struct gw_receipt r;
    struct gw_fault f;
    for (size_t n = 0; n < text.len; n++) {
        f = (struct gw_fault){0};
        cr_expect_neq(gw_receipt_read(gw_slice(text.at, n), &r, &f), GW_OK, "%zu bytes",
                      n);
        cr_expect(f.rule && f.at <= n, "%zu bytes", n);
    }
    gw_buf_str(&text, "more\n");
    cr_expect_eq(gw_receipt_read(gw_buf_bytes(&text), &r, &f), GW_FORMAT);
}

Test(receipt, an_unsigned_key_does_not_vouch_for_another)
{
    struct gw_signer other;
    gw_signer_derive(&other, GW_LIT("another secret"));
    cr_expect_arr_neq(other.public_key, signer.public_key, 32);
}
