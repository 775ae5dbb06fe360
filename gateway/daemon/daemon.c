/* daemon.c - the parts of karvand, wired together. */
#include "daemon/daemon.h"
#include <signal.h>
#include <karvan/client.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <zmq.h>
#include "base/hash.h"
#include "base/log.h"
#include "daemon/admin.h"
#include "daemon/descriptors.h"
#include "store/store.h"
#include "store/trace.h"

#define ZMQ_SOCKETS 16 /* besides the endpoints' own: the judge of keys, the admin socket */
#define PER_ENDPOINT 3 /* itself, and the two that tell who comes and leaves */

/* ---- between lanes ---- */

static uint64_t next_serial(void *ctx)
{
    struct gw_daemon *d = ctx;
    return atomic_fetch_add(&d->serial, 1) + 1;
}

static void claim_elsewhere(void *ctx, uint32_t from, const struct gw_claim *c)
{
    struct gw_daemon *d = ctx;
    for (uint32_t i = 0; i < d->lane_count; i++)
        if (i != from)
            gw_lane_claim(d->lanes[i], c);
}

static void publish_elsewhere(void *ctx, uint32_t from, struct gw_batch *b)
{
    struct gw_daemon *d = ctx;
    for (uint32_t i = 0; i < d->lane_count; i++)
        if (i != from)
            gw_lane_tail(d->lanes[i], b);
}

static void banish(void *ctx, const char *operator)
{
    struct gw_daemon *d = ctx;
    gw_zap_banish(d->zap, operator);
}

/* ---- start ---- */

static enum gw_error open_keys(struct gw_daemon *d, struct gw_text *why)
{
    bool needed = false;
    struct karvan_keys pair;
    char signer[2 * GW_SIGN_PUBLIC + 1];
    enum gw_error e;
    for (uint32_t i = 0; i < d->settings->endpoint_count; i++)
        needed |= !d->settings->endpoints[i].plain;
    if (!needed)
        return GW_OK;
    e = karvan_keys_load(&pair, d->settings->key_file);
    if (e) {
        gw_text_set(why, "gateway.key_file %s: %s - make it with: karvan keygen %s, and keep its mode "
                         "at 0600",
                    d->settings->key_file, gw_error_text(e), d->settings->key_file);
        return e;
    }
    memcpy(d->public_key, pair.public_key, sizeof d->public_key);
    memcpy(d->secret_key, pair.secret_key, sizeof d->secret_key);
    gw_signer_derive(&d->signer, gw_slice_str(d->secret_key));
    d->signs = true;
    gw_hex(d->signer.public_key, sizeof d->signer.public_key, signer);
    gw_log(GW_INFO, "daemon.signer", "public_key=%s", signer);
    return GW_OK;
}

static enum gw_error open_zmq(struct gw_daemon *d)
{
    d->zmq = zmq_ctx_new();
    if (!d->zmq)
        return GW_NOMEM;
    zmq_ctx_set(d->zmq, ZMQ_IO_THREADS, (int)d->settings->io_threads);
    zmq_ctx_set(d->zmq, ZMQ_MAX_SOCKETS, (int)d->settings->endpoint_count * PER_ENDPOINT + ZMQ_SOCKETS);
    return GW_OK;
}

static enum gw_error open_zap(struct gw_daemon *d)
{
    const struct gw_settings *s = d->settings;
    d->zap_endpoints = calloc(s->endpoint_count, sizeof *d->zap_endpoints);
    if (!d->zap_endpoints)
        return GW_NOMEM;
    for (uint32_t i = 0; i < s->endpoint_count; i++) {
        const struct gw_endpoint *e = &s->endpoints[i];
        struct gw_zap_endpoint *z = &d->zap_endpoints[i];
        memcpy(z->name, e->name, sizeof z->name);
        z->plain = e->plain;
        z->operators = e->operators;
        z->operator_count = e->operator_count;
    }
    return gw_zap_open(&d->zap, &d->loop, d->zmq, d->zap_endpoints, s->endpoint_count,
                       d->directory);
}

static void tell_endpoint(const struct gw_daemon *d, const struct gw_endpoint *e, uint32_t lane)
{
    if (e->plain)
        gw_log(GW_WARN, "endpoint.plain",
               "name=%s address=%s lane=%u operator=%s NOT ENCRYPTED, NOT AUTHENTICATED: whoever "
               "reaches this address is taken for this operator",
               e->name, e->address, lane, e->operators[0]);
    else
        gw_log(GW_INFO, "endpoint.open", "name=%s address=%s lane=%u public_key=%s", e->name,
               e->address, lane, d->public_key);
}

/* Endpoint i belongs to lane i modulo the number of lanes; binds are laid out lane by lane. */
static uint32_t lay_out(struct gw_daemon *d, uint32_t lane, struct gw_bind *out)
{
    const struct gw_settings *s = d->settings;
    uint32_t n = 0;
    for (uint32_t i = lane; i < s->endpoint_count; i += s->lanes, n++) {
        memcpy(out[n].name, s->endpoints[i].name, sizeof out[n].name);
        memcpy(out[n].address, s->endpoints[i].address, sizeof out[n].address);
        out[n].plain = s->endpoints[i].plain;
        tell_endpoint(d, &s->endpoints[i], lane);
    }
    return n;
}

static enum gw_error open_lanes(struct gw_daemon *d, struct gw_text *why)
{
    struct gw_settings *s = d->settings;
    bool many = s->lanes > 1;
    struct gw_bind *at;
    struct gw_lane_setup setup = {
        .zmq = d->zmq,
        .secret_key = d->secret_key,
        .limits = &s->limits,
        .budget = {s->turn_messages, s->turn_bytes},
        .directory = d->directory,
        .journal = d->journal,
        .gateway_name = s->name,
        .signer = d->signs ? &d->signer : NULL,
        .most_in_journal = s->journal.queue_batches / s->lanes ? s->journal.queue_batches / s->lanes : 1,
        .claim = many ? claim_elsewhere : NULL,
        .publish = many ? publish_elsewhere : NULL,
        .banish = banish,
        .ctx = d,
        .serial = next_serial,
    };

    d->binds = at = calloc(s->endpoint_count + 1, sizeof *d->binds);
    d->lanes = calloc(s->lanes, sizeof *d->lanes);
    if (!d->binds || !d->lanes)
        return GW_NOMEM;
    for (uint32_t i = 0; i < s->lanes; i++) {
        enum gw_error e;
        setup.number = i;
        setup.binds = at;
        setup.bind_count = lay_out(d, i, at);
        at += setup.bind_count;
        e = gw_lane_start(&d->lanes[i], &setup, why);
        if (e)
            return e;
        d->lane_count++;
    }
    return GW_OK;
}

static enum gw_error open_journal(struct gw_daemon *d, struct gw_text *why)
{
    struct gw_journal_status st;
    int64_t began = gw_mono_ns(&gw_clock_system);
    enum gw_error e;

    d->settings->journal.signer = d->signs ? &d->signer : NULL;
    umask(077); /* journal, keys and sockets are the gateway's alone */
    e = gw_lmdb_open(&d->journal, &d->settings->journal, &gw_clock_system, why);
    if (e)
        return e;
    d->journal->ops->status(d->journal, &st);
    gw_log(GW_INFO, "journal.open", "dir=%s first=%llu last=%llu room=%s durable=%s ms=%lld",
           d->settings->journal.dir, (unsigned long long)st.first_seq,
           (unsigned long long)st.last_seq, gw_room_name(st.room),
           d->settings->journal.durable ? "yes" : "NO",
           (long long)((gw_mono_ns(&gw_clock_system) - began) / 1000000));
    if (!d->settings->journal.durable)
        gw_log(GW_WARN, "journal.not_durable",
               "acknowledged events may be lost when the machine fails; set journal.durable");
    return GW_OK;
}

/* Without it look-ups read the journal: slower, but no reason not to start. */
static void open_tracer(struct gw_daemon *d)
{
    char dir[600];
    enum gw_error e;
    (void)snprintf(dir, sizeof dir, "%s/trace", d->settings->journal.dir);
    e = gw_tracer_open(&d->tracer, d->journal, dir);
    if (!e)
        e = gw_tracer_start(d->tracer);
    if (e)
        gw_log(GW_WARN, "trace.failed", "dir=%s error=%s", dir, gw_error_name(e));
}

/* ---- signals ---- */

/* Draining takes too long: a peer that reads nothing must not keep the process alive. */
static void on_deadline(int number)
{
    static const char text[] = "daemon.deadline: did not drain in time; leaving as it is (nothing "
                               "acknowledged is lost)\n";
    (void)number;
    _exit(write(STDERR_FILENO, text, sizeof text - 1) > 0 ? 1 : 1);
}

static void set_deadline(uint32_t ms)
{
    struct itimerval t = {.it_value = {ms / 1000, (ms % 1000) * 1000}};
    signal(SIGALRM, on_deadline);
    setitimer(ITIMER_REAL, &t, NULL);
}

static void leave(struct gw_daemon *d)
{
    if (d->leaving)
        return;
    d->leaving = true;
    gw_log(GW_INFO, "daemon.leave", "draining");
    for (uint32_t i = 0; i < d->lane_count; i++)
        gw_lane_leave(d->lanes[i]);
    if (d->looping)
        uv_stop(&d->loop);
}

static void on_signal(uv_signal_t *h, int number)
{
    struct gw_daemon *d = h->data;
    struct gw_complaint c = {0};
    struct gw_buf text;

    if (number != SIGHUP) {
        leave(d);
        return;
    }
    if (!gw_daemon_reload(d, &c))
        return;
    gw_buf_init(&text, 4096);
    gw_complaint_text(&c, &text);
    gw_log(GW_ERROR, "daemon.reload", "nothing changed: %s", gw_buf_text(&text));
    gw_buf_deinit(&text);
}

static enum gw_error open_signals(struct gw_daemon *d)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (uv_signal_init(&d->loop, &d->signals[i]))
            return GW_IO;
        d->signal_count++;
        d->signals[i].data = d;
        if (uv_signal_start(&d->signals[i], on_signal, numbers[i]))
            return GW_IO;
    }
    return GW_OK;
}

/* Whoever set no words of its own: which part it is. */
static enum gw_error part(enum gw_error e, const char *name, struct gw_text *why)
{
    if (e && !*why->s)
        gw_text_set(why, "%s: %s", name, gw_error_text(e));
    return e;
}

enum gw_error gw_daemon_start(struct gw_daemon *d, struct gw_settings *settings,
                              struct gw_directory *directory, struct gw_text *why)
{
    enum gw_error e;
    *d = (struct gw_daemon){.settings = settings, .directory = gw_directory_ref(directory)};
    d->started_ms = gw_now_ms(&gw_clock_system);
    *why = (struct gw_text){{0}};
    if (uv_loop_init(&d->loop))
        return part(GW_NOMEM, "event loop", why);
    d->looping = true;
    gw_descriptors_limit(settings->max_connections, settings->lanes, settings->endpoint_count);
    e = part(open_signals(d), "signals", why);
    if (!e)
        e = part(open_keys(d, why), "keys", why);
    if (!e)
        e = part(open_zmq(d), "ZeroMQ", why);
    if (!e)
        e = part(open_journal(d, why), "journal", why);
    if (!e)
        open_tracer(d);
    if (!e)
        e = part(open_zap(d), "the judge of keys", why);
    if (!e)
        e = part(open_lanes(d, why), "lanes", why);
    if (!e)
        e = part(gw_admin_open(&d->admin, d, why), "admin socket", why);
    if (!e)
        gw_log(GW_INFO, "daemon.ready", "name=%s operators=%u lanes=%u", settings->name,
               directory->count, d->lane_count);
    return e;
}

void gw_daemon_run(struct gw_daemon *d)
{
    uv_run(&d->loop, UV_RUN_DEFAULT);
}

/* ---- stop ---- */

/* Lanes finish what is in the journal and acknowledge it, each on its own thread. */
static void drain(struct gw_daemon *d)
{
    leave(d);
    for (uint32_t i = 0; i < d->lane_count; i++)
        gw_lane_join(d->lanes[i]);
    gw_admin_release_reader(d->admin);
    gw_tracer_stop(d->tracer);
    if (d->journal)
        d->journal->ops->close(d->journal);
    for (uint32_t i = 0; i < d->lane_count; i++)
        gw_lane_free(d->lanes[i]);
}

void gw_daemon_stop(struct gw_daemon *d)
{
    set_deadline(d->settings->drain_ms);
    drain(d);
    gw_admin_close(d->admin);
    gw_zap_close(d->zap);
    for (uint32_t i = 0; i < d->signal_count; i++)
        uv_close((uv_handle_t *)&d->signals[i], NULL);
    while (d->looping && uv_run(&d->loop, UV_RUN_DEFAULT)) /* the first may find itself stopped already */
        ;
    if (d->looping)
        uv_loop_close(&d->loop);
    if (d->zmq)
        zmq_ctx_term(d->zmq);
    gw_directory_unref(d->directory);
    free(d->zap_endpoints);
    free(d->binds);
    free(d->lanes);
    gw_log(GW_INFO, "daemon.end", "clean");
}

enum gw_error gw_daemon_reload(struct gw_daemon *d, struct gw_complaint *c)
{
    struct gw_directory *fresh = NULL, *old = d->directory;
    enum gw_error e = gw_directory_load(&fresh, d->settings, c);
    if (e)
        return e;
    d->directory = fresh;
    gw_zap_directory(d->zap, fresh);
    for (uint32_t i = 0; i < d->lane_count; i++)
        gw_lane_directory(d->lanes[i], fresh);
    gw_directory_unref(old);
    gw_log(GW_INFO, "daemon.reload", "operators=%u", fresh->count);
    return GW_OK;
}
