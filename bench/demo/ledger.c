/* ledger.c - bookkeeping by event id. */
#include "bench/demo/ledger.h"
#include "base/hash.h"
#include <stdio.h>
#include <stdlib.h>

void demo_content_of(struct gw_slice type, int64_t time_ms, struct gw_slice equipment,
                     struct demo_content *out)
{
    uint64_t h = gw_hash64(type, (uint64_t)time_ms);
    out->hash = gw_hash64(equipment, h);
}

void demo_content_of_tree(const struct gw_tree *t, uint32_t root,
                          struct demo_content *out)
{
    demo_content_of(gw_tree_str(t, root, "type"), gw_tree_int(t, root, "time", 0),
                    gw_tree_str(t, root, "equipment[0].id"), out);
}

enum gw_error demo_ledger_init(struct demo_ledger *l, uint32_t events)
{
    *l = (struct demo_ledger){.cap = 1024};
    while (l->cap < events * 2)
        l->cap *= 2;
    l->entries = calloc(l->cap, sizeof *l->entries);
    l->latency = calloc(1, sizeof *l->latency);
    return l->entries && l->latency ? GW_OK : GW_NOMEM;
}

void demo_ledger_deinit(struct demo_ledger *l)
{
    free(l->entries);
    free(l->latency);
    l->entries = NULL;
    l->latency = NULL;
}

/* The entry of this id, or the free one where it belongs. */
static struct demo_entry *find(const struct demo_ledger *l, enum demo_who who,
                               struct gw_slice id)
{
    uint64_t hash = gw_hash64(id, who + 1) | 1;
    uint32_t i = (uint32_t)(hash >> 20) & (l->cap - 1);
    while (l->entries[i].id_hash && l->entries[i].id_hash != hash)
        i = (i + 1) & (l->cap - 1);
    return &l->entries[i];
}

enum gw_error demo_ledger_send(struct demo_ledger *l, enum demo_who who,
                               struct gw_slice id, const struct demo_content *content,
                               int64_t now_ns)
{
    struct demo_entry *e = find(l, who, id);
    if (e->id_hash)
        return GW_EXISTS;
    if (l->count >= l->cap / 4 * 3)
        return GW_NOMEM;
    l->count++;
    *e = (struct demo_entry){.id_hash = gw_hash64(id, who + 1) | 1,
                             .content = *content,
                             .sent_ns = now_ns,
                             .who = (uint8_t)who};
    (void)snprintf(e->id, sizeof e->id, "%.*s", GW_FMT(id));
    return GW_OK;
}

void demo_ledger_refuse(struct demo_ledger *l, enum demo_who who, struct gw_slice id)
{
    struct demo_entry *e = find(l, who, id);
    if (e->id_hash)
        e->refused = true;
}

void demo_ledger_accept(struct demo_ledger *l, enum demo_who who, uint64_t n)
{
    l->accounts[who].accepted += n;
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        if (demo_companies[who].shares & DEMO_BIT(i))
            l->accounts[i].expected += n;
}

static bool owner_of(struct gw_slice name, enum demo_who *out)
{
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        if (gw_slice_is(name, demo_companies[i].name)) {
            *out = (enum demo_who)i;
            return true;
        }
    return false;
}

int64_t demo_ledger_receive(struct demo_ledger *l, struct gw_slice owner,
                            struct gw_slice id, const struct demo_content *content,
                            enum demo_who receiver, int64_t now_ns)
{
    struct demo_entry *e;
    enum demo_who who;

    if (!owner_of(owner, &who) || !(e = find(l, who, id))->id_hash || e->refused) {
        l->strangers++;
        return -1;
    }
    if (!(demo_entitled(who) & DEMO_BIT(receiver))) {
        l->leaked++;
        return -1;
    }
    if (e->got & DEMO_BIT(receiver)) {
        l->accounts[receiver].again++;
        return -1;
    }
    if (e->content.hash !=
        content->hash) { /* not what was sent: so that is still missing */
        l->altered++;
        return -1;
    }
    e->got |= DEMO_BIT(receiver);
    l->accounts[receiver].received += who != receiver;
    return now_ns - e->sent_ns;
}

uint64_t demo_ledger_lag(const struct demo_ledger *l, enum demo_who receiver)
{
    const struct demo_account *a = &l->accounts[receiver];
    return a->expected > a->received ? a->expected - a->received : 0;
}

void demo_ledger_total(const struct demo_ledger *l, struct demo_total *out)
{
    *out = (struct demo_total){0};
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++) {
        const struct demo_account *a = &l->accounts[i];
        uint64_t known = a->accepted + a->duplicates + a->refused;
        out->sent += a->sent;
        out->accepted += a->accepted;
        out->duplicates += a->duplicates;
        out->refused += a->refused;
        out->received += a->received;
        out->unaccounted += a->sent > known ? a->sent - known : known - a->sent;
    }
    for (uint32_t i = 0; i < l->cap; i++) {
        const struct demo_entry *e = &l->entries[i];
        if (e->id_hash && !e->refused)
            out->lost += (uint32_t)__builtin_popcount(demo_entitled(e->who) & ~e->got);
    }
}
