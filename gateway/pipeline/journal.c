/* journal.c - the words of journal.h; the stores themselves are in store/. */
#include "pipeline/journal.h"

const char *gw_room_name(enum gw_room r)
{
    static const char *const names[] = {"ok", "warn", "shrink", "full", "failed"};
    return (unsigned)r < sizeof names / sizeof *names ? names[r] : "?";
}
