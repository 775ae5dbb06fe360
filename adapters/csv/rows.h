/* rows.h - rows of a table whose separator is declared (RFC 4180 otherwise).
 *
 * Unlike base/csv.h, which reads our own tables: any separator, lines that begin with #
 * are data, and offsets are known for refusals. */
#ifndef GW_ADAPTERS_CSV_ROWS_H
#define GW_ADAPTERS_CSV_ROWS_H
#include "base/slice.h"
#include <karvan/error.h>

#define GW_ROWS_FIELDS 256
#define GW_ROWS_BYTES  65536 /* of one row */

struct gw_rows {
    struct gw_slice text;
    size_t next; /* offset of what has not been read */
    char separator;
    size_t at;     /* offset of the row last read, or of the fault */
    unsigned line; /* of the row last read, from 1 */
    unsigned lines;
    size_t count;
    struct gw_slice field[GW_ROWS_FIELDS]; /* without quotes and blanks around; live until
                                              the next row */
    uint8_t room[GW_ROWS_BYTES];
};

/* text: borrowed.  A byte order mark is passed over. */
void gw_rows_init(struct gw_rows *r, struct gw_slice text, char separator);
/* The next row that is not empty.
 * Errors  GW_NOT_FOUND at the end;  GW_FORMAT a quote that is not closed, or not alone in
 *         its field;  GW_RANGE too many fields, or too long a row */
GW_MUST_USE enum gw_error gw_rows_next(struct gw_rows *r);
#endif
