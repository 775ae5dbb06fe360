/* tree.h - one event as a flat tree: where each value lies, within hard budgets.
 *
 * The form between bytes and meaning.  decode reads msgpack (or JSON) into it in one bounded pass;
 * profiles and adapters change or build it; validate judges it; canon.h writes it out.  Nodes are
 * numbered, live in one array that is reused from event to event, and name their children by
 * number, so that reading an event allocates nothing once the array has grown to its budget.
 *
 * Strings are borrowed from the input that was read, or from the tree's own arena when they were
 * put with gw_tree_text(); both end at the next gw_tree_reset() or gw_tree_read().
 *
 * Thread  one at a time per tree. */
#ifndef GW_MODEL_TREE_H
#define GW_MODEL_TREE_H
#include "base/slice.h"
#include <karvan/error.h>

/* Hard limits for one event; every one is a setting (config/gateway.yaml, budget.*). */
struct gw_budget {
    uint32_t event_bytes;  /* 65536 */
    uint32_t depth;        /* 8: the event's own map is depth 1 */
    uint32_t elements;     /* 2048 values in all, keys not counted */
    uint32_t string_bytes; /* 1024, keys included */
};
extern const struct gw_budget gw_budget_default;

enum gw_kind { GW_NIL, GW_BOOL, GW_INT, GW_FLOAT, GW_STR, GW_ARRAY, GW_MAP };
const char *gw_kind_name(enum gw_kind k); /* "nil" .. "map" */

#define GW_NODE_NONE 0u    /* node 0 is never used */
#define GW_FIELD_NONE 0xFF /* the key is not in the parent's shape, or not yet looked up */

struct gw_node {
    uint8_t kind;  /* enum gw_kind */
    uint8_t field; /* index into the parent's shape, set by gw_shape_fit() */
    uint16_t reserved;
    uint32_t at;         /* offset of the value in the input, within a head's length; 0 when built */
    uint32_t next;       /* next sibling, or GW_NODE_NONE */
    uint32_t count;      /* GW_ARRAY, GW_MAP: number of children */
    struct gw_slice key; /* in a map: its key; else empty */
    union {
        bool b;
        int64_t i;
        double f;
        struct gw_slice s;
        struct {
            uint32_t first, last; /* children, or GW_NODE_NONE */
        };
    };
};

struct gw_tree {
    struct gw_node *nodes; /* nodes[1 .. used] */
    uint32_t used, cap;
    struct gw_budget budget;
    struct gw_text_block *texts; /* what gw_tree_text() copied; blocks never move until reset */
    struct gw_key_table *keys;   /* tree_read.c: finds doubled keys in large maps */
};

/* GW_RANGE when the budget's depth exceeds 30, what msgpack-c's parser can hold. */
GW_MUST_USE enum gw_error gw_tree_init(struct gw_tree *t, const struct gw_budget *budget);
void gw_tree_deinit(struct gw_tree *t);
/* Forget all nodes and texts; keeps the memory. */
void gw_tree_reset(struct gw_tree *t);

/**
 * Read the first msgpack value of `in`; it must be a map with string keys throughout.
 * Resets the tree first.
 *
 * in      may hold more values behind the first
 * used    set on GW_OK to the bytes the value took
 * root    set on GW_OK to its node
 * fault   set on error: code, offset from the start of `in`, rule
 * Errors  GW_TRUNCATED GW_NOT_A_MAP GW_DEPTH GW_ELEMENTS GW_STRING_SIZE GW_UTF8 GW_DUPLICATE_KEY
 *         GW_VALUE_TYPE GW_EVENT_SIZE GW_KEY_TYPE GW_NUMBER GW_COUNT GW_SYNTAX; GW_NOMEM
 * Bounds  no memory is sized by a count that the bytes present cannot hold
 */
GW_MUST_USE enum gw_error gw_tree_read(struct gw_tree *t, struct gw_slice in, size_t *used,
                                       uint32_t *root, struct gw_fault *fault);

/**
 * How long is the first msgpack value of `in`?  Structure only; used to find where the next event
 * of a batch starts when one of them is refused for its content.
 * Errors  GW_SYNTAX the bytes end inside it, or one of them is no msgpack
 */
GW_MUST_USE enum gw_error gw_tree_skip(struct gw_slice in, size_t *used);

/* Building and changing.  Each returns GW_NODE_NONE (or false) when the budget is reached, and
 * nothing then has changed.  `parent` is a map (key given) or an array (key empty).  A key that is
 * there already is replaced in its place.  Slices are borrowed: keep them alive, or gw_tree_text()
 * them first.  Keys must outlive the tree's use too (string literals do). */
uint32_t gw_tree_root(struct gw_tree *t); /* reset, then a new empty map */
uint32_t gw_tree_put_nil(struct gw_tree *t, uint32_t parent, struct gw_slice key);
uint32_t gw_tree_put_bool(struct gw_tree *t, uint32_t parent, struct gw_slice key, bool v);
uint32_t gw_tree_put_int(struct gw_tree *t, uint32_t parent, struct gw_slice key, int64_t v);
uint32_t gw_tree_put_float(struct gw_tree *t, uint32_t parent, struct gw_slice key, double v);
uint32_t gw_tree_put_str(struct gw_tree *t, uint32_t parent, struct gw_slice key,
                         struct gw_slice v);
uint32_t gw_tree_put_map(struct gw_tree *t, uint32_t parent, struct gw_slice key);
uint32_t gw_tree_put_array(struct gw_tree *t, uint32_t parent, struct gw_slice key);

/* Move `node` (detached, or a child of `from`) under `parent`, replacing an equal key. */
bool gw_tree_attach(struct gw_tree *t, uint32_t parent, struct gw_slice key, uint32_t node);
/* Take `node` out of `parent`; the node stays valid and may be attached elsewhere. */
void gw_tree_detach(struct gw_tree *t, uint32_t parent, uint32_t node);
/* A copy of `text` that lives as long as the tree's content; empty slice when out of memory. */
struct gw_slice gw_tree_text(struct gw_tree *t, struct gw_slice text);

/* Looking.  GW_NODE_NONE when absent. */
uint32_t gw_tree_child(const struct gw_tree *t, uint32_t map, struct gw_slice key);
uint32_t gw_tree_item(const struct gw_tree *t, uint32_t array, uint32_t index);
/* A dotted path, "place.unlocode", "equipment[0].id"; first step from `from`. */
uint32_t gw_tree_at(const struct gw_tree *t, uint32_t from, const char *path);
/* The string at a path; empty when absent or no string. */
struct gw_slice gw_tree_str(const struct gw_tree *t, uint32_t from, const char *path);
/* The integer at a path; `missing` when absent or no integer. */
int64_t gw_tree_int(const struct gw_tree *t, uint32_t from, const char *path, int64_t missing);
/* The first map of the array at `list` whose `key` says `word`: "parties", "role", "carrier".  Both
 * are paths; `word` is not empty. */
uint32_t gw_tree_item_with(const struct gw_tree *t, uint32_t from, const char *list,
                           const char *key, const char *word);

/* Make the maps and arrays of a path and put a value at its end; an index may be at most the
 * array's length (then it appends).  For adapters and profiles; not for the hot path.
 * The path's text is copied where it becomes a key. */
uint32_t gw_tree_set_str(struct gw_tree *t, uint32_t from, const char *path, struct gw_slice v);
uint32_t gw_tree_set_int(struct gw_tree *t, uint32_t from, const char *path, int64_t v);
uint32_t gw_tree_set_float(struct gw_tree *t, uint32_t from, const char *path, double v);
uint32_t gw_tree_set_bool(struct gw_tree *t, uint32_t from, const char *path, bool v);

static inline const struct gw_node *gw_node(const struct gw_tree *t, uint32_t n)
{
    return &t->nodes[n];
}

/* for (GW_FOREACH_CHILD(t, parent, child)) { ... }  Do not detach `child` inside.  `parent` is
 * looked at once; GW_NODE_NONE has no children, so a list that may be absent needs no question. */
#define GW_FOREACH_CHILD(t, parent, child)                                                    \
    uint32_t child = (t)->nodes[parent].first; child; child = (t)->nodes[child].next
#endif
