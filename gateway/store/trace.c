/* trace.c - the runs of a folder as one index, and journeys out of it. */
#include "store/trace.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/hash.h"
#include "store/trace_parts.h"

#define TRIES 8   /* the tracer may merge what was just listed */
#define PIECE 256 /* events read at a time */

uint64_t gw_trace_key(enum gw_trace_kind kind, struct gw_slice id)
{
    return gw_hash64(id, 0x74726163650000ull + (uint64_t)kind);
}

/* "booking:BKG1" is indexed by its value. */
static struct gw_slice bare(enum gw_trace_kind kind, struct gw_slice id,
                            struct gw_slice *scheme)
{
    const uint8_t *colon =
        kind == GW_TRACE_CONSIGNMENT && id.len ? memchr(id.at, ':', id.len) : NULL;
    *scheme = gw_slice(id.at, colon ? (size_t)(colon - id.at) : 0);
    return colon ? gw_slice(colon + 1, id.len - scheme->len - 1) : id;
}

bool gw_trace_about(const struct gw_facts *f, enum gw_trace_kind kind, struct gw_slice id)
{
    struct gw_slice scheme, value = bare(kind, id, &scheme);
    if (kind == GW_TRACE_EQUIPMENT) {
        for (unsigned i = 0; i < f->equipment_count; i++)
            if (gw_slice_eq(f->equipment[i], id))
                return true;
        return false;
    }
    for (unsigned i = 0; i < f->reference_count; i++)
        if (gw_slice_eq(f->reference[i], value) &&
            (!scheme.len || gw_slice_eq(f->scheme[i], scheme)))
            return true;
    return false;
}

/* ---- the folder ---- */

struct range {
    uint64_t from, to;
};

static int by_from(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to > y->to ? -1 : x->to < y->to; /* the widest first */
}

static enum gw_error list(const char *dir, struct range *out, uint32_t *count)
{
    struct dirent *d;
    DIR *open = opendir(dir);
    *count = 0;
    if (!open)
        return errno == ENOENT ? GW_OK : GW_IO;
    while ((d = readdir(open)) != NULL && *count < GW_RUNS_MOST)
        if (gw_run_parse(d->d_name, &out[*count].from, &out[*count].to))
            ++*count;
    (void)closedir(open);
    qsort(out, *count, sizeof *out, by_from);
    return GW_OK;
}

enum gw_error gw_trace_wipe(const char *dir)
{
    struct range *ranges = calloc(GW_RUNS_MOST, sizeof *ranges);
    uint32_t count = 0;
    enum gw_error e = ranges ? list(dir, ranges, &count) : GW_NOMEM;
    for (uint32_t i = 0; i < count && !e; i++) {
        char name[64], path[500];
        gw_run_name(ranges[i].from, ranges[i].to, name);
        (void)snprintf(path, sizeof path, "%s/%s", dir, name);
        if (unlink(path) != 0 && errno != ENOENT)
            e = GW_IO;
    }
    free(ranges);
    return e;
}

static void close_runs(struct gw_trace *t)
{
    while (t->count)
        gw_run_close(t->runs[--t->count]);
}

/* Those that follow one another; what a merged one covers is passed over. */
static enum gw_error open_runs(struct gw_trace *t, const struct range *ranges,
                               uint32_t count)
{
    uint64_t next = count ? ranges[0].from : 0;
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; i < count && !e; i++) {
        if (ranges[i].from != next)
            continue;
        e = gw_run_open(&t->runs[t->count], t->dir, ranges[i].from, ranges[i].to);
        if (!e) {
            t->count++;
            next = ranges[i].to + 1;
        }
    }
    return e;
}

enum gw_error gw_trace_open(struct gw_trace **out, const char *dir)
{
    struct gw_trace *t = calloc(1, sizeof *t);
    struct range *ranges = calloc(GW_RUNS_MOST, sizeof *ranges);
    enum gw_error e = t && ranges ? GW_NOT_FOUND : GW_NOMEM;
    uint32_t count = 0;

    *out = NULL;
    if (t)
        (void)snprintf(t->dir, sizeof t->dir, "%s", dir);
    for (int i = 0; i < TRIES && e == GW_NOT_FOUND; i++) {
        close_runs(t);
        e = list(dir, ranges, &count);
        if (!e)
            e = open_runs(t, ranges, count);
    }
    free(ranges);
    if (e) {
        gw_trace_close(t);
        return e == GW_NOT_FOUND ? GW_IO : e;
    }
    *out = t;
    return GW_OK;
}

void gw_trace_close(struct gw_trace *t)
{
    if (!t)
        return;
    close_runs(t);
    free(t);
}

void gw_trace_range(const struct gw_trace *t, uint64_t *from, uint64_t *to)
{
    *from = t->count ? gw_run_from(t->runs[0]) : 0;
    *to = t->count ? gw_run_to(t->runs[t->count - 1]) : 0;
}

enum gw_error gw_trace_find(const struct gw_trace *t, enum gw_trace_kind kind,
                            struct gw_slice id, struct gw_buf *seqs)
{
    struct gw_slice scheme;
    uint64_t key = gw_trace_key(kind, bare(kind, id, &scheme));
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; i < t->count && !e; i++)
        e = gw_run_find(t->runs[i], key, seqs);
    return e;
}

/* ---- journeys ---- */

struct looking {
    struct gw_journal *j;
    struct gw_reader *r;
    struct gw_stored *stored;
    struct gw_facts *facts;
    enum gw_trace_kind kind;
    struct gw_slice id;
    bool (*visit)(void *ctx, const struct gw_stored *s, const struct gw_facts *f);
    void *ctx;
    bool stopped;
};

static void show(struct looking *l, const struct gw_stored *s)
{
    if (!l->stopped && !gw_facts_read(s->event, l->facts) &&
        gw_trace_about(l->facts, l->kind, l->id))
        l->stopped = !l->visit(l->ctx, s, l->facts);
}

static enum gw_error read_indexed(struct looking *l, const struct gw_buf *seqs,
                                  uint64_t first)
{
    enum gw_error e = GW_OK;
    for (size_t i = 0; i < seqs->len / sizeof(uint64_t) && !e && !l->stopped; i++) {
        uint64_t seq;
        uint32_t n = 0;
        memcpy(&seq, seqs->at + i * sizeof seq, sizeof seq);
        if (seq < first)
            continue; /* retention has dropped it */
        e = l->j->ops->read(l->r, seq, l->stored, 1, 1, &n);
        if (n)
            show(l, l->stored);
    }
    return e == GW_NOT_FOUND ? GW_OK : e; /* dropped meanwhile */
}

static enum gw_error read_range(struct looking *l, uint64_t from, uint64_t to)
{
    enum gw_error e = GW_OK;
    while (from <= to && !e && !l->stopped) {
        uint32_t n = 0;
        e = l->j->ops->read(l->r, from, l->stored, PIECE, 1u << 20, &n);
        for (uint32_t i = 0; i < n && l->stored[i].seq <= to; i++)
            show(l, &l->stored[i]);
        if (!n)
            break;
        from = l->stored[n - 1].seq + 1;
    }
    return e;
}

static enum gw_error look(struct looking *l, const struct gw_trace *t)
{
    struct gw_journal_status st;
    struct gw_buf seqs;
    uint64_t from, to;
    enum gw_error e;

    l->j->ops->status(l->j, &st);
    gw_trace_range(t, &from, &to);
    if (!to || from > st.first_seq ||
        to > st.last_seq) /* not of this journal: all is read */
        return st.last_seq ? read_range(l, st.first_seq, st.last_seq) : GW_OK;
    gw_buf_init(&seqs, 1u << 28);
    e = gw_trace_find(t, l->kind, l->id, &seqs);
    if (!e)
        e = read_indexed(l, &seqs, st.first_seq);
    if (!e)
        e = read_range(l, to + 1, st.last_seq);
    gw_buf_deinit(&seqs);
    return e;
}

enum gw_error gw_trace_journey(struct gw_journal *j, const struct gw_trace *t,
                               enum gw_trace_kind kind, struct gw_slice id,
                               bool (*visit)(void *ctx, const struct gw_stored *s,
                                             const struct gw_facts *f),
                               void *ctx)
{
    struct looking l = {.j = j, .kind = kind, .id = id, .visit = visit, .ctx = ctx};
    enum gw_error e = j->ops->reader_open(j, &l.r);

    l.stored = calloc(PIECE, sizeof *l.stored);
    l.facts = calloc(1, sizeof *l.facts);
    if (!e && (!l.stored || !l.facts))
        e = GW_NOMEM;
    if (!e)
        e = look(&l, t);
    if (l.r)
        j->ops->reader_close(l.r);
    free(l.stored);
    free(l.facts);
    return e;
}
