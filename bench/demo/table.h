/* table.h - a small CSV file with a header line, read whole; quoted fields may hold
 * commas. */
#ifndef GW_BENCH_DEMO_TABLE_H
#define GW_BENCH_DEMO_TABLE_H
#include "base/buf.h"

struct demo_table {
    struct gw_buf text; /* each field terminated in place */
    uint32_t columns, rows;
    char **fields; /* [row * columns + column]; row 0 is the header's */
};

/* Append a whole file (at most the buffer's limit). */
GW_MUST_USE enum gw_error demo_file_read(const char *path, struct gw_buf *out,
                                         struct gw_text *why);
/* Errors  GW_IO GW_NOMEM GW_FORMAT (a row with another number of fields; why names the
 * line) */
GW_MUST_USE enum gw_error demo_table_load(struct demo_table *t, const char *path,
                                          struct gw_text *why);
void demo_table_unload(struct demo_table *t);
/* A field by its column's name; "" when there is no such column.  row 0 is the first of
 * data. */
const char *demo_table_get(const struct demo_table *t, uint32_t row, const char *column);
#endif
