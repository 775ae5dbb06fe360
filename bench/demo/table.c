/* table.c - reading a small CSV file in place. */
#include "bench/demo/table.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX    (4u << 20)
#define ROWS_MAX    4096
#define COLUMNS_MAX 64

enum gw_error demo_file_read(const char *path, struct gw_buf *out, struct gw_text *why)
{
    FILE *f = fopen(path, "rb");
    size_t n = 1;
    bool bad;

    while (f && n) {
        uint8_t *at = gw_buf_reserve(out, 8192);
        n = at ? fread(at, 1, 8192, f) : 0;
        gw_buf_advance(out, n);
    }
    bad = !f || ferror(f) || gw_buf_status(out);
    if (bad)
        gw_text_set(why, "%s: %s", path,
                    f ? "cannot be read, or too large" : strerror(errno));
    if (f)
        fclose(f);
    return bad ? GW_IO : GW_OK;
}

/* Terminates the field at `at`; returns what followed it (comma, line end or zero) and
 * moves on. */
static char take_field(char **at, char **field)
{
    char *in = *at, *out = *at, stop;
    bool quoted = *in == '"';

    *field = out;
    in += quoted;
    while (*in && (quoted || (*in != ',' && *in != '\n'))) {
        if (*in == '"' && quoted && in[1] != '"') {
            quoted = false;
            in++;
            continue;
        }
        in += *in == '"' && quoted;
        *out++ = *in++;
    }
    stop = *in;
    if (out > *field && out[-1] == '\r')
        out--;
    *out = 0;
    *at = in + (stop != 0);
    return stop;
}

/* Behind comment lines. */
static char *skip_comments(char *at)
{
    while (*at == '#' || *at == '\n') {
        char *end = strchr(at, '\n');
        at = end ? end + 1 : at + strlen(at);
    }
    return at;
}

static uint32_t count_columns(const char *text)
{
    uint32_t n = 1;
    for (; *text && *text != '\n'; text++)
        n += *text == ',';
    return n;
}

static enum gw_error split(struct demo_table *t, char *at, const char *path,
                           struct gw_text *why)
{
    for (uint32_t row = 0; *at && row < ROWS_MAX; row++, at = skip_comments(at)) {
        for (uint32_t i = 0; i < t->columns; i++) {
            char stop = take_field(&at, &t->fields[(size_t)row * t->columns + i]);
            if ((stop == ',') == (i + 1 < t->columns))
                continue;
            gw_text_set(why, "%s: row %u has not %u fields", path, row + 1, t->columns);
            return GW_FORMAT;
        }
        t->rows = row; /* the header is not counted */
    }
    return GW_OK;
}

enum gw_error demo_table_load(struct demo_table *t, const char *path, struct gw_text *why)
{
    enum gw_error e;
    char *start;

    *t = (struct demo_table){0};
    gw_buf_init(&t->text, FILE_MAX);
    e = demo_file_read(path, &t->text, why);
    if (e)
        return e;
    gw_buf_byte(&t->text, 0);
    e = gw_buf_status(&t->text);
    if (e)
        return e;
    start = skip_comments((char *)t->text.at);
    t->columns = count_columns(start);
    if (t->columns > COLUMNS_MAX)
        return GW_FORMAT;
    t->fields = calloc((size_t)ROWS_MAX * t->columns, sizeof *t->fields);
    return t->fields ? split(t, start, path, why) : GW_NOMEM;
}

void demo_table_unload(struct demo_table *t)
{
    gw_buf_deinit(&t->text);
    free(t->fields);
    t->fields = NULL;
}

const char *demo_table_get(const struct demo_table *t, uint32_t row, const char *column)
{
    for (uint32_t i = 0; i < t->columns; i++)
        if (strcmp(t->fields[i], column) == 0)
            return t->fields[(size_t)(row + 1) * t->columns + i];
    return "";
}
