/* test_trace.c - journeys from the trace index are those a walk through the whole journal
 * finds. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <sys/stat.h>
#include "model/canon.h"
#include "model/shape.h"
#include "store/trace.h"
#include "unit/store/kit.h"

#define THINGS 40

static struct kit k;
static char dir[100];
static uint64_t chance_state, batches;
static struct gw_tree tree;

static uint32_t chance(uint32_t n)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (uint32_t)(chance_state >> 33) % n;
}

static void begin(void)
{
    chance_state = 41;
    batches = 0;
    kit_init(&k, true);
    cr_assert_eq(kit_open(&k), GW_OK, "%s", k.why.s);
    cr_assert_eq(gw_tree_init(&tree, &gw_budget_default), GW_OK);
    (void)snprintf(dir, sizeof dir, "%s/trace", k.dir);
}

static void wipe(void)
{
    struct dirent *d;
    DIR *open = opendir(dir);
    while (open && (d = readdir(open)) != NULL) {
        char path[400];
        (void)snprintf(path, sizeof path, "%s/%s", dir, d->d_name);
        (void)unlink(path);
    }
    if (open)
        (void)closedir(open);
    (void)rmdir(dir);
}

static void end(void)
{
    wipe();
    gw_tree_deinit(&tree);
    kit_end(&k);
}

/* One event about up to two containers and two bookings of a small world. */
static void add_event(struct gw_batch *b)
{
    char text[5][24];
    uint32_t root = gw_tree_root(&tree), at = (uint32_t)b->events.len;
    struct gw_record *r;

    (void)snprintf(text[0], 24, "e-%u-%u", (unsigned)batches, b->count);
    gw_tree_set_int(&tree, root, "schema", 1);
    gw_tree_set_str(&tree, root, "id", gw_slice_str(text[0]));
    gw_tree_set_str(&tree, root, "type", GW_LIT("load"));
    gw_tree_set_str(&tree, root, "class", GW_LIT("actual"));
    gw_tree_set_str(&tree, root, "subject", GW_LIT("equipment"));
    gw_tree_set_int(&tree, root, "time", 1795439100000);
    gw_tree_set_str(&tree, root, "time_basis", GW_LIT("stated-utc"));
    for (uint32_t i = 0, n = chance(3); i < n; i++) {
        char path[32];
        (void)snprintf(text[1 + i], 24, "C%u", chance(THINGS));
        (void)snprintf(path, sizeof path, "equipment[%u].id", i);
        gw_tree_set_str(&tree, root, path, gw_slice_str(text[1 + i]));
    }
    for (uint32_t i = 0, n = chance(3); i < n; i++) {
        char path[32];
        (void)snprintf(text[3 + i], 24, "B%u", chance(THINGS));
        (void)snprintf(path, sizeof path, "references[%u].scheme", i);
        gw_tree_set_str(&tree, root, path, i ? GW_LIT("smgs") : GW_LIT("booking"));
        (void)snprintf(path, sizeof path, "references[%u].value", i);
        gw_tree_set_str(&tree, root, path, gw_slice_str(text[3 + i]));
    }
    cr_assert_eq(gw_shape_fit(&tree, root, NULL), GW_OK);
    cr_assert_eq(gw_canon_write(&tree, root, &b->events), GW_OK);
    r = gw_batch_record(b);
    r->at = at;
    r->len = (uint32_t)b->events.len - at;
    r->index = b->count - 1;
    r->id_hash = gw_hash64(gw_slice_str(text[0]), 0);
    r->content = r->id_hash;
}

static void append(uint32_t events)
{
    struct gw_batch *b;
    cr_assert_eq(gw_batch_new(&b, 1u << 22, events), GW_OK);
    (void)snprintf(b->operator, sizeof b->operator, "ktz");
    (void)snprintf(b->adapter, sizeof b->adapter, "a");
    b->number = ++batches;
    b->received_ms = k.now_ms;
    for (uint32_t i = 0; i < events; i++)
        add_event(b);
    b->done = kit_done;
    b->done_ctx = &k;
    cr_assert_eq(k.journal->ops->append(k.journal, &b), GW_OK);
    kit_wait(&k, (uint32_t)batches);
    cr_assert_eq(k.last->result, GW_OK);
}

struct found {
    uint64_t seq[20000];
    uint32_t count;
};
static struct found by_index, by_walk;

static bool note(void *ctx, const struct gw_stored *s, const struct gw_facts *f)
{
    struct found *x = ctx;
    (void)f;
    cr_assert_lt(x->count, sizeof x->seq / sizeof *x->seq);
    x->seq[x->count++] = s->seq;
    return true;
}

static void walk(enum gw_trace_kind kind, struct gw_slice id)
{
    static struct gw_facts facts;
    struct gw_journal_status st;
    struct gw_stored s[64];
    uint32_t n = 1;
    by_walk.count = 0;
    k.journal->ops->status(k.journal, &st);
    for (uint64_t at = st.first_seq; at && n; at += n) {
        cr_assert_eq(k.journal->ops->read(k.reader, at, s, 64, 1u << 20, &n), GW_OK);
        for (uint32_t i = 0; i < n; i++)
            if (!gw_facts_read(s[i].event, &facts) && gw_trace_about(&facts, kind, id))
                note(&by_walk, &s[i], &facts);
    }
}

static void compare(const char *id, enum gw_trace_kind kind)
{
    struct gw_trace *t;
    cr_assert_eq(gw_trace_open(&t, dir), GW_OK);
    by_index.count = 0;
    cr_assert_eq(gw_trace_journey(k.journal, t, kind, gw_slice_str(id), note, &by_index),
                 GW_OK);
    walk(kind, gw_slice_str(id));
    cr_assert_eq(by_index.count, by_walk.count, "%s: %u, not %u", id, by_index.count,
                 by_walk.count);
    cr_assert_arr_eq(by_index.seq, by_walk.seq, by_walk.count * sizeof *by_walk.seq, "%s",
                     id);
    gw_trace_close(t);
}

static void compare_all(void)
{
    for (unsigned i = 0; i < THINGS; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "C%u", i);
        compare(id, GW_TRACE_EQUIPMENT);
        (void)snprintf(id, sizeof id, i % 2 ? "B%u" : "smgs:B%u", i);
        compare(id, GW_TRACE_CONSIGNMENT);
    }
    compare("never-heard-of", GW_TRACE_EQUIPMENT);
}

static uint32_t runs(void)
{
    struct dirent *d;
    uint32_t n = 0;
    DIR *open = opendir(dir);
    while (open && (d = readdir(open)) != NULL)
        n += strstr(d->d_name, ".run") != NULL;
    if (open)
        (void)closedir(open);
    return n;
}

static struct gw_tracer *tracer(void)
{
    struct gw_tracer *t;
    cr_assert_eq(gw_tracer_open(&t, k.journal, dir), GW_OK);
    return t;
}

static uint32_t step(struct gw_tracer *t, uint32_t most)
{
    uint32_t done;
    cr_assert_eq(gw_tracer_step(t, most, &done), GW_OK);
    return done;
}

Test(trace, without_an_index_the_journal_is_read, .init = begin, .fini = end)
{
    compare_all(); /* empty */
    append(300);
    compare_all();
    cr_assert_gt(by_walk.count + 1, 0);
}

Test(trace, index_merged_runs_and_tail_agree_with_a_walk, .init = begin, .fini = end)
{
    struct gw_tracer *t = tracer();
    for (int i = 0; i < 60; i++) {
        append(1 + chance(60));
        if (i % 5 != 4)
            (void)step(t, 1 + chance(70));
        if (i % 20 == 19)
            compare_all();
    }
    while (step(t, 100))
        ;
    cr_assert_lt(runs(), 24, "%u runs: nothing was merged", runs());
    compare_all();
    gw_tracer_stop(t);
}

Test(trace, goes_on_where_it_was, .init = begin, .fini = end)
{
    struct gw_tracer *t = tracer();
    struct gw_trace *x;
    uint64_t from, to;
    append(100);
    cr_assert_eq(step(t, 70), 70);
    gw_tracer_stop(t);
    t = tracer();
    cr_assert_eq(step(t, 1000), 30);
    gw_tracer_stop(t);
    cr_assert_eq(gw_trace_open(&x, dir), GW_OK);
    gw_trace_range(x, &from, &to);
    gw_trace_close(x);
    cr_assert_eq(from, 1);
    cr_assert_eq(to, 100);
    compare_all();
}

static void spoil(long at)
{
    struct dirent *d;
    DIR *open = opendir(dir);
    cr_assert(open);
    while ((d = readdir(open)) != NULL) {
        char path[400];
        FILE *f;
        int c;
        if (!strstr(d->d_name, ".run"))
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", dir, d->d_name);
        f = fopen(path, "r+");
        cr_assert(f && fseek(f, at, SEEK_SET) == 0);
        c = fgetc(f);
        cr_assert(c != EOF && fseek(f, at, SEEK_SET) == 0);
        (void)fputc(c ^ 0x10, f);
        (void)fclose(f);
    }
    (void)closedir(open);
}

Test(trace, a_damaged_block_is_said_not_served, .init = begin, .fini = end)
{
    struct gw_tracer *t = tracer();
    struct gw_trace *x;
    unsigned damaged = 0;
    append(200);
    (void)step(t, 1000);
    gw_tracer_stop(t);
    spoil(64 + 100);
    cr_assert_eq(gw_trace_open(&x, dir), GW_OK);
    for (unsigned i = 0; i < THINGS; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "C%u", i);
        by_index.count = 0;
        damaged += gw_trace_journey(k.journal, x, GW_TRACE_EQUIPMENT, gw_slice_str(id),
                                    note, &by_index) == GW_CORRUPT;
    }
    gw_trace_close(x);
    cr_assert_gt(damaged, 0);
}

Test(trace, a_damaged_head_is_refused_and_made_anew, .init = begin, .fini = end)
{
    struct gw_tracer *t = tracer();
    struct gw_trace *x;
    append(200);
    (void)step(t, 1000);
    gw_tracer_stop(t);
    spoil(20);
    cr_assert_eq(gw_trace_open(&x, dir), GW_CORRUPT);
    t = tracer();
    cr_assert_eq(step(t, 1000), 200);
    gw_tracer_stop(t);
    compare_all();
}

Test(trace, of_another_journal_is_dropped, .init = begin, .fini = end)
{
    struct gw_tracer *t = tracer();
    append(200);
    (void)step(t, 1000);
    gw_tracer_stop(t);
    kit_close(&k); /* in memory: gone, and the next one has another seed */
    batches = 0;
    k.completions = 0;
    cr_assert_eq(kit_open(&k), GW_OK);
    append(50);
    t = tracer();
    cr_assert_eq(runs(), 0);
    cr_assert_eq(step(t, 1000), 50);
    gw_tracer_stop(t);
    compare_all();
}
