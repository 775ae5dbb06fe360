/* fuzz_layout.c - any text as a declaration: it is refused with words, or a table is read
 * by it without harm. */
#include "adapters/csv/csv.h"
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char table[] = "a;b,c\n25.10.2026 14:05,\"x\",7\n";
    struct gw_options o;
    struct gw_text why = {""};
    struct gw_events events;
    struct gw_report report = {0};
    void *state = calloc(1, gw_adapter_csv.size);
    char *text = malloc(size + 1);
    if (!state || !text)
        abort();
    memcpy(text, data, size);
    text[size] = 0;
    gw_options_default(&o);
    o.layout = text;
    gw_events_init(&events, 1u << 20, 100);
    enum gw_error e = gw_adapter_csv.open(state, &o, &why);
    if (e && !why.s[0])
        abort();
    if (!e) {
        e = gw_adapter_csv.decode(state, gw_slice_str(table), &events, &report);
        if (e && (!report.fault.rule || events.count))
            abort();
    }
    gw_adapter_csv.close(state);
    gw_events_deinit(&events);
    free(state);
    free(text);
    return 0;
}
