/* rabbitmq.c - a quorum queue of one member, with publisher confirms: written to its log
 * and synced. */
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include "bench/peers/peer.h"

#define CHANNEL   1
#define QUEUE     "events"
#define WINDOW    2048 /* unconfirmed */
#define PREFETCH  2048
#define ACK_EVERY 256

static bool good(struct gw_peer_work *w, amqp_connection_state_t c, const char *what)
{
    amqp_rpc_reply_t r = amqp_get_rpc_reply(c);
    return r.reply_type == AMQP_RESPONSE_NORMAL ||
           gw_peer_fail(w, what,
                        r.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION
                            ? amqp_error_string2(r.library_error)
                            : "refused by the server");
}

static amqp_connection_state_t connect_to(struct gw_peer_work *w)
{
    amqp_connection_state_t c = amqp_new_connection();
    amqp_socket_t *s = c ? amqp_tcp_socket_new(c) : NULL;
    amqp_rpc_reply_t r;
    if (!s || amqp_socket_open(s, "127.0.0.1", w->daemon.port)) {
        (void)gw_peer_fail(w, "rabbitmq", "cannot connect");
        if (c)
            amqp_destroy_connection(c);
        return NULL;
    }
    r = amqp_login(c, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
    if (r.reply_type == AMQP_RESPONSE_NORMAL)
        amqp_channel_open(c, CHANNEL);
    if (r.reply_type != AMQP_RESPONSE_NORMAL || !good(w, c, "rabbitmq: channel")) {
        (void)gw_peer_fail(w, "rabbitmq", "login");
        amqp_destroy_connection(c);
        return NULL;
    }
    return c;
}

static void leave(amqp_connection_state_t c)
{
    if (!c)
        return;
    (void)amqp_connection_close(c, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(c);
}

static bool declare(struct gw_peer_work *w)
{
    amqp_connection_state_t c = connect_to(w);
    amqp_table_entry_t entry = {.key = amqp_cstring_bytes("x-queue-type"),
                                .value = {.kind = AMQP_FIELD_KIND_UTF8,
                                          .value.bytes = amqp_cstring_bytes("quorum")}};
    amqp_table_t args = {1, &entry};
    bool ok = c != NULL;
    if (ok) {
        amqp_queue_declare(c, CHANNEL, amqp_cstring_bytes(QUEUE), 0, 1, 0, 0, args);
        ok = good(w, c, "rabbitmq: queue");
    }
    leave(c);
    return ok;
}

/* epmd, which Erlang asks for its own port, is started by us too: left alone it would
 * stay behind. */
static bool start(struct gw_peer_work *w)
{
    struct gw_daemon *d = &w->daemon;
    int epmd_port = gw_child_free_port(), dist_port = gw_child_free_port();
    char epmd[16], set[12][400];
    const char *epmd_argv[] = {"epmd", "-address", "127.0.0.1", "-port", epmd, NULL};
    const char *argv[] = {"/usr/lib/rabbitmq/bin/rabbitmq-server", NULL};
    const char *env[] = {set[0], set[1], set[2], set[3],  set[4],  set[5], set[6],
                         set[7], set[8], set[9], set[10], set[11], NULL};
    char path[300];

    (void)snprintf(epmd, sizeof epmd, "%d", epmd_port);
    (void)snprintf(path, sizeof path, "%s/plugins", d->dir);
    if (gw_child_write_file(path, "[].\n"))
        return gw_peer_fail(w, "rabbitmq", "cannot write its settings");
    (void)snprintf(set[0], 400, "HOME=%s", d->dir);
    (void)snprintf(set[1], 400, "RABBITMQ_MNESIA_BASE=%s/mnesia", d->dir);
    (void)snprintf(set[2], 400, "RABBITMQ_LOG_BASE=%s", d->dir);
    (void)snprintf(set[3], 400, "RABBITMQ_NODENAME=karvan%d@localhost", d->port);
    (void)snprintf(set[4], 400, "RABBITMQ_NODE_PORT=%d", d->port);
    (void)snprintf(set[5], 400, "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1");
    (void)snprintf(set[6], 400, "RABBITMQ_DIST_PORT=%d", dist_port);
    (void)snprintf(set[7], 400, "ERL_EPMD_PORT=%d", epmd_port);
    (void)snprintf(set[8], 400, "ERL_EPMD_ADDRESS=127.0.0.1");
    (void)snprintf(set[9], 400, "RABBITMQ_ENABLED_PLUGINS_FILE=%s/plugins", d->dir);
    (void)snprintf(set[10], 400,
                   "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface "
                   "{127,0,0,1}");
    (void)snprintf(set[11], 400,
                   "RUNNING_UNDER_SYSTEMD=true"); /* one process, no shell around */
    if (!gw_daemon_start(d, epmd_argv, NULL) || !gw_daemon_listens(d, epmd_port, 5) ||
        !gw_daemon_start(d, argv, env) || !gw_daemon_listens(d, d->port, 60))
        return gw_peer_fail(w, "rabbitmq-server", "does not start");
    return declare(w);
}

/* Read confirmations: all there are, or at least one.  The highest tag confirmed in
 * *confirmed: a quorum queue confirms in order but may leave gaps for a moment, so they
 * are counted. */
static bool read_confirms(struct gw_peer_work *w, amqp_connection_state_t c,
                          uint64_t *confirmed, uint64_t *up_to, bool wait)
{
    struct timeval tv = {wait ? 10 : 0, 0};
    amqp_frame_t f;
    int rc;
    amqp_maybe_release_buffers(c);
    while ((rc = amqp_simple_wait_frame_noblock(c, &f, &tv)) == AMQP_STATUS_OK) {
        const amqp_basic_ack_t *a = f.payload.method.decoded;
        tv = (struct timeval){0, 0};
        if (f.frame_type != AMQP_FRAME_METHOD ||
            f.payload.method.id != AMQP_BASIC_ACK_METHOD)
            return gw_peer_fail(w, "rabbitmq", "not confirmed");
        *confirmed = a->multiple ? (a->delivery_tag > *up_to
                                        ? *confirmed + a->delivery_tag - *up_to
                                        : *confirmed)
                                 : *confirmed + 1;
        if (a->delivery_tag > *up_to)
            *up_to = a->delivery_tag;
    }
    return rc == AMQP_STATUS_TIMEOUT ||
           gw_peer_fail(w, "rabbitmq", amqp_error_string2(rc));
}

static bool produce(struct gw_peer_work *w)
{
    amqp_connection_state_t c = connect_to(w);
    amqp_basic_properties_t props = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG,
                                     .delivery_mode = 2};
    uint64_t sent = 0, confirmed = 0, up_to = 0;
    struct gw_slice p;
    bool ok = c != NULL;

    if (ok) {
        amqp_confirm_select(c, CHANNEL);
        ok = good(w, c, "rabbitmq: confirms");
    }
    while (ok && gw_peer_next(w, &p)) {
        amqp_bytes_t body = {p.len, (void *)(uintptr_t)p.at};
        ok = amqp_basic_publish(c, CHANNEL, amqp_empty_bytes, amqp_cstring_bytes(QUEUE),
                                0, 0, &props, body) == AMQP_STATUS_OK;
        sent++;
        if (ok && sent % 64 == 0)
            ok = read_confirms(w, c, &confirmed, &up_to, false);
        while (ok && up_to + WINDOW < sent)
            ok = read_confirms(w, c, &confirmed, &up_to, true);
    }
    while (ok && up_to < sent)
        ok = read_confirms(w, c, &confirmed, &up_to, true);
    leave(c);
    return ok;
}

static bool consume(struct gw_peer_work *w)
{
    amqp_connection_state_t c = connect_to(w);
    uint64_t unacked = 0;
    bool ok = c != NULL;

    if (ok) {
        amqp_basic_qos(c, CHANNEL, 0, PREFETCH, 0);
        amqp_basic_consume(c, CHANNEL, amqp_cstring_bytes(QUEUE), amqp_empty_bytes, 0, 0,
                           0, amqp_empty_table);
        ok = good(w, c, "rabbitmq: consume");
    }
    while (ok && !gw_peer_finished(w)) {
        struct timeval tv = {0, 200000};
        amqp_envelope_t e;
        amqp_rpc_reply_t r;
        amqp_maybe_release_buffers(c);
        r = amqp_consume_message(c, &e, &tv, 0);
        if (r.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION &&
            r.library_error == AMQP_STATUS_TIMEOUT)
            continue;
        if (r.reply_type != AMQP_RESPONSE_NORMAL) {
            ok =
                gw_peer_fail(w, "rabbitmq: consume", amqp_error_string2(r.library_error));
            continue;
        }
        ok = gw_peer_take(w, e.message.body.bytes, e.message.body.len);
        if (ok && ++unacked == ACK_EVERY) {
            ok = amqp_basic_ack(c, CHANNEL, e.delivery_tag, 1) == AMQP_STATUS_OK;
            unacked = 0;
        }
        amqp_destroy_envelope(&e);
    }
    leave(c);
    return ok;
}

static void stop(struct gw_peer_work *w)
{
    (void)w;
}

const struct gw_peer_system gw_peer_rabbitmq = {"rabbitmq",
                                                "rabbitmq-server",
                                                "in the quorum queue's log, synced",
                                                true,
                                                start,
                                                produce,
                                                consume,
                                                stop};
