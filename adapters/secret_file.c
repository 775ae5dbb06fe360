/* secret_file.c - a token or a password in a file of its own. */
#include "adapters/secret_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum gw_error read_start(const char *path, char *out, size_t size,
                                struct gw_text *why)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : read(fd, out, size - 1);
    enum gw_error e = GW_OK;
    if (n < 0) {
        gw_text_set(why, "%s: %s", path, strerror(errno));
        e = GW_IO;
    } else if (fstat(fd, &st) || (st.st_mode & S_IROTH)) {
        gw_text_set(why, "%s: everybody may read it: chmod 600", path);
        e = GW_NOT_ALLOWED;
    }
    if (fd >= 0)
        close(fd);
    out[n > 0 ? n : 0] = 0;
    return e;
}

enum gw_error gw_secret_read(const char *path, char out[GW_SECRET_MOST],
                             struct gw_text *why)
{
    char text[2 * GW_SECRET_MOST];
    enum gw_error e = read_start(path, text, sizeof text, why);
    if (!e) {
        char *from = text + strspn(text, " \t");
        size_t len = strcspn(from, "\r\n");
        while (len && (from[len - 1] == ' ' || from[len - 1] == '\t'))
            len--;
        bool clean = len > 0 && len < GW_SECRET_MOST;
        for (size_t i = 0; i < len; i++)
            clean = clean && (unsigned char)from[i] >= 0x20 && from[i] != 0x7f;
        if (!clean) {
            gw_text_set(why, "%s: its first line must hold 1 to %d characters", path,
                        GW_SECRET_MOST - 1);
            e = GW_FORMAT;
        } else
            (void)snprintf(out, GW_SECRET_MOST, "%.*s", (int)len, from);
    }
    explicit_bzero(text, sizeof text);
    return e;
}

bool gw_secret_is(const char *secret, struct gw_slice given)
{
    size_t len = strlen(secret);
    unsigned char differs = given.len != len;
    for (size_t i = 0; i < len; i++)
        differs |= (unsigned char)secret[i] ^ (given.len == len ? given.at[i] : 0);
    return !differs;
}
