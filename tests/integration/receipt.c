/* receipt.c - a sender asks for a receipt and holds it against the journal, on the real
 * daemon.
 *
 *   receipt      the owner gets one, another operator does not; it is true of this
 * journal, and altered by one digit it is not */
#include <stdio.h>
#include <stdlib.h>
#include "base/hash.h"
#include "bench/load.h"
#include "bench/rig.h"
#include "model/receipt.h"

#define EVENTS 100

struct peer {
    struct karvan_client *client;
    struct gw_buf text;
    enum gw_error code;
    bool ready, answered;
};

static struct gw_rig rig;

static void on_state(void *user, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    (void)code;
    (void)text;
    ((struct peer *)user)->ready = s == KARVAN_READY;
}

static void on_receipt(void *user, uint64_t seq, enum gw_error code, const char *text,
                       size_t len)
{
    struct peer *p = user;
    (void)seq;
    p->code = code;
    p->answered = true;
    gw_buf_reset(&p->text);
    if (!code)
        gw_buf_add(&p->text, text, len);
}

static int fail(const char *what)
{
    fprintf(stderr, "receipt: %s; the daemon's log: %s\n", what, rig.log);
    gw_rig_kill(&rig);
    exit(1);
}

static void open_peer(struct peer *p, uint32_t operator)
{
    struct karvan_options o;
    char why[256];
    gw_rig_options(&rig, operator, "a", &o);
    o.on.state = on_state;
    o.on.receipt = on_receipt;
    o.user = p;
    gw_buf_init(&p->text, 4096);
    if (karvan_open(&p->client, &o, why, sizeof why))
        fail(why);
    for (int i = 0; i < 1000 && !p->ready; i++)
        (void)karvan_run(p->client, 10);
    if (!p->ready)
        fail("no session");
}

static void publish(struct peer *p)
{
    struct gw_load load;
    if (gw_load_init(&load, 7, 0))
        fail("out of memory");
    for (uint64_t i = 0; i < EVENTS; i++) {
        struct gw_slice ev = gw_load_event(&load, i, 1);
        if (karvan_publish(p->client, ev.at, ev.len, i))
            fail("publish");
    }
    if (karvan_drain(p->client, 10000))
        fail("not acknowledged");
    gw_load_deinit(&load);
}

static enum gw_error ask(struct peer *p, uint64_t seq)
{
    p->answered = false;
    if (karvan_receipt(p->client, seq))
        fail("the request could not be sent");
    for (int i = 0; i < 1000 && !p->answered; i++)
        (void)karvan_run(p->client, 10);
    if (!p->answered)
        fail("no answer");
    return p->code;
}

static int verify(const char *file)
{
    struct gw_signer signer;
    char key[2 * GW_SIGN_PUBLIC + 1];
    const char *argv[] = {"karvan",    "journal", "verify",   "--data", rig.dir,
                          "--receipt", file,      "--signer", key,      NULL};
    gw_signer_derive(&signer, gw_slice_str(rig.gateway.secret_key));
    gw_hex(signer.public_key, sizeof signer.public_key, key);
    return gw_child_run(argv, true);
}

int main(void)
{
    struct gw_rig_setup setup = {
        .curve = true, .durable = true, .operators = 2, .lanes = 1};
    static struct peer owner, stranger;
    char file[400];
    char *digit;

    if (gw_rig_start(&rig, &setup))
        return 1;
    open_peer(&owner, 0);
    open_peer(&stranger, 1);
    publish(&owner);
    if (ask(&owner, 37) != GW_OK)
        fail("the owner gets no receipt");
    if (ask(&stranger, 37) != GW_NO_RECEIPT || ask(&owner, EVENTS + 1) != GW_NO_RECEIPT)
        fail("a receipt for what is not one's own, or not there");
    (void)ask(&owner, 37);
    snprintf(file, sizeof file, "%s/receipt.txt", rig.dir);
    if (gw_child_write_file(file, gw_buf_text(&owner.text)) || verify(file))
        fail("the receipt is not true of the journal");
    digit = strstr((char *)owner.text.at, "\nseq 37") + 6;
    *digit = '8';
    if (gw_child_write_file(file, gw_buf_text(&owner.text)) || !verify(file))
        fail("an altered receipt passed");
    karvan_close(owner.client, 0);
    karvan_close(stranger.client, 0);
    gw_buf_deinit(&owner.text);
    gw_buf_deinit(&stranger.text);
    if (gw_rig_stop(&rig))
        return 1;
    puts("receipt: given to the owner alone, true of the journal, useless once altered");
    gw_rig_clean(&rig);
    return 0;
}
