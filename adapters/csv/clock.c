/* clock.c - times by a declared pattern. */
#include "adapters/csv/clock.h"
#include "adapters/kit/iso_time.h"
#include "base/clock.h"
#include <inttypes.h>

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MILLI, PARTS };

/* A piece of a pattern; longer ones first. */
static const struct {
    const char *mark;
    int part, digits;
} marks[] = {{"YYYY", YEAR, 4}, {"SSS", MILLI, 3}, {"YY", YEAR, 2},   {"MM", MONTH, 2},
             {"DD", DAY, 2},    {"hh", HOUR, 2},   {"mm", MINUTE, 2}, {"ss", SECOND, 2}};
#define MARKS (sizeof marks / sizeof *marks)

/* The number of the mark a pattern goes on with; MARKS when it is none. */
static size_t mark_at(const char *pattern)
{
    size_t i = 0;
    while (i < MARKS && strncmp(pattern, marks[i].mark, strlen(marks[i].mark)) != 0)
        i++;
    return i;
}

static bool is_word(const char *pattern)
{
    return strcmp(pattern, "iso") == 0 || strcmp(pattern, "epoch-s") == 0 ||
           strcmp(pattern, "epoch-ms") == 0;
}

bool gw_csv_pattern_good(const char *pattern)
{
    bool has[PARTS] = {false};
    if (is_word(pattern))
        return true;
    while (*pattern) {
        size_t i = mark_at(pattern);
        if (i < MARKS)
            has[marks[i].part] = true;
        pattern += i < MARKS ? strlen(marks[i].mark) : 1;
    }
    return has[YEAR] && has[MONTH] && has[DAY];
}

/* ---- reading ---- */

static bool take_digits(struct gw_slice *s, int digits, int *out)
{
    int v = 0;
    if (s->len < (size_t)digits)
        return false;
    for (int i = 0; i < digits; i++) {
        if (s->at[i] < '0' || s->at[i] > '9')
            return false;
        v = v * 10 + (s->at[i] - '0');
    }
    *s = gw_slice(s->at + digits, s->len - (size_t)digits);
    *out = v;
    return true;
}

/* The offset, read with the ISO reader behind a time that is known to be good. */
static enum gw_error take_zone(struct gw_slice *s, struct gw_civil *out)
{
    char whole[40];
    struct gw_civil c;
    size_t n = s->len && (s->at[0] == 'Z' || s->at[0] == 'z') ? 1
               : s->len >= 6 && s->at[3] == ':'               ? 6
                                                              : 5;
    if (s->len < n)
        return GW_FORMAT;
    gw_slice_copy(GW_LIT("2000-01-01T00:00"), whole, sizeof whole);
    memcpy(whole + 16, s->at, n);
    whole[16 + n] = 0;
    enum gw_error e = gw_iso_time(gw_slice_str(whole), &c);
    out->stated = c.stated;
    out->offset_min = c.offset_min;
    *s = gw_slice(s->at + n, s->len - n);
    return e;
}

static enum gw_error follow(struct gw_slice *s, const char *pattern, int part[PARTS],
                            bool seen[PARTS], struct gw_civil *out)
{
    enum gw_error e = GW_OK;
    while (*pattern && !e) {
        size_t i = mark_at(pattern);
        if (i < MARKS) {
            seen[marks[i].part] = true;
            if (!take_digits(s, marks[i].digits, &part[marks[i].part]))
                return GW_FORMAT;
            if (marks[i].digits == 2 && marks[i].part == YEAR)
                part[YEAR] += 2000;
            pattern += strlen(marks[i].mark);
        } else if (strncmp(pattern, "ZZ", 2) == 0) {
            e = take_zone(s, out);
            pattern += 2;
        } else {
            if (!s->len || s->at[0] != (uint8_t)*pattern)
                return GW_FORMAT;
            *s = gw_slice(s->at + 1, s->len - 1);
            pattern++;
        }
    }
    return e ? e : s->len ? GW_FORMAT : GW_OK;
}

static enum gw_error read_epoch(struct gw_slice text, int64_t unit_ms,
                                struct gw_civil *out)
{
    uint64_t v;
    if (!gw_slice_uint(text, &v) || v > 253402300799000)
        return GW_FORMAT;
    *out = (struct gw_civil){.local_ms = (int64_t)v * unit_ms,
                             .precision = unit_ms == 1 ? GW_TO_MS : GW_TO_SECOND,
                             .stated = GW_STATED_UTC};
    return out->local_ms > 253402300799999 ? GW_RANGE : GW_OK;
}

enum gw_error gw_csv_time(struct gw_slice text, const char *pattern, struct gw_civil *out)
{
    int p[PARTS] = {0};
    bool seen[PARTS] = {false};
    struct gw_civil read = {.stated = GW_STATED_NOTHING};
    if (strcmp(pattern, "iso") == 0)
        return gw_iso_time(text, out);
    if (strcmp(pattern, "epoch-s") == 0 || strcmp(pattern, "epoch-ms") == 0)
        return read_epoch(text, pattern[6] == 's' ? 1000 : 1, out);
    enum gw_error e = follow(&text, pattern, p, seen, &read);
    if (e)
        return e;
    if (p[YEAR] < 1 || !gw_date_valid(p[YEAR], p[MONTH], p[DAY]) || p[HOUR] > 23 ||
        p[MINUTE] > 59 || p[SECOND] > 59)
        return GW_RANGE;
    read.local_ms = gw_days_from_civil(p[YEAR], p[MONTH], p[DAY]) * 86400000 +
                    (int64_t)((p[HOUR] * 60 + p[MINUTE]) * 60 + p[SECOND]) * 1000 +
                    p[MILLI];
    read.precision = seen[MILLI]    ? GW_TO_MS
                     : seen[SECOND] ? GW_TO_SECOND
                     : seen[MINUTE] ? GW_TO_MINUTE
                     : seen[HOUR]   ? GW_TO_HOUR
                                    : GW_TO_DAY;
    *out = read;
    return GW_OK;
}

/* ---- writing ---- */

static int number(const char *iso, int from, int digits)
{
    int v = 0;
    for (int i = 0; i < digits; i++)
        v = v * 10 + (iso[from + i] - '0');
    return v;
}

static void put_zone(int offset_min, struct gw_buf *out)
{
    int away = offset_min < 0 ? -offset_min : offset_min;
    gw_buf_printf(out, "%c%02d:%02d", offset_min < 0 ? '-' : '+', away / 60, away % 60);
}

void gw_csv_time_text(int64_t unix_ms, int offset_min, const char *pattern,
                      struct gw_buf *out)
{
    char iso[25];
    static const int from[PARTS] = {0, 5, 8, 11, 14, 17, 20};
    gw_time_iso(unix_ms + (int64_t)offset_min * 60000, iso);
    if (is_word(pattern)) {
        gw_buf_printf(out, "%" PRId64, pattern[6] == 's' ? unix_ms / 1000 : unix_ms);
        return;
    }
    while (*pattern) {
        size_t i = mark_at(pattern);
        if (i < MARKS) {
            int skip = marks[i].part == YEAR && marks[i].digits == 2 ? 2 : 0;
            gw_buf_printf(out, "%0*d", marks[i].digits,
                          number(iso, from[marks[i].part] + skip, marks[i].digits));
            pattern += strlen(marks[i].mark);
        } else if (strncmp(pattern, "ZZ", 2) == 0) {
            put_zone(offset_min, out);
            pattern += 2;
        } else
            gw_buf_byte(out, (uint8_t)*pattern++);
    }
}
