/* Both stores keep the same rules: every test here runs on each of them. */
#include <criterion/criterion.h>
#include "kit.h"

static void twice(void (*test)(struct kit *k))
{
    for (int memory = 0; memory < 2; memory++) {
        struct kit k;
        kit_init(&k, memory);
        cr_assert_eq(kit_open(&k), GW_OK, "%s", k.why.s);
        test(&k);
        kit_end(&k);
    }
}
#define BOTH(name)                                                                       \
    static void name(struct kit *k);                                                     \
    Test(store, name)                                                                    \
    {                                                                                    \
        twice(name);                                                                     \
    }                                                                                    \
    static void name(struct kit *k)

static const char *kind(const struct kit *k)
{
    return k->memory ? "memory" : "lmdb";
}

static uint32_t read_from(struct kit *k, uint64_t from, struct gw_stored *out,
                          uint32_t most)
{
    uint32_t n = 0;
    cr_assert_eq(k->journal->ops->read(k->reader, from, out, most, 1u << 20, &n), GW_OK,
                 "%s", kind(k));
    return n;
}

BOTH(an_empty_journal_says_so)
{
    struct gw_journal_status st;
    struct gw_stored out[4];
    uint64_t n = 7;
    struct gw_cursor c;
    struct gw_quarantined q;
    struct gw_outcome o;

    k->journal->ops->status(k->journal, &st);
    cr_assert_eq(st.first_seq, 0);
    cr_assert_eq(st.last_seq, 0);
    cr_assert_eq(st.room, GW_ROOM_OK);
    cr_assert_eq(read_from(k, 1, out, 4), 0);
    cr_assert_eq(k->journal->ops->read(k->reader, 0, out, 4, 100, &(uint32_t){0}),
                 GW_NOT_FOUND);
    cr_assert_eq(k->journal->ops->last_batch(k->reader, "port", "a1", &n), GW_OK);
    cr_assert_eq(n, 0);
    cr_assert_eq(k->journal->ops->seek_time(k->reader, 5, &n), GW_OK);
    cr_assert_eq(n, 1);
    cr_assert_eq(k->journal->ops->cursor_load(k->reader, "port", "s", &c), GW_NOT_FOUND);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 0, &q), GW_NOT_FOUND);
    cr_assert_eq(k->journal->ops->outcome(k->reader, "port", "a1", 1, &o), GW_NOT_FOUND);
    cr_assert_neq(k->memory || k->journal->seed, 0,
                  "a journal on disk has a random seed");
}

BOTH(events_come_back_dense_and_unaltered)
{
    struct gw_stored out[64];
    const struct gw_batch *b;
    uint32_t n;

    b = kit_append(k, kit_many(k, "port", 1, "x", 5));
    cr_assert_eq(b->result, GW_OK);
    cr_assert_eq(b->accepted, 5);
    cr_assert_eq(b->first_seq, 1);
    cr_assert_eq(b->last_seq, 5);
    b = kit_append(k, kit_many(k, "rail", 1, "x", 3));
    cr_assert_eq(b->first_seq, 6);
    cr_assert_eq(b->records[2].seq, 8);
    n = read_from(k, 1, out, 64);
    cr_assert_eq(n, 8, "%s: %u", kind(k), n);
    for (uint32_t i = 0; i < n; i++) {
        struct gw_buf want;
        char id[32];
        gw_buf_init(&want, 1000);
        (void)snprintf(id, sizeof id, "x-1-%u", i < 5 ? i : i - 5);
        kit_event(&want, id, "load");
        cr_assert_eq(out[i].seq, i + 1);
        cr_assert(gw_slice_eq(out[i].event, gw_buf_bytes(&want)), "%s event %u", kind(k),
                  i);
        gw_buf_deinit(&want);
    }
    n = read_from(k, 4, out, 3);
    cr_assert_eq(n, 3);
    cr_assert_eq(out[0].seq, 4);
    cr_assert_eq(read_from(k, 9, out, 3), 0);
    cr_assert_eq(k->journal->ops->read(k->reader, 1, out, 64, 1, &n), GW_OK);
    cr_assert_eq(n, 1, "at least one event whatever the bytes");
}

BOTH(a_large_batch_is_kept_in_several_entries)
{
    struct gw_batch *b = kit_many(k, "port", 1, "a-rather-long-prefix-of-the-id", 8000);
    struct gw_stored out[256];
    uint64_t seq = 1;
    uint32_t n;
    cr_assert_gt(b->events.len, 300000);
    cr_assert_eq(kit_append(k, b)->last_seq, 8000);
    while ((n = read_from(k, seq, out, 256)) != 0)
        for (uint32_t i = 0; i < n; i++)
            cr_assert_eq(out[i].seq, seq++);
    cr_assert_eq(seq, 8001, "%s", kind(k));
}

BOTH(batch_numbers_follow_each_other)
{
    uint64_t last;
    const struct gw_batch *b = kit_append(k, kit_many(k, "port", 2, "x", 1));
    cr_assert_eq(b->result, GW_BATCH_GAP, "the first is 1");
    cr_assert_eq(b->accepted, 0);
    cr_assert_eq(kit_append(k, kit_many(k, "port", 1, "x", 1))->result, GW_OK);
    cr_assert_eq(kit_append(k, kit_many(k, "port", 3, "x", 1))->result, GW_BATCH_GAP);
    cr_assert_eq(kit_append(k, kit_many(k, "port", 2, "x", 1))->result, GW_OK);
    b = kit_append(k, kit_many(k, "port", 2, "other", 4));
    cr_assert_eq(b->result, GW_OK);
    cr_assert(b->repeated);
    cr_assert_eq(b->accepted, 0);
    cr_assert_eq(b->last_seq, 0);
    cr_assert_eq(k->journal->ops->last_batch(k->reader, "port", "a1", &last), GW_OK);
    cr_assert_eq(last, 2);
}

/* A sender that was started anew: its first number was taken by a batch of the older session that
 * was still on its way.  Its second batch must not get in front of its first. */
BOTH(a_batch_is_only_kept_behind_the_one_it_followed)
{
    uint64_t last;
    struct gw_batch *b = kit_many(k, "port", 1, "old", 2);
    b->body_hash = 11;
    cr_assert_eq(kit_append(k, b)->result, GW_OK);
    b = kit_many(k, "port", 1, "new", 2);
    b->body_hash = 22;
    cr_assert(kit_append(k, b)->repeated);
    b = kit_many(k, "port", 2, "newer", 2);
    b->body_hash = 33;
    b->behind = 22;
    cr_assert_eq(kit_append(k, b)->result, GW_BATCH_REUSED);
    cr_assert_eq(k->journal->ops->last_batch(k->reader, "port", "a1", &last), GW_OK);
    cr_assert_eq(last, 1);
    b = kit_many(k, "port", 2, "new", 2); /* under the numbers after WELCOME */
    b->body_hash = 22;
    cr_assert_eq(kit_append(k, b)->accepted, 2);
    b = kit_many(k, "port", 3, "newer", 2);
    b->body_hash = 33;
    b->behind = 22;
    cr_assert_eq(kit_append(k, b)->accepted, 2);
}

BOTH(a_batch_without_number_is_kept_and_leaves_no_outcome)
{
    struct gw_outcome o;
    const struct gw_batch *b = kit_append(k, kit_many(k, "port", 0, "x", 2));
    cr_assert_eq(b->result, GW_OK);
    cr_assert_eq(b->accepted, 2);
    cr_assert_eq(k->journal->ops->outcome(k->reader, "port", "a1", 0, &o), GW_NOT_FOUND);
}

BOTH(a_duplicate_has_the_seq_of_the_first)
{
    struct gw_batch *b = kit_batch(k, "port", "a1", 1);
    const struct gw_batch *done;
    kit_add(k, b, "one", "load");
    kit_add(k, b, "two", "load");
    kit_add(k, b, "one", "load"); /* in the same batch */
    done = kit_append(k, b);
    cr_assert_eq(done->accepted, 2);
    cr_assert_eq(done->duplicates, 1);
    cr_assert_eq(done->records[2].verdict, GW_DUPLICATE);
    cr_assert_eq(done->records[2].seq, 1);
    b = kit_batch(k, "port", "a2", 1); /* by another way */
    kit_add(k, b, "three", "load");
    kit_add(k, b, "two", "load");
    done = kit_append(k, b);
    cr_assert_eq(done->accepted, 1);
    cr_assert_eq(done->first_seq, 3);
    cr_assert_eq(done->records[1].verdict, GW_DUPLICATE);
    cr_assert_eq(done->records[1].seq, 2, "%s", kind(k));
    b = kit_batch(k, "rail", "a1", 1); /* ids are the operator's own */
    kit_add(k, b, "one", "load");
    cr_assert_eq(kit_append(k, b)->accepted, 1);
}

BOTH(the_outcome_of_a_batch_is_told_again)
{
    struct gw_batch *b = kit_batch(k, "port", "a1", 1);
    struct gw_outcome o;
    struct gw_ack_event ev;
    struct gw_slice events;
    kit_add(k, b, "one", "load");
    kit_refuse(b, "bad");
    kit_add(k, b, "one", "load");
    (void)kit_append(k, b);
    cr_assert_eq(k->journal->ops->outcome(k->reader, "port", "a1", 1, &o), GW_OK);
    cr_assert_eq(o.accepted, 1);
    cr_assert_eq(o.duplicates, 1);
    cr_assert_eq(o.refused, 1);
    cr_assert_eq(o.first_seq, 1);
    cr_assert_eq(o.last_seq, 1);
    cr_assert_eq(o.body_hash, 1001);
    events = o.events;
    cr_assert(gw_ack_event_next(&events, &ev));
    cr_assert_eq(ev.index, 2);
    cr_assert_eq(ev.code, GW_OK);
    cr_assert_eq(ev.seq, 1);
    cr_assert(gw_ack_event_next(&events, &ev));
    cr_assert_eq(ev.index, 1);
    cr_assert_eq(ev.code, GW_MISSING);
    cr_assert_eq(ev.at, 3);
    cr_assert(gw_slice_is(ev.field, "type"));
    cr_assert(!gw_ack_event_next(&events, &ev));
}

BOTH(outcomes_are_kept_for_the_window)
{
    struct gw_outcome o;
    for (unsigned i = 1; i <= 20; i++)
        (void)kit_append(k, kit_many(k, "port", i, "x", 1));
    cr_assert_eq(k->journal->ops->outcome(k->reader, "port", "a1", 12, &o), GW_NOT_FOUND);
    cr_assert_eq(k->journal->ops->outcome(k->reader, "port", "a1", 13, &o), GW_OK);
    cr_assert_eq(o.first_seq, 13);
    cr_assert_eq(o.events.len, 0);
    cr_assert_eq(k->journal->ops->outcome(k->reader, "port", "a1", 20, &o), GW_OK);
}

BOTH(an_id_used_for_another_event_is_refused)
{
    struct gw_batch *b = kit_batch(k, "port", "a1", 1);
    const struct gw_batch *done;
    struct gw_quarantined q;
    kit_add(k, b, "one", "load");
    kit_add(k, b, "one", "discharge");
    kit_add(k, b, "two", "load");
    done = kit_append(k, b);
    cr_assert_eq(done->accepted, 2);
    cr_assert_eq(done->refused_count, 1);
    cr_assert_eq(done->count, 2, "records holds no refused one");
    cr_assert_eq(done->records[1].seq, 2);
    cr_assert_eq(done->records[1].index, 2);
    cr_assert_eq(done->refusals[0].code, GW_ID_REUSED);
    cr_assert_str_eq(done->refusals[0].field, "id");
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 0, &q), GW_OK);
    cr_assert_eq(q.code, GW_ID_REUSED);
    cr_assert_eq(q.index, 1);
    cr_assert_gt(q.bytes.len, 10);
}

BOTH(a_collision_of_hashes_costs_no_event)
{
    struct gw_batch *b = kit_batch(k, "port", "a1", 1);
    const struct gw_batch *done;
    kit_add(k, b, "one", "load")->id_hash = 4711;
    kit_add(k, b, "two", "load")->id_hash = 4711;
    done = kit_append(k, b);
    cr_assert_eq(done->accepted, 2);
    b = kit_batch(k, "port", "a1", 2);
    kit_add(k, b, "three", "load")->id_hash = 4711;
    kit_add(k, b, "two", "load")->id_hash = 4711;
    done = kit_append(k, b);
    cr_assert_eq(done->accepted, 1, "%s", kind(k));
    cr_assert_eq(done->records[1].verdict, GW_DUPLICATE);
    cr_assert_eq(done->records[1].seq, 2);
}

BOTH(all_or_nothing_keeps_nothing_when_one_is_refused)
{
    struct gw_batch *b = kit_batch(k, "port", "a1", 1);
    const struct gw_batch *done;
    struct gw_quarantined q;
    struct gw_journal_status st;
    b->flags = GW_FLAG_ATOMIC;
    kit_add(k, b, "one", "load");
    kit_refuse(b, "bad");
    kit_add(k, b, "two", "load");
    done = kit_append(k, b);
    cr_assert_eq(done->result, GW_OK, "it has an outcome");
    cr_assert_eq(done->accepted, 0);
    cr_assert_eq(done->count, 0);
    cr_assert_eq(done->refused_count, 3);
    cr_assert_eq(done->refusals[0].code, GW_MISSING);
    cr_assert_eq(done->refusals[1].code, GW_ATOMIC);
    cr_assert_eq(done->refusals[2].index, 2);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 0, &q), GW_OK);
    cr_assert_eq(q.code, GW_MISSING);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, q.id + 1, &q), GW_NOT_FOUND);
    k->journal->ops->status(k->journal, &st);
    cr_assert_eq(st.last_seq, 0);
    b = kit_batch(k, "port", "a1", 2); /* corrected, under a new number */
    b->flags = GW_FLAG_ATOMIC;
    kit_add(k, b, "one", "load");
    kit_add(k, b, "two", "load");
    done = kit_append(k, b);
    cr_assert_eq(done->accepted, 2, "%s: what was taken back is not known as a duplicate",
                 kind(k));
}

BOTH(the_duplicate_window_forgets_the_oldest)
{
    struct gw_batch *b;
    kit_close(k);
    k->settings.duplicate_window = 10;
    cr_assert_eq(kit_open(k), GW_OK);
    (void)kit_append(k, kit_many(k, "port", 1, "x", 12));
    b = kit_batch(k, "port", "a1", 2);
    kit_add(k, b, "x-1-1", "load"); /* seq 2: 12 events have come since */
    kit_add(k, b, "x-1-11", "load");
    (void)kit_append(k, b);
    cr_assert_eq(k->last->accepted, 1, "%s", kind(k));
    cr_assert_eq(k->last->duplicates, 1);
}

BOTH(cursors_move_forward_and_back_only_on_reset)
{
    const struct gw_journal_ops *ops = k->journal->ops;
    struct gw_cursor c;
    static const struct {
        const char *row;
        uint64_t seq;
        bool reset;
        const char *filter;
        uint64_t want;
        const char *want_filter;
    } rows[] = {
        {"new", 5, false, "f1", 5, "f1"},       {"forward", 9, false, "", 9, "f1"},
        {"never back", 7, false, "", 9, "f1"},  {"reset", 2, true, "f2", 2, "f2"},
        {"after reset", 3, false, "", 3, "f2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert_eq(ops->cursor_store(k->journal, "port", "s", rows[i].seq, 100,
                                       gw_slice_str(rows[i].filter), rows[i].reset),
                     GW_OK);
        if (i % 2)
            usleep(20000); /* both from the table and while it still waits */
        cr_assert_eq(ops->cursor_load(k->reader, "port", "s", &c), GW_OK, "%s",
                     rows[i].row);
        cr_assert_eq(c.seq, rows[i].want, "%s %s: %llu", kind(k), rows[i].row,
                     (unsigned long long)c.seq);
        cr_assert(gw_slice_is(c.filter, rows[i].want_filter), "%s %s", kind(k),
                  rows[i].row);
    }
    cr_assert_eq(ops->cursor_drop(k->journal, "port", "s"), GW_OK);
    cr_assert_eq(ops->cursor_load(k->reader, "port", "s", &c), GW_NOT_FOUND);
    usleep(20000);
    cr_assert_eq(ops->cursor_load(k->reader, "port", "s", &c), GW_NOT_FOUND, "%s",
                 kind(k));
    cr_assert_eq(
        ops->cursor_store(k->journal, "port", "s", 1, 100, gw_slice_str(""), false),
        GW_OK);
    cr_assert_eq(ops->cursor_load(k->reader, "port", "s", &c), GW_OK);
    cr_assert_eq(c.seq, 1);
    cr_assert_eq(c.filter.len, 0, "%s: the old filter is forgotten", kind(k));
}

BOTH(quarantine_keeps_bytes_and_reason)
{
    struct gw_batch *b = kit_batch(k, "port", "a1", 1);
    struct gw_quarantined q;
    struct gw_journal_status st;
    kit_add(k, b, "one", "load");
    kit_refuse(b, "some bytes");
    (void)kit_append(k, b);
    cr_assert_eq(k->last->refused_count, 1);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 1, &q), GW_OK);
    cr_assert_eq(q.id, 1);
    cr_assert_str_eq(q.operator, "port");
    cr_assert_str_eq(q.adapter, "a1");
    cr_assert_eq(q.batch, 1);
    cr_assert_eq(q.index, 1);
    cr_assert_eq(q.time_ms, k->now_ms);
    cr_assert_eq(q.code, GW_MISSING);
    cr_assert_eq(q.offset, 3);
    cr_assert_str_eq(q.field, "type");
    cr_assert_str_eq(q.rule, "required");
    cr_assert(gw_slice_is(q.bytes, "some bytes"));
    k->journal->ops->status(k->journal, &st);
    cr_assert_eq(st.quarantined, 1);
    cr_assert_eq(st.quarantined_bytes, 10);
    cr_assert_eq(st.refused, 1);
    cr_assert_eq(k->journal->ops->quarantine_drop(k->journal, 1), GW_OK);
    usleep(30000);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 1, &q), GW_NOT_FOUND, "%s",
                 kind(k));
    k->journal->ops->status(k->journal, &st);
    cr_assert_eq(st.quarantined, 0);
    cr_assert_eq(st.quarantined_bytes, 0);
}

BOTH(quarantine_beyond_the_quota_keeps_the_reason_only)
{
    struct gw_batch *b = kit_batch(k, "port", "a1", 1);
    char large[3000];
    struct gw_quarantined q;
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = 0;
    kit_refuse(b, large);
    kit_refuse(b, large);
    kit_refuse(b, "small");
    (void)kit_append(k, b);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 2, &q), GW_OK);
    cr_assert_eq(q.id, 2);
    cr_assert_eq(q.bytes.len, 0, "4096 are allowed");
    cr_assert_eq(q.code, GW_MISSING);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 3, &q), GW_OK);
    cr_assert_eq(q.bytes.len, 5);
    b = kit_batch(k, "rail", "a1", 1); /* another one's quota is its own */
    kit_refuse(b, large);
    (void)kit_append(k, b);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 4, &q), GW_OK);
    cr_assert_eq(q.bytes.len, sizeof large - 1, "%s", kind(k));
}

BOTH(a_requeued_event_leaves_quarantine_with_its_commit)
{
    struct gw_batch *b = kit_batch(k, "port", "a1", 1);
    struct gw_quarantined q;
    kit_refuse(b, "bad");
    kit_refuse(b, "worse");
    (void)kit_append(k, b);
    b = kit_batch(k, "port", "a1", 0);
    b->requeued = 1;
    kit_add(k, b, "repaired", "load");
    cr_assert_eq(kit_append(k, b)->accepted, 1);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 0, &q), GW_OK);
    cr_assert_eq(q.id, 2);
    b = kit_batch(k, "port", "a1", 0); /* not good enough: it stays what it was */
    b->requeued = 2;
    kit_add(k, b, "repaired", "gate-in");
    cr_assert_eq(kit_append(k, b)->refused_count, 1);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 0, &q), GW_OK);
    cr_assert_eq(q.id, 2, "%s", kind(k));
    cr_assert_eq(q.code, GW_MISSING);
    cr_assert_eq(k->journal->ops->quarantine_next(k->reader, 3, &q), GW_NOT_FOUND);
}

BOTH(a_time_leads_to_the_first_event_received_then)
{
    uint64_t seq;
    int64_t start = k->now_ms;
    for (unsigned i = 1; i <= 50; i++) {
        k->now_ms =
            start + i * 1000 - (i == 20) * 5000; /* a clock that steps back once */
        (void)kit_append(k, kit_many(k, "port", i, "x", 3));
    }
    for (unsigned i = 1; i <= 50; i++) {
        uint64_t want = (i - 1) * 3 + 1 + (i == 20) * 3;
        cr_assert_eq(k->journal->ops->seek_time(k->reader, start + i * 1000, &seq),
                     GW_OK);
        cr_assert_eq(seq, want, "%s: second %u is seq %llu", kind(k), i,
                     (unsigned long long)seq);
    }
    cr_assert_eq(k->journal->ops->seek_time(k->reader, 0, &seq), GW_OK);
    cr_assert_eq(seq, 1);
    cr_assert_eq(k->journal->ops->seek_time(k->reader, start + 51000, &seq), GW_OK);
    cr_assert_eq(seq, 151);
}
