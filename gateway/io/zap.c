/* zap.c - a key becomes an operator. */
#include "io/zap.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>
#include "base/clock.h"
#include "base/log.h"
#include "pipeline/identity.h"

/* Frames of a request: version, request id, domain, address, identity, mechanism, credentials. */
enum { Z_VERSION, Z_REQUEST, Z_DOMAIN, Z_ADDRESS, Z_IDENTITY, Z_MECHANISM, Z_KEY };

#define BANISHED    32
#define BANISHED_MS 5000

struct banished {
    char operator[GW_NAME_MAX + 1];
    int64_t until_ms;
};

struct gw_zap {
    struct gw_zsock *socket;
    const struct gw_zap_endpoint *endpoints;
    uint32_t count;
    struct gw_directory *directory;
    uint64_t admitted, refused;
    struct gw_burst burst;
    pthread_mutex_t lock; /* of what follows */
    struct banished banished[BANISHED];
    uint32_t banished_next;
};

static const struct gw_zap_endpoint *endpoint_of(const struct gw_zap *z, struct gw_slice domain)
{
    static const struct gw_slice prefix = {(const uint8_t *)"karvan.", 7};
    if (!gw_slice_starts(domain, prefix))
        return NULL;
    for (uint32_t i = 0; i < z->count; i++)
        if (gw_slice_is(gw_slice(domain.at + 7, domain.len - 7), z->endpoints[i].name))
            return &z->endpoints[i];
    return NULL;
}

static bool allowed(const struct gw_zap_endpoint *e, const char *operator)
{
    for (uint32_t i = 0; i < e->operator_count; i++)
        if (strcmp(e->operators[i], operator) == 0)
            return true;
    return !e->operator_count;
}

static struct banished *find_banished(struct gw_zap *z, const char *operator)
{
    for (uint32_t i = 0; i < BANISHED; i++)
        if (strcmp(z->banished[i].operator, operator) == 0)
            return &z->banished[i];
    return NULL;
}

void gw_zap_banish(struct gw_zap *z, const char *operator)
{
    struct banished *b;
    pthread_mutex_lock(&z->lock);
    b = find_banished(z, operator);
    if (!b)
        b = &z->banished[z->banished_next++ % BANISHED];
    (void)gw_slice_copy(gw_slice_str(operator), b->operator, sizeof b->operator);
    b->until_ms = gw_now_ms(&gw_clock_system) + BANISHED_MS;
    pthread_mutex_unlock(&z->lock);
}

static bool is_banished(struct gw_zap *z, const char *operator)
{
    const struct banished *b;
    bool is;
    pthread_mutex_lock(&z->lock);
    b = find_banished(z, operator);
    is = b && gw_now_ms(&gw_clock_system) < b->until_ms;
    pthread_mutex_unlock(&z->lock);
    return is;
}

/* The operator behind a request, or NULL with the code why not. */
static const char *judge(struct gw_zap *z, const struct gw_zmessage *m, enum gw_error *why,
                         char key[41])
{
    const struct gw_zap_endpoint *e = endpoint_of(z, m->frame[Z_DOMAIN]);
    uint32_t who;

    key[0] = 0;
    *why = GW_NOT_ALLOWED;
    if (!e)
        return NULL;
    if (e->plain)
        return gw_slice_is(m->frame[Z_MECHANISM], "NULL") ? e->operators[0] : NULL;
    if (!gw_slice_is(m->frame[Z_MECHANISM], "CURVE") || m->frame[Z_KEY].len != 32)
        return NULL;
    zmq_z85_encode(key, m->frame[Z_KEY].at, 32);
    who = gw_directory_by_key(z->directory, key);
    if (who == GW_OPERATOR_NONE) {
        *why = GW_UNKNOWN_OPERATOR;
        return NULL;
    }
    if (!allowed(e, z->directory->operators[who].name))
        return NULL;
    *why = GW_FLOOD;
    return is_banished(z, z->directory->operators[who].name) ? NULL
                                                             : z->directory->operators[who].name;
}

static void log_refusal(struct gw_zap *z, const struct gw_zmessage *m, enum gw_error e,
                        const char *key)
{
    uint64_t missed;
    if (!gw_burst_due(&z->burst, gw_now_ms(&gw_clock_system), 1000, &missed))
        return;
    gw_log(GW_WARN, "connection.refused",
           "address=%.*s endpoint=%.*s code=%d text=\"%s\" public_key=%s remedy=\"%s\" more=%llu",
           GW_FMT(m->frame[Z_ADDRESS]), GW_FMT(m->frame[Z_DOMAIN]), (int)e, gw_error_text(e),
           key[0] ? key : "-", gw_error_remedy(e), (unsigned long long)missed);
}

static void on_request(void *ctx, struct gw_zsock *socket, const struct gw_zmessage *m)
{
    struct gw_zap *z = ctx;
    struct gw_slice reply[6] = {GW_LIT("1.0"), m->frame[Z_REQUEST], GW_LIT("400"),
                                GW_LIT("unknown key"), {0}, {0}};
    enum gw_error why = GW_FRAMES;
    char key[41] = "", user[GW_IDENTITY_MAX + 1];
    const char *operator= NULL;

    if (m->frames >= Z_MECHANISM + 1 && m->frames <= GW_ZFRAMES &&
        gw_slice_is(m->frame[Z_VERSION], "1.0"))
        operator= judge(z, m, &why, key);
    if (operator) {
        z->admitted++;
        reply[2] = GW_LIT("200");
        reply[3] = GW_LIT("OK");
        (void)snprintf(user, sizeof user, key[0] ? "%s/%s" : "%s", operator, key);
        reply[4] = gw_slice_str(user);
    } else {
        if (why == GW_FLOOD) { /* ZAP's "temporary error": the peer tries again, and is not told a lie */
            reply[2] = GW_LIT("300");
            reply[3] = GW_LIT("later");
        }
        z->refused++;
        log_refusal(z, m, why, key);
    }
    if (gw_zsock_send(socket, reply, 6))
        gw_log(GW_ERROR, "zap.reply", "could not be sent");
}

enum gw_error gw_zap_open(struct gw_zap **out, uv_loop_t *loop, void *zmq,
                          const struct gw_zap_endpoint *endpoints, uint32_t count,
                          struct gw_directory *directory)
{
    struct gw_zap *z = calloc(1, sizeof *z);
    void *rep = zmq_socket(zmq, ZMQ_REP);
    struct gw_zsock_budget budget = {256, 1u << 20};
    int none = 0;

    *out = NULL;
    if (z)
        pthread_mutex_init(&z->lock, NULL);
    if (!z || !rep || zmq_setsockopt(rep, ZMQ_LINGER, &none, sizeof none) ||
        zmq_bind(rep, "inproc://zeromq.zap.01") ||
        gw_zsock_open(&z->socket, loop, rep, budget, on_request, z)) {
        if (rep)
            zmq_close(rep);
        free(z);
        return GW_IO;
    }
    z->endpoints = endpoints;
    z->count = count;
    z->directory = gw_directory_ref(directory);
    *out = z;
    return GW_OK;
}

void gw_zap_directory(struct gw_zap *z, struct gw_directory *d)
{
    struct gw_directory *old = z->directory;
    z->directory = gw_directory_ref(d);
    gw_directory_unref(old);
}

uint64_t gw_zap_admitted(const struct gw_zap *z)
{
    return z->admitted;
}

uint64_t gw_zap_refused(const struct gw_zap *z)
{
    return z->refused;
}

void gw_zap_close(struct gw_zap *z)
{
    if (!z)
        return;
    gw_zsock_close(z->socket);
    gw_directory_unref(z->directory);
    pthread_mutex_destroy(&z->lock);
    free(z);
}
