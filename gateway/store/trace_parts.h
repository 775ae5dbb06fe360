/* trace_parts.h - what the files of the trace index share.
 *
 *   trace_run.c  one file of it        trace.c    all of a folder, and looking up
 *   tracer.c     making and merging */
#ifndef GW_STORE_TRACE_PARTS_H
#define GW_STORE_TRACE_PARTS_H
#include "store/trace.h"
#include "store/trace_run.h"

#define GW_RUNS_MOST 1024

struct gw_trace {
    char dir[400];
    struct gw_run *runs[GW_RUNS_MOST]; /* in order, without gaps between them */
    uint32_t count;
};

/* Delete every run of a folder, whole or not. */
GW_MUST_USE enum gw_error gw_trace_wipe(const char *dir);
uint64_t gw_trace_key(enum gw_trace_kind kind, struct gw_slice id);
#endif
