/* failed_folder.c - failed/: what was refused, with the reason beside it. */
#include "adapters/failed_folder.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define REASON_END   ".reason.txt"
#define REFUSED_END  ".refused.ndjson"
#define REFUSED_MOST (256u << 20)
#define STEM_MOST    200 /* of 255 bytes, so that the ends above fit behind */

void gw_failed_name(struct gw_slice stem, const char *end, char out[GW_FILE_NAME_MAX])
{
    int len = stem.len > STEM_MOST ? STEM_MOST : (int)stem.len;
    const char *at = stem.at ? (const char *)stem.at : "";
    (void)snprintf(out, GW_FILE_NAME_MAX, "%.*s%s", len, at, end);
}

void gw_failed_free_name(int dir, const char *name, char out[GW_FILE_NAME_MAX])
{
    struct stat st;
    char end[16] = "";
    for (unsigned i = 2; i < 1000; i++) {
        gw_failed_name(gw_slice_str(name), end, out);
        if (fstatat(dir, out, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
            return; /* a reason without its file is from a crash in between: written again
                     */
        (void)snprintf(end, sizeof end, "~%u", i);
    }
}

enum gw_error gw_failed_reason(int dir, const char *name, struct gw_slice reason)
{
    char beside[GW_FILE_NAME_MAX];
    gw_failed_name(gw_slice_str(name), REASON_END, beside);
    return gw_file_put(dir, beside, reason);
}

enum gw_error gw_failed_put(int dir, const char *name, struct gw_slice message,
                            struct gw_slice reason, char *taken)
{
    char own[GW_FILE_NAME_MAX];
    gw_failed_free_name(dir, name, own);
    enum gw_error e = gw_failed_reason(dir, own, reason);
    if (!e)
        e = gw_file_put(dir, own, message);
    if (!e && taken)
        memcpy(taken, own, sizeof own);
    return e;
}

/* Is the line, with its end, one of those in the file? */
static bool has_line(struct gw_slice file, struct gw_slice line)
{
    const uint8_t *at = file.at, *end = file.at + file.len;
    while (file.len && at < end &&
           (at = memmem(at, (size_t)(end - at), line.at, line.len))) {
        if (at == file.at || at[-1] == '\n')
            return true;
        at++;
    }
    return false;
}

static void add_new_lines(struct gw_buf *to, struct gw_slice lines)
{
    const uint8_t *end;
    while (lines.len && (end = memchr(lines.at, '\n', lines.len))) {
        struct gw_slice line = gw_slice(lines.at, (size_t)(end - lines.at) + 1);
        if (!has_line(gw_buf_bytes(to), line))
            gw_buf_slice(to, line);
        lines = gw_slice(line.at + line.len, lines.len - line.len);
    }
}

enum gw_error gw_failed_events(int dir, struct gw_slice name, struct gw_slice lines)
{
    char beside[GW_FILE_NAME_MAX];
    struct gw_buf all;
    gw_failed_name(name, REFUSED_END, beside);
    gw_buf_init(&all, REFUSED_MOST);
    enum gw_error e = gw_file_get(dir, beside, REFUSED_MOST, &all);
    if (e == GW_NOT_FOUND)
        e = GW_OK;
    size_t before = all.len;
    if (!e)
        add_new_lines(&all, lines);
    if (!e && gw_buf_status(&all))
        e = GW_RANGE;
    if (!e && all.len > before)
        e = gw_file_put(dir, beside, gw_buf_bytes(&all));
    gw_buf_deinit(&all);
    return e;
}
