/* test_identity.c - who a message is from; a key that was revoked is nobody. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "unit/pipeline/bench_of_one.h"
#include "pipeline/identity.h"

#define KEY_A "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define KEY_B "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

static struct workbench *w;

static void open_all(void)
{
    w = calloc(1, sizeof *w);
    workbench_open(w);
}

static void close_all(void)
{
    workbench_close(w);
    free(w);
}

TestSuite(identity, .init = open_all, .fini = close_all);

/* The workbench's directory with keys for alpha; a new one each time, as a reload makes.
 */
static struct gw_directory *with_keys(const char *first, const char *second, bool enabled)
{
    struct gw_directory *d = calloc(1, sizeof *d);
    atomic_init(&d->references, 1);
    d->count = 1;
    d->operators = calloc(1, sizeof *d->operators);
    memcpy(d->operators[0].name, "alpha", 6);
    memcpy(d->operators[0].country, "KZ", 3);
    memcpy(d->operators[0].keys[0], first, strlen(first) + 1);
    memcpy(d->operators[0].keys[1], second, strlen(second) + 1);
    d->operators[0].enabled = enabled;
    return d;
}

static void reload(const char *first, const char *second, bool enabled)
{
    struct gw_directory *d = with_keys(first, second, enabled);
    gw_pipeline_directory(w->pipeline, d, w->now_ms);
    gw_directory_unref(d);
}

Test(identity, reads_what_zap_wrote)
{
    struct gw_directory *d = with_keys(KEY_A, "", true),
                        *off = with_keys(KEY_A, "", false);
    static const struct {
        const char *user;
        bool known;
    } cases[] = {
        {"alpha/" KEY_A, true},
        {"alpha", true},
        {"alpha/" KEY_B, false},
        {"alpha/", false},
        {"", false},
        {"/", false},
        {"beta/" KEY_A, false},
        {"/" KEY_A, false},
        {"alpha/" KEY_A "x", false},
        {"alpha/short", false},
        {"alph/" KEY_A, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_slice user = gw_slice_str(cases[i].user);
        struct gw_identity who = gw_identity_read(d, user);
        cr_expect_eq(who.operator, cases[i].known ? 0 : GW_OPERATOR_NONE, "%s",
                     cases[i].user);
        cr_expect_eq(gw_identity_read(off, user).operator, GW_OPERATOR_NONE,
                     "%s: disabled", cases[i].user);
    }
    gw_directory_unref(d);
    gw_directory_unref(off);
}

Test(identity, a_revoked_key_ends_its_session_and_stays_outside)
{
    struct gw_header hello = {.op = GW_OP_HELLO, .adapter = GW_LIT("one")};
    struct sent *s;

    reload(KEY_A, KEY_B, true);
    workbench_hello(w, 1, "alpha/" KEY_A, "one");
    workbench_hello(w, 2, "alpha/" KEY_B, "two");
    reload(KEY_B, "", true); /* rotated: the old key goes */
    s = workbench_expect(w, 1, GW_OP_ERROR);
    cr_expect_eq(s->h.code, GW_UNKNOWN_OPERATOR);
    workbench_put(w, 2, "alpha/" KEY_B, &(struct gw_header){.op = GW_OP_PING, .nonce = 5},
                  gw_slice(NULL, 0));
    cr_expect_eq(workbench_expect(w, 2, GW_OP_PONG)->h.nonce, 5,
                 "the new key's session lives");
    workbench_put(w, 1, "alpha/" KEY_A, &hello,
                  gw_slice(NULL, 0)); /* the connection is open */
    s = workbench_expect(w, 1, GW_OP_REFUSE);
    cr_expect_eq(s->h.code, GW_UNKNOWN_OPERATOR);
}

Test(identity, one_key_does_not_speak_for_the_session_of_another)
{
    reload(KEY_A, KEY_B, true);
    workbench_hello(w, 1, "alpha/" KEY_A, "one");
    workbench_put(w, 1, "alpha/" KEY_B, &(struct gw_header){.op = GW_OP_PING, .nonce = 1},
                  gw_slice(NULL, 0));
    cr_expect_neq(workbench_take(w, 1)->h.code, 0, "a stolen routing id is no session");
}
