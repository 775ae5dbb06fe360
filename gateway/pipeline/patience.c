/* patience.c - how much of no use is borne; part of stage 1, session.c. */
#include "pipeline/patience.h"

/* A clock that was put back gives nothing back. */
static void recover(struct gw_patience *p, int64_t now_ms)
{
    int64_t ms = now_ms - p->used_ms;
    p->used_ms = now_ms;
    if (ms <= 0)
        return;
    p->used -=
        ms > 3600000 ? p->used : ms * GW_PATIENCE_PER_S; /* per second, thousandths */
    if (p->used < 0)
        p->used = 0;
}

enum gw_mood gw_patience_use(struct gw_patience *p, uint32_t cost, int64_t now_ms)
{
    const int64_t once = GW_PATIENCE * 1000LL;
    recover(p, now_ms);
    p->used += cost * 1000LL;
    if (p->used <= once)
        return GW_PATIENT;
    if (p->used <= 2 * once)
        return GW_TIRED;
    p->used = 2 * once; /* however much it was: it comes back within seconds */
    return GW_ENOUGH;
}
