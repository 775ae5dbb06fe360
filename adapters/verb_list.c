/* verb_list.c - karvan-adapter list */
#include "adapters/format.h"
#include "adapters/verb.h"
#include "model/json.h"
#include <stdio.h>

static const char *directions(const struct gw_adapter *a)
{
    return a->encode ? "in, out" : "in";
}

static void print_row(const struct gw_adapter *a)
{
    (void)printf("%-12s %-8s %s, %s\n", a->name, directions(a), a->standard, a->edition);
}

static enum gw_error print_json(struct gw_tree *t, const struct gw_adapter *a)
{
    struct gw_buf line;
    uint32_t root = gw_tree_root(t);
    gw_tree_put_str(t, root, GW_LIT("format"), gw_slice_str(a->name));
    gw_tree_put_str(t, root, GW_LIT("standard"), gw_slice_str(a->standard));
    gw_tree_put_str(t, root, GW_LIT("edition"), gw_slice_str(a->edition));
    gw_tree_put_bool(t, root, GW_LIT("decode"), true);
    gw_tree_put_bool(t, root, GW_LIT("encode"), a->encode != NULL);
    gw_tree_put_int(t, root, GW_LIT("max_bytes"), (int64_t)a->max_bytes);
    gw_buf_init(&line, 64u << 10);
    enum gw_error e = gw_json_write(t, root, &line);
    if (!e)
        (void)printf("%.*s\n", GW_FMT(gw_buf_bytes(&line)));
    gw_buf_deinit(&line);
    return e;
}

static int list_json(void)
{
    const struct gw_adapter *a;
    struct gw_tree t;
    enum gw_error e = gw_tree_init(&t, &gw_budget_default);
    for (unsigned i = 0; !e && (a = gw_format_item(i)); i++)
        e = print_json(&t, a);
    gw_tree_deinit(&t);
    return e ? gw_verb_failed("%s", gw_error_text(e)) : GW_VERB_OK;
}

static int run(int argc, char **argv)
{
    const struct gw_adapter *a;
    if (argc == 2 && strcmp(argv[1], "--json") == 0)
        return list_json();
    if (argc > 1)
        return gw_verb_misused("list", "not understood: %s", argv[1]);
    for (unsigned i = 0; (a = gw_format_item(i)); i++)
        print_row(a);
    return GW_VERB_OK;
}

const struct gw_verb gw_verb_list = {
    "list", "the formats there are",
    "Usage: karvan-adapter list [--json]\n\n"
    "Each format with its directions (in: decode, out: encode), standard and edition.\n"
    "--json prints one object per line.\n",
    run};
