/* operator_write.c - an operator's file, from struct to text, whole or not at all. */
#include "conf/complaint.h"
#include "conf/file.h"
#include "conf/operator_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 512
#define FILE_BYTES (4u << 20) /* yaml.h takes no larger file */

/* Between single quotes YAML knows one escape: a quote is written twice. */
static void quoted(struct gw_buf *out, const char *text)
{
    gw_buf_byte(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            gw_buf_byte(out, '\'');
        gw_buf_byte(out, (uint8_t)*text);
    }
    gw_buf_byte(out, '\'');
}

static void print_words(struct gw_buf *out, const char *words, size_t size, size_t n)
{
    const char *between = "";
    for (size_t i = 0; i < n; i++) {
        if (!words[i * size])
            continue;
        gw_buf_str(out, between);
        quoted(out, words + i * size);
        between = ", ";
    }
}

static void print_share(const struct gw_operator_file *f, struct gw_buf *out)
{
    if (!f->operator.share_all && !f->with_count)
        return;
    gw_buf_str(out, "share: {with: [");
    if (f->operator.share_all)
        gw_buf_str(out, f->with_count ? "'*', " : "'*'");
    if (f->with_count)
        print_words(out, f->with[0], sizeof f->with[0], f->with_count);
    gw_buf_str(out, "]}\n");
}

void gw_operator_file_print(const struct gw_operator_file *f, struct gw_buf *out)
{
    const struct gw_operator *o = &f->operator;
    gw_buf_str(out, "# An operator of the bus; see README.md in this directory.\nname: ");
    quoted(out, o->name);
    if (*o->title) {
        gw_buf_str(out, "\ntitle: ");
        quoted(out, o->title);
    }
    gw_buf_printf(out, "\ncountry: '%s'\n",
                  o->country); /* a bare NO would be a truth value */
    if (*o->roles[0]) {
        gw_buf_str(out, "roles: [");
        print_words(out, o->roles[0], sizeof o->roles[0],
                    sizeof o->roles / sizeof o->roles[0]);
        gw_buf_str(out, "]\n");
    }
    gw_buf_str(out, "keys: [");
    print_words(out, o->keys[0], sizeof o->keys[0], GW_KEYS_MAX);
    gw_buf_str(out, "]\n");
    if (*o->profile_name) {
        gw_buf_str(out, "profile: ");
        quoted(out, o->profile_name);
        gw_buf_byte(out, '\n');
    }
    gw_buf_printf(out, "enabled: %s\n", o->enabled ? "true" : "false");
    print_share(f, out);
}

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

static enum gw_error cannot_write(const char *path, enum gw_error e,
                                  struct gw_complaint *c)
{
    if (e == GW_EXISTS)
        return gw_complain_of(c, e, path, 0, "choose another name, or edit the file",
                              "there is such an operator already");
    return gw_complain_of(c, e, path, 0, "check the directory's owner, mode and room",
                          "cannot be written: %s", strerror(errno));
}

enum gw_error gw_operator_file_write(const struct gw_operator_file *f, const char *dir,
                                     struct gw_complaint *c)
{
    char path[PATH_BYTES], temporary[PATH_BYTES + 8];
    struct gw_buf text;
    enum gw_error e;
    snprintf(path, sizeof path, "%s/%s.yaml", dir, f->operator.name);
    gw_buf_init(&text, FILE_BYTES);
    gw_operator_file_print(f, &text);
    e = gw_buf_status(&text);
    if (!e)
        e = write_beside(path, gw_buf_bytes(&text), temporary, sizeof temporary);
    gw_buf_deinit(&text);
    if (e)
        return cannot_write(path, e, c);
    if (link(temporary, path) != 0)
        e = errno == EEXIST ? GW_EXISTS : GW_IO;
    unlink(temporary);
    if (!e)
        e = sync_directory(path);
    return e ? cannot_write(path, e, c) : GW_OK;
}

/* The text with the line `enabled: ...` replaced, or with one added at the end. */
static void edit_enabled(struct gw_slice text, bool enabled, struct gw_buf *out)
{
    const char *line = enabled ? "enabled: true\n" : "enabled: false\n";
    bool done = false;
    while (text.len) {
        const uint8_t *end = memchr(text.at, '\n', text.len);
        size_t len = end ? (size_t)(end - text.at) + 1 : text.len;
        bool here = gw_slice_starts(text, GW_LIT("enabled:"));
        if (here)
            gw_buf_str(out, line);
        else
            gw_buf_add(out, text.at, len);
        if (!end && !here)
            gw_buf_byte(out, '\n');
        done = done || here;
        text = gw_slice(text.at + len, text.len - len);
    }
    if (!done)
        gw_buf_str(out, line);
}

/* Only a file that is good before and after, and says what was wanted, takes the other's
 * place. */
static enum gw_error replace(const char *path, struct gw_slice text, bool enabled,
                             struct gw_complaint *c)
{
    char temporary[PATH_BYTES + 8];
    struct gw_operator_file f;
    enum gw_error e = gw_operator_file_parse(&f, text, path, c);
    bool said = !e && f.operator.enabled == enabled;
    gw_operator_file_deinit(&f);
    if (e || !said)
        return gw_complain_of(c, GW_FORMAT, path, 0, "edit it by hand",
                              "not written one key a line");
    e = write_beside(path, text, temporary, sizeof temporary);
    if (!e && rename(temporary, path) != 0) {
        e = GW_IO;
        unlink(temporary);
    }
    if (!e)
        e = sync_directory(path);
    return e ? cannot_write(path, e, c) : GW_OK;
}

enum gw_error gw_operator_file_enable(const char *path, bool enabled,
                                      struct gw_complaint *c)
{
    struct gw_operator_file before;
    struct gw_buf old, edited;
    enum gw_error e = gw_operator_file_read(&before, path, c);
    gw_operator_file_deinit(&before);
    if (e)
        return e;
    gw_buf_init(&old, FILE_BYTES);
    gw_buf_init(&edited, FILE_BYTES);
    e = gw_file_read(path, &old);
    edit_enabled(gw_buf_bytes(&old), enabled, &edited);
    if (!e)
        e = gw_buf_status(&edited);
    e = e ? cannot_write(path, e, c) : replace(path, gw_buf_bytes(&edited), enabled, c);
    gw_buf_deinit(&old);
    gw_buf_deinit(&edited);
    return e;
}
