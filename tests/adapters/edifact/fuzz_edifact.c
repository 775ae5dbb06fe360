/* fuzz_edifact.c - any bytes as an interchange: the properties of every codec
 * (../kit/fuzz_codec.h), and an answer, where there is one, that is an interchange. */
#include "adapters/edifact/edifact.h"
#include "../kit/fuzz_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_reply(const struct gw_options *o, struct gw_slice in)
{
    const struct gw_adapter *a = &gw_adapter_edifact;
    static void *state;
    static struct gw_options options;
    struct gw_events events;
    struct gw_report report = {0}, again = {0};
    struct gw_text why;
    struct gw_buf out;

    if (!state) {
        options = *o;
        state = calloc(1, a->size);
        MUST(state && a->open(state, &options, &why) == GW_OK);
    }
    gw_events_init(&events, 16u << 20, 100000);
    gw_buf_init(&out, 16u << 20);
    (void)!a->decode(state, in, &events, &report);
    MUST(a->reply(state, in, &report, &out) == GW_OK);
    gw_events_reset(&events);
    MUST(!out.len || a->decode(state, gw_buf_bytes(&out), &events, &again) == GW_OK);
    gw_events_deinit(&events);
    gw_buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_options o;
    gw_options_default(&o);
    o.now_ms = 1800000000000;
    o.accept_test = true;
    fuzz_codec(&gw_adapter_edifact, &o, data, size);
    check_reply(&o, gw_slice(data, size));
    return 0;
}
