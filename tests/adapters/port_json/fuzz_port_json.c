/* fuzz_port_json.c - any bytes as a port_json message. */
#include "adapters/port_json/port_json.h"
#include "../kit/fuzz_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_options o;
    gw_options_default(&o);
    fuzz_codec(&gw_adapter_port_json, &o, data, size);
    return 0;
}
