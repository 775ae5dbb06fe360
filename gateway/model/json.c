/* json.c - events as text. */
#include "model/json.h"
#include <stdio.h>
#include <stdlib.h>

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

/* The shortest of 15 to 17 digits that reads back the same, always with a point or an exponent. */
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
    for (GW_FOREACH_CHILD(t, node, child)) {
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
