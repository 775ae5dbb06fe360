/* complaint.c - complaints without a node. */
#include "conf/complaint.h"
#include <stdio.h>

enum gw_error gw_complain_of(struct gw_complaint *c, enum gw_error e, const char *file,
                             int line, const char *remedy, const char *fmt, ...)
{
    va_list args;
    *c = (struct gw_complaint){.line = line};
    snprintf(c->file, sizeof c->file, "%s", file);
    snprintf(c->remedy, sizeof c->remedy, "%s", remedy);
    va_start(args, fmt);
    vsnprintf(c->what, sizeof c->what, fmt, args);
    va_end(args);
    return e;
}
