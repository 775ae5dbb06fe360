/* test_line_intake.c - however a stream is torn, its lines come out of it whole, in
 * order, once; bad ones alone are refused. */
#include <criterion/criterion.h>
#include <uv.h>
#include "adapters/host/scratch.h"
#include "adapters/line_intake.h"
#include "adapters/ndjson.h"
#include "model/json.h"

static struct gw_adapter_config config;
static struct gw_options options;
static struct gw_format format;
static struct gw_spool *spool;
static struct gw_inlet inlet;
static struct gw_inlet_counts counts;
static struct gw_line_intake *intake;
static struct gw_line_part part;
static struct gw_text why;
static uv_loop_t loop;

static void on_spooled(void *user)
{
    (void)user;
}

static void on_broken(void *user, const char *words)
{
    (void)user;
    cr_assert_fail("%s", words);
}

static void open_all(uint64_t spool_bytes)
{
    struct gw_spool_settings set = {.dir = config.spool.dir,
                                    .max_bytes = spool_bytes,
                                    .max_days = 7,
                                    .batch_events = 1000,
                                    .batch_bytes = 1 << 20};
    cr_assert_eq(gw_spool_open(&spool, &set, &why), GW_OK, "%s", why.s);
    inlet = (struct gw_inlet){.config = &config,
                              .loop = &loop,
                              .format = &format,
                              .options = &options,
                              .spool = spool,
                              .counts = &counts,
                              .spooled = on_spooled,
                              .broken = on_broken};
    cr_assert_eq(gw_inlet_open(&inlet, &why), GW_OK, "%s", why.s);
    intake = gw_line_intake_new(&inlet, NULL, NULL);
    cr_assert(intake);
}

static void begin(void)
{
    scratch_make();
    cr_assert_eq(uv_loop_init(&loop), 0);
    config = (struct gw_adapter_config){.name = "test", .format = "ndjson"};
    (void)snprintf(config.source.kind, sizeof config.source.kind, "tcp");
    (void)snprintf(config.source.folder, sizeof config.source.folder, "%s/in", scratch);
    (void)snprintf(config.spool.dir, sizeof config.spool.dir, "%s/spool", scratch);
    config.source.net.line_bytes = 64;
    config.source.net.batch_lines = 5;
    config.source.net.batch_ms = 1000;
    config.source.net.failed_most = 100;
    gw_options_default(&options);
    cr_assert_eq(gw_format_open(&format, &gw_adapter_ndjson, &options, &why), GW_OK);
    counts = (struct gw_inlet_counts){0};
    gw_line_part_init(&part, config.source.net.line_bytes);
}

static void end(void)
{
    gw_line_intake_free(intake);
    gw_line_part_deinit(&part);
    gw_inlet_close(&inlet);
    gw_spool_close(spool);
    gw_format_close(&format);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    scratch_remove();
}

TestSuite(line_intake, .init = begin, .fini = end);

/* The numbers of the events in the spool, in order: {"n":17} each. */
static void expect_numbers(unsigned first, unsigned last)
{
    enum gw_spool_numbers found;
    uint64_t lost;
    struct gw_tree tree;
    unsigned next = first;
    cr_assert_eq(gw_tree_init(&tree, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_spool_agree(spool, 0, false, &found, &lost), GW_OK);
    for (uint64_t n = gw_spool_oldest(spool); n <= gw_spool_newest(spool); n++) {
        struct gw_spool_batch b;
        size_t used, at = 0;
        cr_assert_eq(gw_spool_read(spool, n, &b), GW_OK);
        for (uint32_t i = 0; i < b.count; i++, at += used) {
            uint32_t root;
            struct gw_fault fault;
            cr_assert_eq(gw_tree_read(&tree,
                                      gw_slice(b.events.at + at, b.events.len - at),
                                      &used, &root, &fault),
                         GW_OK);
            cr_assert_eq(gw_tree_int(&tree, root, "n", -1), (int64_t)next, "expected %u",
                         next);
            next++;
        }
    }
    cr_assert_eq(next, last + 1);
    gw_tree_deinit(&tree);
}

/* Random pieces, each way of ending a line. */
static void feed(struct gw_slice text, unsigned *random)
{
    while (text.len) {
        *random = *random * 1103515245u + 12345u;
        size_t n = 1 + (*random >> 16) % 23;
        if (n > text.len)
            n = text.len;
        (void)gw_line_intake_add(intake, &part, gw_slice(text.at, n));
        text = gw_slice(text.at + n, text.len - n);
    }
}

static void put_lines(struct gw_buf *out, unsigned first, unsigned last)
{
    static const char *const ends[] = {"\n", "\r\n", "\r", "\n\n\n"};
    for (unsigned i = first; i <= last; i++)
        gw_buf_printf(out, "{\"n\":%u}%s", i, ends[i % 4]);
}

Test(line_intake, lines_come_whole_however_they_are_torn)
{
    struct gw_buf text;
    unsigned random = 7;
    open_all(1 << 20);
    gw_buf_init(&text, 1 << 20);
    put_lines(&text, 0, 499);
    feed(gw_buf_bytes(&text), &random);
    (void)gw_line_intake_add(intake, &part, GW_LIT("{\"n\":500}"));
    gw_line_intake_end(intake, &part);
    gw_line_intake_free(intake); /* what is gathered is taken */
    intake = NULL;
    expect_numbers(0, 500);
    gw_buf_deinit(&text);
}

Test(line_intake, bad_lines_alone_are_refused)
{
    open_all(1 << 20);
    (void)gw_line_intake_add(intake, &part,
                             GW_LIT("{\"n\":0}\nbad one\n{\"n\":1}\n{\"n\":2}\nbad two\n"
                                    "bad three\n{\"n\":3}\n"));
    (void)gw_line_intake_add(
        intake, &part,
        GW_LIT(
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
            "{\"n\":4}\n"));
    gw_line_intake_free(intake);
    intake = NULL;
    expect_numbers(0, 4);
    cr_assert_eq(counts.refused, 3);
    cr_assert_eq(scratch_count("in/failed", NULL), 6);
}

Test(line_intake, without_room_the_stream_is_held_back_and_nothing_is_lost)
{
    struct gw_buf text;
    char line[80];
    unsigned sent = 0;
    gw_buf_init(&text, 1 << 20);
    open_all(64 << 10);
    while (sent < 100000) {
        (void)snprintf(line, sizeof line,
                       "{\"n\":%u,\"x\":\"xxxxxxxxxxxxxxxxxxxxxxxxx\"}\n", sent++);
        if (!gw_line_intake_add(intake, &part, gw_slice_str(line)))
            break;
    }
    cr_assert_lt(sent, 100000u, "it is never held back");
    expect_numbers(0, (unsigned)(counts.events - 1));
    gw_spool_ack(spool, gw_spool_newest(spool)); /* the gateway has taken all */
    unsigned before = (unsigned)counts.events;
    gw_line_intake_resume(intake);
    cr_assert_gt(counts.events, before);
    cr_assert_eq(counts.events, sent);
    gw_buf_deinit(&text);
}
