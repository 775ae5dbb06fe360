/* test_zone.c - zones against the C library, local times, and files that lie. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include "base/buf.h"
#include "base/clock.h"
#include "pipeline/zone.h"

static struct gw_zone *zone(const char *name)
{
    struct gw_zone *z = NULL;
    enum gw_error e = gw_zone_load(&z, name, NULL);
    cr_assert_eq(e, GW_OK, "%s: %s", name, gw_error_text(e));
    return z;
}

static int64_t civil(int y, int mo, int d, int h, int mi)
{
    return gw_days_from_civil(y, mo, d) * 86400 + h * 3600 + mi * 60;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

Test(zone, kazakhstan_before_and_after_the_change_of_2024)
{
    struct gw_zone *z = zone("Asia/Almaty");
    int64_t change = civil(2024, 2, 29, 18, 0); /* midnight of 1 March at +06:00 */
    int64_t t = 0;
    int32_t offset = 0;

    cr_expect_eq(gw_zone_offset(z, change - 1), 6 * 3600);
    cr_expect_eq(gw_zone_offset(z, change), 5 * 3600);
    cr_expect_eq(gw_zone_instant(z, civil(2024, 2, 1, 12, 0), &t, &offset),
                 GW_LOCAL_ONCE);
    cr_expect_eq(t, civil(2024, 2, 1, 6, 0));
    cr_expect_eq(offset, 6 * 3600);
    cr_expect_eq(gw_zone_instant(z, civil(2024, 4, 1, 12, 0), &t, &offset),
                 GW_LOCAL_ONCE);
    cr_expect_eq(t, civil(2024, 4, 1, 7, 0));
    cr_expect_eq(offset, 5 * 3600);
    cr_expect_eq(gw_zone_instant(z, civil(2024, 2, 29, 23, 30), &t, NULL),
                 GW_LOCAL_TWICE);
    cr_expect_eq(t, civil(2024, 2, 29, 17, 30), "the first of the two");
    gw_zone_free(z);
}

Test(zone, a_skipped_time_moves_forward)
{
    struct gw_zone *z = zone("Europe/Bucharest"); /* 2026-03-29 03:00 -> 04:00 */
    int64_t t = 0;
    int32_t offset = 0;
    cr_expect_eq(gw_zone_instant(z, civil(2026, 3, 29, 3, 30), &t, &offset),
                 GW_LOCAL_SKIPPED);
    cr_expect_eq(t + gw_zone_offset(z, t), civil(2026, 3, 29, 4, 30));
    cr_expect_eq(offset, 2 * 3600);
    cr_expect_eq(gw_zone_instant(z, civil(2026, 3, 29, 4, 0), &t, &offset),
                 GW_LOCAL_ONCE);
    cr_expect_eq(gw_zone_instant(z, civil(2026, 3, 29, 2, 59), &t, &offset),
                 GW_LOCAL_ONCE);
    gw_zone_free(z);
}

Test(zone, rules_go_on_after_the_last_listed_transition)
{
    struct gw_zone *z = zone("Europe/Bucharest");
    cr_expect_eq(gw_zone_offset(z, civil(2080, 7, 1, 0, 0)), 3 * 3600);
    cr_expect_eq(gw_zone_offset(z, civil(2080, 12, 1, 0, 0)), 2 * 3600);
    cr_expect_eq(gw_zone_offset(z, civil(2100, 7, 1, 0, 0)), 3 * 3600);
    gw_zone_free(z);
}

/* ---- the C library as oracle ---- */

static int32_t oracle(int64_t unix_s)
{
    time_t t = (time_t)unix_s;
    struct tm tm;
    return localtime_r(&t, &tm) ? (int32_t)tm.tm_gmtoff : INT32_MIN;
}

/* Every instant of a zone comes back from its local time; returns how many were tried. */
static int compare(const char *name, uint64_t *seed)
{
    struct gw_zone *z = zone(name);
    int64_t first = civil(1902, 1, 1, 0, 0), last = civil(2100, 12, 31, 0, 0);
    int tried = 0;

    cr_assert_eq(setenv("TZ", name, 1), 0);
    tzset();
    for (; tried < 400; tried++) {
        int64_t t = first + (int64_t)(next_random(seed) % (uint64_t)(last - first)),
                back = 0;
        int32_t offset = gw_zone_offset(z, t), used = 0;
        enum gw_local fit;
        cr_expect_eq(offset, oracle(t), "%s at %lld: %d, library %d", name, (long long)t,
                     offset, oracle(t));
        fit = gw_zone_instant(z, t + offset, &back, &used);
        cr_expect_neq(fit, GW_LOCAL_SKIPPED, "%s at %lld", name, (long long)t);
        cr_expect(back == t || (fit == GW_LOCAL_TWICE && back < t), "%s at %lld", name,
                  (long long)t);
        cr_expect_eq(gw_zone_offset(z, back), used, "%s at %lld", name, (long long)t);
    }
    gw_zone_free(z);
    return tried;
}

static int compare_folder(const char *region, uint64_t *seed)
{
    char path[64], name[400];
    struct dirent *d;
    int tried = 0;
    DIR *dir;
    (void)snprintf(path, sizeof path, GW_ZONE_DIR "/%s", region);
    dir = opendir(path);
    cr_assert(dir, "%s", path);
    while ((d = readdir(dir))) {
        struct stat st;
        (void)snprintf(name, sizeof name, "%s/%.255s", path, d->d_name);
        if (d->d_name[0] == '.' || stat(name, &st) != 0 || !S_ISREG(st.st_mode))
            continue;
        (void)snprintf(name, sizeof name, "%s/%.200s", region, d->d_name);
        tried += compare(name, seed);
    }
    (void)closedir(dir);
    return tried;
}

Test(zone, agrees_with_the_c_library_everywhere, .timeout = 60)
{
    static const char *const regions[] = {"Africa", "America",  "Antarctica",
                                          "Asia",   "Atlantic", "Australia",
                                          "Etc",    "Europe",   "Pacific"};
    uint64_t seed = 20240301;
    int tried = 0;
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++)
        tried += compare_folder(regions[i], &seed);
    cr_assert_gt(tried, 100000);
}

/* ---- names and files ---- */

Test(zone, names_cannot_leave_the_folder)
{
    static const struct {
        const char *name;
        enum gw_error e;
    } rows[] = {{"", GW_BAD_NAME},
                {"/etc/passwd", GW_BAD_NAME},
                {"../../../etc/passwd", GW_BAD_NAME},
                {"Asia/../Asia/Almaty", GW_BAD_NAME},
                {"Asia/", GW_BAD_NAME},
                {"zone1970.tab", GW_BAD_NAME},
                {"Asia/Almaty with blanks", GW_BAD_NAME},
                {"Asia/AlmatyAlmatyAlmatyAlmatyAlmatyAlmatyAlmaty", GW_BAD_NAME},
                {"Asia/Atlantis", GW_NOT_FOUND},
                {"Asia/Almaty/x", GW_NOT_FOUND},
                {"Asia", GW_NOT_FOUND},
                {"leapseconds", GW_FORMAT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_zone *z = (void *)1;
        cr_expect_eq(gw_zone_load(&z, rows[i].name, NULL), rows[i].e, "%s", rows[i].name);
        cr_expect_null(z);
    }
}

/* A version 2 file without transitions in either block, and a footer. */
static size_t made(uint8_t *out, const char *footer)
{
    static const uint8_t header[44] = {'T', 'Z', 'i', 'f', '2', [39] = 1, [43] = 1};
    static const uint8_t body[7] = {0, 0, 0x0e, 0x10, 0, 0, 0};
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        memcpy(out + n, header, 44);
        memcpy(out + n + 44, body, 7);
        n += 51;
    }
    return n + (size_t)sprintf((char *)out + n, "\n%s\n", footer);
}

Test(zone, footers)
{
    static const struct {
        const char *footer;
        enum gw_error e;
        int32_t january, july; /* of 2030 */
    } rows[] = {
        {"", GW_OK, 3600, 3600},
        {"CET-1CEST,M3.5.0,M10.5.0/3", GW_OK, 3600, 7200},
        {"<+01>-1<+02>,M3.5.0/2,M10.5.0/3", GW_OK, 3600, 7200},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", GW_OK, 0, 3600},
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", GW_OK, 46800, 43200},
        {"EST5EDT4:30:15,J60/-1,300", GW_OK, -18000, -16215},
        {"XXX3EDT4,0/0,J365/23", GW_OK, -14400, -14400}, /* summer time all year */
        {"CET-1CEST", GW_FORMAT, 0, 0},
        {"CE-1", GW_FORMAT, 0, 0},
        {"CET-25", GW_FORMAT, 0, 0},
        {"CET-1CEST,M13.5.0,M10.5.0", GW_FORMAT, 0, 0},
        {"CET-1CEST,M3.6.0,M10.5.0", GW_FORMAT, 0, 0},
        {"CET-1CEST,M3.5.7,M10.5.0", GW_FORMAT, 0, 0},
        {"CET-1CEST,J0,M10.5.0", GW_FORMAT, 0, 0},
        {"CET-1CEST,M3.5.0", GW_FORMAT, 0, 0},
        {"CET-1CEST,M3.5.0,M10.5.0,", GW_FORMAT, 0, 0},
        {"<+01-1", GW_FORMAT, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t file[256];
        struct gw_zone *z = NULL;
        size_t n = made(file, rows[i].footer);
        enum gw_error e = gw_zone_parse(&z, gw_slice(file, n));
        cr_expect_eq(e, rows[i].e, "%s: %d", rows[i].footer, e);
        if (e)
            continue;
        cr_expect_eq(gw_zone_offset(z, civil(2030, 1, 15, 0, 0)), rows[i].january,
                     "%s january", rows[i].footer);
        cr_expect_eq(gw_zone_offset(z, civil(2030, 7, 15, 0, 0)), rows[i].july, "%s july",
                     rows[i].footer);
        gw_zone_free(z);
    }
}

static void read_zone(struct gw_buf *b)
{
    char chunk[4096];
    size_t n;
    FILE *f = fopen(GW_ZONE_DIR "/Europe/Bucharest", "rb");
    cr_assert(f);
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        gw_buf_add(b, chunk, n);
    (void)fclose(f);
}

Test(zone, every_truncation_is_refused)
{
    struct gw_buf b;
    gw_buf_init(&b, 65536);
    read_zone(&b);
    for (size_t n = 0; n < b.len; n++) {
        uint8_t *copy = malloc(n + 1); /* exactly n bytes, for the address sanitizer */
        struct gw_zone *z = NULL;
        memcpy(copy, b.at, n);
        copy = realloc(copy, n ? n : 1);
        cr_expect_neq(gw_zone_parse(&z, gw_slice(copy, n)), GW_OK, "%zu bytes", n);
        cr_expect_null(z);
        free(copy);
    }
    gw_buf_deinit(&b);
}

Test(zone, no_changed_byte_does_harm)
{
    struct gw_buf b;
    uint64_t seed = 1;
    gw_buf_init(&b, 65536);
    read_zone(&b);
    for (int i = 0; i < 5000; i++) {
        size_t at = next_random(&seed) % b.len;
        uint8_t was = b.at[at];
        struct gw_zone *z = NULL;
        b.at[at] = (uint8_t)next_random(&seed);
        if (!gw_zone_parse(&z, gw_buf_bytes(&b))) {
            int64_t t;
            (void)gw_zone_offset(z, civil(2026, 7, 1, 0, 0));
            (void)gw_zone_instant(z, civil(2026, 7, 1, 0, 0), &t, NULL);
        }
        gw_zone_free(z);
        b.at[at] = was;
    }
    gw_buf_deinit(&b);
}

Test(zone, absurd_counts_and_leap_seconds_are_refused)
{
    uint8_t file[256];
    struct gw_zone *z = NULL;
    size_t n = made(file, "");
    file[51 + 32] = 0xff; /* times of the second block: 4 billion */
    cr_expect_eq(gw_zone_parse(&z, gw_slice(file, n)), GW_FORMAT);
    n = made(file, "");
    file[51 + 39] = 0; /* no types */
    cr_expect_eq(gw_zone_parse(&z, gw_slice(file, n)), GW_FORMAT);
    cr_expect_eq(gw_zone_load(&z, "right/Asia/Almaty", NULL), GW_FORMAT);
    cr_expect_eq(gw_zone_parse(&z, gw_slice(file, 300 << 10)), GW_RANGE);
}
