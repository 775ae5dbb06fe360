/* spool_open.c - from a folder, whatever happened to it, to a spool: find the segments,
 * cut what was being written when the end came, and see that nothing is missing in
 * between. */
#include "adapters/spool_parts.h"
#include "adapters/files.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void gw_segment_name(uint64_t first, char out[24])
{
    (void)snprintf(out, 24, "%016" PRIx64 ".seg", first);
}

/* ---- the list ---- */

enum gw_error gw_spool_list(struct gw_spool *s, struct gw_segment g)
{
    if (s->count == s->cap) {
        uint32_t cap = s->cap ? s->cap * 2 : 16;
        struct gw_segment *more = realloc(s->segments, cap * sizeof *more);
        if (!more)
            return GW_NOMEM;
        s->segments = more;
        s->cap = cap;
    }
    s->segments[s->count++] = g;
    return GW_OK;
}

static bool parse_name(const char *name, uint64_t *first)
{
    char again[24];
    *first = strtoull(name, NULL, 16);
    gw_segment_name(*first, again);
    return strcmp(name, again) == 0;
}

static int by_first(const void *a, const void *b)
{
    const struct gw_segment *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

static enum gw_error list_one(struct gw_spool *s, const char *name)
{
    struct stat st;
    uint64_t first;
    if (!parse_name(name, &first))
        return GW_OK; /* not ours */
    if (fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW))
        return GW_IO;
    return gw_spool_list(s, (struct gw_segment){first, (uint64_t)st.st_size});
}

static enum gw_error list_all(struct gw_spool *s)
{
    int fd = openat(s->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    enum gw_error e = d ? GW_OK : GW_IO;
    if (!d && fd >= 0)
        close(fd);
    for (struct dirent *entry; !e && (entry = readdir(d));)
        e = list_one(s, entry->d_name);
    if (d)
        closedir(d);
    if (!e && s->count)
        qsort(s->segments, s->count, sizeof *s->segments, by_first);
    return e;
}

/* ---- one segment ---- */

/* How far it is good: behind its last whole group.  Notes the digests on the way. */
struct extent {
    uint64_t end;  /* offset behind the last whole group */
    uint64_t next; /* ordinal behind it */
};

static enum gw_error walk(struct gw_spool *s, int fd, const struct gw_segment *g,
                          bool verify, struct extent *x)
{
    struct gw_spool_record r;
    uint64_t at = GW_SEGMENT_HEAD, ordinal = g->first, next;
    uint32_t due = 0; /* index the next record must have within its group */
    *x = (struct extent){at, ordinal};
    while (at < g->size) {
        enum gw_error e = verify ? gw_record_read(fd, at, g->size, &s->room, &r, &next)
                                 : gw_record_peek(fd, at, g->size, &r, &next);
        if (e)
            return e;
        if (r.ordinal != ordinal || r.index != due)
            return GW_CORRUPT;
        at = next;
        ordinal++;
        due = r.index + 1 == r.of ? 0 : due + 1;
        if (due)
            continue;
        gw_recent_add(&s->recent, r.digest);
        *x = (struct extent){at, ordinal};
    }
    return due ? GW_CORRUPT : GW_OK;
}

/* What is cut is kept beside: if the disk rather than a crash has damaged it, a person
 * may still want to look. */
static void keep_cut(struct gw_spool *s, int fd, const struct gw_segment *g, uint64_t end)
{
    char name[64];
    struct gw_buf b;
    gw_buf_init(&b, (size_t)(g->size - end));
    uint8_t *to = gw_buf_reserve(&b, (size_t)(g->size - end));
    int64_t n = to ? gw_file_read_at(fd, to, (size_t)(g->size - end), end) : 0;
    (void)snprintf(name, sizeof name, "%016" PRIx64 ".%" PRIu64 ".cut", g->first, end);
    if (n > 0 && gw_file_put(s->dir, name, gw_slice(to, (size_t)n)))
        unlinkat(s->dir, name, 0);
    gw_buf_deinit(&b);
}

static enum gw_error cut_back(struct gw_spool *s, int fd, struct gw_segment *g,
                              uint64_t end)
{
    if (g->size > end) {
        keep_cut(s, fd, g, end);
        s->cut = g->size - end;
        if (ftruncate(fd, (off_t)end) || fsync(fd))
            return GW_IO;
    }
    g->size = end;
    return GW_OK;
}

/* The last segment: verified to the end, cut behind the last whole group, left open. */
static enum gw_error take_last(struct gw_spool *s, int fd, struct gw_segment *g)
{
    uint64_t first;
    struct extent x = {0, g->first};
    enum gw_error e = gw_segment_head_read(fd, &first);
    if (!e && first == g->first)
        e = walk(s, fd, g, true, &x);
    if (e && e != GW_CORRUPT && e != GW_FORMAT)
        return e;
    if (!x.end) { /* it did not get as far as its own head */
        struct gw_buf head;
        gw_buf_init(&head, GW_SEGMENT_HEAD);
        gw_segment_head_write(g->first, &head);
        e = gw_buf_status(&head);
        if (!e)
            e = cut_back(s, fd, g, 0);
        if (!e)
            e = gw_file_write_at(fd, gw_buf_bytes(&head), 0);
        gw_buf_deinit(&head);
        g->size = GW_SEGMENT_HEAD;
        s->unsynced = true;
    } else
        e = cut_back(s, fd, g, x.end);
    s->next = x.next;
    return e;
}

static enum gw_error take_earlier(struct gw_spool *s, int fd, const struct gw_segment *g,
                                  uint64_t next)
{
    uint64_t first;
    struct extent x;
    enum gw_error e = gw_segment_head_read(fd, &first);
    if (!e)
        e = walk(s, fd, g, false, &x);
    if (e == GW_FORMAT || (!e && (first != g->first || x.next != next)))
        e = GW_CORRUPT;
    return e;
}

static enum gw_error take(struct gw_spool *s, uint32_t i, struct gw_text *why)
{
    struct gw_segment *g = &s->segments[i];
    char name[24];
    gw_segment_name(g->first, name);
    int fd = openat(s->dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return GW_IO;
    if (i + 1 == s->count) {
        s->active = fd;
        return take_last(s, fd, g);
    }
    enum gw_error e = take_earlier(s, fd, g, g[1].first);
    close(fd);
    if (e == GW_CORRUPT)
        gw_text_set(
            why,
            "%s/%s is damaged: move it away, and put the files of its days from done/ "
            "into inbox/ again",
            s->set.dir, name);
    return e;
}

/* ---- all of it ---- */

/* The cursor is saved now and then: segments deleted since tell that it lags.  Where the
 * segments end before it, what is missing was acknowledged. */
static enum gw_error fit_cursor(struct gw_spool *s, struct gw_text *why)
{
    enum gw_error e = gw_cursor_load(&s->cursor, s->dir);
    if (e == GW_CORRUPT)
        gw_text_set(
            why,
            "%s/cursor is damaged: delete it; what is spooled is then sent under new "
            "numbers, and the gateway recognises repeated events by their ids",
            s->set.dir);
    if (e)
        return e;
    if (s->count && s->segments[0].first > s->cursor.acked + 1)
        s->cursor.acked = s->segments[0].first - 1;
    if (!s->count || s->next <= s->cursor.acked) {
        s->next = s->cursor.acked + 1;
        gw_dir_close(&s->active); /* ordinals are dense within a segment */
    }
    s->safe = s->next - 1;
    return GW_OK;
}

enum gw_error gw_spool_scan(struct gw_spool *s, struct gw_text *why)
{
    enum gw_error e = gw_recent_load(&s->recent, s->dir);
    if (!e)
        e = list_all(s);
    for (uint32_t i = 0; !e && i < s->count; i++)
        e = take(s, i, why);
    if (!e)
        e = fit_cursor(s, why);
    if (e)
        return e;
    for (uint32_t i = 0; i < s->count; i++)
        s->bytes += s->segments[i].size;
    return GW_OK;
}
