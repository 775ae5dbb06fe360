/* fuzz_x12.c - any bytes as an X12 interchange. */
#include "adapters/x12/x12.h"
#include "../kit/fuzz_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_options o;
    gw_options_default(&o);
    fuzz_codec(&gw_adapter_x12, &o, data, size);
    return 0;
}
