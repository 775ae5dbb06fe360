/* refusals.c - counting refusals. */
#include "bench/demo/refusals.h"
#include <stdio.h>

void demo_refusals_add(struct demo_refusals *r, enum gw_error code, enum demo_who who,
                       const char *words)
{
    uint32_t i = 0;
    (void)snprintf(r->latest, sizeof r->latest, "%s: %d, %.140s",
                   demo_companies[who].name, (int)code,
                   words ? words : gw_error_text(code));
    while (i < r->count && r->kinds[i].code != code)
        i++;
    if (i == DEMO_REFUSAL_KINDS)
        return;
    if (i == r->count) {
        r->kinds[i] = (struct demo_refusal_kind){.code = code, .who = who};
        (void)snprintf(r->kinds[i].example, sizeof r->kinds[i].example, "%s",
                       words ? words : "");
        r->count++;
    }
    r->kinds[i].count++;
}
