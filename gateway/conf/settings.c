/* settings.c - from the text of config/gateway.yaml to struct gw_settings. */
#include "conf/settings.h"
#include "conf/complaint.h"
#include "conf/endpoint.h"
#include "conf/nearest.h"
#include "conf/settings_table.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define ENDPOINTS       "endpoints"
#define PATH_BYTES      512
#define ADMIN_SOCKET    "admin.sock"
#define SOCKET_PATH_MAX 107 /* sockaddr_un.sun_path, without its end */

/* The directory a file is in: "config" of "config/gateway.yaml", "." of "gateway.yaml".
 */
static bool directory_of(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return gw_slice_copy(GW_LIT("."), out, size);
    return gw_slice_copy(gw_slice(path, slash == path ? 1 : (size_t)(slash - path)), out,
                         size);
}

static enum gw_error set_defaults(struct gw_settings *out, struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    const struct gw_setting *row;
    for (size_t i = 0; !e && (row = gw_setting_row(i)) != NULL; i++)
        e = gw_setting_set(row, (struct gw_ynode){0}, row->initial, out, c);
    return e;
}

/* The same key in another section, or else the name most like it; NULL if there is none.
 */
static const char *suggest(const char *name, const char *key)
{
    struct gw_nearest near = gw_nearest_to(name);
    const struct gw_setting *row;
    for (size_t i = 0; (row = gw_setting_row(i)) != NULL; i++) {
        if (strcmp(row->key, key) == 0)
            return row->name;
        gw_nearest_offer(&near, row->name);
    }
    return near.best;
}

static enum gw_error unknown(struct gw_ynode at, const char *name, const char *known,
                             struct gw_complaint *c)
{
    gw_complain(c, at,
                known ? "correct the name" : "remove it, or see `karvand --settings`",
                "there is no setting %s%s%s%s", name, known ? "; did you mean " : "",
                known ? known : "", known ? "?" : "");
    return GW_FORMAT;
}

static enum gw_error read_setting(const char *section, struct gw_ynode key,
                                  struct gw_ynode value, struct gw_settings *out,
                                  struct gw_complaint *c)
{
    char name[128];
    const struct gw_setting *row;
    snprintf(name, sizeof name, "%s.%s", section, gw_ynode_text(key));
    row = gw_setting_find(name);
    if (!row)
        return unknown(key, name, suggest(name, gw_ynode_text(key)), c);
    if (gw_ynode_kind(value) != GW_Y_SCALAR) {
        gw_complain(c, key, "write one value behind the colon", "%s: not a single value",
                    name);
        return GW_FORMAT;
    }
    return gw_setting_set(row, value, gw_ynode_text(value), out, c);
}

static enum gw_error unknown_section(struct gw_ynode key, struct gw_complaint *c)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(key));
    const struct gw_setting *row;
    gw_nearest_offer(&near, ENDPOINTS);
    for (size_t i = 0; (row = gw_setting_row(i)) != NULL; i++)
        gw_nearest_offer(&near, row->section);
    return unknown(key, near.word, near.best, c);
}

static bool section_exists(const char *section)
{
    const struct gw_setting *row;
    for (size_t i = 0; (row = gw_setting_row(i)) != NULL; i++)
        if (strcmp(row->section, section) == 0)
            return true;
    return false;
}

static enum gw_error read_section(struct gw_ynode key, struct gw_ynode section,
                                  struct gw_settings *out, struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    const char *name = gw_ynode_text(key);
    if (strcmp(name, ENDPOINTS) == 0)
        return GW_OK;
    if (!section_exists(name))
        return unknown_section(key, c);
    if (gw_ynode_kind(section) == GW_Y_LIST || *gw_ynode_text(section)) {
        gw_complain(c, key, "write its settings below it, indented", "%s: not a section",
                    name);
        return GW_FORMAT;
    }
    for (int i = 0; !e && i < gw_ynode_count(section); i++)
        e = read_setting(name, gw_ynode_key(section, i), gw_ynode_item(section, i), out,
                         c);
    return e;
}

static enum gw_error read_root(struct gw_ynode root, struct gw_settings *out,
                               struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(root) == GW_Y_LIST) {
        gw_complain(c, root, "see `karvand --settings` for the form",
                    "not a map of sections");
        return GW_FORMAT;
    }
    for (int i = 0; !e && i < gw_ynode_count(root); i++)
        e = read_section(gw_ynode_key(root, i), gw_ynode_item(root, i), out, c);
    return e;
}

/* Where a setting is written, or its section, or the file. */
static struct gw_ynode place_of(struct gw_ynode root, const struct gw_setting *row)
{
    struct gw_ynode section = gw_ynode_get(root, row->section);
    struct gw_ynode value = gw_ynode_get(section, row->key);
    if (gw_ynode_kind(value) != GW_Y_ABSENT)
        return value;
    return gw_ynode_kind(section) != GW_Y_ABSENT ? section : root;
}

/* Values that are possible each, but not together. */
static const struct order {
    const char *small, *large, *why;
} orders[] = {
    {"budget.string_bytes", "budget.event_bytes", "a string is part of an event"},
    {"budget.event_bytes", "session.message_bytes", "an event travels in a message"},
    {"budget.event_bytes", "delivery.message_bytes",
     "an event is delivered in a message"},
    {"delivery.message_bytes", "session.message_bytes", "a delivery is a message"},
    {"session.message_bytes", "session.credit_bytes",
     "credit must cover a whole message"},
    {"time.future_warn_ms", "time.future_refuse_ms", "a warning comes before a refusal"},
    {"journal.warn_percent", "journal.shrink_percent",
     "a warning comes before less credit"},
    {"journal.shrink_percent", "journal.refuse_percent",
     "less credit comes before refusals"},
    {"journal.retain_bytes", "journal.max_bytes", "the journal holds what is retained"},
};

static enum gw_error check_orders(struct gw_ynode root, const struct gw_settings *s,
                                  struct gw_complaint *c)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        const struct gw_setting *small = gw_setting_find(orders[i].small);
        const struct gw_setting *large = gw_setting_find(orders[i].large);
        struct gw_ynode at = place_of(root, small);
        if (gw_setting_number(small, s) <= gw_setting_number(large, s))
            continue;
        if (gw_ynode_kind(at) != GW_Y_SCALAR)
            at = place_of(root, large);
        gw_complain(c, at, orders[i].why, "%s must not exceed %s", small->name,
                    large->name);
        return GW_RANGE;
    }
    return GW_OK;
}

/* In place: "operators" to "config/operators"; absolute and empty paths stay. */
static enum gw_error resolve(struct gw_ynode at, const struct gw_setting *row,
                             const char *dir, struct gw_settings *out,
                             struct gw_complaint *c)
{
    char *field = (char *)out + row->offset, joined[PATH_BYTES];
    int n;
    if (row->kind != GW_SETTING_PATH || !*field || *field == '/' || strcmp(dir, ".") == 0)
        return GW_OK;
    n = snprintf(joined, sizeof joined, "%s/%s", dir, field);
    if (n > 0 && (size_t)n < row->size) {
        memcpy(field, joined, (size_t)n + 1);
        return GW_OK;
    }
    gw_complain(c, at, "use a directory with a shorter name",
                "%s: the path is longer than %zu bytes", row->name, row->size - 1);
    return GW_RANGE;
}

static enum gw_error resolve_paths(struct gw_ynode root, const char *dir,
                                   struct gw_settings *out, struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    const struct gw_setting *row;
    for (size_t i = 0; !e && (row = gw_setting_row(i)) != NULL; i++)
        e = resolve(place_of(root, row), row, dir, out, c);
    return e;
}

static enum gw_error derive_paths(struct gw_ynode root, struct gw_settings *out,
                                  struct gw_complaint *c)
{
    const struct gw_setting *row = gw_setting_find("gateway.data_dir");
    if (strlen(out->data_dir) + strlen("/" ADMIN_SOCKET) > SOCKET_PATH_MAX ||
        !*out->data_dir) {
        gw_complain(c, place_of(root, row),
                    "use a directory with a name of 1 to 96 bytes",
                    "gateway.data_dir: a Unix socket in it would have too long a path");
        return GW_RANGE;
    }
    snprintf(out->journal_dir, sizeof out->journal_dir, "%s/journal", out->data_dir);
    snprintf(out->admin_socket, sizeof out->admin_socket, "ipc://%s/" ADMIN_SOCKET,
             out->data_dir);
    out->journal.dir = out->journal_dir;
    return GW_OK;
}

static enum gw_error read_document(struct gw_ynode root, const char *dir,
                                   struct gw_settings *out, struct gw_complaint *c)
{
    enum gw_error e = read_root(root, out, c);
    if (!e)
        e = gw_endpoints_read(gw_ynode_get(root, ENDPOINTS), dir, out, c);
    if (!e)
        e = check_orders(root, out, c);
    if (!e)
        e = resolve_paths(root, dir, out, c);
    return e ? e : derive_paths(root, out, c);
}

/* The defaults, and the file's directory to `dir`. */
static enum gw_error begin(struct gw_settings *out, const char *path, char dir[PATH_BYTES],
                           struct gw_complaint *c)
{
    *out = (struct gw_settings){0};
    *c = (struct gw_complaint){0};
    if (!directory_of(path, dir, PATH_BYTES) ||
        !gw_slice_copy(gw_slice_str(path), out->file, sizeof out->file))
        return gw_complain_of(c, GW_RANGE, path, 0, "use a directory with a shorter name",
                              "the path is longer than %zu bytes", sizeof out->file - 1);
    return set_defaults(out, c);
}

static enum gw_error end(struct gw_settings *out, const struct gw_yaml *yaml, const char *path,
                         const char *dir, struct gw_complaint *c)
{
    enum gw_error e = read_document(gw_yaml_root(yaml), dir, out, c);
    if (e && !*c->file) /* an empty document has no place to point at */
        snprintf(c->file, sizeof c->file, "%s", path);
    return e;
}

enum gw_error gw_settings_parse(struct gw_settings *out, struct gw_slice text,
                                const char *path, struct gw_complaint *c)
{
    struct gw_yaml *yaml = NULL;
    char dir[PATH_BYTES];
    enum gw_error e = begin(out, path, dir, c);
    if (!e)
        e = gw_yaml_parse(&yaml, text, path, c);
    if (!e)
        e = end(out, yaml, path, dir, c);
    gw_yaml_free(yaml);
    return e;
}

enum gw_error gw_settings_load(struct gw_settings *out, const char *path,
                               struct gw_complaint *c)
{
    struct gw_yaml *yaml = NULL;
    char dir[PATH_BYTES];
    enum gw_error e = begin(out, path, dir, c);
    if (!e)
        e = gw_yaml_load(&yaml, path, c);
    if (!e)
        e = end(out, yaml, path, dir, c);
    gw_yaml_free(yaml);
    return e;
}

enum gw_error gw_settings_check_key(const struct gw_settings *s, struct gw_complaint *c)
{
    struct stat st;
    char remedy[240];
    bool needed = false;
    for (uint32_t i = 0; i < s->endpoint_count; i++)
        needed = needed || !s->endpoints[i].plain;
    if (!needed)
        return GW_OK;
    if (stat(s->key_file, &st) != 0) {
        snprintf(remedy, sizeof remedy, "run: karvan keygen %.200s", s->key_file);
        return gw_complain_of(c, GW_NOT_FOUND, s->file, 0, remedy,
                              "gateway.key_file: %.180s: %s", s->key_file,
                              strerror(errno));
    }
    if (st.st_mode & S_IRWXO) {
        snprintf(remedy, sizeof remedy, "run: chmod 600 %.200s", s->key_file);
        return gw_complain_of(c, GW_IO, s->file, 0, remedy,
                              "gateway.key_file: %.180s is open to every user",
                              s->key_file);
    }
    return GW_OK;
}
