/* encode.c - events to a table: a header, and one row each. */
#include "adapters/csv/parts.h"
#include "base/clock.h"
#include <stdio.h>
#include <stdlib.h>

/* Where a value needs them, in quotes. */
static void put_field(const struct gw_layout *l, struct gw_slice v, struct gw_buf *out)
{
    bool quotes = v.len && (v.at[0] == ' ' || v.at[v.len - 1] == ' ');
    for (size_t i = 0; i < v.len && !quotes; i++)
        quotes = v.at[i] == (uint8_t)l->separator || v.at[i] == '"' || v.at[i] == '\n' ||
                 v.at[i] == '\r' || v.at[i] == '\t';
    if (!quotes) {
        gw_buf_slice(out, v);
        return;
    }
    gw_buf_byte(out, '"');
    for (size_t i = 0; i < v.len; i++) {
        if (v.at[i] == '"')
            gw_buf_byte(out, '"');
        gw_buf_byte(out, v.at[i]);
    }
    gw_buf_byte(out, '"');
}

static void put_number(const struct gw_layout *l, double v, struct gw_buf *out)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.15g", v);
    for (char *c = strchr(text, '.'); c && l->decimal == ','; c = NULL)
        *c = ',';
    put_field(l, gw_slice_str(text), out);
}

/* The wall clock it is written in: as stated, else of the zone the table is read in. */
static int offset_of(const struct gw_csv_state *s, uint32_t root, int64_t ms)
{
    uint32_t n = gw_tree_at(&s->read, root, "time_offset");
    uint32_t place = gw_tree_at(&s->read, root, "place");
    if (n && s->read.nodes[n].kind == GW_INT && strstr(s->layout->pattern, "ZZ"))
        return (int)s->read.nodes[n].i;
    return gw_zoning_offset(&s->maker.zoning,
                            gw_zoning_place(&s->maker.zoning, &s->read, place), ms);
}

/* As exact as it was known, and with an offset where one was stated. */
static void put_iso(const struct gw_csv_state *s, uint32_t root, int64_t ms, bool main,
                    struct gw_buf *out)
{
    static const struct {
        const char *precision;
        size_t len;
    } rows[] = {{"second", 19}, {"minute", 16}, {"hour", 13}, {"day", 10}};
    struct gw_slice basis =
        main ? gw_tree_str(&s->read, root, "time_basis") : GW_LIT("stated-utc");
    struct gw_slice precision =
        main ? gw_tree_str(&s->read, root, "time_precision") : GW_LIT("second");
    bool stated = gw_slice_is(basis, "stated-offset");
    bool assumed = gw_slice_is(basis, "assumed-zone");
    int offset = stated    ? (int)gw_tree_int(&s->read, root, "time_offset", 0)
                 : assumed ? offset_of(s, root, ms)
                           : 0;
    size_t len = 23;
    char iso[25];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (gw_slice_is(precision, rows[i].precision) && !(i == 0 && ms % 1000))
            len = rows[i].len;
    gw_time_iso(ms + (int64_t)offset * 60000, iso);
    gw_buf_add(out, iso, len);
    if (stated)
        gw_buf_printf(out, "%c%02d:%02d", offset < 0 ? '-' : '+', abs(offset) / 60,
                      abs(offset) % 60);
    else if (!assumed)
        gw_buf_byte(out, 'Z');
}

static void put_time(const struct gw_csv_state *s, uint32_t root, const char *path,
                     int64_t ms, struct gw_buf *out)
{
    struct gw_buf text;
    gw_buf_init(&text, 256);
    if (strcmp(s->layout->pattern, "iso") == 0)
        put_iso(s, root, ms, strcmp(path, "time") == 0, &text);
    else
        gw_csv_time_text(ms, offset_of(s, root, ms), s->layout->pattern, &text);
    put_field(s->layout, gw_buf_bytes(&text), out);
    gw_buf_deinit(&text);
}

static void put_value(struct gw_csv_state *s, uint32_t root,
                      const struct gw_layout_column *c, struct gw_buf *out)
{
    uint32_t n = gw_tree_at(&s->read, root, c->path);
    const struct gw_node *v = &s->read.nodes[n];
    double scale = c->scale != 0 ? c->scale : 1;
    if (!n)
        return;
    if (v->kind == GW_INT && (c->field->flags & GW_TIME_MS))
        put_time(s, root, c->path, v->i, out);
    else if (v->kind == GW_INT)
        put_number(s->layout, (double)v->i / scale, out);
    else if (v->kind == GW_FLOAT)
        put_number(s->layout, v->f / scale, out);
    else if (v->kind == GW_STR && c->map[0] && strcmp(c->path, "type") == 0 &&
             gw_slice_is(gw_tree_str(&s->read, root, "state.list"), c->map))
        put_field(s->layout, gw_tree_str(&s->read, root, "state.code"), out);
    else if (v->kind == GW_STR)
        put_field(s->layout, gw_layout_unmap(s->layout, c->map, v->s), out);
}

/* The columns in the order they stand in a row. */
static unsigned order(const struct gw_layout *l, const struct gw_layout_column *by[])
{
    unsigned most = 0;
    for (unsigned i = 0; i < l->columns; i++) {
        unsigned at = l->column[i].number ? l->column[i].number - 1 : i;
        if (at >= GW_ROWS_FIELDS)
            continue;
        by[at] = &l->column[i];
        most = at + 1 > most ? at + 1 : most;
    }
    return most;
}

/* ---- without a declaration: a column for each path there is ---- */

/* What the message itself says about the event, or how it was read. */
static bool is_about(const char *path)
{
    static const char *const heads[] = {"schema",      "source.",    "quality",
                                        "time_offset", "time_basis", "time_precision"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (strncmp(path, heads[i], strlen(heads[i])) == 0)
            return true;
    return false;
}

static void add_column(struct gw_layout *l, const char *path)
{
    struct gw_layout_column *c = &l->column[l->columns];
    for (unsigned i = 0; i < l->columns; i++)
        if (strcmp(l->column[i].path, path) == 0)
            return;
    if (l->columns == GW_LAYOUT_COLUMNS || is_about(path))
        return;
    *c = (struct gw_layout_column){.number = 0};
    if (gw_layout_aim(c, gw_slice_str(path)))
        l->columns++;
}

static void collect(struct gw_csv_state *s, uint32_t node, const char *path)
{
    const struct gw_node *n = &s->read.nodes[node];
    unsigned i = 0;
    char at[128];
    if (n->kind < GW_ARRAY) {
        add_column(s->layout, path);
        return;
    }
    for (GW_FOREACH_CHILD (&s->read, node, child)) {
        struct gw_slice key = s->read.nodes[child].key;
        int len = n->kind == GW_ARRAY ? snprintf(at, sizeof at, "%s[%u]", path, i++)
                                      : snprintf(at, sizeof at, "%s%s%.*s", path,
                                                 *path ? "." : "", GW_FMT(key));
        if (len > 0 && (size_t)len < sizeof at)
            collect(s, child, at);
    }
}

static void aim_all(struct gw_csv_state *s, const struct gw_events *events)
{
    s->layout->columns = 0;
    for (uint32_t i = 0; i < events->count; i++) {
        size_t used;
        uint32_t root;
        if (!gw_tree_read(&s->read, gw_events_at(events, i), &used, &root, NULL))
            collect(s, root, "");
    }
    if (!s->layout->columns) { /* a table without rows has a header nevertheless */
        add_column(s->layout, "type");
        add_column(s->layout, "time");
    }
}

/* ---- a table ---- */

static void put_header(const struct gw_layout *l,
                       const struct gw_layout_column *const by[], unsigned count,
                       struct gw_buf *out)
{
    for (unsigned i = 0; i < count; i++) {
        if (i)
            gw_buf_byte(out, (uint8_t)l->separator);
        if (by[i])
            put_field(l, gw_slice_str(by[i]->name[0] ? by[i]->name : by[i]->path), out);
    }
    gw_buf_str(out, "\r\n");
}

enum gw_error gw_csv_encode(void *state, const struct gw_events *events,
                            struct gw_buf *out, struct gw_fault *fault)
{
    struct gw_csv_state *s = state;
    const struct gw_layout_column *by[GW_ROWS_FIELDS] = {0};
    size_t start = out->len;
    unsigned count;

    if (s->layout->self)
        aim_all(s, events);
    count = order(s->layout, by);
    for (unsigned i = 0; i < s->layout->skip; i++)
        gw_buf_str(out, "-\r\n");
    if (s->layout->header)
        put_header(s->layout, by, count, out);
    for (uint32_t i = 0; i < events->count; i++) {
        size_t used;
        uint32_t root;
        if (gw_tree_read(&s->read, gw_events_at(events, i), &used, &root, NULL)) {
            out->len = start;
            return gw_fail(fault, GW_RANGE, i, "no canonical event");
        }
        for (unsigned k = 0; k < count; k++) {
            if (k)
                gw_buf_byte(out, (uint8_t)s->layout->separator);
            if (by[k])
                put_value(s, root, by[k], out);
        }
        gw_buf_str(out, "\r\n");
    }
    if (!gw_buf_status(out))
        return GW_OK;
    out->len = start;
    return gw_fail(fault, GW_NOMEM, 0, "room for the table");
}
