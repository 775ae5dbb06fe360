/* operator_file.c - one operator's file, from text to struct. */
#include "conf/operator_file.h"
#include "conf/complaint.h"
#include "conf/nearest.h"
#include "conf/quantity.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define SUFFIX    ".yaml"
#define KEY_CHARS 40

/* The digits of Z85 in the order of their value, 0 .. 84. */
static const char z85_digits[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ".-:+=^!/*?&<>()[]{}@%$#";

bool gw_key_valid(struct gw_slice z85)
{
    uint64_t group = 0;
    if (z85.len != KEY_CHARS)
        return false;
    for (size_t i = 0; i < z85.len; i++) {
        const char *digit = z85.at[i] ? strchr(z85_digits, z85.at[i]) : NULL;
        if (!digit)
            return false;
        group = group * 85 + (uint64_t)(digit - z85_digits);
        if (group > UINT32_MAX)
            return false;
        if (i % 5 == 4)
            group = 0;
    }
    return true;
}

/* The value as text, or a complaint when it is a list, a map or longer than `size`
 * allows. */
static enum gw_error copy_text(struct gw_ynode at, const char *key, char *out,
                               size_t size, struct gw_complaint *c)
{
    if (gw_ynode_kind(at) == GW_Y_SCALAR &&
        gw_slice_copy(gw_slice_str(gw_ynode_text(at)), out, size))
        return GW_OK;
    gw_complain(c, at, "write one short text", "%s: not a text of at most %zu bytes", key,
                size - 1);
    return GW_FORMAT;
}

static enum gw_error read_name(struct gw_ynode at, struct gw_operator_file *f,
                               struct gw_complaint *c)
{
    const char *base = strrchr(gw_ynode_file(at), '/');
    struct gw_operator *o = &f->operator;
    enum gw_error e = copy_text(at, "name", o->name, sizeof o->name, c);
    if (e)
        return e;
    if (!gw_name_valid(gw_slice_str(o->name))) {
        gw_complain(c, at, "choose a name of 1 to 32 of a-z 0-9 - _ .",
                    "name: \"%s\" has other characters", o->name);
        return GW_FORMAT;
    }
    base = base ? base + 1 : gw_ynode_file(at);
    if (strncmp(base, o->name, strlen(o->name)) == 0 &&
        strcmp(base + strlen(o->name), SUFFIX) == 0)
        return GW_OK;
    gw_complain(c, at, "name the file after the operator",
                "name: %s is not the file's name", o->name);
    return GW_FORMAT;
}

static enum gw_error read_title(struct gw_ynode at, struct gw_operator_file *f,
                                struct gw_complaint *c)
{
    enum gw_error e =
        copy_text(at, "title", f->operator.title, sizeof f->operator.title, c);
    for (const char *t = f->operator.title; !e && *t; t++)
        if (iscntrl((unsigned char)*t)) {
            gw_complain(c, at, "write it on one line",
                        "title: holds a control character");
            e = GW_FORMAT;
        }
    return e;
}

static enum gw_error read_country(struct gw_ynode at, struct gw_operator_file *f,
                                  struct gw_complaint *c)
{
    const char *text = gw_ynode_text(at);
    if (strlen(text) == 2 && isupper((unsigned char)text[0]) &&
        isupper((unsigned char)text[1]))
        return copy_text(at, "country", f->operator.country, sizeof f->operator.country,
                         c);
    gw_complain(c, at, "write the two capital letters of ISO 3166-1, as in KZ",
                "country: \"%s\" is no country code", text);
    return GW_FORMAT;
}

static enum gw_error check_list(struct gw_ynode at, const char *key, int most,
                                struct gw_complaint *c)
{
    if (gw_ynode_kind(at) == GW_Y_LIST && gw_ynode_count(at) <= most)
        return GW_OK;
    gw_complain(c, at, "write a list: [ ... ]", "%s: not a list of at most %d", key,
                most);
    return GW_FORMAT;
}

static enum gw_error read_roles(struct gw_ynode at, struct gw_operator_file *f,
                                struct gw_complaint *c)
{
    const int most = GW_ROLES_MAX;
    enum gw_error e = check_list(at, "roles", most, c);
    for (int i = 0; !e && i < gw_ynode_count(at); i++) {
        struct gw_ynode role = gw_ynode_item(at, i);
        e = copy_text(role, "roles", f->operator.roles[i], sizeof f->operator.roles[i],
                      c);
        if (!e && !gw_name_valid(gw_slice_str(f->operator.roles[i]))) {
            gw_complain(c, role,
                        "write words like port, railway, ferry, customs, forwarder",
                        "roles: \"%s\" cannot be a role", f->operator.roles[i]);
            e = GW_FORMAT;
        }
    }
    return e;
}

static enum gw_error read_keys(struct gw_ynode at, struct gw_operator_file *f,
                               struct gw_complaint *c)
{
    enum gw_error e = check_list(at, "keys", GW_KEYS_MAX, c);
    for (int i = 0; !e && i < gw_ynode_count(at); i++) {
        struct gw_ynode key = gw_ynode_item(at, i);
        f->key_line[i] = gw_ynode_line(key);
        if (gw_key_valid(gw_slice_str(gw_ynode_text(key)))) {
            e = copy_text(key, "keys", f->operator.keys[i], sizeof f->operator.keys[i],
                          c);
            continue;
        }
        gw_complain(c, key,
                    "write the public key that `karvan keygen` printed, in quotes",
                    "keys: not a key of 40 characters in Z85");
        e = GW_FORMAT;
    }
    return e;
}

static enum gw_error read_profile(struct gw_ynode at, struct gw_operator_file *f,
                                  struct gw_complaint *c)
{
    char *out = f->operator.profile_name;
    enum gw_error e = copy_text(at, "profile", out, sizeof f->operator.profile_name, c);
    f->profile_line = gw_ynode_line(at);
    if (e || !*out || gw_name_valid(gw_slice_str(out)))
        return e;
    gw_complain(c, at, "write the name of a file in profiles_dir, without .yaml",
                "profile: \"%s\" cannot be a profile's name", out);
    return GW_FORMAT;
}

static enum gw_error read_enabled(struct gw_ynode at, struct gw_operator_file *f,
                                  struct gw_complaint *c)
{
    if (gw_ynode_bool(at, &f->operator.enabled))
        return GW_OK;
    gw_complain(c, at, "write true or false", "enabled: \"%s\" is neither",
                gw_ynode_text(at));
    return GW_FORMAT;
}

static enum gw_error read_ids(struct gw_ynode at, struct gw_operator_file *f,
                              struct gw_complaint *c)
{
    enum gw_error e = check_list(at, "ids", GW_IDS_MAX, c);
    f->ids_line = gw_ynode_line(at);
    for (int i = 0; !e && i < gw_ynode_count(at); i++) {
        struct gw_ynode id = gw_ynode_item(at, i);
        e = copy_text(id, "ids", f->operator.ids[i], sizeof f->operator.ids[i], c);
        if (!e && !*f->operator.ids[i]) {
            gw_complain(c, id, "write the id, or leave it out", "ids: an empty one");
            e = GW_FORMAT;
        }
    }
    return e;
}

static enum gw_error read_share(struct gw_ynode at, struct gw_operator_file *f,
                                struct gw_complaint *c)
{
    return gw_share_read(&f->share, at, f->operator.name, c);
}

static enum gw_error read_rate(struct gw_ynode at, const char *key, const char *unit,
                               uint64_t *out, struct gw_complaint *c)
{
    int64_t n = 0;
    if (gw_ynode_kind(at) == GW_Y_ABSENT)
        return GW_OK;
    if (gw_ynode_kind(at) != GW_Y_SCALAR || gw_quantity_read(gw_ynode_text(at), unit, &n) ||
        n < 0) {
        gw_complain(c, at, "write a whole number; 0 means without end",
                    "quota.%s: \"%s\" is none", key, gw_ynode_text(at));
        return GW_FORMAT;
    }
    *out = (uint64_t)n;
    return GW_OK;
}

static enum gw_error read_quota(struct gw_ynode at, struct gw_operator_file *f,
                                struct gw_complaint *c)
{
    struct gw_ynode events = gw_ynode_get(at, "events"), bytes = gw_ynode_get(at, "bytes");
    int known = (gw_ynode_kind(events) != GW_Y_ABSENT) + (gw_ynode_kind(bytes) != GW_Y_ABSENT);
    enum gw_error e;
    if (gw_ynode_kind(at) != GW_Y_MAP || !known || gw_ynode_count(at) != known) {
        gw_complain(c, at, "write quota: {events: N, bytes: N}, each a second",
                    "quota: there are \"events\" and \"bytes\"");
        return GW_FORMAT;
    }
    f->operator.has_quota = true;
    e = read_rate(events, "events", "", &f->operator.quota_events, c);
    return e ? e : read_rate(bytes, "bytes", "B", &f->operator.quota_bytes, c);
}

static const struct field {
    const char *key;
    bool required;
    enum gw_error (*read)(struct gw_ynode at, struct gw_operator_file *f,
                          struct gw_complaint *c);
} fields[] = {
    {"name", true, read_name},        {"title", false, read_title},
    {"country", true, read_country},  {"roles", false, read_roles},
    {"ids", false, read_ids},
    {"keys", false, read_keys},       {"profile", false, read_profile},
    {"enabled", false, read_enabled}, {"share", false, read_share},
    {"quota", false, read_quota},
};
#define FIELDS (sizeof fields / sizeof *fields)

static enum gw_error unknown(struct gw_ynode key, struct gw_complaint *c)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(key));
    for (size_t i = 0; i < FIELDS; i++)
        gw_nearest_offer(&near, fields[i].key);
    gw_complain(
        c, key, near.best ? "correct the word" : "remove it; see operators/README.md",
        "an operator has no \"%s\"%s", near.word, gw_nearest_hint(&near));
    return GW_FORMAT;
}

static enum gw_error check_keys(struct gw_ynode root, struct gw_complaint *c)
{
    for (int i = 0; i < gw_ynode_count(root); i++) {
        struct gw_ynode key = gw_ynode_key(root, i);
        size_t k = 0;
        while (k < FIELDS && strcmp(fields[k].key, gw_ynode_text(key)) != 0)
            k++;
        if (k == FIELDS)
            return unknown(key, c);
    }
    return GW_OK;
}

static enum gw_error read_field(const struct field *field, struct gw_ynode root,
                                struct gw_operator_file *f, struct gw_complaint *c)
{
    struct gw_ynode value = gw_ynode_get(root, field->key);
    if (gw_ynode_kind(value) != GW_Y_ABSENT)
        return field->read(value, f, c);
    if (!field->required)
        return GW_OK;
    gw_complain(c, root, "add it; see operators/README.md", "%s is missing", field->key);
    return GW_FORMAT;
}

static enum gw_error read_document(struct gw_ynode root, struct gw_operator_file *f,
                                   struct gw_complaint *c)
{
    enum gw_error e;
    if (gw_ynode_kind(root) != GW_Y_MAP) /* an empty file has no root to point at */
        return gw_complain_of(c, GW_FORMAT, f->operator.file, 1,
                              "see operators/README.md for the form",
                              "not an operator's file");
    e = check_keys(root, c);
    for (size_t i = 0; !e && i < FIELDS; i++)
        e = read_field(&fields[i], root, f, c);
    return e;
}

static enum gw_error take(struct gw_operator_file *out, const struct gw_yaml *yaml,
                          const char *path, struct gw_complaint *c)
{
    enum gw_error e;
    snprintf(out->operator.file, sizeof out->operator.file, "%s", path);
    out->operator.enabled = true;
    e = read_document(gw_yaml_root(yaml), out, c);
    if (e)
        gw_operator_file_deinit(out);
    return e;
}

enum gw_error gw_operator_file_read(struct gw_operator_file *out, const char *path,
                                    struct gw_complaint *c)
{
    struct gw_yaml *yaml = NULL;
    enum gw_error e = gw_yaml_load(&yaml, path, c);
    *out = (struct gw_operator_file){0};
    if (!e)
        e = take(out, yaml, path, c);
    gw_yaml_free(yaml);
    return e;
}

enum gw_error gw_operator_file_parse(struct gw_operator_file *out, struct gw_slice text,
                                     const char *path, struct gw_complaint *c)
{
    struct gw_yaml *yaml = NULL;
    enum gw_error e = gw_yaml_parse(&yaml, text, path, c);
    *out = (struct gw_operator_file){0};
    if (!e)
        e = take(out, yaml, path, c);
    gw_yaml_free(yaml);
    return e;
}

void gw_operator_file_deinit(struct gw_operator_file *f)
{
    if (!f)
        return;
    gw_share_deinit(&f->share);
    *f = (struct gw_operator_file){0};
}
