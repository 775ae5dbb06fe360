/* options.c - what an adapter is opened with when nothing is set. */
#include "adapters/adapter.h"
#include "base/clock.h"

void gw_options_default(struct gw_options *o)
{
    *o = (struct gw_options){
        .zone = "", .sender = "", .recipient = "", .now_ms = gw_now_ms(&gw_clock_system)};
}
