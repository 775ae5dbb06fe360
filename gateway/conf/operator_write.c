/* operator_write.c - an operator's file, from struct to text, whole or not at all. */
#include "conf/complaint.h"
#include "conf/file_put.h"
#include "conf/operator_file.h"
#include <errno.h>
#include <stdio.h>

#define PATH_BYTES 512
#define FILE_BYTES (4u << 20) /* yaml.h takes no larger file */

/* Between single quotes YAML knows one escape: a quote is written twice. */
static void quoted(struct gw_buf *out, const char *text)
{
    gw_buf_byte(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            gw_buf_byte(out, '\'');
        gw_buf_byte(out, (uint8_t)*text);
    }
    gw_buf_byte(out, '\'');
}

static void print_words(struct gw_buf *out, const char *words, size_t size, size_t n)
{
    const char *between = "";
    for (size_t i = 0; i < n; i++) {
        if (!words[i * size])
            continue;
        gw_buf_str(out, between);
        quoted(out, words + i * size);
        between = ", ";
    }
}

/* The short form; rules are written by hand. */
static void print_share(const struct gw_operator_file *f, struct gw_buf *out)
{
    const struct gw_share_rule *r = f->share.rules;
    if (!f->share.count || !r->with_count)
        return;
    gw_buf_str(out, "share: {with: [");
    for (uint32_t i = 0; i < r->with_count; i++) {
        gw_buf_str(out, i ? ", " : "");
        quoted(out, r->with[i].text);
    }
    gw_buf_str(out, "]}\n");
}

void gw_operator_file_print(const struct gw_operator_file *f, struct gw_buf *out)
{
    const struct gw_operator *o = &f->operator;
    gw_buf_str(out, "# An operator of the bus; see README.md in this directory.\nname: ");
    quoted(out, o->name);
    if (*o->title) {
        gw_buf_str(out, "\ntitle: ");
        quoted(out, o->title);
    }
    gw_buf_printf(out, "\ncountry: '%s'\n",
                  o->country); /* a bare NO would be a truth value */
    if (*o->roles[0]) {
        gw_buf_str(out, "roles: [");
        print_words(out, o->roles[0], sizeof o->roles[0],
                    GW_ROLES_MAX);
        gw_buf_str(out, "]\n");
    }
    if (*o->ids[0]) {
        gw_buf_str(out, "ids: [");
        print_words(out, o->ids[0], sizeof o->ids[0], GW_IDS_MAX);
        gw_buf_str(out, "]\n");
    }
    gw_buf_str(out, "keys: [");
    print_words(out, o->keys[0], sizeof o->keys[0], GW_KEYS_MAX);
    gw_buf_str(out, "]\n");
    if (*o->profile_name) {
        gw_buf_str(out, "profile: ");
        quoted(out, o->profile_name);
        gw_buf_byte(out, '\n');
    }
    gw_buf_printf(out, "enabled: %s\n", o->enabled ? "true" : "false");
    print_share(f, out);
    if (o->has_quota)
        gw_buf_printf(out, "quota: {events: %llu, bytes: %llu}\n",
                      (unsigned long long)o->quota_events, (unsigned long long)o->quota_bytes);
}

enum gw_error gw_operator_cannot_write(const char *path, enum gw_error e,
                                       struct gw_complaint *c)
{
    if (e == GW_EXISTS)
        return gw_complain_of(c, e, path, 0, "choose another name, or edit the file",
                              "there is such an operator already");
    return gw_complain_of(c, e, path, 0, "check the directory's owner, mode and room",
                          "cannot be written: %s", strerror(errno));
}

enum gw_error gw_operator_file_write(const struct gw_operator_file *f, const char *dir,
                                     struct gw_complaint *c)
{
    char path[PATH_BYTES];
    struct gw_buf text;
    enum gw_error e;
    snprintf(path, sizeof path, "%s/%s.yaml", dir, f->operator.name);
    gw_buf_init(&text, FILE_BYTES);
    gw_operator_file_print(f, &text);
    e = gw_buf_status(&text);
    if (!e)
        e = gw_file_create(path, gw_buf_bytes(&text));
    gw_buf_deinit(&text);
    return e ? gw_operator_cannot_write(path, e, c) : GW_OK;
}
