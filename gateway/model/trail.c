/* trail.c - the text of a path. */
#include "model/trail.h"
#include <stdio.h>

static size_t put(char *out, size_t size, size_t at, struct gw_slice s)
{
    size_t n = s.len < size - 1 - at ? s.len : size - 1 - at;
    if (n)
        memcpy(out + at, s.at, n);
    return at + n;
}

static size_t steps(const struct gw_trail *t, char *out, size_t size)
{
    char index[16];
    size_t at = t->up ? steps(t->up, out, size) : 0;
    if (at)
        at = put(out, size, at, GW_LIT("."));
    at = put(out, size, at, gw_slice(t->row->name, t->row->name_len));
    if (t->index < 0)
        return at;
    (void)snprintf(index, sizeof index, "[%d]", t->index);
    return put(out, size, at, gw_slice_str(index));
}

size_t gw_trail_text(const struct gw_trail *t, struct gw_slice last, char *out, size_t size)
{
    size_t at = t ? steps(t, out, size) : 0;
    if (at && last.len)
        at = put(out, size, at, GW_LIT("."));
    at = put(out, size, at, last);
    out[at] = 0;
    return at;
}
