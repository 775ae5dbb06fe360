/* moment.c - ISO 8601 in UTC to Unix milliseconds. */
#include "base/moment.h"
#include "base/clock.h"

/* `n` digits at *s, moved behind them; -1 when they are not there. */
static int digits(struct gw_slice *s, unsigned n)
{
    int v = 0;
    if (s->len < n)
        return -1;
    for (unsigned i = 0; i < n; i++) {
        if (s->at[i] < '0' || s->at[i] > '9')
            return -1;
        v = v * 10 + (s->at[i] - '0');
    }
    *s = gw_slice(s->at + n, s->len - n);
    return v;
}

static bool sign(struct gw_slice *s, char c)
{
    if (!s->len || s->at[0] != c)
        return false;
    *s = gw_slice(s->at + 1, s->len - 1);
    return true;
}

bool gw_moment_read(struct gw_slice s, int64_t *ms)
{
    int hour = 0, minute = 0, second = 0, milli = 0;
    int year = digits(&s, 4), month = sign(&s, '-') ? digits(&s, 2) : -1;
    int day = sign(&s, '-') ? digits(&s, 2) : -1;
    if (year < 1 || !gw_date_valid(year, month, day))
        return false;
    if (s.len) {
        hour = sign(&s, 'T') ? digits(&s, 2) : -1;
        minute = sign(&s, ':') ? digits(&s, 2) : -1;
        if (sign(&s, ':'))
            second = digits(&s, 2);
        if (sign(&s, '.'))
            milli = digits(&s, 3);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
            second > 59 || milli < 0 || !sign(&s, 'Z') || s.len)
            return false;
    }
    *ms = ((gw_days_from_civil(year, month, day) * 24 + hour) * 60 + minute) * 60000 +
          second * 1000 + milli;
    return true;
}
