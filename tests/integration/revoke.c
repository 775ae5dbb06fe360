/* revoke.c - a key changes without a gap and ends at once, on the real daemon over CURVE.
 *
 *   revoke                  rotate (both keys are good), revoke the old one: its live
 * session ends, the other operator's and the new key's go on, and the old key stays out
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "bench/rig.h"

#define PATIENCE_MS 10000 /* how long we wait for what must come; no measure of speed */

struct peer {
    struct karvan_client *client;
    enum karvan_state state;
    enum gw_error code;
};

static void on_state(void *user, enum karvan_state s, enum gw_error code,
                     const char *text)
{
    struct peer *p = user;
    (void)text;
    p->state = s;
    if (code)
        p->code = code;
}

static struct gw_rig rig;
static struct peer peers[3];

static void fail(const char *what)
{
    fprintf(stderr, "revoke: %s; the daemon's log: %s\n", what, rig.log);
    gw_rig_kill(&rig);
    exit(1);
}

static void open_peer(struct peer *p, uint32_t operator, const struct karvan_keys * keys,
                      const char *adapter)
{
    struct karvan_options o;
    char why[256];
    gw_rig_options(&rig, operator, adapter, &o);
    o.public_key = keys->public_key;
    o.secret_key = keys->secret_key;
    o.on.state = on_state;
    o.user = p;
    *p = (struct peer){0};
    if (karvan_open(&p->client, &o, why, sizeof why))
        fail(why);
}

static bool wait_for(struct peer *p, enum karvan_state wanted)
{
    int64_t end = gw_mono_ns(&gw_clock_system) / 1000000 + PATIENCE_MS;
    while (p->state != wanted && gw_mono_ns(&gw_clock_system) / 1000000 < end)
        for (unsigned i = 0; i < 3; i++)
            if (peers[i].client)
                (void)karvan_run(peers[i].client, 10);
    return p->state == wanted;
}

static void change(const char *verb, const char *key)
{
    const char *argv[] = {"karvan", "operator", verb,       "op-00", "--key",
                          key,      "--config", rig.config, NULL};
    if (gw_child_run(argv, true))
        fail(verb);
}

int main(void)
{
    struct gw_rig_setup setup = {
        .curve = true, .durable = true, .operators = 2, .lanes = 1};
    struct karvan_keys fresh;
    int64_t began;
    int status;

    if (gw_rig_start(&rig, &setup) || karvan_keys_make(&fresh))
        return 1;
    open_peer(&peers[0], 0, &rig.keys[0], "old");
    open_peer(&peers[1], 1, &rig.keys[1], "other");
    if (!wait_for(&peers[0], KARVAN_READY) || !wait_for(&peers[1], KARVAN_READY))
        fail("no session to begin with");
    change("rotate", fresh.public_key);
    open_peer(&peers[2], 0, &fresh, "new");
    if (!wait_for(&peers[2], KARVAN_READY) || peers[0].state != KARVAN_READY)
        fail("while rotating, not both keys are good");
    began = gw_mono_ns(&gw_clock_system);
    change("revoke", rig.keys[0].public_key);
    while (peers[0].state == KARVAN_READY &&
           gw_mono_ns(&gw_clock_system) - began < PATIENCE_MS * 1000000LL)
        (void)karvan_run(peers[0].client, 1);
    if (peers[0].state == KARVAN_READY)
        fail("the revoked key's session lives on");
    printf("revoke: the live session ended %.0f ms after the command began\n",
           (double)(gw_mono_ns(&gw_clock_system) - began) / 1e6);
    for (unsigned i = 0; i < 100; i++) /* it tries again, and must not get in */
        (void)karvan_run(peers[i % 3].client, 20);
    if (peers[0].state == KARVAN_READY)
        fail("the revoked key came back");
    if (peers[1].state != KARVAN_READY || peers[2].state != KARVAN_READY)
        fail("others were disturbed");
    for (unsigned i = 0; i < 3; i++)
        karvan_close(peers[i].client, 0);
    status = gw_rig_stop(&rig);
    if (!status)
        gw_rig_clean(&rig);
    return status ? 1 : 0;
}
