/* profile_maps.c - `maps` of a profile: lists of codes, written out or in a table beside
 * it. */
#include "base/csv.h"
#include "conf/complaint.h"
#include "conf/file.h"
#include "conf/profile_build.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define TABLE_BYTES  ((size_t)4 << 20)
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

static const char *const map_keys[] = {"codes", "else", "file", "from", "list", "to"};

static enum gw_error add(struct gw_profile_build *b, struct gw_ynode at,
                         struct gw_profile_map *m, struct gw_slice code,
                         struct gw_slice means)
{
    enum gw_error e = GW_RANGE;
    if (code.len && means.len)
        e = gw_code_map_add(m->codes, code, means);
    if (!e)
        return GW_OK;
    return gw_profile_wrong(
        b, at,
        e == GW_EXISTS ? "keep one of them" : "write code and meaning, shorter or fewer",
        "maps.%s: code \"%.*s\" %s", m->name, code.len > 40 ? 40 : (int)code.len,
        (const char *)code.at,
        e == GW_EXISTS ? "is there twice" : "or its meaning is impossible");
}

/* {code: meaning, ...} */
static enum gw_error read_pairs(struct gw_profile_build *b, struct gw_ynode at,
                                struct gw_profile_map *m)
{
    enum gw_error e = GW_OK;
    for (int i = 0; i < gw_ynode_count(at) && !e; i++) {
        struct gw_ynode means = gw_ynode_item(at, i);
        if (gw_ynode_kind(means) != GW_Y_SCALAR)
            return gw_profile_wrong(b, means, "write code: meaning",
                                    "maps.%s: a meaning is one word", m->name);
        e = add(b, means, m, gw_slice_str(gw_ynode_text(gw_ynode_key(at, i))),
                gw_slice_str(gw_ynode_text(means)));
    }
    return e;
}

/* [[code, meaning], ...] */
static enum gw_error read_list(struct gw_profile_build *b, struct gw_ynode at,
                               struct gw_profile_map *m)
{
    enum gw_error e = GW_OK;
    for (int i = 0; i < gw_ynode_count(at) && !e; i++) {
        struct gw_ynode pair = gw_ynode_item(at, i);
        if (gw_ynode_kind(pair) != GW_Y_LIST || gw_ynode_count(pair) != 2)
            return gw_profile_wrong(b, pair, "write [code, meaning]",
                                    "maps.%s: not a pair of code and meaning", m->name);
        e = add(b, pair, m, gw_slice_str(gw_ynode_text(gw_ynode_item(pair, 0))),
                gw_slice_str(gw_ynode_text(gw_ynode_item(pair, 1))));
    }
    return e;
}

static enum gw_error read_codes(struct gw_profile_build *b, struct gw_ynode at,
                                struct gw_profile_map *m)
{
    if (gw_ynode_kind(at) == GW_Y_MAP && gw_ynode_count(at))
        return read_pairs(b, at, m);
    if (gw_ynode_kind(at) == GW_Y_LIST && gw_ynode_count(at))
        return read_list(b, at, m);
    return gw_profile_wrong(b, at, "write {code: meaning, ...} or [[code, meaning], ...]",
                            "maps.%s.codes: no codes", m->name);
}

/* ---- tables ---- */

struct table {
    struct gw_profile_map *m;
    char path[512];
    struct gw_csv csv;
    int from, to; /* columns */
};

static enum gw_error in_table(struct gw_profile_build *b, const struct table *t,
                              const char *what, const char *word, const char *remedy)
{
    return gw_complain_of(b->c, GW_FORMAT, t->path, (int)t->csv.line, remedy,
                          "maps.%s: %s%s", t->m->name, what, word);
}

static int column(const struct gw_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->count; i++)
        if (gw_slice_is(csv->fields[i], name))
            return (int)i;
    return -1;
}

static enum gw_error read_header(struct gw_profile_build *b, struct gw_ynode map,
                                 struct table *t)
{
    struct gw_ynode from = gw_ynode_get(map, "from"), to = gw_ynode_get(map, "to");
    const char *names[2] = {gw_ynode_kind(from) ? gw_ynode_text(from) : "from",
                            gw_ynode_kind(to) ? gw_ynode_text(to) : "to"};
    if (gw_csv_row(&t->csv))
        return in_table(b, t, "the table is empty", "",
                        "begin with a line of column names");
    t->from = column(&t->csv, names[0]);
    t->to = column(&t->csv, names[1]);
    if (t->from < 0 || t->to < 0)
        return in_table(b, t, "the first line has no column ", names[t->from < 0 ? 0 : 1],
                        "name the columns with `from` and `to` in the profile");
    return GW_OK;
}

static enum gw_error read_rows(struct gw_profile_build *b, struct table *t)
{
    enum gw_error e;
    while ((e = gw_csv_row(&t->csv)) == GW_OK) {
        size_t most = (size_t)(t->from > t->to ? t->from : t->to);
        if (t->csv.count <= most)
            return in_table(b, t, "a line has too few columns", "", "complete it");
        if (!t->csv.fields[t->to].len)
            continue; /* a code that means nothing yet: not in the map */
        e = add(b, (struct gw_ynode){0}, t->m, t->csv.fields[t->from],
                t->csv.fields[t->to]);
        if (e) { /* said without a place, as there is no line of YAML for it */
            (void)snprintf(b->c->file, sizeof b->c->file, "%.120s", t->path);
            b->c->line = (int)t->csv.line;
            return e;
        }
    }
    return e == GW_NOT_FOUND
               ? GW_OK
               : in_table(b, t, "not a row of a table", "", "correct the quotes");
}

static enum gw_error read_table(struct gw_profile_build *b, struct gw_ynode map,
                                struct gw_ynode file, struct gw_profile_map *m)
{
    struct table t = {.m = m};
    const char *name = gw_ynode_text(file);
    struct gw_buf bytes;
    enum gw_error e;

    if (!*name || *name == '/' || strstr(name, ".."))
        return gw_profile_wrong(b, file, "name a file beside the profile",
                                "maps.%s.file: \"%.60s\" is not beside the profile",
                                m->name, name);
    (void)snprintf(t.path, sizeof t.path, "%s/%s", b->dir, name);
    gw_buf_init(&bytes, TABLE_BYTES);
    e = gw_file_read(t.path, &bytes);
    if (e)
        e = gw_profile_wrong(b, file, "check the name and the permissions",
                             "maps.%s.file: %.100s cannot be read", m->name, t.path);
    if (!e) {
        gw_csv_init(&t.csv, gw_buf_bytes(&bytes));
        e = read_header(b, map, &t);
    }
    if (!e)
        e = read_rows(b, &t);
    gw_buf_deinit(&bytes);
    return e;
}

/* ---- one map ---- */

static enum gw_error check_keys(struct gw_profile_build *b, struct gw_ynode map,
                                const char *name)
{
    char where[64];
    (void)snprintf(where, sizeof where, "maps.%.40s", name);
    for (int i = 0; i < gw_ynode_count(map); i++) {
        struct gw_ynode key = gw_ynode_key(map, i);
        size_t k = 0;
        while (k < sizeof map_keys / sizeof *map_keys &&
               strcmp(map_keys[k], gw_ynode_text(key)) != 0)
            k++;
        if (k == sizeof map_keys / sizeof *map_keys)
            return gw_profile_no_key(b, key, where, map_keys, sizeof *map_keys, k);
    }
    return GW_OK;
}

static enum gw_error read_else(struct gw_profile_build *b, struct gw_ynode map,
                               struct gw_profile_map *m)
{
    static const char *const words[] = {"refuse", "other", "pass", NULL};
    struct gw_ynode at = gw_ynode_get(map, "else"), list = gw_ynode_get(map, "list");
    char key[64];
    int word = 0;
    enum gw_error e;

    (void)snprintf(key, sizeof key, "maps.%s.else", m->name);
    if (!gw_ynode_kind(at))
        return gw_profile_wrong(
            b, map,
            "say what becomes of a code that is not in the map: refuse, other or pass",
            "%s is missing", key);
    e = gw_profile_word(b, at, key, words, &word);
    m->otherwise = (enum gw_profile_else)word;
    if (!e && gw_ynode_kind(list) &&
        (!*gw_ynode_text(list) ||
         !gw_slice_copy(gw_slice_str(gw_ynode_text(list)), m->list, sizeof m->list)))
        return gw_profile_wrong(b, list, "write a name of at most 64 bytes",
                                "maps.%s.list: no name of a code list", m->name);
    return e;
}

static enum gw_error read_content(struct gw_profile_build *b, struct gw_ynode map,
                                  struct gw_profile_map *m)
{
    struct gw_ynode codes = gw_ynode_get(map, "codes"), file = gw_ynode_get(map, "file");
    if (!gw_ynode_kind(codes) == !gw_ynode_kind(file))
        return gw_profile_wrong(
            b, map, "write `codes`, or `file` with a table beside the profile",
            "maps.%s: needs either codes or file", m->name);
    if (gw_ynode_kind(codes))
        return read_codes(b, codes, m);
    return read_table(b, map, file, m);
}

static enum gw_error read_map(struct gw_profile_build *b, struct gw_ynode key,
                              struct gw_ynode map)
{
    const char *name = gw_ynode_text(key);
    uint16_t index = b->p->map_count;
    struct gw_profile_map *m;
    enum gw_error e;

    if (!*name || strlen(name) > GW_PROFILE_NAME_MAX || name[strspn(name, NAME_LETTERS)])
        return gw_profile_wrong(b, key, "write 1 to 32 of a-z 0-9 - _ .",
                                "maps: \"%.60s\" cannot be a map's name", name);
    if (gw_ynode_kind(map) != GW_Y_MAP)
        return gw_profile_wrong(b, map, "write else: and codes: or file: below it",
                                "maps.%s: not a map", name);
    m = gw_profile_grow(b, (void **)&b->p->maps, &b->p->map_count, sizeof *m,
                        GW_PROFILE_MAPS, map, "maps");
    if (!m)
        return GW_FORMAT;
    (void)snprintf(m->name, sizeof m->name, "%s", name);
    b->map_nodes[index] = map;
    e = gw_code_map_new(&m->codes);
    if (!e)
        e = check_keys(b, map, name);
    if (!e)
        e = read_else(b, map, m);
    return e ? e : read_content(b, map, m);
}

enum gw_error gw_profile_maps_read(struct gw_profile_build *b, struct gw_ynode at)
{
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(at) != GW_Y_MAP)
        return gw_profile_wrong(b, at, "write NAME: {else: ..., codes: {...}}",
                                "maps: not a map of maps");
    for (int i = 0; i < gw_ynode_count(at) && !e; i++)
        e = read_map(b, gw_ynode_key(at, i), gw_ynode_item(at, i));
    return e;
}

/* Where the i-th code of a map stands in the YAML; absent when it is in a table. */
static struct gw_ynode code_at(const struct gw_profile_build *b, uint16_t map, uint32_t i)
{
    return gw_ynode_item(gw_ynode_get(b->map_nodes[map], "codes"), (int)i);
}

enum gw_error gw_profile_map_fits(struct gw_profile_build *b, struct gw_ynode at,
                                  uint16_t map, const struct gw_field *row,
                                  const char *field)
{
    const struct gw_profile_map *m = &b->p->maps[map];
    struct gw_slice code, means;
    enum gw_error e = GW_OK;

    if (m->otherwise == GW_ELSE_OTHER && row &&
        (row->kind != GW_STR ||
         (row->words && gw_words_find(row->words, GW_LIT("other")) < 0)))
        return gw_profile_wrong(b, at, "write else: refuse, or else: pass",
                                "map %s: %.40s cannot be \"other\"", m->name, field);
    for (uint32_t i = 0; i < gw_code_map_count(m->codes) && !e; i++) {
        struct gw_ynode where = code_at(b, map, i);
        gw_code_map_item(m->codes, i, &code, &means);
        e = gw_profile_check_value(b, gw_ynode_kind(where) ? where : b->map_nodes[map], 0,
                                   row, field, means);
    }
    return e;
}
