/* host_print.c - the settings' documentation: config/examples/adapter-settings.yaml,
 * written from the table. */
#include "adapters/host_table.h"
#include "conf/quantity.h"

static const char head[] =
    "# adapter-settings.yaml - every setting of `karvan-adapter run`, with its bounds "
    "and default.\n"
    "#\n"
    "# Written by `karvan-adapter check --settings`.  A setting that is left out has its "
    "default; an\n"
    "# unknown or impossible one stops the start with file, line and remedy: "
    "`karvan-adapter check`.\n"
    "# Start from adapter-in.yaml or adapter-out.yaml, which have what is needed and "
    "nothing more.\n"
    "#\n"
    "#   sizes      64 KiB   16 MiB   8 GiB; a bare number counts bytes\n"
    "#   durations  250 ms   10 s   24 h   30 d; a bare number is in the unit shown\n"
    "#   paths      relative ones start at the folder of this file\n"
    "\n";

static const char *const intros[GW_SECTIONS] = {
    [GW_IN_ADAPTER] = "\n# One or more; each fails alone.\nadapters:\n",
    [GW_IN_SOURCE] =
        "\n    # Messages to events; without it nothing is sent.\n    source:\n",
    [GW_IN_SINK] =
        "\n    # Events to messages; without it nothing is received.\n    sink:\n",
    [GW_IN_SPOOL] =
        "\n    # Decoded and not yet acknowledged by the gateway.\n    spool:\n",
    [GW_IN_OPTIONS] = "\n    # For the format.\n    options:\n"};

static const char *indent_of(const struct gw_row *r)
{
    return r->section == GW_IN_HOST      ? ""
           : r->section == GW_IN_ADAPTER ? "    "
                                         : "      ";
}

static bool is_duration(const struct gw_row *r)
{
    return r->kind == GW_ROW_NUMBER && strcmp(r->unit, "B") != 0 &&
           *gw_quantity_units(r->unit);
}

static void print_value(const char *text, struct gw_buf *out)
{
    bool quoted = !*text || strpbrk(text, ":#*") != NULL;
    gw_buf_printf(out, quoted ? "\"%s\"\n" : "%s\n", text);
}

static void print_row(const struct gw_row *r, bool first, struct gw_buf *out)
{
    const char *indent = indent_of(r);
    gw_buf_printf(out, "%s# %s\n%s# ", indent, r->meaning, indent);
    gw_row_bounds(r, out);
    if (is_duration(r))
        gw_buf_printf(out, ", in %s", r->unit);
    if (!r->initial)
        gw_buf_str(out, "; must be set");
    else if (r->example)
        gw_buf_printf(out, "; default %s", *r->initial ? r->initial : "empty");
    if (r->kinds)
        gw_buf_printf(out, "; kinds: %s", r->kinds);
    gw_buf_printf(out,
                  "\n%s%s%s: ", first && r->section == GW_IN_ADAPTER ? "  - " : indent,
                  r->kinds && !gw_words_have(r->kinds, "folder") ? "# " : "", r->key);
    print_value(r->example ? r->example : r->initial, out);
}

void gw_host_config_print(struct gw_buf *out)
{
    enum gw_row_section section = GW_IN_HOST;
    gw_buf_str(out, head);
    for (const struct gw_row *r = gw_rows; r->key; r++) {
        bool first = r->section != section;
        section = r->section;
        if (first)
            gw_buf_str(out, intros[section]);
        print_row(r, first, out);
    }
}
