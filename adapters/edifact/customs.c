/* customs.c - CUSCAR and CUSRES: what is declared to customs, and what customs says.
 *
 * Source  UN/EDIFACT D.95B to D.03B; code lists 1001 and 7365 */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"

#define CNI GW_EDI_TAG('C', 'N', 'I')
#define GIS GW_EDI_TAG('G', 'I', 'S')
#define ERC GW_EDI_TAG('E', 'R', 'C')

/* A cargo report is a declaration per consignment. */
enum gw_error gw_edi_cargo_report(struct gw_edi *c)
{
    struct gw_edi_say say = {.type = "customs-declared",
                             .class = "actual",
                             .times = "137",
                             .places = "22 41 42 60 96 11",
                             .legs = "20 11",
                             .list = "untdid-1001"};
    char code[20];
    uint32_t first = gw_edi_seek(c, 0, c->raw_count, CNI);
    enum gw_error e = gw_edi_read(c, 0, first);
    gw_edi_mark_header(c);
    if (gw_slice_copy(c->facts.top.bgm_code, code, sizeof code) && *code)
        say.code = code;
    if (!e && first == c->raw_count)
        return gw_edi_event(c, &say);
    for (uint32_t i = first, next; !e && i < c->raw_count; i = next) {
        next = gw_edi_seek(c, i + 1, c->raw_count, CNI);
        c->facts.top = c->facts.header;
        e = gw_edi_read(c, i, next);
        if (!e)
            e = gw_edi_event(c, &say);
    }
    return e;
}

/* Source  UN/EDIFACT D.95B, code list 7365 */
static const struct {
    const char *code, *type, *means;
} answers[] = {
    {"1", "customs-declared", "message content accepted"},
    {"2", "customs-refused", "message content rejected with comment"},
    {"3", "customs-refused", "message content rejected without comment"},
    {"4", "customs-release", "goods released"},
    {"5", "customs-inspection", "goods required for examination"},
    {"6", "customs-hold", "documents to be produced"},
    {"7", "customs-hold", "goods detained"},
    {"8", "transit-start", "goods may move under customs transfer"},
    {"9", "customs-declared", "declaration accepted awaiting goods arrival"},
    {"14", "customs-refused", "error message"},
};

/* GIS says what; without one only an error response is clear. */
static enum gw_error decide(struct gw_edi *c, struct gw_edi_say *say, char code[20])
{
    uint32_t gis = gw_edi_seek(c, 0, c->raw_count, GIS);
    enum gw_error e = GW_OK;
    if (gis < c->raw_count)
        e = gw_edi_load(c, gis);
    struct gw_slice said =
        !e && gis < c->raw_count ? gw_edi_get(&c->segment, 1, 1) : gw_slice(NULL, 0);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (gw_slice_is(said, answers[i].code)) {
            say->type = answers[i].type;
            say->text = answers[i].means;
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
                             .times = "204 9 148 137",
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
