/* shape.h - how a vendor writes its messages, as data.
 *
 * A path's steps are separated by slashes, for keys may hold dots:
 *   a/b          member b of member a
 *   a[Name=x]/b  the item of list a whose member Name is x, its member b
 *   ^a           from the document's root instead of the record
 * Several paths in one text are separated by blanks; the first that is there counts. */
#ifndef GW_ADAPTERS_TELEMATICS_SHAPE_H
#define GW_ADAPTERS_TELEMATICS_SHAPE_H
#include "adapters/kit/json_doc.h"

/* A value that is measured. */
struct gw_tm_measure {
    const char *path, *kind, *unit;
    double scale; /* 0 = 1 */
};

/* A flag or word that means something has happened. */
struct gw_tm_signal {
    const char *path;
    const char *value; /* as text: "1", "true", "cut"; NULL = any that is not empty */
    const char *type;  /* the event that it makes besides the position, or instead */
};

struct gw_tm_shape {
    const char *name, *source; /* source: vendor's document or where it was seen */
    const char *marks;         /* all of them must be there */
    const char *records;       /* path of the list of records; "" the document itself */
    const char *device;        /* who reports */
    const char *asset;     /* what it is fixed to, where the message says so; or NULL */
    const char *time;      /* epoch of any magnitude, or text; of this or that path */
    const char *zone;      /* offset of a text time that has none; or NULL */
    bool utc;              /* a text time without an offset is UTC */
    const char *lat, *lon; /* or NULL */
    const char *valid;     /* a flag: false is no fix; or NULL */
    double degrees;        /* unit of lat and lon in degrees; 0 = 1 */
    const char *seal;      /* number of an electronic seal; or NULL */
    const char *reason;    /* the vendor's own word for why it reports; or NULL */
    struct gw_tm_measure measures[10];
    struct gw_tm_signal signals[8];
};
extern const struct gw_tm_shape
    gw_tm_shapes[]; /* ends with name NULL; the first that fits */

/* The next of several paths; false behind the last one. */
bool gw_tm_next(const char **paths, struct gw_slice *out);
/* The value at one path, seen from the record; GW_NODE_NONE when there is none. */
uint32_t gw_tm_follow(const struct gw_json_doc *d, uint32_t record, struct gw_slice path);
/* The value at one of the paths; GW_NODE_NONE when there is none (null counts as none).
 */
uint32_t gw_tm_find(const struct gw_json_doc *d, uint32_t record, const char *paths);
/* The shape of the document that is read, or NULL. */
const struct gw_tm_shape *gw_tm_shape_of(const struct gw_json_doc *d);
#endif
