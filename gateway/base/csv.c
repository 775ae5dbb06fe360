/* csv.c - rows of comma-separated values. */
#include "base/csv.h"

void gw_csv_init(struct gw_csv *c, struct gw_slice text)
{
    struct gw_slice mark = GW_LIT("\xef\xbb\xbf");
    memset(c, 0, offsetof(struct gw_csv, text));
    c->rest = text;
    if (gw_slice_starts(text, mark))
        c->rest = gw_slice(text.at + mark.len, text.len - mark.len);
}

/* Take one byte; -1 at the end.  CR LF and a lone CR count as LF. */
static int take(struct gw_csv *c)
{
    int byte;
    if (!c->rest.len)
        return -1;
    byte = *c->rest.at;
    c->rest = gw_slice(c->rest.at + 1, c->rest.len - 1);
    if (byte == '\r') {
        if (c->rest.len && *c->rest.at == '\n')
            c->rest = gw_slice(c->rest.at + 1, c->rest.len - 1);
        byte = '\n';
    }
    c->lines += byte == '\n';
    return byte;
}

static void skip_line(struct gw_csv *c)
{
    int byte;
    do
        byte = take(c);
    while (byte >= 0 && byte != '\n');
}

static bool at_row(struct gw_csv *c)
{
    while (c->rest.len && strchr("#\r\n", *c->rest.at))
        skip_line(c);
    return c->rest.len > 0;
}

/* The inside of a quoted field, the opening quote taken; gives the byte behind the
 * closing one. */
static enum gw_error quoted(struct gw_csv *c, size_t *used, int *next)
{
    int byte;
    while ((byte = take(c)) >= 0) {
        if (byte == '"') {
            *next = take(c);
            if (*next != '"')
                return *next == ',' || *next == '\n' || *next < 0 ? GW_OK : GW_FORMAT;
        }
        if (!byte)
            return GW_FORMAT;
        if (*used == sizeof c->text)
            return GW_RANGE;
        c->text[(*used)++] = (uint8_t)byte;
    }
    return GW_FORMAT;
}

static enum gw_error plain(struct gw_csv *c, int byte, size_t *used, int *next)
{
    for (; byte >= 0 && byte != ',' && byte != '\n'; byte = take(c)) {
        if (byte == '"' || !byte)
            return GW_FORMAT;
        if (*used == sizeof c->text)
            return GW_RANGE;
        c->text[(*used)++] = (uint8_t)byte;
    }
    *next = byte;
    return GW_OK;
}

enum gw_error gw_csv_row(struct gw_csv *c)
{
    size_t used = 0;
    int next = ',';

    c->count = 0;
    if (!at_row(c))
        return GW_NOT_FOUND;
    c->line = c->lines + 1;
    while (next == ',') {
        size_t start = used;
        int byte = take(c);
        enum gw_error e =
            byte == '"' ? quoted(c, &used, &next) : plain(c, byte, &used, &next);
        if (!e && c->count == GW_CSV_FIELDS)
            e = GW_RANGE;
        if (e)
            return e;
        c->fields[c->count++] =
            gw_slice_trim(gw_slice(c->text + start, used - start), GW_LIT(" \t"));
    }
    return GW_OK;
}
