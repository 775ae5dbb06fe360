/* interchange.c - a port's EDIFACT files. */
#include "bench/demo/interchange.h"
#include "base/clock.h"
#include <stdio.h>

/* Reports by what they tell: UNTDID 1001. */
static const struct report {
    enum demo_what what;
    const char *message, *code;
} reports[] = {
    {DEMO_GATE_IN, "CODECO:D:95B:UN:SMDG16", "34"},
    {DEMO_GATE_OUT, "CODECO:D:95B:UN:SMDG16", "36"},
    {DEMO_LOAD, "COARRI:D:95B:UN:SMDG20", "46"},
    {DEMO_DISCHARGE, "COARRI:D:95B:UN:SMDG20", "44"},
};

/* yyyyMMddHHmm by the company's clock; DTM format 203 carries no zone. */
static void local_203(const struct demo_happening *h, int64_t ms, char out[16])
{
    char iso[25];
    gw_time_iso(ms + demo_companies[h->who].clock_min * INT64_C(60000), iso);
    (void)snprintf(out, 16, "%.4s%.2s%.2s%.2s%.2s", iso, iso + 5, iso + 8, iso + 11,
                   iso + 14);
}

struct writing {
    struct gw_buf *out;
    uint32_t segments;
};

__attribute__((format(printf, 2, 3))) static void segment(struct writing *w,
                                                          const char *fmt, ...)
{
    char text[200];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    gw_buf_printf(w->out, "%s'\n", text);
    w->segments++;
}

static void head(struct writing *w, const struct report *r,
                 const struct demo_happening *h, uint32_t number)
{
    segment(w, "UNH+1+%s", r->message);
    segment(w, "BGM+%s+%s-%05u+9", r->code, h->sea ? "SHIP" : "GATE", number);
    if (h->sea)
        segment(w, "TDT+20+%s+1++CFL:172:20+++%s:146:11:%s", h->unit.voyage, h->unit.imo,
                h->unit.vessel);
    else
        segment(w, "TDT+1+%s+2", h->unit.train);
    segment(w, "NAD+CF+CFL:160:20");
}

static void box(struct writing *w, const struct demo_happening *h)
{
    char when[16];
    local_203(h, h->time_ms, when);
    segment(w, "EQD+CN+%s+45G1:102:5++2+5", h->unit.container);
    segment(w, "RFF+BN:%s", h->unit.booking);
    segment(w, "DTM+%s:%s:203", h->sea ? "203" : "7", when);
    if (h->sea)
        segment(w, "LOC+%s+%s:139:6", h->what == DEMO_LOAD ? "9" : "11",
                h->place->unlocode);
    else
        segment(w, "LOC+165+%s:139:6", h->place->unlocode);
    if (h->sea && h->what == DEMO_LOAD && h->next && h->next->unlocode[0])
        segment(w, "LOC+11+%s:139:6", h->next->unlocode);
}

enum gw_error demo_interchange_write(const struct demo_happening *moves, uint32_t count,
                                     uint32_t number, struct gw_buf *out)
{
    struct writing w = {.out = out};
    const struct report *r = NULL;
    char now[16];

    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++)
        if (count && reports[i].what == moves[0].what)
            r = &reports[i];
    if (!r)
        return GW_RANGE;
    local_203(moves, moves[count - 1].due_ms, now);
    gw_buf_printf(out, "UNB+UNOA:2+%s+KARVAN+%.6s:%.4s+%06u'\n",
                  demo_companies[moves->who].name, now + 2, now + 8, number);
    head(&w, r, moves, number);
    for (uint32_t i = 0; i < count; i++)
        box(&w, &moves[i]);
    segment(&w, "CNT+16:%u", count);
    gw_buf_printf(out, "UNT+%u+1'\nUNZ+1+%06u'\n", w.segments + 1, number);
    return gw_buf_status(out);
}
