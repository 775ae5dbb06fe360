/* nearest.h - "did you mean ...?": of the words offered, the one most like a given word.
 *
 *   struct gw_nearest n = gw_nearest_to("timout_ms");
 *   for (...) gw_nearest_offer(&n, known[i]);
 *   if (n.best) ... or: "no setting %s%s", n.word, gw_nearest_hint(&n)
 *
 * Pure functions, any thread. */
#ifndef GW_CONF_NEAREST_H
#define GW_CONF_NEAREST_H
#include <stddef.h>

struct gw_nearest {
    const char *word; /* borrowed; what was written */
    const char *best; /* borrowed; the most like it so far, NULL while none is near */
    size_t distance;  /* edits between the two */
    char hint[96];    /* gw_nearest_hint() */
};

struct gw_nearest gw_nearest_to(const char *word);
/* `candidate` is kept by reference if it is nearer than those before: at most one edit in
 * three letters, and two in short words. */
void gw_nearest_offer(struct gw_nearest *n, const char *candidate);
/* "; did you mean timeout_ms?" for the end of a complaint, or empty; lives in *n. */
const char *gw_nearest_hint(struct gw_nearest *n);
/* Letters to insert, delete or replace to make `b` of `a`; SIZE_MAX if either is over 63
 * bytes. */
size_t gw_edit_distance(const char *a, const char *b);
#endif
