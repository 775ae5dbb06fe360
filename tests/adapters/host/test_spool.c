/* test_spool.c - nothing acknowledged by the spool is lost, nothing comes twice or half.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include "adapters/spool.h"
#include "adapters/host/scratch.h"

static struct gw_spool *spool;
static struct gw_spool_settings set;
static struct gw_text why;

static void begin(void)
{
    scratch_make();
    set = (struct gw_spool_settings){.dir = scratch_path("spool"),
                                     .max_bytes = 1 << 20,
                                     .max_days = 7,
                                     .batch_events = 4,
                                     .batch_bytes = 1024};
    static char dir[256];
    (void)snprintf(dir, sizeof dir, "%s/spool", scratch);
    set.dir = dir;
}

static void shut(void)
{
    gw_spool_close(spool);
    spool = NULL;
}

static void end(void)
{
    shut();
    scratch_remove();
}

TestSuite(spool, .init = begin, .fini = end);

static void reopen(void)
{
    gw_spool_close(spool);
    cr_assert_eq(gw_spool_open(&spool, &set, &why), GW_OK, "%s", why.s);
}

/* A group of `count` events "<file>.<i>"; the digest is the file's number. */
static enum gw_error add(struct gw_spool *s, unsigned file, unsigned count,
                         int64_t now_ms)
{
    struct gw_spool_source from = {.name = GW_LIT("a.edi")};
    struct gw_events ev;
    char id[64];
    memcpy(from.digest, &file, sizeof file);
    gw_events_init(&ev, 1 << 20, 10000);
    for (unsigned i = 0; i < count; i++) {
        (void)snprintf(id, sizeof id, "%06u.%03u", file, i);
        scratch_event(&ev, id);
    }
    enum gw_error e = gw_spool_add(s, &from, &ev, now_ms);
    gw_events_deinit(&ev);
    return e;
}

static void add_safe(unsigned file, unsigned count)
{
    cr_assert_eq(add(spool, file, count, 1000), GW_OK);
    cr_assert_eq(gw_spool_sync(spool), GW_OK);
}

/* The ids of the batch's events, "000001.000 000001.001"; "?" when it cannot be read. */
static const char *ids_of(uint64_t number)
{
    static char text[4096];
    struct gw_spool_batch b;
    size_t n = 0;
    if (gw_spool_read(spool, number, &b))
        return "?";
    for (const uint8_t *at = b.events.at; at < b.events.at + b.events.len;
         at += 6 + at[5])
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s", n ? " " : "", at[5],
                              (const char *)at + 6);
    return text;
}

Test(spool, hands_out_batches_in_order_and_under_consecutive_numbers)
{
    reopen();
    cr_expect_eq(gw_spool_newest(spool), gw_spool_oldest(spool) - 1, "empty at first");
    add_safe(1, 3);
    add_safe(2, 6);
    cr_expect_eq(gw_spool_oldest(spool), 1u);
    cr_expect_eq(gw_spool_newest(spool), 3u);
    cr_expect_str_eq(ids_of(1), "000001.000 000001.001 000001.002");
    cr_expect_str_eq(ids_of(2), "000002.000 000002.001 000002.002 000002.003");
    cr_expect_str_eq(ids_of(3), "000002.004 000002.005");
    cr_expect_str_eq(ids_of(4), "?");
    cr_expect_str_eq(ids_of(1), "000001.000 000001.001 000001.002", "again, backwards");
}

Test(spool, a_batch_carries_the_name_of_its_file)
{
    struct gw_spool_batch b;
    reopen();
    add_safe(1, 3);
    cr_assert_eq(gw_spool_read(spool, 1, &b), GW_OK);
    cr_expect(gw_slice_is(b.name, "a.edi"));
    cr_expect_eq(b.count, 3u);
    cr_expect_eq(b.time_ms, 1000);
}

Test(spool, what_is_not_synced_is_not_handed_out)
{
    reopen();
    cr_assert_eq(add(spool, 1, 1, 0), GW_OK);
    cr_expect_str_eq(ids_of(1), "?");
    cr_expect_eq(gw_spool_newest(spool), 0u);
    cr_assert_eq(gw_spool_sync(spool), GW_OK);
    cr_expect_str_eq(ids_of(1), "000001.000");
}

Test(spool, limits_batches_by_bytes_too)
{
    set.batch_events = 1000;
    set.batch_bytes = 40; /* two events of 16 bytes */
    reopen();
    add_safe(1, 5);
    cr_expect_eq(gw_spool_newest(spool), 3u);
    cr_expect_str_eq(ids_of(2), "000001.002 000001.003");
}

Test(spool, remembers_what_is_acknowledged_and_what_is_not)
{
    reopen();
    add_safe(1, 2);
    add_safe(2, 2);
    gw_spool_ack(spool, 1);
    gw_spool_ack(spool, 1);
    gw_spool_ack(spool, 99); /* never sent: not believed */
    reopen();
    cr_expect_eq(gw_spool_oldest(spool), 2u);
    cr_expect_eq(gw_spool_newest(spool), 2u);
    cr_expect_str_eq(ids_of(1), "?");
    cr_expect_str_eq(ids_of(2), "000002.000 000002.001");
    gw_spool_ack(spool, 2);
    reopen();
    add_safe(3, 1);
    cr_expect_str_eq(ids_of(3), "000003.000", "numbers go on");
}

/* The process ends without having saved: the same batches again, under the same numbers.
 */
Test(spool, a_lost_cursor_update_repeats_batches)
{
    reopen();
    add_safe(1, 2);
    add_safe(2, 2);
    cr_assert_eq(gw_spool_save(spool), GW_OK);
    pid_t child = fork();
    if (child == 0) {
        gw_spool_ack(spool, 1);
        _exit(0);
    }
    cr_assert_eq(waitpid(child, NULL, 0), child);
    shut();
    reopen();
    cr_expect_eq(gw_spool_oldest(spool), 1u);
    cr_expect_str_eq(ids_of(1), "000001.000 000001.001");
}

Test(spool, deletes_segments_once_they_are_acknowledged)
{
    struct gw_spool_info info;
    set.segment_bytes = 512;
    reopen();
    for (unsigned i = 1; i <= 40; i++)
        add_safe(i, 4);
    gw_spool_describe(spool, &info);
    cr_expect_gt(info.segments, 5u);
    cr_expect_eq(info.batches, 40u);
    cr_expect_eq(info.oldest_ms, 1000);
    uint64_t before = info.bytes;
    gw_spool_ack(spool, 30);
    gw_spool_describe(spool, &info);
    cr_expect_lt(info.bytes, before / 2);
    cr_expect_eq(scratch_count("spool", NULL), info.segments + 2u,
                 "segments, lock, recent");
    for (unsigned i = 31; i <= 40; i++)
        cr_expect_neq(ids_of(i)[0], '?', "batch %u", i);
    reopen();
    cr_expect_eq(gw_spool_oldest(spool), 31u);
    gw_spool_ack(spool, 40);
    reopen();
    cr_expect_eq(gw_spool_oldest(spool), 41u);
}

Test(spool, refuses_what_does_not_fit_until_there_is_room)
{
    struct gw_spool_info info;
    unsigned n = 1;
    set.max_bytes = 8192;
    set.segment_bytes = 1024;
    reopen();
    cr_expect_eq(add(spool, 0, 1000, 0), GW_RANGE, "never fits");
    while (add(spool, n, 4, 0) == GW_OK)
        n++;
    cr_assert_eq(gw_spool_sync(spool), GW_OK);
    cr_expect_gt(n, 20u);
    cr_expect_eq(add(spool, n, 4, 0), GW_AGAIN);
    gw_spool_describe(spool, &info);
    cr_expect_leq(info.bytes, set.max_bytes);
    gw_spool_ack(spool, 12);
    cr_expect_eq(add(spool, n, 4, 0), GW_OK, "room again");
    cr_expect_eq(gw_spool_sync(spool), GW_OK);
    cr_expect_eq(gw_spool_newest(spool), n);
    gw_spool_ack(spool, n);
    cr_expect_eq(add(spool, n + 1, 200, 0), GW_OK,
                 "an acknowledged last segment makes way");
    cr_expect_eq(gw_spool_sync(spool), GW_OK);
    reopen();
    cr_expect_eq(gw_spool_newest(spool), n + 50u);
}

Test(spool, is_full_by_bytes_and_by_age)
{
    const int64_t day = 86400000;
    reopen();
    cr_expect_not(gw_spool_full(spool, 100 * day), "an empty one never is");
    cr_assert_eq(add(spool, 1, 1, day), GW_OK);
    cr_assert_eq(gw_spool_sync(spool), GW_OK);
    cr_expect_not(gw_spool_full(spool, 8 * day));
    cr_expect(gw_spool_full(spool, 8 * day + 1));
    gw_spool_ack(spool, 1);
    cr_expect_not(gw_spool_full(spool, 100 * day));
    for (unsigned i = 2; add(spool, i, 100, day) == GW_OK; i++)
        ;
    cr_assert_eq(gw_spool_sync(spool), GW_OK);
    cr_expect(gw_spool_full(spool, day));
}

Test(spool, knows_the_files_it_has_taken_also_when_their_segments_are_gone)
{
    uint8_t digest[32] = {0};
    set.segment_bytes = 256;
    reopen();
    for (unsigned i = 1; i <= 20; i++)
        add_safe(i, 4);
    gw_spool_ack(spool, 20);
    reopen();
    for (unsigned i = 1; i <= 20; i++) {
        memcpy(digest, &i, sizeof i);
        cr_expect(gw_spool_knows(spool, digest), "file %u", i);
    }
    digest[0] = 21;
    cr_expect_not(gw_spool_knows(spool, digest));
}

Test(spool, only_one_process_at_a_time)
{
    struct gw_spool *second;
    reopen();
    cr_expect_eq(gw_spool_open(&second, &set, &why), GW_EXISTS);
    cr_expect_null(second);
    cr_expect(strstr(why.s, "in use"), "%s", why.s);
}

/* ---- after a crash ---- */

static off_t size_of(const char *name)
{
    struct stat st;
    return stat(scratch_path(name), &st) == 0 ? st.st_size : -1;
}

/* A segment of two groups, closed: its bytes in `whole`, and how long it is with the first one
 * (*kept) and with both. */
static char whole[4096];
static int two_groups(off_t *kept, off_t *full)
{
    const char *segment = "spool/0000000000000001.seg";
    reopen();
    add_safe(1, 3);
    *kept = size_of(segment);
    add_safe(2, 6);
    *full = size_of(segment);
    shut();
    int fd = open(scratch_path(segment), O_RDWR);
    cr_assert_eq(pread(fd, whole, sizeof whole, 0), *full);
    return fd;
}

/* Two batches of the last group; cut the file at each byte of them. */
Test(spool, a_torn_last_group_is_cut_at_every_byte)
{
    off_t kept, full;
    int fd = two_groups(&kept, &full);
    for (off_t cut = kept; cut < full; cut++) {
        cr_assert_eq(pwrite(fd, whole, (size_t)full, 0), full);
        cr_assert_eq(ftruncate(fd, cut), 0);
        reopen();
        cr_expect_eq(gw_spool_newest(spool), 1u, "cut at %ld", (long)cut);
        cr_expect_eq(gw_spool_cut_bytes(spool), (uint64_t)(cut - kept));
        cr_expect_str_eq(ids_of(1), "000001.000 000001.001 000001.002");
        shut();
    }
    close(fd);
    reopen();
    add_safe(3, 1);
    reopen();
    cr_expect_str_eq(ids_of(2), "000003.000", "it goes on behind the cut");
}

Test(spool, garbage_in_the_last_group_is_cut_whatever_byte_it_hits)
{
    off_t kept, full;
    int fd = two_groups(&kept, &full);
    for (off_t at = kept; at < full; at++) {
        char flipped = (char)(whole[at] ^ 0x10);
        cr_assert_eq(pwrite(fd, whole, (size_t)full, 0), full);
        cr_assert_eq(pwrite(fd, &flipped, 1, at), 1);
        reopen();
        cr_expect_eq(gw_spool_newest(spool), 1u, "flipped at %ld", (long)at);
        shut();
    }
    close(fd);
}

Test(spool, a_segment_without_its_head_is_made_again)
{
    set.segment_bytes = 256;
    reopen();
    for (unsigned i = 1; i <= 4; i++)
        add_safe(i, 4);
    shut();
    scratch_put("spool/0000000000000005.seg", "KVSP");
    reopen();
    cr_expect_eq(gw_spool_newest(spool), 4u);
    add_safe(5, 1);
    reopen();
    cr_expect_str_eq(ids_of(5), "000005.000");
}

Test(spool, damage_in_the_middle_is_reported_never_skipped)
{
    struct gw_spool_batch b;
    set.segment_bytes = 256;
    reopen();
    for (unsigned i = 1; i <= 12; i++)
        add_safe(i, 4);
    shut();
    int fd = open(scratch_path("spool/0000000000000001.seg"), O_RDWR);
    cr_assert_eq(pwrite(fd, "X", 1, size_of("spool/0000000000000001.seg") - 1), 1);
    reopen();
    cr_expect_eq(gw_spool_read(spool, 2, &b), GW_CORRUPT);
    shut();
    cr_assert_eq(ftruncate(fd, 100), 0);
    close(fd);
    cr_expect_eq(gw_spool_open(&spool, &set, &why), GW_CORRUPT);
    cr_expect(strstr(why.s, "0000000000000001.seg"), "%s", why.s);
}

Test(spool, a_damaged_cursor_stops_the_start_with_a_remedy)
{
    reopen();
    add_safe(1, 1);
    gw_spool_ack(spool, 1);
    shut();
    scratch_put("spool/cursor", "karvan-spool-cursor acked=7 shift=0 known=1 sum=00");
    cr_expect_eq(gw_spool_open(&spool, &set, &why), GW_CORRUPT);
    cr_expect(strstr(why.s, "delete it"), "%s", why.s);
}

/* The child adds and says so; it is killed at any moment.  What it has said must be
 * there. */
static void write_until_killed(unsigned from, int told)
{
    struct gw_spool *s;
    struct gw_text text;
    if (gw_spool_open(&s, &set, &text))
        _exit(1);
    for (unsigned i = from;; i++)
        if (add(s, i, 1 + i % 9, 0) || gw_spool_sync(s) ||
            write(told, &i, sizeof i) != sizeof i)
            _exit(1);
}

static unsigned kill_after(useconds_t us, unsigned from)
{
    unsigned last = from - 1, said;
    int pipe_of[2];
    cr_assert_eq(pipe(pipe_of), 0);
    pid_t child = fork();
    if (child == 0)
        write_until_killed(from, pipe_of[1]);
    close(pipe_of[1]);
    usleep(us);
    kill(child, SIGKILL);
    while (read(pipe_of[0], &said, sizeof said) == sizeof said)
        last = said;
    close(pipe_of[0]);
    cr_assert_eq(waitpid(child, NULL, 0), child);
    return last;
}

/* Every group whole, in order, none missing up to `said`; returns how many there are. */
static unsigned check_groups(unsigned said)
{
    unsigned file = 1, index = 0;
    for (uint64_t n = gw_spool_oldest(spool); n <= gw_spool_newest(spool); n++) {
        struct gw_spool_batch b;
        cr_assert_eq(gw_spool_read(spool, n, &b), GW_OK, "batch %lu", (unsigned long)n);
        for (const uint8_t *at = b.events.at; at < b.events.at + b.events.len;
             at += 6 + at[5]) {
            char want[32];
            (void)snprintf(want, sizeof want, "%06u.%03u", file, index);
            cr_assert(memcmp(at + 6, want, 10) == 0, "want %s, have %.10s", want, at + 6);
            if (++index == 1 + file % 9) {
                file++;
                index = 0;
            }
        }
    }
    cr_assert_eq(index, 0u, "group %u is not whole", file);
    cr_assert_geq(file - 1, said, "lost: %u was safe, %u are there", said, file - 1);
    return file - 1;
}

Test(spool, sigkill_while_adding_loses_nothing_that_was_safe, .timeout = 50)
{
    unsigned there = 0;
    set.max_bytes = 1 << 30;
    set.segment_bytes = 4096;
    srandom(1);
    for (unsigned round = 0; round < 30; round++) {
        unsigned said = kill_after((useconds_t)(random() % 15000), there + 1);
        reopen();
        there = check_groups(said);
        shut();
    }
    cr_assert_gt(there, 30u, "the child got somewhere");
}

/* ---- numbers ---- */

static const struct {
    const char *name;
    unsigned added, acked; /* before */
    bool agreed;           /* with a gateway that had 0 */
    uint64_t last;
    bool reused;
    enum gw_spool_numbers found;
    uint64_t oldest, newest, lost; /* after */
} agreements[] = {
    {"new spool, new gateway", 3, 0, false, 0, false, GW_SPOOL_NUMBERED, 1, 3, 0},
    {"new spool, gateway knows the name", 3, 0, false, 40, false, GW_SPOOL_NUMBERED, 41,
     43, 0},
    {"nothing to say", 3, 1, true, 1, false, GW_SPOOL_AGREED, 2, 3, 0},
    {"acknowledgement lost on the way", 3, 1, true, 2, false, GW_SPOOL_AGREED, 2, 3, 0},
    {"all stored, none acknowledged", 3, 0, true, 3, false, GW_SPOOL_AGREED, 1, 3, 0},
    {"gateway from an old backup", 5, 4, true, 2, false, GW_SPOOL_BEHIND, 3, 3, 2},
    {"gateway without its journal", 5, 4, true, 0, false, GW_SPOOL_BEHIND, 1, 1, 4},
    {"spool from an old backup", 3, 1, true, 9, false, GW_SPOOL_AHEAD, 10, 11, 0},
    {"numbers used by another", 3, 1, true, 2, true, GW_SPOOL_REUSED, 3, 4, 0},
};

Test(spool, agrees_on_numbers_with_the_gateway)
{
    for (size_t i = 0; i < sizeof agreements / sizeof *agreements; i++) {
        enum gw_spool_numbers found;
        uint64_t lost;
        char oldest[64];
        reopen();
        if (agreements[i].agreed)
            cr_assert_eq(gw_spool_agree(spool, 0, false, &found, &lost), GW_OK);
        for (unsigned n = 1; n <= agreements[i].added; n++)
            add_safe(n, 2);
        gw_spool_ack(spool, agreements[i].acked);
        (void)snprintf(oldest, sizeof oldest, "%.60s", ids_of(gw_spool_oldest(spool)));
        cr_assert_eq(gw_spool_agree(spool, agreements[i].last, agreements[i].reused,
                                    &found, &lost),
                     GW_OK);
        for (int again = 0; again < 2; again++) { /* it holds after a restart */
            cr_expect_eq(found, agreements[i].found, "%s", agreements[i].name);
            cr_expect_eq(lost, agreements[i].lost, "%s", agreements[i].name);
            cr_expect_eq(gw_spool_oldest(spool), agreements[i].oldest, "%s",
                         agreements[i].name);
            cr_expect_eq(gw_spool_newest(spool), agreements[i].newest, "%s",
                         agreements[i].name);
            cr_expect_str_eq(ids_of(gw_spool_oldest(spool)), oldest, "%s",
                             agreements[i].name);
            reopen();
        }
        cr_assert_eq(gw_spool_agree(spool, agreements[i].last, false, &found, &lost),
                     GW_OK);
        cr_expect_eq(found, GW_SPOOL_AGREED, "%s", agreements[i].name);
        end();
        begin();
    }
}

Test(spool, after_a_set_back_gateway_files_may_be_taken_again)
{
    enum gw_spool_numbers found;
    uint64_t lost;
    uint8_t digest[32] = {1};
    reopen();
    cr_assert_eq(gw_spool_agree(spool, 0, false, &found, &lost), GW_OK);
    add_safe(1, 1);
    gw_spool_ack(spool, 1);
    cr_expect(gw_spool_knows(spool, digest));
    cr_assert_eq(gw_spool_agree(spool, 0, false, &found, &lost), GW_OK);
    cr_expect_eq(found, GW_SPOOL_BEHIND);
    cr_expect_not(gw_spool_knows(spool, digest));
}
