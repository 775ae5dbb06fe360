/* moment.h - a wall-clock time to the event's time fields.
 *
 * SCHEMA rule 5: an instant, and how it was known.  A time that states its offset needs
 * nothing; otherwise the zone is that of the place of the event, and only where the place
 * is not known the one the adapter is set to.
 *
 * Thread  a struct gw_zoning is immutable once opened; any. */
#ifndef GW_ADAPTERS_KIT_MOMENT_H
#define GW_ADAPTERS_KIT_MOMENT_H
#include "adapters/adapter.h"
#include "adapters/kit/civil.h"
#include "model/tree.h"
#include "pipeline/places.h"

/* The zones a codec reads times with; part of its private state. */
struct gw_zoning {
    const struct gw_places *places; /* may be NULL */
    struct gw_zone *zone;           /* of options->zone; NULL is UTC */
    const char *zone_name;          /* "UTC" where none is set */
};

/* options: borrowed, must outlive it.
 * Errors  those of gw_zone_load(); why: what to change */
GW_MUST_USE enum gw_error gw_zoning_open(struct gw_zoning *z,
                                         const struct gw_options *options,
                                         struct gw_text *why);
void gw_zoning_close(struct gw_zoning *z); /* also of {0} and after a failed open */

struct gw_moment {
    int64_t ms; /* Unix, UTC */
    enum gw_precision precision;
    enum gw_stated stated;
    int16_t offset_min; /* as stated */
    const char *zone;   /* the zone that was assumed, or NULL */
    bool by_place;      /* it is the place's */
    enum gw_local fit;  /* how the time fits the assumed zone */
    bool of_message;    /* gw_moment_of_message() */
};

/* The instant of a wall-clock time.  place: where it was, or NULL when not known. */
void gw_moment_of(const struct gw_zoning *z, const struct gw_civil *c,
                  const struct gw_place *place, struct gw_moment *out);

/* Minutes east of UTC of the zone that is assumed at an instant: for writing a wall-clock
 * time without an offset. */
int gw_zoning_offset(const struct gw_zoning *z, const struct gw_place *place, int64_t ms);

/* An event without a time of its own takes its message's: time_basis message-time. */
void gw_moment_of_message(const struct gw_moment *message, struct gw_moment *out);

/* An instant given as Unix milliseconds: time_basis stated-utc. */
void gw_moment_unix(int64_t ms, enum gw_precision precision, struct gw_moment *out);

/* The place of the table that `place`, a map of an event tree, names; NULL when none. */
const struct gw_place *gw_zoning_place(const struct gw_zoning *z, const struct gw_tree *t,
                                       uint32_t place);

/**
 * Put time, time_offset, time_basis and time_precision into an event, and what was
 * assumed into its quality:
 *   info zone-of-place, zone-of-adapter   raw: the zone's name
 *   warn time-twice, time-skipped         clocks were put back over it, or forward
 * False when the tree's budget is reached.
 */
bool gw_moment_put(struct gw_tree *t, uint32_t root, const struct gw_moment *m);
#endif
