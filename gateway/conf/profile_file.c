/* profile_file.c - config/profiles/NAME.yaml: the profile as a whole. */
#include "conf/profile_file.h"
#include "conf/complaint.h"
#include "conf/profile_build.h"
#include <stdio.h>
#include <stdlib.h>

static enum gw_error read_name(struct gw_profile_build *b, struct gw_ynode at)
{
    const char *name = gw_ynode_text(at), *base = strrchr(gw_ynode_file(at), '/');
    size_t n = strlen(name);
    base = base ? base + 1 : gw_ynode_file(at);
    if (!n || n > GW_PROFILE_NAME_MAX || strncmp(base, name, n) != 0 ||
        strcmp(base + n, ".yaml") != 0)
        return gw_profile_wrong(b, at, "name the file after the profile: NAME.yaml",
                                "name: \"%.60s\" is not the file's name", name);
    (void)snprintf(b->p->name, sizeof b->p->name, "%s", name);
    return GW_OK;
}

static enum gw_error read_title(struct gw_profile_build *b, struct gw_ynode at)
{
    if (gw_slice_copy(gw_slice_str(gw_ynode_text(at)), b->p->title, sizeof b->p->title))
        return GW_OK;
    return gw_profile_wrong(b, at, "write one line of at most 95 bytes",
                            "title: too long");
}

static enum gw_error read_zone(struct gw_profile_build *b, struct gw_ynode at)
{
    return gw_profile_zone_read(b, at, &b->zone);
}

static enum gw_error read_digits(struct gw_profile_build *b, struct gw_ynode at)
{
    static const char *const words[] = {"warn", "refuse", NULL};
    int word = 0;
    enum gw_error e = gw_profile_word(b, at, "check_digits", words, &word);
    b->p->digits = (enum gw_digits)word;
    return e;
}

static enum gw_error read_unknown(struct gw_profile_build *b, struct gw_ynode at)
{
    static const char *const words[] = {"keep", "drop", "refuse", NULL};
    int word = 0;
    enum gw_error e = gw_profile_word(b, at, "unknown", words, &word);
    b->p->unknown = (enum gw_profile_unknown)word;
    return e;
}

static enum gw_error check_list(struct gw_profile_build *b, struct gw_ynode at,
                                const char *key)
{
    if (gw_ynode_kind(at) == GW_Y_LIST)
        return GW_OK;
    return gw_profile_wrong(b, at, "write a list: [ ... ]", "%s: not a list", key);
}

static enum gw_error read_absent(struct gw_profile_build *b, struct gw_ynode at)
{
    enum gw_error e = check_list(b, at, "absent");
    for (int i = 0; i < gw_ynode_count(at) && !e; i++) {
        struct gw_slice *s =
            gw_profile_grow(b, (void **)&b->p->absent, &b->p->absent_count, sizeof *s, 32,
                            at, "texts that mean nothing");
        if (!s)
            return GW_FORMAT;
        *s = gw_slice_str(
            gw_profile_text(b->p, gw_slice_str(gw_ynode_text(gw_ynode_item(at, i)))));
        if (!s->at)
            return GW_NOMEM;
    }
    return e;
}

static enum gw_error read_drop(struct gw_profile_build *b, struct gw_ynode at)
{
    enum gw_error e = check_list(b, at, "drop");
    for (int i = 0; i < gw_ynode_count(at) && !e; i++) {
        struct gw_ynode item = gw_ynode_item(at, i);
        uint16_t before = b->p->source_count, source;
        e = gw_profile_source(b, item, gw_ynode_text(item), &source);
        if (!e && source < before)
            return gw_profile_wrong(b, item, "leave it out here",
                                    "drop: %.60s is named below `fields`",
                                    gw_ynode_text(item));
        if (!e)
            b->p->sources[source].drop = true;
    }
    return e;
}

static enum gw_error read_known(struct gw_profile_build *b, struct gw_ynode at,
                                struct gw_profile_value **list, uint16_t *count,
                                const char *key)
{
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(at) != GW_Y_MAP)
        return gw_profile_wrong(b, at, "write FIELD: VALUE, line by line",
                                "%s: not a map of fields", key);
    for (int i = 0; i < gw_ynode_count(at) && !e; i++) {
        struct gw_profile_value *v = gw_profile_grow(b, (void **)list, count, sizeof *v,
                                                     GW_PROFILE_KNOWN, at, key);
        if (!v)
            return GW_FORMAT;
        e = gw_profile_target_read(b, gw_ynode_key(at, i),
                                   gw_ynode_text(gw_ynode_key(at, i)), false, &v->target);
        if (!e)
            e = gw_profile_value_read(b, gw_ynode_item(at, i), v);
    }
    return e;
}

static enum gw_error read_constants(struct gw_profile_build *b, struct gw_ynode at)
{
    return read_known(b, at, &b->p->constants, &b->p->constant_count, "constants");
}

static enum gw_error read_defaults(struct gw_profile_build *b, struct gw_ynode at)
{
    return read_known(b, at, &b->p->defaults, &b->p->default_count, "defaults");
}

/* In the order in which they are read: what others refer to comes first. */
static const struct key {
    const char *name;
    bool required;
    enum gw_error (*read)(struct gw_profile_build *b, struct gw_ynode at);
} keys[] = {
    {"name", true, read_name},
    {"title", false, read_title},
    {"zone", false, read_zone},
    {"check_digits", false, read_digits},
    {"unknown", false, read_unknown},
    {"absent", false, read_absent},
    {"maps", false, gw_profile_maps_read},
    {"fields", true, gw_profile_fields_read},
    {"drop", false, read_drop},
    {"constants", false, read_constants},
    {"defaults", false, read_defaults},
};
#define KEYS (sizeof keys / sizeof *keys)

static enum gw_error check_keys(struct gw_profile_build *b, struct gw_ynode root)
{
    for (int i = 0; i < gw_ynode_count(root); i++) {
        struct gw_ynode key = gw_ynode_key(root, i);
        size_t k = 0;
        while (k < KEYS && strcmp(keys[k].name, gw_ynode_text(key)) != 0)
            k++;
        if (k == KEYS)
            return gw_profile_no_key(b, key, "profile", &keys[0].name, sizeof *keys,
                                     KEYS);
    }
    return GW_OK;
}

static enum gw_error check_maps(struct gw_profile_build *b)
{
    for (uint16_t i = 0; i < b->p->map_count; i++)
        if (!b->map_used[i])
            return gw_profile_wrong(b, b->map_nodes[i],
                                    "use it with map:, or take it out",
                                    "maps.%s: no field uses it", b->p->maps[i].name);
    return GW_OK;
}

static enum gw_error read_document(struct gw_profile_build *b, struct gw_ynode root)
{
    enum gw_error e = check_keys(b, root);
    for (size_t k = 0; k < KEYS && !e; k++) {
        struct gw_ynode at = gw_ynode_get(root, keys[k].name);
        if (gw_ynode_kind(at))
            e = keys[k].read(b, at);
        else if (keys[k].required)
            e = gw_profile_wrong(b, root, "add it; see profiles/README.md",
                                 "%s is missing", keys[k].name);
    }
    if (!e)
        e = check_maps(b);
    return e ? e : gw_profile_finish(b);
}

static enum gw_error compile(struct gw_profile **out, const struct gw_yaml *yaml,
                             const char *path, struct gw_complaint *c)
{
    struct gw_ynode root = gw_yaml_root(yaml);
    const char *slash = strrchr(path, '/');
    struct gw_profile_build *b;
    enum gw_error e;

    if (gw_ynode_kind(root) != GW_Y_MAP)
        return gw_complain_of(c, GW_FORMAT, path, 1,
                              "see profiles/README.md for the form", "not a profile");
    b = calloc(1, sizeof *b);
    if (!b)
        return gw_complain_of(c, GW_NOMEM, path, 0, gw_error_remedy(GW_NOMEM), "%s",
                              gw_error_text(GW_NOMEM));
    b->c = c;
    b->zone = GW_PROFILE_NONE;
    b->node_count = 1; /* the event's map */
    b->nodes[0].source = GW_PROFILE_NONE;
    (void)snprintf(b->dir, sizeof b->dir, "%.*s", slash ? (int)(slash - path) : 1,
                   slash ? path : ".");
    e = gw_profile_new(&b->p);
    if (!e)
        e = read_document(b, root);
    if (e)
        gw_profile_free(b->p);
    else
        *out = b->p;
    free(b);
    return e;
}

enum gw_error gw_profile_parse(struct gw_profile **out, struct gw_slice text,
                               const char *path, struct gw_complaint *c)
{
    struct gw_yaml *yaml = NULL;
    enum gw_error e = gw_yaml_parse(&yaml, text, path, c);
    *out = NULL;
    if (!e)
        e = compile(out, yaml, path, c);
    gw_yaml_free(yaml);
    return e;
}

enum gw_error gw_profile_load(struct gw_profile **out, const char *path,
                              struct gw_complaint *c)
{
    struct gw_yaml *yaml = NULL;
    enum gw_error e = gw_yaml_load(&yaml, path, c);
    *out = NULL;
    if (!e)
        e = compile(out, yaml, path, c);
    gw_yaml_free(yaml);
    return e;
}
