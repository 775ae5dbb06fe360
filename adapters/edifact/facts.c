/* facts.c - what the segments of a message have said so far. */
#include "adapters/edifact/facts.h"
#include "adapters/edifact/tables.h"

void gw_edi_note(struct gw_edi_facts *f, const char *rule, const char *field,
                 struct gw_slice raw)
{
    for (uint16_t i = 0; i < f->top.notes; i++)
        if (f->notes[i].rule == rule && f->notes[i].field == field &&
            gw_slice_eq(f->notes[i].raw, raw))
            return;
    if (f->top.notes < sizeof f->notes / sizeof *f->notes)
        f->notes[f->top.notes++] = (struct gw_edi_note){rule, field, raw};
}

const struct gw_edi_leg *gw_edi_leg_of(const struct gw_edi_facts *f, const char *stages)
{
    for (uint16_t i = f->top.legs; i > 0; i--)
        if (gw_edi_among(f->legs[i - 1].stage, stages))
            return &f->legs[i - 1];
    return NULL;
}
