/* conformance.c - what every format owes the host, over the whole registry.
 *
 * A format takes part by having samples in tests/adapters/<format>/samples: every file
 * there but *.expected, *.reason and *.md.  For each sample:
 *
 *   cut after every byte, and with every byte changed: no crash, no hang; a refusal names
 *   a rule and an offset inside the input and leaves no event behind; what is accepted is
 *   judged good by the schema, and can be encoded or is refused with a rule
 *   what it answers, where it does, it reads itself
 *   the same again: no memory is lost on the way
 *   where the format writes: decode, encode, decode gives the same events, but for the
 *   fields listed in tests/adapters/<format>/not_carried.txt ("field", or "sample
 * field"), and once more exactly the same
 *
 * By default a fixed part of the positions is tried; KARVAN_CONFORMANCE=whole tries all.
 */
#include "adapters/format.h"
#include "model/shape.h"
#include "pipeline/places.h"
#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#define ROOT        GW_SOURCE_DIR "/tests/adapters/"
#define NOW_MS      1800000000000 /* 2027-01-15 */
#define SAMPLE_MOST (4u << 20)
#define PART        160         /* positions of a sample that are tried by default */
#define SLOW_S      20          /* a call that takes longer hangs */
#define GROWTH      (256 << 10) /* bytes that buffers may settle by */

struct run {
    const struct gw_adapter *adapter;
    struct gw_options options;
    struct gw_format format;
    struct gw_events events, again;
    struct gw_report report;
    struct gw_buf encoded, work;
    struct gw_tree tree, other;
    char not_carried[64][80]; /* "field" or "sample field" */
    unsigned not_carried_count;
    unsigned decodes, failures, round_trips;
    const char *sample;
    bool whole, strict; /* strict: nothing but the identity of the message may change */
};

static void complain(struct run *r, const char *what, size_t at)
{
    r->failures++;
    if (r->failures < 40)
        printf("FAIL %s %s: %s (at %zu; rule %s)\n", r->adapter->name, r->sample, what,
               at, r->report.fault.rule ? r->report.fault.rule : "none");
}

static bool read_whole(const char *path, struct gw_buf *out)
{
    FILE *f = fopen(path, "rb");
    gw_buf_reset(out);
    while (f) {
        uint8_t *to = gw_buf_reserve(out, 65536);
        size_t n = to ? fread(to, 1, 65536, f) : 0;
        if (!n)
            break;
        gw_buf_advance(out, n);
    }
    if (f)
        (void)fclose(f);
    return f && !out->failed;
}

/* ---- one call ---- */

static void check_refusal(struct run *r, enum gw_error e, struct gw_slice in, size_t at)
{
    if (r->events.count)
        complain(r, "refused, but events were left behind", at);
    if (r->report.fault.code != e || !r->report.fault.rule || !*r->report.fault.rule)
        complain(r, "refused without a rule", at);
    if (r->report.fault.at > in.len)
        complain(r, "refused at an offset outside the input", at);
    if (!memchr(r->report.detail, 0, sizeof r->report.detail))
        complain(r, "the detail does not end", at);
}

static void check_events(struct run *r, size_t at)
{
    for (uint32_t i = 0; i < r->events.count; i++) {
        size_t used;
        uint32_t root;
        struct gw_fault fault = {0};
        struct gw_slice bytes = gw_events_at(&r->events, i);
        if (gw_tree_read(&r->tree, bytes, &used, &root, &fault) || used != bytes.len ||
            gw_shape_fit(&r->tree, root, &fault) ||
            gw_shape_check(&r->tree, root, &fault))
            complain(r, "an event that the schema refuses", at);
    }
    for (uint32_t i = 0; i < r->report.finding_count && i < 32; i++)
        if (!r->report.findings[i].rule)
            complain(r, "a finding without a rule", at);
}

static enum gw_error decode(struct run *r, struct gw_slice in, size_t at)
{
    struct timespec from, to;
    gw_events_reset(&r->events);
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    enum gw_error e = gw_format_decode(&r->format, in, &r->events, &r->report);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    r->decodes++;
    if (to.tv_sec - from.tv_sec > SLOW_S)
        complain(r, "takes too long", at);
    if (e)
        check_refusal(r, e, in, at);
    else
        check_events(r, at);
    return e;
}

/* What was decoded, encoded; a refusal of the encoder names the event and a rule. */
static enum gw_error encode(struct run *r, size_t at)
{
    struct gw_fault fault = {0};
    gw_buf_reset(&r->encoded);
    enum gw_error e =
        r->adapter->encode(r->format.state, &r->events, &r->encoded, &fault);
    if (e && (!fault.rule || fault.at >= r->events.count))
        complain(r, "the encoder refuses without event or rule", at);
    return e;
}

/* What is answered, the format can read. */
static void reply(struct run *r, struct gw_slice in, size_t at)
{
    struct gw_report said = r->report;
    gw_buf_reset(&r->encoded);
    if (r->adapter->reply(r->format.state, in, &said, &r->encoded)) {
        complain(r, "cannot answer", at);
    } else if (r->encoded.len) {
        gw_events_reset(&r->events);
        if (gw_format_decode(&r->format, gw_buf_bytes(&r->encoded), &r->events,
                             &r->report))
            complain(r, "refuses its own answer", at);
        check_events(r, at);
    }
    r->report = said;
}

/* ---- damage ---- */

static size_t step_of(const struct run *r, size_t len)
{
    return r->whole || len <= PART ? 1 : len / PART + 1;
}

/* An exact copy on the heap, so that a sanitizer sees the first byte read behind it. */
static void decode_copy(struct run *r, struct gw_slice in, size_t at)
{
    uint8_t *copy = malloc(in.len ? in.len : 1);
    if (!copy)
        exit(2);
    if (in.len)
        memcpy(copy, in.at, in.len);
    if (!decode(r, gw_slice(copy, in.len), at) && r->adapter->encode && r->events.count)
        (void)encode(r, at);
    if (r->adapter->reply)
        reply(r, gw_slice(copy, in.len), at);
    free(copy);
}

static void cut_everywhere(struct run *r, struct gw_slice sample)
{
    for (size_t n = 0; n < sample.len; n += step_of(r, sample.len))
        decode_copy(r, gw_slice(sample.at, n), n);
}

static void change_everywhere(struct run *r, struct gw_slice sample)
{
    static const uint8_t flips[] = {0x01, 0x10, 0x80};
    uint8_t *copy = malloc(sample.len ? sample.len : 1);
    if (!copy)
        exit(2);
    if (sample.len)
        memcpy(copy, sample.at, sample.len);
    for (size_t i = 0; i < sample.len; i += step_of(r, sample.len)) {
        for (size_t k = 0; k < sizeof flips; k++) {
            copy[i] = sample.at[i] ^ flips[k];
            decode_copy(r, gw_slice(copy, sample.len), i);
        }
        copy[i] = 0;
        decode_copy(r, gw_slice(copy, sample.len), i);
        copy[i] = sample.at[i];
    }
    free(copy);
}

static size_t memory_in_use(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

/* ---- decode, encode, decode ---- */

static bool is_not_carried(const struct run *r, struct gw_slice key)
{
    char named[160];
    if (gw_slice_is(key, "id") || gw_slice_is(key, "source") ||
        gw_slice_is(key, "quality"))
        return true;
    (void)snprintf(named, sizeof named, "%s %.*s", r->sample, GW_FMT(key));
    for (unsigned i = 0; i < r->not_carried_count; i++)
        if (!r->strict && (gw_slice_is(key, r->not_carried[i]) ||
                           strcmp(named, r->not_carried[i]) == 0))
            return true;
    return false;
}

static bool same(const struct gw_tree *a, uint32_t x, const struct gw_tree *b, uint32_t y)
{
    const struct gw_node *m = gw_node(a, x), *n = gw_node(b, y);
    if (!x || !y || m->kind != n->kind || !gw_slice_eq(m->key, n->key))
        return false;
    switch ((enum gw_kind)m->kind) {
    case GW_STR:
        return gw_slice_eq(m->s, n->s);
    case GW_INT:
        return m->i == n->i;
    case GW_FLOAT:
        return m->f == n->f;
    case GW_BOOL:
        return m->b == n->b;
    case GW_NIL:
        return true;
    case GW_ARRAY:
    case GW_MAP:
        break;
    }
    uint32_t j = n->first;
    for (GW_FOREACH_CHILD (a, x, child)) {
        if (!same(a, child, b, j))
            return false;
        j = gw_node(b, j)->next;
    }
    return !j;
}

static void differs(struct run *r, struct gw_slice key, const char *how)
{
    char what[120];
    (void)snprintf(what, sizeof what, "%.*s %s %s", GW_FMT(key), how,
                   r->strict ? "the second time" : "after encode and decode");
    complain(r, what, 0);
}

static void compare_fields(struct run *r, uint32_t x, uint32_t y)
{
    for (GW_FOREACH_CHILD (&r->tree, x, child)) {
        struct gw_slice key = gw_node(&r->tree, child)->key;
        if (!is_not_carried(r, key) &&
            !same(&r->tree, child, &r->other, gw_tree_child(&r->other, y, key)))
            differs(r, key, "is another");
    }
    for (GW_FOREACH_CHILD (&r->other, y, child)) {
        struct gw_slice key = gw_node(&r->other, child)->key;
        if (!is_not_carried(r, key) && !gw_tree_child(&r->tree, x, key))
            differs(r, key, "is new");
    }
}

static void compare_events(struct run *r)
{
    if (r->events.count != r->again.count) {
        complain(r, "another number of events after encode and decode", r->events.count);
        return;
    }
    for (uint32_t i = 0; i < r->events.count; i++) {
        size_t used;
        uint32_t x, y;
        struct gw_fault fault;
        if (gw_tree_read(&r->tree, gw_events_at(&r->again, i), &used, &x, &fault) ||
            gw_tree_read(&r->other, gw_events_at(&r->events, i), &used, &y, &fault))
            complain(r, "an event that cannot be read", i);
        else
            compare_fields(r, x, y);
    }
}

/* What was decoded last against what its encoding is decoded to. */
static bool once_around(struct run *r, bool strict)
{
    r->strict = strict;
    if (encode(r, 0))
        return false;
    gw_events_reset(&r->again);
    for (uint32_t i = 0; i < r->events.count; i++)
        if (gw_events_add_bytes(&r->again, gw_events_at(&r->events, i)))
            exit(2);
    if (decode(r, gw_buf_bytes(&r->encoded), 0)) {
        complain(r, "refuses what it has written", r->report.fault.at);
        return false;
    }
    compare_events(r);
    return true;
}

static void round_trip(struct run *r, struct gw_slice sample)
{
    if (!r->adapter->encode || decode(r, sample, 0) || !r->events.count)
        return;
    if (once_around(r, false)) {
        (void)once_around(r, true);
        r->round_trips++;
    }
}

/* ---- samples ---- */

static void one_sample(struct run *r, struct gw_slice sample)
{
    (void)decode(r, sample, 0);
    cut_everywhere(r, sample);
    change_everywhere(r, sample);
    size_t before = memory_in_use();
    cut_everywhere(r, sample);
    size_t after = memory_in_use();
    if (after > before + GROWTH)
        complain(r, "memory grows", after - before);
    round_trip(r, sample);
}

static bool is_sample(const char *name)
{
    static const char *const not [] = {".expected", ".reason", ".md",
                                       ".txt",      ".csv",    ".yaml"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        if (n > strlen(not [i]) && strcmp(name + n - strlen(not [i]), not [i]) == 0)
            return false;
    return name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static unsigned each_sample(struct run *r)
{
    struct dirent **entries = NULL;
    char dir[512], path[1024];
    struct stat st;
    unsigned samples = 0;
    (void)snprintf(dir, sizeof dir, ROOT "%s/samples", r->adapter->name);
    int n = scandir(dir, &entries, NULL, by_name);
    for (int i = 0; i < n; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, entries[i]->d_name);
        r->sample = entries[i]->d_name;
        if (is_sample(r->sample) && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
            read_whole(path, &r->work)) {
            one_sample(r, gw_buf_bytes(&r->work));
            samples++;
        }
        free(entries[i]);
    }
    free(entries);
    return samples;
}

static void read_not_carried(struct run *r)
{
    const unsigned most = sizeof r->not_carried / sizeof *r->not_carried;
    char path[512], line[160];
    (void)snprintf(path, sizeof path, ROOT "%s/not_carried.txt", r->adapter->name);
    FILE *f = fopen(path, "r");
    while (f && r->not_carried_count < most && fgets(line, sizeof line, f)) {
        size_t n = strcspn(line, "#\r\n");
        while (n && line[n - 1] == ' ')
            n--;
        line[n] = 0;
        if (n)
            (void)snprintf(r->not_carried[r->not_carried_count++], sizeof *r->not_carried,
                           "%.79s", line);
    }
    if (f)
        (void)fclose(f);
}

/* ---- formats ---- */

static void open_run(struct run *r, const struct gw_places *places)
{
    struct gw_text why;
    gw_options_default(&r->options);
    r->options.now_ms = NOW_MS;
    r->options.places = places;
    gw_events_init(&r->events, 64u << 20, 100000);
    gw_events_init(&r->again, 64u << 20, 100000);
    gw_buf_init(&r->encoded, 16u << 20);
    gw_buf_init(&r->work, SAMPLE_MOST);
    if (gw_tree_init(&r->tree, &gw_budget_default) ||
        gw_tree_init(&r->other, &gw_budget_default) ||
        gw_format_open(&r->format, r->adapter, &r->options, &why)) {
        printf("FAIL %s cannot be opened\n", r->adapter->name);
        exit(1);
    }
}

static void close_run(struct run *r)
{
    gw_format_close(&r->format);
    gw_events_deinit(&r->events);
    gw_events_deinit(&r->again);
    gw_buf_deinit(&r->encoded);
    gw_buf_deinit(&r->work);
    gw_tree_deinit(&r->tree);
    gw_tree_deinit(&r->other);
}

/* A failed open leaves nothing behind either. */
static void open_badly(struct run *r)
{
    struct gw_options bad;
    struct gw_format format;
    struct gw_text why;
    gw_options_default(&bad);
    bad.zone = "No/Such_Zone";
    if (gw_format_open(&format, r->adapter, &bad, &why) && !*why.s)
        complain(r, "a failed open does not say why", 0);
    gw_format_close(&format);
}

static unsigned one_format(const struct gw_adapter *adapter,
                           const struct gw_places *places, bool whole)
{
    struct run r = {.adapter = adapter, .sample = "", .whole = whole};
    open_run(&r, places);
    read_not_carried(&r);
    open_badly(&r);
    decode_copy(&r, gw_slice(NULL, 0), 0);
    if (r.report.fault.code == GW_OK && r.events.count)
        complain(&r, "events out of nothing", 0);
    unsigned samples = each_sample(&r);
    if (!samples)
        complain(&r, "no samples in tests/adapters/<format>/samples", 0);
    if (adapter->encode && samples && !r.round_trips)
        complain(&r, "no sample that can be encoded again", 0);
    printf("%s: %u samples, %u decodes, %u round trips, %u failures\n", adapter->name,
           samples, r.decodes, r.round_trips, r.failures);
    unsigned failures = r.failures;
    close_run(&r);
    return failures;
}

int main(void)
{
    const char *how = getenv("KARVAN_CONFORMANCE");
    struct gw_places *places = NULL;
    struct gw_text why;
    struct gw_buf csv;
    unsigned failures = 0;
    gw_buf_init(&csv, SAMPLE_MOST);
    if (!read_whole(GW_SOURCE_DIR "/config/places.csv", &csv) ||
        gw_places_read(&places, gw_buf_bytes(&csv), &why))
        return 2;
    for (const struct gw_adapter *const *a = gw_adapters; *a; a++)
        failures += one_format(*a, places, how && strcmp(how, "whole") == 0);
    gw_places_free(places);
    gw_buf_deinit(&csv);
    return failures ? 1 : 0;
}
