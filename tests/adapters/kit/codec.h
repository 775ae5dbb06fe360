/* codec.h - what the tests of a codec need: a message in, lines of JSON out, and walks
 * over its samples and the corpus.  Included by one test program each. */
#ifndef GW_TESTS_ADAPTERS_KIT_CODEC_H
#define GW_TESTS_ADAPTERS_KIT_CODEC_H
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include "adapters/adapter.h"
#include "model/json.h"
#include "model/shape.h"

struct codec {
    const struct gw_adapter *adapter;
    void *state;
    struct gw_options options;
    struct gw_events events;
    struct gw_report report;
    struct gw_buf lines; /* the events as NDJSON */
    struct gw_buf file;
};

static inline void codec_open(struct codec *c, const struct gw_adapter *a)
{
    struct gw_text why = {""};
    *c = (struct codec){.adapter = a};
    gw_options_default(&c->options);
    c->options.now_ms = 1795478400000; /* 2026-11-24T00:00:00Z */
    gw_events_init(&c->events, 64u << 20, 100000);
    gw_buf_init(&c->lines, 64u << 20);
    gw_buf_init(&c->file, 64u << 20);
    c->state = calloc(1, a->size);
    cr_assert_not_null(c->state);
    cr_assert_eq(a->open(c->state, &c->options, &why), GW_OK, "%s", why.s);
}

static inline void codec_close(struct codec *c)
{
    c->adapter->close(c->state);
    free(c->state);
    gw_events_deinit(&c->events);
    gw_buf_deinit(&c->lines);
    gw_buf_deinit(&c->file);
}

/* Events as lines; `part` of each line up to a key is enough for most tests. */
static inline const char *codec_lines(struct codec *c)
{
    struct gw_tree t;
    struct gw_fault f = {0};
    gw_buf_reset(&c->lines);
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    for (uint32_t i = 0; i < c->events.count; i++) {
        cr_assert_eq(gw_json_from_msgpack(&t, gw_events_at(&c->events, i), &c->lines, &f),
                     GW_OK);
        gw_buf_byte(&c->lines, '\n');
    }
    gw_tree_deinit(&t);
    return gw_buf_text(&c->lines);
}

/* Decode into an empty list.  A refusal leaves nothing, names a rule and lies inside. */
static inline enum gw_error codec_decode(struct codec *c, struct gw_slice in)
{
    gw_events_reset(&c->events);
    c->report = (struct gw_report){0};
    enum gw_error e = c->adapter->decode(c->state, in, &c->events, &c->report);
    if (e) {
        cr_expect_eq(c->events.count, 0, "a refusal leaves events");
        cr_expect_not_null(c->report.fault.rule, "a refusal without a rule");
        cr_expect_leq(c->report.fault.at, in.len, "a refusal outside the message");
    }
    return e;
}

/* The lines of a message that has to be taken. */
static inline const char *codec_taken(struct codec *c, const char *text)
{
    enum gw_error e = codec_decode(c, gw_slice_str(text));
    cr_assert_eq(e, GW_OK, "%s: %s: %s", text, c->report.fault.rule, c->report.detail);
    return codec_lines(c);
}

static inline void codec_expect(const char *lines, const char *part)
{
    cr_expect(strstr(lines, part), "no %s in %s", part, lines);
}

static inline void codec_expect_no(const char *lines, const char *part)
{
    cr_expect_not(strstr(lines, part), "%s in %s", part, lines);
}

static inline struct gw_slice codec_read(struct gw_buf *to, const char *path)
{
    FILE *f = fopen(path, "rb");
    char room[4096];
    size_t n;
    gw_buf_reset(to);
    cr_assert_not_null(f, "%s", path);
    while ((n = fread(room, 1, sizeof room, f)))
        gw_buf_add(to, room, n);
    (void)fclose(f);
    return gw_buf_bytes(to);
}

typedef void codec_file_fn(struct codec *c, const char *path, const char *name);

/* Call `fn` for each file of a folder whose name ends so; their number, -1 without
 * folder. */
static inline int codec_each(struct codec *c, const char *folder, const char *end,
                             codec_file_fn *fn)
{
    DIR *d = opendir(folder);
    struct dirent *entry;
    int n = 0;
    if (!d)
        return -1;
    while ((entry = readdir(d))) {
        char path[1024];
        size_t len = strlen(entry->d_name), tail = strlen(end);
        if (entry->d_name[0] == '.' || len < tail ||
            strcmp(entry->d_name + len - tail, end) != 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        fn(c, path, entry->d_name);
        n++;
    }
    (void)closedir(d);
    return n;
}

/* One sample against the file of the same name with .expected. */
static inline void codec_sample(struct codec *c, const char *path, const char *name)
{
    char expected[1024];
    struct gw_buf want;
    enum gw_error e = codec_decode(c, codec_read(&c->file, path));
    cr_expect_eq(e, GW_OK, "%s: %s: %s", name, c->report.fault.rule, c->report.detail);
    (void)snprintf(expected, sizeof expected, "%.*s.expected",
                   (int)(strrchr(path, '.') - path), path);
    gw_buf_init(&want, 64u << 20);
    (void)codec_read(&want, expected);
    cr_expect_str_eq(codec_lines(c), gw_buf_text(&want), "%s", name);
    gw_buf_deinit(&want);
}

/* The event as it stands between two messages: without what is only the message's. */
static inline void codec_strip(struct gw_tree *t, uint32_t root)
{
    static const char *const keys[] = {"id", "quality", "source"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        uint32_t n = gw_tree_child(t, root, gw_slice_str(keys[i]));
        if (n)
            gw_tree_detach(t, root, n);
    }
}

static inline void codec_facts(const struct gw_events *events, struct gw_buf *out)
{
    struct gw_tree t;
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    gw_buf_reset(out);
    for (uint32_t i = 0; i < events->count; i++) {
        size_t used;
        uint32_t root;
        cr_assert_eq(gw_tree_read(&t, gw_events_at(events, i), &used, &root, NULL),
                     GW_OK);
        codec_strip(&t, root);
        cr_assert_eq(gw_json_write(&t, root, out), GW_OK);
        gw_buf_byte(out, '\n');
    }
    gw_tree_deinit(&t);
}

/* Decode, encode, decode: the same facts. */
static inline void codec_round(struct codec *c, const char *path, const char *name)
{
    struct gw_buf first, second, text;
    struct gw_fault f = {0};
    gw_buf_init(&first, 64u << 20);
    gw_buf_init(&second, 64u << 20);
    gw_buf_init(&text, 64u << 20);
    enum gw_error e = codec_decode(c, codec_read(&c->file, path));
    cr_assert_eq(e, GW_OK, "%s", name);
    codec_facts(&c->events, &first);
    e = c->adapter->encode(c->state, &c->events, &text, &f);
    cr_assert_eq(e, GW_OK, "%s: event %zu: %s", name, f.at, f.rule);
    e = codec_decode(c, gw_buf_bytes(&text));
    cr_assert_eq(e, GW_OK, "%s: %s: %s", name, c->report.fault.rule, c->report.detail);
    codec_facts(&c->events, &second);
    cr_expect_str_eq(gw_buf_text(&second), gw_buf_text(&first), "%s", name);
    gw_buf_deinit(&first);
    gw_buf_deinit(&second);
    gw_buf_deinit(&text);
}

/* A folder of the corpus, or NULL when there is none, which is said. */
static inline const char *codec_corpus(const char *folder)
{
    static char path[1024];
    const char *corpus = getenv("KARVAN_CORPUS");
    DIR *d;
    (void)snprintf(path, sizeof path, "%s/%s",
                   corpus ? corpus : GW_SOURCE_DIR "/../shared/corpus", folder);
    d = opendir(path);
    if (!d) {
        (void)fprintf(stderr, "skipped: %s is not there\n", path);
        return NULL;
    }
    (void)closedir(d);
    return path;
}

/* Every event decoded by a test that goes through here keeps the schema. */
static inline void codec_judge(const struct gw_events *events, const char *name)
{
    struct gw_tree t;
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    for (uint32_t i = 0; i < events->count; i++) {
        struct gw_fault f = {0};
        size_t used;
        uint32_t root;
        enum gw_error e = gw_tree_read(&t, gw_events_at(events, i), &used, &root, &f);
        if (!e)
            e = gw_shape_fit(&t, root, &f);
        if (!e)
            e = gw_shape_check(&t, root, &f);
        cr_expect_eq(e, GW_OK, "%s: event %u: %s %s", name, i, gw_error_text(e), f.field);
    }
    gw_tree_deinit(&t);
}

/* A file of the corpus whose fate the test knows. */
struct codec_fate {
    const char *name, *rule; /* rule NULL: taken, with events */
};

static inline void codec_meet_fate(struct codec *c, const char *path, const char *name,
                                   const struct codec_fate *fates)
{
    enum gw_error e = codec_decode(c, codec_read(&c->file, path));
    const struct codec_fate *f = fates;
    while (f->name && strcmp(f->name, name) != 0)
        f++;
    codec_judge(&c->events, name);
    if (f->name && f->rule)
        cr_expect(e && strcmp(c->report.fault.rule, f->rule) == 0, "%s: %s: %s", name,
                  e ? c->report.fault.rule : "taken", c->report.detail);
    else
        cr_expect(!e && c->events.count, "%s: %s: %s", name,
                  e ? c->report.fault.rule : "no event", c->report.detail);
}
#endif
