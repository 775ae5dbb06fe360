/* fuzz_otm.c - any bytes as Open Trip Model. */
#include "tests/adapters/xml/codec_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_codec("otm", data, size);
}
