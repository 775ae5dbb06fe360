/* schedule.c - IFTSAI: each arrival and departure of a schedule is an update.
 *
 * Source  UN/EDIFACT D.99B */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"

static enum gw_error one_time(struct gw_edi *c, const struct gw_edi_loc *l,
                              const struct gw_edi_when *when, const char *code,
                              const char *text)
{
    struct gw_edi_say say = {.type = "schedule-update",
                             .class = when->class,
                             .place = l,
                             .when = when,
                             .legs = "20",
                             .list = "schedule",
                             .code = code,
                             .text = text};
    return when->class ? gw_edi_event(c, &say) : GW_OK;
}

enum gw_error gw_edi_schedule(struct gw_edi *c)
{
    enum gw_error e = gw_edi_read(c, 0, c->raw_count);
    for (uint16_t i = 0; !e && i < c->facts.top.locs; i++) {
        const struct gw_edi_loc *l = &c->facts.locs[i];
        e = one_time(c, l, &l->arrive, "arrival", "arrival at the place");
        if (!e)
            e = one_time(c, l, &l->depart, "departure", "departure from the place");
    }
    if (!e && !c->message.events)
        return gw_edi_refuse(c, GW_FORMAT, &c->message.unh, "",
                             "mandatory segment missing",
                             "LOC with DTM: the schedule has no time");
    return e;
}
