/* fuzz_ecmr.c - any bytes as eCMR or eFTI. */
#include "tests/adapters/xml/codec_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_codec("ecmr", data, size);
}
