/* express.c - stages 2 to 4 of 7 at once, where there is nothing to do; before keep.c. */
#include "pipeline/express.h"
#include <math.h>
#include "base/hash.h"
#include "base/utf8.h"
#include "model/check_digit.h"
#include "model/event_fields.h"
#include "model/heads.h"
#include "model/shape.h"
#include "pipeline/keep.h"
#include "pipeline/validate.h"

#define GOT 6 /* texts of the first rows of a map, for what is judged beyond the rows */

struct pass {
    const uint8_t *at, *end, *start;
    const struct gw_limits *limits;
    const struct gw_places *places;
    uint32_t left; /* elements the budget still has */
    int64_t time;
    bool rail; /* the place being read has a station code */
    struct gw_express *out;
};

/* ---- heads: only the shortest form passes ---- */

static inline size_t room(const struct pass *p)
{
    return (size_t)(p->end - p->at);
}

static inline uint64_t be(const uint8_t *at, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | at[i];
    return v;
}

/* The count behind one of two or three wide forms, if it does not fit a shorter one. */
static bool wide_count(struct pass *p, uint8_t c, uint8_t wide8, uint8_t wide16,
                       uint32_t fix_most, uint32_t *n)
{
    unsigned bytes = wide8 && c == wide8 ? 1 : c == wide16 ? 2 : c == wide16 + 1 ? 4 : 0;
    uint32_t beyond = bytes == 1   ? fix_most
                      : bytes == 4 ? 0xffff
                      : wide8      ? 0xff
                                   : fix_most;
    if (!bytes || room(p) < 1 + bytes)
        return false;
    *n = (uint32_t)be(p->at + 1, bytes);
    p->at += 1 + bytes;
    return *n > beyond;
}

static inline bool map_head(struct pass *p, uint32_t *n)
{
    uint8_t c;
    if (p->at == p->end)
        return false;
    c = *p->at;
    if ((c & 0xf0) != 0x80)
        return wide_count(p, c, 0, 0xde, 15, n);
    *n = c & 0x0f;
    p->at++;
    return true;
}

static inline bool array_head(struct pass *p, uint32_t *n)
{
    uint8_t c;
    if (p->at == p->end)
        return false;
    c = *p->at;
    if ((c & 0xf0) != 0x90)
        return wide_count(p, c, 0, 0xdc, 15, n);
    *n = c & 0x0f;
    p->at++;
    return true;
}

static inline bool text(struct pass *p, struct gw_slice *s)
{
    uint32_t n;
    uint8_t c;
    if (p->at == p->end)
        return false;
    c = *p->at;
    if ((c & 0xe0) == 0xa0) {
        n = c & 0x1f;
        p->at++;
    } else if (!wide_count(p, c, 0xd9, 0xda, 31, &n))
        return false;
    if (n > room(p) || n > p->limits->budget.string_bytes)
        return false;
    *s = gw_slice(p->at, n);
    p->at += n;
    return gw_is_ascii(*s) || gw_utf8_valid(*s, &(size_t){0});
}

static bool wide_integer(struct pass *p, uint8_t c, int64_t *i)
{
    unsigned bytes = 1u << (c & 3);
    uint8_t shortest[GW_HEAD_MOST];
    size_t len = 1 + bytes;
    if (c < 0xcc || c > 0xd3 || room(p) < len)
        return false;
    if (c <= 0xcf) {
        uint64_t v = be(p->at + 1, bytes);
        if (v > INT64_MAX)
            return false;
        *i = (int64_t)v;
    } else { /* sign-extend */
        unsigned shift = 64 - 8 * bytes;
        *i = (int64_t)(be(p->at + 1, bytes) << shift) >> shift;
    }
    if ((size_t)(gw_put_int(shortest, *i) - shortest) != len || shortest[0] != c)
        return false;
    p->at += len;
    return true;
}

static inline bool integer(struct pass *p, int64_t *i)
{
    uint8_t c;
    if (p->at == p->end)
        return false;
    c = *p->at;
    if (c > 0x7f && c < 0xe0)
        return wide_integer(p, c, i);
    *i = (int8_t)c;
    p->at++;
    return true;
}

static bool real(struct pass *p, double *f)
{
    uint64_t bits64;
    uint32_t bits32;
    float narrow;
    if (room(p) >= 5 && *p->at == 0xca) {
        bits32 = (uint32_t)be(p->at + 1, 4);
        memcpy(&narrow, &bits32, 4);
        *f = (double)narrow;
        p->at += 5;
        return isfinite(narrow);
    }
    if (room(p) < 9 || *p->at != 0xcb)
        return false;
    bits64 = be(p->at + 1, 8);
    memcpy(f, &bits64, 8);
    p->at += 9;
    return isfinite(*f) && (double)(float)*f != *f; /* else four bytes would do */
}

static inline bool spend(struct pass *p, uint32_t elements, unsigned depth)
{
    if (elements > p->left || !elements || depth > p->limits->budget.depth)
        return false;
    p->left -= elements;
    return true;
}

/* ---- free values: ext ---- */

static bool free_value(struct pass *p, unsigned depth);

static bool free_map(struct pass *p, unsigned depth)
{
    struct gw_slice last = {NULL, 0}, key;
    uint32_t n;
    if (!map_head(p, &n) || !spend(p, n, depth))
        return false;
    for (; n--; last = key)
        if (!text(p, &key) || !key.len || gw_slice_cmp(last, key) >= 0 ||
            !free_value(p, depth + 1))
            return false;
    return true;
}

static bool free_array(struct pass *p, unsigned depth)
{
    uint32_t n;
    if (!array_head(p, &n) || !spend(p, n, depth))
        return false;
    while (n--)
        if (!free_value(p, depth + 1))
            return false;
    return true;
}

static bool free_value(struct pass *p, unsigned depth)
{
    struct gw_slice s;
    int64_t i;
    double f;
    uint8_t c;
    if (p->at == p->end)
        return false;
    c = *p->at;
    if ((c & 0xf0) == 0x80 || c == 0xde || c == 0xdf)
        return free_map(p, depth);
    if ((c & 0xf0) == 0x90 || c == 0xdc || c == 0xdd)
        return free_array(p, depth);
    if ((c & 0xe0) == 0xa0 || (c >= 0xd9 && c <= 0xdb))
        return text(p, &s);
    if (c == 0xca || c == 0xcb)
        return real(p, &f);
    if (c == 0xc2 || c == 0xc3) {
        p->at++;
        return true;
    }
    return integer(p, &i);
}

/* ---- what the stages judge beyond the rows: each leaves to them whatever needs a hand
 * ---- */

static bool known_country(struct gw_slice code)
{
    return !code.len || gw_country_known(code);
}

static bool place_stands(struct pass *p, const struct gw_slice *got)
{
    struct gw_slice unlocode = got[GW_PL_UNLOCODE], country = got[GW_PL_COUNTRY];
    const struct gw_place *known;
    bool rail = p->rail;

    p->rail = false;
    if (!p->places)
        return known_country(country);
    if (!got[GW_PL_NODE].len)
        return !unlocode.len && !rail && known_country(country);
    known = gw_places_by_node(p->places, got[GW_PL_NODE]);
    return known && gw_slice_is(country, known->country) && known_country(country) &&
           (!unlocode.len || gw_slice_is(unlocode, known->unlocode));
}

static bool rail_stands(struct pass *p, const struct gw_slice *got)
{
    p->rail = true;
    return !gw_slice_eq(got[GW_RL_SCHEME], GW_LIT("esr6")) ||
           gw_check_esr6(got[GW_RL_CODE]) != GW_CHECK_BAD;
}

static bool equipment_stands(struct pass *p, const struct gw_slice *got)
{
    enum gw_check check;
    (void)p;
    if (!got[GW_EQ_ID].len)
        return true;
    check = gw_check_equipment(got[GW_EQ_SCHEME], got[GW_EQ_ID]);
    return got[GW_EQ_SCHEME].len && check != GW_CHECK_BAD &&
           gw_slice_is(got[GW_EQ_CHECK], gw_check_word(check));
}

static bool means_stand(struct pass *p, const struct gw_slice *got)
{
    (void)p;
    return !got[GW_MN_IMO].len || gw_check_imo(got[GW_MN_IMO]) == GW_CHECK_OK;
}

static bool party_stands(struct pass *p, const struct gw_slice *got)
{
    (void)p;
    return known_country(got[GW_PT_COUNTRY]);
}

typedef bool (*stands_fn)(struct pass *p, const struct gw_slice *got);

static stands_fn judge_of(const struct gw_shape *s)
{
    const struct gw_field *event = gw_shape_event.fields;
    const struct gw_shape *place = event[GW_EV_PLACE].shape;
    const struct gw_shape *transport = event[GW_EV_TRANSPORT].shape;
    if (s == place)
        return place_stands;
    if (s == event[GW_EV_EQUIPMENT].shape)
        return equipment_stands;
    if (s == place->fields[GW_PL_RAIL].shape)
        return rail_stands;
    if (s == transport->fields[GW_TR_MEANS].shape)
        return means_stand;
    return s == event[GW_EV_PARTIES].shape ? party_stands : NULL;
}

/* ---- the rows ---- */

static bool row_value(struct pass *p, const struct gw_field *f, unsigned depth,
                      struct gw_slice *got);

/* The row of the next key, behind `last`; -1: none, or not in canonical order. */
static inline int row_of(struct pass *p, const struct gw_shape *s, unsigned from)
{
    const uint8_t *key = p->at + 1;
    struct gw_label label;
    unsigned len;
    if (p->at == p->end || (*p->at & 0xe0) != 0xa0)
        return -1;
    len = *p->at & 0x1f;
    if (room(p) < 2 || room(p) - 1 < len)
        return -1;
    label = gw_label(gw_slice(key, len));
    for (unsigned i = from; i < s->count; i++)
        if (gw_label_is16(&label, s->fields[i].name)) {
            p->at = key + len;
            return s->fields[i].flags & GW_BY_GATEWAY ? -1 : (int)i;
        }
    return -1;
}

static bool rows_of_map(struct pass *p, const struct gw_shape *s, uint32_t n,
                        unsigned depth)
{
    struct gw_slice got[GOT + 1] = {{0}};
    uint64_t missing = s->required;
    stands_fn stands;
    int row = -1;

    if (!spend(p, n, depth))
        return false;
    while (n--) {
        row = row_of(p, s, (unsigned)(row + 1));
        if (row < 0)
            return false;
        missing &= ~(1ull << row);
        if (!row_value(p, &s->fields[row], depth + 1, &got[row < GOT ? row : GOT]))
            return false;
    }
    if (missing)
        return false;
    stands = judge_of(s);
    return !stands || stands(p, got);
}

static bool row_items(struct pass *p, const struct gw_field *f, unsigned depth)
{
    struct gw_slice s;
    uint32_t n, pairs;
    if (!array_head(p, &n) || n > f->max || !spend(p, n, depth))
        return false;
    while (n--)
        if (f->shape ? !map_head(p, &pairs) || !rows_of_map(p, f->shape, pairs, depth + 1)
                     : f->item != GW_STR || !text(p, &s) || !s.len)
            return false;
    return true;
}

static bool row_value(struct pass *p, const struct gw_field *f, unsigned depth,
                      struct gw_slice *got)
{
    uint32_t n;
    int64_t i;
    double v;
    switch (f->kind) {
    case GW_STR:
        return text(p, got) && got->len && (!f->max || got->len <= f->max) &&
               (!f->words || gw_words_find(f->words, *got) >= 0);
    case GW_INT:
        if (!integer(p, &i) || ((f->least || f->most) && (i < f->least || i > f->most)))
            return false;
        if ((f->flags & (GW_TIME_MS | GW_REQUIRED)) == (GW_TIME_MS | GW_REQUIRED))
            p->time = i; /* the event's own: the only one that is required */
        return true;
    case GW_FLOAT:
        return real(p, &v) &&
               !((f->least || f->most) && (v < (double)f->least || v > (double)f->most));
    case GW_MAP:
        return f->shape ? map_head(p, &n) && rows_of_map(p, f->shape, n, depth)
                        : free_map(p, depth);
    case GW_ARRAY:
        return row_items(p, f, depth);
    default:
        return false;
    }
}

/* ---- the event ---- */

static inline uint32_t offset(const struct pass *p)
{
    return (uint32_t)(p->at - p->start);
}

/* `source` needs its head apart: two fields are put behind it. */
static bool source_value(struct pass *p, unsigned depth)
{
    struct gw_express *x = p->out;
    if (!map_head(p, &x->at.source_pairs))
        return false;
    x->at.source_body = offset(p);
    return rows_of_map(p, &gw_shape_source, x->at.source_pairs, depth);
}

static bool event_rows(struct pass *p, struct gw_slice *class)
{
    const struct gw_shape *s = &gw_shape_event;
    struct gw_express *x = p->out;
    uint64_t missing = s->required;
    int row = -1;

    for (uint32_t n = x->at.pairs; n--;) {
        uint32_t key = offset(p);
        struct gw_slice got = {NULL, 0};
        row = row_of(p, s, (unsigned)(row + 1));
        if (row < 0)
            return false;
        missing &= ~(1ull << row);
        gw_stamp_note(&x->at, (unsigned)row, key);
        if (row == GW_EV_SOURCE ? !source_value(p, 2)
                                : !row_value(p, &s->fields[row], 2, &got))
            return false;
        if (row == GW_EV_ID)
            x->id = got;
        else if (row == GW_EV_CLASS)
            *class = got;
    }
    gw_stamp_note(&x->at, GW_EV_COUNT, offset(p));
    return !missing;
}

bool gw_express_pass(const struct gw_limits *limits, const struct gw_places *places,
                     int64_t now_ms, struct gw_slice body, struct gw_express *out)
{
    size_t most = limits->budget.event_bytes;
    size_t len = body.len < most ? body.len : most;
    struct pass p = {.at = body.at,
                     .end = len ? body.at + len : body.at,
                     .start = body.at,
                     .limits = limits,
                     .places = places,
                     .left = limits->budget.elements,
                     .out = out};
    struct gw_slice class = {NULL, 0};

    *out = (struct gw_express){0};
    if (!map_head(&p, &out->at.pairs) || !spend(&p, out->at.pairs, 1))
        return false;
    out->at.head = offset(&p);
    if (!event_rows(&p, &class))
        return false;
    if (gw_slice_eq(class, GW_LIT("actual")) &&
        (p.time - now_ms > limits->future_warn_ms ||
         p.time - now_ms > limits->future_refuse_ms))
        return false;
    out->bytes = gw_slice(body.at, offset(&p));
    /* with the stamp it may become too large: then the long way says so */
    return out->bytes.len + GW_STAMP_MOST <= most;
}

/* ---- keeping ---- */

enum gw_error gw_express_keep(struct gw_batch *b, uint32_t index,
                              const struct gw_express *x, uint64_t seed,
                              struct gw_fault *fault)
{
    size_t at = b->events.len;
    uint8_t *to = gw_buf_reserve(&b->events, x->bytes.len + GW_STAMP_MOST);
    if (!to) {
        b->events.failed = false;
        return gw_fail(fault, GW_EVENT_SIZE, 0, NULL);
    }
    struct gw_stamp stamp = gw_batch_stamp(b);
    b->events.len = (size_t)(gw_stamp_put(to, x->bytes, &x->at, &stamp) - b->events.at);
    return gw_keep_record(b, index, at, gw_hash_id(b, x->id, seed),
                          gw_stamp_content(x->bytes, &x->at), fault);
}
