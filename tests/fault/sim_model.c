/* sim_model.c - what was promised.
 *
 * An event's content follows from its number, so that the model needs no copies: it
 * writes down what the journal has under each seq and finds out when anything moves,
 * changes, doubles or disappears. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "fault/sim.h"
#include "model/canon.h"
#include "model/shape.h"

#define PIECE 64

static const char *const types[] = {"load", "discharge", "gate-in"};

void sim_fail(struct sim *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stdout, "simulate: seed=%llu step=%llu: ", (unsigned long long)s->seed,
            (unsigned long long)s->steps);
    vfprintf(stdout, fmt, ap);
    fprintf(stdout, "\nrepeat with: simulate --seed %llu --seeds 1\n",
            (unsigned long long)s->seed);
    va_end(ap);
    fflush(stdout);
    exit(1);
}

/* ---- events by number ---- */

static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint64_t salt_of(const struct sim *s, uint32_t sender, uint32_t batch,
                        uint32_t index)
{
    return mix(s->seed * 1000003 + sender * 7919u + batch * 31u + index + 1);
}

enum sim_kind sim_kind_of(const struct sim *s, uint32_t sender, uint32_t batch,
                          uint32_t index)
{
    uint64_t n = salt_of(s, sender, batch, index) % 100;
    if (n < 10)
        return SIM_BAD;
    if (n < 20 && batch > 2 && salt_of(s, sender, batch - 2, 0) % 100 >= 20)
        return SIM_AGAIN; /* the first of two batches ago, which is a good one */
    return n < 20 ? SIM_BAD : SIM_GOOD;
}

const char *sim_type_of(const struct sim_event *e)
{
    return types[(e->batch + e->index) % 3];
}

void sim_write_event(struct sim *s, uint32_t sender, uint32_t batch, uint32_t index,
                     struct gw_buf *out)
{
    enum sim_kind kind = sim_kind_of(s, sender, batch, index);
    struct sim_event e = {sender, batch, index};
    struct gw_tree *t = &s->tree;
    uint32_t root = gw_tree_root(t);
    char id[32];

    if (kind == SIM_AGAIN)
        e = (struct sim_event){sender, batch - 2, 0};
    (void)snprintf(id, sizeof id, "s%u-%u-%u", e.sender, e.batch, e.index);
    gw_tree_set_int(t, root, "schema", 1);
    gw_tree_set_str(t, root, "id", gw_slice_str(id));
    if (kind != SIM_BAD)
        gw_tree_set_str(t, root, "type", gw_slice_str(sim_type_of(&e)));
    gw_tree_set_str(t, root, "class", GW_LIT("actual"));
    gw_tree_set_str(t, root, "subject", GW_LIT("equipment"));
    gw_tree_set_int(t, root, "time", 1795439100000 + e.batch);
    gw_tree_set_str(t, root, "time_basis", GW_LIT("stated-utc"));
    gw_tree_set_str(t, root, "place.country", GW_LIT("KZ"));
    if (gw_msgpack_write(t, root, out))
        abort();
}

static bool number(struct gw_slice *in, char until, uint32_t *out)
{
    size_t n = 0;
    uint64_t v = 0;
    while (n < in->len && in->at[n] != (uint8_t)until)
        n++;
    if (!gw_slice_uint(gw_slice(in->at, n), &v) || (until && n == in->len))
        return false;
    *out = (uint32_t)v;
    *in = gw_slice(in->at + n + (until != 0), in->len - n - (until != 0));
    return true;
}

struct sim_event sim_identify(struct sim *s, struct gw_slice bytes, uint64_t seq)
{
    struct sim_event e;
    struct gw_slice id;
    char adapter[16];

    if (gw_facts_read(bytes, &s->facts) || s->facts.id.len < 6)
        sim_fail(s, "seq %llu cannot be read", (unsigned long long)seq);
    id = gw_slice(s->facts.id.at + 1, s->facts.id.len - 1);
    if (!number(&id, '-', &e.sender) || !number(&id, '-', &e.batch) ||
        !number(&id, 0, &e.index) || e.sender >= SIM_SENDERS || e.batch > SIM_BATCHES ||
        e.index >= SIM_BATCH)
        sim_fail(s, "seq %llu has an id nobody sent", (unsigned long long)seq);
    (void)snprintf(adapter, sizeof adapter, "s%u", e.sender);
    if (!gw_slice_is(s->facts.adapter, adapter) ||
        !gw_slice_is(s->facts.operator,
                     s->directory->operators[s->senders[e.sender].operator].name) ||
                     s->facts.time != 1795439100000 + e.batch ||
                     strcmp(gw_event_types.words[s->facts.type], sim_type_of(&e)) != 0)
        sim_fail(s, "seq %llu is altered", (unsigned long long)seq);
    return e;
}

/* ---- the journal ---- */

static void look_at(struct sim *s, uint64_t seq, struct gw_slice bytes)
{
    struct sim_model *m = &s->model;
    struct sim_event e = sim_identify(s, bytes, seq);
    uint64_t *at = &m->seq_of[e.sender][e.batch][e.index];

    if (seq <= m->last_seq) {
        const struct sim_event *was = &m->journal[seq].event;
        if (was->sender != e.sender || was->batch != e.batch || was->index != e.index)
            sim_fail(s, "seq %llu was another event before", (unsigned long long)seq);
        return;
    }
    if (*at)
        sim_fail(s, "event s%u-%u-%u is there twice: seq %llu and %llu", e.sender,
                 e.batch, e.index, (unsigned long long)*at, (unsigned long long)seq);
    if (sim_kind_of(s, e.sender, e.batch, e.index) != SIM_GOOD)
        sim_fail(s, "a bad event was kept as seq %llu", (unsigned long long)seq);
    for (uint64_t i = m->last_seq; i; i--) {
        const struct sim_event *was = &m->journal[i].event;
        if (was->sender != e.sender)
            continue;
        if (was->batch > e.batch || (was->batch == e.batch && was->index >= e.index))
            sim_fail(s, "seq %llu is out of its sender's order", (unsigned long long)seq);
        break;
    }
    *at = seq;
    m->journal[seq].event = e;
    m->last_seq = seq;
}

void sim_model_look(struct sim *s, bool all)
{
    struct gw_stored out[PIECE];
    uint64_t from = all ? 1 : s->model.last_seq + 1, must = s->model.last_seq;
    uint32_t n;

    do {
        enum gw_error e = s->store_ops->read(s->reader, from, out, PIECE, 1u << 20, &n);
        if (e)
            sim_fail(s, "the journal cannot be read at seq %llu: %s",
                     (unsigned long long)from, gw_error_name(e));
        for (uint32_t i = 0; i < n; i++, from++) {
            if (out[i].seq != from || from > SIM_EVENTS)
                sim_fail(s, "seq %llu where %llu belongs", (unsigned long long)out[i].seq,
                         (unsigned long long)from);
            look_at(s, from, out[i].event);
        }
    } while (n);
    if (from <= must)
        sim_fail(s, "the journal ends at %llu and had %llu", (unsigned long long)from - 1,
                 (unsigned long long)must);
}

bool sim_entitled(const struct sim *s, const struct sim_event *e, uint32_t operator)
{
    uint32_t owner = s->senders[e->sender].operator;
    const struct gw_rule *r = s->directory->operators[owner].rules;
    if (owner == operator|| r->everybody)
        return true;
    for (uint32_t i = 0; i < r->receiver_count; i++)
        if (r->receivers[i] == operator)
            return true;
    return false;
}
