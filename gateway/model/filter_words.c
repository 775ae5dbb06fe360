/* filter_words.c - SUBSCRIBE bodies from the words of a command line. */
#include <msgpack/pack.h>
#include "base/moment.h"
#include "model/filter_draft.h"
#include "model/walk.h"

static bool start_text(const char *text, struct gw_start_at *out)
{
    struct gw_slice s = gw_slice_str(text);
    uint64_t number;
    if (!text || gw_start_word(s, out))
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
    return gw_moment_read(s, &out->time);
}

static struct gw_slice until(struct gw_slice *rest, char c)
{
    const uint8_t *end = rest->len ? memchr(rest->at, c, rest->len) : NULL;
    size_t n = end ? (size_t)(end - rest->at) : rest->len;
    struct gw_slice first = gw_slice(rest->at, n);
    *rest = end ? gw_slice(end + 1, rest->len - n - 1) : gw_slice(rest->at + n, 0);
    return first;
}

static enum gw_error no_such_field(struct gw_slice name, struct gw_text *why)
{
    struct gw_buf words;
    gw_buf_init(&words, 256);
    for (int i = 0; i < GW_BY_COUNT; i++)
        gw_buf_printf(&words, "%s %s", i ? "," : "", gw_filter_rows[i].name);
    gw_text_set(why, "no filter field \"%.*s\"; there are%s", GW_FMT(name),
                gw_buf_text(&words));
    gw_buf_deinit(&words);
    return GW_FILTER_FIELD;
}

/* The clause at hand says nothing yet, and so would match everything. */
static bool is_empty(const struct gw_filter_draft *d)
{
    return !d->count || d->clause[d->count - 1] != d->clauses - 1;
}

/* The word "or": what follows is another clause. */
static enum gw_error read_or(struct gw_filter_draft *d, struct gw_text *why)
{
    bool empty = is_empty(d);
    enum gw_error e = empty ? GW_FILTER : gw_filter_draft_clause(d, 0, NULL);
    if (e)
        gw_text_set(why, "or: %s",
                    empty ? "stands between two conditions" : "at most 16 alternatives");
    return e;
}

/* "field=value[,value]" */
static enum gw_error read_term(const char *term, struct gw_filter_draft *d,
                               struct gw_text *why)
{
    struct gw_slice rest = gw_slice_str(term);
    struct gw_slice name = until(&rest, '=');
    int field = gw_filter_field(name);
    struct gw_fault fault = {0};
    if (field < 0)
        return no_such_field(name, why);
    do {
        enum gw_error e = gw_filter_draft_add(d, field, until(&rest, ','), 0, &fault);
        if (e) {
            gw_text_set(why, "%s: %s", term, fault.rule);
            return e;
        }
    } while (rest.len);
    return GW_OK;
}

/* "live=true": not about an event, but about the subscription. */
static bool is_about_live(const char *term, bool *live)
{
    *live |= strcmp(term, "live=true") == 0;
    return strcmp(term, "live=true") == 0 || strcmp(term, "live=false") == 0;
}

static enum gw_error read_terms(const char *const *terms, size_t count,
                                struct gw_filter_draft *d, struct gw_start_at *at,
                                struct gw_text *why)
{
    enum gw_error e = count ? gw_filter_draft_clause(d, 0, NULL) : GW_OK;
    for (size_t i = 0; !e && i < count; i++)
        if (is_about_live(terms[i], &at->live))
            continue;
        else if (strcmp(terms[i], "or") == 0 && i + 1 < count)
            e = read_or(d, why);
        else
            e = read_term(terms[i], d, why);
    if (!e && d->clauses > 1 && is_empty(d)) {
        gw_text_set(why, "or: stands between two conditions");
        e = GW_FILTER;
    }
    return e;
}

static void pack_str(msgpack_packer *p, struct gw_slice s)
{
    msgpack_pack_str(p, s.len);
    msgpack_pack_str_body(p, s.at, s.len);
}

static void write_start(const struct gw_start_at *s, msgpack_packer *p)
{
    const char *word = gw_start_word_of(s->kind);
    if (word) {
        pack_str(p, gw_slice_str(word));
        return;
    }
    msgpack_pack_map(p, 1);
    pack_str(p, s->kind == GW_START_SEQ ? GW_LIT("seq") : GW_LIT("time"));
    if (s->kind == GW_START_SEQ)
        msgpack_pack_uint64(p, s->seq);
    else
        msgpack_pack_int64(p, s->time);
}

static void write_live(msgpack_packer *p)
{
    pack_str(p, GW_LIT("live"));
    msgpack_pack_true(p);
}

static enum gw_error write_body(const struct gw_filter_draft *d,
                                const struct gw_start_at *start, struct gw_buf *out)
{
    struct gw_filter *f;
    msgpack_packer p;
    enum gw_error e = gw_filter_build(d, &f);
    if (e)
        return e;
    msgpack_packer_init(&p, out, gw_walk_sink);
    msgpack_pack_map(&p, start->live ? 3 : 2);
    if (start->live)
        write_live(&p);
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
    struct gw_filter_draft d;
    struct gw_start_at at = {0};
    enum gw_error e = GW_OK;
    gw_filter_draft_init(&d);
    if (!start_text(start, &at)) {
        gw_text_set(why,
                    "no start position \"%s\"; use cursor, earliest, latest, seq:17, "
                    "time:2026-11-24T00:00:00Z or time:1795439100000",
                    start);
        return GW_START;
    }
    e = read_terms(terms, count, &d, &at, why);
    if (!e && (e = write_body(&d, &at, out)))
        gw_text_set(why, "%s", gw_error_text(e));
    return e;
}

/* The value of a key in a SUBSCRIBE body, as bytes. */
static bool find_value(struct gw_slice body, const char *name, struct gw_slice *value)
{
    struct gw_walk w = gw_walk(body);
    struct gw_slice key;
    uint32_t pairs;
    if (!gw_walk_map(&w, &pairs))
        return false;
    while (pairs-- && gw_walk_str(&w, &key) && gw_walk_skip(&w, value))
        if (gw_slice_is(key, name))
            return true;
    return false;
}

enum gw_error gw_subscribe_from(struct gw_slice body, uint64_t seq, struct gw_buf *out)
{
    struct gw_start_at start = {.kind = GW_START_SEQ, .seq = seq};
    struct gw_slice filter, live;
    bool filtered = find_value(body, "filter", &filter);
    bool with_live = find_value(body, "live", &live) && *live.at == 0xc3;
    msgpack_packer p;
    msgpack_packer_init(&p, out, gw_walk_sink);
    msgpack_pack_map(&p, 1u + filtered + with_live);
    if (with_live)
        write_live(&p);
    pack_str(&p, GW_LIT("start"));
    write_start(&start, &p);
    if (filtered) {
        pack_str(&p, GW_LIT("filter"));
        gw_buf_slice(out, filter);
    }
    return gw_buf_status(out);
}
