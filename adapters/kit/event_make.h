/* event_make.h - what every codec does to begin, fill and finish an event.
 *
 *   gw_maker_message(m, in);                      once a message: its hash
 *   gw_event_begin(m, "load", "actual", "equipment");
 *   gw_event_str(m, m->root, "place.unlocode", code);
 *   gw_event_moment(m, &civil, gw_event_known_place(m));
 *   item = gw_event_equipment(m, "container", number);
 *   e = gw_event_end(m, out, &report->fault);
 *
 * Putting never fails at once: what finds no room is remembered, and gw_event_end() says
 * so.  Slices are borrowed until then.  One thread at a time. */
#ifndef GW_ADAPTERS_KIT_EVENT_MAKE_H
#define GW_ADAPTERS_KIT_EVENT_MAKE_H
#include "adapters/kit/moment.h"
#include "model/events.h"
#include "pipeline/quality.h"

struct gw_maker {
    struct gw_tree tree; /* the event being made */
    uint32_t root;       /* its map */
    struct gw_zoning zoning;
    const char *format;  /* source.format: the adapter's name */
    struct gw_buf check; /* canonical bytes, to weigh them */
    char sha256[65];     /* of the message */
    bool full;           /* something found no room */
    bool shortened;      /* gw_event_end() had to cut or drop a text */
};

/* format: static text.  options: borrowed, must outlive it.
 * Errors  those of gw_zoning_open(), GW_NOMEM;  why: what to change */
GW_MUST_USE enum gw_error gw_maker_open(struct gw_maker *m,
                                        const struct gw_options *options,
                                        const char *format, struct gw_text *why);
void gw_maker_close(struct gw_maker *m); /* also of {0} and after a failed open */

/* A new message: its bytes are hashed into source.sha256 of its events. */
void gw_maker_message(struct gw_maker *m, struct gw_slice in);

/* A new event.  The words are the schema's; subject NULL: what the type says. */
void gw_event_begin(struct gw_maker *m, const char *type, const char *class,
                    const char *subject);

/* Put a value at a dotted path below `from` ("place.unlocode"); gw_tree_set_...().  An
 * empty text is absent.  from 0: nothing happens. */
void gw_event_str(struct gw_maker *m, uint32_t from, const char *path, struct gw_slice v);
void gw_event_word(struct gw_maker *m, uint32_t from, const char *path, const char *v);
void gw_event_int(struct gw_maker *m, uint32_t from, const char *path, int64_t v);
/* A number that is not finite is noted and left out. */
void gw_event_float(struct gw_maker *m, uint32_t from, const char *path, double v);
/* Append a map to a list of the event ("equipment"): the map, to be `from` above.  0 when
 * the schema's limit of the list is reached, which is noted once. */
uint32_t gw_event_item(struct gw_maker *m, const char *list);

/* Append to `equipment`.  The number is taken in upper case and without blanks, hyphens,
 * dots and slashes; noted when that changed it.  An empty number is an item without. */
uint32_t gw_event_equipment(struct gw_maker *m, const char *kind, struct gw_slice number);
/* Append to `references`; what is there already is not repeated. */
void gw_event_reference(struct gw_maker *m, const char *scheme, struct gw_slice value);
/* Append to `measures`; returns the item.  unit: Rec 20, may be NULL. */
uint32_t gw_event_measure(struct gw_maker *m, const char *kind, double value,
                          const char *unit);
/* Append to `quality`. */
void gw_event_note(struct gw_maker *m, const char *rule, enum gw_severity severity,
                   const char *field, struct gw_slice raw);
/* Copy a value of another tree, with all below it, into ext under `key`; what is deeper
 * or larger than an event may be is left out and noted. */
void gw_event_ext(struct gw_maker *m, const char *key, const struct gw_tree *from,
                  uint32_t node);

/* The same into ext.<group>.<key>: what one format has and the schema has not. */
void gw_event_ext_of(struct gw_maker *m, const char *group, const char *key,
                     const struct gw_tree *from, uint32_t node);

/* The place of the table that the event's `place` names; NULL when none. */
const struct gw_place *gw_event_known_place(const struct gw_maker *m);
/* time, time_offset, time_basis, time_precision (moment.h). */
void gw_event_moment(struct gw_maker *m, const struct gw_civil *c,
                     const struct gw_place *place);
/* An instant at a path ("recorded", "document.issued"), by the same zones. */
void gw_event_instant(struct gw_maker *m, uint32_t from, const char *path,
                      const struct gw_civil *c, const struct gw_place *place);

/**
 * Finish the event and add it to `out`: source.format and sha256; texts longer than the
 * schema allows are cut (256 bytes and more) or left out (codes and numbers), and noted
 * with their whole value as `too-long`; subject, id, node of the place, scheme and check
 * of equipment as the gateway would fill them in; and it is judged by the schema.
 *
 * out     as before on error
 * fault   field: the path in the event
 * Errors  GW_ELEMENTS GW_EVENT_SIZE no room within an event's bounds;  those of
 *         gw_shape_check(): the codec put what the schema does not allow;  GW_NOMEM
 */
GW_MUST_USE enum gw_error gw_event_end(struct gw_maker *m, struct gw_events *out,
                                       struct gw_fault *fault);
#endif
