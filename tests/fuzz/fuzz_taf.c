/* fuzz_taf.c - any bytes as TAF TSI. */
#include "tests/adapters/xml/codec_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_codec("taf", data, size);
}
