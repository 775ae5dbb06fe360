/* profile_build.h - a profile while it is read from its YAML; for conf/profile_*.c only.
 *
 * Every function that reads a part returns GW_FORMAT (or GW_NOMEM, GW_IO) after it has
 * filled the complaint with file, line, what is wrong and what to do. */
#ifndef GW_CONF_PROFILE_BUILD_H
#define GW_CONF_PROFILE_BUILD_H
#include "conf/profile_path.h"
#include "conf/yaml.h"

#define GW_PROFILE_MAPS    64
#define GW_PROFILE_KNOWN   128 /* constants, defaults */
#define GW_PROFILE_BESIDE  512
#define GW_PROFILE_FORMATS 128
#define GW_PROFILE_ZONES   16
#define GW_PROFILE_NODES   2048

struct gw_profile_draft_node {
    char key[65]; /* under its parent; empty of "every item" and of the root */
    bool each;
    uint16_t parent, source;
};

/* A list item of the schema that has a label, or is filled item for item. */
struct gw_profile_label {
    const struct gw_field *list; /* the schema's row */
    char text[65];
    bool each;
    uint8_t place; /* slot or group */
};

struct gw_profile_build {
    struct gw_profile *p;
    struct gw_complaint *c;
    char dir[256]; /* of the profile's file: where its tables are */
    uint16_t zone; /* of the profile, for times that say none; index or NONE */
    struct gw_profile_draft_node nodes[GW_PROFILE_NODES];
    uint16_t node_count;
    struct gw_profile_label labels[GW_PROFILE_SLOTS + GW_PROFILE_GROUPS];
    uint16_t label_count;
    struct gw_ynode
        map_nodes[GW_PROFILE_MAPS]; /* where each map stands, for complaints */
    bool map_used[GW_PROFILE_MAPS];
};

/* ---- profile_build.c: tools ---- */

/* Make room for one more in a list of the profile.  NULL when out of memory or over
 * `most`. */
void *gw_profile_grow(struct gw_profile_build *b, void **list, uint16_t *count,
                      size_t size, uint16_t most, struct gw_ynode at, const char *what);
/* A source by its path, made if need be.  The same path gives the same source. */
GW_MUST_USE enum gw_error gw_profile_source(struct gw_profile_build *b,
                                            struct gw_ynode at, const char *path,
                                            uint16_t *out);
/* A path of the schema.  each: the source has every item of a list, so the target must.
 */
GW_MUST_USE enum gw_error gw_profile_target_read(struct gw_profile_build *b,
                                                 struct gw_ynode at, const char *path,
                                                 bool each,
                                                 struct gw_profile_target *out);
/* After the last source: nodes and edges in the form that is searched. */
GW_MUST_USE enum gw_error gw_profile_finish(struct gw_profile_build *b);
/* Is a text a value of this row?  Complains at `at`. */
GW_MUST_USE enum gw_error gw_profile_check_value(struct gw_profile_build *b,
                                                 struct gw_ynode at, int line,
                                                 const struct gw_field *row,
                                                 const char *field, struct gw_slice text);
/* A value known beforehand, by the row's kind. */
GW_MUST_USE enum gw_error gw_profile_value_read(struct gw_profile_build *b,
                                                struct gw_ynode at,
                                                struct gw_profile_value *v);
/* "there is no key X; did you mean Y?"  names: `count` pointers, `stride` bytes apart. */
enum gw_error gw_profile_no_key(struct gw_profile_build *b, struct gw_ynode key,
                                const char *where, const char *const *names,
                                size_t stride, size_t count);
/* The word's number in the list (ends with NULL), or a complaint. */
GW_MUST_USE enum gw_error gw_profile_word(struct gw_profile_build *b, struct gw_ynode at,
                                          const char *key, const char *const *words,
                                          int *out);
enum gw_error gw_profile_wrong(struct gw_profile_build *b, struct gw_ynode at,
                               const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- the parts ---- */

/* profile_maps.c: `maps`. */
GW_MUST_USE enum gw_error gw_profile_maps_read(struct gw_profile_build *b,
                                               struct gw_ynode at);
/* Every meaning of a map must be a value of the field it is used for. */
GW_MUST_USE enum gw_error gw_profile_map_fits(struct gw_profile_build *b,
                                              struct gw_ynode at, uint16_t map,
                                              const struct gw_field *row,
                                              const char *field);
/* profile_rules.c: `fields`, and the zone of the profile. */
GW_MUST_USE enum gw_error gw_profile_fields_read(struct gw_profile_build *b,
                                                 struct gw_ynode at);
GW_MUST_USE enum gw_error gw_profile_zone_read(struct gw_profile_build *b,
                                               struct gw_ynode at, uint16_t *out);
#endif
