/* jetstream.c - NATS JetStream, a stream in files.  It answers once the message is
 * written, not once it is synced: the server syncs every two minutes. */
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include "bench/peers/peer.h"

#define STREAM  "EVENTS"
#define SUBJECT "events"
#define PENDING 4096
#define FETCH   256

struct own {
    char url[64];
};

static bool connect_to(struct gw_peer_work *w, natsConnection **nc, jsCtx **js)
{
    struct own *o = w->own;
    jsOptions options;
    natsStatus s = natsConnection_ConnectTo(nc, o->url);
    if (s == NATS_OK)
        s = jsOptions_Init(&options);
    options.PublishAsync.MaxPending = PENDING;
    if (s == NATS_OK)
        s = natsConnection_JetStream(js, *nc, &options);
    return s == NATS_OK || gw_peer_fail(w, "nats: connect", natsStatus_GetText(s));
}

static void leave(natsConnection *nc, jsCtx *js)
{
    jsCtx_Destroy(js);
    natsConnection_Destroy(nc);
}

static bool make_stream(struct gw_peer_work *w)
{
    const char *subjects[] = {SUBJECT};
    natsConnection *nc = NULL;
    jsCtx *js = NULL;
    jsStreamConfig c;
    natsStatus s = NATS_OK;
    bool ok = connect_to(w, &nc, &js);
    if (ok) {
        (void)jsStreamConfig_Init(&c);
        c.Name = STREAM;
        c.Subjects = subjects;
        c.SubjectsLen = 1;
        c.Storage = js_FileStorage;
        s = js_AddStream(NULL, js, &c, NULL, NULL);
    }
    leave(nc, js);
    return ok && (s == NATS_OK || gw_peer_fail(w, "nats: stream", natsStatus_GetText(s)));
}

static bool start(struct gw_peer_work *w)
{
    struct gw_daemon *d = &w->daemon;
    struct own *o = calloc(1, sizeof *o);
    char port[16], store[300];
    const char *argv[] = {"nats-server", "-js", "-sd", store, "-a",
                          "127.0.0.1",   "-p",  port,  NULL};

    w->own = o;
    (void)snprintf(port, sizeof port, "%d", d->port);
    (void)snprintf(store, sizeof store, "%s/js", d->dir);
    if (!o || !gw_daemon_start(d, argv, NULL) || !gw_daemon_listens(d, d->port, 20))
        return gw_peer_fail(w, "nats-server", "does not start");
    (void)snprintf(o->url, sizeof o->url, "nats://127.0.0.1:%d", d->port);
    return make_stream(w);
}

static bool produce(struct gw_peer_work *w)
{
    natsConnection *nc = NULL;
    jsCtx *js = NULL;
    struct gw_slice p;
    natsStatus s = NATS_OK;
    bool ok = connect_to(w, &nc, &js);

    while (ok && s == NATS_OK && gw_peer_next(w, &p))
        s = js_PublishAsync(js, SUBJECT, p.at, (int)p.len, NULL);
    if (ok && s == NATS_OK) {
        jsPubOptions options;
        (void)jsPubOptions_Init(&options);
        options.MaxWait = 30000;
        s = js_PublishAsyncComplete(js, &options);
    }
    leave(nc, js);
    return ok &&
           (s == NATS_OK || gw_peer_fail(w, "nats: publish", natsStatus_GetText(s)));
}

static bool take_list(struct gw_peer_work *w, natsMsgList *list)
{
    for (int i = 0; i < list->Count; i++)
        if (!gw_peer_take(w, natsMsg_GetData(list->Msgs[i]),
                          (size_t)natsMsg_GetDataLength(list->Msgs[i])))
            return false;
    return !list->Count || natsMsg_Ack(list->Msgs[list->Count - 1], NULL) == NATS_OK;
}

static bool consume(struct gw_peer_work *w)
{
    natsConnection *nc = NULL;
    jsCtx *js = NULL;
    natsSubscription *sub = NULL;
    jsSubOptions options;
    natsStatus s = NATS_OK;
    bool ok = connect_to(w, &nc, &js);

    if (ok) {
        (void)jsSubOptions_Init(&options);
        options.Config.AckPolicy = js_AckAll;
        options.Config.MaxAckPending = 16 * FETCH;
        s = js_PullSubscribe(&sub, js, SUBJECT, "receiver", NULL, &options, NULL);
    }
    while (ok && s == NATS_OK && !gw_peer_finished(w)) {
        natsMsgList list = {0};
        s = natsSubscription_Fetch(&list, sub, FETCH, 200, NULL);
        if (s == NATS_OK)
            ok = take_list(w, &list);
        else if (s == NATS_TIMEOUT)
            s = NATS_OK;
        natsMsgList_Destroy(&list);
    }
    natsSubscription_Destroy(sub);
    leave(nc, js);
    return ok && (s == NATS_OK || gw_peer_fail(w, "nats: fetch", natsStatus_GetText(s)));
}

static void stop(struct gw_peer_work *w)
{
    free(w->own);
    w->own = NULL;
}

const struct gw_peer_system gw_peer_jetstream = {
    "jetstream", "nats-server", "written to its file, not synced", false, start, produce,
    consume,     stop};
