/* iso_time.c - dates and times as text. */
#include "adapters/kit/iso_time.h"
#include "base/clock.h"
#include <stdio.h>

#define MINUTE_MS 60000
#define HOUR_MS   3600000
#define DAY_MS    86400000

struct cursor {
    const uint8_t *at, *end;
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static int peek(const struct cursor *c)
{
    return c->at < c->end ? *c->at : -1;
}

static bool take(struct cursor *c, char wanted)
{
    if (peek(c) != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_number(struct cursor *c, int digits, int *out)
{
    int v = 0;
    if (c->end - c->at < digits)
        return false;
    for (int i = 0; i < digits; i++) {
        if (!is_digit(c->at[i]))
            return false;
        v = v * 10 + (c->at[i] - '0');
    }
    c->at += digits;
    *out = v;
    return true;
}

static enum gw_error read_date(struct cursor *c, struct gw_civil *out)
{
    int y, m, d;
    if (!take_number(c, 4, &y))
        return GW_FORMAT;
    bool extended = take(c, '-');
    if (!take_number(c, 2, &m) || (extended && !take(c, '-')) || !take_number(c, 2, &d))
        return GW_FORMAT;
    if (y < 1 || !gw_date_valid(y, m, d))
        return GW_RANGE;
    out->local_ms = gw_days_from_civil(y, m, d) * DAY_MS;
    out->precision = GW_TO_DAY;
    return GW_OK;
}

/* Milliseconds of ".123456"; digits beyond the third do not count. */
static bool read_fraction(struct cursor *c, int *ms)
{
    int scale = 100;
    if (!is_digit((uint8_t)(c->at < c->end ? *c->at : 0)))
        return false;
    for (*ms = 0; c->at < c->end && is_digit(*c->at); c->at++) {
        *ms += (*c->at - '0') * scale;
        scale /= 10;
    }
    return true;
}

/* Seconds, with or without a fraction. */
static enum gw_error read_seconds(struct cursor *c, int *s, int *ms, struct gw_civil *out)
{
    if (!take_number(c, 2, s))
        return GW_FORMAT;
    out->precision = GW_TO_SECOND;
    if (!take(c, '.') && !take(c, ','))
        return GW_OK;
    out->precision = GW_TO_MS;
    return read_fraction(c, ms) ? GW_OK : GW_FORMAT;
}

static enum gw_error read_clock(struct cursor *c, struct gw_civil *out)
{
    int h, m = 0, s = 0, ms = 0;
    if (!take_number(c, 2, &h))
        return GW_FORMAT;
    out->precision = GW_TO_HOUR;
    bool extended = take(c, ':');
    if (extended || is_digit((uint8_t)(c->at < c->end ? *c->at : 0))) {
        if (!take_number(c, 2, &m))
            return GW_FORMAT;
        out->precision = GW_TO_MINUTE;
        bool more = extended ? take(c, ':') : c->at < c->end && is_digit(*c->at);
        enum gw_error e = more ? read_seconds(c, &s, &ms, out) : GW_OK;
        if (e)
            return e;
    }
    if (m > 59 || s > 60 || h > 24 || (h == 24 && (m || s || ms)))
        return GW_RANGE;
    out->local_ms += (int64_t)h * HOUR_MS + m * MINUTE_MS + s * 1000 + ms;
    return GW_OK;
}

static enum gw_error read_offset(struct cursor *c, struct gw_civil *out)
{
    int sign = take(c, '-') ? -1 : take(c, '+') ? 1 : 0, h, m = 0;
    if (!sign || !take_number(c, 2, &h))
        return GW_FORMAT;
    if (take(c, ':') || c->at < c->end) {
        if (!take_number(c, 2, &m))
            return GW_FORMAT;
    }
    if (h > 14 || m > 59 || h * 60 + m > 840)
        return GW_RANGE;
    out->stated = sign < 0 && !h && !m ? GW_STATED_UTC : GW_STATED_OFFSET;
    out->offset_min = (int16_t)(sign * (h * 60 + m));
    return GW_OK;
}

static enum gw_error read_zone(struct cursor *c, struct gw_civil *out)
{
    enum gw_error e = GW_OK;
    if (c->at == c->end)
        return GW_OK;
    if (take(c, 'Z') || take(c, 'z'))
        out->stated = GW_STATED_UTC;
    else
        e = read_offset(c, out);
    if (!e && c->at != c->end)
        e = GW_FORMAT;
    return e;
}

enum gw_error gw_iso_time(struct gw_slice text, struct gw_civil *out)
{
    text = gw_slice_trim(text.at ? text : GW_LIT(""), GW_LIT(" \t\r\n"));
    struct cursor c = {text.at, text.at + text.len};
    struct gw_civil read = {0};
    enum gw_error e = read_date(&c, &read);
    if (!e && (take(&c, 'T') || take(&c, 't') || take(&c, ' ')))
        e = read_clock(&c, &read);
    if (!e)
        e = read_zone(&c, &read);
    if (!e)
        *out = read;
    return e;
}

enum gw_error gw_iso_time_text(int64_t unix_ms, int offset_min, bool utc,
                               char out[GW_ISO_TIME_SIZE])
{
    return gw_iso_time_exact(unix_ms, offset_min, utc, GW_TO_SECOND, out);
}

enum gw_error gw_iso_time_exact(int64_t unix_ms, int offset_min, bool utc,
                                enum gw_precision precision, char out[GW_ISO_TIME_SIZE])
{
    const int64_t least = -62135596800000, most = 253402300799999; /* years 1 .. 9999 */
    char iso[25], zone[8] = "Z";
    int away = offset_min < 0 ? -offset_min : offset_min;
    int64_t local = 0;

    if (utc)
        offset_min = 0;
    if (offset_min < -840 || offset_min > 840 || unix_ms < least - 840 * MINUTE_MS ||
        unix_ms > most + 840 * MINUTE_MS)
        return GW_RANGE;
    local = unix_ms + (int64_t)offset_min * MINUTE_MS;
    if (local < least || local > most)
        return GW_RANGE;
    if (!utc)
        (void)snprintf(zone, sizeof zone, "%c%02d:%02d", offset_min < 0 ? '-' : '+',
                       away / 60 % 100, away % 60);
    gw_time_iso(local, iso);
    (void)snprintf(out, GW_ISO_TIME_SIZE, "%.*s%s",
                   precision == GW_TO_MS || strncmp(iso + 19, ".000", 4) ? 23 : 19, iso,
                   zone);
    return GW_OK;
}
