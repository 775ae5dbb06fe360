/* settings_print.c - the settings' documentation: config/gateway.yaml, written from the
 * table. */
#include "conf/quantity.h"
#include "conf/settings_table.h"

static const char head[] =
    "# gateway.yaml - every setting of karvand, with its unit, bounds and default.\n"
    "#\n"
    "# Written by `karvand --settings`.  A setting that is left out has the default "
    "shown here; an\n"
    "# unknown or impossible one stops the start with file, line and remedy: `karvand "
    "--check`.\n"
    "#\n"
    "#   sizes      64 KiB   16 MiB   8 GiB; a bare number counts bytes\n"
    "#   durations  250 ms   10 s   24 h   30 d; a bare number is in the unit shown\n"
    "#   paths      relative ones start at the directory of this file\n"
    "#   restart    a change takes effect at the next start\n"
    "#   live       a change takes effect at a reload (SIGHUP), as operator files do\n";

static const char endpoints[] =
    "\n"
    "# Where operators connect; at least one, at most 64.  In production one operator "
    "per endpoint:\n"
    "# it then has its own memory, and can be cut off alone.  Restart.\n"
    "endpoints:\n"
    "  # name      1 to 32 of a-z 0-9 - _ . ; for logs and status\n"
    "  # address   tcp://HOST:PORT (HOST * = every interface; IPv6 in brackets) or "
    "ipc://PATH\n"
    "  # security  curve: encrypted, the operator is known by its key (default)\n"
    "  #           plain: neither; only on loopback or ipc, and for exactly one "
    "operator\n"
    "  # operators who may connect here; empty = every operator that has a key\n"
    "  - name: main\n"
    "    address: tcp://*:7400\n"
    "    security: curve\n"
    "    operators: []\n";

static bool is_duration(const struct gw_setting *row)
{
    return row->kind == GW_SETTING_NUMBER && strcmp(row->unit, "B") != 0 &&
           *gw_quantity_units(row->unit);
}

static void print_row(const struct gw_setting *row, struct gw_buf *out)
{
    gw_buf_printf(out, "  # %s\n  # ", row->meaning);
    gw_setting_bounds(row, out);
    if (is_duration(row))
        gw_buf_printf(out, ", in %s", row->unit);
    gw_buf_printf(out, "; %s\n  %s: %s\n", row->live ? "live" : "restart", row->key,
                  row->initial);
}

void gw_settings_print(struct gw_buf *out)
{
    const char *section = "";
    const struct gw_setting *row;
    gw_buf_str(out, head);
    for (size_t i = 0; (row = gw_setting_row(i)) != NULL; i++) {
        if (strcmp(row->section, section) != 0) {
            if (strcmp(section, "gateway") == 0)
                gw_buf_str(out, endpoints);
            section = row->section;
            gw_buf_printf(out, "\n%s:\n", section);
        }
        print_row(row, out);
    }
}
