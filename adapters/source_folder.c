/* source_folder.c - files from a drop-box. */
#include "adapters/source_folder.h"
#include "adapters/failed_folder.h"
#include "base/clock.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
    char *name;
    int64_t modified_ns;
    uint64_t size;
    int64_t since_ms; /* unchanged as far as we have seen; monotonic */
    bool taken;
};

struct entries {
    struct entry *list;
    uint32_t count, cap;
};

struct gw_source {
    char inbox_path[512];
    uint32_t settle_ms;
    int base, inbox, work, done, failed;
    struct entries seen;  /* of the inbox, by name */
    struct entries queue; /* what work/ held at the start, oldest first */
    uint32_t queue_at;
    uint32_t *ready; /* indices into `seen` of what has settled, oldest first */
    uint32_t ready_count, ready_at;
};

/* ---- lists of files ---- */

static void clear(struct entries *e)
{
    for (uint32_t i = 0; i < e->count; i++)
        free(e->list[i].name);
    free(e->list);
    *e = (struct entries){0};
}

static struct entry *append(struct entries *e)
{
    if (e->count == e->cap) {
        uint32_t cap = e->cap ? e->cap * 2 : 64;
        struct entry *more = realloc(e->list, cap * sizeof *more);
        if (!more)
            return NULL;
        e->list = more;
        e->cap = cap;
    }
    return &e->list[e->count++];
}

static bool ends_in(struct gw_slice s, const char *end)
{
    size_t n = strlen(end);
    return s.len >= n && memcmp(s.at + s.len - n, end, n) == 0;
}

static bool is_being_written(const char *name)
{
    struct gw_slice s = gw_slice_str(name);
    return name[0] == '.' || ends_in(s, ".tmp") || ends_in(s, ".part");
}

/* Regular files only: no folders, links or pipes. */
static enum gw_error add_file(struct entries *e, int dir, const char *name,
                              int64_t mono_ms)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
        return GW_OK; /* gone meanwhile, or none of ours */
    struct entry *x = append(e);
    if (!x)
        return GW_NOMEM;
    *x = (struct entry){.name = strdup(name),
                        .modified_ns =
                            (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
                        .size = (uint64_t)st.st_size,
                        .since_ms = mono_ms};
    return x->name ? GW_OK : GW_NOMEM;
}

static enum gw_error read_names(struct entries *e, int dir, DIR *d, bool all,
                                int64_t mono_ms)
{
    struct dirent *entry;
    enum gw_error err = GW_OK;
    while (!err && e->count < GW_SOURCE_LOOK_MOST && (entry = readdir(d)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            (all || !is_being_written(entry->d_name)))
            err = add_file(e, dir, entry->d_name, mono_ms);
    return err;
}

/* all: also names that mark what is being written. */
static enum gw_error list(struct entries *e, int dir, bool all, int64_t mono_ms)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d) {
        if (fd >= 0)
            close(fd);
        return GW_IO;
    }
    enum gw_error err = read_names(e, dir, d, all, mono_ms);
    closedir(d);
    return err;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static int by_age(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->modified_ns != y->modified_ns)
        return x->modified_ns < y->modified_ns ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void sort(struct entries *e, int (*order)(const void *, const void *))
{
    if (e->count)
        qsort(e->list, e->count, sizeof *e->list, order);
}

/* ---- opening ---- */

static enum gw_error open_folders(struct gw_source *s, const char *folder)
{
    enum gw_error e = gw_dir_open(&s->base, AT_FDCWD, folder);
    if (!e)
        e = gw_dir_open(&s->inbox, s->base, "inbox");
    if (!e)
        e = gw_dir_open(&s->work, s->base, "work");
    if (!e)
        e = gw_dir_open(&s->done, s->base, "done");
    if (!e)
        e = gw_dir_open(&s->failed, s->base, "failed");
    return e;
}

static enum gw_error on_one_disk(const struct gw_source *s)
{
    const int dirs[] = {s->work, s->done, s->failed};
    struct stat inbox, other;
    if (fstat(s->inbox, &inbox))
        return GW_IO;
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        if (fstat(dirs[i], &other))
            return GW_IO;
        else if (other.st_dev != inbox.st_dev)
            return GW_RANGE;
    return GW_OK;
}

enum gw_error gw_source_open(struct gw_source **out, const char *folder,
                             uint32_t settle_ms, struct gw_text *why)
{
    struct gw_source *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return GW_NOMEM;
    s->base = s->inbox = s->work = s->done = s->failed = -1;
    s->settle_ms = settle_ms;
    (void)snprintf(s->inbox_path, sizeof s->inbox_path, "%s/inbox", folder);
    enum gw_error e = open_folders(s, folder);
    if (!e)
        e = on_one_disk(s);
    if (!e)
        e = list(&s->queue, s->work, true, 0);
    if (!e) {
        sort(&s->queue, by_age);
        *out = s;
        return GW_OK;
    }
    if (e == GW_RANGE)
        gw_text_set(why, "%s: inbox, work, done and failed must be on one file system",
                    folder);
    else
        gw_text_set(why, "%s: %s: make it, or let this user write there", folder,
                    strerror(errno));
    gw_source_close(s);
    return e;
}

void gw_source_close(struct gw_source *s)
{
    if (!s)
        return;
    gw_dir_close(&s->base);
    gw_dir_close(&s->inbox);
    gw_dir_close(&s->work);
    gw_dir_close(&s->done);
    gw_dir_close(&s->failed);
    clear(&s->seen);
    clear(&s->queue);
    free(s->ready);
    free(s);
}

const char *gw_source_inbox(const struct gw_source *s)
{
    return s->inbox_path;
}

/* ---- looking ---- */

/* What has not changed keeps its time; both lists are sorted by name. */
static void carry_over(struct entries *now, const struct entries *before)
{
    uint32_t j = 0;
    for (uint32_t i = 0; i < now->count; i++) {
        struct entry *x = &now->list[i];
        while (j < before->count && strcmp(before->list[j].name, x->name) < 0)
            j++;
        if (j == before->count)
            return;
        const struct entry *y = &before->list[j];
        if (strcmp(y->name, x->name) == 0 && y->size == x->size &&
            y->modified_ns == x->modified_ns)
            x->since_ms = y->since_ms;
    }
}

static bool settled(const struct gw_source *s, const struct entry *x, int64_t mono_ms)
{
    return mono_ms - x->since_ms >= s->settle_ms;
}

static int by_age_of(const void *a, const void *b, void *list_of)
{
    const struct entry *of = list_of;
    return by_age(&of[*(const uint32_t *)a], &of[*(const uint32_t *)b]);
}

static enum gw_error choose(struct gw_source *s, int64_t mono_ms)
{
    s->ready_count = s->ready_at = 0;
    if (!s->seen.count)
        return GW_OK;
    uint32_t *more = realloc(s->ready, s->seen.count * sizeof *more);
    if (!more)
        return GW_NOMEM;
    s->ready = more;
    for (uint32_t i = 0; i < s->seen.count; i++)
        if (settled(s, &s->seen.list[i], mono_ms))
            s->ready[s->ready_count++] = i;
    qsort_r(s->ready, s->ready_count, sizeof *s->ready, by_age_of, s->seen.list);
    return GW_OK;
}

enum gw_error gw_source_look(struct gw_source *s, int64_t mono_ms)
{
    struct entries now = {0};
    enum gw_error e = list(&now, s->inbox, false, mono_ms);
    if (e) {
        clear(&now);
        return e;
    }
    sort(&now, by_name);
    carry_over(&now, &s->seen);
    clear(&s->seen);
    s->seen = now;
    return choose(s, mono_ms);
}

int64_t gw_source_settles_in(const struct gw_source *s, int64_t mono_ms)
{
    int64_t least = -1;
    for (uint32_t i = 0; i < s->seen.count; i++) {
        const struct entry *x = &s->seen.list[i];
        int64_t left = x->since_ms + s->settle_ms - mono_ms;
        if (!x->taken && !(least >= 0 && least <= left))
            least = left < 0 ? 0 : left;
    }
    return least;
}

uint32_t gw_source_waiting(const struct gw_source *s)
{
    uint32_t n = s->queue.count - s->queue_at;
    for (uint32_t i = 0; i < s->seen.count; i++)
        n += !s->seen.list[i].taken;
    return n;
}

/* ---- taking ---- */

static enum gw_error take_left_over(struct gw_source *s, struct gw_source_file *out)
{
    const struct entry *x = &s->queue.list[s->queue_at++];
    (void)snprintf(out->name, sizeof out->name, "%s", x->name);
    out->size = x->size;
    return GW_OK;
}

enum gw_error gw_source_take(struct gw_source *s, struct gw_source_file *out)
{
    if (s->queue_at < s->queue.count)
        return take_left_over(s, out);
    while (s->ready_at < s->ready_count) {
        struct entry *x = &s->seen.list[s->ready[s->ready_at++]];
        enum gw_error e = gw_file_move(s->inbox, x->name, s->work, x->name, out->name);
        x->taken = e != GW_IO;
        out->size = x->size;
        if (e != GW_NOT_FOUND) /* somebody took it back: the next one */
            return e;
    }
    return GW_NOT_FOUND;
}

enum gw_error gw_source_read(const struct gw_source *s, const struct gw_source_file *f,
                             size_t most, struct gw_buf *out)
{
    return gw_file_get(s->work, f->name, most, out);
}

/* ---- putting away ---- */

enum gw_error gw_source_done(struct gw_source *s, const struct gw_source_file *f,
                             int64_t now_ms)
{
    char day[25];
    int dir;
    gw_time_iso(now_ms, day);
    day[10] = 0;
    enum gw_error e = gw_dir_open(&dir, s->done, day);
    if (!e)
        e = gw_file_move(s->work, f->name, dir, f->name, NULL);
    gw_dir_close(&dir);
    return e;
}

enum gw_error gw_source_failed(struct gw_source *s, const struct gw_source_file *f,
                               struct gw_slice reason, char *taken)
{
    char name[GW_FILE_NAME_MAX];
    gw_failed_free_name(s->failed, f->name, name);
    enum gw_error e = gw_failed_reason(s->failed, name, reason);
    return e ? e : gw_file_move(s->work, f->name, s->failed, name, taken);
}
