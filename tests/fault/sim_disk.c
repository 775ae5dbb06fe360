/* sim_disk.c - tables that outlive the gateway, and a commit that can fail.
 *
 * SIM_FULL   nothing of the transaction is kept, the disk says so
 * SIM_FAILS  nothing is kept, the disk reports an error
 * SIM_DOUBT  everything is kept, and the disk reports an error all the same: what a
 * failed sync leaves behind is anybody's guess */
#include <stdlib.h>
#include "fault/sim.h"

static struct sim_disk *of(struct gw_kv *kv)
{
    return (struct sim_disk *)kv;
}

static enum gw_error begin(struct gw_kv *kv, struct gw_view **out)
{
    return of(kv)->inner->ops->begin(of(kv)->inner, out);
}

static void abort_writing(struct gw_kv *kv)
{
    of(kv)->inner->ops->abort(of(kv)->inner);
}

static enum gw_error commit(struct gw_kv *kv)
{
    struct sim_disk *d = of(kv);
    enum sim_fault f = d->fault;

    d->commits++;
    if (f == SIM_FULL || f == SIM_FAILS) {
        abort_writing(kv);
        return f == SIM_FULL ? GW_DISK_FULL : GW_IO;
    }
    if (d->inner->ops->commit(d->inner))
        abort();
    return f == SIM_DOUBT ? GW_IO : GW_OK;
}

static enum gw_error view_open(struct gw_kv *kv, struct gw_view **out)
{
    return of(kv)->inner->ops->view_open(of(kv)->inner, out);
}

static void tidy(struct gw_kv *kv)
{
    (void)kv;
}

static void detach(struct gw_kv *kv)
{
    abort_writing(kv); /* the tables stay: the disk is not the process */
}

void sim_disk_open(struct sim_disk *d)
{
    static struct gw_kv_ops ops;
    *d = (struct sim_disk){.fault = SIM_NO_FAULT};
    if (gw_kv_memory(&d->inner, 64u << 20))
        abort();
    ops = *d->inner->ops;
    ops.begin = begin;
    ops.commit = commit;
    ops.abort = abort_writing;
    ops.view_open = view_open;
    ops.tidy = tidy;
    ops.close = detach;
    d->kv.ops = &ops;
}

void sim_disk_close(struct sim_disk *d)
{
    if (d->inner)
        d->inner->ops->close(d->inner);
    d->inner = NULL;
}
