/* host_value.c - one setting's text into its field, within its row's bounds. */
#include "adapters/host_table.h"
#include "conf/quantity.h"
#include <stdio.h>

const char *gw_row_name(const struct gw_row *row, char out[64])
{
    const char *section = gw_section_key(row->section);
    (void)snprintf(out, 64, "%s%s%s", section, *section ? "." : "", row->key);
    return out;
}

bool gw_words_have(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *w = words; len && w; w = strchr(w, ' ')) {
        w += *w == ' ';
        if (strncmp(w, word, len) == 0 && (w[len] == ' ' || !w[len]))
            return true;
    }
    return false;
}

void gw_row_bounds(const struct gw_row *row, struct gw_buf *out)
{
    static const char *const texts[] = {[GW_ROW_BOOL] = "true or false",
                                        [GW_ROW_NAME] = "1 to 32 of a-z 0-9 - _ .",
                                        [GW_ROW_TEXT] = "text",
                                        [GW_ROW_PATH] = "path",
                                        [GW_ROW_TERMS] = "list of field=value[,value]"};
    if (row->kind == GW_ROW_NUMBER) {
        gw_quantity_write(row->least, row->unit, out);
        gw_buf_str(out, " .. ");
        gw_quantity_write(row->most, row->unit, out);
    } else if (row->kind == GW_ROW_TERMS && row->words)
        gw_buf_printf(out, "list of: %s", row->words);
    else if (row->kind == GW_ROW_WORD)
        gw_buf_printf(out, "one of: %s", row->words);
    else
        gw_buf_str(out, texts[row->kind]);
}

static enum gw_error complain(const struct gw_row *row, struct gw_ynode at,
                              const char *text, struct gw_complaint *c)
{
    struct gw_buf bounds;
    char remedy[200], name[64];
    gw_buf_init(&bounds, 160);
    gw_row_bounds(row, &bounds);
    (void)snprintf(remedy, sizeof remedy, "it takes: %s", gw_buf_text(&bounds));
    gw_complain(c, at, remedy, "%s: \"%.80s\" is not possible", gw_row_name(row, name),
                text);
    gw_buf_deinit(&bounds);
    return GW_RANGE;
}

static bool set_number(const struct gw_row *row, const char *text, void *field)
{
    int64_t n = 0;
    if (gw_quantity_read(text, row->unit, &n) || n < row->least || n > row->most)
        return false;
    if (row->size == sizeof(uint32_t))
        *(uint32_t *)field = (uint32_t)n;
    else
        *(uint64_t *)field = (uint64_t)n;
    return true;
}

static bool is_clean(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static bool set_text(const struct gw_row *row, const char *text, void *field)
{
    bool wanted = row->initial == NULL; /* what must be set must not be empty either */
    return is_clean(text) && (*text || !wanted) &&
           gw_slice_copy(gw_slice_str(text), field, row->size);
}

static bool set_name(const struct gw_row *row, const char *text, void *field)
{
    return gw_name_valid(gw_slice_str(text)) && set_text(row, text, field);
}

static bool set_word(const struct gw_row *row, const char *text, void *field)
{
    return gw_words_have(row->words, text) && set_text(row, text, field);
}

static bool set_path(const struct gw_row *row, const char *text, const char *dir,
                     void *field)
{
    char joined[2 * GW_HOST_PATH];
    if (!*text || *text == '/' || !*dir)
        return set_text(row, text, field);
    int n = snprintf(joined, sizeof joined, "%s/%s", dir, text);
    return n > 0 && (size_t)n < sizeof joined && set_text(row, joined, field);
}

static bool set_terms(const struct gw_row *row, struct gw_ynode at,
                      struct gw_host_terms *terms)
{
    terms->count = 0;
    if (gw_ynode_kind(at) == GW_Y_ABSENT)
        return true;
    if (gw_ynode_kind(at) != GW_Y_LIST || gw_ynode_count(at) > GW_HOST_TERMS)
        return false;
    for (int i = 0; i < gw_ynode_count(at); i++) {
        const char *text = gw_ynode_text(gw_ynode_item(at, i));
        char *to = terms->list[terms->count];
        bool fits =
            row->words ? gw_words_have(row->words, text) : strchr(text, '=') != NULL;
        if (!fits || !is_clean(text) ||
            !gw_slice_copy(gw_slice_str(text), to, sizeof terms->list[0]))
            return false;
        terms->count++;
    }
    return true;
}

static bool set_bool(struct gw_ynode at, const char *text, void *field)
{
    bool *to = field;
    *to = strcmp(text, "true") == 0;
    return gw_ynode_kind(at) == GW_Y_ABSENT || gw_ynode_bool(at, to);
}

static bool set(const struct gw_row *row, struct gw_ynode at, const char *text,
                const char *dir, void *field)
{
    switch (row->kind) {
    case GW_ROW_NUMBER:
        return set_number(row, text, field);
    case GW_ROW_BOOL:
        return set_bool(at, text, field);
    case GW_ROW_NAME:
        return set_name(row, text, field);
    case GW_ROW_WORD:
        return set_word(row, text, field);
    case GW_ROW_TEXT:
        return set_text(row, text, field);
    case GW_ROW_PATH:
        return set_path(row, text, dir, field);
    case GW_ROW_TERMS:
        return set_terms(row, at, field);
    }
    return false;
}

enum gw_error gw_row_set(const struct gw_row *row, struct gw_ynode at, const char *dir,
                         void *base, struct gw_complaint *c)
{
    void *field = (char *)base + row->offset;
    enum gw_ykind kind = gw_ynode_kind(at);
    const char *text = kind == GW_Y_ABSENT ? row->initial : gw_ynode_text(at);
    bool fits = row->kind == GW_ROW_TERMS || kind == GW_Y_ABSENT || kind == GW_Y_SCALAR;
    if (fits && set(row, at, text, kind == GW_Y_ABSENT ? "" : dir, field))
        return GW_OK;
    return complain(row, at, kind == GW_Y_SCALAR ? text : "this", c);
}
