/* terms.c - terms and keys in their several notations. */
#include "adapters/epcis/parts.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct gw_slice after(struct gw_slice s, size_t n)
{
    return gw_slice(s.at + n, s.len - n);
}

static bool take(struct gw_slice *s, const char *head)
{
    if (!gw_slice_starts(*s, gw_slice_str(head)))
        return false;
    *s = after(*s, strlen(head));
    return true;
}

struct gw_slice gw_epcis_bare(struct gw_slice term, const char *group)
{
    static const char *const heads[] = {
        "https://ref.gs1.org/cbv/",   "cbv:",  "https://gs1.org/voc/", "gs1:",
        "https://ref.gs1.org/epcis/", "epcis:"};
    struct gw_slice s = term, own;
    char urn[64];

    (void)snprintf(urn, sizeof urn, "urn:epcglobal:cbv:%s:", group);
    for (char *c = urn + 18; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c += 'a' - 'A';
    if (take(&s, urn))
        return s;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (take(&s, heads[i])) {
            own = s;
            return take(&own, group) && take(&own, "-") ? own : s;
        }
    return term;
}

struct gw_slice gw_epcis_tail(struct gw_slice uri)
{
    for (size_t i = uri.len; i > 0; i--)
        if (uri.at[i - 1] == '/' || uri.at[i - 1] == ':' || uri.at[i - 1] == '#')
            return after(uri, i);
    return uri;
}

struct gw_slice gw_epcis_container(struct gw_slice uri)
{
    return take(&uri, "urn:epc:id:bic:") ? uri : gw_slice(NULL, 0);
}

struct gw_slice gw_epcis_unlocode(struct gw_slice uri)
{
    struct gw_slice s = uri;
    if ((take(&s, "https://vocabulary.uncefact.org/unlocode#") ||
         take(&s, "https://service.unece.org/trade/uncefact/vocabulary/unlocode#")) &&
        s.len == 5)
        return s;
    return gw_slice(NULL, 0);
}

bool gw_epcis_geo(struct gw_slice uri, double *lat, double *lon)
{
    char text[64], *at;
    if (!take(&uri, "geo:") || !gw_slice_copy(uri, text, sizeof text) ||
        strspn(text, "+-.0123456789,;crs=wg84u") != uri.len)
        return false;
    *lat = strtod(text, &at);
    if (at == text || *at != ',')
        return false;
    char *second = at + 1;
    *lon = strtod(second, &at);
    return at != second && (!*at || *at == ',' || *at == ';') && fabs(*lat) <= 90 &&
           fabs(*lon) <= 180;
}

/* ---- keys ---- */

static bool all_digits(struct gw_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len != 0;
}

/* GS1 General Specifications: weights 3 and 1 from the right. */
static char check_digit(const char *digits)
{
    int sum = 0, weight = 3;
    for (size_t i = strlen(digits); i > 0; i--) {
        sum += (digits[i - 1] - '0') * weight;
        weight = 4 - weight;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

/* The parts of a URN's body, which dots separate; the last part may hold dots. */
static unsigned split(struct gw_slice s, struct gw_slice parts[3])
{
    unsigned n = 0;
    while (n < 2) {
        const uint8_t *dot = s.len ? memchr(s.at, '.', s.len) : NULL;
        if (!dot)
            break;
        parts[n++] = gw_slice(s.at, (size_t)(dot - s.at));
        s = after(s, (size_t)(dot - s.at) + 1);
    }
    parts[n++] = s;
    return n;
}

/* The key's characters out of its URN. */
static bool of_urn(const struct gw_epcis_key *k, struct gw_slice body, char out[64])
{
    struct gw_slice p[3] = {{0}};
    unsigned n = split(body, p);
    if (body.len > 40 || n < 2)
        return false;
    if (k->form == GW_KEY_JOINED) {
        (void)snprintf(out, 64, "%.*s%.*s", GW_FMT(p[0]),
                       GW_FMT(after(body, p[0].len + 1)));
        return true;
    }
    if (!all_digits(p[0]) || !all_digits(p[1]))
        return false;
    if (k->form == GW_KEY_SSCC)
        (void)snprintf(out, 40, "%c%.*s%.*s", p[1].at[0], GW_FMT(p[0]),
                       GW_FMT(after(p[1], 1)));
    else
        (void)snprintf(out, 40, "%s%.*s%.*s", k->form == GW_KEY_ASSET ? "0" : "",
                       GW_FMT(p[0]), GW_FMT(p[1]));
    size_t len = strlen(out);
    out[len] = check_digit(out);
    out[len + 1] = 0;
    if (k->form == GW_KEY_ASSET && n == 3)
        (void)snprintf(out + len + 1, 64 - len - 1, "%.*s", GW_FMT(p[2]));
    return true;
}

/* The value behind "/AI/" of a Digital Link's path. */
static struct gw_slice of_link(const struct gw_epcis_key *k, struct gw_slice uri)
{
    char head[8];
    size_t n = (size_t)snprintf(head, sizeof head, "/%s/", k->ai);
    if (!gw_slice_starts(uri, GW_LIT("http")))
        return gw_slice(NULL, 0);
    for (size_t i = 0; i + n < uri.len; i++)
        if (memcmp(uri.at + i, head, n) == 0) {
            struct gw_slice s = after(uri, i + n);
            size_t len = 0;
            while (len < s.len && s.at[len] != '/' && s.at[len] != '?')
                len++;
            return gw_slice(s.at, len);
        }
    return gw_slice(NULL, 0);
}

bool gw_epcis_key_text(struct gw_slice uri, char out[36])
{
    for (const struct gw_epcis_key *k = gw_epcis_keys; k->name; k++) {
        char head[24], value[64] = "";
        struct gw_slice body = uri, linked = of_link(k, uri);
        (void)snprintf(head, sizeof head, "urn:epc:id:%s:", k->name);
        if (linked.len && linked.len < sizeof value)
            (void)snprintf(value, sizeof value, "%.*s", GW_FMT(linked));
        else if (!take(&body, head) || !of_urn(k, body, value))
            continue;
        return snprintf(out, 36, "%s:%s", k->name, value) < 36;
    }
    return false;
}
