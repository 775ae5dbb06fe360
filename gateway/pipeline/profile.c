/* profile.c - an operator's dialect, compiled: its memory. */
#include "pipeline/profile_parts.h"
#include <stdlib.h>

enum gw_error gw_profile_new(struct gw_profile **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? GW_OK : GW_NOMEM;
}

const char *gw_profile_text(struct gw_profile *p, struct gw_slice text)
{
    char *copy;
    if (p->text_count == p->text_cap) {
        uint32_t cap = p->text_cap ? p->text_cap * 2 : 64;
        char **texts = realloc(p->texts, cap * sizeof *texts);
        if (!texts)
            return NULL;
        p->texts = texts;
        p->text_cap = cap;
    }
    copy = malloc(text.len + 1);
    if (!copy)
        return NULL;
    if (text.len)
        memcpy(copy, text.at, text.len);
    copy[text.len] = 0;
    p->texts[p->text_count++] = copy;
    return copy;
}

void gw_profile_free(struct gw_profile *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; i < p->text_count; i++)
        free(p->texts[i]);
    for (uint16_t i = 0; i < p->map_count; i++)
        gw_code_map_free(p->maps[i].codes);
    for (uint16_t i = 0; i < p->zone_count; i++)
        gw_zone_free(p->zones[i].zone);
    free(p->texts);
    free(p->nodes);
    free(p->edges);
    free(p->sources);
    free(p->rules);
    free(p->maps);
    free(p->zones);
    free(p->formats);
    free(p->beside);
    free(p->constants);
    free(p->defaults);
    free(p->absent);
    free(p);
}
