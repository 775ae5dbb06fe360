/* codec_check.h - what the tests of the XML codecs do alike: a codec opened on a place
 * table, its samples against their expected events, decode-encode-decode, the collected
 * corpus.
 *
 * GW_UPDATE_EXPECTED=1 writes the .expected files instead of comparing: then read what
 * changed. */
#ifndef GW_TESTS_ADAPTERS_XML_CODEC_CHECK_H
#define GW_TESTS_ADAPTERS_XML_CODEC_CHECK_H
#include "adapters/format.h"
#include "adapters/ndjson.h"
#include "model/json.h"
#include "pipeline/places.h"
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Places of the samples, as config/places.csv would have them. */
#define CHECK_PLACES                                                                     \
    "node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone\n"                   \
    "kz-aktau-port,Aktau port,KZ,KZAAU,,663404,43.6,51.2,port,Asia/Aqtau\n"              \
    "az-alat,Alat port,AZ,,,553002,39.9,49.4,port,Asia/Baku\n"                           \
    "ge-poti,Poti,GE,GEPTI,,572107,42.15,41.67,port,Asia/Tbilisi\n"

struct check {
    struct gw_options options;
    struct gw_format format;
    struct gw_events events;
    struct gw_report report;
    struct gw_buf text;
    struct gw_places *places;
    struct gw_tree tree;
};

static inline void check_open(struct check *c, const char *format, const char *places)
{
    struct gw_text why = {{0}};
    *c = (struct check){0};
    gw_options_default(&c->options);
    c->options.now_ms = 1790000000000;
    if (places) {
        cr_assert_eq(gw_places_read(&c->places, gw_slice_str(places), &why), GW_OK, "%s",
                     why.s);
        c->options.places = c->places;
    }
    cr_assert_not_null(gw_format_find(format), "no format %s", format);
    cr_assert_eq(gw_format_open(&c->format, gw_format_find(format), &c->options, &why),
                 GW_OK, "%s", why.s);
    cr_assert_eq(gw_tree_init(&c->tree, &gw_budget_default), GW_OK);
    gw_events_init(&c->events, 64u << 20, 100000);
    gw_buf_init(&c->text, 64u << 20);
}

static inline void check_close(struct check *c)
{
    gw_format_close(&c->format);
    gw_events_deinit(&c->events);
    gw_buf_deinit(&c->text);
    gw_tree_deinit(&c->tree);
    gw_places_free(c->places);
}

static inline enum gw_error check_decode(struct check *c, struct gw_slice in)
{
    gw_events_reset(&c->events);
    return gw_format_decode(&c->format, in, &c->events, &c->report);
}

/* The events as lines of JSON; without source.sha256, and the id that
 * follows from it, when these are to be passed over. */
static inline struct gw_slice check_lines(struct check *c, bool with_hash)
{
    gw_buf_reset(&c->text);
    for (uint32_t i = 0; i < c->events.count; i++) {
        size_t used;
        uint32_t root;
        cr_assert_eq(
            gw_tree_read(&c->tree, gw_events_at(&c->events, i), &used, &root, NULL),
            GW_OK);
        uint32_t source = gw_tree_child(&c->tree, root, GW_LIT("source"));
        uint32_t hash = gw_tree_child(&c->tree, source, GW_LIT("sha256"));
        uint32_t id = gw_tree_child(&c->tree, root, GW_LIT("id"));
        if (!with_hash && hash) {
            gw_tree_detach(&c->tree, source, hash);
            gw_tree_detach(&c->tree, root, id); /* computed from it */
        }
        cr_assert_eq(gw_json_write(&c->tree, root, &c->text), GW_OK);
        gw_buf_byte(&c->text, '\n');
    }
    return gw_buf_bytes(&c->text);
}

/* A whole file; NULL when it cannot be read.  free(). */
static inline uint8_t *check_file(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    *len = 0;
    if (!f)
        return NULL;
    uint8_t *at = malloc(17u << 20);
    *len = fread(at, 1, 17u << 20, f);
    (void)fclose(f);
    return at;
}

/* Decode, encode, decode: the same events but for the hash of the message. */
static inline void check_round_trip(struct check *c, const char *name)
{
    struct gw_buf out;
    struct gw_fault fault = {0};
    gw_buf_init(&out, 64u << 20);
    struct gw_slice before = check_lines(c, false);
    char *kept = strndup((const char *)before.at, before.len);
    cr_assert_eq(c->format.adapter->encode(c->format.state, &c->events, &out, &fault),
                 GW_OK, "%s: event %zu: %s", name, fault.at,
                 fault.rule ? fault.rule : "");
    cr_assert_eq(check_decode(c, gw_buf_bytes(&out)), GW_OK, "%s: %s: %s\n%s", name,
                 c->report.fault.rule, c->report.detail, gw_buf_text(&out));
    struct gw_slice after = check_lines(c, false);
    cr_assert(gw_slice_is(after, kept), "%s\nwas  %s\nis   %.*s\nin   %s", name, kept,
              GW_FMT(after), gw_buf_text(&out));
    free(kept);
    gw_buf_deinit(&out);
}

static inline void check_sample(struct check *c, const char *dir, const char *name,
                                bool round_trip)
{
    char path[512];
    size_t len, want_len = 0;
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    uint8_t *in = check_file(path, &len);
    cr_assert_not_null(in, "%s", path);
    cr_assert_eq(check_decode(c, gw_slice(in, len)), GW_OK, "%s: %s: %s", name,
                 c->report.fault.rule, c->report.detail);
    struct gw_slice got = check_lines(c, true);
    (void)snprintf(path, sizeof path, "%s/%.*s.expected", dir, (int)strcspn(name, "."),
                   name);
    if (getenv("GW_UPDATE_EXPECTED")) {
        FILE *f = fopen(path, "wb");
        cr_assert_not_null(f, "%s", path);
        (void)fwrite(got.at, 1, got.len, f);
        (void)fclose(f);
    }
    uint8_t *want = check_file(path, &want_len);
    cr_assert_not_null(want, "%s", path);
    cr_assert(gw_slice_eq(got, gw_slice(want, want_len)), "%s\nwanted %.*s\ngot    %.*s",
              name, (int)want_len, want, GW_FMT(got));
    if (round_trip)
        check_round_trip(c, name);
    free(want);
    free(in);
}

/* All samples of a folder below tests/adapters; round trips for those whose name starts
 * with one of `both` (NULL at its end).  Returns how many there were. */
static inline int check_samples(struct check *c, const char *folder,
                                const char *const *both)
{
    char dir[256];
    struct dirent *entry;
    int count = 0;
    (void)snprintf(dir, sizeof dir, GW_SOURCE_DIR "/tests/adapters/%s/samples", folder);
    DIR *d = opendir(dir);
    cr_assert_not_null(d, "%s", dir);
    while ((entry = readdir(d))) {
        bool trip = false;
        if (entry->d_name[0] == '.' || strstr(entry->d_name, ".expected"))
            continue;
        for (const char *const *b = both; *b; b++)
            trip |= strncmp(entry->d_name, *b, strlen(*b)) == 0;
        check_sample(c, dir, entry->d_name, trip);
        count++;
    }
    (void)closedir(d);
    return count;
}

/* ---- refusals: every truncation of every sample ends in a refusal or in events ---- */

/* What the library asks of a refusal: a rule, and a place inside the input. */
static inline void check_refusal(const struct check *c, size_t len, const char *name)
{
    cr_assert_not_null(c->report.fault.rule, "%s", name);
    cr_assert_leq(c->report.fault.at, len, "%s: %zu of %zu", name, c->report.fault.at,
                  len);
    cr_assert_eq(c->events.count, 0, "%s: half done", name);
}

static inline void check_refused(struct check *c, const char *text, enum gw_error code,
                                 const char *rule)
{
    enum gw_error e = check_decode(c, gw_slice_str(text));
    cr_assert_eq(e, code, "%s: %s, not %s", rule, gw_error_name(e), gw_error_name(code));
    cr_assert_str_eq(c->report.fault.rule, rule);
    check_refusal(c, strlen(text), rule);
}

/* ---- the corpus: collected files outside this repository ---- */

/* Its folder for one format, or NULL: then the test says so and checks nothing. */
static inline const char *check_corpus(const char *format)
{
    static char dir[512];
    const char *set = getenv("KARVAN_CORPUS");
    if (set && *set)
        (void)snprintf(dir, sizeof dir, "%s/%s", set, format);
    else
        (void)snprintf(dir, sizeof dir, GW_SOURCE_DIR "/../shared/corpus/%s", format);
    DIR *d = opendir(dir);
    if (!d) {
        (void)fprintf(stderr, "no corpus at %s: not checked (KARVAN_CORPUS)\n", dir);
        return NULL;
    }
    (void)closedir(d);
    return dir;
}

struct check_corpus_row {
    const char *file;
    uint32_t events;  /* 0: refused ... */
    const char *rule; /* ... under this rule */
};

static inline void check_corpus_file(struct check *c, const char *dir,
                                     const struct check_corpus_row *row)
{
    char path[768];
    size_t len;
    (void)snprintf(path, sizeof path, "%s/%s", dir, row->file);
    uint8_t *in = check_file(path, &len);
    cr_assert_not_null(in, "%s", path);
    enum gw_error e = check_decode(c, gw_slice(in, len));
    if (row->events) {
        cr_assert_eq(e, GW_OK, "%s: %s: %s", row->file, c->report.fault.rule,
                     c->report.detail);
        cr_assert_eq(c->events.count, row->events, "%s: %u events", row->file,
                     c->events.count);
    } else {
        cr_assert_neq(e, GW_OK, "%s: %u events", row->file, c->events.count);
        cr_assert_str_eq(c->report.fault.rule, row->rule, "%s: %s", row->file,
                         c->report.detail);
        check_refusal(c, len, row->file);
    }
    free(in);
}
#endif
