/* links.h - the companies' own connections to the gateway, each with its own key, through
 * libkarvan: to publish in its dialect, and to receive what it is entitled to. */
#ifndef GW_BENCH_DEMO_LINKS_H
#define GW_BENCH_DEMO_LINKS_H
#include <karvan/client.h>
#include "bench/demo/ledger.h"
#include "bench/demo/refusals.h"
#include "bench/demo/stage.h"
#include "bench/demo/traffic.h"
#include "model/facts.h"

struct demo_links;

struct demo_link {
    struct demo_links *all;
    enum demo_who who;
    struct karvan_client *client;
    bool paused;       /* it does not read at the moment */
    char trouble[160]; /* the last thing the gateway complained of */
};

struct demo_links {
    struct demo_link link[DEMO_COMPANIES];
    struct demo_ledger *ledger;
    struct demo_refusals *refusals;
    const struct gw_places *places;
    struct gw_tree tree;   /* scratch */
    struct gw_buf bytes;   /* scratch */
    struct gw_facts facts; /* scratch */
    enum demo_who
        pausing; /* the receiver whose waiting does not count as the gateway's */
};

/* Connect all and subscribe.  Errors are said on stderr. */
GW_MUST_USE enum gw_error demo_links_open(struct demo_links *l,
                                          const struct demo_stage *stage);
void demo_links_close(struct demo_links *l);
bool demo_links_ready(const struct demo_links *l);
/* Report a happening in its company's words.  GW_AGAIN: no room, try again later. */
GW_MUST_USE enum gw_error demo_links_publish(struct demo_links *l,
                                             const struct demo_happening *h);
/* Wait for news from the gateway, at most wait_ms, and handle them. */
void demo_links_turn(struct demo_links *l, int wait_ms);
/* Events handed over and not yet acknowledged. */
uint64_t demo_links_waiting(const struct demo_links *l);
#endif
