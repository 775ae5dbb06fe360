/* fuzz_telematics.c - any bytes as a telematics message. */
#include "adapters/telematics/telematics.h"
#include "../kit/fuzz_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_options o;
    gw_options_default(&o);
    fuzz_codec(&gw_adapter_telematics, &o, data, size);
    return 0;
}
