/* filter.h - what a subscription wants, and what a sharing rule is about: clauses of
 * "field in set".
 *
 * On the wire a clause is a map, {"type":["load","discharge"],"country":["KZ"]}: every
 * field must match one of its values; an absent field matches everything.  A filter is
 * one clause, or an array of them, of which one must match.  An empty map matches every
 * event the sharing rules give.
 *
 *   type class subject mode kind   words of the schema; kind is the equipment's
 *   operator     source.operator
 *   location     place.node or place.unlocode
 *   country      place.country
 *   from, to     ends of a leg, place_from and place_to: a country, a node or a UN/LOCODE
 *   equipment    an equipment id, or a prefix ending in *
 *   consignment  a reference value, or scheme:value
 *   party        the id of a party, or role:id
 *   area         place.lat and place.lon within south/west/north/east, degrees; where the event
 *                carries none, those of its node in the gateway's table of places
 *
 * Thread  immutable once read; any. */
#ifndef GW_MODEL_FILTER_H
#define GW_MODEL_FILTER_H
#include "base/buf.h"
#include "model/facts.h"

#define GW_FILTER_VALUES  256 /* values of all fields and clauses together */
#define GW_FILTER_CLAUSES 16

struct gw_filter;

enum gw_start {
    GW_START_CURSOR,
    GW_START_EARLIEST,
    GW_START_LATEST,
    GW_START_SEQ,
    GW_START_TIME
};

/* What SUBSCRIBE asks for. */
struct gw_start_at {
    enum gw_start kind; /* GW_START_CURSOR: at the cursor, or latest if there is none */
    uint64_t seq;       /* GW_START_SEQ */
    int64_t time;       /* GW_START_TIME: first event received at or after it, Unix ms */
    bool live;          /* live events too */
};

/**
 * Read a SUBSCRIBE body:
 * {"start":"cursor"|"earliest"|"latest"|{"seq":n}|{"time":ms},"filter":{...} or
 * [{...},...],"live":true}; every key may be absent (cursor, everything, no live events).
 *
 * Owns    *out is the caller's: gw_filter_free()
 * Errors  GW_FILTER GW_FILTER_FIELD GW_UNKNOWN_CODE (a word or country that does not
 * exist) GW_START
 */
GW_MUST_USE enum gw_error gw_filter_read(struct gw_slice body, struct gw_filter **out,
                                         struct gw_start_at *start,
                                         struct gw_fault *fault);
/* The bare value of "filter", as gw_filter_write() made it.  The same errors. */
GW_MUST_USE enum gw_error gw_filter_read_bare(struct gw_slice value,
                                              struct gw_filter **out,
                                              struct gw_fault *fault);
void gw_filter_free(struct gw_filter *f);
bool gw_filter_match(const struct gw_filter *f, const struct gw_facts *facts);
/* What it needs to know of an event, for gw_facts_read_rows(). */
uint64_t gw_filter_reads(const struct gw_filter *f);
/* The filter as msgpack again, canonical; kept with the cursor and shown by status. */
GW_MUST_USE enum gw_error gw_filter_write(const struct gw_filter *f, struct gw_buf *out);

/* For command lines: a body from words.  start: "cursor" (or NULL), "earliest", "latest",
 * "seq:17", "time:2026-11-24T00:00:00Z" or "time:1795439100000"; terms:
 * field=value[,value], and the word "or" between two clauses; live=true among them asks for
 * live events too.  why: filled with words on error */
GW_MUST_USE enum gw_error gw_subscribe_body(const char *start, const char *const *terms,
                                            size_t count, struct gw_buf *out,
                                            struct gw_text *why);
/* Append the body of the same subscription, but to start at `seq`: for a subscriber that
 * comes back and knows where it was.  Errors GW_NOMEM, the limit of `out`. */
GW_MUST_USE enum gw_error gw_subscribe_from(struct gw_slice body, uint64_t seq,
                                            struct gw_buf *out);
#endif
