/* profile_path.c - paths as profiles write them. */
#include "conf/profile_path.h"

uint32_t gw_profile_path_index(const char *text)
{
    uint64_t n;
    if (strlen(text) > 5 || !gw_slice_uint(gw_slice_str(text), &n))
        return UINT32_MAX;
    return (uint32_t)n;
}

/* Text of one step up to where it ends; returns what follows, NULL when it is too long.
 */
static const char *step_text(const char *p, const char *ends, char *out, size_t size)
{
    size_t n = 0;
    while (*p && !strchr(ends, *p)) {
        if (*p == '\\' && p[1])
            p++;
        if (n + 1 == size)
            return NULL;
        out[n++] = *p++;
    }
    out[n] = 0;
    return p;
}

/* "*" at the end of a step means every item. */
static bool take_each(char *text)
{
    size_t n = strlen(text);
    if (!n || text[n - 1] != '*')
        return false;
    text[n - 1] = 0;
    return true;
}

bool gw_profile_path_read(struct gw_profile_path *out, const char *text)
{
    const char *p = text;
    *out = (struct gw_profile_path){.count = 0};
    while (*p) {
        bool bracket = *p == '[';
        char *to;
        if (out->count == GW_PROFILE_STEPS)
            return false;
        to = out->steps[out->count].text;
        p = step_text(bracket ? p + 1 : p, bracket ? "]" : ".[", to,
                      sizeof out->steps[0].text);
        if (!p || (bracket && *p != ']'))
            return false;
        out->steps[out->count].each = take_each(to) || (bracket && !*to);
        if (!*to && !out->steps[out->count].each)
            return false;
        out->count++;
        p += bracket;
        if (*p == '.' && !*++p)
            return false;
    }
    return out->count > 0;
}
