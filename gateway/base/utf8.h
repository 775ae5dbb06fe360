/* utf8.h - is it UTF-8?  RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef GW_BASE_UTF8_H
#define GW_BASE_UTF8_H
#include "base/slice.h"

/* True if all of `s` is; otherwise *bad is the offset of the first byte that is not. */
bool gw_utf8_valid(struct gw_slice s, size_t *bad);
#endif
