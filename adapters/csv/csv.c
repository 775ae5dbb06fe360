/* csv.c - rows of a declared table to events. */
#include "adapters/csv/csv.h"
#include "adapters/csv/parts.h"
#include "base/utf8.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static enum gw_error open_state(void *state, const struct gw_options *o,
                                struct gw_text *why)
{
    struct gw_csv_state *s = state;
    struct gw_options own = *o;
    s->layout = malloc(sizeof *s->layout);
    s->rows = malloc(sizeof *s->rows);
    if (!s->layout || !s->rows) {
        gw_text_set(why, "out of memory");
        return GW_NOMEM;
    }
    enum gw_error e = gw_layout_read(s->layout, o->layout, why);
    if (!e && !gw_csv_pattern_good(s->layout->pattern)) {
        gw_text_set(why, "layout: the time pattern %s lacks year, month or day",
                    s->layout->pattern);
        e = GW_RANGE;
    }
    if (!e && s->layout->zone[0])
        own.zone = s->layout->zone;
    if (!e)
        e = gw_maker_open(&s->maker, &own, "csv", why);
    if (!e)
        e = gw_tree_init(&s->read, &gw_budget_default);
    return e;
}

static void close_state(void *state)
{
    struct gw_csv_state *s = state;
    gw_maker_close(&s->maker);
    gw_tree_deinit(&s->read);
    free(s->layout);
    free(s->rows);
    s->layout = NULL;
    s->rows = NULL;
}

/* ---- refusing ---- */

static enum gw_error refuse(struct gw_csv_state *s, size_t at, enum gw_error e,
                            const char *rule, const char *path, struct gw_slice value)
{
    struct gw_fault *f = &s->report->fault;
    (void)snprintf(f->field, sizeof f->field, "%.55s", path);
    if (!value.at)
        value = GW_LIT("");
    (void)snprintf(s->report->detail, sizeof s->report->detail, "line %u: %s%s%.*s",
                   s->rows->line, path, value.len ? ": " : "",
                   value.len > 60 ? 60 : (int)value.len, (const char *)value.at);
    s->report->segment = s->rows->line;
    return gw_fail(f, e, at, rule);
}

/* Where a field of the row stands; the row itself for one that was in quotes. */
static size_t offset_of(const struct gw_csv_state *s, struct gw_slice field)
{
    const uint8_t *from = s->rows->text.at, *to = from + s->rows->text.len;
    bool inside = field.at && field.at >= from && field.at <= to;
    return inside ? (size_t)(field.at - from) : s->rows->at;
}

/* ---- values ---- */

static bool read_number(const struct gw_layout *l, struct gw_slice text, double *out)
{
    char room[64], *end;
    if (!text.len || !gw_slice_copy(text, room, sizeof room) ||
        strspn(room, "+-0123456789.,eE ") != text.len)
        return false;
    if (l->decimal == ',') {
        char *comma = strchr(room, ',');
        if (strchr(room, '.'))
            return false;
        if (comma)
            *comma = '.';
    }
    *out = strtod(room, &end);
    return !*end && isfinite(*out);
}

static enum gw_error put_time(struct gw_csv_state *s, const struct gw_layout_column *c,
                              struct gw_slice text)
{
    struct gw_civil civil;
    enum gw_error e = gw_csv_time(text, s->layout->pattern, &civil);
    if (e)
        return refuse(s, offset_of(s, text), e, "date and time", c->path, text);
    if (strcmp(c->path, "time") == 0) {
        s->when = civil; /* put when the place is known */
        s->timed = true;
    } else
        gw_event_instant(&s->maker, s->maker.root, c->path, &civil, NULL);
    return GW_OK;
}

static enum gw_error put_number(struct gw_csv_state *s, const struct gw_layout_column *c,
                                struct gw_slice text)
{
    double v;
    if (!read_number(s->layout, text, &v))
        return refuse(s, offset_of(s, text), GW_NUMBER, "number", c->path, text);
    if (c->scale != 0)
        v *= c->scale;
    if (c->field->kind == GW_FLOAT)
        gw_event_float(&s->maker, s->maker.root, c->path, v);
    else if (v >= -9007199254740992.0 && v <= 9007199254740992.0)
        gw_event_int(&s->maker, s->maker.root, c->path, (int64_t)v);
    else
        return refuse(s, offset_of(s, text), GW_RANGE, "number", c->path, text);
    return GW_OK;
}

static enum gw_error put_word(struct gw_csv_state *s, const struct gw_layout_column *c,
                              struct gw_slice text)
{
    struct gw_maker *m = &s->maker;
    struct gw_slice ours = gw_layout_map(s->layout, c->map, text);
    bool type = strcmp(c->path, "type") == 0;
    if (c->map[0] && (type || c->field->words)) { /* the source's own code is kept */
        if (type)
            gw_event_str(m, m->root, "state.code", text);
        if (type && text.len)
            gw_event_str(m, m->root, "state.list", gw_slice_str(c->map));
    }
    if (c->field->words && gw_words_find(c->field->words, ours) < 0) {
        gw_event_note(m, "unknown-code", GW_SEVERITY_WARN, c->path, text);
        if (!type)
            return GW_OK;
        ours = GW_LIT("other");
        gw_event_str(m, m->root, "state.code", text);
    }
    gw_event_str(m, m->root, c->path, ours.len ? ours : text);
    return GW_OK;
}

static enum gw_error put_value(struct gw_csv_state *s, const struct gw_layout_column *c,
                               struct gw_slice text)
{
    size_t bad;
    if (!text.len)
        return GW_OK;
    if (!gw_utf8_valid(text, &bad))
        return refuse(s, offset_of(s, text) + bad, GW_UTF8, "character set", c->path,
                      gw_slice(NULL, 0));
    if (c->field->flags & GW_TIME_MS)
        return put_time(s, c, text);
    if (c->field->kind == GW_FLOAT || c->field->kind == GW_INT)
        return put_number(s, c, text);
    return put_word(s, c, text);
}

/* ---- rows ---- */

static enum gw_error put_constants(struct gw_csv_state *s)
{
    enum gw_error e = GW_OK;
    for (unsigned i = 0; i < s->layout->constants && !e; i++) {
        const struct gw_layout_constant *k = &s->layout->constant[i];
        struct gw_layout_column c = {.field = k->field};
        memcpy(c.path, k->path, sizeof c.path);
        e = put_value(s, &c, gw_slice_str(k->value));
    }
    return e;
}

static enum gw_error put_columns(struct gw_csv_state *s)
{
    enum gw_error e = GW_OK;
    for (unsigned i = 0; i < s->layout->columns && !e; i++) {
        unsigned at = s->place[i];
        if (at < s->rows->count)
            e = put_value(s, &s->layout->column[i], s->rows->field[at]);
    }
    return e;
}

/* An item of a list that has nothing but its constants (kind, role, scheme) names
 * nothing. */
static void drop_hollow(struct gw_csv_state *s)
{
    static const struct {
        const char *list, *must[2];
    } rows[] = {{"equipment", {"id", NULL}},
                {"references", {"value", NULL}},
                {"measures", {"value", "min"}},
                {"seals", {"id", NULL}},
                {"parties", {"id", "name"}}};
    struct gw_tree *t = &s->maker.tree;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t list = gw_tree_at(t, s->maker.root, rows[i].list), next;
        for (uint32_t n = list ? t->nodes[list].first : 0; n; n = next) {
            bool has = false;
            next = t->nodes[n].next;
            for (int k = 0; k < 2 && rows[i].must[k]; k++)
                has |= gw_tree_at(t, n, rows[i].must[k]) != GW_NODE_NONE;
            if (!has)
                gw_tree_detach(t, list, n);
        }
    }
}

static enum gw_error take_row(struct gw_csv_state *s)
{
    struct gw_maker *m = &s->maker;
    struct gw_fault f = {0};
    s->timed = false;
    gw_event_begin(m, NULL, "actual", NULL);
    enum gw_error e = put_constants(s);
    if (!e)
        e = put_columns(s);
    if (e)
        return e;
    if (!s->timed)
        return refuse(s, s->rows->at, GW_MISSING, "required field", "time",
                      gw_slice(NULL, 0));
    if (!gw_tree_at(&m->tree, m->root, "type"))
        return refuse(s, s->rows->at, GW_MISSING, "required field", "type",
                      gw_slice(NULL, 0));
    drop_hollow(s);
    gw_event_moment(m, &s->when, gw_event_known_place(m));
    gw_event_int(m, m->root, "source.sequence", s->rows->line);
    e = gw_event_end(m, s->events, &f);
    return e ? refuse(s, s->rows->at, e, f.rule ? f.rule : gw_error_text(e), f.field,
                      gw_slice(NULL, 0))
             : GW_OK;
}

/* ---- the header ---- */

/* The header's names are paths. */
static enum gw_error aim_self(struct gw_csv_state *s)
{
    struct gw_layout *l = s->layout;
    l->columns = 0;
    if (s->rows->count > GW_LAYOUT_COLUMNS)
        return refuse(s, s->rows->at, GW_RANGE, "too many columns", "",
                      gw_slice(NULL, 0));
    for (size_t i = 0; i < s->rows->count; i++) {
        struct gw_layout_column *c = &l->column[l->columns];
        *c = (struct gw_layout_column){.number = (unsigned)i + 1};
        if (!gw_layout_aim(c, s->rows->field[i]))
            return refuse(s, offset_of(s, s->rows->field[i]), GW_FORMAT, "header",
                          "no such path", s->rows->field[i]);
        s->place[l->columns++] = (unsigned)i;
    }
    return GW_OK;
}

static enum gw_error find_columns(struct gw_csv_state *s)
{
    struct gw_layout *l = s->layout;
    for (unsigned i = 0; i < l->columns; i++) {
        struct gw_layout_column *c = &l->column[i];
        s->place[i] = c->number - 1;
        for (size_t k = 0; c->name[0] && k <= s->rows->count; k++) {
            if (k == s->rows->count)
                return refuse(s, s->rows->at, GW_MISSING, "header", "no such column",
                              gw_slice_str(c->name));
            if (!gw_slice_is(s->rows->field[k], c->name))
                continue;
            s->place[i] = (unsigned)k;
            break;
        }
    }
    return GW_OK;
}

static enum gw_error next_row(struct gw_csv_state *s)
{
    enum gw_error e = gw_rows_next(s->rows);
    if (!e || e == GW_NOT_FOUND)
        return e;
    return refuse(s, s->rows->next < s->rows->text.len ? s->rows->next : s->rows->at, e,
                  "row", e == GW_FORMAT ? "a quote" : "too long", gw_slice(NULL, 0));
}

static enum gw_error read_header(struct gw_csv_state *s)
{
    enum gw_error e = GW_OK;
    for (unsigned i = 0; i < s->layout->skip && !e; i++)
        e = next_row(s);
    s->rows->count = 0;
    if (!e && s->layout->header)
        e = next_row(s);
    if (e == GW_NOT_FOUND)
        return refuse(s, 0, GW_TRUNCATED, "header", "", gw_slice(NULL, 0));
    if (!e)
        e = s->layout->self ? aim_self(s) : find_columns(s);
    return e;
}

static enum gw_error decode(void *state, struct gw_slice in, struct gw_events *out,
                            struct gw_report *report)
{
    struct gw_csv_state *s = state;
    uint32_t before = out->count;
    s->report = report;
    s->events = out;
    gw_rows_init(s->rows, in, s->layout->separator);
    gw_maker_message(&s->maker, in);
    enum gw_error e = read_header(s);
    while (!e) {
        e = next_row(s);
        if (!e)
            e = take_row(s);
    }
    if (e == GW_NOT_FOUND)
        e = GW_OK;
    report->messages = 1;
    if (e)
        gw_events_cut(out, before);
    return e;
}

const struct gw_adapter gw_adapter_csv = {
    .name = "csv",
    .standard = "tables of values with a declared layout, RFC 4180",
    .edition = "layout 1",
    .size = sizeof(struct gw_csv_state),
    .max_bytes = GW_CSV_MAX_BYTES,
    .open = open_state,
    .decode = decode,
    .encode = gw_csv_encode,
    .close = close_state};
