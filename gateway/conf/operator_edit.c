/* operator_edit.c - one key of an operator's file changed, everything else in it left as
 * it is. */
#include "conf/complaint.h"
#include "conf/file.h"
#include "conf/file_put.h"
#include "conf/operator_file.h"
#include <stdio.h>

#define FILE_BYTES (4u << 20) /* yaml.h takes no larger file */
#define LINE_BYTES 256

/* One line of the text, with its end. */
static struct gw_slice first_line(struct gw_slice text)
{
    const uint8_t *end = text.len ? memchr(text.at, '\n', text.len) : NULL;
    return gw_slice(text.at, end ? (size_t)(end - text.at) + 1 : text.len);
}

static struct gw_slice behind(struct gw_slice text, struct gw_slice line)
{
    return gw_slice(text.at + line.len, text.len - line.len);
}

/* Does the line go on with the value begun above: indented, or an item of a list? */
static bool goes_on(struct gw_slice line)
{
    return line.len && (line.at[0] == ' ' || line.at[0] == '\t' || line.at[0] == '-');
}

/* The text with the value of `key` (its line and those that go on with it) replaced by
 * `line`, or with `line` added at the end. */
static void edit(struct gw_slice text, const char *key, const char *line,
                 struct gw_buf *out)
{
    bool done = false;
    while (text.len) {
        struct gw_slice here = first_line(text);
        text = behind(text, here);
        if (!gw_slice_starts(here, gw_slice_str(key))) {
            gw_buf_slice(out, here);
            if (here.at[here.len - 1] != '\n')
                gw_buf_byte(out, '\n');
            continue;
        }
        gw_buf_str(out, line);
        done = true;
        while (goes_on(first_line(text)))
            text = behind(text, first_line(text));
    }
    if (!done)
        gw_buf_str(out, line);
}

/* What the edited file must say. */
struct wanted {
    const char *key, *line;
    bool enabled;
    char keys[GW_KEYS_MAX][41];
};

static bool says(const struct gw_operator *o, const struct wanted *w)
{
    return o->enabled == w->enabled && memcmp(o->keys, w->keys, sizeof w->keys) == 0;
}

/* Only a file that is good before and after, and says what was wanted, takes the other's
 * place. */
static enum gw_error replace(const char *path, struct gw_slice text,
                             const struct wanted *w, struct gw_complaint *c)
{
    struct gw_operator_file f;
    enum gw_error e = gw_operator_file_parse(&f, text, path, c);
    bool said = !e && says(&f.operator, w);
    gw_operator_file_deinit(&f);
    if (e || !said)
        return gw_complain_of(c, GW_FORMAT, path, 0, "edit it by hand",
                              "not written one key a line");
    e = gw_file_replace(path, text);
    return e ? gw_operator_cannot_write(path, e, c) : GW_OK;
}

static enum gw_error apply(const char *path, const struct wanted *w,
                           struct gw_complaint *c)
{
    struct gw_buf old, edited;
    enum gw_error e;
    gw_buf_init(&old, FILE_BYTES);
    gw_buf_init(&edited, FILE_BYTES);
    e = gw_file_read(path, &old);
    edit(gw_buf_bytes(&old), w->key, w->line, &edited);
    if (!e)
        e = gw_buf_status(&edited);
    e = e ? gw_operator_cannot_write(path, e, c)
          : replace(path, gw_buf_bytes(&edited), w, c);
    gw_buf_deinit(&old);
    gw_buf_deinit(&edited);
    return e;
}

/* What the file says now: what is not to change is wanted as it is. */
static enum gw_error begin(const char *path, struct wanted *w, struct gw_complaint *c)
{
    struct gw_operator_file f;
    enum gw_error e = gw_operator_file_read(&f, path, c);
    if (!e) {
        w->enabled = f.operator.enabled;
        memcpy(w->keys, f.operator.keys, sizeof w->keys);
    }
    gw_operator_file_deinit(&f);
    return e;
}

enum gw_error gw_operator_file_enable(const char *path, bool enabled,
                                      struct gw_complaint *c)
{
    struct wanted w = {.key = "enabled:"};
    enum gw_error e = begin(path, &w, c);
    w.line = enabled ? "enabled: true\n" : "enabled: false\n";
    w.enabled = enabled;
    return e ? e : apply(path, &w, c);
}

/* Z85 knows neither a single quote nor a backslash, so quotes need no escape. */
static void keys_line(const struct wanted *w, char line[LINE_BYTES])
{
    if (*w->keys[1])
        (void)snprintf(line, LINE_BYTES, "keys: ['%s', '%s']\n", w->keys[0], w->keys[1]);
    else if (*w->keys[0])
        (void)snprintf(line, LINE_BYTES, "keys: ['%s']\n", w->keys[0]);
    else
        (void)snprintf(line, LINE_BYTES, "keys: []\n");
}

static enum gw_error apply_keys(const char *path, struct wanted *w,
                                struct gw_complaint *c)
{
    char line[LINE_BYTES];
    keys_line(w, line);
    w->line = line;
    enum gw_error e = apply(path, w, c);
    w->line = NULL;
    return e;
}

enum gw_error gw_operator_file_add_key(const char *path, const char *key,
                                       struct gw_complaint *c)
{
    struct wanted w = {.key = "keys:"};
    enum gw_error e = begin(path, &w, c);
    int free_place = *w.keys[0] ? 1 : 0;
    if (e)
        return e;
    if (strcmp(w.keys[0], key) == 0 || strcmp(w.keys[1], key) == 0)
        return gw_complain_of(c, GW_EXISTS, path, 0, "nothing needs to be done",
                              "the operator has this key already");
    if (*w.keys[free_place])
        return gw_complain_of(c, GW_RANGE, path, 0,
                              "revoke the one that is not used any more",
                              "the operator has two keys already");
    memcpy(w.keys[free_place], key, sizeof w.keys[0]);
    return apply_keys(path, &w, c);
}

enum gw_error gw_operator_file_drop_key(const char *path, const char *key,
                                        struct gw_complaint *c)
{
    struct wanted w = {.key = "keys:"};
    enum gw_error e = begin(path, &w, c);
    if (e)
        return e;
    if (strcmp(w.keys[1], key) == 0)
        w.keys[1][0] = 0;
    else if (strcmp(w.keys[0], key) == 0)
        memcpy(w.keys[0], w.keys[1], sizeof w.keys[0]);
    else
        return gw_complain_of(c, GW_NOT_FOUND, path, 0, "see: karvan operator show",
                              "the operator has no such key");
    memset(w.keys[1], 0, sizeof w.keys[1]);
    if (!*w.keys[0])
        memset(w.keys[0], 0, sizeof w.keys[0]);
    return apply_keys(path, &w, c);
}
