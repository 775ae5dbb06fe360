/* test_json_arena.c - pieces of a text's memory: apart, aligned, within the limit, each
 * thread's its own, and told from malloc()'s. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model/json.h"
#include "model/json_arena.h"

#define PIECES 3000

/* Sizes around the rounding and one that needs a block of its own; every piece keeps what
 * was written into it while the others are made. */
static bool pieces_are_apart(uint8_t mark)
{
    uint8_t *piece[PIECES];
    size_t size[PIECES];
    bool good = true;
    gw_json_arena_open(64u << 20);
    for (size_t i = 0; i < PIECES && good; i++) {
        size[i] = i == 1000 ? 9u << 20 : i % 131;
        piece[i] = gw_json_arena_alloc(size[i]);
        good = piece[i] && !((uintptr_t)piece[i] % 16);
        if (good)
            memset(piece[i], (uint8_t)(mark + i), size[i]);
    }
    for (size_t i = 0; i < PIECES && good; i++) {
        for (size_t k = 0; k < size[i] && good; k++)
            good = piece[i][k] == (uint8_t)(mark + i);
        gw_json_arena_free(piece[i]);
    }
    good = good && !gw_json_arena_refused();
    gw_json_arena_close();
    return good;
}

Test(json_arena, pieces_are_apart)
{
    for (int i = 0; i < 3; i++) /* the first block is used again */
        cr_expect(pieces_are_apart((uint8_t)i));
}

Test(json_arena, the_limit_holds)
{
    gw_json_arena_open(100);
    cr_expect(gw_json_arena_alloc(1)); /* 16 */
    cr_expect(gw_json_arena_alloc(64));
    cr_expect_eq(gw_json_arena_refused(), GW_OK);
    cr_expect_null(gw_json_arena_alloc(21)); /* 32, of 20 */
    cr_expect_eq(gw_json_arena_refused(), GW_ELEMENTS);
    cr_expect_null(gw_json_arena_alloc(SIZE_MAX));
    cr_expect_null(gw_json_arena_alloc(SIZE_MAX - 15));
    gw_json_arena_close();
    gw_json_arena_open(100);
    cr_expect_eq(gw_json_arena_refused(), GW_OK, "not of the text before");
    cr_expect_null(gw_json_arena_alloc(101));
    gw_json_arena_close();
}

Test(json_arena, outside_it_is_malloc)
{
    char *before = gw_json_arena_alloc(40), *after, *inside;
    cr_assert(before);
    memset(before, 'b', 40);
    gw_json_arena_open(1000);
    inside = gw_json_arena_alloc(40);
    cr_assert(inside);
    gw_json_arena_free(before); /* a leak sanitizer would see it */
    memset(inside, 'i', 40);
    gw_json_arena_free(inside);
    gw_json_arena_free(NULL);
    cr_expect_eq(inside[39], 'i', "freed with the arena, not before");
    gw_json_arena_close();
    after = gw_json_arena_alloc(100000); /* the limit holds no more */
    cr_assert(after);
    memset(after, 'a', 100000);
    gw_json_arena_free(after);
}

static void *many_times(void *mark)
{
    for (int i = 0; i < 5; i++)
        if (!pieces_are_apart(*(uint8_t *)mark))
            return NULL;
    return mark;
}

Test(json_arena, each_thread_has_its_own)
{
    pthread_t t[4];
    uint8_t mark[4] = {0, 50, 100, 150};
    for (int i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&t[i], NULL, many_times, &mark[i]), 0);
    for (int i = 0; i < 4; i++) {
        void *good;
        cr_assert_eq(pthread_join(t[i], &good), 0);
        cr_expect_eq(good, &mark[i]);
    }
}

/* ---- as the reader uses it ---- */

static char *repeat(const char *begin, const char *piece, size_t times, const char *end)
{
    size_t len = strlen(piece);
    char *text = malloc(strlen(begin) + len * times + strlen(end) + 1), *at = text;
    cr_assert(text);
    at = stpcpy(at, begin);
    for (size_t i = 0; i < times; i++)
        at = stpcpy(at, piece);
    strcpy(at, end);
    return text;
}

static enum gw_error read_within(const struct gw_budget *budget, const char *text)
{
    struct gw_tree tree;
    struct gw_fault fault = {0};
    uint32_t root;
    cr_assert_eq(gw_tree_init(&tree, budget), GW_OK);
    enum gw_error e = gw_json_read_document(&tree, gw_slice_str(text), &root, &fault);
    cr_expect_eq(e, fault.code);
    gw_tree_deinit(&tree);
    return e;
}

/* What costs jansson most a value still fits when the budget is used up, and a little
 * more is refused; so is as much as the arena has no room for, without the room. */
Test(json_arena, no_text_within_its_budget_is_refused)
{
    static const struct gw_budget budget = {4u << 20, 8, 20001, 1000};
    static const char *const values[] = {"{}", "[]", "0", "1.5", "\"\"", "\"\\u0041\""};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char piece[32], *text;
        (void)snprintf(piece, sizeof piece, "%s,", values[i]);
        for (size_t n = 19999; n <= 400000; n = n == 19999 ? 20000 : n * 20) {
            text = repeat("[", piece, n, values[i]);
            text = realloc(text, strlen(text) + 2);
            cr_assert(text);
            strcat(text, "]");
            cr_expect_eq(read_within(&budget, text), n == 19999 ? GW_OK : GW_ELEMENTS,
                         "%zu of %s", n + 1, values[i]);
            free(text);
        }
    }
}

/* The same for members: keys of their own, objects as values. */
Test(json_arena, members_within_the_budget)
{
    static const struct gw_budget budget = {4u << 20, 8, 20001, 1000};
    struct gw_buf text;
    gw_buf_init(&text, 4u << 20);
    gw_buf_byte(&text, '{');
    for (int i = 0; i < 10000; i++)
        gw_buf_printf(&text, "%s\"%x\":{\"\":{}}", i ? "," : "", i);
    gw_buf_byte(&text, '}');
    cr_assert_not(text.failed);
    cr_expect_eq(read_within(&budget, gw_buf_text(&text)), GW_OK);
    gw_buf_deinit(&text);
}

/* Long strings and keys are copies of the text, not values. */
Test(json_arena, long_texts_within_the_budget)
{
    static const struct gw_budget budget = {4u << 20, 8, 4, 1u << 20};
    char *text = repeat("{\"", "k", 1000000, "\":1}");
    cr_expect_eq(read_within(&budget, text), GW_OK);
    free(text);
    text = repeat("[\"", "\\u0041", 600000, "\"]");
    cr_expect_eq(read_within(&budget, text), GW_OK);
    free(text);
}
