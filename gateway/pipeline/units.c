/* units.c - units of measure: one table. */
#include "pipeline/units.h"
#include <math.h>

/* clang-format off */
static const struct gw_unit units[] = {
    /* mass */
    {"KGM", "KGM", 1, 0},           {"kg", "KGM", 1, 0},            {"кг", "KGM", 1, 0},
    {"TNE", "KGM", 1000, 0},        {"t", "KGM", 1000, 0},          {"т", "KGM", 1000, 0},
    {"tonne", "KGM", 1000, 0},      {"tonnes", "KGM", 1000, 0},
    {"DTN", "KGM", 100, 0},         {"ц", "KGM", 100, 0},
    {"GRM", "KGM", 0.001, 0},       {"g", "KGM", 0.001, 0},         {"г", "KGM", 0.001, 0},
    {"LBR", "KGM", 0.45359237, 0},  {"lb", "KGM", 0.45359237, 0},   {"lbs", "KGM", 0.45359237, 0},
    {"ONZ", "KGM", 0.028349523125, 0}, {"oz", "KGM", 0.028349523125, 0},
    {"STN", "KGM", 907.18474, 0},   {"LTN", "KGM", 1016.0469088, 0},
    /* temperature */
    {"CEL", "CEL", 1, 0},           {"C", "CEL", 1, 0},             {"°C", "CEL", 1, 0},
    {"celsius", "CEL", 1, 0},
    {"FAH", "CEL", 5.0 / 9, -160.0 / 9}, {"F", "CEL", 5.0 / 9, -160.0 / 9},
    {"°F", "CEL", 5.0 / 9, -160.0 / 9},  {"fahrenheit", "CEL", 5.0 / 9, -160.0 / 9},
    {"KEL", "CEL", 1, -273.15},     {"K", "CEL", 1, -273.15},
    /* length */
    {"MTR", "MTR", 1, 0},           {"m", "MTR", 1, 0},             {"м", "MTR", 1, 0},
    {"KMT", "MTR", 1000, 0},        {"km", "MTR", 1000, 0},         {"км", "MTR", 1000, 0},
    {"CMT", "MTR", 0.01, 0},        {"cm", "MTR", 0.01, 0},         {"см", "MTR", 0.01, 0},
    {"MMT", "MTR", 0.001, 0},       {"mm", "MTR", 0.001, 0},        {"мм", "MTR", 0.001, 0},
    {"FOT", "MTR", 0.3048, 0},      {"ft", "MTR", 0.3048, 0},
    {"INH", "MTR", 0.0254, 0},      {"in", "MTR", 0.0254, 0},
    {"SMI", "MTR", 1609.344, 0},    {"mile", "MTR", 1609.344, 0},
    {"NMI", "MTR", 1852, 0},        {"nmi", "MTR", 1852, 0},
    /* volume */
    {"MTQ", "MTQ", 1, 0},           {"m3", "MTQ", 1, 0},            {"m³", "MTQ", 1, 0},
    {"м3", "MTQ", 1, 0},            {"м³", "MTQ", 1, 0},            {"cbm", "MTQ", 1, 0},
    {"LTR", "MTQ", 0.001, 0},       {"l", "MTQ", 0.001, 0},         {"л", "MTQ", 0.001, 0},
    {"FTQ", "MTQ", 0.028316846592, 0},
    /* speed */
    {"KMH", "KMH", 1, 0},           {"km/h", "KMH", 1, 0},          {"kmh", "KMH", 1, 0},
    {"км/ч", "KMH", 1, 0},
    {"MTS", "KMH", 3.6, 0},         {"m/s", "KMH", 3.6, 0},         {"м/с", "KMH", 3.6, 0},
    {"KNT", "KMH", 1.852, 0},       {"kn", "KMH", 1.852, 0},        {"kt", "KMH", 1.852, 0},
    {"knots", "KMH", 1.852, 0},     {"HM", "KMH", 1.609344, 0},     {"mph", "KMH", 1.609344, 0},
    /* pressure */
    {"BAR", "BAR", 1, 0},           {"bar", "BAR", 1, 0},           {"MBR", "BAR", 0.001, 0},
    {"KPA", "BAR", 0.01, 0},        {"kPa", "BAR", 0.01, 0},        {"PAL", "BAR", 0.00001, 0},
    {"Pa", "BAR", 0.00001, 0},      {"PS", "BAR", 0.0689475729, 0}, {"psi", "BAR", 0.0689475729, 0},
    /* angle, share, voltage, duration */
    {"DD", "DD", 1, 0},             {"deg", "DD", 1, 0},            {"°", "DD", 1, 0},
    {"C81", "DD", 57.29577951308232, 0}, {"rad", "DD", 57.29577951308232, 0},
    {"P1", "P1", 1, 0},             {"%", "P1", 1, 0},              {"percent", "P1", 1, 0},
    {"VLT", "VLT", 1, 0},           {"V", "VLT", 1, 0},
    {"2Z", "VLT", 0.001, 0},        {"mV", "VLT", 0.001, 0},
    {"MIN", "MIN", 1, 0},           {"min", "MIN", 1, 0},           {"мин", "MIN", 1, 0},
    {"HUR", "MIN", 60, 0},          {"h", "MIN", 60, 0},            {"ч", "MIN", 60, 0},
    {"SEC", "MIN", 1.0 / 60, 0},    {"s", "MIN", 1.0 / 60, 0},
    {"DAY", "MIN", 1440, 0},
};
/* clang-format on */
#define UNITS (sizeof units / sizeof *units)

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool alike(struct gw_slice a, const char *b)
{
    for (size_t i = 0; i < a.len; i++)
        if (!b[i] || lower(a.at[i]) != lower((uint8_t)b[i]))
            return false;
    return !b[a.len];
}

const struct gw_unit *gw_unit_find(struct gw_slice name)
{
    if (!name.len)
        return NULL;
    for (size_t i = 0; i < UNITS;
         i++) /* "MIN" and "min", "T" and "t": the exact one first */
        if (gw_slice_is(name, units[i].name))
            return &units[i];
    for (size_t i = 0; i < UNITS; i++)
        if (alike(name, units[i].name))
            return &units[i];
    return NULL;
}

const char *gw_unit_name(size_t i)
{
    return i < UNITS ? units[i].name : NULL;
}

double gw_unit_convert(const struct gw_unit *u, double value)
{
    double v = value * u->factor + u->add;
    /* Six decimals of a kilogram or degree are enough, and 14.5 kn is 26.854 km/h. */
    return u->factor == 1 && u->add == 0 ? value
           : fabs(v) < 1e9               ? floor(v * 1e6 + 0.5) / 1e6
                                         : v;
}
