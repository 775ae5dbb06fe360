/* filter_read.c - SUBSCRIBE bodies: where to start, and the filter. */
#include <stdio.h>
#include "model/filter_draft.h"
#include "model/walk.h"

static const char *const start_words[] = {[GW_START_CURSOR] = "cursor",
                                          [GW_START_EARLIEST] = "earliest",
                                          [GW_START_LATEST] = "latest"};
#define START_WORDS (sizeof start_words / sizeof *start_words)

bool gw_start_word(struct gw_slice word, struct gw_start_at *out)
{
    for (size_t i = 0; i < START_WORDS; i++)
        if (gw_slice_is(word, start_words[i])) {
            out->kind = (enum gw_start)i;
            return true;
        }
    return false;
}

const char *gw_start_word_of(enum gw_start kind)
{
    return kind < START_WORDS ? start_words[kind] : NULL;
}

static enum gw_error fail_in(struct gw_fault *fault, enum gw_error e, size_t at,
                             const char *rule, const char *field)
{
    if (fault)
        snprintf(fault->field, sizeof fault->field, "%s", field);
    return gw_fail(fault, e, at, rule);
}

static enum gw_error read_field(struct gw_walk *w, struct gw_filter_draft *d, int field,
                                struct gw_fault *fault)
{
    uint32_t n;
    size_t at = gw_walk_offset(w);
    if (!gw_walk_array(w, &n))
        return fail_in(fault, GW_FILTER, at, "a field's values are an array",
                       gw_filter_rows[field].name);
    if (!n)
        return fail_in(fault, GW_FILTER, at, "a field without values",
                       gw_filter_rows[field].name);
    while (n--) {
        struct gw_slice v;
        at = gw_walk_offset(w);
        if (!gw_walk_str(w, &v))
            return fail_in(fault, GW_FILTER, at, "a value is not a string",
                           gw_filter_rows[field].name);
        enum gw_error e = gw_filter_draft_add(d, field, v, at, fault);
        if (e)
            return e;
    }
    return GW_OK;
}

static enum gw_error read_clause(struct gw_walk *w, struct gw_filter_draft *d,
                                 struct gw_fault *fault)
{
    uint32_t pairs;
    unsigned seen = 0;
    enum gw_error e = gw_filter_draft_clause(d, gw_walk_offset(w), fault);
    if (e)
        return e;
    if (!gw_walk_map(w, &pairs))
        return gw_fail(fault, GW_FILTER, gw_walk_offset(w), "a filter is a map");
    while (pairs--) {
        struct gw_slice name;
        size_t at = gw_walk_offset(w);
        if (!gw_walk_str(w, &name))
            return gw_fail(fault, GW_FILTER, at, "a field's name is not a string");
        int field = gw_filter_field(name);
        if (field < 0)
            return gw_fail(fault, GW_FILTER_FIELD, at, NULL);
        if (seen & 1u << field)
            return fail_in(fault, GW_FILTER, at, "a field is there twice",
                           gw_filter_rows[field].name);
        seen |= 1u << field;
        e = read_field(w, d, field, fault);
        if (e)
            return e;
    }
    return GW_OK;
}

/* One clause, or an array of them. */
static enum gw_error read_filter(struct gw_walk *w, struct gw_filter_draft *d,
                                 struct gw_fault *fault)
{
    uint32_t n = 1;
    size_t at = gw_walk_offset(w);
    enum gw_error e = GW_OK;
    if (gw_walk_array(w, &n) && !n)
        return gw_fail(fault, GW_FILTER, at,
                       "a filter is a map, or an array of at least one");
    while (!e && n--)
        e = read_clause(w, d, fault);
    return e;
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
    if (gw_walk_str(w, &word) ? gw_start_word(word, out) : start_map(w, out))
        return GW_OK;
    return fail_in(fault, GW_START, at, NULL, "start");
}

static enum gw_error read_live(struct gw_walk *w, struct gw_start_at *out,
                               struct gw_fault *fault)
{
    size_t at = gw_walk_offset(w);
    return gw_walk_bool(w, &out->live)
               ? GW_OK
               : fail_in(fault, GW_START, at, "live is true or false", "live");
}

/* Unknown keys are passed over, as in headers. */
static enum gw_error read_body(struct gw_walk *w, struct gw_filter_draft *d,
                               struct gw_start_at *start, struct gw_fault *fault)
{
    uint32_t pairs;
    bool seen_start = false, seen_filter = false, seen_live = false;
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
                     : gw_slice_is(key, "live")   ? &seen_live
                                                  : NULL;
        if (seen && *seen)
            return gw_fail(fault, GW_FILTER, at, "a key is there twice");
        if (seen)
            *seen = true;
        if (seen == &seen_start)
            e = read_start(w, start, fault);
        else if (seen == &seen_filter)
            e = read_filter(w, d, fault);
        else if (seen == &seen_live)
            e = read_live(w, start, fault);
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
    struct gw_filter_draft d;
    struct gw_walk w = gw_walk(body);
    enum gw_error e = GW_OK;
    *out = NULL;
    memset(start, 0, sizeof *start);
    gw_filter_draft_init(&d);
    if (body.len)
        e = read_body(&w, &d, start, fault);
    return e ? e : gw_filter_build(&d, out);
}

enum gw_error gw_filter_read_bare(struct gw_slice value, struct gw_filter **out,
                                  struct gw_fault *fault)
{
    struct gw_filter_draft d;
    struct gw_walk w = gw_walk(value);
    enum gw_error e;
    *out = NULL;
    gw_filter_draft_init(&d);
    e = read_filter(&w, &d, fault);
    if (!e && gw_walk_left(&w))
        e = gw_fail(fault, GW_FILTER, gw_walk_offset(&w), "bytes behind the filter");
    return e ? e : gw_filter_build(&d, out);
}
