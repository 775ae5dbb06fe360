/* fuzz_epcis.c - any bytes as a EPCIS document. */
#include "adapters/epcis/epcis.h"
#include "../kit/fuzz_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_options o;
    gw_options_default(&o);
    fuzz_codec(&gw_adapter_epcis, &o, data, size);
    return 0;
}
