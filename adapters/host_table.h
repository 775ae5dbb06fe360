/* host_table.h - the adapter host's settings as data: one row each. */
#ifndef GW_ADAPTERS_HOST_TABLE_H
#define GW_ADAPTERS_HOST_TABLE_H
#include "adapters/host_config.h"

enum gw_row_kind {
    GW_ROW_NUMBER, /* a whole number of `unit` */
    GW_ROW_BOOL,
    GW_ROW_NAME,  /* a-z 0-9 - _ . */
    GW_ROW_WORD,  /* one of `words` */
    GW_ROW_TEXT,  /* no control characters */
    GW_ROW_PATH,  /* relative to the file's folder */
    GW_ROW_TERMS, /* a list of texts; of `words` where the row has them, else of terms */
};

/* Where a section stands: these, in this order, in the file and in the table. */
enum gw_row_section {
    GW_IN_HOST,
    GW_IN_ADAPTER,
    GW_IN_SOURCE,
    GW_IN_SINK,
    GW_IN_SPOOL,
    GW_IN_OPTIONS,
    GW_SECTIONS
};

struct gw_row {
    enum gw_row_section section;
    const char *key;
    enum gw_row_kind kind;
    const char *unit;    /* NUMBER: see conf/quantity.h */
    int64_t least, most; /* NUMBER */
    const char *words;   /* WORD: separated by blanks */
    const char *initial; /* as written in the file; NULL: must be set */
    const char *example; /* what the printed file shows instead of the default */
    const char *meaning;
    const char
        *kinds; /* of source or sink that take it, separated by blanks; NULL: all */
    const char *needed;  /* those of them that cannot do without */
    size_t offset, size; /* in struct gw_host_config or struct gw_adapter_config */
};

extern const struct gw_row gw_rows[]; /* behind the last: key NULL */
/* "source"; "" for the adapter itself. */
const char *gw_section_key(enum gw_row_section s);

/* Read a value into its field of `base`.  `at` absent: the default.
 * dir     what relative paths start at
 * Errors  GW_FORMAT GW_RANGE */
GW_MUST_USE enum gw_error gw_row_set(const struct gw_row *row, struct gw_ynode at,
                                     const char *dir, void *base, struct gw_complaint *c);
/* "1 .. 1000000", "true or false", "path". */
void gw_row_bounds(const struct gw_row *row, struct gw_buf *out);
/* Is `word` one of `words`, which blanks separate?  NULL holds none. */
bool gw_words_have(const char *words, const char *word);
/* "source.folder" */
const char *gw_row_name(const struct gw_row *row, char out[64]);
#endif
