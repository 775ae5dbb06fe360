/* consignment.c - messages about a consignment as a whole: IFTMIN, IFTMCS, IFTMBC,
 * IFTMBF, IFTMAN, and IFCSUM with one per CNI.  The rail consignment notes (SMGS, CIM)
 * are IFTMIN of association OSJD.
 *
 * Source  UN/EDIFACT directories S.93A to D.23A; OSJD use of IFTMIN D.97A */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"

#define EQD GW_EDI_TAG('E', 'Q', 'D')
#define CNI GW_EDI_TAG('C', 'N', 'I')

#define UNITS_MOST 40 /* of one event; a longer list is several events */

struct wish {
    const char *message, *type, *class, *times, *places;
};

/* The time of the message, DTM 137, is none of the event's place: event.c takes it where
 * nothing else is said. */
static const struct wish wishes[] = {
    {"IFTMIN", "instruction", "requested", "143", "88 10 5 9"},
    {"IFTMCS", "document-issued", "actual", "182 143", "88 10 5 9"},
    {"IFTMBC", "booked", "actual", NULL, "88 10 5 9"},
    {"IFTMBF", "booked", "requested", NULL, "88 10 5 9"},
    {"IFTMAN", "arrive", "actual", "178 132", "11 8 60 7"},
    {"IFCSUM", "instruction", "requested", NULL, "88 10 5 9"},
};

static enum gw_error say_it(struct gw_edi *c, const struct wish *wish, const char *type,
                            const char *class)
{
    const struct gw_edi_bgm *b = gw_edi_bgm_of(c->message.type, c->facts.top.bgm_code);
    char code[20];
    struct gw_edi_say say = {.type = type,
                             .class = class,
                             .times = wish->times,
                             .places = wish->places,
                             .legs = "20 21",
                             .list = "untdid-1001",
                             .text = b ? b->means : NULL};
    if (gw_slice_copy(c->facts.top.bgm_code, code, sizeof code) && *code)
        say.code = code;
    return gw_edi_event(c, &say);
}

static enum gw_error emit(struct gw_edi *c, const struct wish *wish)
{
    bool note =
        strcmp(wish->message, "IFTMIN") == 0 && gw_edi_is_issued(c->facts.top.bgm_code);
    enum gw_error e = say_it(c, wish, wish->type, note ? "planned" : wish->class);
    if (!e && note)
        e = say_it(c, wish, "document-issued", "actual");
    return e;
}

static enum gw_error read_and_emit(struct gw_edi *c, const struct wish *wish,
                                   uint32_t from, uint32_t to)
{
    struct gw_edi_top before = c->facts.top;
    enum gw_error e = GW_OK;
    for (uint32_t i = from; !e && i < to; i++) {
        if (c->raws[i].tag == EQD && c->facts.top.units >= UNITS_MOST) {
            e = emit(c, wish);
            c->facts.top.units = before.units;
            c->facts.top.seals = before.seals;
            c->facts.top.measures = before.measures;
        }
        if (!e)
            e = gw_edi_read(c, i, i + 1);
    }
    return e ? e : emit(c, wish);
}

static enum gw_error each_consignment(struct gw_edi *c, const struct wish *wish,
                                      uint32_t first)
{
    enum gw_error e = gw_edi_read(c, 0, first);
    gw_edi_mark_header(c);
    for (uint32_t i = first, next; !e && i < c->raw_count; i = next) {
        next = gw_edi_seek(c, i + 1, c->raw_count, CNI);
        c->facts.top = c->facts.header;
        e = read_and_emit(c, wish, i, next);
    }
    return e;
}

enum gw_error gw_edi_consignment(struct gw_edi *c)
{
    const struct wish *wish = &wishes[0];
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        if (gw_slice_is(c->message.type, wishes[i].message))
            wish = &wishes[i];
    uint32_t first = gw_edi_seek(c, 0, c->raw_count, CNI);
    if (first < c->raw_count)
        return each_consignment(c, wish, first);
    return read_and_emit(c, wish, 0, c->raw_count);
}
