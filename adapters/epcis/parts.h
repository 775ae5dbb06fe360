/* parts.h - what the files of the EPCIS codec share.
 *
 *   epcis.c    the adapter, and the documents events come in
 *   event.c    one event to the shared schema
 *   parties.c  who and which papers: sources, destinations, transactions, identifiers
 *   terms.c    vocabulary terms and GS1 keys in their several notations
 *   encode.c   the other way
 *   tables.c   business steps and the like, as data */
#ifndef GW_ADAPTERS_EPCIS_PARTS_H
#define GW_ADAPTERS_EPCIS_PARTS_H
#include "adapters/kit/event_make.h"
#include "adapters/kit/json_doc.h"

struct gw_epcis {
    struct gw_json_doc doc;
    struct gw_maker maker;
    struct gw_tree out; /* one event to be written */
    struct gw_report *report;
    struct gw_events *events;
    uint32_t context; /* the document's @context */
    struct gw_slice message;
    uint32_t number; /* of the event in the message, from 1 */
};

/* ---- tables.c ---- */

struct gw_epcis_step {
    const char *step; /* bare name */
    const char *type; /* ours; for writing the first row of a type counts */
};
extern const struct gw_epcis_step gw_epcis_steps[]; /* ends with step NULL */

extern const char *const gw_epcis_dispositions[]; /* NULL-ended */

/* A word of the vocabulary and ours. */
struct gw_epcis_word {
    const char *theirs, *ours;
};
/* End with theirs NULL. */
extern const struct gw_epcis_word gw_epcis_transactions[], gw_epcis_measures[],
    gw_epcis_reasons[];
const char *gw_epcis_ours(const struct gw_epcis_word *list, struct gw_slice theirs);
const char *gw_epcis_theirs(const struct gw_epcis_word *list, struct gw_slice ours);

/* The kinds of events. */
struct gw_epcis_kind {
    const char *type;
    bool has_action;
};
extern const struct gw_epcis_kind gw_epcis_kinds[]; /* ends with type NULL */

/* A GS1 key: its URN, its application identifier in a Digital Link, and how the URN's
 * parts make the key's digits. */
struct gw_epcis_key {
    const char *name; /* "sscc" */
    const char *ai;   /* "00" */
    enum {
        GW_KEY_JOINED,  /* company prefix and reference, one after the other */
        GW_KEY_SSCC,    /* extension digit first, check digit last */
        GW_KEY_CHECKED, /* joined, check digit last */
        GW_KEY_ASSET    /* 0, joined with check digit, serial number */
    } form;
};
extern const struct gw_epcis_key gw_epcis_keys[]; /* ends with name NULL */

/* ---- terms.c ---- */

/* The bare name of a term in any of the notations: "shipping", "cbv:BizStep-shipping",
 * "https://ref.gs1.org/cbv/BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping".  A
 * term of somebody else's vocabulary stays as it is.  group: "BizStep" */
struct gw_slice gw_epcis_bare(struct gw_slice term, const char *group);
/* A URI's last part: behind its last / : or #. */
struct gw_slice gw_epcis_tail(struct gw_slice uri);
/* "sscc:040123450000003338" of a URN or Digital Link of one of the keys above; false for
 * any other.  The two notations of one key give the same text. */
bool gw_epcis_key_text(struct gw_slice uri, char out[36]);
/* The container number of a BIC URN; empty for anything else. */
struct gw_slice gw_epcis_container(struct gw_slice uri);
/* The coordinates of a geo URI (RFC 5870). */
bool gw_epcis_geo(struct gw_slice uri, double *lat, double *lon);
/* The code of a UN/LOCODE URI of the UN/CEFACT vocabulary; empty for anything else. */
struct gw_slice gw_epcis_unlocode(struct gw_slice uri);

/* ---- parties.c ---- */

/* Equipment and keys, transactions, sources and destinations. */
void gw_epcis_put_things(struct gw_epcis *c, uint32_t event);
void gw_epcis_put_place(struct gw_epcis *c, const char *path, struct gw_slice uri);

/* ---- event.c ---- */

/* Add one event.  Errors  report->fault says where and why */
GW_MUST_USE enum gw_error gw_epcis_event(struct gw_epcis *c, uint32_t node);

/* ---- encode.c ---- */
enum gw_error gw_epcis_encode(void *state, const struct gw_events *events,
                              struct gw_buf *out, struct gw_fault *fault);
#endif
