/* A disk that fails: the calls LMDB makes are taken over here and fail when told to. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include "kit.h"

/* Fail the call that comes after `countdown` others, and `times` in all. */
static atomic_int countdown, times, failure;
static atomic_uint calls;

static bool is_data(int fd)
{
    char path[64], name[256];
    ssize_t n;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    n = readlink(path, name, sizeof name - 1);
    if (n < 8)
        return false;
    name[n] = 0;
    return strcmp(name + n - 8, "data.mdb") == 0;
}

static bool fails(int fd)
{
    if (!is_data(fd))
        return false;
    atomic_fetch_add(&calls, 1);
    if (atomic_load(&times) <= 0 || atomic_fetch_sub(&countdown, 1) > 0)
        return false;
    atomic_fetch_sub(&times, 1);
    errno = atomic_load(&failure);
    return true;
}

static void arm(int after, int how_often, int error)
{
    atomic_store(&failure, error);
    atomic_store(&countdown, after);
    atomic_store(&times, how_often);
}

/* The names LMDB was linked against; found here first by the dynamic linker. */
int fdatasync(int fd);
ssize_t pwrite64(int fd, const void *at, size_t len, off_t offset);

int fdatasync(int fd)
{
    return fails(fd) ? -1 : (int)syscall(SYS_fdatasync, fd);
}
ssize_t writev(int fd, const struct iovec *v, int n)
{
    return fails(fd) ? -1 : syscall(SYS_writev, fd, v, n);
}
ssize_t pwrite(int fd, const void *at, size_t len, off_t offset)
{
    return fails(fd) ? -1 : syscall(SYS_pwrite64, fd, at, len, offset);
}
ssize_t pwrite64(int fd, const void *at, size_t len, off_t offset)
{
    return fails(fd) ? -1 : syscall(SYS_pwrite64, fd, at, len, offset);
}

static struct gw_journal_status status_of(struct kit *k)
{
    struct gw_journal_status st;
    k->journal->ops->status(k->journal, &st);
    return st;
}

static void fresh(struct kit *k)
{
    kit_init(k, false);
    k->settings.durable = true;
    k->settings.cursor_ms = 1000;
    cr_assert_eq(kit_open(k), GW_OK, "%s", k->why.s);
    (void)kit_append(k, kit_many(k, "port", 1, "x", 5));
    cr_assert_eq(k->last->result, GW_OK);
}

/* How many calls one commit makes. */
static unsigned calls_of_a_commit(void)
{
    struct kit k;
    unsigned before;
    fresh(&k);
    before = atomic_load(&calls);
    (void)kit_append(&k, kit_many(&k, "port", 2, "x", 100));
    before = atomic_load(&calls) - before;
    kit_end(&k);
    return before;
}

Test(disk, the_calls_are_really_taken_over)
{
    cr_assert_geq(calls_of_a_commit(), 3, "data, sync, meta page");
}

Test(disk, a_full_disk_keeps_nothing_of_the_batch_and_is_tried_again)
{
    unsigned most = calls_of_a_commit() - 1; /* the last is the meta page: see below */
    for (unsigned i = 0; i < most; i++) {
        struct kit k;
        struct gw_batch *b;
        struct gw_stored out[64];
        uint32_t n;
        uint8_t chain[32];
        fresh(&k);
        memcpy(chain, status_of(&k).chain, sizeof chain);
        b = kit_many(&k, "port", 2, "x", 100);
        kit_refuse(b, "bad");
        arm((int)i, 1, ENOSPC);
        (void)kit_append(&k, b);
        cr_assert_eq(k.last->result, GW_DISK_FULL, "call %u: %d", i, k.last->result);
        cr_assert_eq(k.last->accepted, 0);
        cr_assert_eq(status_of(&k).room, GW_ROOM_FULL);
        cr_assert_eq(status_of(&k).last_seq, 5);
        cr_assert_eq(status_of(&k).quarantined, 0);
        cr_assert_eq(memcmp(status_of(&k).chain, chain, sizeof chain), 0);
        (void)kit_append(&k, kit_many(&k, "port", 2, "x", 100));
        cr_assert_eq(k.last->result, GW_OK, "call %u", i);
        cr_assert_eq(k.last->accepted, 100,
                     "none of them is known from the first attempt");
        cr_assert_eq(k.last->first_seq, 6);
        cr_assert_eq(status_of(&k).room, GW_ROOM_OK);
        cr_assert_eq(k.journal->ops->read(k.reader, 1, out, 64, 1u << 20, &n), GW_OK);
        cr_assert_eq(n, 64);
        kit_end(&k);
    }
}

Test(disk, a_disk_that_fails_ends_acknowledging_for_good)
{
    unsigned most = calls_of_a_commit();
    for (unsigned i = 0; i < most; i++) {
        struct kit k;
        struct gw_batch *b;
        uint32_t n;
        struct gw_stored out[8];
        fresh(&k);
        arm((int)i, 1, EIO);
        (void)kit_append(&k, kit_many(&k, "port", 2, "x", 100));
        cr_assert_eq(k.last->result, GW_STORAGE, "call %u: %d", i, k.last->result);
        cr_assert_eq(status_of(&k).room, GW_ROOM_FAILED);
        b = kit_many(&k, "port", 2, "x", 100);
        cr_assert_eq(k.journal->ops->append(k.journal, &b), GW_STORAGE,
                     "the disk works again");
        cr_assert_not_null(b, "the batch stays the caller's");
        gw_batch_unref(b);
        cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", 1, 1,
                                                  gw_slice(NULL, 0), false),
                     GW_STORAGE);
        /* The last call writes the meta page: when that fails LMDB gives out no more
         * views, so that nobody reads by a page of which nobody knows what it says. */
        cr_assert_eq(k.journal->ops->read(k.reader, 1, out, 8, 1000, &n),
                     i + 1 < most ? GW_OK : GW_IO, "call %u", i);
        cr_assert_eq(n, i + 1 < most ? 5 : 0, "what was acknowledged can be read");
        kit_close(&k);
        cr_assert_eq(kit_open(&k), GW_OK, "%s", k.why.s);
        cr_assert_geq(status_of(&k).last_seq, 5);
        cr_assert_eq(k.journal->ops->read(k.reader, 1, out, 8, 1000, &n), GW_OK);
        cr_assert_geq(n, 5, "it is there after a restart");
        kit_end(&k);
    }
}

Test(disk, batches_that_wait_behind_a_failure_are_told_too)
{
    struct kit k;
    uint32_t sent = 0;
    fresh(&k);
    arm(0, 1, EIO);
    for (uint64_t i = 2; i < 40; i++) {
        struct gw_batch *b = kit_many(&k, "port", i, "x", 10);
        if (k.journal->ops->append(k.journal, &b))
            gw_batch_unref(b);
        else
            sent++;
    }
    kit_close(&k);
    cr_assert_eq(k.completions, 1 + sent, "every one that was taken is completed");
    cr_assert_eq(k.last->result, GW_STORAGE);
    kit_end(&k);
}

Test(disk, cursors_wait_for_a_commit_that_succeeds)
{
    struct kit k;
    struct gw_cursor c;
    fresh(&k);
    cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", 4, 1,
                                              gw_slice_str("f"), false),
                 GW_OK);
    arm(0, 2, ENOSPC); /* the batch, and the attempt with the cursor alone */
    (void)kit_append(&k, kit_many(&k, "port", 2, "x", 100));
    cr_assert_eq(k.last->result, GW_DISK_FULL);
    cr_assert_eq(k.journal->ops->cursor_store(k.journal, "rail", "s", 3, 1,
                                              gw_slice(NULL, 0), false),
                 GW_OK);
    cr_assert_eq(k.journal->ops->cursor_load(k.reader, "rail", "s", &c), GW_OK);
    cr_assert_eq(c.seq, 4);
    cr_assert(gw_slice_is(c.filter, "f"));
    kit_close(&k);
    cr_assert_eq(kit_open(&k), GW_OK);
    cr_assert_eq(k.journal->ops->cursor_load(k.reader, "rail", "s", &c), GW_OK);
    cr_assert_eq(c.seq, 4);
    cr_assert(gw_slice_is(c.filter, "f"));
    kit_end(&k);
}
