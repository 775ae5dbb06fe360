/* test_ais.c - AIS: samples, canonical bytes, ports, noise, the corpus. */
#include "tests/adapters/xml/codec_check.h"
#include "model/canon.h"
#include "model/shape.h"
#include <math.h>

static struct check c;

static void setup(void)
{
    check_open(&c, "ais", CHECK_PLACES);
}

static void teardown(void)
{
    check_close(&c);
}

TestSuite(ais, .init = setup, .fini = teardown);

static void reopen(void)
{
    check_close(&c);
    check_open(&c, "ais", CHECK_PLACES);
}

static void decode_sample(const char *name)
{
    char path[256];
    size_t len;
    (void)snprintf(path, sizeof path, GW_SOURCE_DIR "/tests/adapters/ais/samples/%s",
                   name);
    uint8_t *in = check_file(path, &len);
    cr_assert_not_null(in, "%s", path);
    cr_assert_eq(check_decode(&c, gw_slice(in, len)), GW_OK, "%s: %s", name,
                 c.report.fault.rule);
    free(in);
}

/* The n-th event read into c.tree. */
static uint32_t event(uint32_t n)
{
    size_t used;
    uint32_t root;
    cr_assert_lt(n, c.events.count);
    cr_assert_eq(gw_tree_read(&c.tree, gw_events_at(&c.events, n), &used, &root, NULL),
                 GW_OK);
    return root;
}

Test(ais, samples_give_their_events)
{
    static const char *const names[] = {"all_types.nmea", "times.nmea", "groups.nmea",
                                        "ports.nmea", "noise.nmea"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        reopen(); /* what was heard before is part of the state */
        check_sample(&c, GW_SOURCE_DIR "/tests/adapters/ais/samples", names[i], false);
    }
}

/* The bytes are written without the model's writer: they must be the same. */
Test(ais, events_are_canonical_and_keep_to_the_schema)
{
    static const char *const names[] = {"all_types.nmea", "times.nmea", "groups.nmea",
                                        "ports.nmea"};
    struct gw_buf canonical;
    gw_buf_init(&canonical, 1 << 16);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        decode_sample(names[i]);
        for (uint32_t n = 0; n < c.events.count; n++) {
            struct gw_fault fault = {0};
            uint32_t root = event(n);
            cr_assert_eq(gw_shape_fit(&c.tree, root, &fault), GW_OK);
            cr_assert_eq(gw_shape_check(&c.tree, root, &fault), GW_OK, "%s %u: %s",
                         names[i], n, fault.field);
            gw_buf_reset(&canonical);
            cr_assert_eq(gw_canon_write(&c.tree, root, &canonical), GW_OK);
            cr_assert(gw_slice_eq(gw_buf_bytes(&canonical), gw_events_at(&c.events, n)),
                      "%s %u", names[i], n);
        }
    }
    gw_buf_deinit(&canonical);
}

Test(ais, a_ship_arrives_and_departs_once_however_it_wobbles)
{
    decode_sample("ports.nmea");
    const char *want[] = {"arrive", "depart", "arrive"};
    const char *nodes[] = {"az-alat", "az-alat", "kz-aktau-port"};
    /* the first of two positions inside 5 km, beyond 8 km, inside 5 km */
    const int64_t times[] = {1791190800 + 600 * 4, 1791190800 + 600 * 12,
                             1791190800 + 90000};
    size_t found = 0;
    for (uint32_t n = 0; n < c.events.count; n++) {
        uint32_t root = event(n);
        struct gw_slice type = gw_tree_str(&c.tree, root, "type");
        if (!gw_slice_is(type, "arrive") && !gw_slice_is(type, "depart"))
            continue;
        cr_assert_lt(found, 3, "more than three");
        cr_assert(gw_slice_is(type, want[found]), "%zu: %.*s", found, GW_FMT(type));
        cr_assert(gw_slice_is(gw_tree_str(&c.tree, root, "place.node"), nodes[found]));
        cr_assert_eq(gw_tree_int(&c.tree, root, "time", 0), times[found] * 1000);
        cr_assert(gw_slice_is(gw_tree_str(&c.tree, root, "quality[0].rule"), "derived"));
        found++;
    }
    cr_assert_eq(found, 3);
}

Test(ais, an_eta_is_an_event_when_it_changes)
{
    uint32_t etas = 0;
    for (int round = 0; round < 2; round++) {
        decode_sample("all_types.nmea");
        for (uint32_t n = 0; n < c.events.count; n++)
            etas += gw_slice_is(gw_tree_str(&c.tree, event(n), "type"), "eta-update");
    }
    cr_assert_eq(etas, 1);
}

Test(ais, parts_may_come_in_different_calls)
{
    size_t len;
    uint8_t *in =
        check_file(GW_SOURCE_DIR "/tests/adapters/ais/samples/ports.nmea", &len);
    const uint8_t *end = memchr(in, '\n', len);
    cr_assert_eq(check_decode(&c, gw_slice(in, (size_t)(end - in))), GW_OK);
    cr_assert_eq(c.events.count, 0);
    const uint8_t *second = memchr(end + 1, '\n', len - (size_t)(end + 1 - in));
    cr_assert_eq(check_decode(&c, gw_slice(end + 1, (size_t)(second - end))), GW_OK);
    cr_assert_eq(c.events.count, 1);
    free(in);
}

Test(ais, parts_that_never_come_take_no_memory)
{
    char line[64];
    for (int i = 0; i < 2000; i++) {
        char body[48];
        uint8_t sum = 0;
        (void)snprintf(body, sizeof body, "AIVDM,9,1,%d,%c,55555,0", i % 100,
                       'A' + i % 20);
        for (const char *p = body; *p; p++)
            sum ^= (uint8_t)*p;
        (void)snprintf(line, sizeof line, "!%s*%02X\n", body, sum);
        cr_assert_eq(check_decode(&c, gw_slice_str(line)), GW_OK, "%s",
                     c.report.fault.rule);
        cr_assert_eq(c.events.count, 0);
    }
}

/* More ships than the table holds: the longest silent are forgotten, nothing else
 * happens. */
Test(ais, a_hundred_thousand_ships_are_bounded)
{
    char body[64], line[96];
    for (uint32_t i = 0; i < 100000; i++) {
        static const char digits[] =
            "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw";
        uint64_t head =
            (uint64_t)18 << 32 | (200000000u + i); /* type, repeat, MMSI: 38 bits */
        uint8_t sum = 0;
        char payload[29];
        memset(payload, '0', 28);
        payload[28] = 0;
        for (int k = 0; k < 7; k++)
            payload[k] = digits[(k < 6 ? head >> (32 - 6 * k) : head << 4) & 63];
        (void)snprintf(body, sizeof body, "AIVDM,1,1,,A,%s,0", payload);
        for (const char *p = body; *p; p++)
            sum ^= (uint8_t)*p;
        (void)snprintf(line, sizeof line, "!%s*%02X", body, sum);
        cr_assert_eq(check_decode(&c, gw_slice_str(line)), GW_OK, "%s",
                     c.report.fault.rule);
        cr_assert_eq(c.events.count, 1);
    }
}

Test(ais, refuses_what_holds_no_good_line)
{
    static const struct {
        const char *text, *rule;
    } cases[] = {
        {"", "an AIS sentence"},
        {"\n\n", "an AIS sentence"},
        {"words\n", "a VDM or VDO sentence"},
        {"!GPGGA,1*00", "a VDM or VDO sentence"},
        {"!AIVDM,1,1,,A,15MrVH0000KH<:V:NtBLoqFP2H9:,0", "a checksum"},
        {"!AIVDM,1,1,,A,15MrVH0000KH<:V:NtBLoqFP2H9:,0*2E", "checksum"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_refused(&c, cases[i].text, GW_FORMAT, cases[i].rule);
    cr_assert_eq(check_decode(&c, gw_slice_str("$GPGGA,1*00\r\n")), GW_OK);
    cr_assert_eq(c.events.count, 0);
}

/* ---- the corpus ---- */

/* A row of syn_caspian.expected.csv: epoch, type, mmsi, ..., 7 lat, 8 lon. */
struct row {
    char f[14][32];
};

static struct row read_row(const char *p)
{
    struct row r = {{{0}}};
    for (size_t n = 0; n < 14; n++) {
        size_t len = strcspn(p, ",\r\n");
        (void)snprintf(r.f[n], sizeof r.f[n], "%.*s", (int)(len < 31 ? len : 31), p);
        if (p[len] != ',')
            break;
        p += len + 1;
    }
    return r;
}

static bool row_fits(const struct row *r, uint32_t root)
{
    uint32_t lat = gw_tree_at(&c.tree, root, "place.lat");
    uint32_t lon = gw_tree_at(&c.tree, root, "place.lon");
    return gw_slice_is(gw_tree_str(&c.tree, root, "transport.means.mmsi"), r->f[2]) &&
           gw_tree_int(&c.tree, root, "time", 0) == atoll(r->f[0]) * 1000 &&
           fabs(c.tree.nodes[lat].f - strtod(r->f[7], NULL)) < 2e-5 &&
           fabs(c.tree.nodes[lon].f - strtod(r->f[8], NULL)) < 2e-5;
}

/* The next position at or behind event n. */
static uint32_t next_position(uint32_t n)
{
    while (n < c.events.count &&
           !gw_slice_is(gw_tree_str(&c.tree, event(n), "type"), "position"))
        n++;
    return n;
}

Test(ais, the_synthetic_caspian_decodes_as_expected)
{
    char path[640];
    size_t len, rows_len;
    const char *dir = check_corpus("ais");
    if (!dir)
        return;
    (void)snprintf(path, sizeof path, "%s/syn_caspian.nmea", dir);
    uint8_t *in = check_file(path, &len);
    (void)snprintf(path, sizeof path, "%s/syn_caspian.expected.csv", dir);
    uint8_t *rows = check_file(path, &rows_len);
    cr_assert(in && rows);
    cr_assert_eq(check_decode(&c, gw_slice(in, len)), GW_OK);
    uint32_t n = 0, matched = 0;
    rows[rows_len] = 0;
    for (char *row = strchr((char *)rows, '\n'); row && row[1];
         row = strchr(row + 1, '\n')) {
        struct row r = read_row(row + 1);
        if (!*r.f[7])
            continue; /* static data, or no position */
        n = next_position(n);
        cr_assert_lt(n, c.events.count, "%.80s", row + 1);
        cr_assert(row_fits(&r, event(n)), "%.80s", row + 1);
        matched++;
        n++;
    }
    cr_assert_gt(matched, 250, "%u", matched);
    free(in);
    free(rows);
}

Test(ais, corpus_files_decode)
{
    static const char *const files[] = {"bad_lines.nmea",
                                        "dma_comment_blocks.txt",
                                        "dma_replay_dump.txt",
                                        "goais_epoch_ns_prefix.nmea",
                                        "gpsd_ais-nmea.log",
                                        "gpsd_ais-type6.log",
                                        "gpsd_ais_unpack_sixbit.log",
                                        "libais_tag_block.nmea",
                                        "libais_test.aivdm",
                                        "pyais_ais_test_messages.txt",
                                        "pyais_mixed.txt",
                                        "pyais_timestamped.ais",
                                        "dma_stream_pghp_first_2500_lines.txt",
                                        "syn_caspian.nmea"};
    const char *dir = check_corpus("ais");
    for (size_t i = 0; dir && i < sizeof files / sizeof *files; i++) {
        char path[640];
        size_t len;
        reopen();
        (void)snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        uint8_t *in = check_file(path, &len);
        cr_assert_not_null(in, "%s", path);
        cr_assert_eq(check_decode(&c, gw_slice(in, len)), GW_OK, "%s: %s", files[i],
                     c.report.fault.rule);
        cr_assert_gt(c.events.count, 0, "%s: %u messages, %u ignored, %u findings",
                     files[i], c.report.messages, c.report.ignored,
                     c.report.finding_count);
        free(in);
    }
}
