/* layout.c - the declaration of a table, read line by line. */
#include "adapters/csv/layout.h"
#include "base/utf8.h"
#include <stdlib.h>

#define WORDS 8

/* The words of a line; those in quotes may hold blanks. */
struct line {
    struct gw_slice word[WORDS];
    unsigned count;
};

struct reading {
    struct gw_layout *l;
    const struct line *line;
    const char *problem; /* words for the operator */
};

/* ---- words ---- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* One word off the front; false when its quote is not closed. */
static bool take_word(struct gw_slice *s, struct gw_slice *word)
{
    bool quoted = s->at[0] == '"';
    size_t from = quoted, n = from;
    while (n < s->len && (quoted ? s->at[n] != '"' : !is_blank(s->at[n])))
        n++;
    if (quoted && n == s->len)
        return false;
    *word = gw_slice(s->at + from, n - from);
    n += quoted;
    *s = gw_slice(s->at + n, s->len - n);
    return true;
}

static void skip_blanks(struct gw_slice *s)
{
    while (s->len && is_blank(s->at[0]))
        *s = gw_slice(s->at + 1, s->len - 1);
}

/* # begins a comment, but #2 is the second column. */
static bool is_comment(struct gw_slice s)
{
    return s.at[0] == '#' && (s.len == 1 || s.at[1] < '0' || s.at[1] > '9');
}

static bool split(struct gw_slice s, struct line *out)
{
    out->count = 0;
    for (skip_blanks(&s); s.len && !is_comment(s); skip_blanks(&s)) {
        if (out->count == WORDS || !take_word(&s, &out->word[out->count]))
            return false;
        out->count++;
    }
    return true;
}

/* ---- paths ---- */

static bool copy(struct gw_slice from, char *to, size_t size)
{
    return from.len && gw_slice_copy(from, to, size);
}

/* A value's path: of the schema, to its end, with a number for each list. */
static const struct gw_field *field_of(const char *path)
{
    const struct gw_field *f = gw_shape_path(&gw_shape_event, path);
    size_t open = 0;
    for (const char *c = path; *c; c++) {
        if (*c == '[' && (c[1] < '0' || c[1] > '9'))
            return NULL;
        open += *c == '[';
    }
    if (f && (f->flags & GW_FREE))
        return strncmp(path, "ext.", 4) == 0 && path[4] ? f : NULL;
    if (f && (f->kind == GW_MAP || f->kind == GW_ARRAY || (f->flags & GW_BY_GATEWAY)))
        return NULL;
    if (f && open > 1)
        return NULL;
    return f;
}

/* Lists are written with a number: measures[0].value, not measures.value. */
static bool has_numbers(const char *path)
{
    static const char *const lists[] = {"equipment", "measures", "seals",   "references",
                                        "parties",   "goods",    "journey", "quality"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t n = strlen(lists[i]);
        if (strncmp(path, lists[i], n) == 0 && (path[n] == '.' || !path[n]))
            return false;
    }
    return true;
}

bool gw_layout_aim(struct gw_layout_column *c, struct gw_slice path)
{
    size_t bad;
    if (!copy(path, c->path, sizeof c->path) || !gw_utf8_valid(path, &bad))
        return false;
    c->field = has_numbers(c->path) ? field_of(c->path) : NULL;
    return c->field != NULL;
}

/* ---- directives ---- */

static enum gw_error fail(struct reading *r, enum gw_error e, const char *problem)
{
    r->problem = problem;
    return e;
}

static bool is(const struct reading *r, unsigned i, const char *word)
{
    return i < r->line->count && gw_slice_is(r->line->word[i], word);
}

static struct gw_slice word(const struct reading *r, unsigned i)
{
    return i < r->line->count ? r->line->word[i] : gw_slice(NULL, 0);
}

static enum gw_error read_separator(struct reading *r)
{
    struct gw_slice w = word(r, 1);
    if (gw_slice_is(w, "tab"))
        r->l->separator = '\t';
    else if (w.len == 1 && w.at[0] != '"' && w.at[0] > ' ')
        r->l->separator = (char)w.at[0];
    else
        return fail(r, GW_FORMAT, "separator takes one character, or tab");
    return GW_OK;
}

static enum gw_error read_decimal(struct reading *r)
{
    if (!is(r, 1, ".") && !is(r, 1, ","))
        return fail(r, GW_FORMAT, "decimal takes . or ,");
    r->l->decimal = (char)word(r, 1).at[0];
    return GW_OK;
}

static enum gw_error read_header(struct reading *r)
{
    if (!is(r, 1, "yes") && !is(r, 1, "no"))
        return fail(r, GW_FORMAT, "header takes yes or no");
    r->l->header = is(r, 1, "yes");
    return GW_OK;
}

static enum gw_error read_skip(struct reading *r)
{
    uint64_t n;
    if (!gw_slice_uint(word(r, 1), &n) || n > 1000)
        return fail(r, GW_RANGE, "skip takes a number of lines, at most 1000");
    r->l->skip = (unsigned)n;
    return GW_OK;
}

static enum gw_error read_time(struct reading *r)
{
    return copy(word(r, 1), r->l->pattern, sizeof r->l->pattern)
               ? GW_OK
               : fail(r, GW_FORMAT, "time takes a pattern, iso, epoch-s or epoch-ms");
}

static enum gw_error read_zone(struct reading *r)
{
    return copy(word(r, 1), r->l->zone, sizeof r->l->zone)
               ? GW_OK
               : fail(r, GW_FORMAT, "zone takes an IANA name");
}

/* column NAME|#N PATH [map MAP] [scale NUMBER] */
static enum gw_error read_column(struct reading *r)
{
    struct gw_layout *l = r->l;
    struct gw_layout_column *c = &l->column[l->columns];
    struct gw_slice name = word(r, 1);
    uint64_t number = 0;
    if (l->columns == GW_LAYOUT_COLUMNS)
        return fail(r, GW_RANGE, "too many columns");
    *c = (struct gw_layout_column){.number = 0};
    if (name.len > 1 && name.at[0] == '#' &&
        gw_slice_uint(gw_slice(name.at + 1, name.len - 1), &number) && number >= 1 &&
        number <= 256)
        c->number = (unsigned)number;
    else if (!copy(name, c->name, sizeof c->name))
        return fail(r, GW_FORMAT, "column takes a name or #number, and a path");
    if (!gw_layout_aim(c, word(r, 2)))
        return fail(r, GW_RANGE, "no such path in the schema");
    for (unsigned i = 3; i + 1 < r->line->count; i += 2) {
        char text[32];
        if (is(r, i, "map") && copy(word(r, i + 1), c->map, sizeof c->map))
            continue;
        if (!is(r, i, "scale") || !copy(word(r, i + 1), text, sizeof text) ||
            (c->scale = strtod(text, NULL)) == 0)
            return fail(r, GW_FORMAT, "behind the path: map NAME, scale NUMBER");
    }
    if (r->line->count < 3 || r->line->count % 2 == 0)
        return fail(r, GW_FORMAT, "a word too many, or too few");
    l->columns++;
    return GW_OK;
}

static enum gw_error read_constant(struct reading *r)
{
    struct gw_layout *l = r->l;
    struct gw_layout_constant *c = &l->constant[l->constants];
    struct gw_layout_column aim;
    if (l->constants == GW_LAYOUT_CONSTANTS)
        return fail(r, GW_RANGE, "too many constants");
    if (r->line->count != 3 || !copy(word(r, 2), c->value, sizeof c->value))
        return fail(r, GW_FORMAT, "constant takes a path and a value");
    if (!gw_layout_aim(&aim, word(r, 1)))
        return fail(r, GW_RANGE, "no such path in the schema");
    memcpy(c->path, aim.path, sizeof c->path);
    c->field = aim.field;
    l->constants++;
    return GW_OK;
}

static enum gw_error read_map(struct reading *r)
{
    struct gw_layout *l = r->l;
    struct gw_layout_pair *p = &l->pair[l->pairs];
    if (l->pairs == GW_LAYOUT_PAIRS)
        return fail(r, GW_RANGE, "too many codes in maps");
    if (r->line->count != 4 || !copy(word(r, 1), p->map, sizeof p->map) ||
        !copy(word(r, 2), p->from, sizeof p->from) ||
        !copy(word(r, 3), p->to, sizeof p->to))
        return fail(r, GW_FORMAT, "map takes a name, a code and a word");
    l->pairs++;
    return GW_OK;
}

static const struct {
    const char *word;
    enum gw_error (*read)(struct reading *r);
} directives[] = {
    {"separator", read_separator}, {"decimal", read_decimal},   {"header", read_header},
    {"skip", read_skip},           {"time", read_time},         {"zone", read_zone},
    {"column", read_column},       {"constant", read_constant}, {"map", read_map}};

static enum gw_error read_line(struct reading *r)
{
    if (!r->line->count)
        return GW_OK;
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (is(r, 0, directives[i].word))
            return directives[i].read(r);
    return fail(r, GW_FORMAT, "no such directive");
}

/* ---- the whole ---- */

static bool is_set(const struct gw_layout *l, const char *path)
{
    for (unsigned i = 0; i < l->columns; i++)
        if (strcmp(l->column[i].path, path) == 0)
            return true;
    for (unsigned i = 0; i < l->constants; i++)
        if (strcmp(l->constant[i].path, path) == 0)
            return true;
    return false;
}

static bool has_map(const struct gw_layout *l, const char *map)
{
    for (unsigned i = 0; i < l->pairs; i++)
        if (strcmp(l->pair[i].map, map) == 0)
            return true;
    return !*map;
}

static enum gw_error judge(const struct gw_layout *l, struct gw_text *why)
{
    for (unsigned i = 0; i < l->columns; i++) {
        if (!has_map(l, l->column[i].map)) {
            gw_text_set(why, "layout: no map %s", l->column[i].map);
            return GW_RANGE;
        }
        if (!l->header && !l->column[i].number) {
            gw_text_set(why, "layout: without a header, column %s needs a #number",
                        l->column[i].name);
            return GW_RANGE;
        }
    }
    if (!is_set(l, "type") || !is_set(l, "time")) {
        gw_text_set(why, "layout: type and time need a column or a constant each");
        return GW_RANGE;
    }
    return GW_OK;
}

enum gw_error gw_layout_read(struct gw_layout *l, const char *text, struct gw_text *why)
{
    struct gw_slice rest = gw_slice_str(text);
    struct line line;
    struct reading r = {l, &line, NULL};
    enum gw_error e = GW_OK;

    *l = (struct gw_layout){
        .separator = ',', .decimal = '.', .header = true, .pattern = "iso"};
    for (unsigned number = 1; rest.len && !e; number++) {
        const uint8_t *end = memchr(rest.at, '\n', rest.len);
        size_t n = end ? (size_t)(end - rest.at) : rest.len;
        r.problem = "a quote that is not closed, or too many words";
        e = split(gw_slice(rest.at, n), &line) ? read_line(&r) : GW_FORMAT;
        if (e)
            gw_text_set(why, "layout, line %u: %s", number, r.problem);
        n += end != NULL;
        rest = gw_slice(rest.at + n, rest.len - n);
    }
    l->self = !l->columns;
    return e || l->self ? e : judge(l, why);
}

/* ---- codes ---- */

struct gw_slice gw_layout_map(const struct gw_layout *l, const char *map,
                              struct gw_slice code)
{
    struct gw_slice others = {0};
    if (!*map)
        return code;
    for (unsigned i = 0; i < l->pairs; i++) {
        const struct gw_layout_pair *p = &l->pair[i];
        if (strcmp(p->map, map) != 0)
            continue;
        if (gw_slice_is(code, p->from))
            return gw_slice_str(p->to);
        if (strcmp(p->from, "*") == 0)
            others = gw_slice_str(p->to);
    }
    return others;
}

struct gw_slice gw_layout_unmap(const struct gw_layout *l, const char *map,
                                struct gw_slice ours)
{
    if (!*map)
        return ours;
    for (unsigned i = 0; i < l->pairs; i++)
        if (strcmp(l->pair[i].map, map) == 0 && gw_slice_is(ours, l->pair[i].to) &&
            strcmp(l->pair[i].from, "*") != 0)
            return gw_slice_str(l->pair[i].from);
    return gw_slice(NULL, 0);
}
