/* disk.c - writing and syncing, with nothing of Karvan's in between. */
#include "bench/disk.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "bench/child.h"

#define ROUNDS       60
#define PACED_BYTES  (128u << 10)
#define PACED_A_S    (60e6 / PACED_BYTES)
#define PACED_PIECES ((int)(3 * PACED_A_S))

static int64_t now_ns(void)
{
    return gw_mono_ns(&gw_clock_system);
}

static int open_in(const char *base, char *dir, size_t size)
{
    char path[300];
    if (gw_child_temp_dir(dir, size, base))
        return -1;
    (void)snprintf(path, sizeof path, "%s/sync", dir);
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

/* ns of one piece, or -1.  Its bytes are no noughts, which some disks need not write. */
static int64_t write_piece(int fd, char *block, size_t bytes, int i)
{
    int64_t began = now_ns();
    memset(block, 'a' + i % 26, bytes);
    if (pwrite(fd, block, bytes, (off_t)i * (off_t)bytes) != (ssize_t)bytes ||
        fdatasync(fd))
        return -1;
    return now_ns() - began;
}

static void close_in(const char *dir, int fd)
{
    if (fd >= 0)
        close(fd);
    gw_child_clean(dir);
}

void gw_disk_sync(const char *base, struct gw_samples *out)
{
    static char block[64u << 10];
    char dir[256] = "";
    int fd = open_in(base, dir, sizeof dir);
    for (int i = 0; fd >= 0 && i < ROUNDS; i++) {
        int64_t ns = write_piece(fd, block, sizeof block, i);
        if (ns < 0)
            break;
        gw_samples_add(out, (double)ns / 1000);
    }
    close_in(dir, fd);
}

void gw_disk_sync_paced(const char *base, struct gw_histogram *out)
{
    static char block[PACED_BYTES];
    char dir[256] = "";
    int fd = open_in(base, dir, sizeof dir);
    int64_t began = now_ns();
    for (int i = 0; fd >= 0 && i < PACED_PIECES; i++) {
        int64_t due = began + (int64_t)(i * 1e9 / PACED_A_S), ns;
        while (now_ns() < due)
            usleep(100);
        ns = write_piece(fd, block, sizeof block, i);
        if (ns < 0)
            break;
        gw_histogram_add(out, (uint64_t)ns);
    }
    close_in(dir, fd);
}
