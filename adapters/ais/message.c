/* message.c - the bits of an AIS message to its fields. */
#include "adapters/ais/message.h"

#define BITS_MOST 5632 /* 9 sentences */

/* Values of the standard for "not available". */
#define NO_LON     (181 * 600000)
#define NO_LAT     (91 * 600000)
#define NO_SPEED   1023
#define NO_COURSE  3600
#define NO_HEADING 511

struct bits {
    const uint8_t *at; /* armoured characters */
    uint32_t count;    /* bits that are there */
};

static uint32_t sextet(uint8_t c)
{
    c = (uint8_t)(c - 48);
    return c > 40 ? c - 8u : c;
}

/* Up to 32 bits; those beyond the end read as 0. */
static uint32_t get(const struct bits *b, uint32_t from, uint32_t len)
{
    uint64_t v = 0;
    uint32_t first = from / 6, last = (from + len - 1) / 6;
    for (uint32_t i = first; i <= last; i++)
        v = v << 6 | (i * 6 < b->count ? sextet(b->at[i]) : 0);
    v >>= (last + 1) * 6 - (from + len);
    return (uint32_t)(v & ((1ull << len) - 1));
}

static int32_t get_signed(const struct bits *b, uint32_t from, uint32_t len)
{
    uint32_t v = get(b, from, len);
    return v >> (len - 1) ? (int32_t)(v | ~0u << (len - 1) << 1) : (int32_t)v;
}

/* Six-bit text: '@' ends it, blanks at its end are padding. */
static void get_text(const struct bits *b, uint32_t from, uint32_t chars, char *out)
{
    uint32_t n = 0;
    for (; n < chars; n++) {
        uint32_t c = from + 6 * (n + 1) <= b->count ? get(b, from + 6 * n, 6) : 0;
        if (!c)
            break;
        out[n] = (char)(c < 32 ? c + 64 : c);
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = 0;
}

/* ---- parts ---- */

static void position(const struct bits *b, uint32_t lon_at, uint32_t lat_at,
                     struct ais_message *m)
{
    int32_t lon = get_signed(b, lon_at, 28), lat = get_signed(b, lat_at, 27);
    if (lon == NO_LON || lat == NO_LAT || lon < -180 * 600000 || lon > 180 * 600000 ||
        lat < -90 * 600000 || lat > 90 * 600000)
        return;
    m->has_position = true;
    m->lon = lon / 600000.0;
    m->lat = lat / 600000.0;
}

static void motion(const struct bits *b, uint32_t speed, uint32_t course,
                   uint32_t heading, struct ais_message *m)
{
    uint32_t sog = get(b, speed, 10), cog = get(b, course, 12);
    uint32_t hdg = heading ? get(b, heading, 9) : NO_HEADING;
    m->speed_kn = sog == NO_SPEED ? -1 : sog / 10.0;
    m->course = cog >= NO_COURSE ? -1 : cog / 10.0;
    m->heading = hdg > 359 ? -1.0 : hdg;
}

/* Weights 7 .. 2, the last digit of the sum is the seventh (IMO A.1117(30)). */
static uint32_t imo_of(uint32_t v)
{
    uint32_t sum = 0, rest = v / 10;
    if (v < 1000000 || v > 9999999)
        return 0;
    for (uint32_t w = 2; w <= 7; w++, rest /= 10)
        sum += w * (rest % 10);
    return sum % 10 == v % 10 ? v : 0;
}

/* ---- messages ---- */

static void class_a(const struct bits *b, struct ais_message *m)
{
    m->status = (int)get(b, 38, 4);
    motion(b, 50, 116, 128, m);
    position(b, 61, 89, m);
}

static void base_station(const struct bits *b, struct ais_message *m)
{
    m->utc_ms = ais_utc((int)get(b, 38, 14), (int)get(b, 52, 4), (int)get(b, 56, 5),
                        (int)get(b, 61, 5), (int)get(b, 66, 6), (int)get(b, 72, 6));
    position(b, 79, 107, m);
}

static void voyage(const struct bits *b, struct ais_message *m)
{
    m->imo = imo_of(get(b, 40, 30));
    get_text(b, 70, 7, m->callsign);
    get_text(b, 112, 20, m->name);
    m->ship_type = (uint8_t)get(b, 232, 8);
    m->eta_month = (uint8_t)get(b, 274, 4);
    m->eta_day = (uint8_t)get(b, 278, 5);
    m->eta_hour = (uint8_t)get(b, 283, 5);
    m->eta_minute = (uint8_t)get(b, 288, 6);
    uint32_t draught = get(b, 294, 8);
    m->draught_m = draught ? draught / 10.0 : -1;
    get_text(b, 302, 20, m->destination);
}

static void aircraft(const struct bits *b, struct ais_message *m)
{
    uint32_t sog = get(b, 50, 10);
    motion(b, 50, 116, 0, m);
    m->speed_kn = sog == NO_SPEED ? -1.0 : sog; /* whole knots here */
    position(b, 61, 89, m);
}

static void class_b(const struct bits *b, struct ais_message *m)
{
    motion(b, 46, 112, 124, m);
    position(b, 57, 85, m);
}

static void class_b_extended(const struct bits *b, struct ais_message *m)
{
    class_b(b, m);
    get_text(b, 143, 20, m->name);
    m->ship_type = (uint8_t)get(b, 263, 8);
}

static void aid(const struct bits *b, struct ais_message *m)
{
    get_text(b, 43, 20, m->name);
    position(b, 164, 192, m);
}

static void class_b_static(const struct bits *b, struct ais_message *m)
{
    if (get(b, 38, 2) == 0) {
        get_text(b, 40, 20, m->name);
        return;
    }
    m->ship_type = (uint8_t)get(b, 40, 8);
    get_text(b, 90, 7, m->callsign);
}

/* Degrees in tenths of a minute, its own values for "not available". */
static void long_range(const struct bits *b, struct ais_message *m)
{
    int32_t lon = get_signed(b, 44, 18), lat = get_signed(b, 62, 17);
    uint32_t sog = get(b, 79, 6), cog = get(b, 85, 9);
    m->status = (int)get(b, 40, 4);
    m->speed_kn = sog == 63 ? -1.0 : sog;
    m->course = cog > 359 ? -1.0 : cog;
    if (lon < -180 * 600 || lon > 180 * 600 || lat < -90 * 600 || lat > 90 * 600)
        return;
    m->has_position = true;
    m->lon = lon / 600.0;
    m->lat = lat / 600.0;
}

/* least: bits without which the message says nothing. */
static const struct {
    void (*read)(const struct bits *b, struct ais_message *m);
    uint32_t least;
} messages[] = {
    [1] = {class_a, 137},    [2] = {class_a, 137},
    [3] = {class_a, 137},    [4] = {base_station, 134},
    [5] = {voyage, 420},     [9] = {aircraft, 128},
    [18] = {class_b, 133},   [19] = {class_b_extended, 263},
    [21] = {aid, 219},       [24] = {class_b_static, 132},
    [27] = {long_range, 94},
};

bool ais_message_read(struct gw_slice payload, uint8_t fill, struct ais_message *out,
                      const char **rule)
{
    uint32_t count = (uint32_t)(payload.len * 6);
    count -= count > fill ? fill : 0;
    struct bits b = {payload.at, count < BITS_MOST ? count : BITS_MOST};
    *rule = "length of the message";
    *out = (struct ais_message){
        .status = -1, .speed_kn = -1, .course = -1, .heading = -1, .draught_m = -1};
    if (count < 38)
        return false;
    out->type = (uint8_t)get(&b, 0, 6);
    out->mmsi = get(&b, 8, 30);
    if (out->type >= sizeof messages / sizeof *messages || !messages[out->type].read) {
        *rule = NULL;
        return false;
    }
    if (count < messages[out->type].least)
        return false;
    *rule = "MMSI of nine digits";
    if (!out->mmsi || out->mmsi > 999999999)
        return false;
    messages[out->type].read(&b, out);
    return true;
}

/* ---- words and time ---- */

const char *ais_status_text(int status)
{
    static const char *const texts[] = {"under way using engine",
                                        "at anchor",
                                        "not under command",
                                        "restricted manoeuvrability",
                                        "constrained by draught",
                                        "moored",
                                        "aground",
                                        "engaged in fishing",
                                        "under way sailing"};
    return status >= 0 && status < (int)(sizeof texts / sizeof *texts) ? texts[status]
                                                                       : NULL;
}

int64_t ais_utc(int year, int month, int day, int hour, int minute, int second)
{
    static const uint8_t lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > lengths[month - 1] || hour > 23 || minute > 59 || second > 59)
        return 0;
    int64_t y = year - (month <= 2), m = month;
    int64_t era = y / 400, yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t days = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
    return (days * 86400 + hour * 3600 + minute * 60 + second) * 1000;
}
