/* quantity.c - numbers with units as people write them. */
#include "conf/quantity.h"
#include <inttypes.h>

enum family { SIZE, TIME };

static const struct unit {
    const char *name;
    enum family family;
    int64_t worth; /* bytes, or microseconds */
} units[] = {
    {"TiB", SIZE, 1LL << 40},
    {"GiB", SIZE, 1LL << 30},
    {"MiB", SIZE, 1LL << 20},
    {"KiB", SIZE, 1LL << 10},
    {"B", SIZE, 1},
    {"d", TIME, 86400000000LL},
    {"h", TIME, 3600000000LL},
    {"min", TIME, 60000000LL},
    {"s", TIME, 1000000LL},
    {"ms", TIME, 1000LL},
    {"us", TIME, 1},
};
#define UNITS (sizeof units / sizeof *units)

static const struct unit *find(const char *name)
{
    for (size_t i = 0; i < UNITS; i++)
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    return NULL;
}

const char *gw_quantity_units(const char *unit)
{
    const struct unit *u = find(unit);
    if (!u)
        return "";
    return u->family == SIZE ? "B, KiB, MiB, GiB or TiB" : "us, ms, s, min, h or d";
}

/* Decimal digits at the start of *text, which is moved behind them and the blanks. */
static enum gw_error read_digits(const char **text, int64_t *out)
{
    const char *t = *text;
    int64_t n = 0;
    if (*t < '0' || *t > '9')
        return GW_FORMAT;
    for (; *t >= '0' && *t <= '9'; t++)
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *t - '0', &n))
            return GW_RANGE;
    while (*t == ' ')
        t++;
    *text = t;
    *out = n;
    return GW_OK;
}

enum gw_error gw_quantity_read(const char *text, const char *unit, int64_t *out)
{
    const struct unit *want = find(unit), *given;
    int64_t n;
    enum gw_error e = read_digits(&text, &n);
    if (e)
        return e;
    given = *text ? find(text) : want;
    if (*text && (!want || !given || given->family != want->family))
        return GW_FORMAT;
    if (given != want) {
        if (__builtin_mul_overflow(n, given->worth, &n) || n % want->worth)
            return GW_RANGE;
        n /= want->worth;
    }
    *out = n;
    return GW_OK;
}

void gw_quantity_write(int64_t value, const char *unit, struct gw_buf *out)
{
    const struct unit *u = find(unit);
    int64_t n;
    if (!u || !value || __builtin_mul_overflow(value, u->worth, &n)) {
        gw_buf_printf(out, "%" PRId64 "%s%s", value, *unit ? " " : "", unit);
        return;
    }
    for (size_t i = 0; i < UNITS; i++)
        if (units[i].family == u->family && n % units[i].worth == 0) {
            gw_buf_printf(out, "%" PRId64 " %s", n / units[i].worth, units[i].name);
            return;
        }
}
