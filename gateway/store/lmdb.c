/* lmdb.c - the tables on disk; the only file that includes LMDB.
 *
 * Room: a value goes into pages of the map at once, larger ones into a run of pages of
 * their own. What is deleted becomes free pages in the same file, which never shrinks; so
 * "used" counts the pages of the tables, not the length of the file. */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "store/guard.h"
#include "store/kv.h"

#define READERS 254
#define SHORT_PAGES                                                                      \
    64 /* a file may rightly end this much before its last page: see check_length() */

struct lmdb_kv;

struct lmdb_view {
    struct gw_view view;
    MDB_txn *txn;
    bool live;
};

struct lmdb_kv {
    struct gw_kv kv;
    MDB_env *env;
    MDB_dbi tables[GW_TABLES];
    struct lmdb_view writing;
    size_t page_bytes;
    uint64_t max_bytes;
    int dir_fd, data_fd, lock_fd;
};

static const struct {
    const char *name;
    unsigned put_flags;
} table_info[GW_TABLES] = {
    [GW_T_JOURNAL] = {"journal", MDB_APPEND},
    [GW_T_ADAPTERS] = {"adapters", 0},
    [GW_T_OUTCOMES] = {"outcomes", 0},
    [GW_T_CURSORS] = {"cursors", 0},
    [GW_T_QUARANTINE] = {"quarantine", MDB_APPEND},
    [GW_T_QUOTAS] = {"quotas", 0},
    [GW_T_META] = {"meta", 0},
    [GW_T_CHECKPOINTS] = {"checkpoints", MDB_APPEND},
};

static struct lmdb_kv *of_kv(struct gw_kv *kv)
{
    return (struct lmdb_kv *)kv;
}
static struct lmdb_view *of_view(struct gw_view *v)
{
    return (struct lmdb_view *)v;
}
static MDB_dbi handle(const struct gw_view *v, enum gw_table t)
{
    return ((struct lmdb_kv *)v->kv)->tables[t];
}
static MDB_val val(struct gw_slice s)
{
    return (MDB_val){s.len, (void *)(uintptr_t)s.at};
}
static struct gw_slice slice(MDB_val v)
{
    return gw_slice(v.mv_data, v.mv_size);
}

static enum gw_error outcome(int rc)
{
    static const struct {
        int rc;
        enum gw_error e;
    } known[] = {
        {MDB_SUCCESS, GW_OK},         {MDB_NOTFOUND, GW_NOT_FOUND},
        {MDB_MAP_FULL, GW_DISK_FULL}, {MDB_TXN_FULL, GW_DISK_FULL},
        {ENOSPC, GW_DISK_FULL},       {EDQUOT, GW_DISK_FULL},
        {ENOMEM, GW_NOMEM},           {MDB_KEYEXIST, GW_CORRUPT},
        {MDB_CORRUPTED, GW_CORRUPT},  {MDB_PAGE_NOTFOUND, GW_CORRUPT},
        {MDB_INVALID, GW_CORRUPT},    {MDB_BAD_TXN, GW_CORRUPT},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].rc == rc)
            return known[i].e;
    return GW_IO;
}

/* ---- transactions and views
 * ---------------------------------------------------------------- */

static enum gw_error begin(struct gw_kv *kv, struct gw_view **out)
{
    struct lmdb_kv *l = of_kv(kv);
    enum gw_error e;
    gw_guard_enter();
    e = outcome(mdb_txn_begin(l->env, NULL, 0, &l->writing.txn));
    gw_guard_exit();
    l->writing.live = !e;
    *out = e ? NULL : &l->writing.view;
    return e;
}

static uint64_t disk_free(const struct lmdb_kv *l)
{
    struct statvfs st;
    if (fstatvfs(l->dir_fd, &st) != 0)
        return UINT64_MAX; /* cannot tell: a write will */
    return (uint64_t)st.f_bavail * st.f_frsize;
}

/* The first commit holds the journal's state: from then on there is a journal. */
static void note_begun(struct lmdb_kv *l)
{
    static const char note[] = "There is a journal here.\n";
    l->kv.begun = pwrite(l->lock_fd, note, sizeof note - 1, 0) == (ssize_t)sizeof note - 1 &&
                  fsync(l->lock_fd) == 0; /* else the next commit tries again */
}

/* LMDB calls a write that came out short EIO, and that is how a full disk looks when it
 * fills in the middle of one.  To take it for that is safe: the pages of a transaction
 * that failed are referred to by nothing, and the next one writes them anew. */
static enum gw_error commit(struct gw_kv *kv)
{
    struct lmdb_kv *l = of_kv(kv);
    int rc;
    gw_guard_enter();
    rc = mdb_txn_commit(l->writing.txn);
    gw_guard_exit();
    l->writing.txn = NULL;
    l->writing.live = false;
    if (!rc && !l->kv.begun)
        note_begun(l);
    if (rc == EIO && disk_free(l) < 64 * l->page_bytes)
        rc = ENOSPC;
    return rc == MDB_SUCCESS             ? GW_OK
           : outcome(rc) == GW_DISK_FULL ? GW_DISK_FULL
           : rc == ENOMEM                ? GW_NOMEM
                                         : GW_IO;
}

static void abort_writing(struct gw_kv *kv)
{
    struct lmdb_kv *l = of_kv(kv);
    if (l->writing.txn)
        mdb_txn_abort(l->writing.txn);
    l->writing.txn = NULL;
    l->writing.live = false;
}

static enum gw_error view_open(struct gw_kv *kv, struct gw_view **out)
{
    struct lmdb_kv *l = of_kv(kv);
    struct lmdb_view *v = calloc(1, sizeof *v);
    enum gw_error e;

    *out = NULL;
    if (!v)
        return GW_NOMEM;
    v->view.kv = kv;
    e = outcome(mdb_txn_begin(l->env, NULL, MDB_RDONLY, &v->txn));
    if (e) {
        free(v);
        return e;
    }
    mdb_txn_reset(v->txn);
    *out = &v->view;
    return GW_OK;
}

static void view_release(struct gw_view *v)
{
    struct lmdb_view *l = of_view(v);
    if (l->live)
        mdb_txn_reset(l->txn);
    l->live = false;
}

static enum gw_error view_renew(struct gw_view *v)
{
    struct lmdb_view *l = of_view(v);
    enum gw_error e;
    view_release(v);
    e = outcome(mdb_txn_renew(l->txn));
    l->live = !e;
    return e;
}

static void view_close(struct gw_view *v)
{
    if (!v)
        return;
    mdb_txn_abort(of_view(v)->txn);
    free(v);
}

/* ---- tables
 * -------------------------------------------------------------------------------- */

static enum gw_error get(struct gw_view *v, enum gw_table t, struct gw_slice key,
                         struct gw_slice *value)
{
    MDB_val k = val(key), d;
    enum gw_error e;
    gw_guard_enter();
    e = outcome(mdb_get(of_view(v)->txn, handle(v, t), &k, &d));
    gw_guard_exit();
    if (!e)
        *value = slice(d);
    return e;
}

static int seek_before(MDB_cursor *c, MDB_val *k, MDB_val *d, struct gw_slice key)
{
    int rc = mdb_cursor_get(c, k, d, MDB_SET_RANGE);
    if (rc == MDB_NOTFOUND)
        return mdb_cursor_get(c, k, d, MDB_LAST);
    if (rc == MDB_SUCCESS && !gw_slice_eq(slice(*k), key))
        rc = mdb_cursor_get(c, k, d, MDB_PREV);
    return rc;
}

static enum gw_error seek(struct gw_view *v, enum gw_table t, enum gw_seek how,
                          struct gw_slice key, struct gw_pair *out)
{
    static const MDB_cursor_op ops[] = {[GW_SEEK_FIRST] = MDB_FIRST,
                                        [GW_SEEK_LAST] = MDB_LAST,
                                        [GW_SEEK_AT_OR_AFTER] = MDB_SET_RANGE};
    MDB_val k = val(key), d;
    MDB_cursor *c;
    int rc;

    gw_guard_enter();
    rc = mdb_cursor_open(of_view(v)->txn, handle(v, t), &c);
    if (!rc) {
        rc = how == GW_SEEK_AT_OR_BEFORE ? seek_before(c, &k, &d, key)
                                         : mdb_cursor_get(c, &k, &d, ops[how]);
        mdb_cursor_close(c);
    }
    gw_guard_exit();
    if (rc)
        return outcome(rc);
    out->key = slice(k);
    out->value = slice(d);
    return GW_OK;
}

static enum gw_error put(struct gw_view *v, enum gw_table t, struct gw_slice key,
                         size_t len, uint8_t **room)
{
    MDB_val k = val(key), d = {len, NULL};
    enum gw_error e;
    gw_guard_enter();
    e = outcome(mdb_put(of_view(v)->txn, handle(v, t), &k, &d,
                        MDB_RESERVE | table_info[t].put_flags));
    gw_guard_exit();
    *room = e ? NULL : d.mv_data;
    return e;
}

static enum gw_error del(struct gw_view *v, enum gw_table t, struct gw_slice key)
{
    MDB_val k = val(key);
    enum gw_error e;
    gw_guard_enter();
    e = outcome(mdb_del(of_view(v)->txn, handle(v, t), &k, NULL));
    gw_guard_exit();
    return e;
}

static enum gw_error count(struct gw_view *v, enum gw_table t, uint64_t *out)
{
    MDB_stat st;
    enum gw_error e;
    gw_guard_enter();
    e = outcome(mdb_stat(of_view(v)->txn, handle(v, t), &st));
    gw_guard_exit();
    *out = e ? 0 : st.ms_entries;
    return e;
}

static uint64_t capacity(const struct lmdb_kv *l)
{
    struct stat st;
    uint64_t there = fstat(l->data_fd, &st) == 0 ? (uint64_t)st.st_blocks * 512 : 0;
    uint64_t more = disk_free(l);
    uint64_t could = more > UINT64_MAX - there ? UINT64_MAX : there + more;
    return could < l->max_bytes ? could : l->max_bytes;
}

static enum gw_error used(struct gw_view *v, uint64_t *bytes, uint64_t *most)
{
    const struct lmdb_kv *l = of_kv(v->kv);
    uint64_t pages = 0;
    for (unsigned t = 0; t < GW_TABLES; t++) {
        MDB_stat st;
        enum gw_error e;
        gw_guard_enter();
        e = outcome(mdb_stat(of_view(v)->txn, l->tables[t], &st));
        gw_guard_exit();
        if (e)
            return e;
        pages += st.ms_branch_pages + st.ms_leaf_pages + st.ms_overflow_pages;
    }
    *bytes = pages * l->page_bytes;
    *most = capacity(l);
    return GW_OK;
}

static void tidy(struct gw_kv *kv)
{
    int dead = 0;
    (void)mdb_reader_check(of_kv(kv)->env, &dead);
}

/* ---- open and close
 * ------------------------------------------------------------------------ */

static void close_kv(struct gw_kv *kv)
{
    struct lmdb_kv *l = of_kv(kv);
    if (!l)
        return;
    abort_writing(kv);
    gw_guard_remove(l->data_fd);
    if (l->env)
        mdb_env_close(l->env);
    for (int i = 0; i < 3; i++) {
        int fd = i == 0 ? l->dir_fd : i == 1 ? l->data_fd : l->lock_fd;
        if (fd >= 0)
            (void)close(fd);
    }
    free(l);
}

static const struct gw_kv_ops lmdb_ops = {
    .begin = begin,
    .commit = commit,
    .abort = abort_writing,
    .view_open = view_open,
    .view_renew = view_renew,
    .view_release = view_release,
    .view_close = view_close,
    .get = get,
    .seek = seek,
    .put = put,
    .del = del,
    .count = count,
    .used = used,
    .tidy = tidy,
    .close = close_kv,
};

static enum gw_error make_dirs(const char *dir, struct gw_text *why)
{
    char path[512];
    if (!gw_slice_copy(gw_slice_str(dir), path, sizeof path) || !path[0]) {
        gw_text_set(why, "journal directory: name is empty or too long");
        return GW_RANGE;
    }
    for (char *p = path + 1;; p++) {
        char was = *p;
        if (was && was != '/')
            continue;
        *p = 0;
        if (mkdir(path, 0750) != 0 && errno != EEXIST) {
            gw_text_set(why, "%s: cannot make the directory: %s", path, strerror(errno));
            return GW_IO;
        }
        *p = was;
        if (!was)
            return GW_OK;
    }
}

/* One gateway per journal: LMDB would let a second one wait for ever instead of saying
 * so. */
static enum gw_error lock_dir(struct lmdb_kv *l, const char *dir, struct gw_text *why)
{
    l->lock_fd = openat(l->dir_fd, "writer.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (l->lock_fd < 0) {
        gw_text_set(why, "%s/writer.lock: %s", dir, strerror(errno));
        return GW_IO;
    }
    if (flock(l->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return GW_OK;
    gw_text_set(why, "%s is in use by another gateway; stop that one first", dir);
    return GW_EXISTS;
}

/* LMDB takes a data file that is missing or empty for a journal that is to begin: what
 * was there would be gone without a word.  So the lock file is empty until there is a
 * journal. */
static enum gw_error check_begun(struct lmdb_kv *l, const struct gw_kv_settings *s,
                                 struct gw_text *why)
{
    struct stat lock, data;
    l->kv.begun = !s->read_only && fstat(l->lock_fd, &lock) == 0 && lock.st_size > 0;
    if (!l->kv.begun ||
        (fstatat(l->dir_fd, "data.mdb", &data, 0) == 0 && data.st_size > 0))
        return GW_OK;
    gw_text_set(why,
                "%s/data.mdb is missing or empty, and there was a journal: put back a "
                "copy; to begin "
                "a new one instead, remove %s/writer.lock",
                s->dir, s->dir);
    return GW_CORRUPT;
}

static enum gw_error open_dir(struct lmdb_kv *l, const struct gw_kv_settings *s,
                              struct gw_text *why)
{
    enum gw_error e = s->read_only ? GW_OK : make_dirs(s->dir, why);
    if (e)
        return e;
    l->dir_fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (l->dir_fd < 0) {
        gw_text_set(why, "%s: %s", s->dir, strerror(errno));
        return errno == ENOENT ? GW_NOT_FOUND : GW_IO;
    }
    return s->read_only ? GW_OK : lock_dir(l, s->dir, why);
}

/* LMDB has met something that cannot be; it would abort. */
static void on_assert(MDB_env *env, const char *what)
{
    (void)env;
    (void)what;
    gw_guard_leave();
}

static enum gw_error open_env(struct lmdb_kv *l, const struct gw_kv_settings *s,
                              struct gw_text *why)
{
    unsigned flags =
        MDB_NOTLS | (s->read_only ? MDB_RDONLY : 0) | (s->durable ? 0 : MDB_NOSYNC);
    int rc = mdb_env_create(&l->env);
    if (!rc)
        rc = mdb_env_set_assert(l->env, on_assert);
    if (!rc)
        rc = mdb_env_set_maxdbs(l->env, GW_TABLES);
    if (!rc)
        rc = mdb_env_set_maxreaders(l->env, READERS);
    if (!rc && !s->read_only)
        rc = mdb_env_set_mapsize(l->env, s->max_bytes / 4096 * 4096);
    if (!rc)
        rc = mdb_env_open(l->env, s->dir, flags, 0640);
    if (!rc)
        return GW_OK;
    gw_text_set(why, "%s: %s", s->dir, mdb_strerror(rc));
    return rc == ENOENT                  ? GW_NOT_FOUND
           : outcome(rc) == GW_NOT_FOUND ? GW_CORRUPT
                                         : outcome(rc);
}

/* A file that was cut short would end the process by SIGBUS when its pages are touched.
 * LMDB does not write pages that were taken and given back in one transaction, so a few
 * missing at the end are no damage; they are made good so that the file always covers
 * what the map refers to. */
static enum gw_error check_length(struct lmdb_kv *l, const struct gw_kv_settings *s,
                                  struct gw_text *why)
{
    MDB_envinfo info;
    MDB_stat st;
    struct stat file;
    uint64_t need;

    l->data_fd =
        openat(l->dir_fd, "data.mdb", (s->read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
    if (l->data_fd < 0 || fstat(l->data_fd, &file) != 0) {
        gw_text_set(why, "%s/data.mdb: %s", s->dir, strerror(errno));
        return GW_IO;
    }
    (void)mdb_env_info(l->env, &info);
    (void)mdb_env_stat(l->env, &st);
    l->page_bytes = st.ms_psize;
    l->max_bytes = info.me_mapsize;
    need = (info.me_last_pgno + 1) * (uint64_t)st.ms_psize;
    if ((uint64_t)file.st_size >= need)
        return GW_OK;
    if (need - (uint64_t)file.st_size <= SHORT_PAGES * (uint64_t)st.ms_psize &&
        (s->read_only || ftruncate(l->data_fd, (off_t)need) == 0))
        return GW_OK;
    gw_text_set(
        why,
        "%s/data.mdb has %llu bytes where %llu belong: it was cut short; put back a copy",
        s->dir, (unsigned long long)file.st_size, (unsigned long long)need);
    return GW_CORRUPT;
}

/* A later version may bring tables of its own; these two have been there from the first
 * day. */
static bool may_create(const struct lmdb_kv *l, const struct gw_kv_settings *s,
                       unsigned t)
{
    return !s->read_only && !(l->kv.begun && (t == GW_T_JOURNAL || t == GW_T_META));
}

static enum gw_error open_tables(struct lmdb_kv *l, const struct gw_kv_settings *s,
                                 struct gw_text *why)
{
    MDB_txn *txn;
    int rc;
    gw_guard_add(l->data_fd, s->dir);
    gw_guard_enter();
    rc = mdb_txn_begin(l->env, NULL, s->read_only ? MDB_RDONLY : 0, &txn);
    if (!rc) {
        for (unsigned t = 0; t < GW_TABLES && !rc; t++)
            rc = mdb_dbi_open(txn, table_info[t].name,
                              may_create(l, s, t) ? MDB_CREATE : 0, &l->tables[t]);
        if (rc)
            mdb_txn_abort(txn);
        else
            rc = mdb_txn_commit(txn);
    }
    gw_guard_exit();
    if (!rc)
        return GW_OK;
    gw_text_set(why, "%s: no journal of this gateway: %s", s->dir, mdb_strerror(rc));
    return rc == MDB_NOTFOUND ? GW_CORRUPT : outcome(rc);
}

enum gw_error gw_kv_lmdb(struct gw_kv **out, const struct gw_kv_settings *s,
                         struct gw_text *why)
{
    struct lmdb_kv *l = calloc(1, sizeof *l);
    enum gw_error e = GW_OK;

    *out = NULL;
    if (!l)
        return GW_NOMEM;
    l->kv.ops = &lmdb_ops;
    l->writing.view.kv = &l->kv;
    l->dir_fd = l->data_fd = l->lock_fd = -1;
    e = open_dir(l, s, why);
    if (!e)
        e = check_begun(l, s, why);
    if (!e)
        e = open_env(l, s, why);
    if (!e)
        e = check_length(l, s, why);
    if (!e)
        e = open_tables(l, s, why);
    if (e) {
        close_kv(&l->kv);
        return e;
    }
    tidy(&l->kv);
    *out = &l->kv;
    return GW_OK;
}
