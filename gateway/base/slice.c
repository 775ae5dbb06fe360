/* slice.c - reading numbers out of borrowed bytes. */
#include "base/slice.h"

bool gw_slice_uint(struct gw_slice s, uint64_t *out)
{
    uint64_t v = 0;
    if (!s.len || s.len > 19)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(s.at[i] - '0');
    }
    *out = v;
    return true;
}
