/* place_file.c - config/places.csv, read whole. */
#include "adapters/place_file.h"
#include "adapters/files.h"
#include <errno.h>
#include <fcntl.h>

#define MOST (16u << 20)

enum gw_error gw_place_file_load(struct gw_places **out, const char *path,
                                 struct gw_text *why)
{
    struct gw_text inner = {""};
    struct gw_buf csv;
    *out = NULL;
    gw_buf_init(&csv, MOST);
    enum gw_error e = gw_file_get(AT_FDCWD, path, MOST, &csv);
    if (e)
        gw_text_set(&inner, "%s", e == GW_IO ? strerror(errno) : gw_error_text(e));
    else
        e = gw_places_read(out, gw_buf_bytes(&csv), &inner);
    if (e)
        gw_text_set(why, "%.120s: %.120s", path, inner.s);
    gw_buf_deinit(&csv);
    return e;
}
