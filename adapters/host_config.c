/* host_config.c - the adapter host's YAML file, read by the rows of host_table.c. */
#include "adapters/host_config.h"
#include "adapters/files.h"
#include "adapters/host_table.h"
#include "adapters/reach.h"
#include "conf/complaint.h"
#include "conf/nearest.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- sections by their rows ---- */

static const struct gw_row *row_of(enum gw_row_section section, const char *key)
{
    for (const struct gw_row *r = gw_rows; r->key; r++)
        if (r->section == section && strcmp(r->key, key) == 0)
            return r;
    return NULL;
}

/* Below the file come the adapters, below an adapter its sections. */
static bool is_section(enum gw_row_section section, const char *key)
{
    if (section == GW_IN_HOST)
        return strcmp(key, "adapters") == 0;
    for (int s = GW_IN_SOURCE; section == GW_IN_ADAPTER && s < GW_SECTIONS; s++)
        if (strcmp(key, gw_section_key((enum gw_row_section)s)) == 0)
            return true;
    return false;
}

static enum gw_error unknown_key(enum gw_row_section section, struct gw_ynode key,
                                 struct gw_complaint *c)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(key));
    char remedy[128] = "remove it; `karvan-adapter check --settings` lists all settings";
    for (const struct gw_row *r = gw_rows; r->key; r++)
        if (r->section == section)
            gw_nearest_offer(&near, r->key);
    for (int s = GW_IN_SOURCE; section == GW_IN_ADAPTER && s < GW_SECTIONS; s++)
        gw_nearest_offer(&near, gw_section_key((enum gw_row_section)s));
    if (section == GW_IN_HOST)
        gw_nearest_offer(&near, "adapters");
    if (near.best)
        (void)snprintf(remedy, sizeof remedy, "did you mean %s?", near.best);
    const char *where = gw_section_key(section);
    gw_complain(c, key, remedy, "%s%s%.64s: no such setting", where, *where ? "." : "",
                gw_ynode_text(key));
    return GW_FORMAT;
}

static enum gw_error check_map(enum gw_row_section section, struct gw_ynode map,
                               const char *what, struct gw_complaint *c)
{
    if (gw_ynode_kind(map) != GW_Y_MAP) {
        gw_complain(c, map, "write `key: value` lines below it", "%s: is no map", what);
        return GW_FORMAT;
    }
    for (int i = 0; i < gw_ynode_count(map); i++) {
        struct gw_ynode key = gw_ynode_key(map, i);
        if (!row_of(section, gw_ynode_text(key)) &&
            !is_section(section, gw_ynode_text(key)))
            return unknown_key(section, key, c);
    }
    return GW_OK;
}

/* source.kind and sink.kind come first in their sections, so they are read before they
 * are asked for. */
static const char *kind_in(enum gw_row_section section, const void *base)
{
    const struct gw_adapter_config *a = base;
    return section == GW_IN_SOURCE ? a->source.kind
           : section == GW_IN_SINK ? a->sink.kind
                                   : "";
}

static enum gw_error read_row(const struct gw_row *r, struct gw_ynode map,
                              const char *dir, void *base, struct gw_complaint *c)
{
    char name[64], remedy[160];
    struct gw_ynode value = gw_ynode_get(map, r->key);
    const char *kind = kind_in(r->section, base);
    bool absent = gw_ynode_kind(value) == GW_Y_ABSENT;
    if (!absent && r->kinds && !gw_words_have(r->kinds, kind)) {
        (void)snprintf(remedy, sizeof remedy, "remove it; it is for kind: %s", r->kinds);
        gw_complain(c, value, remedy, "%s: means nothing to kind %s",
                    gw_row_name(r, name), kind);
        return GW_FORMAT;
    }
    if (absent && (!r->initial || gw_words_have(r->needed, kind))) {
        gw_complain(c, map, r->meaning, "%s: is missing", gw_row_name(r, name));
        return GW_FORMAT;
    }
    return gw_row_set(r, value, dir, base, c);
}

/* map may be absent: then every setting gets its default. */
static enum gw_error read_rows(enum gw_row_section section, struct gw_ynode map,
                               const char *dir, void *base, struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    for (const struct gw_row *r = gw_rows; !e && r->key; r++)
        if (r->section == section)
            e = read_row(r, map, dir, base, c);
    return e;
}

/* ---- one adapter ---- */

static enum gw_error read_section(enum gw_row_section section, struct gw_ynode adapter,
                                  const char *dir, struct gw_adapter_config *a,
                                  bool needed, bool *on, struct gw_complaint *c)
{
    struct gw_ynode map = gw_ynode_get(adapter, gw_section_key(section));
    *on = gw_ynode_kind(map) != GW_Y_ABSENT;
    enum gw_error e = *on ? check_map(section, map, gw_section_key(section), c) : GW_OK;
    if (e || (!*on && !needed))
        return e;
    return read_rows(section, map, dir, a, c);
}

static enum gw_error read_sections(struct gw_ynode map, const char *dir,
                                   struct gw_adapter_config *a, struct gw_complaint *c)
{
    bool on;
    enum gw_error e = read_section(GW_IN_SOURCE, map, dir, a, false, &a->source.on, c);
    if (!e)
        e = read_section(GW_IN_SINK, map, dir, a, false, &a->sink.on, c);
    if (!e)
        e = read_section(GW_IN_SPOOL, map, dir, a, true, &on, c);
    if (!e)
        e = read_section(GW_IN_OPTIONS, map, dir, a, true, &on, c);
    if (!e && !a->source.on && !a->sink.on) {
        gw_complain(c, map, "add a source or a sink section",
                    "adapter %s has nothing to do", a->name);
        e = GW_FORMAT;
    }
    return e;
}

static enum gw_error find_format(struct gw_ynode map, struct gw_adapter_config *a,
                                 struct gw_complaint *c)
{
    struct gw_nearest near = gw_nearest_to(a->format);
    char remedy[128] = "`karvan-adapter list` shows the formats";
    a->adapter = gw_format_find(a->format);
    if (a->adapter && a->sink.on && !a->adapter->encode) {
        gw_complain(c, gw_ynode_get(map, "sink"),
                    "remove the sink, or choose another format",
                    "format %s is only received", a->format);
        return GW_RANGE;
    }
    if (a->adapter)
        return GW_OK;
    for (unsigned i = 0; gw_format_item(i); i++)
        gw_nearest_offer(&near, gw_format_item(i)->name);
    if (near.best)
        (void)snprintf(remedy, sizeof remedy, "did you mean %s?", near.best);
    gw_complain(c, gw_ynode_get(map, "format"), remedy, "format: no such format: %s",
                a->format);
    return GW_RANGE;
}

/* Which of a pair of settings is there. */
static enum gw_error check_pairs(struct gw_ynode map, const struct gw_adapter_config *a,
                                 struct gw_complaint *c)
{
    const struct gw_net_config *n = &a->source.net;
    struct gw_ynode source = gw_ynode_get(map, "source");
    bool tcp = a->source.on && strcmp(a->source.kind, "tcp") == 0;
    if (tcp && !*n->listen == !*n->connect) {
        gw_complain(c, source, "set one of them",
                    "source: kind tcp takes listen or connect");
        return GW_FORMAT;
    }
    if (a->source.on && !*n->tls_cert != !*n->tls_key) {
        gw_complain(c, source, "set both, or none for plain HTTP",
                    "source: tls_cert and tls_key belong together");
        return GW_FORMAT;
    }
    if (a->source.on && *a->source.reply_folder && !a->adapter->reply) {
        gw_complain(c, gw_ynode_get(source, "reply_folder"), "remove it",
                    "source.reply_folder: format %s answers nothing", a->format);
        return GW_RANGE;
    }
    return GW_OK;
}

/* Live events are asked for in one place, so that nothing asks for them in vain. */
static enum gw_error check_filter(struct gw_ynode map, const struct gw_adapter_config *a,
                                  struct gw_complaint *c)
{
    const struct gw_host_terms *terms = &a->sink.filter;
    for (uint32_t i = 0; a->sink.on && i < terms->count; i++)
        if (strncmp(terms->list[i], "live=", 5) == 0) {
            gw_complain(c, gw_ynode_get(gw_ynode_get(map, "sink"), "filter"),
                        "set live: true in sink", "sink.filter: %s is no filter",
                        terms->list[i]);
            return GW_FORMAT;
        }
    return GW_OK;
}

/* What is not set follows from the rest. */
static enum gw_error fill_in(struct gw_ynode map, struct gw_adapter_config *a,
                             struct gw_complaint *c)
{
    if (!*a->sink.suffix)
        (void)snprintf(a->sink.suffix, sizeof a->sink.suffix, ".%.30s", a->format);
    if (*a->spool.dir || !a->source.on)
        return GW_OK;
    int n = snprintf(a->spool.dir, sizeof a->spool.dir, "%s/spool", a->source.folder);
    if (n > 0 && (size_t)n < sizeof a->spool.dir)
        return GW_OK;
    gw_complain(c, gw_ynode_get(map, "source"), "choose a shorter path, or set spool.dir",
                "source.folder: is too long");
    return GW_RANGE;
}

/* ---- keys ---- */

static bool is_key(const char *text)
{
    return strlen(text) == 40 &&
           strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        ".-:+=^!/*?&<>()[]{}@%$#") == 40;
}

static void join(const char *dir, const char *path, char *out, size_t size)
{
    (void)snprintf(out, size, "%s%s%s", *path == '/' ? "" : dir,
                   *path == '/' || !*dir ? "" : "/", path);
}

/* The line public-key = "..." of a file; it need not hold the other half. */
static bool public_key_of(const char *path, char out[41])
{
    struct gw_buf b;
    bool found = false;
    gw_buf_init(&b, 4096);
    if (!gw_file_get(AT_FDCWD, path, 4000, &b)) {
        const char *at = strstr(gw_buf_text(&b), "public-key");
        at = at ? strchr(at, '"') : NULL;
        if (at && strcspn(at + 1, "\"\r\n") == 40)
            found = gw_slice_copy(gw_slice(at + 1, 40), out, 41) && is_key(out);
    }
    gw_buf_deinit(&b);
    return found;
}

static enum gw_error read_server_key(struct gw_ynode map, const char *dir,
                                     struct gw_adapter_config *a, struct gw_complaint *c)
{
    char path[2 * GW_HOST_PATH];
    join(dir, a->server_key, path, sizeof path);
    if (public_key_of(path, a->gateway_public))
        return GW_OK;
    if (is_key(a->server_key) &&
        gw_slice_copy(gw_slice_str(a->server_key), a->gateway_public,
                      sizeof a->gateway_public))
        return GW_OK;
    gw_complain(
        c, gw_ynode_get(map, "server_key"),
        "ask the gateway's keeper for its public key: 40 characters, in quotes",
        "server_key: neither a key nor a file with a line public-key = \"...\": %s",
        a->server_key);
    return GW_RANGE;
}

static enum gw_error read_own_keys(struct gw_ynode map, struct gw_adapter_config *a,
                                   struct gw_complaint *c)
{
    enum gw_error e = karvan_keys_load(&a->own, a->keys);
    const char *remedy = e == GW_NOT_ALLOWED ? "chmod 600 the file"
                         : e == GW_IO
                             ? "make it with: karvan keygen FILE; then have the public "
                               "key registered at the gateway"
                             : "make it again with: karvan keygen FILE";
    const char *what = e == GW_NOT_ALLOWED ? "others may read it"
                       : e == GW_IO        ? strerror(errno)
                                           : "holds no pair of keys";
    if (e)
        gw_complain(c, gw_ynode_get(map, *a->keys ? "keys" : "server_key"), remedy,
                    "keys: \"%s\": %s", a->keys, what);
    return e ? GW_RANGE : GW_OK;
}

static bool is_local(const char *endpoint)
{
    static const char *const local[] = {"ipc://", "tcp://127.",
                                        "tcp://localhost:", "tcp://[::1]:"};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        if (strncmp(endpoint, local[i], strlen(local[i])) == 0)
            return true;
    return false;
}

static enum gw_error check_endpoint(struct gw_ynode map,
                                    const struct gw_adapter_config *a,
                                    struct gw_complaint *c)
{
    if (!gw_reach_check(a->endpoint))
        return GW_OK;
    gw_complain(c, gw_ynode_get(map, "endpoint"),
                "write tcp://HOST:PORT, or ipc://PATH for a gateway on this machine",
                "endpoint: %s is no address of a gateway", a->endpoint);
    return GW_FORMAT;
}

static enum gw_error read_keys(struct gw_ynode map, const char *dir,
                               struct gw_adapter_config *a, struct gw_complaint *c)
{
    a->plain = !*a->server_key;
    if (!a->plain) {
        enum gw_error e = read_server_key(map, dir, a, c);
        return e ? e : read_own_keys(map, a, c);
    }
    if (is_local(a->endpoint))
        return GW_OK;
    gw_complain(c, gw_ynode_get(map, "endpoint"),
                "set server_key and keys; without them only this machine is reached",
                "endpoint: %s is reached over the network, and there is no server_key",
                a->endpoint);
    return GW_RANGE;
}

static enum gw_error read_adapter(struct gw_ynode map, const char *dir,
                                  struct gw_adapter_config *a, struct gw_complaint *c)
{
    a->line = gw_ynode_line(map);
    enum gw_error e = check_map(GW_IN_ADAPTER, map, "an adapter", c);
    if (!e)
        e = read_rows(GW_IN_ADAPTER, map, dir, a, c);
    if (!e)
        e = read_sections(map, dir, a, c);
    if (!e)
        e = find_format(map, a, c);
    if (!e)
        e = check_pairs(map, a, c);
    if (!e)
        e = check_filter(map, a, c);
    if (!e)
        e = check_endpoint(map, a, c);
    if (!e)
        e = fill_in(map, a, c);
    return e ? e : read_keys(map, dir, a, c);
}

/* ---- all of them ---- */

/* Two adapters on one folder would take each other's files. */
static const char *shared(const struct gw_adapter_config *a,
                          const struct gw_adapter_config *b)
{
    if (strcmp(a->name, b->name) == 0)
        return "name";
    if (a->source.on && b->source.on && strcmp(a->source.folder, b->source.folder) == 0)
        return "source.folder";
    if (a->sink.on && b->sink.on && strcmp(a->sink.folder, b->sink.folder) == 0)
        return "sink.folder";
    if (a->source.on && b->source.on && strcmp(a->spool.dir, b->spool.dir) == 0)
        return "spool.dir";
    return NULL;
}

static enum gw_error check_apart(const struct gw_host_config *h, struct gw_ynode map,
                                 struct gw_complaint *c)
{
    const struct gw_adapter_config *a = &h->adapters[h->count - 1];
    for (uint32_t i = 0; i + 1 < h->count; i++) {
        const char *what = shared(&h->adapters[i], a);
        if (!what)
            continue;
        gw_complain(c, map, "give each adapter its own",
                    "adapter %s has the %s of the adapter in line %d", a->name, what,
                    h->adapters[i].line);
        return GW_RANGE;
    }
    return GW_OK;
}

static enum gw_error read_adapters(struct gw_host_config *h, struct gw_ynode list,
                                   const char *dir, struct gw_complaint *c)
{
    int n = gw_ynode_count(list);
    if (gw_ynode_kind(list) != GW_Y_LIST || n < 1 || n > GW_HOST_ADAPTERS) {
        gw_complain(c, list, "see config/examples/adapter-in.yaml",
                    "adapters: is no list of 1 to %d adapters", GW_HOST_ADAPTERS);
        return GW_FORMAT;
    }
    enum gw_error e = GW_OK;
    for (int i = 0; !e && i < n; i++) {
        e = read_adapter(gw_ynode_item(list, i), dir, &h->adapters[i], c);
        h->count++;
        if (!e)
            e = check_apart(h, gw_ynode_item(list, i), c);
    }
    return e;
}

static void dir_of(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    (void)snprintf(out, size, "%.*s", slash ? (int)(slash - path) : 0, path);
    if (slash == path)
        (void)snprintf(out, size, "/");
}

static enum gw_error read_root(struct gw_host_config *h, const struct gw_yaml *doc,
                               const char *path, struct gw_complaint *c)
{
    struct gw_ynode root = gw_yaml_root(doc);
    struct gw_ynode list = gw_ynode_get(root, "adapters");
    char dir[GW_HOST_PATH];
    dir_of(path, dir, sizeof dir);
    (void)snprintf(h->file, sizeof h->file, "%s", path);
    enum gw_error e = check_map(GW_IN_HOST, root, "the file", c);
    if (!e)
        e = read_rows(GW_IN_HOST, root, dir, h, c);
    if (!e && gw_ynode_kind(list) == GW_Y_ABSENT)
        e = gw_complain_of(c, GW_FORMAT, path, 0, "add a list `adapters:`",
                           "adapters: is missing");
    return e ? e : read_adapters(h, list, dir, c);
}

enum gw_error gw_host_config_load(struct gw_host_config **out, const char *path,
                                  struct gw_complaint *c)
{
    struct gw_yaml *doc = NULL;
    struct gw_host_config *h = calloc(1, sizeof *h);
    *out = NULL;
    if (!h)
        return gw_complain_of(c, GW_NOMEM, path, 0, "", "out of memory");
    enum gw_error e = gw_yaml_load(&doc, path, c);
    if (!e)
        e = read_root(h, doc, path, c);
    gw_yaml_free(doc);
    if (e)
        gw_host_config_free(h);
    else
        *out = h;
    return e;
}

void gw_host_config_free(struct gw_host_config *h)
{
    if (!h)
        return;
    explicit_bzero(h, sizeof *h);
    free(h);
}

struct gw_options gw_host_options(const struct gw_adapter_config *a,
                                  const struct gw_places *places)
{
    struct gw_options o;
    gw_options_default(&o);
    o.zone = a->options.zone;
    o.sender = a->options.sender;
    o.recipient = a->options.recipient;
    o.accept_test = a->options.accept_test;
    o.places = places;
    return o;
}
