/* cefact.h - a consignment in the words of UN/CEFACT's multimodal reference model: the
 * part that eCMR, eFTI data sets and the rail consignment notes share.
 *
 * Three spellings of one model: eCMR's element names (ConsignorTradeParty), eFTI's
 * (consignor) and the JSON of the D.22B schemas (consignor, with values under "content").
 * Every look-up names all of them.  A codec finds the consignment and its document and
 * says what they are called; this reads the document and makes the events.
 *
 * Source  UN/CEFACT multimodal transport reference data model, D.22B; eCMR 1 (data
 * standard RAM 101); eFTI data sets (Commission Delegated Regulation (EU) 2024/2024) */
#ifndef GW_ADAPTERS_KIT_CEFACT_H
#define GW_ADAPTERS_KIT_CEFACT_H
#include "adapters/kit/event_make.h"
#include "adapters/kit/xml_json.h"
#include "adapters/kit/xml_value.h"

struct gw_cefact {
    struct gw_maker maker;
    struct gw_xml xml;       /* the message, in whichever form it came */
    struct gw_json_doc json; /* what `xml` was built of, if that was JSON */
    bool is_json;
    struct gw_report *report;
    struct gw_events *out;
    const char *message_type; /* source.message_type */
    const char *kind;         /* document.kind */
    const char *code;         /* document.code, UNTDID 1001 */
    const char *scheme;       /* of the document's number as a reference */
    const char *mode;         /* of transport where none is said; NULL = unknown */
    uint32_t document;        /* ExchangedDocument; GW_XML_NONE = none */
    uint32_t consignment;
    struct gw_slice message_ref; /* source.message_ref */
    uint32_t sequence;
    uint32_t first; /* events of `out` before this message */
    int64_t now_ms; /* the clock of the adapter's options */
};

/* Of a state that is zeroed.  format: static text.  options: borrowed, must outlive it.
 * Errors  those of gw_maker_open(), GW_NOMEM;  why: what to change */
GW_MUST_USE enum gw_error gw_cefact_open(struct gw_cefact *c, const struct gw_options *o,
                                         const char *format, struct gw_text *why);
void gw_cefact_close(struct gw_cefact *c); /* also of {0} and after a failed open */

/* Events of a message from its root on: an adapter's own. */
typedef enum gw_error (*gw_cefact_read_fn)(struct gw_cefact *c, uint32_t root);
/* One message, XML or JSON, through `read`; `out` is as before on an error. */
GW_MUST_USE enum gw_error gw_cefact_decode(struct gw_cefact *c, struct gw_slice in,
                                           struct gw_events *out,
                                           struct gw_report *report,
                                           gw_cefact_read_fn read);

/**
 * The events of one consignment: the document issued, acceptance by the carrier,
 * delivery, examinations, stops and other transport events; each with parties, equipment,
 * seals, goods and measures of the consignment. Errors  refused: a date that is none;
 * GW_MISSING no time at all says when anything is or was
 */
GW_MUST_USE enum gw_error gw_cefact_events(struct gw_cefact *c);

/* Text of a value in any of its spellings: of the element, or of DateTime, Indicator, ...
 * in it. */
struct gw_slice gw_cefact_text(const struct gw_cefact *c, uint32_t from,
                               const char *path);
/* A date in XML Schema's form, or by formatId (UNTDID 2379: 102, 203, 204, 205, 304).
 * no_offset: set when the format asks for an offset and there is none. */
GW_MUST_USE enum gw_error gw_cefact_time(struct gw_slice text, struct gw_civil *out,
                                         bool *no_offset, struct gw_slice format);

/* Where transport movements and the stops of their routes are. */
#define GW_CEFACT_MOVEMENT                                                               \
    "MainCarriageLogisticsTransportMovement|mainCarriageLogisticsTransportMovement|"     \
    "mainCarriageTransportMovement"
#define GW_CEFACT_STOP                                                                   \
    "ItineraryTransportRoute|ItineraryRoute|itineraryRoute/"                             \
    "ItineraryStopTransportEvent|ItineraryStopEvent|itineraryStopEvent"

/* cefact_facts.c, for cefact.c: what every event of the consignment says. */
void gw_cefact_facts(struct gw_cefact *c);
void gw_cefact_place(struct gw_cefact *c, uint32_t from, const char *key,
                     uint32_t location);
#endif
