/* What only the store on disk can show: what is there after it was closed, killed,
 * damaged. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "kit.h"

static struct gw_journal_status status_of(struct kit *k)
{
    struct gw_journal_status st;
    k->journal->ops->status(k->journal, &st);
    return st;
}

static void open_kit(struct kit *k)
{
    cr_assert_eq(kit_open(k), GW_OK, "%s", k->why.s);
}

static void fresh(struct kit *k)
{
    kit_init(k, false);
    open_kit(k);
}

static void reopen(struct kit *k)
{
    kit_close(k);
    open_kit(k);
}

Test(lmdb, all_is_there_after_it_was_closed)
{
    struct kit k;
    struct gw_journal_status before, after;
    struct gw_quarantined q;
    struct gw_outcome o;
    struct gw_cursor c;
    struct gw_batch *b;
    struct gw_stored out[16];
    uint64_t last, seed;
    uint32_t n;

    fresh(&k);
    seed = k.journal->seed;
    b = kit_many(&k, "port", 1, "x", 4);
    kit_refuse(b, "bad");
    (void)kit_append(&k, b);
    cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", 3, 5,
                                              gw_slice_str("f"), false),
                 GW_OK);
    before = status_of(&k);
    reopen(&k);
    after = status_of(&k);
    cr_assert_eq(k.journal->seed, seed);
    cr_assert_eq(after.last_seq, 4);
    cr_assert_eq(after.first_seq, 1);
    cr_assert_eq(after.quarantined, 1);
    cr_assert_eq(after.quarantined_bytes, 3);
    cr_assert_eq(memcmp(before.chain, after.chain, 32), 0);
    cr_assert_eq(k.journal->ops->read(k.reader, 1, out, 16, 1u << 20, &n), GW_OK);
    cr_assert_eq(n, 4);
    cr_assert_eq(k.journal->ops->last_batch(k.reader, "port", "a1", &last), GW_OK);
    cr_assert_eq(last, 1);
    cr_assert_eq(k.journal->ops->outcome(k.reader, "port", "a1", 1, &o), GW_OK);
    cr_assert_eq(o.accepted, 4);
    cr_assert_eq(k.journal->ops->cursor_load(k.reader, "rail", "s", &c), GW_OK);
    cr_assert_eq(c.seq, 3, "what waited was written by close");
    cr_assert_eq(k.journal->ops->quarantine_next(k.reader, 0, &q), GW_OK);
    b = kit_batch(&k, "port", "a2", 1);
    kit_add(&k, b, "x-1-3", "load");
    kit_add(&k, b, "new", "load");
    (void)kit_append(&k, b);
    cr_assert_eq(k.last->duplicates, 1, "the window is rebuilt");
    cr_assert_eq(k.last->records[0].seq, 4);
    cr_assert_eq(k.last->first_seq, 5);
    kit_end(&k);
}

Test(lmdb, completions_come_in_order_and_close_brings_them_all)
{
    struct kit k;
    fresh(&k);
    for (unsigned i = 1; i <= 300; i++) {
        struct gw_batch *b = kit_many(&k, "port", i, "x", 2);
        enum gw_error e;
        while ((e = k.journal->ops->append(k.journal, &b)) == GW_AGAIN)
            usleep(100);
        cr_assert_eq(e, GW_OK);
        cr_assert_null(b);
    }
    kit_close(&k);
    cr_assert_eq(k.completions, 300);
    cr_assert_eq(k.last->last_seq, 600, "the last one appended was completed last");
    kit_end(&k);
}

Test(lmdb, a_second_gateway_is_turned_away)
{
    struct kit k;
    struct gw_journal *second;
    struct gw_text why;
    fresh(&k);
    cr_assert_eq(gw_lmdb_open(&second, &k.settings, &k.clock, &why), GW_EXISTS);
    cr_assert_null(second);
    cr_assert(strstr(why.s, "in use"), "%s", why.s);
    kit_end(&k);
}

Test(lmdb, a_folder_that_cannot_be_is_named)
{
    struct kit k;
    kit_init(&k, false);
    k.settings.dir = "/proc/no/journal";
    cr_assert_neq(kit_open(&k), GW_OK);
    cr_assert(strstr(k.why.s, "/proc/no"), "%s", k.why.s);
    kit_end(&k);
}

/* Beside a running gateway, as the command line reads: another process. */
static int read_beside(const char *dir)
{
    struct gw_journal *j;
    struct gw_reader *r;
    struct gw_text why;
    struct gw_stored out[8];
    struct gw_journal_status st;
    uint32_t n = 0;
    struct gw_batch *b = NULL;
    if (gw_lmdb_open_readonly(&j, dir, &why))
        return 1;
    if (j->ops->reader_open(j, &r) || j->ops->read(r, 1, out, 8, 1000, &n) || n != 3)
        return 2;
    j->ops->status(j, &st);
    if (st.last_seq != 3 || j->ops->append(j, &b) != GW_USAGE)
        return 3;
    if (j->ops->cursor_store(j, "a", "b", 1, 1, gw_slice(NULL, 0), false) != GW_USAGE)
        return 4;
    j->ops->reader_close(r);
    j->ops->close(j);
    return 0;
}

Test(lmdb, can_be_read_beside_the_gateway)
{
    struct kit k;
    int ended = -1;
    pid_t child;
    fresh(&k);
    (void)kit_append(&k, kit_many(&k, "port", 1, "x", 3));
    child = fork();
    if (child == 0)
        _exit(read_beside(k.dir));
    cr_assert_eq(waitpid(child, &ended, 0), child);
    cr_assert_eq(ended, 0, "exit %d", WEXITSTATUS(ended));
    (void)kit_append(&k, kit_many(&k, "port", 2, "x", 3));
    cr_assert_eq(k.last->last_seq, 6);
    kit_end(&k);
}

Test(lmdb, a_folder_without_journal_is_not_made_by_reading)
{
    struct kit k;
    struct gw_journal *j;
    kit_init(&k, false);
    cr_assert_neq(gw_lmdb_open_readonly(&j, k.dir, &k.why), GW_OK);
    cr_assert_null(j);
    cr_assert_neq(gw_lmdb_open_readonly(&j, "/nowhere", &k.why), GW_OK);
    kit_end(&k);
}

/* ---- damage
 * ---------------------------------------------------------------------------------- */

/* Change one byte of the file, `skip` bytes behind the first place where `text` stands.
 */
static void flip(const struct kit *k, const char *text, size_t skip)
{
    char path[128];
    off_t size;
    uint8_t *map, *found;
    int fd;
    (void)snprintf(path, sizeof path, "%s/data.mdb", k->dir);
    fd = open(path, O_RDWR);
    size = lseek(fd, 0, SEEK_END);
    map = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    cr_assert_neq(map, MAP_FAILED);
    found = memmem(map, (size_t)size, text, strlen(text));
    cr_assert_not_null(found, "%s", text);
    found[skip] ^= 0x10;
    (void)munmap(map, (size_t)size);
    (void)close(fd);
}

/* Three batches of 50; each fills pages of its own. */
static void three_batches(struct kit *k)
{
    fresh(k);
    for (unsigned i = 1; i <= 3; i++)
        (void)kit_append(k, kit_many(k, "port", i, "a-prefix-that-makes-it-long", 50));
    kit_close(k);
}

Test(lmdb, a_flipped_bit_in_an_event_is_fenced_off)
{
    struct kit k;
    struct gw_stored out[256];
    uint32_t n;
    three_batches(&k);
    flip(&k, "long-2-7", 0);
    open_kit(&k);
    cr_assert_eq(k.journal->ops->read(k.reader, 1, out, 256, 1u << 20, &n), GW_CORRUPT);
    cr_assert_eq(n, 57, "the ones before it are good: %u", n);
    cr_assert_eq(k.journal->ops->read(k.reader, 58, out, 256, 1u << 20, &n), GW_CORRUPT);
    cr_assert_eq(n, 0);
    cr_assert_eq(k.journal->ops->read(k.reader, 59, out, 256, 1u << 20, &n), GW_OK);
    cr_assert_eq(n, 92);
    (void)kit_append(&k, kit_many(&k, "port", 4, "x", 1));
    cr_assert_eq(k.last->first_seq, 151, "the journal goes on");
    kit_end(&k);
}

Test(lmdb, a_flipped_bit_in_a_head_fences_off_its_entry)
{
    struct kit k;
    struct gw_stored out[256];
    uint32_t n;
    struct gw_batch *b;
    three_batches(&k);
    flip(&k, "porta1", 8 + 25 * 32); /* behind the first entry's names: one of its rows */
    open_kit(&k);
    cr_assert_eq(k.journal->ops->read(k.reader, 1, out, 256, 1u << 20, &n), GW_CORRUPT);
    cr_assert_eq(n, 0);
    b = kit_batch(&k, "port", "a2", 1);
    kit_add(&k, b, "a-prefix-that-makes-it-long-3-1", "load");
    (void)kit_append(&k, b);
    cr_assert_eq(k.last->duplicates, 1, "ids of the sound entries are known");
    kit_end(&k);
}

Test(lmdb, a_file_cut_short_is_refused_with_words)
{
    struct kit k;
    char path[128];
    fresh(&k);
    (void)kit_append(&k,
                     kit_many(&k, "port", 1, "a-prefix-that-makes-it-very-long", 8000));
    kit_close(&k);
    (void)snprintf(path, sizeof path, "%s/data.mdb", k.dir);
    cr_assert_eq(truncate(path, 16384), 0);
    cr_assert_eq(kit_open(&k), GW_CORRUPT);
    cr_assert(strstr(k.why.s, "cut short"), "%s", k.why.s);
    kit_end(&k);
}

Test(lmdb, a_foreign_file_is_refused_with_words)
{
    struct kit k;
    char path[128];
    FILE *f;
    kit_init(&k, false);
    (void)snprintf(path, sizeof path, "%s/data.mdb", k.dir);
    f = fopen(path, "w");
    cr_assert_not_null(f);
    for (int i = 0; i < 3000; i++)
        (void)fputs("not a journal", f);
    (void)fclose(f);
    cr_assert_eq(kit_open(&k), GW_CORRUPT);
    cr_assert_gt(strlen(k.why.s), 5);
    kit_end(&k);
}

/* ---- room
 * ------------------------------------------------------------------------------------ */

Test(lmdb, a_full_journal_refuses_and_goes_on_when_there_is_room)
{
    struct kit k;
    struct gw_journal_status st;
    struct gw_cursor c;
    uint64_t number = 0, kept;
    uint32_t n;
    struct gw_stored out[4];

    kit_init(&k, false);
    k.settings.max_bytes = 4u << 20;
    k.settings.retain_past_cursors = false;
    open_kit(&k);
    cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", 0, 1,
                                              gw_slice(NULL, 0), true),
                 GW_OK);
    do {
        number++;
        cr_assert_lt(number, 1000, "the journal never fills");
    } while (
        kit_append(&k, kit_many(&k, "port", number, "some-longer-prefix", 256))->result ==
        GW_OK);
    cr_assert_eq(k.last->result, GW_DISK_FULL);
    cr_assert_eq(k.last->accepted, 0);
    st = status_of(&k);
    cr_assert_eq(st.room, GW_ROOM_FULL);
    kept = st.last_seq;
    cr_assert_eq(kept, (number - 1) * 256);
    cr_assert_eq(
        kit_append(&k, kit_many(&k, "port", number, "some-longer-prefix", 256))->result,
        GW_DISK_FULL, "and again");
    /* cursors still find room, and free the oldest */
    cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", kept, 1,
                                              gw_slice(NULL, 0), false),
                 GW_OK);
    for (int i = 0; i < 500 && status_of(&k).room == GW_ROOM_FULL; i++)
        usleep(10000);
    cr_assert_neq(status_of(&k).room, GW_ROOM_FULL);
    cr_assert_eq(k.journal->ops->cursor_load(k.reader, "rail", "s", &c), GW_OK);
    cr_assert_eq(c.seq, kept);
    cr_assert_eq(
        kit_append(&k, kit_many(&k, "port", number, "some-longer-prefix", 256))->result,
        GW_OK);
    cr_assert_eq(k.last->first_seq, kept + 1, "dense");
    st = status_of(&k);
    cr_assert_gt(st.first_seq, 1);
    cr_assert_eq(k.journal->ops->read(k.reader, 1, out, 4, 1000, &n), GW_NOT_FOUND);
    cr_assert_eq(k.journal->ops->read(k.reader, st.first_seq, out, 4, 1000, &n), GW_OK);
    cr_assert_gt(n, 0);
    reopen(&k);
    cr_assert_geq(status_of(&k).first_seq, st.first_seq);
    kit_end(&k);
}

Test(lmdb, without_receivers_the_oldest_make_room_for_ever)
{
    struct kit k;
    kit_init(&k, false);
    k.settings.max_bytes = 4u << 20;
    open_kit(&k);
    for (unsigned i = 1; i <= 400; i++) {
        cr_assert_eq(
            kit_append(&k, kit_many(&k, "port", i, "some-longer-prefix", 200))->result,
            GW_OK, "batch %u", i);
        cr_assert_lt(status_of(&k).room, GW_ROOM_FULL);
    }
    cr_assert_gt(status_of(&k).first_seq, 1);
    kit_end(&k);
}

Test(lmdb, retention_by_age_waits_for_the_receivers)
{
    struct kit k;
    struct gw_journal_status st;
    kit_init(&k, false);
    k.settings.retain_ms = 10000;
    open_kit(&k);
    (void)kit_append(&k, kit_many(&k, "port", 1, "x", 10));
    cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", 5, 1,
                                              gw_slice(NULL, 0), true),
                 GW_OK);
    k.now_ms += 20000;
    (void)kit_append(&k, kit_many(&k, "port", 2, "x", 10));
    cr_assert_eq(status_of(&k).first_seq, 1, "event 6 is not read yet");
    cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", 10, 1,
                                              gw_slice(NULL, 0), false),
                 GW_OK);
    (void)kit_append(&k, kit_many(&k, "port", 3, "x", 10));
    st = status_of(&k);
    cr_assert_eq(st.first_seq, 11, "%llu", (unsigned long long)st.first_seq);
    cr_assert_eq(st.last_seq, 30);
    kit_end(&k);
}

Test(lmdb, retention_past_cursors_only_when_told)
{
    struct kit k;
    kit_init(&k, false);
    k.settings.retain_ms = 10000;
    k.settings.retain_past_cursors = true;
    open_kit(&k);
    cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", 0, 1,
                                              gw_slice(NULL, 0), true),
                 GW_OK);
    (void)kit_append(&k, kit_many(&k, "port", 1, "x", 10));
    k.now_ms += 20000;
    (void)kit_append(&k, kit_many(&k, "port", 2, "x", 10));
    cr_assert_eq(status_of(&k).first_seq, 11);
    kit_end(&k);
}

Test(lmdb, an_empty_journal_after_retention_keeps_its_place)
{
    struct kit k;
    struct gw_stored out[4];
    uint64_t seq;
    uint32_t n;
    kit_init(&k, false);
    k.settings.retain_ms = 1;
    open_kit(&k);
    (void)kit_append(&k, kit_many(&k, "port", 1, "x", 10));
    k.now_ms += 1000;
    for (int i = 0; i < 300 && status_of(&k).first_seq; i++)
        usleep(10000);
    cr_assert_eq(status_of(&k).first_seq, 0);
    cr_assert_eq(status_of(&k).last_seq, 10);
    reopen(&k);
    cr_assert_eq(k.journal->ops->read(k.reader, 5, out, 4, 100, &n), GW_NOT_FOUND);
    cr_assert_eq(k.journal->ops->read(k.reader, 11, out, 4, 100, &n), GW_OK);
    cr_assert_eq(n, 0);
    cr_assert_eq(k.journal->ops->seek_time(k.reader, 0, &seq), GW_OK);
    cr_assert_eq(seq, 11);
    (void)kit_append(&k, kit_many(&k, "port", 2, "x", 1));
    cr_assert_eq(k.last->first_seq, 11);
    kit_end(&k);
}

/* ---- SIGKILL
 * --------------------------------------------------------------------------------- */

struct shared { /* between the one that is killed and the one that looks */
    _Atomic uint64_t completed_seq, completed_batch;
};
static struct shared *shared;

static void note_done(struct gw_batch *b, void *ctx)
{
    (void)ctx;
    if (!b->result) {
        atomic_store(&shared->completed_seq, b->last_seq);
        atomic_store(&shared->completed_batch, b->number);
    }
    gw_batch_unref(b);
}

static _Noreturn void append_until_killed(struct kit *k)
{
    uint64_t number = 0;
    if (kit_open(k) || k->journal->ops->last_batch(k->reader, "port", "a1", &number))
        _exit(3);
    for (;;) {
        struct gw_batch *b = kit_many(k, "port", number + 1, "x", 1 + number % 97);
        number++;
        b->done = note_done;
        while (k->journal->ops->append(k->journal, &b) == GW_AGAIN)
            usleep(50);
        if (k->journal->ops->cursor_store(k->journal, "rail", "s", number, 1,
                                          gw_slice(NULL, 0), false))
            _exit(4);
    }
}

static void count_all(struct kit *k, uint64_t last)
{
    struct gw_stored out[256];
    uint64_t seq = 1;
    uint32_t n = 1;
    while (n) {
        cr_assert_eq(k->journal->ops->read(k->reader, seq, out, 256, 1u << 20, &n),
                     GW_OK);
        for (uint32_t i = 0; i < n; i++)
            cr_assert_eq(out[i].seq, seq++);
    }
    cr_assert_eq(seq, last + 1, "dense to the end");
}

Test(lmdb, nothing_completed_is_lost_when_it_is_killed, .timeout = 60)
{
    struct kit k;
    kit_init(&k, false);
    k.settings.durable = true;
    k.settings.max_bytes = 1u << 30;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(shared, MAP_FAILED);
    for (unsigned round = 0; round < 24; round++) {
        struct gw_journal_status st;
        uint64_t last = 0;
        pid_t child = fork();
        if (child == 0)
            append_until_killed(&k);
        usleep(3000 + round * 1777 % 40000);
        (void)kill(child, SIGKILL);
        cr_assert_eq(waitpid(child, NULL, 0), child);
        open_kit(&k);
        st = status_of(&k);
        cr_assert_geq(st.last_seq, atomic_load(&shared->completed_seq), "round %u",
                      round);
        cr_assert_eq(k.journal->ops->last_batch(k.reader, "port", "a1", &last), GW_OK);
        cr_assert_geq(last, atomic_load(&shared->completed_batch), "round %u", round);
        count_all(&k, st.last_seq);
        kit_close(&k);
    }
    cr_assert_gt(atomic_load(&shared->completed_batch), 24);
    kit_end(&k);
}

Test(lmdb, a_file_that_is_gone_or_empty_is_not_a_new_journal)
{
    struct kit k;
    char path[128];
    fresh(&k);
    (void)kit_append(&k, kit_many(&k, "port", 1, "a", 5));
    kit_close(&k);
    (void)snprintf(path, sizeof path, "%s/data.mdb", k.dir);
    cr_assert_eq(truncate(path, 0), 0);
    cr_assert_eq(kit_open(&k), GW_CORRUPT);
    cr_assert(strstr(k.why.s, "missing or empty"), "%s", k.why.s);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(kit_open(&k), GW_CORRUPT);
    (void)snprintf(path, sizeof path, "%s/writer.lock", k.dir);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(kit_open(&k), GW_OK, "as the words say: %s", k.why.s);
    kit_end(&k);
}
