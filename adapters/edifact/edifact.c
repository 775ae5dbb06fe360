/* edifact.c - UN/EDIFACT as a format of the adapter host. */
#include "adapters/edifact/edifact.h"
#include "adapters/edifact/encode.h"
#include "adapters/edifact/reply.h"
#include <stdlib.h>

#define MAX_BYTES (16u << 20)

/* Message types that give events.  Source  UN/EDIFACT message directory */
static const struct gw_edi_family families[] = {
    {"APERAK", gw_edi_application_answer, true},
    {"BAPLIE", gw_edi_plan, true},
    {"COARRI", gw_edi_containers, true},
    {"CODECO", gw_edi_containers, true},
    {"COHAOR", gw_edi_containers, true},
    {"CONTRL", gw_edi_syntax_answer, false},
    {"COPARN", gw_edi_containers, true},
    {"COPRAR", gw_edi_containers, true},
    {"COREOR", gw_edi_containers, true},
    {"CUSCAR", gw_edi_cargo_report, true},
    {"CUSRES", gw_edi_customs_response, true},
    {"IFCSUM", gw_edi_consignment, true},
    {"IFTMAN", gw_edi_consignment, true},
    {"IFTMBC", gw_edi_consignment, true},
    {"IFTMBF", gw_edi_consignment, true},
    {"IFTMCS", gw_edi_consignment, true},
    {"IFTMIN", gw_edi_consignment, true},
    {"IFTSAI", gw_edi_schedule, true},
    {"IFTSTA", gw_edi_status, true},
    {"MOVINS", gw_edi_plan, true},
    {"VERMAS", gw_edi_containers, true},
};

const struct gw_edi_family *gw_edi_family_of(struct gw_slice type)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (gw_slice_is(type, families[i].message))
            return &families[i];
    return NULL;
}

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct gw_edi *c = state;
    c->options = o;
    gw_buf_init(&c->plain, (size_t)4 * MAX_BYTES); /* UTF-8 of other sets is longer */
    enum gw_error e = gw_tree_init(&c->texts, &gw_budget_default);
    if (e)
        gw_text_set(why, "%s", gw_error_text(e));
    return e ? e : gw_maker_open(&c->maker, o, "edifact", why);
}

static void close_state(void *state)
{
    struct gw_edi *c = state;
    gw_maker_close(&c->maker);
    gw_tree_deinit(&c->texts);
    gw_edi_table_deinit(&c->boxes);
    gw_buf_deinit(&c->plain);
    free(c->raws);
}

void gw_edi_begin(struct gw_edi *c, struct gw_slice in, struct gw_events *out,
                  struct gw_report *report)
{
    c->in = in;
    c->out = out;
    c->report = report;
    c->inter = (struct gw_edi_interchange){0};
    c->message = (struct gw_edi_message){0};
    c->in_message = false;
    c->raw_count = c->envelope_count = c->carried = c->tests = c->seen_count = 0;
    gw_tree_reset(&c->texts);
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    uint32_t before = out->count;
    gw_edi_begin(state, in, out, report);
    enum gw_error e = gw_edi_walk(state);
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_edifact = {
    .name = "edifact",
    .standard = "UN/EDIFACT, ISO 9735",
    .edition = "syntax 1 to 4, directories D.95B to D.23A",
    .size = sizeof(struct gw_edi),
    .max_bytes = MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .encode = gw_edi_encode,
    .reply = gw_edi_reply,
    .close = close_state,
};
