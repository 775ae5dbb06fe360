/* layout_file.c - a format opened with a declaration of columns out of a file. */
#include "adapters/layout_file.h"
#include "adapters/files.h"
#include <errno.h>
#include <fcntl.h>

#define MOST (256u << 10)

static enum gw_error load(struct gw_buf *text, const char *path, struct gw_text *why)
{
    enum gw_error e = gw_file_get(AT_FDCWD, path, MOST, text);
    if (!e && text->len && memchr(text->at, 0, text->len))
        e = GW_FORMAT;
    if (e)
        gw_text_set(why, "%.120s: %.120s", path,
                    e == GW_IO ? strerror(errno) : gw_error_text(e));
    return e;
}

enum gw_error gw_format_open_laid(struct gw_format *f, const struct gw_adapter *adapter,
                                  const struct gw_options *options, const char *path,
                                  struct gw_text *why)
{
    struct gw_options own = *options;
    struct gw_buf text;
    if (!path || !*path)
        return gw_format_open(f, adapter, options, why);
    gw_buf_init(&text, MOST + 1);
    enum gw_error e = load(&text, path, why);
    if (!e) {
        own.layout = gw_buf_text(&text);
        e = gw_format_open(f, adapter, &own, why);
    }
    gw_buf_deinit(&text);
    return e;
}
