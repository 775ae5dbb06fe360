/* codec_fuzz.h - the property every codec keeps on any bytes: a refusal names a rule and
 * a place inside the input and leaves nothing behind; what decodes and can be encoded
 * decodes again, to as many events. */
#ifndef GW_TESTS_ADAPTERS_XML_CODEC_FUZZ_H
#define GW_TESTS_ADAPTERS_XML_CODEC_FUZZ_H
#include "adapters/format.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_again(struct gw_format *f, struct gw_events *events)
{
    struct gw_buf out;
    struct gw_fault fault = {0};
    struct gw_report report;
    uint32_t count = events->count;
    gw_buf_init(&out, 64u << 20);
    enum gw_error e = f->adapter->encode(f->state, events, &out, &fault);
    if (e && (fault.at >= count || !fault.rule || out.len))
        abort();
    gw_events_reset(events);
    if (!e && gw_format_decode(f, gw_buf_bytes(&out), events, &report))
        abort();
    gw_buf_deinit(&out);
}

static inline int fuzz_codec(const char *name, const uint8_t *data, size_t size)
{
    static struct gw_format format;
    static struct gw_options options;
    static struct gw_events events;
    struct gw_report report;
    struct gw_text why;
    if (!format.adapter) {
        gw_options_default(&options);
        options.now_ms = 1790000000000;
        gw_events_init(&events, 256u << 20, 1000000);
        if (gw_format_open(&format, gw_format_find(name), &options, &why))
            abort();
    }
    gw_events_reset(&events);
    if (gw_format_decode(&format, gw_slice(data, size), &events, &report)) {
        if (!report.fault.rule || report.fault.at > size || events.count)
            abort();
    } else if (events.count && format.adapter->encode) {
        fuzz_again(&format, &events);
    }
    return 0;
}
#endif
