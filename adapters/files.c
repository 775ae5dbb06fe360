/* files.c - files that are there whole or not at all. */
#include "adapters/files.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX_MOST 999
#define NAME_KEPT   240 /* of 255 bytes, so that a number fits behind */

static bool make(int at, const char *path)
{
    return mkdirat(at, path, 0770) == 0 || errno == EEXIST;
}

/* The parents first; that one is there already is what is hoped for. */
static bool make_all(int at, const char *path)
{
    char part[4096];
    for (size_t i = 1; path[i]; i++)
        if (path[i] == '/' && gw_slice_copy(gw_slice(path, i), part, sizeof part))
            (void)make(at, part);
    return make(at, path);
}

enum gw_error gw_dir_open(int *out, int at, const char *path)
{
    *out = -1;
    if (!make_all(at, path))
        return GW_IO;
    *out = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *out < 0 ? GW_IO : GW_OK;
}

void gw_dir_close(int *dir)
{
    if (*dir >= 0)
        close(*dir);
    *dir = -1;
}

enum gw_error gw_dir_sync(int dir)
{
    /* Some network file systems cannot sync a folder and say EINVAL: they need not. */
    return fsync(dir) == 0 || errno == EINVAL ? GW_OK : GW_IO;
}

uint32_t gw_dir_count(int dir)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    uint32_t n = 0;
    if (!d) {
        gw_dir_close(&fd);
        return 0;
    }
    for (struct dirent *e; (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return n;
}

enum gw_error gw_file_write_at(int fd, struct gw_slice bytes, uint64_t offset)
{
    while (bytes.len) {
        ssize_t n = pwrite(fd, bytes.at, bytes.len, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return GW_IO;
        bytes = gw_slice(bytes.at + n, bytes.len - (size_t)n);
        offset += (uint64_t)n;
    }
    return GW_OK;
}

int64_t gw_file_read_at(int fd, void *to, size_t len, uint64_t offset)
{
    size_t got = 0;
    while (got < len) {
        ssize_t n = pread(fd, (uint8_t *)to + got, len - got, (off_t)(offset + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (int64_t)got;
}

static enum gw_error write_new(int dir, const char *name, struct gw_slice content)
{
    int fd =
        openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0660);
    enum gw_error e = fd < 0 ? GW_IO : gw_file_write_at(fd, content, 0);
    if (!e && fsync(fd))
        e = GW_IO;
    if (fd >= 0 && close(fd) && !e)
        e = GW_IO;
    return e;
}

enum gw_error gw_file_put(int dir, const char *name, struct gw_slice content)
{
    char tmp[GW_FILE_NAME_MAX + 8];
    int saved;
    (void)snprintf(tmp, sizeof tmp, ".%.*s.tmp", NAME_KEPT, name);
    enum gw_error e = write_new(dir, tmp, content);
    if (!e && renameat(dir, tmp, dir, name))
        e = GW_IO;
    if (!e)
        return gw_dir_sync(dir);
    saved = errno;
    (void)unlinkat(dir, tmp, 0);
    errno = saved;
    return e;
}

static enum gw_error read_all(int fd, size_t most, struct gw_buf *out)
{
    struct stat st;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode))
        return GW_IO;
    if ((uint64_t)st.st_size > most)
        return GW_RANGE;
    uint8_t *to = gw_buf_reserve(out, (size_t)st.st_size);
    if (!to)
        return GW_NOMEM;
    int64_t n = gw_file_read_at(fd, to, (size_t)st.st_size, 0);
    if (n < 0)
        return GW_IO;
    gw_buf_advance(out, (size_t)n);
    return GW_OK;
}

enum gw_error gw_file_get(int dir, const char *name, size_t most, struct gw_buf *out)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? GW_NOT_FOUND : GW_IO;
    enum gw_error e = read_all(fd, most, out);
    close(fd);
    return e;
}

/* Where the file system cannot refuse to replace by itself, look first; nobody else
 * writes here. */
static int rename_new(int from, const char *name, int to, const char *to_name)
{
    struct stat st;
    if (renameat2(from, name, to, to_name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        return -1;
    if (fstatat(to, to_name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return -1;
    }
    return renameat(from, name, to, to_name);
}

enum gw_error gw_file_move(int from, const char *name, int to, const char *to_name,
                           char *taken)
{
    char target[GW_FILE_NAME_MAX];
    char suffix[8] = "";
    for (unsigned i = 2; i <= SUFFIX_MOST + 1; i++) {
        (void)snprintf(target, sizeof target, "%.*s%s", NAME_KEPT, to_name, suffix);
        if (rename_new(from, name, to, target) == 0) {
            if (taken)
                memcpy(taken, target, sizeof target);
            return GW_OK;
        }
        if (errno != EEXIST)
            return errno == ENOENT ? GW_NOT_FOUND : GW_IO;
        (void)snprintf(suffix, sizeof suffix, "~%u", i);
    }
    return GW_EXISTS;
}
