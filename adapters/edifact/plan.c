/* plan.c - BAPLIE and MOVINS: one planned position per stowage cell.
 *
 * A group begins with LOC+147; the header's LOC+5 and LOC+61 are the port the plan is for
 * and the next one.  MOVINS puts HAN (load, discharge, restow) in front of the
 * groups it is for.
 *
 * Source  UN/EDIFACT D.95B, D.13B; SMDG user manuals BAPLIE 1.5, 2.0 to 2.2, 3.1 */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"

#define LOC GW_EDI_TAG('L', 'O', 'C')
#define HAN GW_EDI_TAG('H', 'A', 'N')

/* LOC+147, seen without splitting the segment. */
static bool is_cell(const struct gw_edi *c, uint32_t i)
{
    const struct gw_edi_raw *r = &c->raws[i];
    const uint8_t *at = c->in.at + r->at;
    if (r->tag != LOC)
        return false;
    if (c->signs.wrapped) /* a line end may stand anywhere in it */
        return !gw_edi_load((struct gw_edi *)c, i) &&
               gw_slice_is(gw_edi_get(&c->segment, 1, 1), "147");
    return r->len >= 8 && memcmp(at + 4, "147", 3) == 0 &&
           (at[7] == c->signs.element || at[7] == c->signs.component);
}

/* The next cell, or in MOVINS the next HAN. */
static uint32_t next_group(const struct gw_edi *c, uint32_t from, bool movins)
{
    while (from < c->raw_count && !is_cell(c, from) &&
           !(movins && c->raws[from].tag == HAN))
        from++;
    return from;
}

/* HAN C524 4079. */
static enum gw_error take_handling(struct gw_edi *c, uint32_t i, char *code, size_t size)
{
    enum gw_error e = gw_edi_load(c, i);
    if (!e && !gw_slice_copy(gw_edi_get(&c->segment, 1, 1), code, size))
        code[0] = 0;
    return e;
}

static enum gw_error each_cell(struct gw_edi *c, uint32_t first, bool movins)
{
    char handling[16] = "";
    struct gw_edi_say say = {.type = "plan-position",
                             .class = "planned",
                             .times = "133 136 186",
                             .places = "5",
                             .to = "61",
                             .legs = "20"};
    enum gw_error e = GW_OK;
    for (uint32_t i = first, next; !e && i < c->raw_count; i = next) {
        next = next_group(c, i + 1, movins);
        if (c->raws[i].tag == HAN) {
            e = take_handling(c, i, handling, sizeof handling);
            say.list = "4079";
            say.code = *handling ? handling : NULL;
            continue;
        }
        c->facts.top = c->facts.header;
        e = gw_edi_read(c, i, next);
        if (!e)
            e = gw_edi_event(c, &say);
    }
    return e;
}

enum gw_error gw_edi_plan(struct gw_edi *c)
{
    bool movins = gw_slice_is(c->message.type, "MOVINS");
    uint32_t first = next_group(c, 0, movins);
    enum gw_error e = gw_edi_read(c, 0, first);
    if (e)
        return e;
    gw_edi_mark_header(c);
    e = each_cell(c, first, movins);
    if (!e && !c->message.events)
        return gw_edi_refuse(c, GW_FORMAT, &c->message.unh, "",
                             "mandatory segment missing",
                             "LOC+147: the plan has no position");
    return e;
}
