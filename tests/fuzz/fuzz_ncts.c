/* fuzz_ncts.c - any bytes as NCTS. */
#include "tests/adapters/xml/codec_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_codec("ncts", data, size);
}
