/* guard.h - a damaged file that is mapped into memory ends the process in words, not by a
 * signal.
 *
 * LMDB trusts its pages: after bits have flipped in a page's head it may read beside the
 * file, and a file that is cut short while it is mapped cannot be read at its end.  Both
 * are signals, and asserts of LMDB are aborts.  Inside LMDB, or at an address in a
 * guarded mapping, the handler says what happened and what to do, and leaves with status
 * 1; everywhere else a signal is a fault of ours and ends the process as it would have.
 * No altered event can come out: events have checksums.
 *
 * Thread  any; gw_guard_add() and gw_guard_remove() one at a time. */
#ifndef GW_STORE_GUARD_H
#define GW_STORE_GUARD_H
#include <stdbool.h>
#include <stddef.h>

/* Guard the mapping of the open file `fd`; `dir` is for the words, copied. */
void gw_guard_add(int fd, const char *dir);
void gw_guard_remove(int fd);
/* Say so and leave: for what LMDB finds out itself. */
_Noreturn void gw_guard_leave(void);

/* Around calls into LMDB. */
extern _Thread_local int gw_guard_depth;
static inline void gw_guard_enter(void)
{
    gw_guard_depth++;
}
static inline void gw_guard_exit(void)
{
    gw_guard_depth--;
}
#endif
