/* power.c - the test's side of the shim: what a machine that stops would have lost. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "fault/shim.h"

#define SECTOR 512u
#define MOST   65536 /* unsynced writes of one commit */

struct shim_control *shim_make(const char *path)
{
    struct shim_control *c;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *c) != 0)
        return NULL;
    c = mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    return c == MAP_FAILED ? NULL : c;
}

/* Where the entries begin; the number of them. */
static size_t entries(const struct shim_control *c, uint64_t *at)
{
    uint64_t used = atomic_load(&c->used), o = 0;
    size_t n = 0;
    while (o + sizeof(struct shim_undo) <= used && n < MOST) {
        struct shim_undo u;
        memcpy(&u, c->log + o, sizeof u);
        at[n++] = o;
        o = (o + sizeof u + u.had + 7) / 8 * 8;
    }
    return n;
}

/* Put back what was there from byte `from` of the entry on; what was behind the end
 * becomes zeros. */
static int put_back(int fd, const uint8_t *entry, uint32_t from)
{
    static const uint8_t zeros[SECTOR];
    struct shim_undo u;
    memcpy(&u, entry, sizeof u);
    for (uint32_t i = from; i < u.len; i += SECTOR) {
        uint32_t n = u.len - i < SECTOR ? u.len - i : SECTOR;
        const uint8_t *was = i + n <= u.had ? entry + sizeof u + i : zeros;
        if (pwrite(fd, was, n, (off_t)(u.offset + i)) != (ssize_t)n)
            return -1;
    }
    return 0;
}

int shim_power_loss(struct shim_control *c, const char *path, unsigned *seed,
                    struct shim_loss *out)
{
    uint64_t *at = calloc(MOST, sizeof *at);
    size_t n = at ? entries(c, at) : 0;
    int fd = open(path, O_RDWR | O_CLOEXEC), bad = fd < 0 || !at;
    struct stat st;

    for (size_t i = n; i-- && !bad;) { /* backwards: the older content is underneath */
        const uint8_t *entry = c->log + at[i];
        struct shim_undo u;
        unsigned fate = (unsigned)rand_r(seed) % 4;
        memcpy(&u, entry, sizeof u);
        if (fate == 0)
            out->kept++;
        else if (fate == 1 && u.len > SECTOR) {
            bad = put_back(fd, entry,
                           SECTOR * (1 + (uint32_t)rand_r(seed) % (u.len / SECTOR)));
            out->torn++;
        } else {
            bad = put_back(fd, entry, 0);
            out->lost++;
        }
    }
    if (!bad && n && rand_r(seed) % 2 && fstat(fd, &st) == 0 &&
        (uint64_t)st.st_size > atomic_load(&c->synced_size) &&
        atomic_load(&c->synced_size)) {
        bad = ftruncate(fd, (off_t)atomic_load(&c->synced_size)) != 0;
        out->cut++;
    }
    atomic_store(&c->used, 0);
    if (fd >= 0)
        (void)close(fd);
    free(at);
    return bad ? -1 : 0;
}
