/* shim.h - what a test and the shim inside karvand share: one file, mapped by both.
 *
 * The shim (shim.c, LD_PRELOAD) takes over the writes and syncs of the journal's data
 * file.  It fails or delays them when told to, and keeps an undo log of everything that
 * was written and not synced: after SIGKILL the file has all of it, as a kernel that goes
 * on would; shim_power_loss() then takes away what a machine that stops would have lost.
 *
 * KARVAN_SHIM names the file; without it the shim does nothing. */
#ifndef GW_TESTS_FAULT_SHIM_H
#define GW_TESTS_FAULT_SHIM_H
#include <stdatomic.h>
#include <stdint.h>

#define SHIM_LOG (64u << 20)

struct shim_control {
    /* set by the test: at offsets 0, 4, 8 ... for those that are no C */
    _Atomic int32_t write_errno; /* what writes fail with; 0 = they do not */
    _Atomic int32_t sync_errno;  /* likewise syncs, and writes to a file opened O_DSYNC */
    _Atomic int32_t skip;        /* so many calls pass before the first that fails */
    _Atomic int32_t times;    /* so many fail; then all is well again; < 0: without end */
    _Atomic int32_t stall_ms; /* every sync takes this much longer */
    _Atomic int32_t reserved;
    /* kept by the shim */
    _Atomic uint64_t writes, syncs, failed;
    _Atomic uint64_t synced_size; /* of the file, at the last sync */
    _Atomic uint64_t used;        /* bytes of `log` that count */
    uint8_t log[SHIM_LOG];
};

/* One entry of the log; what the place held before follows, `had` bytes of it (less than
 * `len` behind the end of the file); entries begin at multiples of eight. */
struct shim_undo {
    uint64_t offset;
    uint32_t len, had;
};

/* What became of the unsynced writes. */
struct shim_loss {
    uint64_t kept, lost, torn, cut; /* writes; cut: times the file became shorter */
};

/* Make the control file and map it; NULL on error. */
struct shim_control *shim_make(const char *path);
/* The machine stops: each unsynced write of the file `path` is there, or not, or torn at
 * a 512-byte sector, as `seed` has it.  Only while no process has the file open. */
int shim_power_loss(struct shim_control *c, const char *path, unsigned *seed,
                    struct shim_loss *out);
#endif
