/* operator_json.c - an operator's file as a line of JSON. */
#include "cli/operator_json.h"
#include "model/json.h"

#define LINE_BYTES (1u << 20)

/* Sharing with thousands by name is more than an event may hold. */
static const struct gw_budget budget = {
    .event_bytes = LINE_BYTES, .depth = 3, .elements = 8192, .string_bytes = 1024};

static uint32_t list(struct gw_tree *t, uint32_t root, const char *key)
{
    return gw_tree_put_array(t, root, gw_slice_str(key));
}

static void text(struct gw_tree *t, uint32_t parent, const char *key, const char *value)
{
    if (*value)
        gw_tree_put_str(t, parent, gw_slice_str(key), gw_slice_str(value));
}

static void fill(struct gw_tree *t, uint32_t root, const struct gw_operator_file *f)
{
    const struct gw_operator *o = &f->operator;
    uint32_t roles, keys, share;
    text(t, root, "name", o->name);
    text(t, root, "title", o->title);
    text(t, root, "country", o->country);
    roles = list(t, root, "roles");
    for (size_t i = 0; i < GW_ROLES_MAX; i++)
        text(t, roles, "", o->roles[i]);
    keys = list(t, root, "keys");
    for (size_t i = 0; i < GW_KEYS_MAX; i++)
        text(t, keys, "", o->keys[i]);
    text(t, root, "profile", o->profile_name);
    gw_tree_put_bool(t, root, GW_LIT("enabled"), o->enabled);
    share = list(t, root, "share");
    for (uint32_t r = 0; r < f->share.count; r++)
        for (uint32_t i = 0; i < f->share.rules[r].with_count; i++)
            text(t, share, "", f->share.rules[r].with[i].text);
}

enum gw_error gw_operator_json(const struct gw_operator_file *f, FILE *out)
{
    struct gw_tree tree;
    struct gw_buf line;
    enum gw_error e = gw_tree_init(&tree, &budget);
    if (e)
        return e;
    gw_buf_init(&line, LINE_BYTES);
    uint32_t root = gw_tree_root(&tree);
    fill(&tree, root, f);
    e = gw_json_write(&tree, root, &line);
    if (!e)
        fprintf(out, "%s\n", gw_buf_text(&line));
    gw_buf_deinit(&line);
    gw_tree_deinit(&tree);
    return e;
}
