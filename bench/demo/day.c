/* day.c - setting the stage, playing the day, looking at the books. */
#include "bench/demo/day.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "base/clock.h"
#include "bench/demo/drop.h"
#include "bench/demo/links.h"
#include "bench/demo/screen.h"
#include "bench/demo/summary.h"

#define READY_NS  INT64_C(15000000000) /* until all companies are connected */
#define SETTLE_NS INT64_C(20000000000) /* until the last event has arrived */
#define TURN_NS   INT64_C(500000000)   /* of the screen */
#define WAIT_MS   10
#define BURST     256 /* events reported in one turn of the loop */
#define PAUSED    DEMO_FORWARDER
#define PAUSE_AT  0.4 /* of the day */
#define PAUSE_NS  INT64_C(1000000000)

static volatile sig_atomic_t interrupted;

void demo_day_interrupt(void)
{
    interrupted = 1;
}

struct day {
    const struct demo_call *call;
    struct demo_corridor corridor;
    struct demo_traffic traffic;
    struct demo_ledger ledger;
    struct demo_refusals refusals;
    struct demo_stage stage;
    struct demo_links links;
    struct demo_drop drop;
    struct demo_screen screen;
    struct demo_status status;
    int64_t day_ms;           /* where the corridor's clock begins */
    int64_t began_ns, all_ns; /* of the traffic */
    int64_t turn_ns;          /* of the last turn of the screen */
    uint32_t next;            /* the happening that is to be reported next */
    int64_t pause_ns;         /* when the receiver stopped reading; 0 = not yet */
    int64_t resume_ns, caught_up_ns;
    uint64_t paused_lag, paused_expected;
};

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

/* ---- before ---- */

static bool complain(const char *what, const char *why)
{
    fprintf(stderr, "demo: %s: %s\n", what, why);
    return false;
}

static bool plan(struct day *d)
{
    struct gw_text why = {""};
    enum gw_error e = demo_corridor_load(&d->corridor, d->call->config_dir, &why);

    if (e)
        return complain(d->call->config_dir, *why.s ? why.s : gw_error_text(e));
    d->day_ms = gw_now_ms(&gw_clock_system) - DEMO_DAY_MS;
    e = demo_traffic_plan(&d->traffic, &d->corridor, d->day_ms, d->call->seed);
    if (!e)
        e = demo_ledger_init(&d->ledger, d->traffic.count);
    return e ? complain("the day's plan", gw_error_text(e)) : true;
}

static bool wait_ready(struct day *d)
{
    int64_t until = now_ns() + READY_NS;
    while (!demo_links_ready(&d->links)) {
        if (interrupted)
            return false;
        if (now_ns() > until ||
            waitpid(d->stage.gateway_pid, NULL, WNOHANG | WNOWAIT) > 0) {
            demo_stage_show_log(d->stage.log);
            return complain("the gateway",
                            "not all companies could connect; its log is above");
        }
        demo_links_turn(&d->links, WAIT_MS);
    }
    return true;
}

static bool open_doors(struct day *d)
{
    d->links.ledger = d->drop.ledger = &d->ledger;
    d->links.refusals = d->drop.refusals = &d->refusals;
    d->links.places = d->corridor.places;
    d->links.pausing = PAUSED;
    return !demo_stage_set(&d->stage, d->call->config_dir) && !interrupted &&
           !demo_links_open(&d->links, &d->stage) && wait_ready(d) &&
           !demo_drop_open(&d->drop, &d->stage, d->corridor.places, d->call->config_dir);
}

/* ---- the day ---- */

static int64_t corridor_time(const struct day *d, int64_t at_ns)
{
    double share = (double)(at_ns - d->began_ns) / (double)d->all_ns;
    return d->day_ms + (int64_t)((share < 1 ? share : 1) * (double)DEMO_DAY_MS);
}

/* Report what is due.  False when something cannot go on. */
static bool report(struct day *d, int64_t at_ms)
{
    for (uint32_t n = 0; n < BURST && d->next < d->traffic.count; n++) {
        const struct demo_happening *h = &d->traffic.items[d->next];
        enum gw_error e;
        if (h->due_ms > at_ms)
            break;
        e = demo_companies[h->who].door == DEMO_EDIFACT
                ? demo_drop_add(&d->drop, h)
                : demo_links_publish(&d->links, h);
        if (e == GW_AGAIN)
            break; /* the window is full: the gateway is asked to catch up first */
        if (e)
            return complain(demo_companies[h->who].name, gw_error_text(e));
        d->next++;
    }
    return true;
}

/* One receiver does not read for a second, in the middle of the day. */
static void pause_receiver(struct day *d, int64_t at_ns)
{
    struct demo_link *link = &d->links.link[PAUSED];
    if (!d->pause_ns && (double)(at_ns - d->began_ns) > PAUSE_AT * (double)d->all_ns) {
        d->pause_ns = at_ns;
        link->paused = true;
    }
    if (link->paused && at_ns - d->pause_ns > PAUSE_NS) {
        link->paused = false;
        d->resume_ns = at_ns;
        d->paused_lag = demo_ledger_lag(&d->ledger, PAUSED);
        d->paused_expected = d->ledger.accounts[PAUSED].expected;
    }
    if (d->resume_ns && !d->caught_up_ns &&
        d->ledger.accounts[PAUSED].received >= d->paused_expected)
        d->caught_up_ns = at_ns;
}

static void show(struct day *d, int64_t at_ns)
{
    struct demo_moment m = {.ledger = &d->ledger,
                            .traffic = &d->traffic,
                            .corridor = &d->corridor,
                            .refusals = &d->refusals,
                            .status = &d->status,
                            .sim_ms = corridor_time(d, at_ns),
                            .elapsed_s = (double)(at_ns - d->began_ns) / 1e9,
                            .all_s = d->call->seconds,
                            .now_ns = at_ns};
    if (d->links.link[PAUSED].paused)
        m.paused = demo_companies[PAUSED].name;
    demo_screen_show(&d->screen, &m);
}

/* What the gateway says of itself, when it has said it. */
static void listen_to_gateway(struct day *d)
{
    struct demo_status status;
    if (!demo_stage_answer(&d->stage, &status))
        return;
    if (status.known)
        d->status = status;
    demo_drop_account(&d->drop, &status);
}

static void now_and_then(struct day *d, int64_t at_ns)
{
    listen_to_gateway(d);
    if (at_ns - d->turn_ns < TURN_NS)
        return;
    d->turn_ns = at_ns;
    demo_stage_ask(&d->stage);
    show(d, at_ns);
}

static bool children_live(struct day *d)
{
    enum demo_who dead = demo_drop_dead(&d->drop);
    if (dead != DEMO_COMPANIES) {
        demo_stage_show_log(d->drop.at[dead].log);
        return complain(demo_companies[dead].name,
                        "its adapter has ended; its log is above");
    }
    if (waitpid(d->stage.gateway_pid, NULL, WNOHANG | WNOWAIT) <= 0)
        return true;
    demo_stage_show_log(d->stage.log);
    return complain("the gateway", "it has ended; its log is above");
}

static bool turn(struct day *d)
{
    int64_t at = now_ns();
    demo_links_turn(&d->links, WAIT_MS);
    pause_receiver(d, at);
    now_and_then(d, at);
    return !interrupted && children_live(d);
}

static bool play(struct day *d)
{
    bool fine = true;
    /* The end of the time is for the last events to arrive. */
    double active_s = d->call->seconds * (d->call->seconds < 10 ? 0.8 : 0.95);

    d->began_ns = d->turn_ns = now_ns();
    d->all_ns = (int64_t)(active_s * 1e9);
    demo_screen_init(&d->screen, d->call->quiet);
    show(d, d->began_ns);
    while (fine && d->next < d->traffic.count)
        fine = report(d, corridor_time(d, now_ns())) &&
               !demo_drop_flush(&d->drop, false) && turn(d);
    return fine && !demo_drop_flush(&d->drop, true);
}

static bool settled(const struct day *d)
{
    struct demo_total t;
    demo_ledger_total(&d->ledger, &t);
    return !t.lost && !t.unaccounted && !demo_links_waiting(&d->links);
}

/* Wait for what is still on its way, and for the end of the time asked for. */
static bool settle(struct day *d)
{
    int64_t end = d->began_ns + (int64_t)(d->call->seconds * 1e9);
    int64_t until = now_ns() + SETTLE_NS;
    bool fine = true;

    while (fine && now_ns() < until && (now_ns() < end || !settled(d)))
        fine = turn(d);
    show(d, now_ns());
    return fine;
}

/* ---- after ---- */

static void tell(const struct day *d)
{
    struct demo_story story = {.ledger = &d->ledger,
                               .refusals = &d->refusals,
                               .drop = &d->drop,
                               .traffic = &d->traffic,
                               .status = &d->status,
                               .dir = d->stage.dir,
                               .config = d->stage.config,
                               .keep = d->call->keep,
                               .seconds = d->call->seconds,
                               .paused = PAUSED,
                               .paused_lag = d->paused_lag,
                               .catch_up_ms = -1};
    if (d->caught_up_ns)
        story.catch_up_ms = (double)(d->caught_up_ns - d->resume_ns) / 1e6;
    demo_summary_tell(&story);
}

static bool clear_away(struct day *d)
{
    bool clean;
    demo_links_close(&d->links);
    demo_drop_close(&d->drop);
    clean = !demo_stage_stop(&d->stage);
    if (!clean) {
        demo_stage_show_log(d->stage.log);
        (void)complain("the gateway", "it did not leave cleanly; its log is above");
    }
    demo_stage_strike(&d->stage, d->call->keep);
    return clean;
}

static void close_books(struct day *d)
{
    demo_ledger_deinit(&d->ledger);
    demo_traffic_free(&d->traffic);
    demo_corridor_unload(&d->corridor);
}

int demo_day_run(const struct demo_call *call)
{
    struct day *d = calloc(1, sizeof *d);
    bool fine, played;

    if (!d)
        return 1;
    d->call = call;
    played = plan(d) && open_doors(d) && play(d) && settle(d);
    demo_screen_end(&d->screen);
    if (played && !call->quiet)
        tell(d);
    fine = played && demo_summary_verdict(&d->ledger);
    fine &= clear_away(d);
    if (interrupted)
        fprintf(stderr, "demo: interrupted\n");
    else if (played)
        demo_summary_line(&d->ledger);
    close_books(d);
    free(d);
    return interrupted ? 130 : fine ? 0 : 1;
}
