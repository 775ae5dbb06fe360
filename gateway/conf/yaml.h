/* yaml.h - YAML files with the line of every value; the door to libyaml.
 *
 * libyaml's own document tree rather than libcyaml's schemas: a wrong setting, an unknown operator
 * or a bad code map must be reported with file and line, also when the fault is found after the
 * text was parsed, and libcyaml forgets the lines by then.
 *
 * Thread  one at a time per document. */
#ifndef GW_CONF_YAML_H
#define GW_CONF_YAML_H
#include "base/buf.h"

struct gw_yaml; /* one document */

/* A value's place in a document; {0} is "absent", which every function below takes. */
struct gw_ynode {
    const struct gw_yaml *doc;
    int index;
};

/* Where something is wrong, for people. */
struct gw_complaint {
    char file[128];
    int line; /* from 1; 0 = the file as a whole */
    char what[256];
    char remedy[256];
};
/* "config/gateway.yaml:12: journal.max_bytes: ... - remedy" */
void gw_complaint_text(const struct gw_complaint *c, struct gw_buf *out);
void gw_complain(struct gw_complaint *c, struct gw_ynode at, const char *remedy, const char *fmt,
                 ...) __attribute__((format(printf, 4, 5)));

/* Files over 4 MiB are refused.  Owns *out: gw_yaml_free(). */
GW_MUST_USE enum gw_error gw_yaml_load(struct gw_yaml **out, const char *path,
                                       struct gw_complaint *c);
GW_MUST_USE enum gw_error gw_yaml_parse(struct gw_yaml **out, struct gw_slice text,
                                        const char *name, struct gw_complaint *c);
void gw_yaml_free(struct gw_yaml *y);

enum gw_ykind { GW_Y_ABSENT, GW_Y_SCALAR, GW_Y_LIST, GW_Y_MAP };

struct gw_ynode gw_yaml_root(const struct gw_yaml *y);
enum gw_ykind gw_ynode_kind(struct gw_ynode n);
int gw_ynode_line(struct gw_ynode n);
const char *gw_ynode_file(struct gw_ynode n);
/* Of a map: the value of a key; absent if it has none.  Duplicate keys are refused at parse. */
struct gw_ynode gw_ynode_get(struct gw_ynode map, const char *key);
/* Of a list or map: number of items, the i-th value, and (map) its key. */
int gw_ynode_count(struct gw_ynode n);
struct gw_ynode gw_ynode_item(struct gw_ynode n, int i);
struct gw_ynode gw_ynode_key(struct gw_ynode map, int i);
/* Scalars; terminated text owned by the document; "" when no scalar. */
const char *gw_ynode_text(struct gw_ynode n);
bool gw_ynode_int(struct gw_ynode n, int64_t *out);
bool gw_ynode_float(struct gw_ynode n, double *out);
bool gw_ynode_bool(struct gw_ynode n, bool *out); /* true false yes no on off */
#endif
