/* zone.c - compiled time zones: reading and asking. */
#include "pipeline/zone.h"
#include "base/buf.h"
#include "base/clock.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX      ((size_t)256 << 10)
#define LAST_YEAR     2101
#define LAST_YEAR_END ((int64_t)4165516800) /* 2102-01-01 */
#define YEAR_S        31556952
#define HEADER        44
#define OFFSET_MOST   93599 /* RFC 8536: utoff between -89999 and 93599 */

/* From an instant on, until the next span. */
struct span {
    int64_t from;
    int32_t offset;
};

struct gw_zone {
    struct span *spans; /* spans[0].from is INT64_MIN; ascending */
    uint32_t count, cap;
    int64_t listed; /* the last transition the file lists; INT64_MIN = none */
};

/* ---- asking ---- */

static uint32_t span_at(const struct gw_zone *z, int64_t unix_s)
{
    uint32_t low = 0, high = z->count; /* spans[low].from <= unix_s < spans[high].from */
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (z->spans[mid].from <= unix_s)
            low = mid;
        else
            high = mid;
    }
    return low;
}

int32_t gw_zone_offset(const struct gw_zone *z, int64_t unix_s)
{
    return z->spans[span_at(z, unix_s)].offset;
}

enum gw_local gw_zone_instant(const struct gw_zone *z, int64_t local_s, int64_t *unix_s,
                              int32_t *offset_s)
{
    enum gw_local fit = GW_LOCAL_SKIPPED;
    uint32_t i = span_at(z, local_s - OFFSET_MOST - 1), taken = i;

    for (; i < z->count && (z->spans[i].from == INT64_MIN ||
                            z->spans[i].from <= local_s + OFFSET_MOST + 1);
         i++) {
        int64_t t = local_s - z->spans[i].offset;
        if (t < z->spans[i].from)
            continue; /* before this span: the last one that began before it is kept */
        if (i + 1 < z->count && t >= z->spans[i + 1].from) {
            if (fit == GW_LOCAL_SKIPPED)
                taken = i;
            continue;
        }
        if (fit == GW_LOCAL_ONCE) {
            fit = GW_LOCAL_TWICE;
            break;
        }
        fit = GW_LOCAL_ONCE;
        taken = i;
    }
    *unix_s = local_s - z->spans[taken].offset;
    if (offset_s)
        *offset_s = z->spans[taken].offset;
    return fit;
}

/* ---- building ---- */

/* Transitions come in ascending order; one at the same instant replaces, one that changes
 * nothing is left out. */
static void add_span(struct gw_zone *z, int64_t from, int32_t offset)
{
    struct span *last = &z->spans[z->count - 1];
    if (from <= last->from) {
        last->offset = offset;
        return;
    }
    if (offset == last->offset || z->count == z->cap)
        return;
    z->spans[z->count++] = (struct span){from, offset};
}

/* ---- the footer: std offset [dst [offset] , start , end] ---- */

struct day_rule {
    char kind; /* 'M' month.week.day, 'J' 1..365 without 29 February, 'N' 0..365 */
    int month, week, day;
    int32_t time_s;
};

struct footer {
    int32_t std, dst;
    bool has_dst;
    struct day_rule start, end;
};

static bool skip_name(const char **s)
{
    size_t n;
    if (**s == '<') {
        n = strcspn(*s, ">");
        if (!(*s)[n])
            return false;
        *s += n + 1;
        return true;
    }
    n = strspn(*s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    *s += n;
    return n >= 3;
}

static bool number(const char **s, int least, int most, int *out)
{
    int v = 0, n = 0;
    for (; **s >= '0' && **s <= '9' && n < 4; (*s)++, n++)
        v = v * 10 + (**s - '0');
    *out = v;
    return n && v >= least && v <= most;
}

/* [+-]hh[:mm[:ss]] */
static bool clock_time(const char **s, int most_hours, int32_t *out)
{
    int sign = **s == '-' ? -1 : 1, h, m = 0, sec = 0;
    if (**s == '-' || **s == '+')
        (*s)++;
    if (!number(s, 0, most_hours, &h))
        return false;
    if (**s == ':') {
        (*s)++;
        if (!number(s, 0, 59, &m))
            return false;
    }
    if (**s == ':') {
        (*s)++;
        if (!number(s, 0, 59, &sec))
            return false;
    }
    *out = sign * (h * 3600 + m * 60 + sec);
    return true;
}

static bool month_rule(const char **s, struct day_rule *r)
{
    r->kind = 'M';
    if (!number(s, 1, 12, &r->month) || *(*s)++ != '.')
        return false;
    if (!number(s, 1, 5, &r->week) || *(*s)++ != '.')
        return false;
    return number(s, 0, 6, &r->day);
}

static bool day_rule(const char **s, struct day_rule *r)
{
    bool ok;
    if (**s == 'M') {
        (*s)++;
        ok = month_rule(s, r);
    } else if (**s == 'J') {
        (*s)++;
        r->kind = 'J';
        ok = number(s, 1, 365, &r->day);
    } else {
        r->kind = 'N';
        ok = number(s, 0, 365, &r->day);
    }
    r->time_s = 7200;
    if (!ok || **s != '/')
        return ok;
    (*s)++;
    return clock_time(s, 167, &r->time_s);
}

static bool read_footer(const char *s, struct footer *f)
{
    int32_t west;
    *f = (struct footer){0};
    if (!skip_name(&s) || !clock_time(&s, 24, &west))
        return false;
    f->std = -west;
    if (!*s)
        return true;
    f->has_dst = true;
    f->dst = f->std + 3600;
    if (!skip_name(&s))
        return false;
    if (*s && *s != ',') {
        if (!clock_time(&s, 24, &west))
            return false;
        f->dst = -west;
    }
    if (*s++ != ',' || !day_rule(&s, &f->start) || *s++ != ',')
        return false;
    return day_rule(&s, &f->end) && !*s;
}

static bool leap_year(int year)
{
    return gw_date_valid(year, 2, 29);
}

static int64_t rule_day(const struct day_rule *r, int year)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t first;
    int weekday, day, length;

    if (r->kind == 'N')
        return gw_days_from_civil(year, 1, 1) + r->day;
    if (r->kind == 'J')
        return gw_days_from_civil(year, 1, 1) + r->day - 1 +
               (leap_year(year) && r->day >= 60);
    first = gw_days_from_civil(year, r->month, 1);
    weekday = (int)(((first + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
    day = (r->day - weekday + 7) % 7 + 7 * (r->week - 1);
    length = lengths[r->month - 1] + (r->month == 2 && leap_year(year));
    while (day >= length)
        day -= 7;
    return first + day;
}

static void expand_footer(struct gw_zone *z, const struct footer *f)
{
    int64_t last = z->listed;
    int year = 1970;

    if (!f->has_dst || last >= LAST_YEAR_END)
        return;
    if (last > YEAR_S)
        year +=
            (int)(last / YEAR_S) - 1; /* may begin early; what is not later is left out */
    for (; year <= LAST_YEAR; year++) {
        struct span on = {rule_day(&f->start, year) * 86400 + f->start.time_s - f->std,
                          f->dst};
        struct span off = {rule_day(&f->end, year) * 86400 + f->end.time_s - f->dst,
                           f->std};
        struct span *first = on.from <= off.from ? &on : &off;
        struct span *second = first == &on ? &off : &on;
        if (first->from > last)
            add_span(z, first->from, first->offset);
        if (second->from > last)
            add_span(z, second->from, second->offset);
    }
}

/* ---- the file ---- */

struct block {
    uint32_t isut, isstd, leap, times, types, chars;
    size_t time_size; /* 4 or 8 bytes */
};

static uint64_t big_endian(const uint8_t *at, size_t size)
{
    uint64_t v = 0;
    for (size_t i = 0; i < size; i++)
        v = v << 8 | at[i];
    return v;
}

static bool read_header(struct gw_slice in, size_t time_size, struct block *b)
{
    if (in.len < HEADER || memcmp(in.at, "TZif", 4) != 0)
        return false;
    b->isut = (uint32_t)big_endian(in.at + 20, 4);
    b->isstd = (uint32_t)big_endian(in.at + 24, 4);
    b->leap = (uint32_t)big_endian(in.at + 28, 4);
    b->times = (uint32_t)big_endian(in.at + 32, 4);
    b->types = (uint32_t)big_endian(in.at + 36, 4);
    b->chars = (uint32_t)big_endian(in.at + 40, 4);
    b->time_size = time_size;
    return b->types >= 1 && b->types <= 256;
}

/* Bytes behind the header; the counts are 32 bits wide, so 64 hold the sum. */
static uint64_t block_size(const struct block *b)
{
    return (uint64_t)b->times * (b->time_size + 1) + (uint64_t)b->types * 6 + b->chars +
           (uint64_t)b->leap * (b->time_size + 4) + b->isstd + b->isut;
}

static enum gw_error read_block(struct gw_slice in, const struct block *b,
                                struct gw_zone *z)
{
    const uint8_t *times = in.at, *index = times + b->times * b->time_size,
                  *types = index + b->times;

    for (uint32_t i = 0; i < b->types; i++) {
        int32_t offset = (int32_t)big_endian(types + 6 * (size_t)i, 4);
        if (offset < -89999 || offset > OFFSET_MOST)
            return GW_FORMAT;
    }
    z->spans[0] = (struct span){INT64_MIN, (int32_t)big_endian(types, 4)};
    z->count = 1;
    z->listed = INT64_MIN;
    for (uint32_t i = 0; i < b->times; i++) {
        uint64_t raw = big_endian(times + i * b->time_size, b->time_size);
        int64_t at = b->time_size == 8 ? (int64_t)raw : (int32_t)(uint32_t)raw;
        if (index[i] >= b->types || at <= z->listed)
            return GW_FORMAT;
        add_span(z, at, (int32_t)big_endian(types + 6 * (size_t)index[i], 4));
        z->listed = at;
    }
    return GW_OK;
}

/* "\n" TZ "\n"; an empty TZ says that nothing is known about later years. */
static enum gw_error read_tail(struct gw_slice in, struct gw_zone *z)
{
    char text[128];
    struct footer f;
    const uint8_t *end;

    if (in.len < 2 || in.at[0] != '\n')
        return GW_FORMAT;
    end = memchr(in.at + 1, '\n', in.len - 1);
    if (!end ||
        !gw_slice_copy(gw_slice(in.at + 1, (size_t)(end - in.at) - 1), text, sizeof text))
        return GW_FORMAT;
    if (!*text)
        return GW_OK;
    if (!read_footer(text, &f))
        return GW_FORMAT;
    expand_footer(z, &f);
    return GW_OK;
}

/* Skip the 32-bit block of a file that has a 64-bit one. */
static enum gw_error find_block(struct gw_slice *in, struct block *b)
{
    int passes = in->len > 4 && in->at[4] >= '2' ? 2 : 1;
    for (int pass = 0; pass < passes; pass++) {
        if (!read_header(*in, pass ? 8 : 4, b))
            return GW_FORMAT;
        *in = gw_slice(in->at + HEADER, in->len - HEADER);
        if (block_size(b) > in->len)
            return GW_FORMAT;
        if (pass + 1 < passes)
            *in = gw_slice(in->at + block_size(b), in->len - block_size(b));
    }
    return b->leap ? GW_FORMAT : GW_OK;
}

enum gw_error gw_zone_parse(struct gw_zone **out, struct gw_slice tzif)
{
    struct block b = {0};
    struct gw_zone *z;
    enum gw_error e;

    *out = NULL;
    if (tzif.len > FILE_MAX)
        return GW_RANGE;
    e = find_block(&tzif, &b);
    if (e)
        return e;
    z = calloc(1, sizeof *z);
    if (!z)
        return GW_NOMEM;
    z->cap = b.times + 1 + 2 * (LAST_YEAR - 1970 + 1);
    z->spans = calloc(z->cap, sizeof *z->spans);
    e = z->spans ? read_block(tzif, &b, z) : GW_NOMEM;
    if (!e && b.time_size == 8)
        e = read_tail(gw_slice(tzif.at + block_size(&b), tzif.len - block_size(&b)), z);
    if (e) {
        gw_zone_free(z);
        return e;
    }
    *out = z;
    return GW_OK;
}

static bool name_valid(const char *name)
{
    size_t len = strlen(name);
    return len && len <= GW_ZONE_NAME_MAX && name[0] != '/' && name[len - 1] != '/' &&
           strspn(name,
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
               len;
}

static enum gw_error read_all(const char *path, struct gw_buf *out)
{
    uint8_t chunk[4096];
    size_t n;
    enum gw_error e = GW_OK;
    FILE *f = fopen(path, "rb");
    if (!f)
        return errno == ENOENT || errno == ENOTDIR ? GW_NOT_FOUND : GW_IO;
    while (!out->failed && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
        gw_buf_add(out, chunk, n);
    if (ferror(f))
        e = errno == EISDIR ? GW_NOT_FOUND : GW_IO;
    (void)fclose(f);
    return !e && out->failed ? GW_RANGE : e;
}

enum gw_error gw_zone_load(struct gw_zone **out, const char *name, const char *dir)
{
    char path[512];
    struct gw_buf bytes;
    enum gw_error e;
    int n;

    *out = NULL;
    if (!name_valid(name))
        return GW_BAD_NAME;
    n = snprintf(path, sizeof path, "%s/%s", dir ? dir : GW_ZONE_DIR, name);
    if (n < 0 || (size_t)n >= sizeof path)
        return GW_RANGE;
    gw_buf_init(&bytes, FILE_MAX);
    e = read_all(path, &bytes);
    if (!e)
        e = gw_zone_parse(out, gw_buf_bytes(&bytes));
    gw_buf_deinit(&bytes);
    return e;
}

void gw_zone_free(struct gw_zone *z)
{
    if (!z)
        return;
    free(z->spans);
    free(z);
}
