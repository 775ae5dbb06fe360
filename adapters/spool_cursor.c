/* spool_cursor.c - what is acknowledged, and how ordinals become batch numbers: a line of
 * text. */
#include "adapters/spool_parts.h"
#include "adapters/files.h"
#include "base/hash.h"
#include <inttypes.h>
#include <stdio.h>

#define FILE_NAME "cursor"
#define LINE      "karvan-spool-cursor acked=%" PRIu64 " shift=%" PRId64 " known=%d"

static void sum_of(const char *line, char out[17])
{
    (void)snprintf(out, 17, "%016" PRIx64, gw_hash64(gw_slice_str(line), 0));
}

/* "<line> sum=<16 hex digits>\n" */
static bool parse(char *text, struct gw_cursor *out)
{
    char sum[17];
    int known;
    char *mark = strstr(text, " sum=");
    if (!mark)
        return false;
    *mark = 0;
    sum_of(text, sum);
    if (strncmp(mark + 5, sum, 16) != 0 ||
        sscanf(text, "karvan-spool-cursor acked=%" SCNu64 " shift=%" SCNd64 " known=%d",
               &out->acked, &out->shift, &known) != 3)
        return false;
    out->known = known == 1;
    return true;
}

enum gw_error gw_cursor_load(struct gw_cursor *out, int dir)
{
    struct gw_buf b;
    *out = (struct gw_cursor){0};
    gw_buf_init(&b, 512);
    enum gw_error e = gw_file_get(dir, FILE_NAME, 500, &b);
    if (!e && (!*gw_buf_text(&b) || !parse((char *)b.at, out)))
        e = GW_CORRUPT;
    gw_buf_deinit(&b);
    return e == GW_NOT_FOUND ? GW_OK : e == GW_RANGE ? GW_CORRUPT : e;
}

enum gw_error gw_cursor_save(const struct gw_cursor *c, int dir)
{
    char line[160], sum[17], text[200];
    (void)snprintf(line, sizeof line, LINE, c->acked, c->shift, c->known);
    sum_of(line, sum);
    (void)snprintf(text, sizeof text, "%s sum=%s\n", line, sum);
    return gw_file_put(dir, FILE_NAME, gw_slice_str(text));
}
