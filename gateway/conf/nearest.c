/* nearest.c - the known word most like the one that was written. */
#include "conf/nearest.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define WORD_MAX 63

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t gw_edit_distance(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b), row[WORD_MAX + 1];
    if (la > WORD_MAX || lb > WORD_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[lb];
}

struct gw_nearest gw_nearest_to(const char *word)
{
    return (struct gw_nearest){.word = word, .distance = SIZE_MAX};
}

void gw_nearest_offer(struct gw_nearest *n, const char *candidate)
{
    size_t d = gw_edit_distance(n->word, candidate), near = strlen(candidate) / 3;
    if (near < 2)
        near = 2;
    if (d > near || d >= strlen(candidate) || d >= n->distance)
        return;
    n->best = candidate;
    n->distance = d;
}

const char *gw_nearest_hint(struct gw_nearest *n)
{
    n->hint[0] = 0;
    if (n->best)
        (void)snprintf(n->hint, sizeof n->hint, "; did you mean %s?", n->best);
    return n->hint;
}
