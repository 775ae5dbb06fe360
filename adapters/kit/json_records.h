/* json_records.h - what codecs share whose messages are JSON documents of records: the
 * document is one, or has a list of them, and each becomes events by itself.
 *
 *   struct state { struct gw_json_records in; ... };   first member
 *   gw_json_records_decode(&s->in, message, out, report, list_of, take)
 *
 * One thread at a time. */
#ifndef GW_ADAPTERS_KIT_JSON_RECORDS_H
#define GW_ADAPTERS_KIT_JSON_RECORDS_H
#include "adapters/kit/event_make.h"
#include "adapters/kit/json_doc.h"

struct gw_json_records {
    struct gw_json_doc doc;
    struct gw_maker maker;
    struct gw_report *report; /* of the message that is being decoded */
    struct gw_events *events;
    uint32_t record, number; /* the record's node; its number in the message, from 1 */
};

/* format: its name.  Errors those of gw_maker_open() and gw_json_doc_init(); why: what to
 * change */
GW_MUST_USE enum gw_error gw_json_records_open(struct gw_json_records *r,
                                               const struct gw_options *o,
                                               const char *format,
                                               const struct gw_budget *budget,
                                               struct gw_text *why);
void gw_json_records_close(struct gw_json_records *r); /* also of {0} */

/* Where the records are: *list is set to a list, or to the only record.  Called once the
 * document is read, with the root in *list. */
typedef enum gw_error (*gw_json_list_fn)(struct gw_json_records *r, uint32_t *list);
/* Add the events of r->record. */
typedef enum gw_error (*gw_json_take_fn)(struct gw_json_records *r);

/* A codec's decode(): all records or none.  A refusal counts the record it is about as
 * its segment. */
GW_MUST_USE enum gw_error
gw_json_records_decode(struct gw_json_records *r, struct gw_slice in,
                       struct gw_events *out, struct gw_report *report,
                       gw_json_list_fn list, gw_json_take_fn take);

/* A text, or a number as one, for the event being made: it lives as long as that. */
struct gw_slice gw_json_record_words(struct gw_json_records *r, uint32_t node);
/* Refuse the message for one of its values.  Returns `e`. */
enum gw_error gw_json_record_refuse(struct gw_json_records *r, uint32_t node,
                                    enum gw_error e, const char *rule,
                                    struct gw_slice what);
/* The event has all its facts: the record goes into its ext under the format's name, and
 * the event to the others.  node: what to refuse where the schema does. */
GW_MUST_USE enum gw_error gw_json_record_event(struct gw_json_records *r, uint32_t node);
#endif
