/* trace_run.c - writing a run, mapping it, searching it. */
#include "store/trace_run.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/hash.h"

#define MAGIC       0x3145434152545647ull /* "GVTRACE1" */
#define BLOCK       256u                  /* postings */
#define NEW         "new.run"
#define FENCES_MOST (1u << 30)
#define PACE        (256u << 10) /* bytes written at a time ... */
#define PACE_US     2000 /* ... and how long the disk is left to others after them */

struct head {
    uint64_t check; /* of the rest of the head and of the fences */
    uint64_t magic, seed, from, to, count;
    uint64_t reserved[2];
};
_Static_assert(sizeof(struct head) == 64, "no gaps");

struct fence {
    uint64_t key;   /* of the block's first posting */
    uint64_t check; /* of its bytes */
};

static uint64_t check_of(const struct head *h, struct gw_slice fences)
{
    return gw_hash64(fences,
                     gw_hash64(gw_slice(&h->magic, sizeof *h - sizeof h->check), MAGIC));
}

/* ---- writing ---- */

struct gw_run_writer {
    FILE *file;
    char dir[400];
    struct gw_posting block[BLOCK];
    uint32_t filled;
    uint64_t count;
    uint64_t written; /* bytes that were brought on their way to the disk */
    size_t unwritten; /* ... and that were not yet */
    struct gw_buf fences;
    bool failed;
};

static void path_of(const char *dir, const char *name, char *out, size_t size)
{
    (void)snprintf(out, size, "%s/%s", dir, name);
}

void gw_run_name(uint64_t from, uint64_t to, char out[64])
{
    (void)snprintf(out, 64, "%020llu-%020llu.run", (unsigned long long)from,
                   (unsigned long long)to);
}

bool gw_run_parse(const char *name, uint64_t *from, uint64_t *to)
{
    char expect[64];
    if (strlen(name) != 45 || !gw_slice_uint(gw_slice(name + 1, 19), from) ||
        !gw_slice_uint(gw_slice(name + 22, 19), to))
        return false;
    gw_run_name(*from, *to, expect);
    return strcmp(name, expect) == 0 && *from && *from <= *to;
}

enum gw_error gw_run_create(struct gw_run_writer **out, const char *dir)
{
    static const struct head empty;
    struct gw_run_writer *w = calloc(1, sizeof *w);
    char path[500];
    *out = NULL;
    if (!w)
        return GW_NOMEM;
    gw_buf_init(&w->fences, FENCES_MOST);
    (void)snprintf(w->dir, sizeof w->dir, "%s", dir);
    path_of(dir, NEW, path, sizeof path);
    w->file = fopen(path, "we");
    if (!w->file || fwrite(&empty, sizeof empty, 1, w->file) != 1) {
        gw_run_drop(w);
        return GW_IO;
    }
    *out = w;
    return GW_OK;
}

/* A run of a hundred megabytes synced at once would keep the journal's own sync waiting
 * behind it: it goes to the disk piece by piece, without a flush of the disk's cache for
 * each. */
static void keep_pace(struct gw_run_writer *w, size_t bytes)
{
    off_t at = (off_t)w->written;
    w->unwritten += bytes;
    if (w->unwritten < PACE)
        return;
    w->failed |= fflush(w->file) != 0;
    (void)sync_file_range(
        fileno(w->file), at, (off_t)w->unwritten,
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
            SYNC_FILE_RANGE_WAIT_AFTER); /* gw_run_finish() syncs for good */
    w->written += w->unwritten;
    w->unwritten = 0;
    usleep(PACE_US);
}

static void end_block(struct gw_run_writer *w)
{
    struct gw_slice bytes = gw_slice(w->block, w->filled * sizeof *w->block);
    struct fence f = {w->block[0].key, gw_hash64(bytes, 0)};
    if (!w->filled)
        return;
    gw_buf_add(&w->fences, &f, sizeof f);
    w->failed |= fwrite(bytes.at, 1, bytes.len, w->file) != bytes.len;
    w->count += w->filled;
    w->filled = 0;
    keep_pace(w, bytes.len);
}

void gw_run_put(struct gw_run_writer *w, struct gw_posting p)
{
    w->block[w->filled++] = p;
    if (w->filled == BLOCK)
        end_block(w);
}

static bool sync_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

enum gw_error gw_run_finish(struct gw_run_writer *w, uint64_t seed, uint64_t from,
                            uint64_t to)
{
    struct head h = {.magic = MAGIC, .seed = seed, .from = from, .to = to};
    char name[64], was[500], is[500];
    bool ok;

    end_block(w);
    h.count = w->count;
    h.check = check_of(&h, gw_buf_bytes(&w->fences));
    ok = !w->failed && !w->fences.failed &&
         (!w->fences.len ||
          fwrite(w->fences.at, 1, w->fences.len, w->file) == w->fences.len) &&
         fseek(w->file, 0, SEEK_SET) == 0 && fwrite(&h, sizeof h, 1, w->file) == 1 &&
         fflush(w->file) == 0 && fdatasync(fileno(w->file)) == 0;
    ok = fclose(w->file) == 0 && ok;
    w->file = NULL;
    gw_run_name(from, to, name);
    path_of(w->dir, NEW, was, sizeof was);
    path_of(w->dir, name, is, sizeof is);
    ok = ok && rename(was, is) == 0 && sync_dir(w->dir);
    gw_run_drop(w);
    return ok ? GW_OK : GW_IO;
}

void gw_run_drop(struct gw_run_writer *w)
{
    char path[500];
    if (!w)
        return;
    if (w->file)
        (void)fclose(w->file);
    path_of(w->dir, NEW, path, sizeof path);
    (void)unlink(path); /* gone already when it was renamed */
    gw_buf_deinit(&w->fences);
    free(w);
}

/* ---- reading ---- */

struct gw_run {
    uint8_t *map;
    size_t size;
    struct head head;
    const struct gw_posting *postings;
    const struct fence *fences;
    uint64_t blocks;
};

void gw_run_close(struct gw_run *r)
{
    if (!r)
        return;
    if (r->map)
        (void)munmap(r->map, r->size);
    free(r);
}

/* Does the size fit the count, and the checksum the head and fences? */
static bool whole(struct gw_run *r)
{
    struct gw_slice fences;
    if (r->size < sizeof r->head)
        return false;
    memcpy(&r->head, r->map, sizeof r->head);
    if (r->head.magic != MAGIC || r->head.count > r->size / sizeof *r->postings)
        return false;
    r->blocks = (r->head.count + BLOCK - 1) / BLOCK;
    if (r->size != sizeof r->head + r->head.count * sizeof *r->postings +
                       r->blocks * sizeof *r->fences)
        return false;
    r->postings = (const struct gw_posting *)(const void *)(r->map + sizeof r->head);
    r->fences = (const struct fence *)(const void *)(r->postings + r->head.count);
    fences = gw_slice(r->fences, r->blocks * sizeof *r->fences);
    return check_of(&r->head, fences) == r->head.check;
}

enum gw_error gw_run_open(struct gw_run **out, const char *dir, uint64_t from,
                          uint64_t to)
{
    struct gw_run *r = calloc(1, sizeof *r);
    char name[64], path[500];
    struct stat st;
    enum gw_error e = r ? GW_OK : GW_NOMEM;
    int fd = -1;

    *out = NULL;
    gw_run_name(from, to, name);
    path_of(dir, name, path, sizeof path);
    if (!e)
        fd = open(path, O_RDONLY | O_CLOEXEC);
    if (!e && fd < 0)
        e = errno == ENOENT ? GW_NOT_FOUND : GW_IO;
    if (!e && fstat(fd, &st) != 0)
        e = GW_IO;
    if (!e && st.st_size < (off_t)sizeof(struct head))
        e = GW_CORRUPT;
    if (!e) {
        r->size = (size_t)st.st_size;
        r->map = mmap(NULL, r->size, PROT_READ, MAP_SHARED, fd, 0);
        if (r->map == MAP_FAILED) {
            r->map = NULL;
            e = GW_NOMEM;
        }
    }
    if (fd >= 0)
        (void)close(fd);
    if (!e && (!whole(r) || r->head.from != from || r->head.to != to))
        e = GW_CORRUPT;
    if (e) {
        gw_run_close(r);
        return e;
    }
    *out = r;
    return GW_OK;
}

uint64_t gw_run_from(const struct gw_run *r)
{
    return r->head.from;
}
uint64_t gw_run_to(const struct gw_run *r)
{
    return r->head.to;
}
uint64_t gw_run_seed(const struct gw_run *r)
{
    return r->head.seed;
}
uint64_t gw_run_count(const struct gw_run *r)
{
    return r->head.count;
}
const struct gw_posting *gw_run_postings(const struct gw_run *r)
{
    return r->postings;
}

static uint64_t block_end(const struct gw_run *r, uint64_t block)
{
    uint64_t end = (block + 1) * BLOCK;
    return end < r->head.count ? end : r->head.count;
}

static bool block_good(const struct gw_run *r, uint64_t block)
{
    uint64_t n = block_end(r, block) - block * BLOCK;
    return gw_hash64(gw_slice(r->postings + block * BLOCK, n * sizeof *r->postings), 0) ==
           r->fences[block].check;
}

enum gw_error gw_run_verify(const struct gw_run *r)
{
    for (uint64_t i = 0; i < r->blocks; i++)
        if (!block_good(r, i))
            return GW_CORRUPT;
    return GW_OK;
}

/* The last block that begins before the key: where its first posting can be at the
 * earliest. */
static uint64_t first_block(const struct gw_run *r, uint64_t key)
{
    uint64_t low = 0, high = r->blocks;
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        if (r->fences[mid].key < key)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? low - 1 : 0;
}

enum gw_error gw_run_find(const struct gw_run *r, uint64_t key, struct gw_buf *seqs)
{
    for (uint64_t b = first_block(r, key); b < r->blocks && r->fences[b].key <= key;
         b++) {
        if (!block_good(r, b))
            return GW_CORRUPT;
        for (uint64_t i = b * BLOCK; i < block_end(r, b); i++)
            if (r->postings[i].key == key)
                gw_buf_add(seqs, &r->postings[i].seq, sizeof(uint64_t));
    }
    return gw_buf_status(seqs);
}
