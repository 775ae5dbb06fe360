/* layout.h - what the columns of somebody's table mean: the declaration, compiled.
 *
 * README.md has the language.  Immutable once read; any thread. */
#ifndef GW_ADAPTERS_CSV_LAYOUT_H
#define GW_ADAPTERS_CSV_LAYOUT_H
#include "base/buf.h"
#include "model/shape.h"

#define GW_LAYOUT_COLUMNS   64
#define GW_LAYOUT_CONSTANTS 32
#define GW_LAYOUT_PAIRS     512
#define GW_LAYOUT_NAME      64 /* bytes of a column's name, a path, a code; with the end */

struct gw_layout_pair {
    char map[32], from[GW_LAYOUT_NAME], to[GW_LAYOUT_NAME]; /* from "*": all others */
};

struct gw_layout_column {
    char name[GW_LAYOUT_NAME]; /* of the header; empty when `number` says which */
    unsigned number;           /* from 1; 0: by name */
    char path[GW_LAYOUT_NAME]; /* in the event */
    char map[32];              /* or empty */
    double scale;              /* of a number; 0 = 1 */
    const struct gw_field *field;
};

struct gw_layout_constant {
    char path[GW_LAYOUT_NAME], value[GW_LAYOUT_NAME];
    const struct gw_field *field;
};

struct gw_layout {
    char separator, decimal;
    unsigned skip;    /* lines before the header */
    bool header;      /* there is one */
    bool self;        /* no columns are declared: the header's names are paths */
    char pattern[40]; /* of times: "DD.MM.YYYY hh:mm"; "iso", "epoch-s", "epoch-ms" */
    char zone[40];    /* of times without one; empty: the adapter's */
    unsigned columns, constants, pairs;
    struct gw_layout_column column[GW_LAYOUT_COLUMNS];
    struct gw_layout_constant constant[GW_LAYOUT_CONSTANTS];
    struct gw_layout_pair pair[GW_LAYOUT_PAIRS];
};

/**
 * Read a declaration.
 *
 * text    NULL or empty: the layout whose header names paths, separated by commas
 * why     "layout, line 7: ..." on error
 * Errors  GW_FORMAT a line that cannot be read;  GW_RANGE too many of something, no such
 *         path in the schema, a name too long
 */
GW_MUST_USE enum gw_error gw_layout_read(struct gw_layout *l, const char *text,
                                         struct gw_text *why);

/* Put the column's path into it, which has to be one of the schema's. */
bool gw_layout_aim(struct gw_layout_column *c, struct gw_slice path);

/* A code by a map, both ways; `code` itself where the map is empty; empty: not in it. */
struct gw_slice gw_layout_map(const struct gw_layout *l, const char *map,
                              struct gw_slice code);
struct gw_slice gw_layout_unmap(const struct gw_layout *l, const char *map,
                                struct gw_slice ours);
#endif
