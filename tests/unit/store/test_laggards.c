/* test_laggards.c - who is behind, as a walk over all cursors says it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "store/laggards.h"

#define NAMES 300
#define STEPS 3000
#define DIED  UINT64_MAX

static uint64_t state = 88;

static uint32_t chance(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % n;
}

static uint64_t seqs[NAMES]; /* DIED: no such cursor */
static struct gw_laggards laggards;
static struct gw_view *view;

static struct gw_key key_of(uint32_t i)
{
    char name[16];
    (void)snprintf(name, sizeof name, "sub-%u", i);
    return gw_key_name("silk", name);
}

static void set(uint32_t i, uint64_t seq)
{
    struct gw_key key = key_of(i);
    struct gw_cursor c = {.seq = seq};
    char name[16];
    (void)snprintf(name, sizeof name, "sub-%u", i);
    seqs[i] = seq;
    if (seq == DIED) {
        enum gw_error e = gw_del(view, GW_T_CURSORS, gw_key_slice(&key));
        cr_assert(!e || e == GW_NOT_FOUND);
        return;
    }
    gw_laggards_wrote(&laggards, gw_key_slice(&key), seq);
    cr_assert_eq(gw_cursor_write(view, "silk", name, &c), GW_OK);
}

/* Most keep up with the newest event; some stay, some are set back, some go and come. */
static void move(uint64_t newest, uint32_t stale)
{
    for (uint32_t n = 0; n < 40; n++) {
        uint32_t i = chance(NAMES);
        if (i < stale)
            continue;
        if (chance(400) == 0)
            set(i, chance(2) ? DIED : chance((uint32_t)newest));
        else
            set(i, newest - chance(20));
    }
}

static bool listed(uint32_t i)
{
    struct gw_key key = key_of(i);
    for (uint32_t k = 0; k < laggards.count; k++)
        if (gw_slice_is(gw_key_slice(&key), laggards.at[k].name))
            return laggards.at[k].seq == seqs[i];
    return false;
}

static void compare(uint64_t seq)
{
    const struct gw_laggard *l;
    uint64_t least = DIED;
    uint32_t behind = 0, found = 0;

    for (uint32_t i = 0; i < NAMES; i++)
        if (seqs[i] < seq) {
            behind++;
            least = seqs[i] < least ? seqs[i] : least;
        }
    cr_assert_eq(gw_laggards_any_behind(&laggards, view, seq, &l), GW_OK);
    cr_assert_eq(l != NULL, behind > 0, "%u are behind %llu", behind,
                 (unsigned long long)seq);
    if (l)
        cr_assert_lt(l->seq, seq);
    cr_assert_eq(gw_laggards_behind(&laggards, view, seq), GW_OK);
    for (uint32_t i = 0; i < NAMES; i++)
        found += seqs[i] < seq && listed(i);
    if (behind <= GW_LAGGARDS)
        cr_assert_eq(found, behind);
    else
        cr_assert_eq(found, GW_LAGGARDS);
    if (behind > GW_LAGGARDS) /* the slowest ones are there, whoever is not */
        for (uint32_t k = 0; k < laggards.count; k++)
            cr_assert_leq(laggards.at[k].seq, laggards.others);
}

static void play(uint32_t stale)
{
    struct gw_kv *kv;
    laggards = (struct gw_laggards){.count = 0};
    cr_assert_eq(gw_kv_memory(&kv, 64u << 20), GW_OK);
    cr_assert_eq(kv->ops->begin(kv, &view), GW_OK);
    for (uint32_t i = 0; i < NAMES; i++)
        set(i, 100 + i % 10);
    for (uint64_t step = 0; step < STEPS; step++) {
        uint64_t newest = 200 + step * 10;
        move(newest, stale);
        compare(chance(3) ? newest > 5000 ? newest - 5000 : 1
                          : chance((uint32_t)newest + 20));
    }
    kv->ops->abort(kv);
    kv->ops->close(kv);
}

Test(laggards, as_a_walk_over_all_cursors)
{
    play(3);
}

Test(laggards, more_of_them_than_the_list_holds)
{
    play(2 * GW_LAGGARDS);
}

/* The list is worth having only if it spares the walk. */
Test(laggards, those_who_keep_up_are_not_asked_again)
{
    struct gw_kv *kv;
    const struct gw_laggard *l;
    laggards = (struct gw_laggards){.count = 0};
    cr_assert_eq(gw_kv_memory(&kv, 64u << 20), GW_OK);
    cr_assert_eq(kv->ops->begin(kv, &view), GW_OK);
    for (uint32_t i = 0; i < NAMES; i++)
        set(i, 1000);
    cr_assert_eq(gw_laggards_any_behind(&laggards, view, 500, &l), GW_OK);
    cr_assert_null(l);
    cr_assert_eq(laggards.others, 1000);
    for (uint32_t i = 0; i < NAMES; i++)
        set(i, 2000);
    cr_assert_eq(gw_laggards_any_behind(&laggards, view, 999, &l), GW_OK);
    cr_assert_null(l);
    cr_assert_eq(laggards.others, 1000, "asked although the bound says enough");
    set(7, 10);
    cr_assert_eq(gw_laggards_any_behind(&laggards, view, 999, &l), GW_OK);
    cr_assert_not_null(l);
    cr_assert_eq(l->seq, 10);
    kv->ops->abort(kv);
    kv->ops->close(kv);
}
