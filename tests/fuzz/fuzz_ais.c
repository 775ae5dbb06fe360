/* fuzz_ais.c - any bytes as an AIS feed. */
#include "tests/adapters/xml/codec_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_codec("ais", data, size);
}
