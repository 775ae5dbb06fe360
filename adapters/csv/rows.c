/* rows.c - rows of a table. */
#include "adapters/csv/rows.h"

void gw_rows_init(struct gw_rows *r, struct gw_slice text, char separator)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    r->text = text;
    r->separator = separator;
    r->next = gw_slice_starts(text, gw_slice(mark, sizeof mark)) ? sizeof mark : 0;
    r->at = r->next;
    r->line = r->lines = 0;
    r->count = 0;
}

static int peek(const struct gw_rows *r)
{
    return r->next < r->text.len ? r->text.at[r->next] : -1;
}

static bool at_line_end(const struct gw_rows *r)
{
    return peek(r) == '\n' || (peek(r) == '\r' && (r->next + 1 == r->text.len ||
                                                   r->text.at[r->next + 1] == '\n'));
}

static void pass_line_end(struct gw_rows *r)
{
    if (peek(r) == '\r')
        r->next++;
    if (peek(r) == '\n')
        r->next++;
    r->lines++;
}

/* The text between quotes; a doubled quote is one. */
static enum gw_error quoted(struct gw_rows *r, size_t *used)
{
    size_t from = *used;
    for (r->next++;; r->next++) {
        int c = peek(r);
        if (c < 0)
            return GW_FORMAT;
        if (c == '"') {
            r->next++;
            if (peek(r) != '"')
                break;
        }
        if (c == '\n')
            r->lines++;
        if (*used == sizeof r->room)
            return GW_RANGE;
        r->room[(*used)++] = (uint8_t)c;
    }
    r->field[r->count++] = gw_slice(r->room + from, *used - from);
    while (peek(r) == ' ')
        r->next++;
    return peek(r) < 0 || peek(r) == r->separator || at_line_end(r) ? GW_OK : GW_FORMAT;
}

static void plain(struct gw_rows *r)
{
    size_t from = r->next;
    while (peek(r) >= 0 && peek(r) != r->separator && !at_line_end(r))
        r->next++;
    r->field[r->count++] =
        gw_slice_trim(gw_slice(r->text.at + from, r->next - from), GW_LIT(" \t"));
}

static enum gw_error read_row(struct gw_rows *r)
{
    size_t used = 0;
    enum gw_error e = GW_OK;
    for (r->count = 0; !e;) {
        if (r->count == GW_ROWS_FIELDS)
            return GW_RANGE;
        while (peek(r) == ' ' && r->separator != ' ')
            r->next++;
        if (peek(r) == '"')
            e = quoted(r, &used);
        else
            plain(r);
        if (e || peek(r) != (uint8_t)r->separator)
            break;
        r->next++;
    }
    if (!e && r->next - r->at > GW_ROWS_BYTES)
        e = GW_RANGE;
    return e;
}

enum gw_error gw_rows_next(struct gw_rows *r)
{
    for (;;) {
        if (r->next >= r->text.len)
            return GW_NOT_FOUND;
        r->at = r->next;
        r->line = r->lines + 1;
        enum gw_error e = read_row(r);
        if (e)
            return e;
        if (r->next < r->text.len)
            pass_line_end(r);
        if (r->count > 1 || r->field[0].len)
            return GW_OK;
    }
}
