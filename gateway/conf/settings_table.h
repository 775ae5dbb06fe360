/* settings_table.h - the settings as data: one row each.  Used by settings.c and settings_print.c.
 *
 * A new setting is a field of struct gw_settings and one row here; parser, check, documentation
 * and config/gateway.yaml follow (write the file anew with `karvand --settings`). */
#ifndef GW_CONF_SETTINGS_TABLE_H
#define GW_CONF_SETTINGS_TABLE_H
#include "conf/settings.h"

enum gw_setting_kind {
    GW_SETTING_NUMBER, /* a whole number of `unit` */
    GW_SETTING_BOOL,
    GW_SETTING_WORD, /* one of `words` */
    GW_SETTING_TEXT, /* not empty, no control characters */
    GW_SETTING_PATH, /* relative to the file's directory */
};

struct gw_setting {
    const char *name;         /* "session.timeout_ms" */
    const char *section, *key; /* "session", "timeout_ms" */
    enum gw_setting_kind kind;
    const char *unit;    /* NUMBER: see quantity.h; else "" */
    int64_t least, most; /* NUMBER: in `unit` */
    const char *initial; /* the default, as written in the file */
    bool live;           /* a change takes effect at a reload; else at the next start */
    const char *meaning; /* one sentence for the operator */
    const char *words;   /* WORD: separated by blanks */
    size_t offset, size; /* of the field in struct gw_settings */
    int64_t scale;       /* NUMBER: the field counts this many per `unit` */
};

/* Row by number; NULL behind the last. */
const struct gw_setting *gw_setting_row(size_t i);
/* By dotted name; NULL if there is none. */
const struct gw_setting *gw_setting_find(const char *name);
/**
 * Read `text` into the row's field of `out`.
 *
 * at      where the text stands, for the complaint; {0} for a default
 * Errors  GW_FORMAT not of the row's kind;  GW_RANGE out of its bounds
 */
GW_MUST_USE enum gw_error gw_setting_set(const struct gw_setting *row, struct gw_ynode at,
                                         const char *text, struct gw_settings *out,
                                         struct gw_complaint *c);
/* A NUMBER's value in `unit`. */
int64_t gw_setting_number(const struct gw_setting *row, const struct gw_settings *s);
/* The bounds as people read them: "1 KiB .. 64 MiB", "true or false", "trace debug info". */
void gw_setting_bounds(const struct gw_setting *row, struct gw_buf *out);
#endif
