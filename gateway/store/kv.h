/* kv.h - ordered tables of bytes with transactions: all that a store needs of its disk.
 *
 * Two of them: lmdb.c, on disk, and memory.c.  What the tables mean is above (records.h, entry.h);
 * a kv knows keys, which sort bytewise, and values.
 *
 * One writing transaction at a time, between begin() and commit() or abort(); it sees its own
 * changes.  Reading views, as many as wanted, see what was committed when they were renewed.
 * Pointers out of a view live until it is changed, renewed, released or ended.
 *
 * Errors  GW_NOT_FOUND; GW_DISK_FULL no room for this change, nothing is broken; GW_CORRUPT the tables
 *         do not hang together; GW_IO the disk failed; GW_NOMEM.  After any error but GW_NOT_FOUND
 *         a writing transaction can only be aborted; after one of commit() it is gone already.
 * Thread  the writing transaction: one thread.  A view: one thread at a time. */
#ifndef GW_STORE_KV_H
#define GW_STORE_KV_H
#include "base/buf.h"

enum gw_table {
    GW_T_JOURNAL,    /* be64 first seq -> entry (entry.h); keys only grow */
    GW_T_ADAPTERS,   /* operator/adapter -> its number and last batch */
    GW_T_OUTCOMES,   /* be32 adapter, be64 batch -> what became of it */
    GW_T_CURSORS,    /* operator/subscription -> cursor and filter */
    GW_T_QUARANTINE, /* be64 id -> refused event; keys only grow */
    GW_T_QUOTAS,     /* operator -> bytes it has in quarantine */
    GW_T_META,       /* "state" -> struct gw_state */
    GW_T_CHECKPOINTS, /* be64 seq -> signed statement (checkpoint.h); keys only grow */
    GW_TABLES
};

enum gw_seek { GW_SEEK_FIRST, GW_SEEK_LAST, GW_SEEK_AT_OR_AFTER, GW_SEEK_AT_OR_BEFORE };

struct gw_pair {
    struct gw_slice key, value;
};

struct gw_kv;
struct gw_view;

struct gw_kv_ops {
    enum gw_error (*begin)(struct gw_kv *kv, struct gw_view **out);
    enum gw_error (*commit)(struct gw_kv *kv);
    void (*abort)(struct gw_kv *kv);

    enum gw_error (*view_open)(struct gw_kv *kv, struct gw_view **out);
    enum gw_error (*view_renew)(struct gw_view *v);
    void (*view_release)(struct gw_view *v); /* let go of what it sees; renew before the next use */
    void (*view_close)(struct gw_view *v);

    enum gw_error (*get)(struct gw_view *v, enum gw_table t, struct gw_slice key,
                         struct gw_slice *value);
    enum gw_error (*seek)(struct gw_view *v, enum gw_table t, enum gw_seek how,
                          struct gw_slice key, struct gw_pair *out);
    /* Make or replace a value of `len` bytes; *room is where to write all of them, at once. */
    enum gw_error (*put)(struct gw_view *v, enum gw_table t, struct gw_slice key, size_t len,
                         uint8_t **room);
    enum gw_error (*del)(struct gw_view *v, enum gw_table t, struct gw_slice key);

    enum gw_error (*count)(struct gw_view *v, enum gw_table t, uint64_t *out);
    /* Bytes in use by all tables, and how many they could be: the limit, or what the disk can
     * still hold if that is less. */
    enum gw_error (*used)(struct gw_view *v, uint64_t *used, uint64_t *capacity);
    /* Now and then: forget what readers that died have pinned. */
    void (*tidy)(struct gw_kv *kv);
    void (*close)(struct gw_kv *kv);
};

/* First member of every kv. */
struct gw_kv {
    const struct gw_kv_ops *ops;
    bool begun; /* there has been a journal in these tables: without its state they are damaged */
};
/* First member of every view. */
struct gw_view {
    struct gw_kv *kv;
};

struct gw_kv_settings {
    const char *dir;
    uint64_t max_bytes;
    bool durable;
    bool read_only;
};

/* Owns  *out is the caller's: ops->close(). `why` says in words what to do after an error. */
GW_MUST_USE enum gw_error gw_kv_lmdb(struct gw_kv **out, const struct gw_kv_settings *s,
                                     struct gw_text *why);
/* One thread for everything, readers included. */
GW_MUST_USE enum gw_error gw_kv_memory(struct gw_kv **out, uint64_t max_bytes);

/* Short forms. */
static inline enum gw_error gw_get(struct gw_view *v, enum gw_table t, struct gw_slice key,
                                   struct gw_slice *value)
{
    return v->kv->ops->get(v, t, key, value);
}
static inline enum gw_error gw_seek(struct gw_view *v, enum gw_table t, enum gw_seek how,
                                    struct gw_slice key, struct gw_pair *out)
{
    return v->kv->ops->seek(v, t, how, key, out);
}
static inline enum gw_error gw_put_room(struct gw_view *v, enum gw_table t, struct gw_slice key,
                                        size_t len, uint8_t **room)
{
    return v->kv->ops->put(v, t, key, len, room);
}
static inline enum gw_error gw_del(struct gw_view *v, enum gw_table t, struct gw_slice key)
{
    return v->kv->ops->del(v, t, key);
}
/* Put bytes that are at hand already. */
GW_MUST_USE enum gw_error gw_put(struct gw_view *v, enum gw_table t, struct gw_slice key,
                                 struct gw_slice value);
/* The first pair behind `key`. */
GW_MUST_USE enum gw_error gw_seek_behind(struct gw_view *v, enum gw_table t, struct gw_slice key,
                                         struct gw_pair *out);

/* Keys: numbers, most significant byte first, so that they sort. */
#define GW_KEY_MAX 80
struct gw_key {
    uint8_t bytes[GW_KEY_MAX];
    size_t len;
};
struct gw_key gw_key_u64(uint64_t n);
struct gw_key gw_key_outcome(uint32_t adapter, uint64_t batch);
/* "operator/name", or "operator" when name is NULL. */
struct gw_key gw_key_name(const char *operator, const char *name);
static inline struct gw_slice gw_key_slice(const struct gw_key *k)
{
    return gw_slice(k->bytes, k->len);
}
/* The last eight bytes of a key as a number; 0 for a shorter one. */
uint64_t gw_key_number(struct gw_slice key);
#endif
