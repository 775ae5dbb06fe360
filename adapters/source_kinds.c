/* source_kinds.c - every way in, one line each. */
#include "adapters/source_kind.h"

extern const struct gw_source_kind gw_in_folder, gw_in_http, gw_in_mqtt, gw_in_tcp,
    gw_in_udp, gw_in_serial;

const struct gw_source_kind *const gw_source_kinds[] = {
    &gw_in_folder, &gw_in_http, &gw_in_mqtt, &gw_in_tcp, &gw_in_udp, &gw_in_serial, NULL};

const struct gw_source_kind *gw_source_kind_find(const char *name)
{
    for (size_t i = 0; gw_source_kinds[i]; i++)
        if (strcmp(gw_source_kinds[i]->name, name) == 0)
            return gw_source_kinds[i];
    return NULL;
}
