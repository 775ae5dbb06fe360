/* out_http.c - messages as POST requests to a partner.
 *
 * The door to libcurl: its multi interface, turned by the loop.  One message at a time,
 * so that they arrive in order.
 *
 *   2xx                        delivered
 *   408, 425, 429, 3xx, 5xx, no answer    sent again after a pause (at least Retry-After)
 *   other 4xx                  the partner will never take it: failed/
 *
 * Each attempt of a message carries the same Idempotency-Key, so that one that was taken
 * though its answer was lost is not taken twice. */
#include "adapters/secret_file.h"
#include "adapters/sink_kind.h"
#include "adapters/trust_file.h"
#include "base/clock.h"
#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define REPLY_MOST 160 /* of the partner's answer, for the reason */
#define CONNECT_MS 10000L
#define LIVE_MOST  (64u << 20)

struct out_http {
    struct gw_outlet *outlet;
    CURLM *multi;
    CURL *easy, *live; /* live: NULL unless the sink takes live events */
    struct curl_slist *headers, *live_headers;
    struct gw_buf live_body;
    uint32_t live_events; /* under way; 0: none */
    struct gw_timer *timer;
    bool running, global;
    char token[GW_SECRET_MOST];
    char reply[REPLY_MOST + 1], trouble[CURL_ERROR_SIZE];
    size_t reply_len;
    long status; /* of the last answer; 0: none */
};

/* ---- what became of it ---- */

/* No answer came: why, and from where. */
static void describe_failure(const struct out_http *h, CURLcode result,
                             struct gw_text *why)
{
    struct gw_text trust;
    const char *words = *h->trouble ? h->trouble : curl_easy_strerror(result);
    if (result == CURLE_PEER_FAILED_VERIFICATION) {
        gw_trust_words(words, "sink.ca_file", "sink.url", &trust);
        words = trust.s;
    }
    gw_text_set(why, "%.80s: %s", h->outlet->config->sink.net.url, words);
}

static void judge(struct out_http *h, CURLcode result)
{
    struct gw_text why;
    curl_off_t retry_s = 0;
    h->status = 0;
    if (result == CURLE_OK)
        (void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &h->status);
    (void)curl_easy_getinfo(h->easy, CURLINFO_RETRY_AFTER, &retry_s);
    long s = h->status;
    if (result != CURLE_OK)
        describe_failure(h, result, &why);
    else
        gw_text_set(&why, "status %ld%s%s", s, h->reply_len ? ": " : "", h->reply);
    if (s >= 200 && s < 300)
        gw_outlet_delivered(h->outlet);
    else if (s >= 400 && s < 500 && s != 408 && s != 425 && s != 429)
        gw_outlet_failed(h->outlet, why.s);
    else
        gw_outlet_later_in(h->outlet, why.s, retry_s > 0 ? (uint64_t)retry_s * 1000 : 0);
}

/* Live events that were refused, or got no answer, are not sent again. */
static void judge_live(struct out_http *h, CURLcode result)
{
    long status = 0;
    if (result == CURLE_OK)
        (void)curl_easy_getinfo(h->live, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299)
        gw_outlet_live_lost(h->outlet, h->live_events);
    h->live_events = 0;
}

static void finish(struct out_http *h)
{
    CURLMsg *m;
    int left;
    bool done = false;
    CURLcode result = CURLE_OK;
    while ((m = curl_multi_info_read(h->multi, &left))) {
        CURL *easy = m->easy_handle;
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode its = m->data.result; /* m is gone with the handle */
        (void)curl_multi_remove_handle(h->multi, easy);
        if (easy == h->live)
            judge_live(h, its);
        else {
            done = true;
            result = its;
        }
    }
    if (done) { /* last, for it may begin the next one */
        h->running = false;
        judge(h, result);
    }
}

/* ---- the loop ---- */

static void on_time(void *user)
{
    struct out_http *h = user;
    int running;
    (void)curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    finish(h);
}

static int want_time(CURLM *multi, long ms, void *user)
{
    struct out_http *h = user;
    (void)multi;
    if (ms < 0)
        gw_timer_stop(h->timer);
    else
        gw_timer_in(h->timer, (uint64_t)ms);
    return 0;
}

struct watch {
    uv_poll_t poll; /* first */
    struct out_http *h;
    curl_socket_t socket;
};

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *w = (struct watch *)(void *)poll;
    struct out_http *h = w->h;
    int running, flags = status < 0 ? CURL_CSELECT_ERR : 0;
    if (events & UV_READABLE)
        flags |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        flags |= CURL_CSELECT_OUT;
    (void)curl_multi_socket_action(h->multi, w->socket, flags, &running);
    finish(h);
}

static struct watch *watch_new(struct out_http *h, curl_socket_t socket)
{
    struct watch *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->h = h;
    w->socket = socket;
    if (uv_poll_init(h->outlet->loop, &w->poll, socket)) {
        free(w);
        return NULL;
    }
    (void)curl_multi_assign(h->multi, socket, w);
    return w;
}

static int want_socket(CURL *easy, curl_socket_t socket, int what, void *user,
                       void *assigned)
{
    struct out_http *h = user;
    struct watch *w = assigned;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (w) {
            (void)uv_poll_stop(&w->poll);
            uv_close((uv_handle_t *)&w->poll, on_closed);
            (void)curl_multi_assign(h->multi, socket, NULL);
        }
        return 0;
    }
    if (!w)
        w = watch_new(h, socket);
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) |
                 (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    return w && uv_poll_start(&w->poll, events, on_ready) == 0 ? 0 : -1;
}

/* ---- sending ---- */

static size_t on_live_reply(char *at, size_t size, size_t count, void *user)
{
    (void)at, (void)user;
    return size * count;
}

/* The beginning of the answer, printable; the rest is read and forgotten. */
static size_t on_reply(char *at, size_t size, size_t count, void *user)
{
    struct out_http *h = user;
    for (size_t i = 0; i < size * count && h->reply_len < REPLY_MOST; i++)
        h->reply[h->reply_len++] =
            (unsigned char)at[i] < 0x20 || at[i] == 0x7f ? ' ' : at[i];
    h->reply[h->reply_len] = 0;
    return size * count;
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
    char line[GW_SECRET_MOST + GW_FILE_NAME_MAX];
    (void)snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *more = curl_slist_append(*list, line);
    explicit_bzero(line, sizeof line);
    if (more)
        *list = more;
    return more != NULL;
}

static bool set_headers(const struct out_http *h, struct curl_slist **list,
                        const struct gw_sink_message *m)
{
    const struct gw_net_config *n = &h->outlet->config->sink.net;
    char bearer[GW_SECRET_MOST + 8];
    curl_slist_free_all(*list);
    *list = NULL;
    (void)snprintf(bearer, sizeof bearer, "Bearer %s", h->token);
    bool good = add_header(list, "Content-Type", n->content_type) &&
                add_header(list, "Idempotency-Key", m->name) &&
                add_header(list, "Expect", "") &&
                (!*h->token || add_header(list, "Authorization", bearer));
    explicit_bzero(bearer, sizeof bearer);
    return good;
}

/* The handle's next request: this message. */
static bool begin(struct out_http *h, CURL *easy, struct curl_slist **headers,
                  const struct gw_sink_message *m, struct gw_slice body)
{
    if (!set_headers(h, headers, m))
        return false;
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, *headers);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, (const char *)body.at);
    return curl_multi_add_handle(h->multi, easy) == CURLM_OK;
}

static void send_http(void *sink, const struct gw_sink_message *m)
{
    struct out_http *h = sink;
    h->reply_len = 0;
    h->reply[0] = h->trouble[0] = 0;
    if (!begin(h, h->easy, &h->headers, m, m->bytes)) {
        gw_outlet_later(h->outlet, "the request cannot be begun");
        return;
    }
    h->running = true;
}

/* Beside what send() has under way, and one at a time. */
static bool send_live(void *sink, const struct gw_sink_message *m)
{
    struct out_http *h = sink;
    if (h->live_events)
        return false;
    gw_buf_reset(&h->live_body);
    gw_buf_slice(&h->live_body, m->bytes);
    if (gw_buf_status(&h->live_body) ||
        !begin(h, h->live, &h->live_headers, m, gw_buf_bytes(&h->live_body)))
        return false;
    h->live_events = m->events;
    return true;
}

/* ---- life ---- */

/* What every request of a handle has. */
static bool set_up_easy(const struct gw_net_config *n, CURL *c)
{
    bool good =
        curl_easy_setopt(c, CURLOPT_URL, n->url) == CURLE_OK &&
        curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
        curl_easy_setopt(c, CURLOPT_POST, 1L) == CURLE_OK &&
        curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
        curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
        curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)n->timeout_ms) == CURLE_OK &&
        curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) == CURLE_OK &&
        curl_easy_setopt(c, CURLOPT_USERAGENT, "karvan-adapter") == CURLE_OK;
    if (good && *n->ca_file)
        good = curl_easy_setopt(c, CURLOPT_CAINFO, n->ca_file) == CURLE_OK;
    return good;
}

static bool set_up(struct out_http *h)
{
    const struct gw_net_config *n = &h->outlet->config->sink.net;
    bool good = set_up_easy(n, h->easy) &&
                curl_easy_setopt(h->easy, CURLOPT_WRITEFUNCTION, on_reply) == CURLE_OK &&
                curl_easy_setopt(h->easy, CURLOPT_WRITEDATA, h) == CURLE_OK &&
                curl_easy_setopt(h->easy, CURLOPT_ERRORBUFFER, h->trouble) == CURLE_OK;
    if (good && h->live)
        good = set_up_easy(n, h->live) && curl_easy_setopt(h->live, CURLOPT_WRITEFUNCTION,
                                                           on_live_reply) == CURLE_OK;
    return good && !curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, want_socket) &&
           !curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h) &&
           !curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, want_time) &&
           !curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
}

static void warn_open(const struct out_http *h)
{
    const struct gw_net_config *n = &h->outlet->config->sink.net;
    if (strncasecmp(n->url, "https:", 6) != 0)
        gw_log(GW_WARN, "http.plain", "adapter=%s %s NOT ENCRYPTED",
               h->outlet->config->name, n->url);
}

static enum gw_error open_http(void **out, struct gw_outlet *o, struct gw_text *why)
{
    const struct gw_net_config *n = &o->config->sink.net;
    struct out_http *h = calloc(1, sizeof *h);
    *out = h;
    if (!h)
        return GW_NOMEM;
    h->outlet = o;
    h->global = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    h->timer = gw_timer_new(o->loop, on_time, h);
    h->multi = h->global ? curl_multi_init() : NULL;
    h->easy = h->global ? curl_easy_init() : NULL;
    h->live = h->global && o->config->sink.live ? curl_easy_init() : NULL;
    gw_buf_init(&h->live_body, LIVE_MOST);
    if (!h->timer || !h->multi || !h->easy || (o->config->sink.live && !h->live))
        return GW_NOMEM;
    if (!set_up(h)) {
        gw_text_set(why, "sink.url: %s cannot be used", n->url);
        return GW_FORMAT;
    }
    warn_open(h);
    enum gw_error e =
        *n->ca_file ? gw_trust_check(n->ca_file, "sink.ca_file", why) : GW_OK;
    if (e)
        return e;
    return *n->token_file ? gw_secret_read(n->token_file, h->token, why) : GW_OK;
}

static void close_http(void *sink)
{
    struct out_http *h = sink;
    if (!h)
        return;
    if (h->running)
        (void)curl_multi_remove_handle(h->multi, h->easy);
    if (h->live_events)
        (void)curl_multi_remove_handle(h->multi, h->live);
    curl_easy_cleanup(h->easy);
    curl_easy_cleanup(h->live);
    if (h->multi)
        (void)curl_multi_cleanup(
            h->multi); /* closes kept connections: want_socket() is told */
    curl_slist_free_all(h->headers);
    curl_slist_free_all(h->live_headers);
    gw_buf_deinit(&h->live_body);
    gw_timer_free(h->timer);
    if (h->global)
        curl_global_cleanup();
    explicit_bzero(h->token, sizeof h->token);
    free(h);
}

static void describe(const void *sink, struct gw_tree *t, uint32_t map)
{
    const struct out_http *h = sink;
    if (h->status)
        gw_tree_put_int(t, map, GW_LIT("status"), h->status);
}

const struct gw_sink_kind gw_out_http = {.name = "http",
                                         .open = open_http,
                                         .send = send_http,
                                         .send_live = send_live,
                                         .close = close_http,
                                         .describe = describe};
