/* spool.c - batches between a source and the gateway, kept until they are acknowledged.
 */
#include "adapters/spool.h"
#include "adapters/files.h"
#include "adapters/spool_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define DAY_MS        INT64_C(86400000)
#define SEGMENT_LEAST (64u << 10)
#define SEGMENT_MOST  (8u << 20)

const char *gw_spool_numbers_name(enum gw_spool_numbers n)
{
    static const char *const names[] = {"agreed", "numbered", "behind", "ahead",
                                        "reused"};
    return names[n];
}

/* ---- opening ---- */

static void settle(struct gw_spool *s, const struct gw_spool_settings *set)
{
    s->set = *set;
    if (s->set.segment_bytes)
        return;
    s->set.segment_bytes = set->max_bytes / 16;
    if (s->set.segment_bytes < SEGMENT_LEAST)
        s->set.segment_bytes = SEGMENT_LEAST;
    if (s->set.segment_bytes > SEGMENT_MOST)
        s->set.segment_bytes = SEGMENT_MOST;
}

static enum gw_error take_lock(struct gw_spool *s, struct gw_text *why)
{
    s->lock = openat(s->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (s->lock < 0)
        return GW_IO;
    if (flock(s->lock, LOCK_EX | LOCK_NB) == 0)
        return GW_OK;
    if (errno != EWOULDBLOCK)
        return GW_IO;
    gw_text_set(why,
                "%s is in use by another process: give each adapter a spool of its own",
                s->set.dir);
    return GW_EXISTS;
}

static void drop_acked(struct gw_spool *s);

enum gw_error gw_spool_open(struct gw_spool **out, const struct gw_spool_settings *set,
                            struct gw_text *why)
{
    struct gw_spool *s = calloc(1, sizeof *s);
    *out = NULL;
    why->s[0] = 0;
    if (!s)
        return GW_NOMEM;
    s->dir = s->lock = s->active = s->reader.fd = s->tail.fd = -1;
    s->next = 1;
    settle(s, set);
    gw_buf_init(&s->room, GW_RECORD_HEAD + GW_RECORD_MOST);
    enum gw_error e = gw_recent_init(&s->recent);
    if (!e)
        e = gw_dir_open(&s->dir, AT_FDCWD, set->dir);
    if (!e)
        e = take_lock(s, why);
    if (!e)
        e = gw_spool_scan(s, why);
    if (!e) {
        drop_acked(s);
        *out = s;
        return GW_OK;
    }
    if (!why->s[0])
        gw_text_set(why, "%s: %s: %s", set->dir, gw_error_text(e), strerror(errno));
    gw_spool_close(s);
    return e;
}

void gw_spool_close(struct gw_spool *s)
{
    if (!s)
        return;
    if (s->cursor_dirty)
        gw_spool_save(s); /* if that fails, some batches are sent again, and recognised */
    gw_dir_close(&s->active);
    gw_dir_close(&s->reader.fd);
    gw_dir_close(&s->tail.fd);
    gw_dir_close(&s->lock);
    gw_dir_close(&s->dir);
    gw_recent_deinit(&s->recent);
    gw_buf_deinit(&s->room);
    free(s->segments);
    free(s);
}

uint64_t gw_spool_cut_bytes(const struct gw_spool *s)
{
    return s->cut;
}

/* ---- deleting what is acknowledged ---- */

static uint64_t end_of(const struct gw_spool *s, uint32_t i)
{
    return i + 1 < s->count ? s->segments[i + 1].first : s->next;
}

static void leave(struct gw_reader *r, uint64_t first)
{
    if (r->first == first)
        gw_dir_close(&r->fd);
}

static bool remove_oldest(struct gw_spool *s)
{
    char name[24];
    gw_segment_name(s->segments[0].first, name);
    leave(&s->reader, s->segments[0].first);
    leave(&s->tail, s->segments[0].first);
    if (unlinkat(s->dir, name, 0) && errno != ENOENT)
        return false;
    s->bytes -= s->segments[0].size;
    s->count--;
    memmove(s->segments, s->segments + 1, s->count * sizeof *s->segments);
    return true;
}

/* Segments at the front that are wholly acknowledged; never the one being appended to. */
static void drop_acked(struct gw_spool *s)
{
    uint32_t n = 0;
    while (n < s->count && end_of(s, n) <= s->cursor.acked + 1 &&
           !(n + 1 == s->count && s->active >= 0))
        n++;
    if (!n || gw_recent_save(&s->recent, s->dir))
        return; /* tried again with the next acknowledgement */
    while (n-- && remove_oldest(s))
        ;
}

/* No more is added to the last segment. */
static void seal(struct gw_spool *s)
{
    gw_dir_close(&s->active);
    drop_acked(s);
}

/* ---- adding ---- */

static enum gw_error begin_segment(struct gw_spool *s)
{
    char name[24];
    gw_segment_name(s->next, name);
    enum gw_error e = gw_spool_list(s, (struct gw_segment){s->next, GW_SEGMENT_HEAD});
    if (e)
        return e;
    gw_buf_reset(&s->room);
    gw_segment_head_write(s->next, &s->room);
    s->active =
        openat(s->dir, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0660);
    e = s->active < 0 ? GW_IO : gw_buf_status(&s->room);
    if (!e)
        e = gw_file_write_at(s->active, gw_buf_bytes(&s->room), 0);
    if (e) {
        gw_dir_close(&s->active);
        (void)unlinkat(s->dir, name, 0);
        s->count--;
        return e;
    }
    s->bytes += GW_SEGMENT_HEAD;
    s->dir_dirty = true;
    return GW_OK;
}

/* The last segment takes the next group: a new one when it is full, but only after a
 * sync, so that one descriptor is all that ever has to be synced. */
static enum gw_error choose_segment(struct gw_spool *s)
{
    if (s->active >= 0 && s->segments[s->count - 1].size >= s->set.segment_bytes) {
        enum gw_error e = gw_spool_sync(s);
        if (e)
            return e;
        seal(s);
    }
    return s->active >= 0 ? GW_OK : begin_segment(s);
}

/* How many events from `from` on make the next batch. */
static uint32_t portion(const struct gw_spool *s, const struct gw_events *ev,
                        uint32_t from)
{
    size_t bytes = 0;
    uint32_t n = 0;
    while (from + n < ev->count && n < s->set.batch_events) {
        bytes += gw_events_at(ev, from + n).len;
        if (n && bytes > s->set.batch_bytes)
            break;
        n++;
    }
    return n;
}

static uint32_t count_batches(const struct gw_spool *s, const struct gw_events *ev)
{
    uint32_t n = 0;
    for (uint32_t at = 0; at < ev->count; n++)
        at += portion(s, ev, at);
    return n;
}

static struct gw_slice events_from(const struct gw_events *ev, uint32_t from, uint32_t n)
{
    struct gw_slice first = gw_events_at(ev, from), last = gw_events_at(ev, from + n - 1);
    return gw_slice(first.at, (size_t)(last.at + last.len - first.at));
}

static enum gw_error write_group(struct gw_spool *s, const struct gw_spool_source *from,
                                 const struct gw_events *ev, uint32_t batches,
                                 int64_t now_ms, uint64_t *end)
{
    struct gw_spool_record r = {.time_ms = now_ms, .of = batches, .name = from->name};
    memcpy(r.digest, from->digest, sizeof r.digest);
    for (uint32_t at = 0; at < ev->count; at += r.count, r.index++) {
        r.count = portion(s, ev, at);
        r.ordinal = s->next + r.index;
        r.events = events_from(ev, at, r.count);
        gw_buf_reset(&s->room);
        gw_record_write(&r, &s->room);
        enum gw_error e = gw_buf_status(&s->room);
        if (!e)
            e = gw_file_write_at(s->active, gw_buf_bytes(&s->room), *end);
        if (e)
            return e;
        *end += s->room.len;
    }
    return GW_OK;
}

static enum gw_error find_room(struct gw_spool *s, uint64_t need)
{
    if (need + 2 * GW_SEGMENT_HEAD > s->set.max_bytes)
        return GW_RANGE;
    if (s->bytes + need + GW_SEGMENT_HEAD > s->set.max_bytes && s->active >= 0 &&
        s->cursor.acked + 1 == s->next &&
        s->segments[s->count - 1].size > GW_SEGMENT_HEAD)
        seal(s); /* all acknowledged: the last segment only takes room */
    return s->bytes + need + GW_SEGMENT_HEAD > s->set.max_bytes ? GW_AGAIN : GW_OK;
}

enum gw_error gw_spool_add(struct gw_spool *s, const struct gw_spool_source *from,
                           const struct gw_events *events, int64_t now_ms)
{
    if (s->failed)
        return GW_CLOSED;
    if (!events->count)
        return GW_OK;
    uint32_t batches = count_batches(s, events);
    uint64_t each = GW_RECORD_HEAD + GW_RECORD_META + from->name.len;
    enum gw_error e = find_room(s, events->bytes.len + batches * each);
    if (!e)
        e = choose_segment(s);
    if (e)
        return e;
    struct gw_segment *g = &s->segments[s->count - 1];
    uint64_t end = g->size;
    e = write_group(s, from, events, batches, now_ms, &end);
    if (e) {
        if (ftruncate(s->active, (off_t)g->size))
            s->failed = true; /* bytes of half a group: nothing may follow them */
        return e;
    }
    s->bytes += end - g->size;
    g->size = end;
    s->next += batches;
    s->unsynced = true;
    gw_recent_add(&s->recent, from->digest);
    return GW_OK;
}

enum gw_error gw_spool_sync(struct gw_spool *s)
{
    if (s->failed)
        return GW_IO;
    if (s->unsynced && s->active >= 0 && fdatasync(s->active))
        s->failed = true;
    if (!s->failed && s->dir_dirty && gw_dir_sync(s->dir))
        s->failed = true;
    if (s->failed)
        return GW_IO;
    s->unsynced = s->dir_dirty = false;
    s->safe = s->next - 1;
    return GW_OK;
}

bool gw_spool_knows(const struct gw_spool *s, const uint8_t digest[32])
{
    return gw_recent_has(&s->recent, digest);
}

/* ---- numbers ---- */

static uint64_t number_of(const struct gw_spool *s, uint64_t ordinal)
{
    return (uint64_t)((int64_t)ordinal + s->cursor.shift);
}

static uint64_t ordinal_of(const struct gw_spool *s, uint64_t number)
{
    return (uint64_t)((int64_t)number - s->cursor.shift);
}

uint64_t gw_spool_oldest(const struct gw_spool *s)
{
    return number_of(s, s->cursor.acked + 1);
}

uint64_t gw_spool_newest(const struct gw_spool *s)
{
    return number_of(s, s->safe);
}

static enum gw_spool_numbers compare(const struct gw_spool *s, uint64_t last, bool reused)
{
    if (!s->cursor.known)
        return GW_SPOOL_NUMBERED;
    if (reused)
        return GW_SPOOL_REUSED;
    if (last < number_of(s, s->cursor.acked))
        return GW_SPOOL_BEHIND;
    /* Not only the safe ones: what was sent before a crash may be ahead of them by
     * nothing. */
    return last > number_of(s, s->next - 1) ? GW_SPOOL_AHEAD : GW_SPOOL_AGREED;
}

static enum gw_error forget_files(struct gw_spool *s)
{
    gw_recent_clear(&s->recent);
    return gw_recent_save(&s->recent, s->dir);
}

enum gw_error gw_spool_agree(struct gw_spool *s, uint64_t last, bool reused,
                             enum gw_spool_numbers *found, uint64_t *lost)
{
    struct gw_cursor before = s->cursor;
    *found = compare(s, last, reused);
    *lost = *found == GW_SPOOL_BEHIND ? number_of(s, s->cursor.acked) - last : 0;
    if (*found == GW_SPOOL_AGREED)
        return GW_OK;
    s->cursor.shift = (int64_t)last - (int64_t)s->cursor.acked;
    s->cursor.known = true;
    enum gw_error e = *found == GW_SPOOL_BEHIND ? forget_files(s) : GW_OK;
    if (!e)
        e = gw_spool_save(s); /* before anything is sent under these numbers */
    if (e)
        s->cursor = before;
    return e;
}

void gw_spool_ack(struct gw_spool *s, uint64_t number)
{
    uint64_t ordinal = ordinal_of(s, number);
    if ((int64_t)ordinal <= (int64_t)s->cursor.acked || ordinal > s->safe)
        return; /* a repeat, or an answer to what we have not sent */
    s->cursor.acked = ordinal;
    s->cursor_dirty = true;
    drop_acked(s);
}

enum gw_error gw_spool_save(struct gw_spool *s)
{
    enum gw_error e = gw_cursor_save(&s->cursor, s->dir);
    if (!e)
        s->cursor_dirty = false;
    return e;
}

/* ---- reading ---- */

static enum gw_error open_reader(struct gw_spool *s, struct gw_reader *at, uint64_t first)
{
    char name[24];
    gw_dir_close(&at->fd);
    gw_segment_name(first, name);
    at->fd = openat(s->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    at->first = at->ordinal = first;
    at->at = GW_SEGMENT_HEAD;
    return at->fd < 0 ? GW_IO : GW_OK;
}

/* The newest segment that begins at or before the ordinal; there is one for every one to
 * be read. */
static const struct gw_segment *segment_of(const struct gw_spool *s, uint64_t ordinal)
{
    uint32_t i = s->count;
    while (i && s->segments[i - 1].first > ordinal)
        i--;
    return i ? &s->segments[i - 1] : NULL;
}

/* Put the reader before `ordinal`: usually it stands there already. */
static enum gw_error seek(struct gw_spool *s, struct gw_reader *at,
                          const struct gw_segment *g, uint64_t ordinal)
{
    struct gw_spool_record r;
    enum gw_error e = GW_OK;
    if (at->fd < 0 || at->first != g->first || at->ordinal > ordinal)
        e = open_reader(s, at, g->first);
    while (!e && at->ordinal < ordinal) {
        e = gw_record_peek(at->fd, at->at, g->size, &r, &at->at);
        at->ordinal++;
    }
    return e;
}

static enum gw_error read_ordinal(struct gw_spool *s, struct gw_reader *at,
                                  uint64_t ordinal, struct gw_spool_record *r)
{
    const struct gw_segment *g = segment_of(s, ordinal);
    if (!g || ordinal <= s->cursor.acked || ordinal > s->safe)
        return GW_NOT_FOUND;
    enum gw_error e = seek(s, at, g, ordinal);
    if (!e)
        e = gw_record_read(at->fd, at->at, g->size, &s->room, r, &at->at);
    if (!e && r->ordinal != ordinal)
        e = GW_CORRUPT;
    at->ordinal++;
    if (e)
        gw_dir_close(&at->fd);
    return e;
}

enum gw_error gw_spool_read(struct gw_spool *s, uint64_t number,
                            struct gw_spool_batch *out)
{
    struct gw_spool_record r;
    enum gw_error e = read_ordinal(s, &s->reader, ordinal_of(s, number), &r);
    if (!e)
        *out = (struct gw_spool_batch){.number = number,
                                       .count = r.count,
                                       .time_ms = r.time_ms,
                                       .events = r.events,
                                       .name = r.name};
    return e;
}

/* ---- describing ---- */

/* The tail only ever moves forward, one record for each that is acknowledged. */
static int64_t oldest_ms(struct gw_spool *s)
{
    struct gw_spool_record r;
    uint64_t next, ordinal = s->cursor.acked + 1;
    const struct gw_segment *g = segment_of(s, ordinal);
    if (!g || ordinal > s->safe || seek(s, &s->tail, g, ordinal) ||
        gw_record_peek(s->tail.fd, s->tail.at, g->size, &r, &next))
        return 0;
    return r.time_ms;
}

void gw_spool_describe(struct gw_spool *s, struct gw_spool_info *out)
{
    *out = (struct gw_spool_info){.bytes = s->bytes,
                                  .max_bytes = s->set.max_bytes,
                                  .batches = s->safe - s->cursor.acked,
                                  .oldest_ms = oldest_ms(s),
                                  .segments = s->count,
                                  .failed = s->failed};
}

bool gw_spool_full(struct gw_spool *s, int64_t now_ms)
{
    int64_t oldest = oldest_ms(s);
    bool many =
        s->bytes + s->set.max_bytes / 64 >= s->set.max_bytes && s->cursor.acked < s->safe;
    return s->failed || many || (oldest && now_ms - oldest > s->set.max_days * DAY_MS);
}
