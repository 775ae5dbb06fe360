/* race_reported.c - makes sure that tests/tsan.supp does not silence a race of our own.
 *
 * Two threads write to one buffer without any order between them, and both hand it to
 * libzmq.  The test passes when the thread sanitizer reports exactly that; built and run
 * under TSan only. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

static char shared[64];
static atomic_uint ready; /* relaxed: brings both to the place at once, orders nothing */

static void *write_and_send(void *context)
{
    void *socket = zmq_socket(context, ZMQ_PAIR);
    (void)zmq_connect(socket, "inproc://nobody-minds");
    atomic_fetch_add_explicit(&ready, 1, memory_order_relaxed);
    while (atomic_load_explicit(&ready, memory_order_relaxed) < 2)
        ;
    for (int i = 0; i < 1000; i++)
        shared[i % 64] = (char)(shared[(i + 1) % 64] + 1);
    (void)zmq_send(socket, shared, sizeof shared, ZMQ_DONTWAIT);
    zmq_close(socket);
    return NULL;
}

int main(void)
{
    void *context = zmq_ctx_new();
    pthread_t a, b;
    int none = 0;
    (void)zmq_ctx_set(context, ZMQ_BLOCKY, none);
    if (pthread_create(&a, NULL, write_and_send, context) ||
        pthread_create(&b, NULL, write_and_send, context))
        return 1;
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    zmq_ctx_term(context);
    return 0;
}
