/* bench_of_one.h - a pipeline on a workbench: memory store, an outlet that keeps what was sent, a
 * clock that is a variable.  For tests of whole conversations without sockets. */
#ifndef GW_TESTS_BENCH_OF_ONE_H
#define GW_TESTS_BENCH_OF_ONE_H
#include "pipeline/pipeline.h"
#include "store/store.h"

#define SENT_MOST 4096
#define WORKBENCH_EVENT_MS 1795439100000 /* when they happened, all of workbench_events() */

struct sent {
    struct gw_peer to;
    struct gw_buf header, body;
    struct gw_header h; /* read back from `header` */
};

struct workbench {
    struct gw_limits limits;
    struct gw_directory *directory;
    struct gw_journal *journal;
    struct gw_outlet outlet;
    struct gw_pipeline *pipeline;
    struct sent sent[SENT_MOST];
    unsigned count;      /* messages sent and not looked at yet */
    enum gw_error next_send; /* what the outlet answers; GW_OK keeps the message */
    uint64_t serial;
    int64_t now_ms;
    struct gw_batch *done[256]; /* completed, not handed back yet */
    unsigned done_count;
    uint32_t most_in_journal; /* to be set before workbench_open(); 0: 64 */
    struct gw_pipeline *other; /* gets our live events, as another lane would; or NULL */
    bool hold;           /* keep completions until workbench_commit() */
};

/* Three operators: alpha shares with beta; beta shares with nobody; gamma shares with all. */
void workbench_open(struct workbench *w);
void workbench_close(struct workbench *w);

struct gw_peer workbench_peer(uint32_t n);
/* Send a message into the pipeline as operator `who`. */
void workbench_put(struct workbench *w, uint32_t peer, const char *who, const struct gw_header *h,
                   struct gw_slice body);
void workbench_put_raw(struct workbench *w, uint32_t peer, const char *who,
                       struct gw_slice header, struct gw_slice body, unsigned frames);
/* Hand completions back and run turns until nothing is left to do. */
void workbench_settle(struct workbench *w);
/* The next message sent to a peer, or NULL; forgotten once looked at. */
struct sent *workbench_take(struct workbench *w, uint32_t peer);
/* The next message to a peer must be this operation. */
struct sent *workbench_expect(struct workbench *w, uint32_t peer, enum gw_op op);
/* HELLO and expect WELCOME. */
void workbench_hello(struct workbench *w, uint32_t peer, const char *who, const char *adapter);
/* Append `count` good events with ids prefix-first .. to a body. */
void workbench_events(struct gw_buf *body, const char *prefix, unsigned first, unsigned count);
/* PUBLISH good events with ids who-first .., and settle. */
void workbench_publish(struct workbench *w, uint32_t peer, const char *who, uint64_t batch,
                       unsigned first, unsigned count);
/* SUBSCRIBE with terms as on the command line, ended by NULL, and expect SUBSCRIBED, which is
 * returned. */
__attribute__((sentinel)) struct sent *
workbench_subscribe(struct workbench *w, uint32_t peer, const char *who, const char *name,
                    const char *start, ...);
/* CREDIT of so many events, as many bytes as they like, and settle. */
void workbench_credit(struct workbench *w, uint32_t peer, const char *who, const char *name,
                      uint64_t ack, uint64_t events);
struct gw_pipeline_counters workbench_counters(const struct workbench *w);
#endif
