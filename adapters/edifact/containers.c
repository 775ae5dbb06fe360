/* containers.c - messages with a group per container: CODECO, COARRI, COPRAR,
 * COPARN, COREOR, COHAOR, VERMAS.
 *
 * Source  UN/EDIFACT directories D.95B to D.23A; SMDG user manuals for COARRI and CODECO
 */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"

#define EQD GW_EDI_TAG('E', 'Q', 'D')
#define CNT GW_EDI_TAG('C', 'N', 'T')

/* clang-format off */
/* What each event of these messages takes from the facts: by the event's type, and where
 * the document says more, by its meaning too.  The last row of a message is for document
 * codes that are not known. */
static const struct row {
    const char *message, *type, *means;
    const char *class, *times, *places, *legs;
} rows[] = {
    {"CODECO", "gate-in",   NULL, "actual", "7 203 181 ACT 334 178", "165 175 14 172 164 9",  "1 10 30"},
    {"CODECO", "gate-out",  NULL, "actual", "7 203 181 ACT 334 186", "165 175 14 172 164 11", "1 30 10"},
    {"CODECO", "weighed",   NULL, "actual", "WAT 7 203",             "165 175 14 172",        "1 10 30"},
    {"CODECO", "other",     NULL, "actual", "7 203 181 ACT",         "165 175 14 172 9 11",   "1 10 30"},
    {"COARRI", "load",      NULL, "actual", "203 7 181",             "175 9 41",              "20"},
    {"COARRI", "discharge", NULL, "actual", "203 7 181",             "175 11 41",             "20"},
    {"COARRI", "arrive",    NULL, "actual", "203 7 178 181",         "175 11 41",             "20"},
    {"COARRI", "other",     NULL, "actual", "203 7 181",             "175 9 11 41",           "20"},
    {"COPRAR", "plan-position", "discharge list", "planned", "132 178", "11 175",             "20"},
    {"COPRAR", "plan-position", NULL, "planned", "133 186",          "9 175",                 "20"},
    {"COPARN", "instruction", NULL, "requested", "201 7 200",        "98 165 175 99 88 9",    "20"},
    {"COREOR", "instruction", NULL, "requested", "201 7 200",        "98 165 175 99 88 9",    "20"},
    {"COHAOR", "instruction", NULL, "requested", "7 201",            "165 175 9 11",          "20"},
    {"VERMAS", "weighed",   NULL, "actual", "WAT 7",                 "175 165 9",             "20"},
};
/* clang-format on */

static const struct row *row_of(struct gw_slice message, const struct gw_edi_bgm *b)
{
    const struct row *last = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        if (!gw_slice_is(message, r->message))
            continue;
        last = r;
        if (b && strcmp(r->type, b->type) == 0 &&
            (!r->means || (b->means && strcmp(r->means, b->means) == 0)))
            return r;
    }
    return last;
}

/* The trailer CNT+16:n against the groups there are. */
static enum gw_error check_count(struct gw_edi *c, uint32_t from, uint32_t groups)
{
    uint32_t at = gw_edi_seek(c, from, c->raw_count, CNT);
    uint64_t said;
    if (at == c->raw_count)
        return GW_OK;
    enum gw_error e = gw_edi_load(c, at);
    if (!e && gw_edi_among(gw_edi_get(&c->segment, 1, 1), "16 14") &&
        gw_slice_uint(gw_edi_get(&c->segment, 1, 2), &said) && said != groups)
        gw_edi_find(c, &c->raws[at], "CNT count", "says %u, there are %u",
                    (unsigned)(said < UINT32_MAX ? said : UINT32_MAX), (unsigned)groups);
    return e;
}

static enum gw_error each_group(struct gw_edi *c, uint32_t from,
                                const struct gw_edi_say *say)
{
    uint32_t count = 0, i = from, end;
    uint64_t many;
    enum gw_error e = GW_OK;
    for (; !e && i < c->raw_count; i = end) {
        end = gw_edi_seek(c, i + 1, c->raw_count, EQD);
        c->facts.top = c->facts.header;
        e = gw_edi_read(c, i, end);
        if (!e && !c->facts.units[c->facts.header.units].id.len &&
            !c->facts.top.quantity.len)
            gw_edi_note(&c->facts, "no-equipment-id", "equipment[0].id",
                        gw_slice(NULL, 0));
        if (!e)
            e = gw_edi_event(c, say);
        if (gw_slice_uint(c->facts.top.quantity, &many) && many < 100000)
            count += (uint32_t)many;
        else
            count++;
    }
    return e ? e : check_count(c, from, count);
}

enum gw_error gw_edi_containers(struct gw_edi *c)
{
    char code[20];
    uint32_t first = gw_edi_seek(c, 0, c->raw_count, EQD);
    enum gw_error e = gw_edi_read(c, 0, first);
    if (e)
        return e;
    if (first == c->raw_count)
        return gw_edi_refuse(c, GW_FORMAT, &c->message.unh, "",
                             "mandatory segment missing",
                             "EQD: the message names no container");
    gw_edi_mark_header(c);
    struct gw_slice message = c->message.type;
    const struct gw_edi_bgm *b = gw_edi_bgm_of(message, c->facts.top.bgm_code);
    const struct row *r = row_of(message, b);
    struct gw_edi_say say = {.type = r->type,
                             .class = r->class,
                             .times = r->times,
                             .places = r->places,
                             .legs = r->legs,
                             .list = "untdid-1001"};
    if (gw_slice_copy(c->facts.top.bgm_code, code, sizeof code) && *code)
        say.code = code;
    say.text = b ? b->means : NULL;
    return each_group(c, first, &say);
}
