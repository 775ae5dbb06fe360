/* shim.c - LD_PRELOAD: between LMDB and the kernel; see shim.h. */
#include "fault/shim.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static struct shim_control *control;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv("KARVAN_SHIM");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (control == MAP_FAILED)
        control = NULL;
    (void)close(fd);
}

static bool is_data(int fd)
{
    static const char wanted[] = "/data.mdb";
    char path[64], name[512];
    ssize_t n;
    if (!control)
        return false;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    n = readlink(path, name, sizeof name - 1);
    return n >= (ssize_t)sizeof wanted - 1 &&
           memcmp(name + n - (sizeof wanted - 1), wanted, sizeof wanted - 1) == 0;
}

static bool is_synchronous(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_DSYNC);
}

static bool fails(int with)
{
    if (!with || !atomic_load(&control->times))
        return false;
    if (atomic_fetch_sub(&control->skip, 1) > 0)
        return false;
    atomic_store(&control->skip, 0);
    if (atomic_load(&control->times) > 0)
        atomic_fetch_sub(&control->times, 1);
    atomic_fetch_add(&control->failed, 1);
    errno = with;
    return true;
}

static void stall(void)
{
    int ms = atomic_load(&control->stall_ms);
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000L};
    if (ms)
        (void)nanosleep(&t, NULL);
}

/* Remember what the place holds now. */
static void remember(int fd, off_t offset, size_t len)
{
    uint64_t at = atomic_load(&control->used);
    struct shim_undo u = {.offset = (uint64_t)offset, .len = (uint32_t)len};
    ssize_t n;
    if (at + sizeof u + len + 8 > SHIM_LOG) {
        fputs("shim: the undo log is full\n", stderr);
        abort();
    }
    n = syscall(SYS_pread64, fd, control->log + at + sizeof u, len, offset);
    u.had = n > 0 ? (uint32_t)n : 0;
    memcpy(control->log + at, &u, sizeof u);
    atomic_store(&control->used, (at + sizeof u + u.had + 7) / 8 * 8);
}

/* -1: it fails; else go on. */
static int before_write(int fd, off_t offset, size_t len)
{
    bool synchronous = is_synchronous(fd);
    atomic_fetch_add(&control->writes, 1);
    if (fails(atomic_load(&control->write_errno)) ||
        (synchronous && fails(atomic_load(&control->sync_errno))))
        return -1;
    if (!synchronous)
        remember(fd, offset, len);
    return 0;
}

ssize_t pwrite64(int fd, const void *at, size_t len, off_t offset);

ssize_t pwrite64(int fd, const void *at, size_t len, off_t offset)
{
    ssize_t n = -1;
    if (!is_data(fd))
        return syscall(SYS_pwrite64, fd, at, len, offset);
    pthread_mutex_lock(&lock);
    if (before_write(fd, offset, len) == 0)
        n = syscall(SYS_pwrite64, fd, at, len, offset);
    pthread_mutex_unlock(&lock);
    return n;
}

ssize_t pwrite(int fd, const void *at, size_t len, off_t offset)
{
    return pwrite64(fd, at, len, offset);
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
    size_t len = 0;
    ssize_t n = -1;
    if (!is_data(fd))
        return syscall(SYS_writev, fd, v, count);
    for (int i = 0; i < count; i++)
        len += v[i].iov_len;
    pthread_mutex_lock(&lock);
    if (before_write(fd, lseek(fd, 0, SEEK_CUR), len) == 0)
        n = syscall(SYS_writev, fd, v, count);
    pthread_mutex_unlock(&lock);
    return n;
}

/* A sync that succeeds: what was written stays.  The kernel is not asked, it does not
 * stop. */
static int sync_file(int fd)
{
    struct stat st;
    int failed;
    stall();
    pthread_mutex_lock(&lock);
    atomic_fetch_add(&control->syncs, 1);
    failed = fails(atomic_load(&control->sync_errno));
    if (!failed) {
        atomic_store(&control->used, 0);
        if (fstat(fd, &st) == 0)
            atomic_store(&control->synced_size, (uint64_t)st.st_size);
    }
    pthread_mutex_unlock(&lock);
    return failed ? -1 : 0;
}

int fdatasync(int fd)
{
    return is_data(fd) ? sync_file(fd) : (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    return is_data(fd) ? sync_file(fd) : (int)syscall(SYS_fsync, fd);
}
