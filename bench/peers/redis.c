/* redis.c - a Redis stream with the append-only file synced before every answer. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include "bench/peers/peer.h"

#define PIPELINE 256 /* commands in one go: one sync for all of them */
#define WINDOW   4   /* pipelines in flight */

static redisContext *connect_to(struct gw_peer_work *w)
{
    struct timeval wait = {5, 0};
    redisContext *c = redisConnectWithTimeout("127.0.0.1", w->daemon.port, wait);
    if (c && !c->err)
        return c;
    (void)gw_peer_fail(w, "redis: connect", c ? c->errstr : "out of memory");
    if (c)
        redisFree(c);
    return NULL;
}

static bool start(struct gw_peer_work *w)
{
    char port[16];
    const char *argv[] = {"redis-server",
                          "--bind",
                          "127.0.0.1",
                          "--port",
                          port,
                          "--dir",
                          w->daemon.dir,
                          "--save",
                          "",
                          "--appendonly",
                          "yes",
                          "--appendfsync",
                          "always",
                          "--daemonize",
                          "no",
                          NULL};
    redisContext *c;
    redisReply *r;
    bool ok;

    (void)snprintf(port, sizeof port, "%d", w->daemon.port);
    if (!gw_daemon_start(&w->daemon, argv, NULL) ||
        !gw_daemon_listens(&w->daemon, w->daemon.port, 20))
        return gw_peer_fail(w, "redis-server", "does not start");
    c = connect_to(w);
    if (!c)
        return false;
    r = redisCommand(c, "XGROUP CREATE events receiver 0 MKSTREAM");
    ok = r && r->type == REDIS_REPLY_STATUS;
    if (!ok)
        (void)gw_peer_fail(w, "redis: group", r ? r->str : c->errstr);
    freeReplyObject(r);
    redisFree(c);
    return ok;
}

static bool take_replies(struct gw_peer_work *w, redisContext *c, uint64_t n)
{
    while (n--) {
        redisReply *r = NULL;
        bool ok = redisGetReply(c, (void **)&r) == REDIS_OK && r &&
                  r->type == REDIS_REPLY_STRING;
        if (!ok)
            (void)gw_peer_fail(w, "redis: add", r && r->str ? r->str : c->errstr);
        freeReplyObject(r);
        if (!ok)
            return false;
    }
    return true;
}

static bool flush(redisContext *c)
{
    int done = 0;
    while (!done)
        if (redisBufferWrite(c, &done) != REDIS_OK)
            return false;
    return true;
}

static bool produce(struct gw_peer_work *w)
{
    redisContext *c = connect_to(w);
    uint64_t sent = 0, answered = 0;
    struct gw_slice p;
    bool ok = c != NULL;

    while (ok && gw_peer_next(w, &p)) {
        const char *argv[] = {"XADD", "events", "*", "e", (const char *)p.at};
        size_t len[] = {4, 6, 1, 1, p.len};
        ok = redisAppendCommandArgv(c, 5, argv, len) == REDIS_OK;
        sent++;
        if (ok && sent % PIPELINE == 0)
            ok = flush(c);
        if (ok && sent - answered == WINDOW * PIPELINE) {
            ok = take_replies(w, c, PIPELINE);
            answered += PIPELINE;
        }
    }
    ok = ok && take_replies(w, c, sent - answered);
    if (c)
        redisFree(c);
    return ok;
}

/* [["events", [[id, ["e", payload]], ...]]] */
static bool take_batch(struct gw_peer_work *w, redisContext *c, const redisReply *r)
{
    const redisReply *entries;
    const char *argv[PIPELINE + 3] = {"XACK", "events", "receiver"};
    size_t len[PIPELINE + 3] = {4, 6, 8};
    if (r->elements != 1 || r->element[0]->elements != 2)
        return gw_peer_fail(w, "redis: read", "another form than expected");
    entries = r->element[0]->element[1];
    for (size_t i = 0; i < entries->elements && i < PIPELINE; i++) {
        const redisReply *id = entries->element[i]->element[0];
        const redisReply *fields = entries->element[i]->element[1];
        argv[3 + i] = id->str;
        len[3 + i] = id->len;
        if (fields->elements != 2 ||
            !gw_peer_take(w, fields->element[1]->str, fields->element[1]->len))
            return false;
    }
    return redisAppendCommandArgv(c, (int)(3 + entries->elements), argv, len) == REDIS_OK;
}

static bool consume(struct gw_peer_work *w)
{
    redisContext *c = connect_to(w);
    bool ok = c != NULL;

    while (ok && !gw_peer_finished(w)) {
        redisReply *r = redisCommand(
            c, "XREADGROUP GROUP receiver one COUNT 256 BLOCK 200 STREAMS events >");
        redisReply *answer = NULL;
        if (!r || r->type == REDIS_REPLY_ERROR)
            ok = gw_peer_fail(w, "redis: read", r ? r->str : c->errstr);
        else if (r->type == REDIS_REPLY_ARRAY) {
            ok = take_batch(w, c, r) && redisGetReply(c, (void **)&answer) == REDIS_OK;
            freeReplyObject(answer);
        }
        freeReplyObject(r);
    }
    if (c)
        redisFree(c);
    return ok;
}

static void stop(struct gw_peer_work *w)
{
    (void)w;
}

const struct gw_peer_system gw_peer_redis = {"redis",
                                             "redis-server",
                                             "in the append-only file, synced",
                                             true,
                                             start,
                                             produce,
                                             consume,
                                             stop};
