/* ncts.h - the parts of the NCTS codec, for its own files. */
#ifndef GW_ADAPTERS_NCTS_NCTS_H
#define GW_ADAPTERS_NCTS_NCTS_H
#include "adapters/kit/event_make.h"
#include "adapters/kit/xml_value.h"

/* A message of the standard: rows in tables.c. */
struct ncts_message {
    const char *root;    /* element, also the message type */
    const char *type;    /* event type */
    const char *subject; /* of the event; NULL: what the type says */
    const char *state;   /* customs.state; NULL = none */
    const char *office;  /* element whose referenceNumber is the place */
    const char
        *time; /* element with the time; NULL or absent: preparation of the message */
    const char *text;     /* state.text */
    const char *corrects; /* corrects.reason; NULL = none */
};
extern const struct ncts_message ncts_messages[]; /* root NULL at the end */

struct ncts_code {
    const char *code;
    const char *word; /* of the shared schema */
};
/* CL754 transport documents to reference schemes; CL218 modes; CL750 means of transport
 * to fields of transport.means, or "wagon" and "trailer" for equipment. */
extern const struct ncts_code ncts_documents[], ncts_modes[], ncts_means[];

/* The adapter's private state: one message on its way. */
struct ncts {
    struct gw_maker maker;
    struct gw_xml xml;
    struct gw_report *report;
    struct gw_events *out;
    const struct ncts_message *kind;
    struct gw_civil prepared; /* preparationDateAndTime */
    uint32_t sequence;
};

/* facts.c: put what the message says about the movement into the event, but its
 * equipment. */
void ncts_facts(struct ncts *n);
/* The office of an element with a referenceNumber as place `key` below `from`. */
void ncts_office(struct ncts *n, uint32_t from, const char *key, uint32_t office);
/* The only place whose clock a country has, of the place table; NULL when it has several
 * zones or no place there. */
const struct gw_place *ncts_country_place(const struct ncts *n, struct gw_slice country);
#endif
