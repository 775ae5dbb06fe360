/* fuzz_codec.h - the property every codec has to keep, whatever the bytes: a refusal
 * names a rule and an offset inside the message and leaves no event; what decodes can be
 * written again or is refused for a reason, and what was written decodes. */
#ifndef GW_TESTS_ADAPTERS_KIT_FUZZ_CODEC_H
#define GW_TESTS_ADAPTERS_KIT_FUZZ_CODEC_H
#include <stdio.h>
#include <stdlib.h>
#include "adapters/adapter.h"

#define MUST(what)                                                                       \
    do {                                                                                 \
        if (!(what)) {                                                                   \
            (void)fprintf(stderr, "not so: %s\n", #what);                                \
            abort();                                                                     \
        }                                                                                \
    } while (0)

static inline void fuzz_codec(const struct gw_adapter *a, const struct gw_options *set,
                              const uint8_t *data, size_t size)
{
    static void *state;
    static struct gw_options options;
    struct gw_events events, again;
    struct gw_report report = {0};
    struct gw_fault fault = {0};
    struct gw_text why;
    struct gw_buf out;

    if (!state) {
        options = *set;
        state = calloc(1, a->size);
        MUST(state && a->open(state, &options, &why) == GW_OK);
    }
    gw_events_init(&events, 16u << 20, 100000);
    gw_events_init(&again, 64u << 20, 100000);
    gw_buf_init(&out, 64u << 20);
    enum gw_error e = a->decode(state, gw_slice(data, size), &events, &report);
    if (e) {
        MUST(events.count == 0);
        MUST(report.fault.rule && report.fault.at <= size);
    } else if (a->encode) {
        e = a->encode(state, &events, &out, &fault);
        MUST(!e || fault.rule || e == GW_NOMEM);
        MUST(e || a->decode(state, gw_buf_bytes(&out), &again, &report) == GW_OK);
        MUST(e || again.count == events.count);
    }
    gw_events_deinit(&events);
    gw_events_deinit(&again);
    gw_buf_deinit(&out);
}
#endif
