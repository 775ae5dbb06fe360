/* fake_gateway.h - a gateway that does what a test says, and a client whose callbacks are
 * recorded.
 *
 * Both live in one thread: fake_expect() lets the client run until the message has come.
 */
#ifndef TESTS_UNIT_CLIENT_FAKE_GATEWAY_H
#define TESTS_UNIT_CLIENT_FAKE_GATEWAY_H
#include "model/wire.h"
#include <karvan/client.h>

#define FAKE_MANY 256

struct fake {
    void *context, *router, *zap; /* zap: NULL until fake_curve() */
    bool let_in;
    char secret_key[41]; /* empty: plaintext */
    char endpoint[128];
    uint8_t peer[64]; /* routing id of the last message */
    size_t peer_len;
    struct gw_header h; /* of the last message; its slices point into `header` */
    uint8_t header[GW_HEADER_MAX];
    uint8_t body[1 << 20];
    size_t body_len;
    bool hold_pings; /* do not answer PING */

    /* what the client's callbacks were given */
    struct karvan_client *client;
    struct {
        enum karvan_state state;
        enum gw_error code;
        char text[256];
    } states[FAKE_MANY];
    unsigned state_count;
    struct karvan_ack acks[FAKE_MANY];
    unsigned ack_count;
    struct karvan_refusal refusals[FAKE_MANY]; /* without their texts */
    char refusal_field[64], refusal_rule[128]; /* of the last one */
    unsigned refusal_count;
    uint64_t seqs[FAKE_MANY];
    unsigned event_count;
    uint64_t start, oldest, newest, position;
    unsigned subscribed_count;
};

void fake_open(struct fake *f);
void fake_close(struct fake *f); /* also the client, if there is one */
/* A new ROUTER under the same address: connections break, sessions are gone. */
void fake_restart(struct fake *f);

/* The same with CURVE; every key is let in, or none.  Before the client connects. */
void fake_curve(struct fake *f, char server_key[41], bool let_in);

/* Short times, small batches; endpoint and callbacks set. */
void fake_options(struct fake *f, struct karvan_options *o);
void fake_connect(struct fake *f,
                  const struct karvan_options *o); /* NULL: fake_options() */
/* Connected, HELLO answered with WELCOME. */
void fake_ready(struct fake *f, uint64_t last_batch, uint64_t credit_batch);
void fake_welcome(struct fake *f, uint64_t last_batch, uint64_t credit_batch);

/* The next message is this operation (PING is answered and passed over, unless it is
 * wanted). */
void fake_expect(struct fake *f, enum gw_op op);
/* Nothing but PINGs for this long. */
void fake_expect_nothing(struct fake *f, int ms);
void fake_send(struct fake *f, const struct gw_header *h, struct gw_slice body);
/* Let the client run. */
void fake_run(struct fake *f, int ms);
/* Let it run until it has told `count` states, and say which the last one is. */
void fake_expect_state(struct fake *f, enum karvan_state s, enum gw_error code);

/* An event with an id (and a seq, if not 0); returns its length. */
size_t fake_event(uint8_t out[64], uint64_t seq, uint8_t id);
#endif
