#include <criterion/criterion.h>
#include "store/entry.h"
#include "kit.h"

static struct gw_batch *sample(struct kit *k)
{
    struct gw_batch *b = kit_many(k, "port", 7, "x", 5);
    for (uint32_t i = 0; i < b->count; i++)
        b->records[i].seq = 41 + i;
    b->records[2].verdict = GW_DUPLICATE;
    b->records[3].seq = 43;
    b->records[4].seq = 44;
    return b;
}

static struct gw_buf write_sample(struct gw_batch *b)
{
    struct gw_entry_plan p;
    struct gw_buf out;
    uint8_t chain[32] = {0};
    gw_buf_init(&out, 1u << 20);
    cr_assert(gw_entry_plan(b, 0, &p));
    cr_assert_eq(p.count, 4);
    gw_entry_write(&p, chain, gw_buf_reserve(&out, gw_entry_size(&p)));
    gw_buf_advance(&out, gw_entry_size(&p));
    cr_assert(!gw_entry_plan(b, p.to, &p), "one entry was enough");
    return out;
}

Test(entry, comes_back_as_it_was_written)
{
    struct kit k;
    struct gw_batch *b;
    struct gw_buf bytes;
    struct gw_entry e;
    uint8_t zero[32] = {0}, chain[32], digest[32];
    kit_init(&k, true);
    cr_assert_eq(kit_open(&k), GW_OK);
    b = sample(&k);
    bytes = write_sample(b);
    cr_assert_eq(gw_entry_open(gw_buf_bytes(&bytes), 41, &e), GW_OK);
    cr_assert_eq(e.head.count, 4);
    cr_assert_eq(gw_entry_last(&e), 44);
    cr_assert_eq(e.head.batch, 7);
    cr_assert(gw_slice_is(e.operator, "port"));
    cr_assert(gw_slice_is(e.adapter, "a1"));
    for (uint32_t i = 0; i < 4; i++) {
        const struct gw_record *r = &b->records[i < 2 ? i : i + 1];
        struct gw_slice event;
        cr_assert_eq(gw_entry_event(&e, i, &event), GW_OK);
        cr_assert(gw_slice_eq(event, gw_batch_event(b, r)));
        cr_assert_eq(gw_entry_row(&e, i).id_hash, r->id_hash);
        cr_assert_eq(gw_entry_row(&e, i).content, r->content);
        cr_assert_eq(gw_entry_row(&e, i).index, r->index);
    }
    gw_entry_digest(&e, digest);
    cr_assert_eq(memcmp(digest, e.head.digest, 32), 0);
    gw_entry_chain(&e, zero, chain);
    cr_assert_eq(memcmp(chain, e.head.chain, 32), 0);
    cr_assert_eq(gw_entry_open(gw_buf_bytes(&bytes), 40, &e), GW_CORRUPT, "under another key");
    gw_batch_unref(b);
    gw_buf_deinit(&bytes);
    kit_end(&k);
}

Test(entry, every_flipped_bit_and_every_cut_is_found)
{
    struct kit k;
    struct gw_batch *b;
    struct gw_buf bytes;
    kit_init(&k, true);
    cr_assert_eq(kit_open(&k), GW_OK);
    b = sample(&k);
    bytes = write_sample(b);
    for (size_t i = 0; i < bytes.len * 8; i++) {
        struct gw_entry e;
        struct gw_slice event;
        bool found;
        bytes.at[i / 8] ^= (uint8_t)(1u << i % 8);
        found = gw_entry_open(gw_buf_bytes(&bytes), 41, &e) == GW_CORRUPT;
        for (uint32_t n = 0; !found && n < e.head.count; n++)
            found = gw_entry_event(&e, n, &event) == GW_CORRUPT;
        cr_assert(found, "bit %zu of %zu", i, bytes.len * 8);
        bytes.at[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t len = 0; len < bytes.len; len++) {
        struct gw_entry e;
        uint8_t *copy = malloc(len ? len : 1); /* so that the sanitizer sees a read beyond it */
        memcpy(copy, bytes.at, len);
        cr_assert_eq(gw_entry_open(gw_slice(copy, len), 41, &e), GW_CORRUPT, "%zu bytes", len);
        free(copy);
    }
    gw_batch_unref(b);
    gw_buf_deinit(&bytes);
    kit_end(&k);
}
