/* settings_value.c - one setting's text into its field, within its row's bounds. */
#include "conf/quantity.h"
#include "conf/settings_table.h"
#include <stdio.h>

static void out_of_bounds(const struct gw_setting *row, struct gw_ynode at,
                          const char *text, struct gw_complaint *c)
{
    struct gw_buf bounds;
    char remedy[160];
    gw_buf_init(&bounds, sizeof remedy);
    gw_setting_bounds(row, &bounds);
    snprintf(remedy, sizeof remedy, "set it within %s", gw_buf_text(&bounds));
    gw_complain(c, at, remedy, "%s: %s is out of bounds", row->name, text);
    gw_buf_deinit(&bounds);
}

static enum gw_error not_a_number(const struct gw_setting *row, struct gw_ynode at,
                                  const char *text, struct gw_complaint *c)
{
    char remedy[160];
    const char *units = gw_quantity_units(row->unit);
    snprintf(remedy, sizeof remedy, "write a whole number%s%s",
             *units ? " with or without " : "", units);
    gw_complain(c, at, remedy, "%s: \"%s\" is no such number", row->name, text);
    return GW_FORMAT;
}

static enum gw_error set_number(const struct gw_setting *row, struct gw_ynode at,
                                const char *text, struct gw_settings *out,
                                struct gw_complaint *c)
{
    char *field = (char *)out + row->offset;
    int64_t n = 0;
    enum gw_error e = gw_quantity_read(text, row->unit, &n);
    if (e == GW_FORMAT)
        return not_a_number(row, at, text, c);
    if (e || n < row->least || n > row->most) {
        out_of_bounds(row, at, text, c);
        return GW_RANGE;
    }
    n *= row->scale;
    if (row->size == sizeof(uint32_t))
        memcpy(field, &(uint32_t){(uint32_t)n}, row->size);
    else
        memcpy(field, &n, row->size);
    return GW_OK;
}

static enum gw_error set_bool(const struct gw_setting *row, struct gw_ynode at,
                              const char *text, struct gw_settings *out,
                              struct gw_complaint *c)
{
    bool *field = (bool *)((char *)out + row->offset);
    if (!at.doc) { /* a default */
        *field = strcmp(text, "true") == 0;
        return GW_OK;
    }
    if (gw_ynode_bool(at, field))
        return GW_OK;
    gw_complain(c, at, "write true or false", "%s: \"%s\" is neither", row->name, text);
    return GW_FORMAT;
}

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *w = words; w; w = strchr(w, ' ')) {
        w += *w == ' ';
        if (len && strncmp(w, word, len) == 0 && (w[len] == ' ' || !w[len]))
            return true;
    }
    return false;
}

static bool is_clean(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static enum gw_error set_text(const struct gw_setting *row, struct gw_ynode at,
                              const char *text, struct gw_settings *out,
                              struct gw_complaint *c)
{
    bool fits = gw_slice_copy(gw_slice_str(text), (char *)out + row->offset, row->size);
    if (row->kind == GW_SETTING_WORD && !has_word(row->words, text))
        fits = false;
    if (row->kind == GW_SETTING_TEXT && !*text)
        fits = false;
    if (fits && is_clean(text))
        return GW_OK;
    out_of_bounds(row, at, *text ? text : "an empty text", c);
    return GW_RANGE;
}

enum gw_error gw_setting_set(const struct gw_setting *row, struct gw_ynode at,
                             const char *text, struct gw_settings *out,
                             struct gw_complaint *c)
{
    switch (row->kind) {
    case GW_SETTING_NUMBER:
        return set_number(row, at, text, out, c);
    case GW_SETTING_BOOL:
        return set_bool(row, at, text, out, c);
    case GW_SETTING_WORD:
    case GW_SETTING_TEXT:
    case GW_SETTING_PATH:
        return set_text(row, at, text, out, c);
    }
    return GW_USAGE;
}
