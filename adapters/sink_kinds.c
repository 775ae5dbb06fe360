/* sink_kinds.c - every way out, one line each. */
#include "adapters/sink_kind.h"

extern const struct gw_sink_kind gw_out_folder, gw_out_http, gw_out_mqtt, gw_out_tcp,
    gw_out_udp, gw_out_serial;

const struct gw_sink_kind *const gw_sink_kinds[] = {
    &gw_out_folder, &gw_out_http,   &gw_out_mqtt, &gw_out_tcp,
    &gw_out_udp,    &gw_out_serial, NULL};

const struct gw_sink_kind *gw_sink_kind_find(const char *name)
{
    for (size_t i = 0; gw_sink_kinds[i]; i++)
        if (strcmp(gw_sink_kinds[i]->name, name) == 0)
            return gw_sink_kinds[i];
    return NULL;
}
