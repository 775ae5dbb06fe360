/* links.c - connections of all companies, in one thread. */
#include "bench/demo/links.h"
#include "base/clock.h"
#include "bench/demo/dialect.h"
#include "bench/demo/words.h"
#include "model/shape.h"
#include <poll.h>
#include <stdio.h>

#define SUBSCRIPTION "corridor"
#define CREDIT_EVENTS                                                                    \
    256 /* small, so that a receiver who does not read falls behind at once */

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

/* ---- what the gateway says ---- */

static void on_state(void *user, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    struct demo_link *link = user;
    if (code || s == KARVAN_REFUSED || s == KARVAN_FENCED)
        (void)snprintf(link->trouble, sizeof link->trouble, "%s %d: %.120s",
                       karvan_state_name(s), (int)code, text);
}

static void on_acked(void *user, const struct karvan_ack *a)
{
    struct demo_link *link = user;
    struct demo_account *account = &link->all->ledger->accounts[link->who];
    account->duplicates += a->duplicates;
    account->refused += a->refused;
    demo_ledger_accept(link->all->ledger, link->who, a->accepted);
}

static void on_refused(void *user, const struct karvan_refusal *r)
{
    struct demo_link *link = user;
    struct demo_happening h = {.who = link->who, .number = (uint32_t)r->tag};
    char id[DEMO_ID_BYTES], words[160];

    demo_event_id(&h, id);
    demo_ledger_refuse(link->all->ledger, link->who, gw_slice_str(id));
    (void)snprintf(words, sizeof words, "%s, field \"%s\": %s", id, r->field, r->rule);
    demo_refusals_add(link->all->refusals, r->code, link->who, words);
}

/* Only the forwarder looks at `quality`, so that each event counts once. */
static void look_for_finding(struct demo_links *l, struct gw_slice event)
{
    struct gw_fault fault;
    uint32_t root;
    size_t used;
    if (!gw_tree_read(&l->tree, event, &used, &root, &fault) &&
        gw_tree_at(&l->tree, root, "quality[0]"))
        l->ledger->findings++;
}

/* Are the fields that the owner hides from this receiver really not there? */
static void look_for_hidden(struct demo_links *l, enum demo_who owner,
                            enum demo_who receiver, struct gw_slice event)
{
    struct gw_fault fault;
    uint32_t root;
    size_t used;

    if (!demo_hides_from(owner, receiver) ||
        gw_tree_read(&l->tree, event, &used, &root, &fault))
        return;
    for (int i = 0; demo_companies[owner].hides[i]; i++)
        if (gw_tree_at(&l->tree, root, demo_companies[owner].hides[i])) {
            l->ledger->shown++;
            return;
        }
    l->ledger->withheld++;
}

static void note_latency(struct demo_links *l, enum demo_who receiver, int64_t took_ns)
{
    if (receiver == l->pausing)
        return;
    gw_histogram_add(l->ledger->latency, (uint64_t)took_ns);
    if (took_ns <= l->ledger->slowest_ns)
        return;
    l->ledger->slowest_ns = took_ns;
    l->ledger->slowest_receiver = receiver;
    demo_words_of_event(&l->facts, l->places, l->ledger->slowest);
}

static void on_event(void *user, const struct karvan_event *e)
{
    struct demo_link *link = user;
    struct demo_links *l = link->all;
    struct gw_slice bytes = gw_slice(e->bytes, e->len);
    struct demo_content content;
    int64_t took;

    if (gw_facts_read(bytes, &l->facts)) {
        l->ledger->strangers++;
        return;
    }
    demo_content_of(gw_slice_str(gw_event_types.words[l->facts.type]), l->facts.time,
                    l->facts.equipment_count ? l->facts.equipment[0] : gw_slice(NULL, 0),
                    &content);
    took = demo_ledger_receive(l->ledger, l->facts.operator, l->facts.id, &content,
                               link->who, now_ns());
    if (took < 0 || gw_slice_is(l->facts.operator, demo_companies[link->who].name))
        return;
    note_latency(l, link->who, took);
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        if (gw_slice_is(l->facts.operator, demo_companies[i].name))
            look_for_hidden(l, (enum demo_who)i, link->who, bytes);
    if (demo_companies[link->who].door != DEMO_RECEIVES)
        return;
    look_for_finding(l, bytes);
    demo_words_of_event(&l->facts, l->places, l->ledger->accounts[link->who].last);
}

/* ---- opening and closing ---- */

static enum gw_error open_one(struct demo_links *l, enum demo_who who,
                              const struct demo_stage *stage)
{
    struct demo_link *link = &l->link[who];
    struct karvan_options o;
    char why[256] = "";
    enum gw_error e;

    link->all = l;
    link->who = who;
    demo_stage_options(stage, who, "office", &o);
    o.credit_events = CREDIT_EVENTS;
    o.software = "karvan-demo";
    o.on = (struct karvan_callbacks){
        .state = on_state, .acked = on_acked, .refused = on_refused, .event = on_event};
    o.user = link;
    e = karvan_open(&link->client, &o, why, sizeof why);
    if (!e)
        e = karvan_subscribe(link->client, SUBSCRIPTION, NULL, 0);
    if (e)
        fprintf(stderr, "demo: %s: %s\n", demo_companies[who].name,
                *why ? why : gw_error_text(e));
    return e;
}

enum gw_error demo_links_open(struct demo_links *l, const struct demo_stage *stage)
{
    enum gw_error e = gw_tree_init(&l->tree, &gw_budget_default);
    gw_buf_init(&l->bytes, 1u << 16);
    for (uint32_t i = 0; i < DEMO_COMPANIES && !e; i++)
        e = open_one(l, (enum demo_who)i, stage);
    return e;
}

void demo_links_close(struct demo_links *l)
{
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++) {
        (void)karvan_close(l->link[i].client, 0);
        l->link[i].client = NULL;
    }
    gw_tree_deinit(&l->tree);
    gw_buf_deinit(&l->bytes);
}

bool demo_links_ready(const struct demo_links *l)
{
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        if (karvan_client_state(l->link[i].client) != KARVAN_READY)
            return false;
    return true;
}

/* ---- at work ---- */

/* The piece of equipment that the event names first, whatever the dialect; a railway
 * names the wagon before what is on it. */
static struct gw_slice first_unit(const struct demo_happening *h)
{
    const char *profile = demo_companies[h->who].profile;
    if (h->per == DEMO_PER_BLOCK)
        return gw_slice(NULL, 0);
    if (h->per == DEMO_PER_WAGON || (profile && strcmp(profile, "railway-1520") == 0))
        return gw_slice_str(h->unit.wagon);
    return gw_slice_str(h->unit.container);
}

enum gw_error demo_links_publish(struct demo_links *l, const struct demo_happening *h)
{
    struct demo_account *a = &l->ledger->accounts[h->who];
    struct demo_content content;
    char id[DEMO_ID_BYTES];
    enum gw_error e;

    gw_buf_reset(&l->bytes);
    e = demo_dialect_write(h, &l->tree, &l->bytes);
    if (!e)
        e = karvan_publish(l->link[h->who].client, l->bytes.at, l->bytes.len, h->number);
    if (e)
        return e;
    demo_event_id(h, id);
    demo_content_of(gw_slice_str(demo_what_type(h->what)), h->time_ms, first_unit(h),
                    &content);
    e = h->trouble == DEMO_RESENT
            ? GW_OK
            : demo_ledger_send(l->ledger, h->who, gw_slice_str(id), &content, now_ns());
    a->sent++;
    demo_words_of_happening(h, a->last);
    return e;
}

static void process(struct demo_link *link)
{
    while (!link->paused && karvan_process(link->client))
        continue;
}

void demo_links_turn(struct demo_links *l, int wait_ms)
{
    struct pollfd fds[DEMO_COMPANIES];
    nfds_t n = 0;

    for (uint32_t i = 0; i < DEMO_COMPANIES; i++) {
        struct demo_link *link = &l->link[i];
        int timeout;
        if (link->paused)
            continue;
        process(
            link); /* the descriptor is edge-triggered: never wait with work left over */
        timeout = karvan_timeout_ms(link->client);
        wait_ms = timeout < wait_ms ? timeout : wait_ms;
        fds[n++] = (struct pollfd){.fd = karvan_fd(link->client), .events = POLLIN};
    }
    (void)poll(fds, n, wait_ms);
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        process(&l->link[i]);
}

uint64_t demo_links_waiting(const struct demo_links *l)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        n += karvan_unacknowledged(l->link[i].client);
    return n;
}
