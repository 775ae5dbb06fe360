/* utf8.h - is it UTF-8?  RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef GW_BASE_UTF8_H
#define GW_BASE_UTF8_H
#include "base/slice.h"

/* Nothing but ASCII: the common case, worth no function call. */
static inline bool gw_is_ascii(struct gw_slice s)
{
    uint64_t word, seen = 0;
    uint32_t half[2];
    size_t i = 0;
    if (s.len >= 8) {
        for (; i + 8 <= s.len; i += 8) {
            memcpy(&word, s.at + i, 8);
            seen |= word;
        }
        memcpy(&word, s.at + s.len - 8, 8); /* the rest, overlapping */
        return !((seen | word) & 0x8080808080808080u);
    }
    if (s.len >= 4) {
        memcpy(&half[0], s.at, 4);
        memcpy(&half[1], s.at + s.len - 4, 4);
        return !((half[0] | half[1]) & 0x80808080u);
    }
    for (; i < s.len; i++)
        seen |= s.at[i];
    return !(seen & 0x80);
}

/* True if all of `s` is; otherwise *bad is the offset of the first byte that is not. */
bool gw_utf8_valid(struct gw_slice s, size_t *bad);
#endif
