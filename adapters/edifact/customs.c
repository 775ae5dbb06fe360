/* customs.c - CUSCAR and CUSRES: what is declared to customs, and what customs says.
 *
 * Source  UN/EDIFACT D.95B to D.03B; code lists 1001 and 7365 */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"

#define CNI GW_EDI_TAG('C', 'N', 'I')
#define GIS GW_EDI_TAG('G', 'I', 'S')
#define ERC GW_EDI_TAG('E', 'R', 'C')

#define EQD GW_EDI_TAG('E', 'Q', 'D')
#define SGP GW_EDI_TAG('S', 'G', 'P')

#define BOX_SEGMENTS 48 /* of one container that are read for each consignment in it */

/* ---- cargo reports ---- */

/* Where the group of every container begins; the segments are from EQD to EQD. */
static enum gw_error index_boxes(struct gw_edi *c, uint32_t from, uint32_t to)
{
    enum gw_error e = GW_OK;
    gw_edi_table_reset(&c->boxes);
    for (uint32_t i = from; !e && i < to; i = gw_edi_seek(c, i + 1, to, EQD)) {
        e = gw_edi_load(c, i);
        struct gw_slice id = e ? gw_slice(NULL, 0) : gw_edi_get(&c->segment, 2, 1);
        struct gw_edi_entry *box = id.len ? gw_edi_table_entry(&c->boxes, id) : NULL;
        if (id.len && !box)
            return gw_edi_refuse(c, GW_NOMEM, &c->raws[i], "", "memory",
                                 "containers of a cargo report");
        if (box && !box->value)
            box->value = i;
    }
    return e;
}

static bool has_unit(const struct gw_edi_facts *f, struct gw_slice id)
{
    for (uint16_t i = 0; i < f->top.units; i++)
        if (gw_slice_eq(f->units[i].id, id))
            return true;
    return false;
}

/* The containers that SGP says the consignment is in, with their seals and weights. */
static enum gw_error read_boxes(struct gw_edi *c, uint32_t from, uint32_t to,
                                uint32_t boxes_end)
{
    enum gw_error e = GW_OK;
    for (uint32_t i = gw_edi_seek(c, from, to, SGP); !e && i < to;
         i = gw_edi_seek(c, i + 1, to, SGP)) {
        e = gw_edi_load(c, i);
        if (e)
            break;
        struct gw_slice id = gw_edi_get(&c->segment, 1, 1);
        const struct gw_edi_entry *box = gw_edi_table_find(&c->boxes, id);
        if (!box || has_unit(&c->facts, id))
            continue;
        uint32_t end = gw_edi_seek(c, box->value + 1, boxes_end, EQD);
        if (end - box->value > BOX_SEGMENTS)
            end = box->value + BOX_SEGMENTS;
        e = gw_edi_read(c, box->value, end);
    }
    return e;
}

static enum gw_error each_consignment(struct gw_edi *c, uint32_t first,
                                      const struct gw_edi_say *say)
{
    enum gw_error e = GW_OK;
    for (uint32_t i = first, next; !e && i < c->raw_count; i = next) {
        next = gw_edi_seek(c, i + 1, c->raw_count, CNI);
        c->facts.top = c->facts.header;
        e = read_boxes(c, i, next, first);
        if (!e)
            e = gw_edi_read(c, i, next);
        if (!e)
            e = gw_edi_event(c, say);
    }
    return e;
}

/* A cargo report is a declaration per consignment.  Where consignments say in which of
 * the containers they are, the others are none of theirs; where none says so, all are. */
enum gw_error gw_edi_cargo_report(struct gw_edi *c)
{
    struct gw_edi_say say = {.type = "customs-declared",
                             .class = "actual",
                             .places = "22 41 42 60 96 11",
                             .legs = "20 11",
                             .list = "untdid-1001"};
    char code[20];
    uint32_t first = gw_edi_seek(c, 0, c->raw_count, CNI);
    uint32_t eqd = gw_edi_seek(c, 0, first, EQD);
    bool told = gw_edi_seek(c, first, c->raw_count, SGP) < c->raw_count;
    enum gw_error e = gw_edi_read(c, 0, told ? eqd : first);
    gw_edi_mark_header(c);
    if (gw_slice_copy(c->facts.top.bgm_code, code, sizeof code) && *code)
        say.code = code;
    if (!e && first == c->raw_count)
        return gw_edi_event(c, &say);
    gw_edi_table_reset(&c->boxes);
    if (!e && told)
        e = index_boxes(c, eqd, first);
    return e ? e : each_consignment(c, first, &say);
}

/* ---- customs' answers ---- */

/* GIS says what; without one only an error response is clear. */
static enum gw_error decide(struct gw_edi *c, struct gw_edi_say *say, char code[20])
{
    uint32_t gis = gw_edi_seek(c, 0, c->raw_count, GIS);
    enum gw_error e = GW_OK;
    if (gis < c->raw_count)
        e = gw_edi_load(c, gis);
    struct gw_slice said =
        !e && gis < c->raw_count ? gw_edi_get(&c->segment, 1, 1) : gw_slice(NULL, 0);
    const struct gw_edi_gis *g = gw_edi_gis_of(said);
    if (g) {
        say->type = g->type;
        say->text = g->means;
    }
    if (said.len && gw_slice_copy(said, code, 20)) {
        say->list = "untdid-7365";
        say->code = code;
    } else if (gw_slice_copy(c->facts.top.bgm_code, code, 20) && *code) {
        say->list = "untdid-1001";
        say->code = code;
        if (gw_slice_is(c->facts.top.bgm_code, "963"))
            say->type = "customs-refused";
    }
    return e;
}

enum gw_error gw_edi_customs_response(struct gw_edi *c)
{
    char code[20];
    struct gw_edi_say say = {.type = "other",
                             .class = "actual",
                             .times = "204 9 148",
                             .places = "22 41 42 60 14",
                             .legs = "20 11"};
    enum gw_error e = gw_edi_read(c, 0, c->raw_count);
    if (!e)
        e = decide(c, &say, code);
    uint32_t erc = gw_edi_seek(c, 0, c->raw_count, ERC);
    if (!e && erc < c->raw_count) {
        e = gw_edi_load(c, erc);
        c->facts.top.status.reason = gw_edi_get(&c->segment, 1, 1);
        c->facts.top.status.reason_text = c->facts.top.text;
    }
    return e ? e : gw_edi_event(c, &say);
}
