/* drop.c - EDIFACT files into the folders of their companies' adapters. */
#include "bench/demo/drop.h"
#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "bench/demo/interchange.h"
#include "bench/demo/words.h"
#include "pipeline/profile.h"

#define FORMAT       "edifact"
#define FILE_WAIT_NS 400000000 /* ... or this long after the first move */
#define COPY_EVERY   6         /* of so many files one is dropped a second time */
#define BREAK_AT     4         /* the file of this number is followed by a damaged one */
#define EVENTS_BYTES (1u << 20)

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

/* ---- opening ---- */

static enum gw_error write_settings(const struct demo_dropper *p,
                                    const struct demo_stage *stage,
                                    const char *config_dir)
{
    const char *name = demo_companies[p->who].name;
    char path[400];
    struct gw_buf out;
    enum gw_error e;

    gw_buf_init(&out, 1u << 14);
    gw_buf_printf(&out,
                  "adapters:\n  - name: %s\n    format: %s\n    endpoint: \"%s\"\n"
                  "    server_key: %s/gateway.keys\n    keys: %s/%s.keys\n",
                  DEMO_FILES_ADAPTER, FORMAT, stage->endpoint, stage->dir, stage->dir,
                  name);
    /* Files are renamed into the inbox, so they need no time to settle. */
    gw_buf_printf(&out,
                  "    source: {folder: ., settle_ms: 0}\n"
                  "    options: {sender: %s, places: \"%s/places.csv\"}\n",
                  name, config_dir);
    (void)snprintf(path, sizeof path, "%s/adapter.yaml", p->dir);
    e = gw_child_write_file(path, gw_buf_text(&out));
    gw_buf_deinit(&out);
    return e;
}

static enum gw_error start_adapter(struct demo_dropper *p)
{
    char config[400];
    const char *argv[] = {"karvan-adapter", "run", config, NULL};
    (void)snprintf(config, sizeof config, "%s/adapter.yaml", p->dir);
    p->adapter = gw_child_start(argv, p->log);
    return p->adapter > 0 ? GW_OK : GW_IO;
}

static enum gw_error open_codec(struct demo_dropper *p, const struct gw_places *places)
{
    const struct gw_adapter *a = gw_format_find(FORMAT);
    struct gw_text why = {""};
    enum gw_error e;

    if (!a)
        return GW_NOT_FOUND;
    gw_options_default(&p->options);
    p->options.sender = demo_companies[p->who].name;
    p->options.recipient = "karvan";
    p->options.now_ms = gw_now_ms(&gw_clock_system);
    p->options.places = places;
    e = gw_format_open(&p->codec, a, &p->options, &why);
    if (e)
        fprintf(stderr, "demo: %s: %s\n", FORMAT, why.s);
    return e;
}

static enum gw_error open_one(struct demo_dropper *p, const struct demo_stage *stage,
                              const struct gw_places *places, const char *config_dir)
{
    char path[400];
    enum gw_error e;

    (void)snprintf(p->dir, sizeof p->dir, "%.200s/%s", stage->dir,
                   demo_companies[p->who].name);
    (void)snprintf(p->log, sizeof p->log, "%.200s/%s.log", stage->dir,
                   demo_companies[p->who].name);
    (void)snprintf(path, sizeof path, "%s/inbox", p->dir);
    if (mkdir(p->dir, 0700) || mkdir(path, 0700))
        return GW_IO;
    gw_buf_init(&p->last, EVENTS_BYTES);
    e = open_codec(p, places);
    if (!e)
        e = write_settings(p, stage, config_dir);
    return e ? e : start_adapter(p);
}

enum gw_error demo_drop_open(struct demo_drop *d, const struct demo_stage *stage,
                             const struct gw_places *places, const char *config_dir)
{
    enum gw_error e = gw_tree_init(&d->tree, &gw_budget_default);

    gw_events_init(&d->decoded, EVENTS_BYTES, 4 * DEMO_FILE_EVENTS);
    d->places = places;
    gw_buf_init(&d->bytes, EVENTS_BYTES);
    for (uint32_t i = 0; i < DEMO_COMPANIES && !e; i++) {
        d->at[i].who = (enum demo_who)i;
        if (demo_companies[i].door != DEMO_EDIFACT)
            continue;
        e = open_one(&d->at[i], stage, places, config_dir);
        if (e)
            fprintf(stderr, "demo: %s: the EDIFACT door: %s\n", demo_companies[i].name,
                    gw_error_text(e));
    }
    return e;
}

static void close_one(struct demo_dropper *p)
{
    if (p->adapter > 0)
        (void)gw_child_stop(p->adapter, 5000);
    p->adapter = 0;
    gw_format_close(&p->codec);
    gw_buf_deinit(&p->last);
}

void demo_drop_close(struct demo_drop *d)
{
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        close_one(&d->at[i]);
    gw_tree_deinit(&d->tree);
    gw_events_deinit(&d->decoded);
    gw_buf_deinit(&d->bytes);
}

enum demo_who demo_drop_dead(const struct demo_drop *d)
{
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        if (d->at[i].adapter > 0 &&
            waitpid(d->at[i].adapter, NULL, WNOHANG | WNOWAIT) > 0)
            return (enum demo_who)i;
    return DEMO_COMPANIES;
}

/* ---- files ---- */

/* Whole or not at all: written beside the inbox, then renamed into it. */
static enum gw_error put_file(const struct demo_dropper *p, const char *name,
                              struct gw_slice content)
{
    char beside[400], to[400];
    FILE *f;
    bool ok;

    (void)snprintf(beside, sizeof beside, "%s/%s.part", p->dir, name);
    (void)snprintf(to, sizeof to, "%s/inbox/%s", p->dir, name);
    f = fopen(beside, "wb");
    ok = f && fwrite(content.at, 1, content.len, f) == content.len;
    if (f && fclose(f))
        ok = false;
    return ok && rename(beside, to) == 0 ? GW_OK : GW_IO;
}

/* Files of this pattern below the company's folder: "done" has a folder for each date. */
static uint32_t count_files(const struct demo_dropper *p, const char *pattern)
{
    char path[400];
    glob_t found = {0};
    uint32_t n;
    (void)snprintf(path, sizeof path, "%s/%s", p->dir, pattern);
    n = glob(path, GLOB_NOSORT, NULL, &found) ? 0 : (uint32_t)found.gl_pathc;
    globfree(&found);
    return n;
}

/* One event as it will arrive: with the id and the place that the gateway gives it. */
static enum gw_error enter_one(struct demo_drop *d, struct demo_dropper *p,
                               struct gw_slice event, int64_t now)
{
    struct gw_fault fault = {0};
    struct demo_content content;
    size_t used;
    uint32_t root;
    enum gw_error e = gw_tree_read(&d->tree, event, &used, &root, &fault);
    if (!e)
        e = gw_normalise(NULL, d->places, &d->tree, root, &fault);
    if (e)
        return e;
    demo_content_of_tree(&d->tree, root, &content);
    return demo_ledger_send(d->ledger, p->who, gw_tree_str(&d->tree, root, "id"),
                            &content, now);
}

/* Read the file as the adapter will, and enter every event into the books. */
static enum gw_error enter(struct demo_drop *d, struct demo_dropper *p,
                           struct gw_slice file, uint32_t expected)
{
    struct gw_report report = {0};
    int64_t now = now_ns();
    enum gw_error e;

    gw_events_reset(&d->decoded);
    e = gw_format_decode(&p->codec, file, &d->decoded, &report);
    if (!e && d->decoded.count != expected)
        e = GW_FORMAT;
    for (uint32_t i = 0; i < d->decoded.count && !e; i++)
        e = enter_one(d, p, gw_events_at(&d->decoded, i), now);
    if (e)
        fprintf(stderr, "demo: %s: a file of %u events decodes to %u: %s %s\n",
                demo_companies[p->who].name, expected, d->decoded.count, gw_error_text(e),
                report.detail);
    return e;
}

static enum gw_error drop_copy(struct demo_drop *d, struct demo_dropper *p)
{
    char name[64];
    enum gw_error e;

    (void)snprintf(name, sizeof name, "copy-%04u.edi", ++p->copies);
    e = put_file(p, name, gw_buf_bytes(&p->last));
    if (e)
        return e;
    p->copied += p->last_events;
    d->ledger->accounts[p->who].sent += p->last_events;
    return GW_OK;
}

/* Half an interchange, as a broken transfer leaves it: to be refused whole. */
static enum gw_error drop_broken(struct demo_drop *d, struct demo_dropper *p)
{
    struct gw_slice half = gw_slice(p->last.at, p->last.len / 2);
    struct gw_report report = {0};
    char name[64];

    gw_events_reset(&d->decoded);
    if (!gw_format_decode(&p->codec, half, &d->decoded, &report))
        return GW_OK; /* still readable: then it is no example */
    (void)snprintf(name, sizeof name, "broken-%04u.edi", ++p->broken);
    d->ledger->accounts[p->who].sent++;
    return put_file(p, name, half);
}

static enum gw_error write_file(struct demo_drop *d, struct demo_dropper *p, int kind)
{
    struct demo_pending *pending = &p->pending[kind];
    uint32_t count = pending->count;
    char name[64];
    enum gw_error e;

    gw_buf_reset(&d->bytes);
    e = demo_interchange_write(pending->moves, count, ++p->files, &d->bytes);
    pending->count = 0;
    if (!e)
        e = enter(d, p, gw_buf_bytes(&d->bytes), count);
    (void)snprintf(name, sizeof name, "%s-%04u.edi",
                   kind == DEMO_AT_SHIP ? "coarri" : "codeco", p->files);
    if (!e)
        e = put_file(p, name, gw_buf_bytes(&d->bytes));
    if (e)
        return e;
    d->ledger->accounts[p->who].sent += count;
    p->published += count;
    p->last_events = count;
    gw_buf_reset(&p->last);
    gw_buf_slice(&p->last, gw_buf_bytes(&d->bytes));
    if (p->files == BREAK_AT)
        e = drop_broken(d, p);
    return !e && p->files % COPY_EVERY == 0 ? drop_copy(d, p) : e;
}

/* A message tells of one ship or train: a move of another one begins the next file. */
static bool goes_with(const struct demo_pending *pending, const struct demo_happening *h)
{
    const struct demo_happening *first = &pending->moves[0];
    return !pending->count || (first->what == h->what &&
                               (h->sea ? strcmp(first->unit.vessel, h->unit.vessel) == 0
                                       : strcmp(first->unit.train, h->unit.train) == 0));
}

enum gw_error demo_drop_add(struct demo_drop *d, const struct demo_happening *h)
{
    struct demo_dropper *p = &d->at[h->who];
    int kind = h->sea ? DEMO_AT_SHIP : DEMO_AT_GATE;
    struct demo_pending *pending = &p->pending[kind];
    enum gw_error e = goes_with(pending, h) ? GW_OK : write_file(d, p, kind);

    if (e)
        return e;
    if (!pending->count)
        pending->oldest_ns = now_ns();
    pending->moves[pending->count++] = *h;
    demo_words_of_happening(h, d->ledger->accounts[h->who].last);
    return pending->count == DEMO_FILE_EVENTS ? write_file(d, p, kind) : GW_OK;
}

enum gw_error demo_drop_flush(struct demo_drop *d, bool all)
{
    int64_t now = now_ns();
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        for (int kind = 0; kind < DEMO_FILE_KINDS && !e; kind++) {
            struct demo_pending *pending = &d->at[i].pending[kind];
            if (pending->count && (all || now - pending->oldest_ns > FILE_WAIT_NS))
                e = write_file(d, &d->at[i], kind);
        }
    return e;
}

/* ---- what became of them ---- */

/* The adapter itself recognises a file it had already, and refuses one it cannot read. */
static void account_one(struct demo_drop *d, struct demo_dropper *p,
                        const struct demo_status *status)
{
    struct demo_account *a = &d->ledger->accounts[p->who];
    uint64_t accepted = status->files[p->who].accepted;

    if (status->known && accepted > a->accepted)
        demo_ledger_accept(d->ledger, p->who, accepted - a->accepted);
    if (p->copies && count_files(p, "done/*/copy-*.edi") == p->copies)
        a->duplicates = p->copied;
    a->refused = status->files[p->who].refused + count_files(p, "failed/broken-*.edi");
}

void demo_drop_account(struct demo_drop *d, const struct demo_status *status)
{
    d->refusals->files = 0;
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++) {
        if (demo_companies[i].door == DEMO_EDIFACT)
            account_one(d, &d->at[i], status);
        d->refusals->files += d->at[i].broken;
    }
}
