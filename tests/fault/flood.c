/* flood.c - an admitted operator that ignores credit, as fast as it can.
 *
 *   flood ADDRESS GATEWAY-KEY PUBLIC SECRET BYTES SECONDS [live]
 *
 * One session, then PUBLISH upon PUBLISH of BYTES bytes, durable or live, never reading what comes back,
 * on a new connection when the old one takes nothing for a second.  Prints how many
 * messages ZeroMQ took. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

struct flood {
    const char *address, *gateway, *public_key, *secret_key;
    void *context, *socket;
    const char *header;
    size_t header_size;
    unsigned long long sent;
};

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void begin(struct flood *f)
{
    /* {"v": 1, "op": "HELLO", "adapter": "flood", "v_least": 1, "v_most": 1} */
    static const char hello[] = "\x85\xa1v\x01\xa2op\xa5HELLO\xa7"
                                "adapter\xa5"
                                "flood\xa7v_least\x01\xa6v_most\x01";
    int none = 0, most = 4096;
    f->socket = zmq_socket(f->context, ZMQ_DEALER);
    if (!f->socket || zmq_setsockopt(f->socket, ZMQ_LINGER, &none, sizeof none) ||
        zmq_setsockopt(f->socket, ZMQ_SNDHWM, &most, sizeof most) ||
        zmq_setsockopt(f->socket, ZMQ_CURVE_SERVERKEY, f->gateway, 41) ||
        zmq_setsockopt(f->socket, ZMQ_CURVE_PUBLICKEY, f->public_key, 41) ||
        zmq_setsockopt(f->socket, ZMQ_CURVE_SECRETKEY, f->secret_key, 41) ||
        zmq_connect(f->socket, f->address) ||
        zmq_send(f->socket, hello, sizeof hello - 1, 0) < 0)
        exit(1);
}

static void choose(struct flood *f, bool live)
{
    /* {"v": 1, "op": "PUBLISH", "batch": 32767} */
    static const char durable_header[] = "\x83\xa1v\x01\xa2op\xa7PUBLISH\xa5"
                                         "batch\xcd\x7f\xff";
    /* {"v": 1, "op": "PUBLISH", "flags": 4} */
    static const char live_header[] = "\x83\xa1v\x01\xa2op\xa7PUBLISH\xa5"
                                      "flags\x04";
    f->header = live ? live_header : durable_header;
    f->header_size = (live ? sizeof live_header : sizeof durable_header) - 1;
}

static void flood(struct flood *f, const void *body, size_t size, double seconds)
{
    double end = now() + seconds, taken = now();
    begin(f);
    while (now() < end)
        if (zmq_send(f->socket, f->header, f->header_size, ZMQ_SNDMORE | ZMQ_DONTWAIT) >=
                0 &&
            zmq_send(f->socket, body, size, ZMQ_DONTWAIT) >= 0) {
            f->sent++;
            taken = now();
        } else if (now() - taken > 1) {
            (void)zmq_close(f->socket);
            begin(f);
            taken = now();
        } else
            (void)usleep(50);
    (void)zmq_close(f->socket);
}

int main(int argc, char **argv)
{
    struct flood f = {0};
    size_t size = argc == 7 || argc == 8 ? strtoul(argv[5], NULL, 10) : 0;
    void *body = calloc(1, size + 1);
    if (argc < 7 || argc > 8 || !body || (f.context = zmq_ctx_new()) == NULL)
        return 2;
    f.address = argv[1];
    f.gateway = argv[2];
    f.public_key = argv[3];
    f.secret_key = argv[4];
    choose(&f, argc == 8 && strcmp(argv[7], "live") == 0);
    flood(&f, body, size, strtod(argv[6], NULL));
    printf("%llu\n", f.sent);
    (void)zmq_ctx_term(f.context);
    free(body);
    return 0;
}
