/* layout_file.h - a format opened with a declaration of columns out of a file. */
#ifndef GW_ADAPTERS_LAYOUT_FILE_H
#define GW_ADAPTERS_LAYOUT_FILE_H
#include "adapters/format.h"

/* gw_format_open() with options->layout read from `path`; empty or NULL: without one.
 * Errors  those of gw_format_open();  GW_NOT_FOUND GW_IO, GW_RANGE longer than 256 KiB,
 *         GW_FORMAT a zero character;  why: "port.layout: ..." */
GW_MUST_USE enum gw_error gw_format_open_laid(struct gw_format *f,
                                              const struct gw_adapter *adapter,
                                              const struct gw_options *options,
                                              const char *path, struct gw_text *why);
#endif
