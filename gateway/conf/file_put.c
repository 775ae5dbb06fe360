/* file_put.c - a small file on disk, whole or not at all. */
#include "conf/file_put.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 512

static enum gw_error write_all(int fd, struct gw_slice text)
{
    while (text.len) {
        ssize_t n = write(fd, text.at, text.len);
        if (n < 0 && errno != EINTR)
            return GW_IO;
        if (n > 0)
            text = gw_slice(text.at + n, text.len - (size_t)n);
    }
    return fsync(fd) == 0 ? GW_OK : GW_IO;
}

/* A new file beside `path`, synced; its name goes to `temporary`. */
static enum gw_error write_beside(const char *path, struct gw_slice text, char *temporary,
                                  size_t size)
{
    int n = snprintf(temporary, size, "%s.XXXXXX", path), fd;
    enum gw_error e = n > 0 && (size_t)n < size ? GW_OK : GW_RANGE;
    if (e)
        return e;
    fd = mkstemp(temporary);
    if (fd < 0)
        return GW_IO;
    e = fchmod(fd, 0644) == 0 ? write_all(fd, text) : GW_IO;
    if (close(fd) != 0 && !e)
        e = GW_IO;
    if (e)
        unlink(temporary);
    return e;
}

/* The name is on disk when its directory is. */
static enum gw_error sync_directory(const char *path)
{
    char dir[PATH_BYTES];
    const char *slash = strrchr(path, '/');
    int fd;
    if (!slash ||
        !gw_slice_copy(gw_slice(path, (size_t)(slash - path) + 1), dir, sizeof dir))
        return GW_RANGE;
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return GW_IO;
    enum gw_error e = fsync(fd) == 0 ? GW_OK : GW_IO;
    close(fd);
    return e;
}

enum gw_error gw_file_create(const char *path, struct gw_slice text)
{
    char temporary[PATH_BYTES + 8];
    enum gw_error e = write_beside(path, text, temporary, sizeof temporary);
    if (e)
        return e;
    if (link(temporary, path) != 0)
        e = errno == EEXIST ? GW_EXISTS : GW_IO;
    unlink(temporary);
    return e ? e : sync_directory(path);
}

enum gw_error gw_file_replace(const char *path, struct gw_slice text)
{
    char temporary[PATH_BYTES + 8];
    enum gw_error e = write_beside(path, text, temporary, sizeof temporary);
    if (e)
        return e;
    if (rename(temporary, path) != 0) {
        unlink(temporary);
        return GW_IO;
    }
    return sync_directory(path);
}
