/* fuzz_dcsa.c - any bytes as a DCSA message. */
#include "adapters/dcsa/dcsa.h"
#include "../kit/fuzz_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_options o;
    gw_options_default(&o);
    fuzz_codec(&gw_adapter_dcsa, &o, data, size);
    return 0;
}
