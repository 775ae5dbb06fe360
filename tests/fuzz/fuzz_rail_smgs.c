/* fuzz_rail_smgs.c - any bytes as rail consignment notes. */
#include "tests/adapters/xml/codec_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_codec("rail_smgs", data, size);
}
