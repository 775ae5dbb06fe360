/* admin.c - questions of the command line, answered by the control loop. */
#include "daemon/admin.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>
#include <karvan/version.h>
#include "base/hash.h"
#include "base/log.h"
#include "base/queue.h"
#include "model/canon.h"
#include "model/json.h"

#define ANSWER_MS  2000     /* a lane that does not answer within this time is stuck */
#define TEXT_BYTES (4u << 20)

/* What a lane gave back; made by the lane's thread, taken by the control loop. */
struct answer {
    struct gw_admin *admin;
    uint32_t lane;
    uint64_t question;
    struct gw_pipeline_counters counters;
    struct gw_buf sessions;
    /* requeue */
    struct gw_quarantined entry;
    uint8_t *bytes;
    enum gw_error result;
    struct gw_fault outcome;
};

struct gw_admin {
    struct gw_daemon *d;
    struct gw_zsock *socket;
    struct gw_queue *answers;
    uv_async_t wake;
    uv_timer_t patience;
    struct gw_tree tree;
    struct gw_buf reply;
    struct gw_reader *reader;
   
    /* the question at hand: REP asks for one at a time */
    uint64_t question;
    bool waiting, health;
    uint32_t missing;
    struct answer **got; /* one per lane */
};

static void say(struct gw_admin *a)
{
    struct gw_slice text = gw_buf_bytes(&a->reply);
    a->waiting = false;
    if (gw_zsock_send(a->socket, &text, 1))
        gw_log(GW_WARN, "admin.reply", "could not be sent");
}

static void say_error(struct gw_admin *a, const char *text)
{
    gw_buf_reset(&a->reply);
    gw_buf_printf(&a->reply, "{\"ok\":false,\"text\":\"%s\"}", text);
    say(a);
}

static void free_answer(struct answer *r)
{
    if (!r)
        return;
    gw_buf_deinit(&r->sessions);
    free(r->bytes);
    free(r);
}

/* Lane's thread.  Once pushed, the answer is the control loop's, which may free it at once. */
static void hand_over(struct answer *r)
{
    struct gw_admin *a = r->admin;
    if (gw_queue_push(a->answers, r))
        free_answer(r);
    else
        uv_async_send(&a->wake);
}

/* ---- status and health: ask every lane, wait for all ---- */

/* Lane's thread. */
static void on_lane_report(void *ctx, struct gw_pipeline *p, int64_t now_ms)
{
    struct answer *r = ctx;
    if (!p) {
        free_answer(r);
        return;
    }
    gw_pipeline_counters(p, &r->counters);
    gw_pipeline_describe(p, &r->sessions, now_ms);
    hand_over(r);
}

static struct answer *new_answer(struct gw_admin *a, uint32_t lane)
{
    struct answer *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->admin = a;
    r->lane = lane;
    r->question = a->question;
    gw_buf_init(&r->sessions, TEXT_BYTES);
    return r;
}

static void ask_lanes(struct gw_admin *a, bool health)
{
    a->health = health;
    a->missing = 0;
    for (uint32_t i = 0; i < a->d->lane_count; i++) {
        struct answer *r = new_answer(a, i);
        if (r && !gw_lane_call(a->d->lanes[i], on_lane_report, r))
            a->missing++;
        else
            free_answer(r);
    }
    a->waiting = true;
}

static void put_journal(struct gw_buf *out, struct gw_journal *j)
{
    struct gw_journal_status st;
    char chain[65];
    j->ops->status(j, &st);
    gw_hex(st.chain, 32, chain);
    gw_buf_printf(out,
                  "\"journal\":{\"room\":\"%s\",\"first\":%llu,\"last\":%llu,\"used_bytes\":%llu,"
                  "\"max_bytes\":%llu,\"commits\":%llu,\"events\":%llu,\"duplicates\":%llu,"
                  "\"refused\":%llu,\"quarantined\":%llu,\"quarantined_bytes\":%llu,"
                  "\"last_sync_us\":%lld,\"queued\":%u,\"chain\":\"%s\"}",
                  gw_room_name(st.room), (unsigned long long)st.first_seq,
                  (unsigned long long)st.last_seq, (unsigned long long)st.used_bytes,
                  (unsigned long long)st.max_bytes, (unsigned long long)st.commits,
                  (unsigned long long)st.events, (unsigned long long)st.duplicates,
                  (unsigned long long)st.refused, (unsigned long long)st.quarantined,
                  (unsigned long long)st.quarantined_bytes, (long long)st.last_sync_us,
                  st.queued, chain);
}

static void put_counters(struct gw_buf *out, const struct gw_pipeline_counters *c, uint32_t lane)
{
    gw_buf_printf(out,
                  "{\"lane\":%u,\"messages\":%llu,\"batches\":%llu,\"accepted\":%llu,"
                  "\"duplicates\":%llu,\"refused\":%llu,\"repeats\":%llu,\"faults\":%llu,"
                  "\"delivered\":%llu,\"delivered_messages\":%llu,\"from_journal\":%llu,"
                  "\"refused_sends\":%llu,\"sessions\":%u,\"subscriptions\":%u,\"in_journal\":%u,"
                  "\"tail_bytes\":%llu,\"live\":{\"taken\":%llu,\"dropped\":%llu,"
                  "\"refused\":%llu,\"delivered\":%llu,\"objects\":%u,\"bytes\":%llu}}",
                  lane, (unsigned long long)c->messages, (unsigned long long)c->batches,
                  (unsigned long long)c->accepted, (unsigned long long)c->duplicates,
                  (unsigned long long)c->refused, (unsigned long long)c->repeats,
                  (unsigned long long)c->faults, (unsigned long long)c->delivered,
                  (unsigned long long)c->delivered_messages, (unsigned long long)c->from_journal,
                  (unsigned long long)c->refused_sends, c->sessions, c->subscriptions,
                  c->in_journal, (unsigned long long)c->tail_bytes,
                  (unsigned long long)c->live_taken, (unsigned long long)c->live_dropped,
                  (unsigned long long)c->live_refused, (unsigned long long)c->live_delivered,
                  c->live_objects, (unsigned long long)c->live_bytes);
}

static void reply_status(struct gw_admin *a)
{
    struct gw_buf *out = &a->reply;
    const char *comma = "";
    gw_buf_reset(out);
    gw_buf_printf(out,
                  "{\"ok\":true,\"name\":\"%s\",\"version\":\"%s\",\"up_ms\":%lld,\"operators\":%u,"
                  "\"admitted\":%llu,\"turned_away\":%llu,",
                  a->d->settings->name, KARVAN_VERSION,
                  (long long)(gw_now_ms(&gw_clock_system) - a->d->started_ms),
                  a->d->directory->count, (unsigned long long)gw_zap_admitted(a->d->zap),
                  (unsigned long long)gw_zap_refused(a->d->zap));
    put_journal(out, a->d->journal);
    gw_buf_str(out, ",\"lanes\":[");
    for (uint32_t i = 0; i < a->d->lane_count; i++)
        if (a->got[i]) {
            gw_buf_str(out, comma);
            put_counters(out, &a->got[i]->counters, i);
            comma = ",";
        }
    gw_buf_str(out, "],\"sessions\":[");
    comma = "";
    for (uint32_t i = 0; i < a->d->lane_count; i++)
        if (a->got[i] && a->got[i]->sessions.len) {
            gw_buf_str(out, comma);
            gw_buf_slice(out, gw_buf_bytes(&a->got[i]->sessions));
            comma = ",";
        }
    gw_buf_str(out, "]}");
    say(a);
}

static void reply_health(struct gw_admin *a)
{
    struct gw_journal_status st;
    const char *comma = "";
    a->d->journal->ops->status(a->d->journal, &st);
    gw_buf_reset(&a->reply);
    gw_buf_printf(&a->reply, "{\"ok\":%s,\"reasons\":[",
                  st.room < GW_ROOM_FULL && !a->missing && !a->d->leaving ? "true" : "false");
    if (st.room != GW_ROOM_OK) {
        gw_buf_printf(&a->reply, "\"journal: %s\"", gw_room_name(st.room));
        comma = ",";
    }
    if (a->missing) {
        gw_buf_printf(&a->reply, "%s\"%u lanes do not answer\"", comma, a->missing);
        comma = ",";
    }
    if (a->d->leaving)
        gw_buf_printf(&a->reply, "%s\"leaving\"", comma);
    gw_buf_str(&a->reply, "]}");
    say(a);
}

static void finish(struct gw_admin *a)
{
    uv_timer_stop(&a->patience);
    if (a->health)
        reply_health(a);
    else
        reply_status(a);
    for (uint32_t i = 0; i < a->d->lane_count; i++) {
        free_answer(a->got[i]);
        a->got[i] = NULL;
    }
}

static void reply_requeue(struct gw_admin *a, const struct answer *r)
{
    const struct gw_fault *f = &r->outcome;
    gw_buf_reset(&a->reply);
    if (!r->result && !f->code)
        gw_buf_printf(&a->reply, "{\"ok\":true,\"id\":%llu}", (unsigned long long)r->entry.id);
    else {
        enum gw_error e = r->result ? r->result : f->code;
        gw_buf_printf(&a->reply,
                      "{\"ok\":false,\"id\":%llu,\"code\":%d,\"text\":\"%s\",\"rule\":\"%s\","
                      "\"field\":\"%s\",\"at\":%zu,\"remedy\":\"%s\"}",
                      (unsigned long long)r->entry.id, (int)e, gw_error_text(e),
                      f->rule ? f->rule : "", f->field, f->at, gw_error_remedy(e));
    }
    uv_timer_stop(&a->patience);
    say(a);
}

static void take_answer(struct gw_admin *a, struct answer *r)
{
    if (!a->waiting || r->question != a->question) {
        free_answer(r); /* too late */
        return;
    }
    if (r->entry.id) {
        reply_requeue(a, r);
        free_answer(r);
        return;
    }
    a->got[r->lane] = r;
    a->missing--;
    if (!a->missing)
        finish(a);
}

static void on_wake(uv_async_t *h)
{
    struct gw_admin *a = h->data;
    void *item;
    while (gw_queue_take(a->answers, &item, 1))
        take_answer(a, item);
}

static void on_patience(uv_timer_t *t)
{
    struct gw_admin *a = t->data;
    if (a->waiting)
        finish(a);
}

/* ---- the requests ---- */

static void do_status(struct gw_admin *a, uint32_t root)
{
    (void)root;
    ask_lanes(a, false);
}

static void do_health(struct gw_admin *a, uint32_t root)
{
    (void)root;
    ask_lanes(a, true);
}

static void do_reload(struct gw_admin *a, uint32_t root)
{
    struct gw_complaint c = {0};
    struct gw_buf text;
    (void)root;
    if (!gw_daemon_reload(a->d, &c)) {
        gw_buf_reset(&a->reply);
        gw_buf_printf(&a->reply, "{\"ok\":true,\"operators\":%u}", a->d->directory->count);
        say(a);
        return;
    }
    gw_buf_init(&text, 4096);
    gw_complaint_text(&c, &text);
    gw_tree_reset(&a->tree);
    root = gw_tree_root(&a->tree);
    (void)gw_tree_put_bool(&a->tree, root, GW_LIT("ok"), false);
    (void)gw_tree_put_str(&a->tree, root, GW_LIT("text"), gw_buf_bytes(&text));
    gw_buf_reset(&a->reply);
    if (gw_json_write(&a->tree, root, &a->reply))
        gw_buf_str(&a->reply, "{\"ok\":false}");
    say(a);
    gw_buf_deinit(&text);
}

static bool entry_of(struct gw_admin *a, uint32_t root, struct gw_quarantined *q)
{
    int64_t id = gw_tree_int(&a->tree, root, "id", 0);
    return id > 0 &&
           !a->d->journal->ops->quarantine_next(a->reader, (uint64_t)id, q) &&
           q->id == (uint64_t)id;
}

static void do_drop(struct gw_admin *a, uint32_t root)
{
    struct gw_quarantined q;
    bool there = entry_of(a, root, &q);
    a->d->journal->ops->reader_release(a->reader);
    if (!there) {
        say_error(a, "no such entry in quarantine");
        return;
    }
    if (a->d->journal->ops->quarantine_drop(a->d->journal, q.id)) {
        say_error(a, "the journal has no room for the request; try again");
        return;
    }
    gw_log(GW_INFO, "quarantine.drop", "id=%llu operator=%s", (unsigned long long)q.id,
           q.operator);
    gw_buf_reset(&a->reply);
    gw_buf_printf(&a->reply, "{\"ok\":true,\"id\":%llu}", (unsigned long long)q.id);
    say(a);
}

/* Lane's thread. */
static void on_lane_requeue(void *ctx, struct gw_pipeline *p, int64_t now_ms)
{
    struct answer *r = ctx;
    if (!p) {
        free_answer(r);
        return;
    }
    r->result = gw_pipeline_requeue(p, &r->entry, now_ms, &r->outcome);
    hand_over(r);
}

/* The bytes to try: a repaired event from the request, or what is stored. */
static enum gw_error bytes_to_try(struct gw_admin *a, uint32_t root, struct answer *r)
{
    uint32_t event = gw_tree_child(&a->tree, root, GW_LIT("event"));
    struct gw_slice bytes = r->entry.bytes;

    gw_buf_reset(&r->sessions);
    if (event && gw_msgpack_write(&a->tree, event, &r->sessions))
        return GW_NOMEM;
    if (event)
        bytes = gw_buf_bytes(&r->sessions);
    r->bytes = malloc(bytes.len ? bytes.len : 1);
    if (!r->bytes)
        return GW_NOMEM;
    if (bytes.len)
        memcpy(r->bytes, bytes.at, bytes.len);
    r->entry.bytes = gw_slice(r->bytes, bytes.len);
    return bytes.len ? GW_OK : GW_NOT_FOUND;
}

static void do_requeue(struct gw_admin *a, uint32_t root)
{
    struct answer *r = new_answer(a, 0);
    enum gw_error e = GW_NOMEM;

    if (r)
        e = entry_of(a, root, &r->entry) ? bytes_to_try(a, root, r) : GW_NOT_FOUND;
    a->d->journal->ops->reader_release(a->reader);
    if (!e)
        e = gw_lane_call(a->d->lanes[0], on_lane_requeue, r);
    if (!e) {
        a->waiting = true;
        return;
    }
    free_answer(r);
    say_error(a, e == GW_NOT_FOUND ? "no such entry in quarantine, or its bytes were not kept"
                                   : "out of memory or room; try again");
}

static const struct {
    const char *name;
    void (*run)(struct gw_admin *a, uint32_t root);
} requests[] = {
    {"status", do_status}, {"health", do_health}, {"reload", do_reload},
    {"requeue", do_requeue}, {"drop", do_drop},
};

static void on_request(void *ctx, struct gw_zsock *z, const struct gw_zmessage *m)
{
    struct gw_admin *a = ctx;
    struct gw_fault fault = {0};
    struct gw_slice what;
    uint32_t root = GW_NODE_NONE;
    (void)z;

    a->question++;
    if (m->frames != 1 || gw_json_read(&a->tree, m->frame[0], &root, &fault)) {
        say_error(a, "a request is one JSON object with a word under \\\"do\\\"");
        return;
    }
    what = gw_tree_str(&a->tree, root, "do");
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        if (gw_slice_is(what, requests[i].name)) {
            requests[i].run(a, root);
            if (a->waiting)
                uv_timer_start(&a->patience, on_patience, ANSWER_MS, 0);
            return;
        }
    say_error(a, "no such request");
}

static enum gw_error bind_socket(struct gw_admin *a, struct gw_text *why)
{
    void *rep = zmq_socket(a->d->zmq, ZMQ_REP);
    struct gw_zsock_budget budget = {16, 1u << 20};
    int64_t most = 1 << 20;
    int linger = 200;

    if (rep && zmq_setsockopt(rep, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0 &&
        zmq_setsockopt(rep, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
        zmq_bind(rep, a->d->settings->admin_socket) == 0 &&
        gw_zsock_open(&a->socket, &a->d->loop, rep, budget, on_request, a) == GW_OK)
        return GW_OK;
    gw_text_set(why, "admin socket %s: %s - another gateway on the same data directory?",
                a->d->settings->admin_socket, zmq_strerror(errno));
    if (rep)
        zmq_close(rep);
    return GW_IO;
}

enum gw_error gw_admin_open(struct gw_admin **out, struct gw_daemon *d, struct gw_text *why)
{
    struct gw_admin *a = calloc(1, sizeof *a);
    struct gw_budget budget = d->settings->limits.budget;
    enum gw_error e = a ? GW_OK : GW_NOMEM;

    *out = a;
    if (e)
        return e;
    a->d = d;
    budget.depth += 2; /* an event inside a request */
    if (uv_async_init(&d->loop, &a->wake, on_wake)) {
        free(a);
        *out = NULL;
        return GW_IO;
    }
    uv_timer_init(&d->loop, &a->patience);
    a->wake.data = a->patience.data = a;
    gw_buf_init(&a->reply, TEXT_BYTES * 2);
    e = gw_queue_new(&a->answers, 1024);
    if (!e)
        e = gw_tree_init(&a->tree, &budget);
    if (!e)
        e = d->journal->ops->reader_open(d->journal, &a->reader);
    a->got = calloc(d->settings->lanes, sizeof(*a->got));
    if (!e && !a->got)
        e = GW_NOMEM;
    if (!e)
        e = bind_socket(a, why);
    return e;
}

static void on_closed(uv_handle_t *h)
{
    struct gw_admin *a = h->data;
    void *item;
    while (a->answers && gw_queue_take(a->answers, &item, 1))
        free_answer(item);
    gw_queue_free(a->answers);
    gw_tree_deinit(&a->tree);
    gw_buf_deinit(&a->reply);
    free(a->got);
    free(a);
}

void gw_admin_release_reader(struct gw_admin *a)
{
    if (a && a->reader)
        a->d->journal->ops->reader_close(a->reader);
    if (a)
        a->reader = NULL;
}

void gw_admin_close(struct gw_admin *a)
{
    if (!a)
        return;
    gw_zsock_close(a->socket);
    uv_close((uv_handle_t *)&a->patience, NULL);
    uv_close((uv_handle_t *)&a->wake, on_closed);
}
