/* slice.c - blanks around borrowed bytes, and numbers in them. */
#include "base/slice.h"

struct gw_slice gw_slice_trim(struct gw_slice s, struct gw_slice blanks)
{
    while (s.len && memchr(blanks.at, s.at[0], blanks.len))
        s = gw_slice(s.at + 1, s.len - 1);
    while (s.len && memchr(blanks.at, s.at[s.len - 1], blanks.len))
        s.len--;
    return s;
}

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
