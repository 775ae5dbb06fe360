/* time_format.c - reading points in time by declared patterns. */
#include "pipeline/time_format.h"
#include "base/clock.h"
#include <math.h>

#define FIRST_MS 946684800000.0  /* 2000-01-01 */
#define LAST_MS  4102444800000.0 /* 2100-01-01 */

/* ---- compiling ---- */

static bool add(struct gw_time_format *f, char letter, char literal, size_t width)
{
    if (f->count == GW_TIME_TOKENS || width > 9)
        return false;
    f->tokens[f->count].letter = letter;
    f->tokens[f->count].literal = literal;
    f->tokens[f->count++].width = (uint8_t)width;
    return true;
}

static bool has(const struct gw_time_format *f, char letter)
{
    for (uint8_t i = 0; i < f->count; i++)
        if (f->tokens[i].letter == letter)
            return true;
    return false;
}

static bool known(char letter, size_t width)
{
    switch (letter) {
    case 'y':
        return width == 2 || width == 4;
    case 'M':
        return width <= 3;
    case 'd':
    case 'H':
    case 'm':
    case 's':
        return width <= 2;
    case 'S':
        return width <= 9;
    case 'X':
        return width <= 3;
    default:
        return false;
    }
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Text between quotes; '' is one quote.  Returns the bytes taken, 0 when it does not end.
 */
static size_t quoted(struct gw_time_format *f, struct gw_slice s, bool *ok)
{
    for (size_t i = 1; i < s.len; i++) {
        if (s.at[i] == '\'')
            return i == 1 ? (*ok = add(f, 'L', '\'', 1), 2) : i + 1;
        if (!add(f, 'L', (char)s.at[i], 1))
            *ok = false;
    }
    return 0;
}

static enum gw_error compile_pattern(struct gw_time_format *f, struct gw_slice s)
{
    bool ok = true, blank = false;
    for (size_t i = 0, n; i < s.len; i += n) {
        uint8_t c = s.at[i];
        for (n = 1; is_letter(c) && i + n < s.len && s.at[i + n] == c;)
            n++;
        if (c == '\'') {
            n = quoted(f, gw_slice(s.at + i, s.len - i), &ok);
            if (!n)
                return GW_FORMAT;
        } else if (!is_letter(c)) {
            ok = add(f, 'L', (char)c, 1);
            if (c == ' ' && !blank) {
                blank = true;
                f->split = f->count;
            }
        } else if (!known((char)c, n) || has(f, (char)c))
            return GW_FORMAT;
        else
            ok = add(f, (char)c, 0, n);
        if (!ok)
            return GW_RANGE;
    }
    if (!blank)
        f->split = f->count;
    return has(f, 'y') && has(f, 'M') && has(f, 'd') ? GW_OK : GW_FORMAT;
}

enum gw_error gw_time_format_compile(struct gw_time_format *out, struct gw_slice text)
{
    *out = (struct gw_time_format){.kind = GW_TIME_PATTERN};
    if (gw_slice_is(text, "epoch-s"))
        out->kind = GW_TIME_EPOCH_S;
    else if (gw_slice_is(text, "epoch-ms"))
        out->kind = GW_TIME_EPOCH_MS;
    else if (gw_slice_is(text, "iso8601"))
        out->kind = GW_TIME_ISO;
    else
        return compile_pattern(out, text);
    return GW_OK;
}

/* ---- reading ---- */

struct parts {
    int year, month, day, hour, minute, second, ms, offset_min;
    bool zoned, utc;
    char finest;
};

/* At most `most` digits, at least `least`; the bytes taken in *used. */
static bool digits(struct gw_slice *s, size_t least, size_t most, int *out)
{
    size_t n = 0;
    int v = 0;
    while (n < most && n < s->len && s->at[n] >= '0' && s->at[n] <= '9')
        v = v * 10 + (s->at[n++] - '0');
    if (n < least)
        return false;
    *out = v;
    *s = gw_slice(s->at + n, s->len - n);
    return true;
}

static bool literal(struct gw_slice *s, char c)
{
    if (!s->len || (char)s->at[0] != c)
        return false;
    *s = gw_slice(s->at + 1, s->len - 1);
    return true;
}

static bool month_name(struct gw_slice *s, int *out)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (s->len < 3)
        return false;
    for (int m = 0; m < 12; m++) {
        const char *n = names + (ptrdiff_t)m * 3;
        if ((s->at[0] | 32) == n[0] && (s->at[1] | 32) == n[1] &&
            (s->at[2] | 32) == n[2]) {
            *out = m + 1;
            *s = gw_slice(s->at + 3, s->len - 3);
            return true;
        }
    }
    return false;
}

/* A fraction of a second of any length; milliseconds are kept. */
static bool fraction(struct gw_slice *s, size_t least, size_t most, int *ms)
{
    int scale = 100;
    size_t n = 0;
    *ms = 0;
    while (n < most && n < s->len && s->at[n] >= '0' && s->at[n] <= '9') {
        *ms += (s->at[n++] - '0') * scale;
        scale /= 10;
    }
    *s = gw_slice(s->at + n, s->len - n);
    return n >= least;
}

/* Z, +hh, +hhmm, +hh:mm */
static bool offset(struct gw_slice *s, struct parts *p)
{
    int sign, h, m = 0;
    p->zoned = true;
    if (literal(s, 'Z') || literal(s, 'z')) {
        p->utc = true;
        return true;
    }
    sign = literal(s, '-') ? -1 : literal(s, '+') ? 1 : 0;
    if (!sign || !digits(s, 2, 2, &h))
        return false;
    if (literal(s, ':') ? !digits(s, 2, 2, &m) : s->len && !digits(s, 2, 2, &m))
        return false;
    p->offset_min = sign * (h * 60 + m);
    return h <= 14 && m < 60 && h * 60 + m <= 840;
}

static bool read_token(const struct gw_time_format *f, uint8_t i, struct gw_slice *s,
                       struct parts *p)
{
    size_t width = f->tokens[i].width, least = width == 2 ? 2 : 1;
    switch (f->tokens[i].letter) {
    case 'y':
        if (!digits(s, width, width, &p->year))
            return false;
        if (width == 2)
            p->year += 2000;
        return true;
    case 'M':
        return width == 3 ? month_name(s, &p->month) : digits(s, least, 2, &p->month);
    case 'd':
        return digits(s, least, 2, &p->day);
    case 'H':
        return digits(s, least, 2, &p->hour);
    case 'm':
        return digits(s, least, 2, &p->minute);
    case 's':
        return digits(s, least, 2, &p->second);
    case 'S':
        return fraction(s, 1, width, &p->ms);
    case 'X':
        return offset(s, p);
    default:
        return literal(s, f->tokens[i].literal);
    }
}

static bool read_tokens(const struct gw_time_format *f, uint8_t first, uint8_t last,
                        struct gw_slice s, struct parts *p)
{
    static const char order[] = "dHmsS";
    for (uint8_t i = first; i < last; i++) {
        const char *finer = strchr(order, f->tokens[i].letter);
        if (!read_token(f, i, &s, p))
            return false;
        if (finer && finer > strchr(order, p->finest))
            p->finest = *finer;
    }
    return s.len == 0;
}

static bool read_pattern(const struct gw_time_format *f, struct gw_slice date,
                         struct gw_slice clock, struct parts *p)
{
    uint8_t before = f->split;
    if (!clock.len)
        return read_tokens(f, 0, f->count, date, p);
    if (before &&
        f->tokens[before - 1].letter == 'L') /* the blank itself is in neither */
        before--;
    return read_tokens(f, 0, before, date, p) &&
           read_tokens(f, f->split, f->count, clock, p);
}

static bool iso_clock(struct gw_slice *s, struct parts *p)
{
    bool colon;
    p->finest = 'H';
    if (!digits(s, 2, 2, &p->hour))
        return false;
    colon = literal(s, ':');
    if (!colon && (!s->len || s->at[0] < '0' || s->at[0] > '9'))
        return true;
    p->finest = 'm';
    if (!digits(s, 2, 2, &p->minute))
        return false;
    if (colon ? !literal(s, ':') : !s->len || s->at[0] < '0' || s->at[0] > '9')
        return true;
    p->finest = 's';
    if (!digits(s, 2, 2, &p->second))
        return false;
    if (!literal(s, '.') && !literal(s, ','))
        return true;
    p->finest = 'S';
    return fraction(s, 1, 9, &p->ms);
}

static bool read_iso(struct gw_slice s, struct parts *p)
{
    bool dash;
    if (!digits(&s, 4, 4, &p->year))
        return false;
    dash = literal(&s, '-');
    if (!digits(&s, 2, 2, &p->month) || (dash && !literal(&s, '-')) ||
        !digits(&s, 2, 2, &p->day))
        return false;
    if (!s.len)
        return true;
    if (!literal(&s, 'T') && !literal(&s, 't') && !literal(&s, ' '))
        return false;
    return iso_clock(&s, p) && (!s.len || offset(&s, p)) && !s.len;
}

static enum gw_error moment_of(const struct parts *p, struct gw_moment *out)
{
    bool midnight = p->hour == 24 && !p->minute && !p->second && !p->ms;
    if (p->year < 1 || !gw_date_valid(p->year, p->month, p->day) ||
        (p->hour > 23 && !midnight) || p->minute > 59 || p->second > 59)
        return GW_TIME;
    *out = (struct gw_moment){
        .local_ms = gw_days_from_civil(p->year, p->month, p->day) * 86400000 +
                    p->hour * INT64_C(3600000) + p->minute * INT64_C(60000) +
                    p->second * INT64_C(1000) + p->ms,
        .offset_min = p->offset_min,
        .zoned = p->zoned,
        .utc = p->utc,
        .finest = p->finest};
    return GW_OK;
}

/* Digits with an optional sign and fraction. */
static bool number(struct gw_slice s, double *out)
{
    bool minus = literal(&s, '-');
    double v = 0, scale = 0.1;
    size_t i = 0;
    for (; i < s.len && i < 17 && s.at[i] >= '0' && s.at[i] <= '9'; i++)
        v = v * 10 + (s.at[i] - '0');
    if (!i)
        return false;
    if (i < s.len && s.at[i] == '.')
        for (i++; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++, scale /= 10)
            v += (s.at[i] - '0') * scale;
    *out = minus ? -v : v;
    return i == s.len;
}

enum gw_error gw_time_format_number(const struct gw_time_format *f, double value,
                                    struct gw_moment *out)
{
    double ms = f->kind == GW_TIME_EPOCH_S ? value * 1000 : value;
    if (f->kind > GW_TIME_EPOCH_MS || !(ms >= FIRST_MS && ms <= LAST_MS))
        return GW_TIME;
    *out = (struct gw_moment){
        .local_ms = (int64_t)floor(ms + 0.5),
        .zoned = true,
        .utc = true,
        .finest = f->kind == GW_TIME_EPOCH_S && ms == floor(value) * 1000 ? 's' : 'S'};
    return GW_OK;
}

enum gw_error gw_time_format_read(const struct gw_time_format *f, struct gw_slice date,
                                  struct gw_slice clock, struct gw_moment *out)
{
    struct parts p = {.finest = 'd'};
    double v;
    if (f->kind <= GW_TIME_EPOCH_MS)
        return number(date, &v) ? gw_time_format_number(f, v, out) : GW_TIME;
    if (f->kind == GW_TIME_ISO ? !read_iso(date, &p) : !read_pattern(f, date, clock, &p))
        return GW_TIME;
    return moment_of(&p, out);
}
