/* answer.c - APERAK and CONTRL received: what a partner says about what we sent.
 *
 * Source  UN/EDIFACT D.96A, D.00A (APERAK); ISO 9735 and ISO 9735-4 (CONTRL), code list
 *         0083: 4 rejected, 7 acknowledged, 8 received */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"

#define ERC GW_EDI_TAG('E', 'R', 'C')
#define UCI GW_EDI_TAG('U', 'C', 'I')
#define UCM GW_EDI_TAG('U', 'C', 'M')

/* Rejected or not?  The response code says it, or the document, or the function; with
 * none of them an error code does.  Codes 0 and 1 stand for "no error" with some. */
static bool is_rejected(const struct gw_edi_top *t, struct gw_slice error)
{
    if (t->bgm_response.len)
        return gw_slice_is(t->bgm_response, "RE");
    if (gw_edi_among(t->bgm_code, "312 313"))
        return gw_slice_is(t->bgm_code, "313");
    if (gw_slice_is(t->bgm_function, "27"))
        return true;
    return error.len && !gw_edi_among(error, "0 1");
}

enum gw_error gw_edi_application_answer(struct gw_edi *c)
{
    char code[20] = "";
    struct gw_edi_say say = {.class = "actual", .times = "137"};
    uint32_t erc = gw_edi_seek(c, 0, c->raw_count, ERC);
    enum gw_error e = gw_edi_read(c, 0, c->raw_count);
    struct gw_slice error = {0};
    if (!e && erc < c->raw_count) {
        e = gw_edi_load(c, erc);
        error = gw_edi_get(&c->segment, 1, 1);
    }
    say.type = is_rejected(&c->facts.top, error) ? "technical-error" : "technical-ack";
    if (gw_slice_copy(error, code, sizeof code) && *code) {
        say.list = "untdid-9321";
        say.code = code;
        c->facts.top.status.reason = error;
        c->facts.top.status.reason_text = c->facts.top.text;
    }
    return e ? e : gw_edi_event(c, &say);
}

static void add_reference(struct gw_edi *c, const char *qualifier, struct gw_slice value)
{
    struct gw_edi_ref *r = value.len ? GW_EDI_MORE(&c->facts, refs) : NULL;
    if (r)
        *r = (struct gw_edi_ref){gw_slice_str(qualifier), value};
}

/* UCI+ref+sender+recipient+action+error, UCM+ref+type+action+error */
static enum gw_error answer_of(struct gw_edi *c, uint32_t i)
{
    bool whole = c->raws[i].tag == UCI;
    enum gw_error e = gw_edi_load(c, i);
    char action[8] = "";
    if (e)
        return e;
    struct gw_slice said = gw_edi_get(&c->segment, whole ? 4 : 3, 1);
    c->facts.top = c->facts.header;
    add_reference(c, whole ? "UCI" : "UCM", gw_edi_get(&c->segment, 1, 1));
    c->facts.top.status.reason = gw_edi_get(&c->segment, whole ? 5 : 4, 1);
    struct gw_edi_say say = {.type = gw_slice_is(said, "4") ? "technical-error"
                                                            : "technical-ack",
                             .class = "actual",
                             .list = "untdid-0083"};
    if (gw_slice_copy(said, action, sizeof action) && *action)
        say.code = action;
    return gw_edi_event(c, &say);
}

enum gw_error gw_edi_syntax_answer(struct gw_edi *c)
{
    enum gw_error e = GW_OK;
    uint32_t found = 0;
    gw_edi_mark_header(c);
    for (uint32_t i = 0; !e && i < c->raw_count; i++)
        if (c->raws[i].tag == UCI || c->raws[i].tag == UCM) {
            e = answer_of(c, i);
            found++;
        }
    if (!e && !found)
        return gw_edi_refuse(c, GW_FORMAT, &c->message.unh, "",
                             "mandatory segment missing",
                             "UCI: nothing says what is answered");
    return e;
}
