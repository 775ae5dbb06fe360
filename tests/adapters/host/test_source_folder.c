/* test_source_folder.c - files are picked up whole, in order, once, and put away with
 * their reasons. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "adapters/failed_folder.h"
#include "adapters/source_folder.h"
#include "adapters/host/scratch.h"

static struct gw_source *source;
static struct gw_source_file file;
static struct gw_text why;

static void open_source(uint32_t settle_ms)
{
    gw_source_close(source);
    cr_assert_eq(gw_source_open(&source, scratch_path("box"), settle_ms, &why), GW_OK,
                 "%s", why.s);
}

static void begin(void)
{
    scratch_make();
    open_source(0);
}

static void end(void)
{
    gw_source_close(source);
    scratch_remove();
}

TestSuite(source_folder, .init = begin, .fini = end);

/* A file of a given age; seconds since the epoch. */
static void put(const char *name, const char *content, time_t modified)
{
    char path[256];
    struct timespec times[2] = {{modified, 0}, {modified, 0}};
    (void)snprintf(path, sizeof path, "box/inbox/%s", name);
    scratch_put(path, content);
    cr_assert_eq(utimensat(AT_FDCWD, scratch_path(path), times, 0), 0);
}

static void look(int64_t mono_ms)
{
    cr_assert_eq(gw_source_look(source, mono_ms), GW_OK);
}

static void expect(const char *name)
{
    cr_assert_eq(gw_source_take(source, &file), GW_OK, "%s", name);
    cr_assert_str_eq(file.name, name);
}

Test(source_folder, oldest_first_then_by_name)
{
    put("b", "", 2000);
    put("c", "", 1000);
    put("a", "", 2000);
    look(0);
    expect("c");
    expect("a");
    expect("b");
    cr_assert_eq(gw_source_take(source, &file), GW_NOT_FOUND);
}

Test(source_folder, what_is_being_written_is_left_alone)
{
    put(".hidden", "", 1);
    put("x.tmp", "", 1);
    put("x.part", "", 1);
    cr_assert_eq(mkdir(scratch_path("box/inbox/folder"), 0700), 0);
    cr_assert_eq(symlink("/etc/passwd", scratch_path("box/inbox/link")), 0);
    look(0);
    cr_assert_eq(gw_source_take(source, &file), GW_NOT_FOUND);
}

Test(source_folder, a_growing_file_is_whole_once_it_rests)
{
    open_source(500);
    put("a", "ab", 1000);
    look(0);
    cr_assert_eq(gw_source_settles_in(source, 0), 500);
    put("a", "abc", 1000);
    look(400);
    look(600); /* it has changed since the first look */
    cr_assert_eq(gw_source_take(source, &file), GW_NOT_FOUND);
    look(900);
    expect("a");
}

Test(source_folder, what_was_being_worked_on_comes_first_again)
{
    put("a", "content", 1000);
    look(0);
    expect("a");
    open_source(0); /* as after a crash */
    put("b", "", 1);
    look(0);
    expect("a");
    struct gw_buf b;
    gw_buf_init(&b, 100);
    cr_assert_eq(gw_source_read(source, &file, 100, &b), GW_OK);
    cr_assert(gw_slice_is(gw_buf_bytes(&b), "content"));
    gw_buf_deinit(&b);
    expect("b");
}

Test(source_folder, done_by_day_and_never_replaced)
{
    for (int i = 0; i < 2; i++) {
        put("a", i ? "two" : "one", 1000);
        look(0);
        expect("a");
        cr_assert_eq(gw_source_done(source, &file, INT64_C(1795439100000)), GW_OK);
    }
    cr_assert_str_eq(scratch_get("box/done/2026-11-23/a"), "one");
    cr_assert_str_eq(scratch_get("box/done/2026-11-23/a~2"), "two");
}

Test(source_folder, refused_with_the_reason_beside_it)
{
    char taken[GW_FILE_NAME_MAX];
    for (int i = 0; i < 2; i++) {
        put("a", i ? "two" : "one", 1000);
        look(0);
        expect("a");
        cr_assert_eq(gw_source_failed(source, &file,
                                      i ? GW_LIT("second") : GW_LIT("first"), taken),
                     GW_OK);
    }
    cr_assert_str_eq(taken, "a~2");
    cr_assert_str_eq(scratch_get("box/failed/a"), "one");
    cr_assert_str_eq(scratch_get("box/failed/a.reason.txt"), "first");
    cr_assert_str_eq(scratch_get("box/failed/a~2"), "two");
    cr_assert_str_eq(scratch_get("box/failed/a~2.reason.txt"), "second");
}

Test(source_folder, refused_events_are_written_once)
{
    int dir;
    cr_assert_eq(gw_dir_open(&dir, AT_FDCWD, scratch_path("box/failed")), GW_OK);
    cr_assert_eq(gw_failed_events(dir, GW_LIT("a"), GW_LIT("1\n2\n")), GW_OK);
    cr_assert_eq(gw_failed_events(dir, GW_LIT("a"), GW_LIT("2\n12\n")), GW_OK);
    cr_assert_str_eq(scratch_get("box/failed/a.refused.ndjson"), "1\n2\n12\n");
    gw_dir_close(&dir);
}

Test(source_folder, a_folder_that_cannot_be_says_what_to_do)
{
    struct gw_source *other;
    scratch_put("plain", "");
    cr_assert_eq(gw_source_open(&other, scratch_path("plain/box"), 0, &why), GW_IO);
    cr_assert_null(other);
    cr_assert(strstr(why.s, "make it"), "%s", why.s);
}
