/* parts.h - what the files of the DCSA codec share.
 *
 *   dcsa.c     the adapter, and which kind of document a message is
 *   event.c    one event of any of the shapes to the shared schema
 *   place.c    places without UN/LOCODE
 *   more.c     vessel schedules, verified gross mass, arrival notices
 *   encode.c   the other way
 *   tables.c   codes and fields, as data */
#ifndef GW_ADAPTERS_DCSA_PARTS_H
#define GW_ADAPTERS_DCSA_PARTS_H
#include "adapters/kit/event_make.h"
#include "adapters/kit/json_doc.h"

/* The three shapes in circulation, and the port call messages. */
enum gw_dcsa_shape {
    GW_DCSA_22,   /* track and trace 2.x: flat events */
    GW_DCSA_BETA, /* 3.0 beta, IoT and reefer 1.0 beta: metadata and payload */
    GW_DCSA_30,   /* track and trace 3.0.0: eventClassification */
    GW_DCSA_JIT,  /* just-in-time port call timestamps 1.x */
    GW_DCSA_CALL  /* port call 2.0: portCallService and timestamp */
};

struct gw_dcsa {
    struct gw_json_doc doc;
    struct gw_maker maker;
    struct gw_tree out; /* one event to be written */
    struct gw_report *report;
    struct gw_events *events;
    uint32_t number; /* of the event in the message, from 1 */

    /* Of several events those that are refused: how many, and the first one. */
    uint32_t refused, refused_number;
    struct gw_fault fault;
    char detail[160];
};

/* ---- dcsa.c ---- */

/* One event of a message was refused or not: the others are taken in any case, and it is
 * a finding.  What the event is not to blame for is handed through. */
GW_MUST_USE enum gw_error gw_dcsa_set_aside(struct gw_dcsa *d, enum gw_error e);

/* ---- tables.c ---- */

/* One of a code's meanings: a DCSA event type code to an event type. */
struct gw_dcsa_type {
    const char *group;     /* eventType: "EQUIPMENT" */
    const char *code;      /* "LOAD" */
    const char *documents; /* only for these document types, blanks between; NULL = any */
    const char *type;      /* ours */
};
extern const struct gw_dcsa_type gw_dcsa_types[]; /* ends with group NULL */

/* A group of events, and the name of its code. */
struct gw_dcsa_group {
    const char *group;   /* "EQUIPMENT" */
    const char *key;     /* "equipmentEventTypeCode" */
    const char *list;    /* what `state.list` says */
    const char *subject; /* NULL: what the type says */
};
extern const struct gw_dcsa_group gw_dcsa_groups[]; /* ends with group NULL */

/* Two words that mean the same. */
struct gw_dcsa_word {
    const char *theirs, *ours;
};
/* Lists of them end with theirs NULL.  The first that fits counts, both ways. */
extern const struct gw_dcsa_word gw_dcsa_classes[], gw_dcsa_modes[], gw_dcsa_loads[],
    gw_dcsa_statuses[], gw_dcsa_terminals[], gw_dcsa_seal_sources[], gw_dcsa_references[],
    gw_dcsa_roles[], gw_dcsa_document_states[];
const char *gw_dcsa_ours(const struct gw_dcsa_word *list, struct gw_slice theirs);
const char *gw_dcsa_theirs(const struct gw_dcsa_word *list, struct gw_slice ours);

/* Where in an event a part of it lies, by shape; the first that is there counts. */
enum gw_dcsa_area {
    GW_DCSA_BODY,
    GW_DCSA_PLACE,
    GW_DCSA_CALLED, /* the transport call */
    GW_DCSA_VESSEL,
    GW_DCSA_EQUIPMENT,
    GW_DCSA_AREAS
};
struct gw_dcsa_where {
    const char *paths[8]; /* from the event, "" the event itself; NULL-ended */
    const char *in_22, *in_30, *in_jit; /* where it is written; ends with "." if not "" */
};
extern const struct gw_dcsa_where gw_dcsa_areas[GW_DCSA_AREAS];

/* A field that is copied, perhaps word for word. */
struct gw_dcsa_field {
    const char *ours; /* "place.unlocode" */
    enum gw_dcsa_area area;
    const char *keys[5];                /* below the area; NULL-ended */
    const char *in_22, *in_30, *in_jit; /* where it is written; NULL = not carried */
    const struct gw_dcsa_word *words;   /* or NULL: as it is */
    enum { GW_DCSA_TEXT, GW_DCSA_DEGREES, GW_DCSA_COUNT } kind;
};
extern const struct gw_dcsa_field gw_dcsa_fields[]; /* ends with ours NULL */

/* A sensor value: where it stands, what it measures.  unit NULL: of `unit_at`. */
struct gw_dcsa_measure {
    const char *path; /* from the event */
    const char *kind, *unit, *unit_at;
    enum gw_dcsa_shape shape; /* the one it is written in */
};
extern const struct gw_dcsa_measure gw_dcsa_measures[]; /* ends with path NULL */

/* Members of an event that are read; others go to ext.dcsa as they are. */
extern const char *const gw_dcsa_known[]; /* NULL-ended */

/* ---- event.c ---- */

/* Add one event.  node: an object of the document.
 * Errors  report->fault says where and why */
GW_MUST_USE enum gw_error gw_dcsa_event(struct gw_dcsa *d, uint32_t node,
                                        enum gw_dcsa_shape shape);
/* Read a date and time, which has to be there.  Without an offset it is taken, and noted.
 */
GW_MUST_USE enum gw_error gw_dcsa_time(struct gw_dcsa *d, uint32_t map, const char *path,
                                       struct gw_civil *out);
/* Put what one area of a map holds into the event: `map` is the area itself. */
void gw_dcsa_put_area(struct gw_dcsa *d, uint32_t map, enum gw_dcsa_area area);
/* The end of an event; a fault of it stands at `node`. */
GW_MUST_USE enum gw_error gw_dcsa_end(struct gw_dcsa *d, uint32_t node);

/* ---- place.c ---- */

#define GW_DCSA_NAME_SIZE 128
/* Take the code behind the name of the event's place apart from it. */
void gw_dcsa_take_code(struct gw_maker *m);
/* The UN/LOCODE of a place (a map of t), or that the place table has for it. */
struct gw_slice gw_dcsa_unlocode(const struct gw_zoning *z, const struct gw_tree *t,
                                 uint32_t place);
/* Its name, with a code behind it where it has no UN/LOCODE; maybe in `room`. */
struct gw_slice gw_dcsa_place_name(const struct gw_zoning *z, const struct gw_tree *t,
                                   uint32_t place, char room[GW_DCSA_NAME_SIZE]);

/* ---- more.c ---- */

/* A document that is no list of events.  GW_NOT_FOUND when it is none of these either. */
GW_MUST_USE enum gw_error gw_dcsa_more(struct gw_dcsa *d);

/* ---- encode.c ---- */
enum gw_error gw_dcsa_encode(void *state, const struct gw_events *events,
                             struct gw_buf *out, struct gw_fault *fault);
#endif
