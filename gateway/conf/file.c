/* file.c - a whole small file into memory. */
#include "conf/file.h"
#include <errno.h>
#include <stdio.h>

#define PIECE 65536

enum gw_error gw_file_read(const char *path, struct gw_buf *out)
{
    FILE *file = fopen(path, "re");
    uint8_t *room;
    size_t n = 1;
    bool failed;
    if (!file)
        return errno == ENOENT ? GW_NOT_FOUND : GW_IO;
    while (n && (room = gw_buf_reserve(out, PIECE)) != NULL) {
        n = fread(room, 1, PIECE, file);
        gw_buf_advance(out, n);
    }
    failed = ferror(file);
    fclose(file);
    return failed ? GW_IO : gw_buf_status(out);
}
