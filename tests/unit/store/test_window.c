#include <criterion/criterion.h>
#include "store/window.h"

/* Deterministic numbers; hashes cluster on purpose when `narrow`. */
static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

static bool knows(const struct gw_window *w, uint64_t hash, uint64_t seq)
{
    uint64_t place = 0, found;
    while ((found = gw_window_find(w, hash, &place)) != 0)
        if (found == seq)
            return true;
    return false;
}

#define EVENTS 3000

/* A model in an array: the hash of every seq; what is known are those first .. next - 1. */
static void run(uint32_t size, uint32_t slack, bool narrow)
{
    static uint64_t hash[EVENTS + 1];
    struct gw_window *w;
    uint64_t first = 1, next = 1, committed = 1, x = 88172645463325252u;

    cr_assert_eq(gw_window_new(&w, size, slack, 1), GW_OK);
    while (next < EVENTS) {
        uint64_t dice = next_random(&x) % 100;
        if (dice < 90 && next - committed < slack) {
            hash[next] = narrow ? (next_random(&x) % 7 << 40) + next_random(&x) % 5 + 1
                                : next_random(&x);
            gw_window_add(w, hash[next], next);
            next++;
        } else if (dice < 95) { /* a commit that failed */
            gw_window_cut(w, committed);
            next = committed;
        } else { /* one that did not */
            gw_window_settle(w);
            committed = next;
            if (next - first > size)
                first = next - size;
        }
        for (uint64_t s = next > 40 ? next - 40 : 1; s <= next; s++)
            cr_assert_eq(knows(w, hash[s], s), s >= first && s < next, "size %u seq %llu of %llu..%llu",
                         size, (unsigned long long)s, (unsigned long long)first,
                         (unsigned long long)next);
    }
    for (uint64_t s = 1; s < next; s++)
        cr_assert_eq(knows(w, hash[s], s), s >= first, "size %u seq %llu", size,
                     (unsigned long long)s);
    gw_window_free(w);
}

Test(window, knows_the_newest_and_nothing_else)
{
    static const struct {
        uint32_t size, slack;
        bool narrow;
    } rows[] = {{1, 4, false}, {10, 10, false}, {100, 50, false},
                {0, 8, false}, {16, 16, true},  {1000, 30, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        run(rows[i].size, rows[i].slack, rows[i].narrow);
}

Test(window, starts_anywhere_and_leaves_gaps_for_the_unknown)
{
    struct gw_window *w;
    cr_assert_eq(gw_window_new(&w, 8, 8, 1000), GW_OK);
    gw_window_add(w, 5, 1000);
    gw_window_add(w, 0, 1001);
    gw_window_add(w, 5, 1002);
    cr_assert(knows(w, 5, 1000));
    cr_assert(knows(w, 5, 1002));
    cr_assert(!knows(w, 0, 1001));
    gw_window_forget(w, 1002);
    cr_assert(!knows(w, 5, 1000));
    cr_assert(knows(w, 5, 1002));
    gw_window_forget(w, 5000);
    cr_assert(!knows(w, 5, 1002));
    gw_window_add(w, 6, 1003);
    cr_assert(knows(w, 6, 1003));
    gw_window_free(w);
}

Test(window, a_batch_beyond_the_slack_pushes_out_the_oldest)
{
    struct gw_window *w;
    cr_assert_eq(gw_window_new(&w, 4, 4, 1), GW_OK);
    for (uint64_t s = 1; s <= 100; s++)
        gw_window_add(w, s * 7919, s);
    cr_assert(knows(w, 100 * 7919, 100));
    cr_assert(knows(w, 93 * 7919, 93));
    cr_assert(!knows(w, 80 * 7919, 80));
    gw_window_free(w);
}
