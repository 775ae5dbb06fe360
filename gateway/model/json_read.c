/* json_read.c - JSON text (RFC 8259) into the tree, in one pass and within its budget.
 *
 * Stricter than the RFC where it leaves a choice: UTF-8 only, no key twice in an object,
 * integers within 64 bits, other numbers within a double's range. */
#include "model/json.h"
#include "base/utf8.h"
#include "model/tree_parts.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct reading {
    struct gw_tree *t;
    struct gw_slice text;
    size_t at;     /* the next byte */
    uint32_t left; /* values */
    enum gw_error error;
    size_t error_at;
};

static enum gw_error fail_at(struct reading *r, enum gw_error e, size_t at)
{
    r->error = e;
    r->error_at = at;
    return e;
}

/* The byte that is next is not what must be there, or there is none. */
static enum gw_error unexpected(struct reading *r)
{
    if (r->at >= r->text.len)
        return fail_at(r, GW_TRUNCATED, r->text.len ? r->text.len - 1 : 0);
    return fail_at(r, GW_SYNTAX, r->at);
}

/* 0 at the end, which is no byte of JSON outside a string. */
static uint8_t next_byte(const struct reading *r)
{
    return r->at < r->text.len ? r->text.at[r->at] : 0;
}

static uint8_t after_blanks(struct reading *r)
{
    uint8_t c = next_byte(r);
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        r->at++;
        c = next_byte(r);
    }
    return c;
}

/* ---- strings ---- */

/* A code point as UTF-8; returns its length. */
static size_t put_code(uint32_t c, uint8_t out[4])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t heads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i; i--, c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3F));
    out[0] = (uint8_t)(heads[n] | c);
    return n;
}

/* The four digits of \uXXXX; false where they are none. */
static bool read_hex(struct gw_slice s, size_t at, uint32_t *out)
{
    *out = 0;
    if (at + 4 > s.len)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        uint8_t c = s.at[i], low = (uint8_t)(c | 0x20);
        if (c >= '0' && c <= '9')
            *out = *out << 4 | (uint32_t)(c - '0');
        else if (low >= 'a' && low <= 'f')
            *out = *out << 4 | (uint32_t)(low - 'a' + 10);
        else
            return false;
    }
    return true;
}

/* \uXXXX, or two of them that make one character; *at stands behind the u. */
static bool read_code(struct gw_slice s, size_t *at, uint32_t *out)
{
    uint32_t low;
    if (!read_hex(s, *at, out))
        return false;
    *at += 4;
    if (*out < 0xD800 || *out > 0xDFFF)
        return true;
    if (*out > 0xDBFF || *at + 2 > s.len || s.at[*at] != '\\' || s.at[*at + 1] != 'u' ||
        !read_hex(s, *at + 2, &low) || low < 0xDC00 || low > 0xDFFF)
        return false;
    *at += 6;
    *out = 0x10000 + ((*out - 0xD800) << 10 | (low - 0xDC00));
    return true;
}

/* Behind a backslash; returns bytes written, 0 where it is no escape. */
static size_t read_escape(struct gw_slice s, size_t *at, uint8_t out[4])
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    uint8_t c = *at < s.len ? s.at[*at] : 0;
    const char *known = c ? strchr(from, c) : NULL;
    uint32_t code;
    ++*at;
    if (known) {
        out[0] = (uint8_t)to[known - from];
        return 1;
    }
    return c == 'u' && read_code(s, at, &code) ? put_code(code, out) : 0;
}

/* Where the string that begins behind `at` ends: at its quote, or where it breaks off. */
static size_t end_of_string(struct gw_slice s, size_t at, bool *plain)
{
    *plain = true;
    while (at < s.len && s.at[at] != '"' && s.at[at] >= 0x20) {
        if (s.at[at] == '\\') {
            *plain = false;
            at++;
        }
        at++;
    }
    return at < s.len ? at : s.len;
}

/* Escapes replaced; never longer than it is written. */
static enum gw_error unescape(struct reading *r, struct gw_slice raw, size_t raw_at,
                              struct gw_slice *out)
{
    struct gw_slice room = gw_tree_text(r->t, raw);
    uint8_t *to = (uint8_t *)(uintptr_t)room.at;
    size_t n = 0, at = 0;
    if (room.len != raw.len)
        return fail_at(r, GW_NOMEM, raw_at);
    while (at < raw.len) {
        if (raw.at[at] != '\\') {
            to[n++] = raw.at[at++];
            continue;
        }
        size_t from = at++;
        size_t put = read_escape(raw, &at, to + n);
        if (!put)
            return fail_at(r, GW_SYNTAX, raw_at + from);
        n += put;
    }
    *out = gw_slice(room.at, n);
    return GW_OK;
}

/* At its opening quote. */
static enum gw_error read_string(struct reading *r, struct gw_slice *out)
{
    size_t from = ++r->at, bad;
    bool plain;
    r->at = end_of_string(r->text, from, &plain);
    if (next_byte(r) != '"')
        return unexpected(r);
    struct gw_slice raw = gw_slice(r->text.at + from, r->at - from);
    r->at++;
    if (!gw_is_ascii(raw) && !gw_utf8_valid(raw, &bad))
        return fail_at(r, GW_UTF8, from + bad);
    if (plain && raw.len > r->t->budget.string_bytes)
        return fail_at(r, GW_STRING_SIZE, from);
    if (plain)
        *out = gw_tree_text(r->t, raw);
    else if (unescape(r, raw, from, out))
        return r->error;
    if (out->len > r->t->budget.string_bytes)
        return fail_at(r, GW_STRING_SIZE, from);
    return plain && out->len != raw.len ? fail_at(r, GW_NOMEM, from) : GW_OK;
}

/* ---- numbers and words ---- */

static void pass_digits(struct reading *r)
{
    while (next_byte(r) >= '0' && next_byte(r) <= '9')
        r->at++;
}

/* At least one digit; false where there is none. */
static bool need_digits(struct reading *r)
{
    size_t from = r->at;
    pass_digits(r);
    return r->at > from;
}

/* Pass over a number; *real: it has a point or an exponent. */
static bool pass_number(struct reading *r, bool *real)
{
    *real = false;
    r->at += next_byte(r) == '-';
    if (next_byte(r) == '0')
        r->at++;
    else if (!need_digits(r))
        return false;
    if (next_byte(r) == '.') {
        *real = true;
        r->at++;
        if (!need_digits(r))
            return false;
    }
    if ((next_byte(r) | 0x20) == 'e') {
        *real = true;
        r->at++;
        r->at += next_byte(r) == '+' || next_byte(r) == '-';
        return need_digits(r);
    }
    return true;
}

/* The digits are followed by a byte that is none, but not always by a terminator. */
static double real_of(struct gw_slice s)
{
    char few[64], *all = s.len < sizeof few ? few : malloc(s.len + 1);
    if (!all)
        return HUGE_VAL;
    memcpy(all, s.at, s.len);
    all[s.len] = 0;
    double v = strtod(all, NULL);
    if (all != few)
        free(all);
    return v;
}

static bool integer_of(struct gw_slice s, int64_t *out)
{
    bool minus = s.at[0] == '-';
    uint64_t v = 0, most = (uint64_t)INT64_MAX + minus;
    for (size_t i = minus; i < s.len; i++) {
        unsigned digit = (unsigned)(s.at[i] - '0');
        if (v > (most - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = minus ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

static enum gw_error read_number(struct reading *r, struct gw_node *n)
{
    size_t from = r->at;
    bool real;
    if (!pass_number(r, &real))
        return unexpected(r);
    struct gw_slice s = gw_slice(r->text.at + from, r->at - from);
    if (real) {
        n->kind = GW_FLOAT;
        n->f = real_of(s);
        return isfinite(n->f) ? GW_OK : fail_at(r, GW_NUMBER, from);
    }
    n->kind = GW_INT;
    return integer_of(s, &n->i) ? GW_OK : fail_at(r, GW_NUMBER, from);
}

static enum gw_error read_word(struct reading *r, struct gw_node *n)
{
    static const struct {
        const char *word;
        uint8_t len, kind;
        bool value;
    } words[] = {{"true", 4, GW_BOOL, true},
                 {"false", 5, GW_BOOL, false},
                 {"null", 4, GW_NIL, false}};
    struct gw_slice rest = gw_slice(r->text.at + r->at, r->text.len - r->at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t most = rest.len < words[i].len ? rest.len : words[i].len;
        if (!most || memcmp(rest.at, words[i].word, most) != 0)
            continue;
        r->at += most;
        n->kind = words[i].kind;
        if (n->kind == GW_BOOL)
            n->b = words[i].value;
        return most == words[i].len ? GW_OK : unexpected(r);
    }
    return unexpected(r);
}

/* ---- values ---- */

static enum gw_error read_value(struct reading *r, uint32_t parent, struct gw_slice key,
                                uint32_t depth);

/* A key and its value. */
static enum gw_error read_member(struct reading *r, uint32_t map, uint32_t depth)
{
    struct gw_slice key;
    size_t from = r->at;
    if (next_byte(r) != '"')
        return unexpected(r);
    if (read_string(r, &key))
        return r->error;
    if (key.len && memchr(key.at, 0, key.len))
        return fail_at(r, GW_SYNTAX, from);
    if (after_blanks(r) != ':')
        return unexpected(r);
    r->at++;
    size_t value_at = r->at;
    enum gw_error e = read_value(r, map, key, depth);
    return e == GW_DUPLICATE_KEY && r->error_at == value_at ? fail_at(r, e, from) : e;
}

/* Members or items, between the brackets. */
static enum gw_error read_all(struct reading *r, uint32_t node, uint32_t depth)
{
    bool map = r->t->nodes[node].kind == GW_MAP;
    uint8_t close = map ? '}' : ']';
    r->at++;
    if (after_blanks(r) == close) {
        r->at++;
        return GW_OK;
    }
    for (;;) {
        (void)after_blanks(r);
        if (map ? read_member(r, node, depth)
                : read_value(r, node, gw_slice(NULL, 0), depth))
            return r->error;
        uint8_t c = after_blanks(r);
        if (c != ',' && c != close)
            return unexpected(r);
        r->at++;
        if (c == close)
            return GW_OK;
    }
}

/* A node for a value, in its place. */
static uint32_t add_node(struct reading *r, uint32_t parent, struct gw_slice key,
                         enum gw_kind kind, size_t at)
{
    uint32_t n = r->left ? gw_tree_new_node(r->t, kind) : GW_NODE_NONE;
    if (!n) {
        (void)fail_at(r, GW_ELEMENTS, at);
        return n;
    }
    r->left--;
    bool member = parent && r->t->nodes[parent].kind == GW_MAP;
    enum gw_error e = member ? gw_tree_name(r->t, parent, n, key) : GW_OK;
    if (e) {
        (void)fail_at(r, e, at);
        return GW_NODE_NONE;
    }
    if (parent)
        gw_tree_link(r->t, parent, n);
    return n;
}

static enum gw_error read_value(struct reading *r, uint32_t parent, struct gw_slice key,
                                uint32_t depth)
{
    size_t at = r->at;
    uint8_t c = after_blanks(r);
    bool map = c == '{', list = c == '[';
    if ((map || list) && depth > r->t->budget.depth)
        return fail_at(r, GW_DEPTH, r->at);
    uint32_t n = add_node(r, parent, key, map ? GW_MAP : list ? GW_ARRAY : GW_NIL, at);
    if (!n)
        return r->error;
    if (map || list)
        return read_all(r, n, depth + 1);
    struct gw_node *node = &r->t->nodes[n];
    if (c == '"') {
        node->kind = GW_STR;
        return read_string(r, &node->s);
    }
    return c == '-' || (c >= '0' && c <= '9') ? read_number(r, node) : read_word(r, node);
}

/* ---- documents ---- */

/* An object or array, and nothing behind it. */
static enum gw_error read_text(struct reading *r, uint32_t depth)
{
    uint8_t c = after_blanks(r);
    if (c != '{' && c != '[')
        return unexpected(r);
    if (read_value(r, GW_NODE_NONE, gw_slice(NULL, 0), depth))
        return r->error;
    (void)after_blanks(r);
    return r->at < r->text.len ? fail_at(r, GW_SYNTAX, r->at) : GW_OK;
}

static struct reading begin(struct gw_tree *t, struct gw_slice text)
{
    gw_tree_reset(t);
    gw_tree_forget_names(t);
    return (struct reading){.t = t, .text = text, .left = t->budget.elements};
}

static bool is_bound(enum gw_error e)
{
    return e == GW_DEPTH || e == GW_ELEMENTS || e == GW_STRING_SIZE || e == GW_NOMEM;
}

enum gw_error gw_json_read(struct gw_tree *t, struct gw_slice text, uint32_t *root,
                           struct gw_fault *fault)
{
    if (text.len > (size_t)t->budget.event_bytes * 4) /* escapes can make text longer */
        return gw_fail(fault, GW_EVENT_SIZE, 0, NULL);
    struct reading r = begin(t, text);
    if (r.left < UINT32_MAX)
        r.left++; /* the event's own map is not counted */
    if (read_text(&r, 1))
        return gw_fail(fault, r.error, is_bound(r.error) ? 0 : r.error_at, NULL);
    *root = 1; /* the first node that was made */
    return t->nodes[1].kind == GW_MAP ? GW_OK : gw_fail(fault, GW_NOT_A_MAP, 0, NULL);
}

enum gw_error gw_json_read_document(struct gw_tree *t, struct gw_slice text,
                                    uint32_t *root, struct gw_fault *fault)
{
    if (text.len > t->budget.event_bytes) {
        gw_tree_reset(t);
        return gw_fail(fault, GW_EVENT_SIZE, t->budget.event_bytes, NULL);
    }
    struct reading r = begin(t, text);
    if (read_text(&r, 1))
        return gw_fail(fault, r.error, is_bound(r.error) ? t->used : r.error_at, NULL);
    *root = 1;
    return GW_OK;
}
