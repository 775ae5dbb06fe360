/* taf.h - the parts of the TAF TSI codec, for its own files. */
#ifndef GW_ADAPTERS_TAF_TAF_H
#define GW_ADAPTERS_TAF_TAF_H
#include "adapters/kit/event_make.h"
#include "adapters/kit/xml_value.h"

/* The adapter's private state: one message on its way. */
struct taf {
    struct gw_options options;
    struct gw_maker maker;
    struct gw_xml xml;
    struct gw_report *report;
    struct gw_events *out;

    /* the message's header, read before its events are made */
    uint32_t message; /* its element */
    const struct taf_message *kind;
    struct gw_civil created; /* MessageDateTime */
    uint32_t sequence;       /* of the next event in the message, from 1 */

    struct gw_tree event; /* encode: the event that is written */
    struct gw_buf *to;
    char note[65]; /* number of the consignment note that is open */
};

/* A message the codec reads; rows in tables.c. */
struct taf_message {
    const char *root; /* element */
    const char *code; /* MessageType */
    const char *name; /* source.message_type */
    enum gw_error (*read)(struct taf *t);
    const char *type; /* single-wagon notices: the event's type; else NULL */
};
extern const struct taf_message taf_messages[]; /* root NULL at the end */

/* A code of the standard, what it means, and the event type; rows in tables.c. */
struct taf_code {
    const char *code;
    const char *type; /* event type; NULL where the list is no source of one */
    const char *text;
};
extern const struct taf_code taf_running_status[], taf_wagon_event[], taf_delay_cause[],
    taf_order_type[], taf_customer_type[], taf_load_unit[];

/* ---- header.c: what all messages have in common ---- */

/* Header of t->message; kind is set.  Errors: refused. */
GW_MUST_USE enum gw_error taf_header(struct taf *t);
/* Begin an event of this message: source, recorded, parties, correction. */
void taf_begin(struct taf *t, const char *type, const char *class, const char *subject);
/* Put its time at the place that is already in it; the message's own time when `there` is
 * false. */
void taf_time(struct taf *t, const struct gw_civil *c, bool there);
GW_MUST_USE enum gw_error taf_end(struct taf *t);

/* Put station `location` below `from` under `key` ("place"). */
void taf_station(struct taf *t, uint32_t from, const char *key, uint32_t location);
/* Train numbers and identifiers of the message into transport and ext. */
void taf_train(struct taf *t);
/* Append a wagon: uic12, cis8 by the number of digits; a wrong check digit is noted. */
uint32_t taf_wagon(struct taf *t, struct gw_slice number);
/* Append a container or other load unit that stands on `wagon`. */
uint32_t taf_load_unit_on(struct taf *t, struct gw_slice number, const char *kind,
                          struct gw_slice wagon);
void taf_party(struct taf *t, const char *role, struct gw_slice code);
void taf_load(struct taf *t, uint32_t equipment, struct gw_slice loading_status);
/* state.list, .code, .text; notes a code that the list does not have. */
void taf_state(struct taf *t, const char *list, struct gw_slice code,
               const struct taf_code *row, uint32_t at);
/* Weight of the element at the path as a measure in `unit` (Rec 20). */
void taf_weight(struct taf *t, uint32_t from, const char *path, const char *kind,
                const char *unit);
void taf_dangerous(struct taf *t, uint32_t goods, uint32_t indication);
/* "+0010", "-0003", "PT10M" in minutes; false when it is neither. */
bool taf_delta(struct gw_slice text, int *minutes);

/* ---- messages ---- */
enum gw_error taf_train_running(struct taf *t);      /* train.c: 4005 */
enum gw_error taf_train_forecast(struct taf *t);     /* 4004 */
enum gw_error taf_train_interruption(struct taf *t); /* 4006 */
enum gw_error taf_train_delay(struct taf *t);        /* 4001 */
enum gw_error taf_composition(struct taf *t);        /* composition.c: 3003 */
enum gw_error taf_wagon_status(struct taf *t);       /* wagon.c: 5020 */
enum gw_error taf_wagon_eta(struct taf *t);          /* 5006 */
enum gw_error taf_wagon_notice(struct taf *t);       /* 5002 ... 5016 */
enum gw_error taf_order(struct taf *t);              /* order.c: 1000 */
enum gw_error taf_error(struct taf *t);              /* header.c: 9000 */

/* ---- encode ---- */
GW_MUST_USE enum gw_error taf_encode(void *state, const struct gw_events *events,
                                     struct gw_buf *out, struct gw_fault *fault);
#endif
