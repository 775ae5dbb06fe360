/* messages.h - transaction sets to events: one function each, behind one table.
 *
 * A transaction set is what stands between ST and SE.  Everything of it is at hand when
 * its events are made, so that a status can name what was said in front of and behind it.
 */
#ifndef GW_ADAPTERS_X12_MESSAGES_H
#define GW_ADAPTERS_X12_MESSAGES_H
#include "adapters/x12/codes.h"
#include "adapters/x12/segments.h"

#define GW_X12_SEGMENTS 4096 /* most of one transaction set */

/* One transaction set with its envelope. */
struct gw_x12_set {
    const struct gw_x12_segment *at; /* ST first, SE last */
    uint32_t count;
    struct gw_slice type, reference; /* ST01, ST02 */
    struct gw_slice interchange, sender, recipient,
        version; /* ISA13, ISA06, ISA08, GS08 */
};

struct gw_x12_output {
    struct gw_maker *maker;
    struct gw_events *events;
    struct gw_report *report;
};

/* The events of one set; GW_NOT_FOUND for a type that is not carried.
 * Errors  GW_MISSING GW_FORMAT report says where;  those of gw_event_end() */
GW_MUST_USE enum gw_error gw_x12_message(const struct gw_x12_set *set,
                                         const struct gw_x12_output *o);

/* ocean.c: 315, 322, 310; road.c: 214; rail.c: 404 */
GW_MUST_USE enum gw_error gw_x12_315(const struct gw_x12_set *set,
                                     const struct gw_x12_output *o);
GW_MUST_USE enum gw_error gw_x12_322(const struct gw_x12_set *set,
                                     const struct gw_x12_output *o);
GW_MUST_USE enum gw_error gw_x12_310(const struct gw_x12_set *set,
                                     const struct gw_x12_output *o);
GW_MUST_USE enum gw_error gw_x12_214(const struct gw_x12_set *set,
                                     const struct gw_x12_output *o);
GW_MUST_USE enum gw_error gw_x12_404(const struct gw_x12_set *set,
                                     const struct gw_x12_output *o);

/* ---- what they share ---- */

/* The first segment of that tag; NULL when there is none. */
const struct gw_x12_segment *gw_x12_first(const struct gw_x12_set *set, const char *tag);
/* Begin an event whose status is `code`: its type by the table, else `other`; the code is
 * kept. */
void gw_x12_status(const struct gw_x12_output *o, const struct gw_x12_code *table,
                   const char *list, struct gw_slice code, const char *subject);
/* The time of the event; a finding and the message's own time (ISA) where it cannot be
 * read. */
enum gw_error gw_x12_when(const struct gw_x12_output *o, const struct gw_x12_segment *s,
                          struct gw_slice date, struct gw_slice time,
                          struct gw_slice zone);
/* source, and sender and recipient as the envelope names them; then finish the event. */
GW_MUST_USE enum gw_error gw_x12_end(const struct gw_x12_set *set,
                                     const struct gw_x12_output *o,
                                     const struct gw_x12_segment *at, uint32_t sequence);
/* Every R4 with its DTM segments into `journey`. */
void gw_x12_journey(const struct gw_x12_set *set, const struct gw_x12_output *o);
/* Every N9 but those of equipment and seals; N1 parties; M7 seals. */
void gw_x12_header(const struct gw_x12_set *set, const struct gw_x12_output *o);
#endif
