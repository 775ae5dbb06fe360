/* kit.h - what the tests of the store share: small batches, a store of either kind,
 * waiting for a completion.  A test holds one `struct kit`. */
#ifndef GW_TESTS_STORE_KIT_H
#define GW_TESTS_STORE_KIT_H
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/hash.h"
#include "store/store.h"

struct kit {
    struct gw_journal *journal;
    struct gw_reader *reader;
    struct gw_journal_settings settings;
    struct gw_clock clock;
    struct gw_text why;
    int64_t now_ms;
    char dir[64];
    pthread_mutex_t lock;
    pthread_cond_t completed;
    struct gw_batch *last; /* completed last; one reference */
    uint32_t completions;
    bool memory;
};

static inline int64_t kit_wall(void *ctx)
{
    return ((struct kit *)ctx)->now_ms;
}
static inline int64_t kit_mono(void *ctx)
{
    (void)ctx;
    return gw_mono_ns(&gw_clock_system);
}

static inline struct gw_journal_settings kit_settings(void)
{
    return (struct gw_journal_settings){.max_bytes = 256u << 20,
                                        .queue_batches = 64,
                                        .group_events = 8192,
                                        .durable = false,
                                        .duplicate_window = 4096,
                                        .outcome_window = 8,
                                        .cursor_ms = 5,
                                        .warn_percent = 80,
                                        .shrink_percent = 90,
                                        .refuse_percent = 95,
                                        .quarantine_bytes = 4096};
}

static inline enum gw_error kit_open(struct kit *k)
{
    enum gw_error e = k->memory
                          ? gw_memory_open(&k->journal, &k->settings, &k->clock, &k->why)
                          : gw_lmdb_open(&k->journal, &k->settings, &k->clock, &k->why);
    if (!e)
        e = k->journal->ops->reader_open(k->journal, &k->reader);
    return e;
}

static inline void kit_close(struct kit *k)
{
    if (k->reader)
        k->journal->ops->reader_close(k->reader);
    if (k->journal)
        k->journal->ops->close(k->journal);
    k->reader = NULL;
    k->journal = NULL;
}

/* Settings may be changed between init and open. */
static inline void kit_init(struct kit *k, bool memory)
{
    memset(k, 0, sizeof *k);
    k->memory = memory;
    k->now_ms = 1795439100000;
    k->clock = (struct gw_clock){kit_wall, kit_mono, k};
    k->settings = kit_settings();
    (void)snprintf(k->dir, sizeof k->dir, "/tmp/karvan-store-XXXXXX");
    if (!mkdtemp(k->dir))
        abort();
    k->settings.dir = k->dir;
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->completed, NULL);
}

static inline void kit_end(struct kit *k)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", "writer.lock"};
    kit_close(k);
    gw_batch_unref(k->last);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", k->dir, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(k->dir);
    pthread_cond_destroy(&k->completed);
    pthread_mutex_destroy(&k->lock);
}

static inline void kit_done(struct gw_batch *b, void *ctx)
{
    struct kit *k = ctx;
    pthread_mutex_lock(&k->lock);
    gw_batch_unref(k->last);
    k->last = b;
    k->completions++;
    pthread_cond_broadcast(&k->completed);
    pthread_mutex_unlock(&k->lock);
}

static inline void kit_wait(struct kit *k, uint32_t completions)
{
    pthread_mutex_lock(&k->lock);
    while (k->completions < completions)
        pthread_cond_wait(&k->completed, &k->lock);
    pthread_mutex_unlock(&k->lock);
}

static inline void kit_str(struct gw_buf *b, const char *s)
{
    size_t n = strlen(s);
    if (n < 32)
        gw_buf_byte(b, (uint8_t)(0xa0 | n));
    else {
        gw_buf_byte(b, 0xd9);
        gw_buf_byte(b, (uint8_t)n);
    }
    gw_buf_str(b, s);
}

/* An event as far as the store looks: a map with schema, id, and a text. */
static inline void kit_event(struct gw_buf *b, const char *id, const char *text)
{
    gw_buf_byte(b, 0x83);
    kit_str(b, "schema");
    gw_buf_byte(b, 1);
    kit_str(b, "id");
    kit_str(b, id);
    kit_str(b, "type");
    kit_str(b, text);
}

static inline struct gw_batch *kit_batch(struct kit *k, const char *operator,
                                         const char * adapter, uint64_t number)
{
    struct gw_batch *b;
    if (gw_batch_new(&b, 4u << 20, 8192))
        abort();
    (void)gw_slice_copy(gw_slice_str(operator), b->operator, sizeof b->operator);
    (void)gw_slice_copy(gw_slice_str(adapter), b->adapter, sizeof b->adapter);
    b->number = number;
    b->body_hash = 1000 + number;
    b->received_ms = k->now_ms;
    b->done = kit_done;
    b->done_ctx = k;
    return b;
}

static inline struct gw_record *kit_add(struct kit *k, struct gw_batch *b, const char *id,
                                        const char *text)
{
    size_t at = b->events.len;
    char key[128];
    int n = snprintf(key, sizeof key, "%s%c%s", b->operator, 0, id);
    struct gw_record *r = gw_batch_record(b);
    if (!r)
        abort();
    kit_event(&b->events, id, text);
    r->at = (uint32_t)at;
    r->len = (uint32_t)(b->events.len - at);
    r->index = b->count + b->refusal_count - 1;
    r->id_hash = gw_hash64(gw_slice(key, (size_t)n), k->journal->seed);
    r->content = gw_hash64(gw_slice(b->events.at + at, r->len), 0);
    return r;
}

static inline void kit_refuse(struct gw_batch *b, const char *bytes)
{
    struct gw_fault f = {
        .code = GW_MISSING, .at = 3, .rule = "required", .field = "type"};
    if (gw_batch_refuse(b, b->count + b->refusal_count, gw_slice_str(bytes), &f))
        abort();
}

/* Append and wait; the completed batch is borrowed until the next call. */
static inline const struct gw_batch *kit_append(struct kit *k, struct gw_batch *b)
{
    uint32_t before = k->completions;
    if (k->journal->ops->append(k->journal, &b))
        abort();
    kit_wait(k, before + 1);
    return k->last;
}

/* One batch with `count` new events "<prefix>-<i>". */
static inline struct gw_batch *kit_many(struct kit *k, const char *operator,
                                        uint64_t number, const char *prefix,
                                        unsigned count)
{
    struct gw_batch *b = kit_batch(k, operator, "a1", number);
    for (unsigned i = 0; i < count; i++) {
        char id[64];
        (void)snprintf(id, sizeof id, "%s-%llu-%u", prefix, (unsigned long long)number,
                       i);
        kit_add(k, b, id, "load");
    }
    return b;
}
#endif
