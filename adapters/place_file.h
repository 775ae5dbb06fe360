/* place_file.h - config/places.csv, read whole. */
#ifndef GW_ADAPTERS_PLACE_FILE_H
#define GW_ADAPTERS_PLACE_FILE_H
#include "base/buf.h"
#include "pipeline/places.h"

/* Owns *out: gw_places_free().  why: "places.csv: line 17: ..." on error. */
GW_MUST_USE enum gw_error gw_place_file_load(struct gw_places **out, const char *path,
                                             struct gw_text *why);
#endif
