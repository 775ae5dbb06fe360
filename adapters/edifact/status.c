/* status.c - IFTSTA: one event per status.
 *
 * Two layouts: consignment first (CNI, STS, what belongs to it), and from D.10B also
 * equipment first (EQD, what belongs to it, STS with their LOC and DTM).
 *
 * Source  UN/EDIFACT directories D.95B to D.16A; UN/CEFACT Recommendation 24 */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"

#define EQD GW_EDI_TAG('E', 'Q', 'D')
#define STS GW_EDI_TAG('S', 'T', 'S')
#define CNI GW_EDI_TAG('C', 'N', 'I')
#define LOC GW_EDI_TAG('L', 'O', 'C')
#define DTM GW_EDI_TAG('D', 'T', 'M')

#define UNITS_MOST 48 /* of one event; a status of more containers is several events */

static uint32_t seek_any(const struct gw_edi *c, uint32_t from, const uint32_t *tags,
                         size_t count)
{
    for (; from < c->raw_count; from++)
        for (size_t i = 0; i < count; i++)
            if (c->raws[from].tag == tags[i])
                return from;
    return from;
}

/* What a type takes its time and place from. */
static void say_of(const struct gw_edi_facts *f, struct gw_edi_say *say)
{
    const struct gw_edi_sts *s = f->top.status.list.len || f->top.status.agency.len
                                     ? NULL
                                     : gw_edi_sts_of(f->top.status.code);
    *say = (struct gw_edi_say){.type = s ? s->type : "other",
                               .class = "actual",
                               .times = "334 203 7 181 ACT 40E 204 200 411 194 9",
                               .places = "175 14 165 172 92 16E",
                               .own_place = true};
    struct gw_slice type = gw_slice_str(say->type);
    if (gw_edi_among(type, "arrive discharge")) {
        say->times = "334 203 7 181 ACT 40E 178 151 9 132";
        say->places = "175 14 165 172 11 60 92";
    } else if (gw_edi_among(type, "depart load")) {
        say->times = "334 203 7 181 ACT 40E 186 136 9 133";
        say->places = "175 14 165 172 9 5 92";
    }
}

static enum gw_error emit(struct gw_edi *c)
{
    struct gw_edi_say say;
    say_of(&c->facts, &say);
    return gw_edi_event(c, &say);
}

/* The status at `from` with all up to `to`. */
static enum gw_error one_status(struct gw_edi *c, uint32_t from, uint32_t to,
                                const struct gw_edi_top *before)
{
    enum gw_error e = GW_OK;
    c->facts.top = *before;
    for (uint32_t i = from; !e && i < to; i++) {
        if (c->raws[i].tag == EQD && c->facts.top.units == UNITS_MOST) {
            e = emit(c);
            c->facts.top.units = before->units;
            c->facts.top.seals = before->seals;
        }
        if (!e)
            e = gw_edi_read(c, i, i + 1);
    }
    return e ? e : emit(c);
}

/* CNI and its statuses; the first segments may be statuses without a CNI. */
static enum gw_error consignments(struct gw_edi *c, uint32_t from)
{
    static const uint32_t opens[] = {CNI, STS};
    struct gw_edi_top consignment = c->facts.header;
    enum gw_error e = GW_OK;
    for (uint32_t i = from, next; !e && i < c->raw_count; i = next) {
        next = seek_any(c, i + 1, opens, 2);
        if (c->raws[i].tag == STS) {
            e = one_status(c, i, next, &consignment);
            continue;
        }
        c->facts.top = c->facts.header;
        e = gw_edi_read(c, i, next);
        consignment = c->facts.top;
    }
    return e;
}

/* Within an equipment group: the facts of all but the statuses and what follows them. */
static enum gw_error read_but_statuses(struct gw_edi *c, uint32_t from, uint32_t to)
{
    bool in_status = false;
    enum gw_error e = GW_OK;
    for (uint32_t i = from; !e && i < to; i++) {
        uint32_t tag = c->raws[i].tag;
        in_status = tag == STS || (in_status && (tag == LOC || tag == DTM));
        if (!in_status)
            e = gw_edi_read(c, i, i + 1);
    }
    return e;
}

static enum gw_error equipment_group(struct gw_edi *c, uint32_t from, uint32_t to)
{
    uint32_t i = gw_edi_seek(c, from, to, STS);
    c->facts.top = c->facts.header;
    enum gw_error e = read_but_statuses(c, from, to);
    struct gw_edi_top unit = c->facts.top;
    if (!e && i == to)
        return emit(c); /* a bare list of equipment */
    while (!e && i < to) {
        uint32_t end = i + 1;
        while (end < to && (c->raws[end].tag == LOC || c->raws[end].tag == DTM))
            end++;
        e = one_status(c, i, end, &unit);
        i = gw_edi_seek(c, end, to, STS);
    }
    return e;
}

static enum gw_error equipment_first(struct gw_edi *c, uint32_t from)
{
    static const uint32_t opens[] = {EQD, CNI};
    enum gw_error e = GW_OK;
    for (uint32_t i = from, next; !e && i < c->raw_count; i = next) {
        next = seek_any(c, i + 1, opens, 2);
        if (c->raws[i].tag == CNI)
            return consignments(c, i);
        e = equipment_group(c, i, next);
    }
    return e;
}

enum gw_error gw_edi_status(struct gw_edi *c)
{
    static const uint32_t opens[] = {CNI, STS, EQD};
    uint32_t first = seek_any(c, 0, opens, 3);
    enum gw_error e = gw_edi_read(c, 0, first);
    if (e)
        return e;
    gw_edi_mark_header(c);
    if (first == c->raw_count)
        return gw_edi_refuse(c, GW_FORMAT, &c->message.unh, "",
                             "mandatory segment missing",
                             "STS: the message reports no status");
    e = c->raws[first].tag == EQD ? equipment_first(c, first) : consignments(c, first);
    if (!e && !c->message.events)
        return gw_edi_refuse(c, GW_FORMAT, &c->message.unh, "",
                             "mandatory segment missing",
                             "STS: the message reports no status");
    return e;
}
