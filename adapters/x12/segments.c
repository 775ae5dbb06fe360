/* segments.c - what single segments say, put into the event being made. */
#include "adapters/x12/segments.h"
#include <stdlib.h>
#include "adapters/x12/codes.h"
#include "base/clock.h"
#include "model/countries.h"

#define CONTAINER_DIGITS 6          /* of its serial number, ISO 6346 */
#define POUND_KG         0.45359237 /* international avoirdupois pound, by definition */

static bool digits(struct gw_slice s, size_t at, size_t n, int *out)
{
    *out = 0;
    if (at + n > s.len)
        return false;
    for (size_t i = at; i < at + n; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        *out = *out * 10 + (s.at[i] - '0');
    }
    return true;
}

static bool read_date(struct gw_slice s, int64_t *days)
{
    int year, month, day;
    size_t long_year = s.len == 8 ? 2 : 0;
    if ((s.len != 6 && s.len != 8) || !digits(s, 0, 2 + long_year, &year) ||
        !digits(s, 2 + long_year, 2, &month) || !digits(s, 4 + long_year, 2, &day))
        return false;
    year += long_year ? 0 : 2000;
    *days = year >= 1 && gw_date_valid(year, month, day)
                ? gw_days_from_civil(year, month, day)
                : 0;
    return year >= 1 && gw_date_valid(year, month, day);
}

static bool read_time(struct gw_slice s, int64_t *ms, enum gw_precision *precision)
{
    int hour = 0, minute = 0, second = 0;
    *ms = 0;
    *precision = GW_TO_DAY;
    if (!s.len)
        return true;
    *precision = s.len >= 6 ? GW_TO_SECOND : GW_TO_MINUTE;
    if ((s.len != 4 && s.len != 6 && s.len != 7 && s.len != 8) ||
        !digits(s, 0, 2, &hour) || !digits(s, 2, 2, &minute) ||
        (s.len >= 6 && !digits(s, 4, 2, &second)))
        return false;
    *ms = ((hour * 60 + minute) * 60 + second) * 1000LL;
    return hour < 24 && minute < 60 && second < 60;
}

bool gw_x12_civil(struct gw_slice date, struct gw_slice time, struct gw_slice zone,
                  struct gw_civil *out)
{
    const struct gw_x12_code *offset = gw_x12_find(gw_x12_zones, zone);
    int64_t days, ms;
    *out = (struct gw_civil){.stated = GW_STATED_NOTHING};
    if (!read_date(date, &days) || !read_time(time, &ms, &out->precision))
        return false;
    out->local_ms = days * 86400000 + ms;
    if (offset && time.len) {
        out->offset_min = (int16_t)strtol(offset->word, NULL, 10);
        out->stated = out->offset_min ? GW_STATED_OFFSET : GW_STATED_UTC;
    }
    return true;
}

bool gw_x12_number(struct gw_slice text, double *out)
{
    char room[21], *end;
    for (size_t i = 0; i < text.len; i++)
        if ((text.at[i] < '0' || text.at[i] > '9') && text.at[i] != '.' &&
            !(i == 0 && text.at[i] == '-'))
            return false;
    if (!text.len || !gw_slice_copy(text, room, sizeof room))
        return false;
    *out = strtod(room, &end);
    return *end == 0;
}

static const char *kind_of(struct gw_slice description, struct gw_slice initial)
{
    static const struct {
        const char *code, *kind;
    } kinds[] = {{"CN", "container"}, {"20", "container"}, {"40", "container"},
                 {"RR", "wagon"},     {"TF", "trailer"},   {"TL", "trailer"},
                 {"CH", "trailer"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (gw_slice_is(description, kinds[i].code))
            return kinds[i].kind;
    /* A container's owner code has four letters, the last of them U, J or Z. */
    if (initial.len == 4 && memchr("UJZ", initial.at[3], 3))
        return "container";
    return "wagon";
}

uint32_t gw_x12_equipment(struct gw_maker *m, struct gw_slice initial,
                          struct gw_slice number, struct gw_slice digit,
                          struct gw_slice description)
{
    char room[24];
    size_t n = 0, width = number.len < CONTAINER_DIGITS ? CONTAINER_DIGITS : number.len;
    const char *kind = kind_of(description, initial);
    if (initial.len > sizeof room || width > sizeof room || digit.len > sizeof room ||
        initial.len + width + digit.len > sizeof room)
        return 0;
    memcpy(room, initial.len ? initial.at : (const uint8_t *)"", initial.len);
    n += initial.len;
    /* Numbers are sent without leading noughts: a container's has six digits. */
    while (strcmp(kind, "container") == 0 &&
           n - initial.len + number.len < CONTAINER_DIGITS)
        room[n++] = '0';
    if (number.len >= 7 && strcmp(kind, "container") == 0)
        digit.len = 0; /* it is part of the number already */
    memcpy(room + n, number.len ? number.at : (const uint8_t *)"", number.len);
    n += number.len;
    memcpy(room + n, digit.len ? digit.at : (const uint8_t *)"", digit.len);
    n += digit.len;
    return gw_event_equipment(m, kind, gw_tree_text(&m->tree, gw_slice(room, n)));
}

void gw_x12_reference(struct gw_maker *m, struct gw_slice qualifier,
                      struct gw_slice value)
{
    const struct gw_x12_code *row = gw_x12_find(gw_x12_references, qualifier);
    if (value.len)
        gw_event_reference(m, row ? row->word : "other", value);
}

uint32_t gw_x12_party(struct gw_maker *m, const struct gw_x12_segment *s)
{
    const struct gw_x12_code *row = gw_x12_find(gw_x12_entities, gw_x12_element(s, 1));
    struct gw_slice name = gw_x12_element(s, 2), id = gw_x12_element(s, 4);
    uint32_t party = 0;
    if (row && (name.len || id.len))
        party = gw_event_item(m, "parties");
    gw_event_word(m, party, "role", row ? row->word : "");
    gw_event_str(m, party, "id", id);
    gw_event_str(m, party, "name", name);
    return party;
}

void gw_x12_seals(struct gw_maker *m, const struct gw_x12_segment *m7)
{
    for (uint32_t i = 1; i <= 4 && i <= m7->count; i++) {
        struct gw_slice id = gw_x12_element(m7, i);
        if (id.len)
            gw_event_str(m, gw_event_item(m, "seals"), "id", id);
    }
}

void gw_x12_place(struct gw_maker *m, uint32_t place, struct gw_slice qualifier,
                  struct gw_slice code, struct gw_slice name, struct gw_slice country)
{
    bool locode = gw_slice_is(qualifier, "UN") && gw_locode_has_form(code);
    if (locode)
        gw_event_str(m, place, "unlocode", code);
    if (gw_country_has_form(country))
        gw_event_str(m, place, "country", country);
    else if (locode)
        gw_event_str(m, place, "country", gw_slice(code.at, 2));
    gw_event_str(m, place, "name", name);
    if (!locode)
        gw_event_str(m, place, "raw", code);
}

void gw_x12_weight(struct gw_maker *m, struct gw_slice weight, struct gw_slice unit)
{
    double value;
    if (!gw_x12_number(weight, &value) || value <= 0 || value > 1e9)
        return;
    if (gw_slice_is(unit, "K"))
        (void)gw_event_measure(m, "gross", value, "KGM");
    else if (gw_slice_is(unit, "L"))
        (void)gw_event_measure(
            m, "gross", (double)(int64_t)(value * POUND_KG * 1000 + 0.5) / 1000, "KGM");
    else
        gw_event_note(m, "weight-unit", GW_SEVERITY_WARN, "measures", weight);
}
