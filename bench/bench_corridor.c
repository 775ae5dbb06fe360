/* bench_corridor.c - traffic as a corridor makes it, not as a load generator does: days
 * laid out from the tables of nodes and legs, played faster than they pass.
 *
 * Block trains and ferries come in bursts of dozens of events, nights are quiet and
 * customs clears its desk in the morning; some events are reported hours late and so out
 * of order, some twice, some with local time taken for UTC, some so that they must be
 * refused.  What is to become of each is known beforehand: every event that was to be
 * accepted must come out exactly once, with its own content. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/hash.h"
#include "bench/bench.h"
#include "bench/demo/corridor.h"
#include "bench/demo/dialect.h"
#include "bench/demo/traffic.h"
#include "bench/options.h"
#include "bench/result.h"
#include "bench/rig.h"
#include "model/canon.h"
#include "model/facts.h"
#include "model/shape.h"

#define LATE_SHARE  0.02
#define ZONE_SHARE  0.01
#define ZONE_MS     (5 * DEMO_HOUR_MS)
#define DESK_OPENS  (DEMO_DAY_MS / 24 * 2)  /* 07:00 in Aktau, UTC+5 */
#define DESK_CLOSES (DEMO_DAY_MS / 24 * 15) /* 20:00 */
#define RECEIVER    DEMO_COMPANIES

struct call {
    uint32_t days;
    double seconds;
    bool json;
};

/* One report of a fact. */
struct report {
    const struct demo_happening *h;
    uint32_t day;
    int64_t due_ms, time_ms;
};

struct corridor {
    struct call call;
    struct demo_corridor map;
    struct demo_traffic *days;
    uint32_t *first;        /* of each day: the number of its first fact over all days */
    struct report *reports; /* by due_ms */
    uint32_t report_count, fact_count;
    uint64_t *content; /* of each fact: hash of what must come out; 0: must not */
    int64_t *due_ns; /* of each fact, when it was first due: a resent one says the same */
    uint8_t *seen;
    int64_t from_ms;
    char run[12];
    struct gw_rig rig;
    struct karvan_client *clients[DEMO_COMPANIES];
    struct gw_tree tree;
    struct gw_buf bytes;
    uint64_t sent, accepted, duplicates, refused; /* said by the gateway */
    uint64_t to_accept, to_double, to_refuse;     /* planned */
    uint64_t late, zones;
    pthread_t receiver;
    atomic_bool ready, stop;
    atomic_ullong received;
    uint64_t doubled, altered, strange;
    struct gw_histogram latency;
    bool failed;
};

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

/* ---- the plan ---- */

static bool is_customs(enum demo_what w)
{
    return w == DEMO_CUSTOMS_DECLARED || w == DEMO_CUSTOMS_HOLD ||
           w == DEMO_CUSTOMS_RELEASE;
}

/* When it is reported: offices work by day, and some reports are held up. */
static int64_t report_time(struct corridor *c, const struct demo_happening *h,
                           struct demo_random *r)
{
    int64_t at = h->due_ms, of_day = (at - c->from_ms) % DEMO_DAY_MS;
    if (is_customs(h->what) && of_day >= DESK_CLOSES)
        at += DEMO_DAY_MS - of_day + DESK_OPENS;
    else if (is_customs(h->what) && of_day < DESK_OPENS)
        at += DESK_OPENS - of_day;
    if (demo_random_unit(r) < LATE_SHARE) {
        at += (int64_t)(demo_random_between(r, 4, 20) * (double)DEMO_HOUR_MS);
        c->late++;
    }
    return at;
}

static uint64_t content_of(struct gw_slice type, struct gw_slice equipment, int64_t time)
{
    return gw_hash64(equipment, gw_hash64(type, (uint64_t)time)) | 1;
}

static struct gw_slice equipment_of(const struct demo_happening *h)
{
    return h->per == DEMO_PER_BLOCK ? gw_slice(NULL, 0)
           : h->per == DEMO_PER_BOX ? gw_slice_str(h->unit.container)
                                    : gw_slice_str(h->unit.wagon);
}

static bool is_refused(enum demo_trouble t)
{
    return t == DEMO_NO_TIME || t == DEMO_WRONG_TYPE;
}

static void plan_report(struct corridor *c, uint32_t day, const struct demo_happening *h,
                        struct demo_random *r)
{
    struct report *x = &c->reports[c->report_count++];
    uint32_t fact = c->first[day] + h->number;
    *x = (struct report){h, day, report_time(c, h, r), h->time_ms};
    if (h->trouble == DEMO_RESENT) {
        x->due_ms = x->due_ms > h->due_ms ? x->due_ms : h->due_ms;
        c->to_double++;
        return;
    }
    if (is_refused(h->trouble)) {
        c->to_refuse++;
        return;
    }
    if (demo_random_unit(r) < ZONE_SHARE) {
        x->time_ms = h->time_ms - ZONE_MS; /* a resent one repeats it: repeat_times() */
        c->zones++;
    }
    c->content[fact] =
        content_of(gw_slice_str(demo_what_type(h->what)), equipment_of(h), x->time_ms);
    c->to_accept++;
}

static int by_due(const void *a, const void *b)
{
    const struct report *x = a, *y = b;
    return (x->due_ms > y->due_ms) - (x->due_ms < y->due_ms);
}

/* A fact that is sent twice says the same both times: as it was planned first. */
static void repeat_times(struct corridor *c)
{
    int64_t *time = calloc(c->fact_count, sizeof *time);
    for (uint32_t i = 0; time && i < c->report_count; i++)
        if (c->reports[i].h->trouble != DEMO_RESENT)
            time[c->first[c->reports[i].day] + c->reports[i].h->number] =
                c->reports[i].time_ms;
    for (uint32_t i = 0; time && i < c->report_count; i++)
        if (c->reports[i].h->trouble == DEMO_RESENT)
            c->reports[i].time_ms =
                time[c->first[c->reports[i].day] + c->reports[i].h->number];
    c->failed |= !time;
    free(time);
}

static bool plan(struct corridor *c)
{
    struct demo_random r = {20261124};
    struct gw_text why = {""};
    uint32_t reports = 0;

    c->from_ms =
        (gw_now_ms(&gw_clock_system) / DEMO_DAY_MS - c->call.days - 40) * DEMO_DAY_MS;
    if (demo_corridor_load(&c->map, GW_BENCH_SOURCE "/config", &why)) {
        fprintf(stderr, "bench: corridor: %s\n", why.s);
        return false;
    }
    c->days = calloc(c->call.days, sizeof *c->days);
    c->first = calloc(c->call.days, sizeof *c->first);
    for (uint32_t i = 0; c->days && c->first && i < c->call.days; i++) {
        if (demo_traffic_plan(&c->days[i], &c->map, c->from_ms + i * DEMO_DAY_MS, i + 1))
            return false;
        c->first[i] = c->fact_count;
        c->fact_count += c->days[i].facts;
        reports += c->days[i].count;
    }
    c->reports = calloc(reports + 1, sizeof *c->reports);
    c->content = calloc(c->fact_count + 1, sizeof *c->content);
    c->due_ns = calloc(c->fact_count + 1, sizeof *c->due_ns);
    c->seen = calloc(c->fact_count + 1, 1);
    if (!c->days || !c->first || !c->reports || !c->content || !c->due_ns || !c->seen)
        return false;
    for (uint32_t i = 0; i < c->call.days; i++)
        for (uint32_t k = 0; k < c->days[i].count; k++)
            plan_report(c, i, &c->days[i].items[k], &r);
    repeat_times(c);
    qsort(c->reports, c->report_count, sizeof *c->reports, by_due);
    return !c->failed;
}

/* ---- sending ---- */

static void on_ack(void *user, const struct karvan_ack *a)
{
    struct corridor *c = user;
    c->accepted += a->accepted;
    c->duplicates += a->duplicates;
    c->refused += a->refused;
}

static bool open_companies(struct corridor *c)
{
    char why[256] = "";
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++) {
        struct karvan_options o;
        gw_rig_options(&c->rig, i, "system", &o);
        o.on.acked = on_ack;
        o.user = c;
        o.linger_ms = 1;
        if (karvan_open(&c->clients[i], &o, why, sizeof why)) {
            fprintf(stderr, "bench: corridor: %s\n", why);
            return false;
        }
    }
    return true;
}

/* The event of a report: the shared schema as a company's software writes it, nothing
 * canonical about it; `ext.sent` is when it is due. */
static bool write_event(struct corridor *c, const struct report *x, int64_t due_ns)
{
    struct demo_happening h = *x->h;
    int64_t *first = &c->due_ns[c->first[x->day] + h.number];
    char id[64];
    uint32_t root;
    if (!*first)
        *first = due_ns;
    h.time_ms = x->time_ms;
    if (h.trouble == DEMO_RESENT)
        h.trouble = DEMO_FINE;
    root = demo_schema_build(&h, &c->tree);
    (void)snprintf(id, sizeof id, "%s-%u", c->run, c->first[x->day] + h.number);
    gw_buf_reset(&c->bytes);
    return root && gw_tree_set_str(&c->tree, root, "id", gw_slice_str(id)) &&
           gw_tree_set_int(&c->tree, root, "ext.sent", *first | INT64_C(1) << 62) &&
           !gw_msgpack_write(&c->tree, root, &c->bytes);
}

static void run_clients(struct corridor *c)
{
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        for (int k = 0; k < 4 && karvan_process(c->clients[i]); k++)
            ;
}

/* Hand over what is due; false when nothing was. */
static bool send_due(struct corridor *c, uint32_t *next, int64_t began_ns,
                     double ns_per_ms)
{
    uint32_t was = *next;
    while (*next < c->report_count && *next - was < 512) {
        const struct report *x = &c->reports[*next];
        int64_t due = began_ns + (int64_t)((double)(x->due_ms - c->from_ms) * ns_per_ms);
        if (due > now_ns())
            break;
        if (!write_event(c, x, due)) {
            c->failed = true;
            break;
        }
        if (karvan_publish(c->clients[x->h->who], c->bytes.at, c->bytes.len, *next))
            break; /* no room: it goes on being due */
        ++*next;
    }
    return *next > was;
}

static void send_all(struct corridor *c)
{
    int64_t last = c->report_count ? c->reports[c->report_count - 1].due_ms : c->from_ms;
    double ns_per_ms = c->call.seconds * 1e9 / (double)(last - c->from_ms + 1);
    int64_t began = now_ns();
    uint32_t next = 0;
    while (next < c->report_count && !c->failed) {
        gw_progress("corridor", next, c->report_count);
        if (!send_due(c, &next, began, ns_per_ms))
            usleep(100);
        run_clients(c);
    }
    c->sent = next;
    gw_progress("corridor", 1, 1);
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        c->failed |= karvan_drain(c->clients[i], 30000) != GW_OK;
}

/* ---- receiving ---- */

static bool fact_of(const struct corridor *c, struct gw_slice id, uint32_t *fact)
{
    size_t n = strlen(c->run);
    uint64_t v;
    if (id.len < n + 2 || memcmp(id.at, c->run, n) != 0 || id.at[n] != '-' ||
        !gw_slice_uint(gw_slice(id.at + n + 1, id.len - n - 1), &v) || v >= c->fact_count)
        return false;
    *fact = (uint32_t)v;
    return true;
}

static void on_event(void *user, const struct karvan_event *ev)
{
    static struct gw_facts f;
    struct corridor *c = user;
    struct gw_slice type, box;
    uint64_t sent = 0;
    uint32_t fact;

    if (gw_facts_read(gw_slice(ev->bytes, ev->len), &f) || !fact_of(c, f.id, &fact)) {
        c->strange++;
        return;
    }
    type = gw_slice_str(gw_event_types.words[f.type]);
    box = f.equipment_count ? f.equipment[0] : gw_slice(NULL, 0);
    c->altered += content_of(type, box, f.time) != c->content[fact];
    c->doubled += c->seen[fact]++ != 0;
    for (size_t i = ev->len - 8; i < ev->len; i++) /* ext.sent stands last */
        sent = sent << 8 | ev->bytes[i];
    sent &= ~(UINT64_C(1) << 62);
    gw_histogram_add(&c->latency,
                     (uint64_t)now_ns() > sent ? (uint64_t)now_ns() - sent : 0);
    atomic_fetch_add(&c->received, 1);
}

static void on_subscribed(void *user, const char *name, uint64_t start, uint64_t oldest,
                          uint64_t newest)
{
    struct corridor *c = user;
    (void)name;
    (void)start;
    (void)oldest;
    (void)newest;
    atomic_store(&c->ready, true);
}

static void *receive(void *arg)
{
    struct corridor *c = arg;
    struct karvan_client *client = NULL;
    struct karvan_options o;
    char why[256];
    gw_rig_options(&c->rig, RECEIVER, "sink", &o);
    o.on.event = on_event;
    o.on.subscribed = on_subscribed;
    o.user = c;
    if (!karvan_open(&client, &o, why, sizeof why) &&
        !karvan_subscribe_where(client, "all", "latest", NULL, 0, why, sizeof why))
        while (!atomic_load(&c->stop))
            (void)karvan_run(client, 20);
    karvan_close(client, 0);
    return NULL;
}

/* ---- the whole ---- */

static bool wait_until_ready(struct corridor *c)
{
    for (int i = 0; i < 1500; i++) {
        bool all = atomic_load(&c->ready);
        run_clients(c);
        for (uint32_t k = 0; k < DEMO_COMPANIES; k++)
            all &= karvan_client_state(c->clients[k]) == KARVAN_READY;
        if (all)
            return true;
        usleep(10000);
    }
    fprintf(stderr, "bench: corridor: not everybody could connect\n");
    return false;
}

static void wait_for_delivery(struct corridor *c)
{
    for (int i = 0; i < 2000 && atomic_load(&c->received) < c->to_accept; i++)
        usleep(10000);
    usleep(50000); /* what comes now is too much */
}

static int report(const struct corridor *c)
{
    uint64_t received = atomic_load(&c->received), lost = 0;
    struct gw_result r;
    for (uint32_t i = 0; i < c->fact_count; i++)
        lost += c->content[i] && !c->seen[i];
    gw_result_begin(&r, "corridor", c->call.json);
    gw_result_count(&r, "days", c->call.days);
    gw_result_number(&r, "seconds", 1, c->call.seconds);
    gw_result_count(&r, "events", c->report_count);
    gw_result_count(&r, "accepted", c->accepted);
    gw_result_count(&r, "duplicates", c->duplicates);
    gw_result_count(&r, "refused", c->refused);
    gw_result_count(&r, "late", c->late);
    gw_result_count(&r, "wrong_zone", c->zones);
    gw_result_count(&r, "delivered", received);
    gw_result_count(&r, "lost", lost);
    gw_result_count(&r, "doubled", c->doubled);
    gw_result_count(&r, "altered", c->altered);
    gw_result_flag(&r, "open_loop", true);
    gw_result_latency(&r, &c->latency);
    return gw_result_end(&r, c->failed || lost || c->doubled || c->altered ||
                                 c->strange || c->accepted != c->to_accept ||
                                 c->duplicates != c->to_double ||
                                 c->refused != c->to_refuse || received != c->to_accept);
}

static void measure(struct corridor *c)
{
    struct gw_rig_setup setup = {
        .curve = true, .durable = true, .operators = DEMO_COMPANIES + 1, .lanes = 1};
    (void)snprintf(c->run, sizeof c->run, "c%08x", (uint32_t)time(NULL));
    gw_buf_init(&c->bytes, 1u << 16);
    if (!plan(c) || gw_tree_init(&c->tree, &gw_budget_default) ||
        gw_rig_start(&c->rig, &setup) || pthread_create(&c->receiver, NULL, receive, c)) {
        c->failed = true;
        return;
    }
    c->failed |= !open_companies(c) || !wait_until_ready(c);
    if (!c->failed)
        send_all(c);
    if (!c->failed)
        wait_for_delivery(c);
    atomic_store(&c->stop, true);
    pthread_join(c->receiver, NULL);
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        karvan_close(c->clients[i], 0);
    c->failed |= gw_rig_stop(&c->rig) != 0;
}

static void end(struct corridor *c)
{
    gw_rig_clean(&c->rig);
    for (uint32_t i = 0; c->days && i < c->call.days; i++)
        demo_traffic_free(&c->days[i]);
    demo_corridor_unload(&c->map);
    gw_tree_deinit(&c->tree);
    gw_buf_deinit(&c->bytes);
    free(c->days);
    free(c->first);
    free(c->reports);
    free(c->content);
    free(c->due_ns);
    free(c->seen);
    free(c);
}

static int run_corridor(int argc, char **argv)
{
    struct corridor *c = calloc(1, sizeof *c);
    int status;
    if (!c)
        return 1;
    c->call = (struct call){.days = 20, .seconds = 6};
    const struct gw_option rows[] = {
        {"days", GW_OPTION_U32, &c->call.days, 1, "of traffic"},
        {"seconds", GW_OPTION_REAL, &c->call.seconds, 0.1, "in which they pass"},
        {"json", GW_OPTION_ON, &c->call.json, 0, "one JSON object on stdout"},
        {NULL, 0, NULL, 0, NULL}};
    status = gw_options(rows, NULL, argc, argv);
    if (status < 0) {
        measure(c);
        status = report(c);
    }
    end(c);
    return status;
}

const struct gw_bench gw_bench_corridor = {
    "corridor", "days of corridor traffic, with all that goes wrong, played fast",
    run_corridor};
