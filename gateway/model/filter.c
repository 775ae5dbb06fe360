/* filter.c - subscriptions' filters: read once into sorted sets, then matched per event.
 */
#include <msgpack/pack.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/utf8.h"
#include "model/filter.h"
#include "model/shape.h"
#include "model/walk.h"

#define VALUE_MAX 64 /* bytes of one value; nothing that is matched is longer */

/* ---- the fields ---- */

enum field { TYPE, MODE, OPERATOR, LOCATION, COUNTRY, EQUIPMENT, CONSIGNMENT, FIELDS };

struct set;
struct row {
    const char *name;
    const struct gw_words *words; /* values are of this list */
    bool prefixes;                /* a value may end in '*' */
    bool (*match)(const struct set *s, const struct gw_facts *f);
};

/* Values of one field: exact ones sorted, then prefixes (without their '*') sorted. */
struct set {
    const struct gw_slice *values;
    uint16_t exact, prefixes;
    uint64_t words[4]; /* bit per word, for fields with a list */
};

struct gw_filter {
    struct set sets[FIELDS]; /* no values: the field matches everything */
    struct gw_slice values[];
};

static int compare(const void *a, const void *b)
{
    return gw_slice_cmp(*(const struct gw_slice *)a, *(const struct gw_slice *)b);
}

static bool has(const struct set *s, struct gw_slice v)
{
    if (!v.len)
        return false;
    if (bsearch(&v, s->values, s->exact, sizeof v, compare))
        return true;
    for (unsigned i = 0; i < s->prefixes; i++)
        if (gw_slice_starts(v, s->values[s->exact + i]))
            return true;
    return false;
}

static bool has_word(const struct set *s, uint8_t word)
{
    return s->words[word / 64] >> (word % 64) & 1;
}

static bool match_type(const struct set *s, const struct gw_facts *f)
{
    return has_word(s, f->type);
}

static bool match_mode(const struct set *s, const struct gw_facts *f)
{
    return f->mode != 0xFF && has_word(s, f->mode);
}

static bool match_operator(const struct set *s, const struct gw_facts *f)
{
    return has(s, f->operator);
}

static bool match_location(const struct set *s, const struct gw_facts *f)
{
    return has(s, f->node) || has(s, f->unlocode);
}

static bool match_country(const struct set *s, const struct gw_facts *f)
{
    return has(s, f->country);
}

static bool match_equipment(const struct set *s, const struct gw_facts *f)
{
    for (unsigned i = 0; i < f->equipment_count; i++)
        if (has(s, f->equipment[i]))
            return true;
    return false;
}

/* "scheme:value" */
static bool has_typed(const struct set *s, struct gw_slice scheme, struct gw_slice value)
{
    uint8_t both[2 * VALUE_MAX];
    if (scheme.len + 1 + value.len > sizeof both || !scheme.len)
        return false;
    memcpy(both, scheme.at, scheme.len);
    both[scheme.len] = ':';
    memcpy(both + scheme.len + 1, value.at, value.len);
    return has(s, gw_slice(both, scheme.len + 1 + value.len));
}

static bool match_consignment(const struct set *s, const struct gw_facts *f)
{
    for (unsigned i = 0; i < f->reference_count; i++)
        if (f->reference[i].len &&
            (has(s, f->reference[i]) || has_typed(s, f->scheme[i], f->reference[i])))
            return true;
    return false;
}

/* In the order of the canonical form. */
static const struct row rows[FIELDS] = {
    [TYPE] = {"type", &gw_event_types, false, match_type},
    [MODE] = {"mode", &gw_modes, false, match_mode},
    [OPERATOR] = {"operator", NULL, false, match_operator},
    [LOCATION] = {"location", NULL, false, match_location},
    [COUNTRY] = {"country", NULL, false, match_country},
    [EQUIPMENT] = {"equipment", NULL, true, match_equipment},
    [CONSIGNMENT] = {"consignment", NULL, false, match_consignment},
};

bool gw_filter_match(const struct gw_filter *f, const struct gw_facts *facts)
{
    for (unsigned i = 0; i < FIELDS; i++) {
        const struct set *s = &f->sets[i];
        if (s->exact + s->prefixes && !rows[i].match(s, facts))
            return false;
    }
    return true;
}

/* ---- building ---- */

/* What was read, in the order it came; nothing is allocated before all of it is known. */
struct draft {
    struct gw_slice value[GW_FILTER_VALUES];
    uint8_t field[GW_FILTER_VALUES];
    unsigned count;
};

static int field_of(struct gw_slice name)
{
    for (int i = 0; i < FIELDS; i++)
        if (gw_slice_is(name, rows[i].name))
            return i;
    return -1;
}

static enum gw_error fail_in(struct gw_fault *fault, enum gw_error e, size_t at,
                             const char *rule, const char *field)
{
    if (fault)
        snprintf(fault->field, sizeof fault->field, "%s", field);
    return gw_fail(fault, e, at, rule);
}

static bool is_prefix(int field, struct gw_slice v)
{
    return rows[field].prefixes && v.len && v.at[v.len - 1] == '*';
}

static bool is_country(struct gw_slice v)
{
    return v.len == 2 && v.at[0] >= 'A' && v.at[0] <= 'Z' && v.at[1] >= 'A' &&
           v.at[1] <= 'Z';
}

static enum gw_error judge(int field, struct gw_slice v, size_t at,
                           struct gw_fault *fault)
{
    const struct row *r = &rows[field];
    size_t bad;
    if (!v.len)
        return fail_in(fault, GW_FILTER, at, "an empty value", r->name);
    if (v.len > VALUE_MAX)
        return fail_in(fault, GW_FILTER, at, "a value is longer than 64 bytes", r->name);
    if (!gw_utf8_valid(v, &bad))
        return fail_in(fault, GW_FILTER, at + bad, "a value is not UTF-8", r->name);
    if (r->words && gw_words_find(r->words, v) < 0)
        return fail_in(fault, GW_UNKNOWN_CODE, at, "not a word of this field's list",
                       r->name);
    if (field == COUNTRY && !is_country(v))
        return fail_in(fault, GW_FILTER, at, "a country is two capital letters", r->name);
    return GW_OK;
}

static enum gw_error draft_add(struct draft *d, int field, struct gw_slice v, size_t at,
                               struct gw_fault *fault)
{
    enum gw_error e = judge(field, v, at, fault);
    if (e)
        return e;
    if (d->count == GW_FILTER_VALUES)
        return fail_in(fault, GW_FILTER, at, "more than 256 values", rows[field].name);
    d->value[d->count] = v;
    d->field[d->count++] = (uint8_t)field;
    return GW_OK;
}

static unsigned unique(struct gw_slice *v, unsigned n)
{
    unsigned kept = 0;
    qsort(v, n, sizeof *v, compare);
    for (unsigned i = 0; i < n; i++)
        if (!kept || !gw_slice_eq(v[kept - 1], v[i]))
            v[kept++] = v[i];
    return kept;
}

/* Append the draft's values of one field that are (or are not) prefixes; sorted, each
 * once. */
static unsigned collect(const struct draft *d, int field, bool prefixes,
                        struct gw_slice *out, uint8_t **text)
{
    unsigned n = 0;
    for (unsigned i = 0; i < d->count; i++) {
        struct gw_slice v = d->value[i];
        if (d->field[i] != field || is_prefix(field, v) != prefixes)
            continue;
        v.len -= prefixes;
        if (v.len)
            memcpy(*text, v.at, v.len);
        out[n++] = gw_slice(*text, v.len);
        *text += v.len;
    }
    return unique(out, n);
}

static void mark_words(struct set *s, const struct gw_words *words)
{
    for (unsigned i = 0; i < s->exact; i++) {
        int w = gw_words_find(words, s->values[i]);
        s->words[w / 64] |= UINT64_C(1) << (w % 64);
    }
}

static enum gw_error build(const struct draft *d, struct gw_filter **out)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < d->count; i++)
        bytes += d->value[i].len;
    struct gw_filter *f = calloc(1, sizeof *f + d->count * sizeof f->values[0] + bytes);
    if (!f)
        return GW_NOMEM;
    struct gw_slice *at = f->values;
    uint8_t *text = (uint8_t *)(f->values + d->count);
    for (int i = 0; i < FIELDS; i++) {
        struct set *s = &f->sets[i];
        s->values = at;
        s->exact = (uint16_t)collect(d, i, false, at, &text);
        s->prefixes = (uint16_t)collect(d, i, true, at + s->exact, &text);
        at += s->exact + s->prefixes;
        if (rows[i].words)
            mark_words(s, rows[i].words);
    }
    *out = f;
    return GW_OK;
}

void gw_filter_free(struct gw_filter *f)
{
    free(f);
}

/* ---- reading a SUBSCRIBE body ---- */

static enum gw_error read_field(struct gw_walk *w, struct draft *d, int field,
                                struct gw_fault *fault)
{
    uint32_t n;
    size_t at = gw_walk_offset(w);
    if (!gw_walk_array(w, &n))
        return fail_in(fault, GW_FILTER, at, "a field's values are an array",
                       rows[field].name);
    if (!n)
        return fail_in(fault, GW_FILTER, at, "a field without values", rows[field].name);
    while (n--) {
        struct gw_slice v;
        at = gw_walk_offset(w);
        if (!gw_walk_str(w, &v))
            return fail_in(fault, GW_FILTER, at, "a value is not a string",
                           rows[field].name);
        enum gw_error e = draft_add(d, field, v, at, fault);
        if (e)
            return e;
    }
    return GW_OK;
}

static enum gw_error read_fields(struct gw_walk *w, struct draft *d,
                                 struct gw_fault *fault)
{
    uint32_t pairs;
    unsigned seen = 0;
    if (!gw_walk_map(w, &pairs))
        return gw_fail(fault, GW_FILTER, gw_walk_offset(w), "a filter is a map");
    while (pairs--) {
        struct gw_slice name;
        size_t at = gw_walk_offset(w);
        if (!gw_walk_str(w, &name))
            return gw_fail(fault, GW_FILTER, at, "a field's name is not a string");
        int field = field_of(name);
        if (field < 0)
            return gw_fail(fault, GW_FILTER_FIELD, at, NULL);
        if (seen & 1u << field)
            return fail_in(fault, GW_FILTER, at, "a field is there twice",
                           rows[field].name);
        seen |= 1u << field;
        enum gw_error e = read_field(w, d, field, fault);
        if (e)
            return e;
    }
    return GW_OK;
}

static const struct {
    const char *word;
    enum gw_start kind;
} start_words[] = {
    {"cursor", GW_START_CURSOR},
    {"earliest", GW_START_EARLIEST},
    {"latest", GW_START_LATEST},
};
#define START_WORDS (sizeof start_words / sizeof *start_words)

static bool start_word(struct gw_slice word, struct gw_start_at *out)
{
    for (size_t i = 0; i < START_WORDS; i++)
        if (gw_slice_is(word, start_words[i].word)) {
            out->kind = start_words[i].kind;
            return true;
        }
    return false;
}

/* {"seq":n} or {"time":ms} */
static bool start_map(struct gw_walk *w, struct gw_start_at *out)
{
    uint32_t pairs;
    struct gw_slice key;
    if (!gw_walk_map(w, &pairs) || pairs != 1 || !gw_walk_str(w, &key))
        return false;
    if (gw_slice_is(key, "seq") && gw_walk_uint(w, &out->seq)) {
        out->kind = GW_START_SEQ;
        return true;
    }
    if (gw_slice_is(key, "time") && gw_walk_int(w, &out->time)) {
        out->kind = GW_START_TIME;
        return true;
    }
    return false;
}

static enum gw_error read_start(struct gw_walk *w, struct gw_start_at *out,
                                struct gw_fault *fault)
{
    size_t at = gw_walk_offset(w);
    struct gw_slice word;
    if (gw_walk_str(w, &word) ? start_word(word, out) : start_map(w, out))
        return GW_OK;
    return fail_in(fault, GW_START, at, NULL, "start");
}

/* Unknown keys are passed over, as in headers. */
static enum gw_error read_body(struct gw_walk *w, struct draft *d,
                               struct gw_start_at *start, struct gw_fault *fault)
{
    uint32_t pairs;
    bool seen_start = false, seen_filter = false;
    enum gw_error e = GW_OK;
    if (!gw_walk_map(w, &pairs))
        return gw_fail(fault, GW_FILTER, 0, "the body is not a map");
    while (!e && pairs--) {
        struct gw_slice key;
        size_t at = gw_walk_offset(w);
        if (!gw_walk_str(w, &key))
            return gw_fail(fault, GW_FILTER, at, "a key is not a string");
        bool *seen = gw_slice_is(key, "start")    ? &seen_start
                     : gw_slice_is(key, "filter") ? &seen_filter
                                                  : NULL;
        if (seen && *seen)
            return gw_fail(fault, GW_FILTER, at, "a key is there twice");
        if (seen)
            *seen = true;
        if (seen == &seen_start)
            e = read_start(w, start, fault);
        else if (seen == &seen_filter)
            e = read_fields(w, d, fault);
        else if (!gw_walk_skip(w, NULL))
            e = gw_fail(fault, GW_FILTER, gw_walk_offset(w), "a value is cut short");
    }
    if (!e && gw_walk_left(w))
        e = gw_fail(fault, GW_FILTER, gw_walk_offset(w), "bytes behind the body's map");
    return e;
}

enum gw_error gw_filter_read(struct gw_slice body, struct gw_filter **out,
                             struct gw_start_at *start, struct gw_fault *fault)
{
    struct draft d;
    struct gw_walk w = gw_walk(body);
    enum gw_error e = GW_OK;
    *out = NULL;
    memset(start, 0, sizeof *start);
    d.count = 0;
    if (body.len)
        e = read_body(&w, &d, start, fault);
    return e ? e : build(&d, out);
}

/* ---- writing ---- */

static void pack_str(msgpack_packer *p, struct gw_slice s)
{
    msgpack_pack_str(p, s.len);
    msgpack_pack_str_body(p, s.at, s.len);
}

static void pack_prefix(msgpack_packer *p, struct gw_slice s)
{
    msgpack_pack_str(p, s.len + 1);
    msgpack_pack_str_body(p, s.at, s.len);
    msgpack_pack_str_body(p, "*", 1);
}

enum gw_error gw_filter_write(const struct gw_filter *f, struct gw_buf *out)
{
    msgpack_packer p;
    unsigned used = 0;
    msgpack_packer_init(&p, out, gw_walk_sink);
    for (int i = 0; i < FIELDS; i++)
        used += f->sets[i].exact + f->sets[i].prefixes > 0;
    msgpack_pack_map(&p, used);
    for (int i = 0; i < FIELDS; i++) {
        const struct set *s = &f->sets[i];
        if (!(s->exact + s->prefixes))
            continue;
        pack_str(&p, gw_slice_str(rows[i].name));
        msgpack_pack_array(&p, (size_t)s->exact + s->prefixes);
        for (unsigned v = 0; v < s->exact; v++)
            pack_str(&p, s->values[v]);
        for (unsigned v = 0; v < s->prefixes; v++)
            pack_prefix(&p, s->values[s->exact + v]);
    }
    return gw_buf_status(out);
}

static void write_start(const struct gw_start_at *s, msgpack_packer *p)
{
    if (s->kind == GW_START_SEQ || s->kind == GW_START_TIME) {
        msgpack_pack_map(p, 1);
        pack_str(p, s->kind == GW_START_SEQ ? GW_LIT("seq") : GW_LIT("time"));
        if (s->kind == GW_START_SEQ)
            msgpack_pack_uint64(p, s->seq);
        else
            msgpack_pack_int64(p, s->time);
        return;
    }
    for (size_t i = 0; i < START_WORDS; i++)
        if (start_words[i].kind == s->kind)
            pack_str(p, gw_slice_str(start_words[i].word));
}

/* ---- command lines ---- */

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

/* 2026-11-24, 2026-11-24T01:43Z, 2026-11-24T01:43:05Z, 2026-11-24T01:43:05.123Z; always
 * UTC */
static bool iso_time(struct gw_slice s, int64_t *ms)
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

static bool start_text(const char *text, struct gw_start_at *out)
{
    struct gw_slice s = gw_slice_str(text);
    uint64_t number;
    if (!text || start_word(s, out))
        return true;
    if (gw_slice_starts(s, GW_LIT("seq:"))) {
        out->kind = GW_START_SEQ;
        return gw_slice_uint(gw_slice(s.at + 4, s.len - 4), &out->seq);
    }
    if (!gw_slice_starts(s, GW_LIT("time:")))
        return false;
    s = gw_slice(s.at + 5, s.len - 5);
    out->kind = GW_START_TIME;
    if (gw_slice_uint(s, &number) && number <= INT64_MAX) {
        out->time = (int64_t)number;
        return true;
    }
    return iso_time(s, &out->time);
}

static struct gw_slice until(struct gw_slice *rest, char c)
{
    const uint8_t *end = rest->len ? memchr(rest->at, c, rest->len) : NULL;
    size_t n = end ? (size_t)(end - rest->at) : rest->len;
    struct gw_slice first = gw_slice(rest->at, n);
    *rest = end ? gw_slice(end + 1, rest->len - n - 1) : gw_slice(rest->at + n, 0);
    return first;
}

/* "field=value[,value]" */
static enum gw_error read_term(const char *term, struct draft *d, struct gw_text *why)
{
    struct gw_slice rest = gw_slice_str(term);
    struct gw_slice name = until(&rest, '=');
    int field = field_of(name);
    struct gw_fault fault = {0};
    if (field < 0) {
        gw_text_set(why,
                    "no filter field \"%.*s\"; there are type, mode, operator, location, "
                    "country, equipment, consignment",
                    GW_FMT(name));
        return GW_FILTER_FIELD;
    }
    do {
        enum gw_error e = draft_add(d, field, until(&rest, ','), 0, &fault);
        if (e) {
            gw_text_set(why, "%s: %s", term, fault.rule);
            return e;
        }
    } while (rest.len);
    return GW_OK;
}

static enum gw_error write_body(const struct draft *d, const struct gw_start_at *start,
                                struct gw_buf *out)
{
    struct gw_filter *f;
    msgpack_packer p;
    enum gw_error e = build(d, &f);
    if (e)
        return e;
    msgpack_packer_init(&p, out, gw_walk_sink);
    msgpack_pack_map(&p, 2);
    pack_str(&p, GW_LIT("start"));
    write_start(start, &p);
    pack_str(&p, GW_LIT("filter"));
    e = gw_filter_write(f, out);
    gw_filter_free(f);
    return e;
}

enum gw_error gw_subscribe_body(const char *start, const char *const *terms, size_t count,
                                struct gw_buf *out, struct gw_text *why)
{
    struct draft d;
    struct gw_start_at at = {0};
    enum gw_error e = GW_OK;
    d.count = 0;
    if (!start_text(start, &at)) {
        gw_text_set(why,
                    "no start position \"%s\"; use cursor, earliest, latest, seq:17, "
                    "time:2026-11-24T00:00:00Z or time:1795439100000",
                    start);
        return GW_START;
    }
    for (size_t i = 0; !e && i < count; i++)
        e = read_term(terms[i], &d, why);
    if (!e && (e = write_body(&d, &at, out)))
        gw_text_set(why, "%s", gw_error_text(e));
    return e;
}

/* The value of "filter" in a SUBSCRIBE body, as bytes. */
static bool find_filter(struct gw_slice body, struct gw_slice *filter)
{
    struct gw_walk w = gw_walk(body);
    struct gw_slice key;
    uint32_t pairs;
    if (!gw_walk_map(&w, &pairs))
        return false;
    while (pairs-- && gw_walk_str(&w, &key) && gw_walk_skip(&w, filter))
        if (gw_slice_is(key, "filter"))
            return true;
    return false;
}

enum gw_error gw_subscribe_from(struct gw_slice body, uint64_t seq, struct gw_buf *out)
{
    struct gw_start_at start = {.kind = GW_START_SEQ, .seq = seq};
    struct gw_slice filter;
    bool filtered = find_filter(body, &filter);
    msgpack_packer p;
    msgpack_packer_init(&p, out, gw_walk_sink);
    msgpack_pack_map(&p, filtered ? 2 : 1);
    pack_str(&p, GW_LIT("start"));
    write_start(&start, &p);
    if (filtered) {
        pack_str(&p, GW_LIT("filter"));
        gw_buf_slice(out, filter);
    }
    return gw_buf_status(out);
}
