/* test_verify.c - verification finds what checksums alone would let through: entries that
 * were made anew, checksums and all, by somebody who can write the file. */
#include <criterion/criterion.h>
#include "kit.h"
#include "store/checkpoint.h"
#include "store/entry.h"
#include "store/kv.h"
#include "store/records.h"

static struct kit k;
static struct gw_signer signer, other;

static void begin(void)
{
    gw_signer_derive(&signer, GW_LIT("the gateway's secret"));
    gw_signer_derive(&other, GW_LIT("somebody else's secret"));
    kit_init(&k, false);
    k.settings.signer = &signer;
    k.settings.checkpoint_events = 8;
    k.settings.checkpoint_ms = UINT32_MAX;
    cr_assert_eq(kit_open(&k), GW_OK, "%s", k.why.s);
    for (uint64_t i = 1; i <= 6; i++)
        (void)kit_append(&k, kit_many(&k, "port", i, "x", 3));
}

static void end(void)
{
    kit_end(&k);
}

TestSuite(verify, .init = begin, .fini = end, .timeout = 30);

static enum gw_error verify(struct gw_verification *v)
{
    struct gw_journal *j;
    struct gw_text why;
    enum gw_error e = gw_lmdb_open_readonly(&j, k.dir, &why);
    cr_assert_eq(e, GW_OK, "%s", why.s);
    e = gw_journal_verify(j, NULL, NULL, v);
    j->ops->close(j);
    return e;
}

Test(verify, a_whole_journal_with_its_checkpoints)
{
    struct gw_verification v;
    cr_assert_eq(verify(&v), GW_OK, "seq %llu: %s", (unsigned long long)v.bad_seq,
                 v.rule);
    cr_expect_eq(v.events, 18);
    cr_expect_eq(v.entries, 6);
    cr_expect_eq(v.checkpoints, 2, "after 9 and 18 events, not %llu",
                 (unsigned long long)v.checkpoints);
    cr_expect_eq(v.signed_seq, 18);
    cr_expect_arr_eq(v.signer, signer.public_key, 32);
    (void)kit_append(&k, kit_many(&k, "port", 7, "x", 1));
    kit_close(&k); /* the end is signed too */
    cr_assert_eq(verify(&v), GW_OK);
    cr_expect_eq(v.signed_seq, 19);
}

/* Change the tables as an intruder would: straight, with the store's own code for what it
 * takes. */
static struct gw_view *break_in(struct gw_kv **kv)
{
    struct gw_kv_settings s = {.dir = k.dir, .max_bytes = 256u << 20};
    struct gw_view *v;
    struct gw_text why;
    kit_close(&k);
    cr_assert_eq(gw_kv_lmdb(kv, &s, &why), GW_OK, "%s", why.s);
    cr_assert_eq((*kv)->ops->begin(*kv, &v), GW_OK);
    return v;
}

static void leave(struct gw_kv *kv)
{
    cr_assert_eq(kv->ops->commit(kv), GW_OK);
    kv->ops->close(kv);
}

/* The entry at `first` again, with other events, its chain value as given or computed. */
static void forge(struct gw_view *v, uint64_t first, const char *text,
                  const uint8_t before[32], uint8_t after[32])
{
    struct gw_key key = gw_key_u64(first);
    struct gw_slice old;
    struct gw_entry e;
    struct gw_batch *b;
    struct gw_entry_plan plan;
    uint8_t bytes[2048];

    cr_assert_eq(gw_get(v, GW_T_JOURNAL, gw_key_slice(&key), &old), GW_OK);
    cr_assert_eq(gw_entry_open(old, first, &e), GW_OK);
    b = kit_batch(&(struct kit){.journal = &(struct gw_journal){.seed = 0}}, "port", "a1",
                  e.head.batch);
    b->received_ms = e.head.received_ms;
    for (uint32_t i = 0; i < e.head.count; i++) {
        struct gw_record *r = gw_batch_record(b);
        size_t at = b->events.len;
        char id[64];
        (void)snprintf(id, sizeof id, "x-%llu-%u", (unsigned long long)e.head.batch, i);
        kit_event(&b->events, id, text);
        *r = (struct gw_record){.at = (uint32_t)at,
                                .len = (uint32_t)(b->events.len - at),
                                .index = i,
                                .seq = first + i,
                                .id_hash = gw_entry_row(&e, i).id_hash,
                                .content = gw_entry_row(&e, i).content};
    }
    cr_assert(gw_entry_plan(b, 0, &plan));
    plan.latest_ms = e.head.latest_ms;
    cr_assert_leq(gw_entry_size(&plan), sizeof bytes);
    memcpy(after, before, 32);
    gw_entry_write(&plan, after, bytes);
    cr_assert_eq(gw_del(v, GW_T_JOURNAL, gw_key_slice(&key)), GW_OK);
    /* MDB_APPEND refuses a key in the middle: take the ones behind it out and put them
     * back */
    struct gw_buf kept;
    uint64_t firsts[16];
    size_t sizes[16], n = 0;
    struct gw_pair at;
    gw_buf_init(&kept, 1u << 20);
    while (gw_seek(v, GW_T_JOURNAL, GW_SEEK_AT_OR_AFTER, gw_key_slice(&key), &at) ==
           GW_OK) {
        struct gw_key behind = gw_key_u64(gw_key_number(at.key));
        firsts[n] = gw_key_number(at.key);
        sizes[n++] = at.value.len;
        gw_buf_slice(&kept, at.value);
        cr_assert_eq(gw_del(v, GW_T_JOURNAL, gw_key_slice(&behind)), GW_OK);
    }
    cr_assert_eq(gw_put(v, GW_T_JOURNAL, gw_key_slice(&key),
                        gw_slice(bytes, gw_entry_size(&plan))),
                 GW_OK);
    for (size_t i = 0, off = 0; i < n; off += sizes[i++]) {
        struct gw_key behind = gw_key_u64(firsts[i]);
        cr_assert_eq(gw_put(v, GW_T_JOURNAL, gw_key_slice(&behind),
                            gw_slice(kept.at + off, sizes[i])),
                     GW_OK);
    }
    gw_buf_deinit(&kept);
    gw_batch_unref(b);
}

static void chain_before(struct gw_view *v, uint64_t first, uint8_t out[32])
{
    struct gw_state s;
    struct gw_entry e;
    cr_assert_eq(gw_state_read(v, &s), GW_OK);
    memcpy(out, s.anchor, 32);
    if (first == 1)
        return;
    struct gw_key key = gw_key_u64(first - 1);
    struct gw_pair at;
    cr_assert_eq(gw_seek(v, GW_T_JOURNAL, GW_SEEK_AT_OR_BEFORE, gw_key_slice(&key), &at),
                 GW_OK);
    cr_assert_eq(gw_entry_open(at.value, gw_key_number(at.key), &e), GW_OK);
    memcpy(out, e.head.chain, 32);
}

Test(verify, an_entry_made_anew_breaks_the_chain_behind_it)
{
    struct gw_verification v;
    struct gw_kv *kv;
    struct gw_view *view = break_in(&kv);
    uint8_t before[32], after[32];
    chain_before(view, 4, before);
    forge(view, 4, "lost", before, after);
    leave(kv);
    cr_assert_eq(verify(&v), GW_CORRUPT);
    cr_expect_eq(v.bad_seq, 7, "the entry behind it does not follow any more, not %llu",
                 (unsigned long long)v.bad_seq);
    cr_expect_str_eq(v.rule, "the hash chain is broken");
}

/* Everything from there on made anew, and the state too: only the signature is left to
 * tell. */
static void rewrite_from(struct gw_view *v, uint64_t first)
{
    struct gw_state s;
    uint8_t chain[32], after[32];
    chain_before(v, first, chain);
    cr_assert_eq(gw_state_read(v, &s), GW_OK);
    for (uint64_t at = first; at <= s.last_seq; at += 3) {
        forge(v, at, "lost", chain, after);
        memcpy(chain, after, 32);
    }
    memcpy(s.chain, chain, 32);
    cr_assert_eq(gw_state_write(v, &s), GW_OK);
}

Test(verify, a_journal_rewritten_to_its_end_contradicts_a_signed_checkpoint)
{
    struct gw_verification v;
    struct gw_kv *kv;
    struct gw_view *view = break_in(&kv);
    rewrite_from(view, 4);
    leave(kv);
    cr_assert_eq(verify(&v), GW_CORRUPT);
    cr_expect_eq(v.bad_seq, 9);
    cr_expect_str_eq(v.rule, "a signed checkpoint names another chain value");
}

Test(verify, a_checkpoint_signed_anew_shows_another_signer)
{
    struct gw_verification v;
    struct gw_kv *kv;
    struct gw_view *view = break_in(&kv);
    struct gw_checkpoint c;
    struct gw_key key = gw_key_u64(18);
    rewrite_from(view, 16);
    cr_assert_eq(gw_checkpoint_next(view, 18, &c), GW_OK);
    chain_before(view, 19, c.chain);
    cr_assert_eq(gw_del(view, GW_T_CHECKPOINTS, gw_key_slice(&key)), GW_OK);
    gw_checkpoint_sign(&c, &other);
    cr_assert_eq(gw_checkpoint_write(view, &c), GW_OK);
    leave(kv);
    cr_assert_eq(verify(&v), GW_OK, "nobody can tell but who knows the gateway's key");
    cr_expect_arr_neq(v.signer, signer.public_key, 32);
    cr_expect_arr_eq(v.signer, other.public_key, 32);
}

Test(verify, events_cut_off_at_the_end_are_missed)
{
    struct gw_verification v;
    struct gw_kv *kv;
    struct gw_view *view = break_in(&kv);
    struct gw_key key = gw_key_u64(16);
    struct gw_state s;
    cr_assert_eq(gw_del(view, GW_T_JOURNAL, gw_key_slice(&key)), GW_OK);
    cr_assert_eq(gw_state_read(view, &s), GW_OK);
    s.last_seq = 15;
    chain_before(view, 16, s.chain);
    cr_assert_eq(gw_state_write(view, &s), GW_OK);
    leave(kv);
    cr_assert_eq(verify(&v), GW_CORRUPT);
    cr_expect_eq(v.bad_seq, 18);
    cr_expect_str_eq(v.rule, "events that a signed checkpoint names are missing");
}

Test(verify, locate_vouches_for_one_event)
{
    struct gw_located at;
    cr_assert_eq(k.journal->ops->locate(k.reader, 5, &at), GW_OK);
    cr_expect_eq(at.first, 4);
    cr_expect_eq(at.last, 6);
    cr_expect_eq(at.batch, 2);
    cr_expect(gw_slice_is(at.operator, "port") && gw_slice_is(at.adapter, "a1"));
    cr_expect_eq(k.journal->ops->locate(k.reader, 0, &at), GW_NOT_FOUND);
    cr_expect_eq(k.journal->ops->locate(k.reader, 19, &at), GW_NOT_FOUND);
}
