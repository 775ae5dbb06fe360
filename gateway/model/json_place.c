/* json_place.c - where a value of a JSON text stands, looked up from its place in the
 * tree: members are in the text's order, so counting commas finds it. */
#include "model/json.h"
#include <stdio.h>

#define DEPTH_MOST 32 /* more than a tree's budget can hold */

/* The way from the root down to a node: the number of the child at each level. */
struct way {
    uint32_t index[DEPTH_MOST], node[DEPTH_MOST];
    unsigned depth;
};

/* Nodes are numbered in the text's order: a node is below the last sibling whose number
 * is not beyond its own. */
static bool find(const struct gw_tree *t, uint32_t from, uint32_t node, struct way *w)
{
    while (from != node) {
        uint32_t i = 0, next,
                 child =
                     t->nodes[from].kind < GW_ARRAY ? GW_NODE_NONE : t->nodes[from].first;
        if (!child || child > node || w->depth == DEPTH_MOST)
            return false;
        for (; (next = t->nodes[child].next) != GW_NODE_NONE && next <= node; i++)
            child = next;
        w->index[w->depth] = i;
        w->node[w->depth++] = child;
        from = child;
    }
    return true;
}

static void path_of(const struct gw_tree *t, const struct way *w, uint32_t root,
                    char *path, size_t size)
{
    size_t at = 0;
    if (size)
        path[0] = 0;
    for (unsigned i = 0; i < w->depth && at < size; i++) {
        struct gw_slice key = t->nodes[w->node[i]].key;
        uint32_t parent = i ? w->node[i - 1] : root;
        int n = t->nodes[parent].kind == GW_MAP
                    ? snprintf(path + at, size - at, "%s%.*s", i ? "." : "",
                               key.len > 200 ? 200 : (int)key.len, (const char *)key.at)
                    : snprintf(path + at, size - at, "[%u]", w->index[i]);
        at += n > 0 ? (size_t)n : 0;
    }
}

/* ---- the text; it has been parsed before, so only strings need care ---- */

static size_t after_string(struct gw_slice s, size_t at)
{
    for (at++; at < s.len && s.at[at] != '"'; at++)
        if (s.at[at] == '\\')
            at++;
    return at < s.len ? at + 1 : s.len;
}

static size_t after_blanks(struct gw_slice s, size_t at)
{
    while (at < s.len &&
           (s.at[at] == ' ' || s.at[at] == '\n' || s.at[at] == '\r' || s.at[at] == '\t'))
        at++;
    return at;
}

/* Behind the next comma of this level. */
static size_t after_comma(struct gw_slice s, size_t at)
{
    unsigned depth = 0;
    while (at < s.len) {
        uint8_t c = s.at[at];
        if (c == '"') {
            at = after_string(s, at);
            continue;
        }
        depth += c == '{' || c == '[';
        if (c == ',' && !depth)
            return at + 1;
        depth -= depth && (c == '}' || c == ']');
        at++;
    }
    return at;
}

/* From an object's or array's opening to its member's value. */
static size_t enter(struct gw_slice s, size_t at, uint32_t index)
{
    bool map = at < s.len && s.at[at] == '{';
    for (at++; index; index--)
        at = after_comma(s, at);
    at = after_blanks(s, at);
    if (map) {
        at = after_blanks(s, after_string(s, at));
        at = after_blanks(s, at + (at < s.len)); /* the colon */
    }
    return at;
}

size_t gw_json_place(const struct gw_tree *t, struct gw_slice text, uint32_t root,
                     uint32_t node, char *path, size_t size)
{
    struct way w = {.depth = 0};
    size_t at = after_blanks(text, 0);
    if (size)
        path[0] = 0;
    if (!root || !node || node > t->used || node == root || !find(t, root, node, &w))
        return at < text.len ? at : 0;
    path_of(t, &w, root, path, size);
    for (unsigned i = 0; i < w.depth; i++)
        at = enter(text, at, w.index[i]);
    return at < text.len ? at : 0;
}
