/* dtm.c - EDIFACT dates and times to a wall-clock time. */
#include "adapters/edifact/dtm.h"
#include <ctype.h>

#define DAY_MS 86400000

/* What the digits of a format are: Y two and C four digits of the year, then M D h m s.
 */
struct layout {
    const char *format;
    uint8_t digits;
    const char *order;
};

/* Source  UN/EDIFACT D.00B 2379; 40E: DDMMYYYY of some EANCOM senders */
static const struct layout layouts[] = {
    {"102", 8, "CMD"},     {"203", 12, "CMDhm"}, {"201", 10, "YMDhm"},
    {"204", 14, "CMDhms"}, {"205", 12, "CMDhm"}, {"303", 12, "CMDhm"},
    {"304", 14, "CMDhms"}, {"101", 6, "YMD"},    {"2", 6, "DMY"},
    {"3", 6, "MDY"},       {"4", 8, "DMC"},      {"40E", 8, "DMC"},
    {"202", 12, "YMDhms"}, {"718", 8, "CMD"},    {"719", 12, "CMDhm"},
};

static const struct layout by_length[] = {
    {"", 6, "YMD"},    {"", 8, "CMD"},     {"", 10, "YMDhm"},
    {"", 12, "CMDhm"}, {"", 14, "CMDhms"},
};

int64_t gw_edi_days(int year, int month, int day)
{
    /* Days from civil: years begin in March, eras have 400 of them. */
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void gw_edi_date(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

static int days_in(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

struct fields {
    int year, month, day, hour, minute, second;
    enum gw_precision precision;
};

static int number(const uint8_t **p, int digits)
{
    int n = 0;
    while (digits--)
        n = n * 10 + (*(*p)++ - '0');
    return n;
}

static void take(struct fields *f, char what, const uint8_t **p)
{
    int n = number(p, what == 'C' ? 4 : 2);
    switch (what) {
    case 'C':
        f->year = n;
        break;
    case 'Y':
        f->year = n + (n < 70 ? 2000 : 1900);
        break;
    case 'M':
        f->month = n;
        break;
    case 'D':
        f->day = n;
        break;
    case 'h':
        f->hour = n;
        f->precision = GW_TO_HOUR;
        break;
    case 'm':
        f->minute = n;
        f->precision = GW_TO_MINUTE;
        break;
    default:
        f->second = n;
        f->precision = GW_TO_SECOND;
    }
}

static enum gw_error civil_of(const struct fields *f, struct gw_civil *out)
{
    if (f->year < 1 || f->month < 1 || f->month > 12 || f->day < 1 ||
        f->day > days_in(f->year, f->month))
        return GW_RANGE;
    bool midnight = f->hour == 24 && !f->minute && !f->second;
    if ((f->hour > 23 && !midnight) || f->minute > 59 || f->second > 59)
        return GW_RANGE;
    out->local_ms = gw_edi_days(f->year, f->month, f->day) * DAY_MS +
                    ((f->hour * 60 + f->minute) * 60 + f->second) * 1000LL;
    out->precision = f->precision;
    return GW_OK;
}

static enum gw_error read_digits(const struct layout *l, const uint8_t *digits,
                                 struct gw_civil *out)
{
    struct fields f = {.month = 1, .day = 1, .precision = GW_TO_DAY};
    for (const char *c = l->order; *c; c++)
        take(&f, *c, &digits);
    return civil_of(&f, out);
}

static const struct layout *layout_of(struct gw_slice format, size_t digits,
                                      enum gw_edi_dtm_form *form)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (gw_slice_is(format, layouts[i].format) && layouts[i].digits == digits)
            return &layouts[i];
    *form = GW_EDI_DTM_NO_FORMAT;
    for (size_t i = 0; i < sizeof by_length / sizeof *by_length; i++)
        if (by_length[i].digits == digits)
            return &by_length[i];
    return NULL;
}

static size_t count_digits(struct gw_slice s)
{
    size_t n = 0;
    while (n < s.len && isdigit(s.at[n]))
        n++;
    return n;
}

/* +HHMM, +HH, or with a colon */
static bool read_offset(struct gw_slice s, int16_t *out)
{
    uint8_t d[4] = {'0', '0', '0', '0'};
    size_t n = 0;
    for (size_t i = 1; i < s.len; i++) {
        if (isdigit(s.at[i]) && n < 4)
            d[n++] = s.at[i];
        else if (s.at[i] != ':' || n != 2)
            return false;
    }
    int minutes = ((d[0] - '0') * 10 + d[1] - '0') * 60 + (d[2] - '0') * 10 + d[3] - '0';
    if ((n != 2 && n != 4) || minutes > 840 || d[2] > '5')
        return false;
    *out = (int16_t)(s.at[0] == '-' ? -minutes : minutes);
    return true;
}

/* What stands behind the digits. */
static void read_zone(struct gw_slice s, struct gw_civil *out, enum gw_edi_dtm_form *form)
{
    out->stated = GW_STATED_NOTHING;
    out->offset_min = 0;
    if (!s.len)
        return;
    if (gw_slice_is(s, "Z") || gw_slice_is(s, "UTC") || gw_slice_is(s, "GMT"))
        out->stated = GW_STATED_UTC;
    else if ((s.at[0] == '+' || s.at[0] == '-') && read_offset(s, &out->offset_min))
        out->stated = GW_STATED_OFFSET;
    else
        *form = GW_EDI_DTM_ZONE;
}

static bool is_period(struct gw_slice format)
{
    return gw_slice_is(format, "718") || gw_slice_is(format, "719");
}

enum gw_error gw_edi_dtm(struct gw_slice value, struct gw_slice format,
                         struct gw_civil *out, enum gw_edi_dtm_form *form)
{
    size_t n = count_digits(value);
    *form = GW_EDI_DTM_PLAIN;
    *out = (struct gw_civil){0};
    if (!value.len)
        return GW_NOT_FOUND;
    if (is_period(format) && (n == 16 || n == 24))
        n /= 2; /* without the hyphen between start and end */
    const struct layout *l = layout_of(format, n, form);
    if (!l)
        return GW_FORMAT;
    enum gw_error e = read_digits(l, value.at, out);
    if (e && gw_slice_is(format, "101") && n == 8) /* DDMMYYYY under a wrong format */
        e = read_digits(&(struct layout){"", 8, "DMC"}, value.at, out);
    if (!e && !is_period(format))
        read_zone(gw_slice(value.at + n, value.len - n), out, form);
    return e;
}

static bool wants_zone(struct gw_slice format)
{
    return gw_slice_is(format, "205") || gw_slice_is(format, "303") ||
           gw_slice_is(format, "304");
}

/* DTM+334:202603071130+04:303 - the rest of the offset is an element of its own. */
static bool is_torn(const struct gw_edi_segment *s)
{
    struct gw_slice rest = gw_edi_get(s, 2, 1);
    return !gw_edi_get(s, 1, 3).len && rest.len && count_digits(rest) == rest.len &&
           rest.len <= 4 && gw_edi_get(s, 1, 2).len;
}

static enum gw_error read_torn(const struct gw_edi_segment *s, struct gw_civil *out,
                               enum gw_edi_dtm_form *form)
{
    char offset[12] = "+";
    struct gw_slice hours = gw_edi_get(s, 2, 1), next = gw_edi_get(s, 2, 2);
    bool colon = hours.len == 2 && next.len == 2 && count_digits(next) == 2;
    struct gw_slice format = gw_edi_get(s, 2, colon ? 3 : 2);
    memcpy(offset + 1, hours.at, hours.len);
    size_t n = 1 + hours.len;
    if (colon)
        memcpy(offset + n, next.at, next.len);
    n += colon ? next.len : 0;
    enum gw_error e = gw_edi_dtm(gw_edi_get(s, 1, 2), format, out, form);
    *form = GW_EDI_DTM_UNRELEASED;
    if (!e)
        read_zone(gw_slice(offset, n), out, form);
    return e;
}

enum gw_error gw_edi_dtm_segment(const struct gw_edi_segment *s, struct gw_civil *out,
                                 enum gw_edi_dtm_form *form)
{
    struct gw_slice format = gw_edi_get(s, 1, 3);
    if (is_torn(s))
        return read_torn(s, out, form);
    if (wants_zone(gw_edi_get(s, 1, 4)) &&
        format.len == 2) { /* +04:00 with a bare colon */
        struct gw_slice value = gw_edi_get(s, 1, 2);
        enum gw_error e = gw_edi_dtm(value, gw_edi_get(s, 1, 4), out, form);
        *form = GW_EDI_DTM_UNRELEASED;
        if (!e && out->stated == GW_STATED_OFFSET && count_digits(format) == 2) {
            int more = (format.at[0] - '0') * 10 + format.at[1] - '0';
            out->offset_min =
                (int16_t)(out->offset_min + (out->offset_min < 0 ? -more : more));
        }
        return e;
    }
    return gw_edi_dtm(gw_edi_get(s, 1, 2), format, out, form);
}
