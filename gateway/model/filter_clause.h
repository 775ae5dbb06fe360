/* filter_clause.h - a filter from inside: for those who look into conditions instead of
 * asking whether they match: the routing table, the sharing rules, the words told to a
 * subscriber.
 *
 *   filter_fields.c  the fields, what their values may be, and how they match
 *   filter_draft.c   building       filter.c  matching, comparing, writing
 *   filter_read.c    SUBSCRIBE bodies        filter_words.c  command lines
 *
 * Thread  immutable once built; any. */
#ifndef GW_MODEL_FILTER_CLAUSE_H
#define GW_MODEL_FILTER_CLAUSE_H
#include "model/filter.h"
#include "model/shape.h"

/* In the order of the canonical form. */
enum gw_filter_field {
    GW_BY_TYPE,
    GW_BY_CLASS,
    GW_BY_SUBJECT,
    GW_BY_MODE,
    GW_BY_KIND,
    GW_BY_OPERATOR,
    GW_BY_LOCATION,
    GW_BY_COUNTRY,
    GW_BY_FROM,
    GW_BY_TO,
    GW_BY_EQUIPMENT,
    GW_BY_CONSIGNMENT,
    GW_BY_PARTY,
    GW_BY_AREA,
    GW_BY_COUNT
};

/* Degrees, edges included.  west > east: across the date line. */
struct gw_box {
    double south, west, north, east;
};

/* Values of one field: exact ones sorted, then prefixes (without their '*') sorted. */
struct gw_set {
    const struct gw_slice *values;
    const struct gw_box *boxes; /* GW_BY_AREA: of the values of the same number */
    uint16_t exact, prefixes;   /* both 0: the field matches everything */
    uint64_t words;             /* fields with a list: a bit per word */
};

struct gw_clause {
    uint32_t used; /* a bit per field that has values */
    struct gw_set sets[GW_BY_COUNT];
};

struct gw_filter {
    uint32_t count; /* of clauses, 1 .. GW_FILTER_CLAUSES */
    struct gw_clause clauses[];
};

struct gw_filter_row {
    const char *name;
    const struct gw_words *words; /* values are of this list; NULL = free text */
    bool prefixes;                /* a value may end in '*' */
    bool (*match)(const struct gw_set *s, const struct gw_facts *f);
    uint64_t reads; /* rows of the event it looks at: a bit per enum gw_event_field */
};
extern const struct gw_filter_row gw_filter_rows[GW_BY_COUNT];
/* Number of a field, or -1. */
int gw_filter_field(struct gw_slice name);

bool gw_clause_match(const struct gw_clause *c, const struct gw_facts *f);
/* The first field that does not match, or -1: for explanations. */
int gw_clause_fails(const struct gw_clause *c, const struct gw_facts *f);
/* Is `value` (as written: a prefix with its '*') within the set, whatever the event? */
bool gw_set_covers(enum gw_filter_field field, const struct gw_set *s,
                   struct gw_slice value);
/* Could one event satisfy a value of both sets? */
bool gw_sets_meet(enum gw_filter_field field, const struct gw_set *a,
                  const struct gw_set *b);

/* The text of "south/west/north/east".  False: not that, or no such place on Earth. */
bool gw_box_read(struct gw_slice text, struct gw_box *out);
bool gw_box_has(const struct gw_box *b, double lat, double lon);

/* The value with its '*', as it was written; `room` has GW_FILTER_VALUE + 1 bytes. */
#define GW_FILTER_VALUE 64 /* bytes of one value; nothing that is matched is longer */
struct gw_slice gw_set_value(const struct gw_set *s, unsigned i, uint8_t *room);
#endif
