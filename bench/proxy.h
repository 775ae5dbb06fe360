/* proxy.h - ZeroMQ alone: the same payloads through a bare zmq_proxy, as a measure of
 * what moving bytes costs without decoding, keeping or routing them. */
#ifndef GW_BENCH_PROXY_H
#define GW_BENCH_PROXY_H
#include <stdbool.h>
#include <stdint.h>

struct gw_proxy_call {
    uint64_t events;
    uint32_t batch; /* events in a message; 1: one by one */
    bool curve;     /* encrypted on both sides of the proxy */
};

struct gw_proxy_result {
    uint64_t received; /* events that came out whole and in order */
    double seconds;
    bool failed;
};

/* One producer, one proxy, one receiver, each a thread, over TCP on loopback. */
void gw_proxy_run(const struct gw_proxy_call *call, struct gw_proxy_result *out);
#endif
