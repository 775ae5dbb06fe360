/* test_guests.c - who has no session for too long is shut, and nobody else, whatever becomes of the
 * numbers of descriptors. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "io/guests.h"

#define MOST_MS 5000

static struct gw_guests guests;
static const struct gw_peer ann = {.id_len = 5, .id = "\0ann"}, bob = {.id_len = 5, .id = "\0bob"};
static const struct gw_peer *in_session; /* the only one */
static int64_t clock_ms;
static unsigned left_with_notice;
static int ours, theirs; /* the two ends of a connection */

static bool has_session(void *ctx, const struct gw_peer *peer)
{
    (void)ctx;
    return in_session && gw_peer_eq(in_session, peer);
}

static void leaves(void *ctx, int fd)
{
    (void)ctx;
    cr_expect_geq(fd, 0);
    left_with_notice++;
}

static void look(void)
{
    const struct gw_guests_host host = {has_session, leaves, NULL};
    gw_guests_shut(&guests, clock_ms, MOST_MS, &host);
}

/* Time goes by in looks of a second. */
static void pass(int seconds)
{
    for (int i = 0; i < seconds; i++) {
        clock_ms += 1000;
        look();
    }
}

static void connection(int *here, int *there)
{
    int pair[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    *here = pair[0];
    *there = pair[1];
}

static bool is_shut(int there)
{
    char c;
    ssize_t n = recv(there, &c, 1, MSG_DONTWAIT);
    cr_assert(n == 0 || (n < 0 && errno == EAGAIN));
    return n == 0;
}

static void begin(void)
{
    guests = (struct gw_guests){0};
    in_session = NULL;
    clock_ms = 1000000;
    left_with_notice = 0;
    connection(&ours, &theirs);
    look();
}

static void end(void)
{
    close(ours);
    close(theirs);
    gw_guests_deinit(&guests);
}

TestSuite(guests, .init = begin, .fini = end);

Test(guests, who_says_nothing_is_shut_when_the_time_is_up)
{
    gw_guests_came(&guests, ours);
    pass(5);
    cr_expect_not(is_shut(theirs));
    pass(1);
    cr_expect(is_shut(theirs));
    cr_expect_eq(left_with_notice, 1);
    cr_expect_eq(fcntl(ours, F_GETFD), 0, "it is not ours to close");
}

Test(guests, who_has_a_session_stays_however_seldom_it_speaks)
{
    gw_guests_came(&guests, ours);
    in_session = &ann;
    gw_guests_heard(&guests, ours, &ann);
    pass(1000);
    cr_expect_not(is_shut(theirs));
    in_session = NULL; /* and as long again once it has none */
    pass(5);
    cr_expect_not(is_shut(theirs));
    pass(1);
    cr_expect(is_shut(theirs));
}

Test(guests, talk_without_a_session_keeps_nobody)
{
    gw_guests_came(&guests, ours);
    for (int i = 0; i < 6; i++) {
        gw_guests_heard(&guests, ours, &bob);
        pass(1);
    }
    cr_expect(is_shut(theirs));
}

Test(guests, who_left_is_not_looked_for)
{
    gw_guests_came(&guests, ours);
    gw_guests_left(&guests, ours);
    pass(100);
    cr_expect_not(is_shut(theirs));
}

/* Its end was not told, and something else has its number. */
Test(guests, a_descriptor_used_again_is_left_alone)
{
    int other, far, number = ours;
    gw_guests_came(&guests, ours);
    pass(4);
    close(ours);
    connection(&other, &far);
    if (other != number) {
        cr_assert_eq(dup2(other, number), number);
        close(other);
    }
    pass(100);
    cr_expect_not(is_shut(far));
    cr_expect_eq(left_with_notice, 0);
    gw_guests_came(&guests, number); /* told now: it has its own time */
    pass(5);
    cr_expect_not(is_shut(far));
    pass(1);
    cr_expect(is_shut(far));
    close(far);
}

Test(guests, who_comes_has_nothing_of_the_one_before)
{
    gw_guests_came(&guests, ours);
    gw_guests_heard(&guests, ours, &ann);
    in_session = &ann;
    gw_guests_came(&guests, ours);
    pass(6);
    cr_expect(is_shut(theirs));
}

/* It may lie about for longer than its connection, and its number be anything's. */
Test(guests, a_message_alone_makes_no_guest)
{
    gw_guests_heard(&guests, ours, &ann);
    gw_guests_heard(&guests, -1, &ann);
    gw_guests_came(&guests, theirs); /* so that the table has the number */
    gw_guests_heard(&guests, ours, &ann);
    gw_guests_left(&guests, theirs);
    pass(100);
    cr_expect_not(is_shut(theirs));
}

Test(guests, told_in_the_wrong_order_it_is_gone_all_the_same)
{
    gw_guests_came(&guests, ours);
    gw_guests_left(&guests, ours);
    gw_guests_left(&guests, ours);
    gw_guests_came(&guests, ours);
    pass(100);
    cr_expect_not(is_shut(theirs));
    gw_guests_came(&guests, ours);
    pass(6);
    cr_expect(is_shut(theirs), "the next one is a guest again");
}

/* A storm: it is gone before we hear of it, and so has no inode; the order is right. */
Test(guests, gone_before_it_was_heard_of)
{
    int number = dup(ours);
    cr_assert_geq(number, 0);
    close(number);
    gw_guests_came(&guests, number);
    pass(100);
    gw_guests_left(&guests, number);
    cr_assert_eq(dup(ours), number);
    gw_guests_came(&guests, number);
    pass(6);
    cr_expect(is_shut(theirs));
    close(number);
}

Test(guests, standing_still_makes_nobody_late)
{
    gw_guests_came(&guests, ours);
    clock_ms += 3600000;
    look();
    cr_expect_not(is_shut(theirs));
    pass(4);
    cr_expect(is_shut(theirs));
}

Test(guests, many)
{
    enum { N = 200 };
    int here[N], there[N];
    for (int i = 0; i < N; i++) {
        connection(&here[i], &there[i]);
        gw_guests_came(&guests, here[i]);
        if (i % 2)
            gw_guests_heard(&guests, here[i], &ann);
    }
    in_session = &ann;
    pass(50);
    for (int i = 0; i < N; i++) {
        cr_expect_eq(is_shut(there[i]), i % 2 == 0, "%d", i);
        close(here[i]);
        close(there[i]);
    }
}
