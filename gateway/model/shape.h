/* shape.h - the shared schema as data: which fields an event and its parts have.
 *
 * One table row per field in canonical order.  Decoding, canonical encoding, JSON, validation,
 * profiles and filters all read these rows; nothing else knows a field by name.
 *
 * Source  SCHEMA.md (the shared shipment event, version 1); terms of UN/CEFACT MMT, DCSA, EPCIS. */
#ifndef GW_MODEL_SHAPE_H
#define GW_MODEL_SHAPE_H
#include "model/label.h"
#include "model/tree.h"

/* A closed list of words, e.g. the event types. */
struct gw_words {
    const char *name; /* "type" */
    const char (*words)[GW_LABEL_MOST]; /* in place, filled up with zero bytes */
    uint8_t count;
};
/* Index of the word, or -1.  Exact, lower case. */
int gw_words_find(const struct gw_words *w, struct gw_slice s);

extern const struct gw_words gw_event_types, gw_event_classes, gw_subjects, gw_time_bases,
    gw_time_precisions, gw_modes, gw_equipment_kinds, gw_equipment_schemes, gw_equipment_checks,
    gw_party_roles;

enum gw_field_flag {
    GW_REQUIRED = 1,   /* card. 1 */
    GW_ROUTABLE = 2,   /* R */
    GW_BY_GATEWAY = 4, /* seq, received, source.operator, source.adapter: a sender's value is
                          dropped before the gateway's is set */
    GW_TIME_MS = 8,    /* an int that is a point in time */
    GW_FREE = 16       /* a map of any keys (ext) */
};

struct gw_shape;
struct gw_field {
    char name[16]; /* filled up with zero bytes: label.h */
    uint8_t name_len;
    uint8_t kind;  /* enum gw_kind; GW_FLOAT also takes an int */
    uint8_t flags; /* enum gw_field_flag */
    uint16_t max;  /* GW_STR: bytes; GW_ARRAY: items; GW_INT: unused */
    int64_t least, most;           /* GW_INT, GW_FLOAT: inclusive; both 0 = unbounded */
    const struct gw_words *words;  /* GW_STR of a closed list */
    const struct gw_shape *shape;  /* GW_MAP, or each item of a GW_ARRAY of maps */
    uint8_t item;                  /* GW_ARRAY: kind of the items; strings then keep to 1 KiB */
};

struct gw_shape {
    const char *name; /* "event", "place", "equipment" */
    const struct gw_field *fields;
    uint8_t count;
    uint64_t required; /* one bit per row with GW_REQUIRED that is not the gateway's duty */
};

extern const struct gw_shape gw_shape_event, gw_shape_source;

/* Set `field` of one node from its key: for nodes put after gw_shape_fit(). */
void gw_shape_mark(struct gw_tree *t, uint32_t node, const struct gw_shape *s);

/* Index of a key in the shape, or -1.  `guess`: where to look first (the field after the last
 * one found), which makes events in canonical order cheap. */
int gw_shape_find(const struct gw_shape *s, struct gw_slice key, unsigned guess);
/* The field a dotted path names ("place.unlocode", "equipment[].id" or "equipment.id"), or NULL. */
const struct gw_field *gw_shape_path(const struct gw_shape *s, const char *path);

/**
 * Bring a tree into the schema's form without judging its values: set `field` on every known
 * node, move unknown keys into ext (nested ones under their dotted path, "place.colour"), drop
 * nils, empty maps and empty arrays and fields that only the gateway sets, turn integers in float
 * fields into floats.
 * Errors  GW_ELEMENTS when ext cannot take what must move there
 */
GW_MUST_USE enum gw_error gw_shape_fit(struct gw_tree *t, uint32_t root, struct gw_fault *fault);

/**
 * Judge a fitted tree by its rows: required fields, types, words, bounds, lengths.  The gateway's
 * own fields (GW_BY_GATEWAY, and `source` that holds two of them) are not asked for: it sets them
 * afterwards (stamp.h).
 * fault   field names the dotted path, `at` the offset of the offending value
 * Errors  GW_SCHEMA GW_MISSING GW_WRONG_TYPE GW_UNKNOWN_CODE GW_OUT_OF_RANGE GW_TOO_LONG
 */
GW_MUST_USE enum gw_error gw_shape_check(const struct gw_tree *t, uint32_t root,
                                         struct gw_fault *fault);
#endif
