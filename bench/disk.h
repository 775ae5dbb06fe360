/* disk.h - what the disk alone does: the ground any durable figure stands on. */
#ifndef GW_BENCH_DISK_H
#define GW_BENCH_DISK_H
#include "bench/histogram.h"
#include "bench/samples.h"

/* us for 64 KiB written behind each other and synced, where the journal would lie (NULL: $TMPDIR);
 * nothing is added when that cannot be done. */
void gw_disk_sync(const char *base, struct gw_samples *out);
/* The same at the pace of a journal at half load: 128 KiB, 60 MB a second, for three seconds; ns from
 * the moment a piece was written. */
void gw_disk_sync_paced(const char *base, struct gw_histogram *out);
#endif
