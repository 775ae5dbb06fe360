/* json.c - events as text; the only file that includes jansson. */
#include "model/json.h"
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "model/json_arena.h"
#include "model/tree_parts.h"

/* ---- writing ---- */

static void put_string(struct gw_buf *out, struct gw_slice s)
{
    gw_buf_byte(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        size_t from = i;
        while (i < s.len && s.at[i] >= 0x20 && s.at[i] != '"' && s.at[i] != '\\' &&
               s.at[i] != 0x7f)
            i++;
        gw_buf_add(out, s.at + from, i - from);
        if (i == s.len)
            break;
        if (s.at[i] == '"' || s.at[i] == '\\') {
            gw_buf_byte(out, '\\');
            gw_buf_byte(out, s.at[i]);
        } else
            gw_buf_printf(out, "\\u%04x", s.at[i]);
    }
    gw_buf_byte(out, '"');
}

/* The shortest of 15 to 17 digits that reads back the same, always with a point or an
 * exponent. */
static void put_real(struct gw_buf *out, double v)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text - 2, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    if (!strpbrk(text, ".e"))
        memcpy(text + strlen(text), ".0", 3);
    gw_buf_str(out, text);
}

static void put(const struct gw_tree *t, uint32_t node, struct gw_buf *out)
{
    const struct gw_node *n = &t->nodes[node];
    bool map = n->kind == GW_MAP, first = true;
    switch ((enum gw_kind)n->kind) {
    case GW_NIL:
        gw_buf_str(out, "null");
        return;
    case GW_BOOL:
        gw_buf_str(out, n->b ? "true" : "false");
        return;
    case GW_INT:
        gw_buf_printf(out, "%lld", (long long)n->i);
        return;
    case GW_FLOAT:
        put_real(out, n->f);
        return;
    case GW_STR:
        put_string(out, n->s);
        return;
    case GW_ARRAY:
    case GW_MAP:
        break;
    }
    gw_buf_byte(out, map ? '{' : '[');
    for (GW_FOREACH_CHILD (t, node, child)) {
        if (!first)
            gw_buf_byte(out, ',');
        first = false;
        if (map) {
            put_string(out, t->nodes[child].key);
            gw_buf_byte(out, ':');
        }
        put(t, child, out);
    }
    gw_buf_byte(out, map ? '}' : ']');
}

enum gw_error gw_json_write(const struct gw_tree *t, uint32_t root, struct gw_buf *out)
{
    size_t start = out->len;
    put(t, root, out);
    if (!out->failed)
        return GW_OK;
    out->len = start;
    return GW_NOMEM;
}

enum gw_error gw_json_from_msgpack(struct gw_tree *scratch, struct gw_slice msgpack,
                                   struct gw_buf *out, struct gw_fault *fault)
{
    uint32_t root;
    size_t used;
    enum gw_error e = gw_tree_read(scratch, msgpack, &used, &root, fault);
    return e ? e : gw_json_write(scratch, root, out);
}

/* ---- reading ---- */

struct reading {
    struct gw_tree *t;
    uint32_t left;
};

static enum gw_error take(struct reading *r, uint32_t parent, struct gw_slice key,
                          const json_t *j, uint32_t depth);

static enum gw_error take_string(struct reading *r, const char *s, size_t len,
                                 struct gw_slice *out)
{
    if (len > r->t->budget.string_bytes)
        return GW_STRING_SIZE;
    *out = gw_tree_text(r->t, gw_slice(s, len));
    return out->len == len ? GW_OK : GW_NOMEM;
}

static enum gw_error take_object(struct reading *r, uint32_t map, const json_t *j,
                                 uint32_t depth)
{
    void *it = json_object_iter((json_t *)(uintptr_t)j);
    enum gw_error e = GW_OK;
    for (; it && !e; it = json_object_iter_next((json_t *)(uintptr_t)j, it)) {
        struct gw_slice key;
        e = take_string(r, json_object_iter_key(it), json_object_iter_key_len(it), &key);
        if (!e)
            e = take(r, map, key, json_object_iter_value(it), depth);
    }
    return e;
}

static enum gw_error take_list(struct reading *r, uint32_t list, const json_t *j,
                               uint32_t depth)
{
    enum gw_error e = GW_OK;
    for (size_t i = 0; i < json_array_size(j) && !e; i++)
        e = take(r, list, gw_slice(NULL, 0), json_array_get(j, i), depth);
    return e;
}

/* The number, text or word into a node. */
static enum gw_error take_scalar(struct reading *r, struct gw_node *n, const json_t *j)
{
    switch (json_typeof(j)) {
    case JSON_STRING:
        n->kind = GW_STR;
        return take_string(r, json_string_value(j), json_string_length(j), &n->s);
    case JSON_INTEGER:
        n->kind = GW_INT;
        n->i = json_integer_value(j);
        return GW_OK;
    case JSON_REAL:
        n->kind = GW_FLOAT;
        n->f = json_real_value(j);
        return GW_OK;
    case JSON_TRUE:
    case JSON_FALSE:
        n->kind = GW_BOOL;
        n->b = json_is_true(j);
        return GW_OK;
    case JSON_NULL:
        n->kind = GW_NIL;
        return GW_OK;
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return GW_SYNTAX;
}

/* Keys are known to differ (JSON_REJECT_DUPLICATES), so a value is linked without looking
 * for its like: an object of many keys must not cost their square. */
static enum gw_error take(struct reading *r, uint32_t parent, struct gw_slice key,
                          const json_t *j, uint32_t depth)
{
    bool map = json_is_object(j), list = json_is_array(j);
    uint32_t n;

    if (!r->left--)
        return GW_ELEMENTS;
    if ((map || list) && depth > r->t->budget.depth)
        return GW_DEPTH;
    n = gw_tree_new_node(r->t, map ? GW_MAP : list ? GW_ARRAY : GW_NIL);
    if (!n)
        return GW_ELEMENTS;
    r->t->nodes[n].key = key;
    if (parent)
        gw_tree_link(r->t, parent, n);
    if (map)
        return take_object(r, n, j, depth + 1);
    return list ? take_list(r, n, j, depth + 1) : take_scalar(r, &r->t->nodes[n], j);
}

/* jansson's reasons in our numbers. */
static enum gw_error code_of(const json_error_t *why)
{
    switch (json_error_code(why)) {
    case json_error_premature_end_of_input:
        return GW_TRUNCATED;
    case json_error_duplicate_key:
        return GW_DUPLICATE_KEY;
    case json_error_invalid_utf8:
        return GW_UTF8;
    case json_error_numeric_overflow:
        return GW_NUMBER;
    case json_error_stack_overflow:
        return GW_DEPTH;
    default:
        return GW_SYNTAX;
    }
}

/* What jansson needs for one value at most: an object with the first table of its own,
 * its key, and its share of the growing tables of the object it is in. */
#define BYTES_A_VALUE 512
/* Each byte of a text at most so often: a key is copied twice, a string once, and the
 * text of the token that is being read grows by doubling. */
#define COPIES 8

static void give_memory(void)
{
    json_set_alloc_funcs(gw_json_arena_alloc, gw_json_arena_free);
}

/* Open this thread's arena and read the text into it.  No text within the budget needs
 * more than the limit, so one that does has too many values.  What was read goes with the
 * arena, not with json_decref(). */
static json_t *load(const struct gw_tree *t, struct gw_slice text, struct gw_fault *fault)
{
    static pthread_once_t memory_given = PTHREAD_ONCE_INIT;
    json_error_t why;
    json_t *j;
    enum gw_error refused;

    (void)pthread_once(&memory_given, give_memory);
    gw_json_arena_open(((size_t)t->budget.elements + 2) * BYTES_A_VALUE +
                       text.len * COPIES + 4096);
    j = json_loadb((const char *)text.at, text.len,
                   JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
    refused = gw_json_arena_refused();
    if (refused) {
        (void)gw_fail(fault, refused, 0, NULL);
        return NULL;
    }
    if (!j)
        (void)gw_fail(fault, code_of(&why),
                      why.position > 0 && (size_t)why.position <= text.len
                          ? (size_t)why.position - 1
                          : 0,
                      NULL);
    return j;
}

static enum gw_error read_event(struct gw_tree *t, struct gw_slice text, uint32_t *root,
                                struct gw_fault *fault)
{
    struct reading r = {t, t->budget.elements};
    json_t *j = load(t, text, fault);
    if (!j)
        return fault->code;
    *root = gw_tree_root(t);
    enum gw_error e = !json_is_object(j) ? GW_NOT_A_MAP
                      : *root            ? take_object(&r, *root, j, 2)
                                         : GW_NOMEM;
    return e ? gw_fail(fault, e, 0, NULL) : GW_OK;
}

enum gw_error gw_json_read(struct gw_tree *t, struct gw_slice text, uint32_t *root,
                           struct gw_fault *fault)
{
    struct gw_fault inner = {0};
    enum gw_error e;

    if (text.len > (size_t)t->budget.event_bytes * 4) /* escapes can make text longer */
        return gw_fail(fault, GW_EVENT_SIZE, 0, NULL);
    e = read_event(t, text, root, &inner);
    gw_json_arena_close();
    return e ? gw_fail(fault, e, inner.at, NULL) : GW_OK;
}

static enum gw_error read_document(struct gw_tree *t, struct gw_slice text,
                                   uint32_t *root, struct gw_fault *fault)
{
    struct reading r = {t, t->budget.elements};
    json_t *j = load(t, text, fault);
    if (!j)
        return fault->code;
    enum gw_error e = take(&r, GW_NODE_NONE, gw_slice(NULL, 0), j, 1);
    if (e)
        return gw_fail(fault, e, t->used, NULL);
    *root = 1; /* the first node that take() made */
    return GW_OK;
}

enum gw_error gw_json_read_document(struct gw_tree *t, struct gw_slice text,
                                    uint32_t *root, struct gw_fault *fault)
{
    struct gw_fault inner = {0};
    enum gw_error e;

    gw_tree_reset(t);
    if (text.len > t->budget.event_bytes)
        return gw_fail(fault, GW_EVENT_SIZE, t->budget.event_bytes, NULL);
    e = read_document(t, text, root, &inner);
    gw_json_arena_close();
    return e ? gw_fail(fault, e, inner.at, NULL) : GW_OK;
}
