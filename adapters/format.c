/* format.c - one format opened with its options. */
#include "adapters/format.h"
#include "adapters/ndjson.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const struct gw_adapter *gw_format_item(unsigned i)
{
    unsigned n = 0;
    while (n < i && gw_adapters[n])
        n++;
    if (n == i)
        return gw_adapters[n] ? gw_adapters[n] : &gw_adapter_ndjson;
    return NULL;
}

const struct gw_adapter *gw_format_find(const char *name)
{
    const struct gw_adapter *a;
    for (unsigned i = 0; (a = gw_format_item(i)); i++)
        if (strcmp(a->name, name) == 0)
            return a;
    return NULL;
}

enum gw_error gw_format_open(struct gw_format *f, const struct gw_adapter *adapter,
                             const struct gw_options *options, struct gw_text *why)
{
    f->adapter = adapter;
    f->state = calloc(1, adapter->size ? adapter->size : 1);
    if (!f->state) {
        gw_text_set(why, "out of memory");
        return GW_NOMEM;
    }
    gw_text_set(why, "cannot be opened");
    return adapter->open ? adapter->open(f->state, options, why) : GW_OK;
}

void gw_format_close(struct gw_format *f)
{
    if (f->state && f->adapter->close)
        f->adapter->close(f->state);
    free(f->state);
    *f = (struct gw_format){0};
}

void gw_format_too_large(const struct gw_adapter *a, uint64_t size,
                         struct gw_report *report)
{
    *report = (struct gw_report){0};
    (void)gw_fail(&report->fault, GW_EVENT_SIZE, a->max_bytes, "message size");
    (void)snprintf(report->detail, sizeof report->detail,
                   "%" PRIu64 " bytes, at most %zu are taken", size, a->max_bytes);
}

enum gw_error gw_format_decode(struct gw_format *f, struct gw_slice in,
                               struct gw_events *out, struct gw_report *report)
{
    *report = (struct gw_report){0};
    if (in.len > f->adapter->max_bytes) {
        gw_format_too_large(f->adapter, in.len, report);
        return report->fault.code;
    }
    enum gw_error e = f->adapter->decode(f->state, in, out, report);
    if (e && !report->fault.code)
        (void)gw_fail(&report->fault, e, 0, NULL);
    return e;
}

const char *gw_format_unit(const struct gw_adapter *a)
{
    return a->unit ? a->unit : "segment";
}

static void place_text(const char *unit, uint32_t number, size_t at, const char *rule,
                       const char *detail, struct gw_buf *out)
{
    if (number)
        gw_buf_printf(out, "%s %" PRIu32 ", ", unit, number);
    gw_buf_printf(out, "offset %zu: %s%s%s", at, rule ? rule : "?", *detail ? ": " : "",
                  detail);
}

void gw_report_text(const struct gw_report *r, const char *unit, struct gw_buf *out)
{
    place_text(unit, r->segment, r->fault.at, r->fault.rule, r->detail, out);
}

void gw_finding_text(const struct gw_finding *f, const char *unit, struct gw_buf *out)
{
    place_text(unit, f->segment, f->at, f->rule, f->detail, out);
}
