/* profile_parts.h - a compiled profile from inside: for those who build one
 * (conf/profile_*.c) and those who apply it (profile*.c, normalise.c) only.
 *
 * A profile is a list of rules in the order of their lines.  Where the values of an event
 * are found is a trie of keys (`nodes`, `edges`): one walk over the event takes every
 * value that a rule wants out of it, then the rules put them where the schema has them.
 */
#ifndef GW_PIPELINE_PROFILE_PARTS_H
#define GW_PIPELINE_PROFILE_PARTS_H
#include "model/shape.h"
#include "pipeline/code_map.h"
#include "pipeline/enrich.h"
#include "pipeline/profile.h"
#include "pipeline/time_format.h"
#include "pipeline/units.h"

#define GW_PROFILE_NAME_MAX 32
#define GW_PROFILE_SOURCES  256 /* fields of the sender that a profile names */
#define GW_PROFILE_RULES    512
#define GW_PROFILE_SLOTS    64 /* labelled list items of the schema */
#define GW_PROFILE_GROUPS   32 /* lists filled item for item */
#define GW_PROFILE_RESTS    GW_PROFILE_GROUPS
#define GW_PROFILE_STEPS    8 /* of a path */
#define GW_PROFILE_NONE     UINT16_MAX

/* ---- where values are found ---- */

struct gw_profile_edge {
    uint64_t hash;       /* of the key */
    struct gw_slice key; /* also of a list's item, "0" */
    uint32_t index;      /* the key as number of an item, UINT32_MAX when it is none */
    uint16_t from, to;   /* nodes */
};

struct gw_profile_node {
    uint16_t first, count; /* edges of a map's keys or a list's numbered items, by hash */
    uint16_t each;         /* node of every item of a list, or GW_PROFILE_NONE */
    uint16_t source;       /* the value itself is wanted, or GW_PROFILE_NONE */
};

struct gw_profile_source {
    const char *path; /* as written: "cargo.wagons[].no" */
    bool each;        /* it has one value for every item of a list */
    bool drop;        /* taken out and forgotten */
};

/* ---- where they are put ---- */

enum gw_profile_step_kind {
    GW_STEP_MAP,  /* go into the map `key` */
    GW_STEP_ITEM, /* into the item of list `key` that has this label */
    GW_STEP_EACH, /* into the item of list `key` that belongs to the source's item */
    GW_STEP_LEAF  /* the value itself */
};

struct gw_profile_step {
    struct gw_slice key; /* empty at the end of a list of plain values */
    uint8_t kind;
    uint8_t place; /* ITEM: slot; EACH: group */
    uint16_t most; /* items the list may have */
};

struct gw_profile_target {
    const char *path; /* "equipment[].id" */
    struct gw_profile_step steps[GW_PROFILE_STEPS];
    uint8_t count;
    const struct gw_field *row; /* of the value; NULL within ext */
};

/* A value known beforehand: constants, defaults, what stands beside a field. */
struct gw_profile_value {
    struct gw_profile_target target;
    uint8_t kind; /* GW_STR GW_INT GW_FLOAT GW_BOOL */
    struct gw_slice s;
    int64_t i;
    double f;
};

/* ---- rules ---- */

enum gw_profile_else { GW_ELSE_REFUSE, GW_ELSE_OTHER, GW_ELSE_PASS };
enum gw_profile_case { GW_CASE_KEEP, GW_CASE_UPPER, GW_CASE_LOWER };
enum gw_profile_unknown { GW_UNKNOWN_KEEP, GW_UNKNOWN_DROP, GW_UNKNOWN_REFUSE };

struct gw_profile_map {
    char name[GW_PROFILE_NAME_MAX + 1];
    char list[65]; /* the code is kept in `state` under this name; empty = only with other
                    */
    enum gw_profile_else otherwise;
    struct gw_code_map *codes;
};

/* Where a time of day without offset is: the first of these that is known. */
struct gw_profile_zone {
    bool of_place;        /* the zone of the event's place, by the place table */
    struct gw_zone *zone; /* then this; NULL = none: such a time is refused */
    char name[48];
};

enum gw_profile_scheme { /* bits */
                         GW_SCHEME_ISO6346 = 1,
                         GW_SCHEME_UIC12 = 2,
                         GW_SCHEME_CIS8 = 4,
                         GW_SCHEME_IMO = 8,
                         GW_SCHEME_ESR6 = 16
};

struct gw_profile_rule {
    uint16_t source;
    uint16_t clock;       /* source of the time of day beside a date, or NONE */
    uint16_t unit_source; /* source that names the unit, or NONE */
    uint16_t map;         /* index, or NONE */
    uint16_t zone;        /* index, or NONE: times carry their offset */
    uint16_t format_first, format_count; /* times; count 0: no time */
    uint16_t beside_first, beside_count; /* values set when this one is */
    const struct gw_unit *unit; /* of the value, or when its source is absent; NULL */
    struct gw_profile_target target;
    uint8_t schemes;       /* enum gw_profile_scheme; 0: no check */
    enum gw_digits digits; /* what a wrong one does */
    enum gw_profile_case letters;
    char strip[16];     /* characters taken out; empty = none */
    uint8_t pad;        /* numbers shorter than this get noughts in front; 0 = none */
    bool decimal_comma; /* 12,5 */
    bool required;
};

struct gw_profile {
    char name[GW_PROFILE_NAME_MAX + 1];
    char title[96];
    enum gw_digits digits;
    enum gw_profile_unknown unknown;
    char **texts; /* what slices and paths point into */
    uint32_t text_count, text_cap;
    struct gw_profile_node *nodes; /* nodes[0]: the event's map */
    struct gw_profile_edge *edges; /* by node, then hash */
    struct gw_profile_source *sources;
    struct gw_profile_rule *rules;
    struct gw_profile_map *maps;
    struct gw_profile_zone *zones;
    struct gw_time_format *formats;
    struct gw_profile_value *beside, *constants, *defaults;
    struct gw_slice *absent; /* texts that mean nothing: "-" */
    uint16_t node_count, edge_count, source_count, rule_count, map_count, zone_count,
        format_count, beside_count, constant_count, default_count, absent_count;
    uint8_t slot_count, group_count;
};

/* An empty profile.  Owns *out: gw_profile_free(). */
GW_MUST_USE enum gw_error gw_profile_new(struct gw_profile **out);
/* A copy that lives as long as the profile; NULL when out of memory. */
const char *gw_profile_text(struct gw_profile *p, struct gw_slice text);

/* profile_apply.c: the operator's fields become the schema's, in place, before
 * gw_shape_fit().  Errors as gw_normalise(). */
GW_MUST_USE enum gw_error gw_profile_apply(const struct gw_profile *p,
                                           const struct gw_places *places,
                                           struct gw_tree *t, uint32_t root,
                                           struct gw_fault *fault);
#endif
