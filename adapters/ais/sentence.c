/* sentence.c - one line of an AIS feed. */
#include "adapters/ais/sentence.h"

#define SENTENCE_MOST 100 /* the standard's 82, and some: real feeds exceed it */

/* ---- digits ---- */

static int hex(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* XOR of what stands between the first character and '*', against the two digits behind
 * it. */
static bool checksum_fits(const uint8_t *from, const uint8_t *star, const uint8_t *end)
{
    uint8_t sum = 0;
    if (end - star < 3 || hex(star[1]) < 0 || hex(star[2]) < 0)
        return false;
    for (; from < star; from++)
        sum ^= *from;
    return sum == (hex(star[1]) << 4 | hex(star[2]));
}

/* The next field up to `mark`; s is shortened behind it. */
static struct gw_slice field(struct gw_slice *s, uint8_t mark)
{
    const uint8_t *end = s->len ? memchr(s->at, mark, s->len) : NULL;
    struct gw_slice f = gw_slice(s->at, end ? (size_t)(end - s->at) : s->len);
    size_t used = f.len + (end != NULL);
    *s = gw_slice(s->len ? s->at + used : s->at, s->len - used);
    return f;
}

/* Seconds, milliseconds, microseconds or nanoseconds by magnitude, to milliseconds. */
static int64_t epoch(uint64_t v)
{
    if (v < 100000000000u)
        return (int64_t)(v * 1000);
    while (v > 100000000000000u)
        v /= 1000;
    return (int64_t)v;
}

/* ---- what stands before the sentence ---- */

/* g:1-2-1604 - part, total, id */
static void group_of(struct gw_slice v, struct ais_sentence *out)
{
    uint64_t id;
    (void)field(&v, '-');
    (void)field(&v, '-');
    if (gw_slice_uint(v, &id))
        out->group = (uint32_t)(id ^ id >> 32) | 1u << 31;
}

/* "s:rCASP0,c:1772600000*7A", checksum included.  One that does not fit is not believed.
 */
static void tag_block(struct gw_slice block, struct ais_sentence *out)
{
    const uint8_t *star = memchr(block.at, '*', block.len);
    uint64_t v;
    if (!star || !checksum_fits(block.at, star, block.at + block.len))
        return;
    block.len = (size_t)(star - block.at);
    while (block.len) {
        struct gw_slice f = field(&block, ',');
        if (f.len > 2 && f.at[0] == 'c' && f.at[1] == ':' &&
            gw_slice_uint(gw_slice(f.at + 2, f.len - 2), &v))
            out->time_ms = epoch(v);
        if (f.len > 2 && f.at[0] == 'g' && f.at[1] == ':')
            group_of(gw_slice(f.at + 2, f.len - 2), out);
    }
}

static void prefix(struct gw_slice before, struct ais_sentence *out)
{
    uint64_t v;
    if (before.len > 2 && before.at[0] == '\\' && before.at[before.len - 1] == '\\') {
        tag_block(gw_slice(before.at + 1, before.len - 2), out);
        return;
    }
    struct gw_slice first = field(&before, ' ');
    if (gw_slice_uint(first, &v) && v > 100000000)
        out->time_ms = epoch(v);
}

/* ---- the sentence ---- */

static bool is_armour(struct gw_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < 48 || s.at[i] > 119 || (s.at[i] > 87 && s.at[i] < 96))
            return false;
    return true;
}

static const char *fields(struct gw_slice body, struct ais_sentence *out)
{
    struct gw_slice address = field(&body, ',');
    struct gw_slice total = field(&body, ','), part = field(&body, ',');
    struct gw_slice seq = field(&body, ','), channel = field(&body, ',');
    uint64_t n, id = 0;
    if (!gw_slice_uint(total, &n) || n < 1 || n > 9)
        return "number of sentences 1 to 9";
    out->total = (uint8_t)n;
    if (!gw_slice_uint(part, &n) || n < 1 || n > out->total)
        return "number of the sentence 1 to their total";
    out->part = (uint8_t)n;
    if (seq.len && (!gw_slice_uint(seq, &id) || id > 99))
        return "sequence id";
    out->payload = field(&body, ',');
    if (!gw_slice_uint(body, &n) || n > 5)
        return "fill bits 0 to 5";
    out->fill = (uint8_t)n;
    if (!is_armour(out->payload))
        return "six-bit characters";
    if (!out->payload.len && out->total == 1)
        return "a payload";
    out->key = (uint32_t)address.at[0] << 24 | (uint32_t)id << 12 |
               (uint32_t)(channel.len ? channel.at[0] : 0) << 4 | out->total;
    return NULL;
}

static enum ais_line vdm(struct gw_slice line, const uint8_t *bang,
                         struct ais_sentence *out, const char **rule)
{
    const uint8_t *end = line.at + line.len;
    const uint8_t *star = memchr(bang, '*', (size_t)(end - bang));
    *rule = !star                                 ? "a checksum"
            : star - bang > SENTENCE_MOST         ? "length of the sentence"
            : !checksum_fits(bang + 1, star, end) ? "checksum"
                                                  : NULL;
    if (*rule)
        return AIS_LINE_BAD;
    out->text = gw_slice(bang, (size_t)(star - bang) + 3);
    prefix(gw_slice(line.at, (size_t)(bang - line.at)), out);
    *rule = fields(gw_slice(bang + 1, (size_t)(star - bang - 1)), out);
    return *rule ? AIS_LINE_BAD : AIS_LINE_SENTENCE;
}

/* ---- lines of time ---- */

/* Days since 1970-01-01 of a Gregorian date.
 * Source  the usual shift of the year to March: 400 years are 146097 days */
static int64_t days(int64_t y, int64_t m, int64_t d)
{
    y -= m <= 2;
    int64_t era = y / 400, yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* $PGHP,1,year,month,day,hour,minute,second,millisecond,... */
static enum ais_line pghp(struct gw_slice line, struct ais_sentence *out)
{
    static const uint64_t most[] = {9999, 12, 31, 23, 59, 60, 999};
    uint64_t v[7];
    (void)field(&line, ',');
    (void)field(&line, ',');
    for (int i = 0; i < 7; i++)
        if (!gw_slice_uint(field(&line, ','), &v[i]) || v[i] > most[i])
            return AIS_LINE_NONE;
    if (v[0] < 1970 || !v[1] || !v[2])
        return AIS_LINE_NONE;
    int64_t s = days((int64_t)v[0], (int64_t)v[1], (int64_t)v[2]) * 86400 +
                (int64_t)(v[3] * 3600 + v[4] * 60 + v[5]);
    out->time_ms = s * 1000 + (int64_t)v[6];
    return AIS_LINE_TIME;
}

/* A sentence is !ttVDM or !ttVDO; another is somebody else's. */
static bool is_ais(const uint8_t *bang, const uint8_t *end)
{
    return end - bang > 7 && bang[3] == 'V' && bang[4] == 'D' &&
           (bang[5] == 'M' || bang[5] == 'O') && bang[6] == ',';
}

enum ais_line ais_sentence_read(struct gw_slice line, struct ais_sentence *out,
                                const char **rule)
{
    *out = (struct ais_sentence){0};
    *rule = NULL;
    if (!line.len || line.at[0] == '#')
        return AIS_LINE_NONE;
    if (gw_slice_starts(line, GW_LIT("$PGHP,1,")))
        return pghp(line, out);
    const uint8_t *bang = memchr(line.at, '!', line.len);
    if (!bang && memchr(line.at, '$', line.len))
        return AIS_LINE_NONE; /* another NMEA sentence */
    if (bang && is_ais(bang, line.at + line.len))
        return vdm(line, bang, out, rule);
    *rule = "a VDM or VDO sentence";
    return AIS_LINE_BAD;
}
