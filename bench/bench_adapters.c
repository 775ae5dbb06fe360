/* bench_adapters.c - how fast each codec reads its samples: MB/s and messages/s, on one
 * core. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include "adapters/format.h"
#include "base/clock.h"
#include "bench/bench.h"
#include "bench/load.h"
#include "bench/options.h"
#include "bench/result.h"
#include "model/json.h"

#define SAMPLES_MOST 256
#define FILE_MOST    (4u << 20)

struct call {
    const char *samples, *only;
    double seconds;
    bool json;
};

struct samples {
    struct gw_buf file[SAMPLES_MOST];
    uint32_t count;
};

static bool read_file(const char *path, struct gw_buf *out)
{
    char piece[65536];
    size_t n;
    FILE *f = fopen(path, "r");
    gw_buf_init(out, FILE_MOST);
    while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
        gw_buf_add(out, piece, n);
    if (f)
        (void)fclose(f);
    return f && out->len && !gw_buf_status(out);
}

/* Every file of a folder that is no expectation. */
static void load_samples(struct samples *s, const char *dir)
{
    struct dirent *d;
    DIR *open = opendir(dir);
    while (open && (d = readdir(open)) != NULL && s->count < SAMPLES_MOST) {
        char path[1200];
        const char *suffix = strrchr(d->d_name, '.');
        if (d->d_name[0] == '.' || !suffix || strcmp(suffix, ".expected") == 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", dir, d->d_name);
        if (read_file(path, &s->file[s->count]))
            s->count++;
        else
            gw_buf_deinit(&s->file[s->count]);
    }
    if (open)
        (void)closedir(open);
}

/* Lines of the measured event as JSON: ndjson needs no collection. */
static void make_lines(struct samples *s)
{
    struct gw_load load;
    struct gw_tree scratch;
    struct gw_buf *out = &s->file[0];
    bool ok = !gw_load_init(&load, 1, 0) && !gw_tree_init(&scratch, &gw_budget_default);

    gw_buf_init(out, FILE_MOST);
    for (uint64_t i = 0; ok && i < 1000; i++) {
        ok = !gw_json_from_msgpack(&scratch, gw_load_event(&load, i, 1), out, NULL);
        gw_buf_byte(out, '\n');
    }
    s->count = ok && !gw_buf_status(out);
    gw_load_deinit(&load);
    gw_tree_deinit(&scratch);
}

struct tally {
    uint64_t bytes, messages, refused, events;
    double seconds;
};

/* Decode all samples over and over; refusals are part of a codec's life and are timed
 * too. */
static void decode_all(struct gw_format *f, const struct samples *s, double seconds,
                       struct tally *t)
{
    struct gw_events events;
    struct gw_report *report = calloc(1, sizeof *report);
    int64_t began = gw_mono_ns(&gw_clock_system), now = began;

    gw_events_init(&events, 64u << 20, 1u << 20);
    while (report && (double)(now - began) < seconds * 1e9) {
        for (uint32_t i = 0; i < s->count; i++) {
            *report = (struct gw_report){0};
            gw_events_reset(&events);
            if (gw_format_decode(f, gw_buf_bytes(&s->file[i]), &events, report))
                t->refused++;
            t->messages++;
            t->bytes += s->file[i].len;
            t->events += events.count;
        }
        now = gw_mono_ns(&gw_clock_system);
    }
    t->seconds = (double)(now - began) / 1e9;
    gw_events_deinit(&events);
    free(report);
}

static int report(const struct call *c, const struct gw_adapter *a, uint32_t samples,
                  const struct tally *t, bool failed)
{
    double s = t->seconds > 0 ? t->seconds : 1;
    struct gw_result r;
    gw_result_begin(&r, "adapters", c->json);
    gw_result_text(&r, "format", a->name);
    gw_result_count(&r, "samples", samples);
    gw_result_number(&r, "mb_per_s", 1, (double)t->bytes / s / 1e6);
    gw_result_number(&r, "messages_per_s", 0, (double)t->messages / s);
    gw_result_number(&r, "events_per_s", 0, (double)t->events / s);
    gw_result_number(&r, "refused_share", 3,
                     t->messages ? (double)t->refused / (double)t->messages : 0);
    return gw_result_end(&r, failed);
}

static int measure(const struct call *c, const struct gw_adapter *a)
{
    struct samples *s = calloc(1, sizeof *s);
    struct gw_format f = {0};
    struct gw_options o;
    struct gw_text why = {""};
    struct tally t = {0};
    char dir[800];
    bool failed = !s;
    int status;

    gw_options_default(&o);
    o.now_ms = gw_now_ms(&gw_clock_system);
    (void)snprintf(dir, sizeof dir, "%s/%s/samples", c->samples, a->name);
    if (!failed)
        load_samples(s, dir);
    if (!failed && !s->count && strcmp(a->name, "ndjson") == 0)
        make_lines(s);
    if (!failed && s->count) {
        failed = gw_format_open(&f, a, &o, &why) != GW_OK;
        if (failed)
            fprintf(stderr, "bench: %s: %s\n", a->name, why.s);
        else
            decode_all(&f, s, c->seconds, &t);
        failed |= t.messages && t.refused == t.messages;
        gw_format_close(&f);
    } else
        fprintf(stderr, "bench: no samples in %s\n", dir);
    status = report(c, a, s ? s->count : 0, &t, failed);
    for (uint32_t i = 0; s && i < s->count; i++)
        gw_buf_deinit(&s->file[i]);
    free(s);
    return status;
}

static int run_adapters(int argc, char **argv)
{
    struct call c = {.samples = GW_BENCH_SOURCE "/tests/adapters", .seconds = 0.5};
    const struct gw_option rows[] = {
        {"samples", GW_OPTION_TEXT, &c.samples, 0, "folder with <format>/samples/*"},
        {"format", GW_OPTION_TEXT, &c.only, 0, "only this one"},
        {"seconds", GW_OPTION_REAL, &c.seconds, 0.01, "for each format"},
        {"json", GW_OPTION_ON, &c.json, 0, "JSON, one object a line"},
        {NULL, 0, NULL, 0, NULL}};
    int status = gw_options(rows, NULL, argc, argv);
    const struct gw_adapter *a;
    if (status >= 0)
        return status;
    status = 0;
    for (unsigned i = 0; (a = gw_format_item(i)) != NULL; i++)
        if (!c.only || strcmp(c.only, a->name) == 0)
            status |= measure(&c, a);
    return status;
}

const struct gw_bench gw_bench_adapters = {
    "adapters", "each codec over its samples: MB/s and messages/s", run_adapters};
