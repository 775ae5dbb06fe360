/* csv.h - rows of comma-separated values (RFC 4180): tables of places and of codes.
 *
 * Empty lines and lines that begin with # are passed over.  One thread at a time. */
#ifndef GW_BASE_CSV_H
#define GW_BASE_CSV_H
#include "base/slice.h"
#include <karvan/error.h>

#define GW_CSV_FIELDS 32
#define GW_CSV_ROW    4096 /* bytes of one row */

struct gw_csv {
    struct gw_slice rest;                  /* what has not been read yet */
    unsigned line;                         /* of the row last read, from 1 */
    unsigned lines;                        /* read so far */
    size_t count;                          /* fields of the row last read */
    struct gw_slice fields[GW_CSV_FIELDS]; /* unquoted, blanks around them removed; they
                                              live until the next row is read */
    uint8_t text[GW_CSV_ROW];
};

/* text: borrowed while rows are read.  A byte order mark is passed over. */
void gw_csv_init(struct gw_csv *c, struct gw_slice text);
/* The next row.
 * Errors  GW_NOT_FOUND at the end;  GW_FORMAT a quote that is not closed or not alone in
 * its field, a zero character;  GW_RANGE too many fields, or too long a row */
GW_MUST_USE enum gw_error gw_csv_row(struct gw_csv *c);
#endif
