/* tables.h - the code lists of the messages as data, each row with its source.
 *
 * An unknown code is never an error: the lookups answer NULL and the code is kept. */
#ifndef GW_ADAPTERS_EDIFACT_TABLES_H
#define GW_ADAPTERS_EDIFACT_TABLES_H
#include "base/slice.h"

/* Is `s` one of the words of a blank separated list?  An empty one is not. */
bool gw_edi_among(struct gw_slice s, const char *list);

/* BGM 1001 of a message type to the event's type.  The numbers were re-used between
 * directories, so the message decides with the code. */
struct gw_edi_bgm {
    const char *message, *code;
    const char *type;  /* event type */
    const char *means; /* in words, for state.text; NULL when the type says it */
    const char *source;
};
const struct gw_edi_bgm *gw_edi_bgm_of(struct gw_slice message, struct gw_slice code);
/* The code to write for an event type: the first row of the message with it. */
const struct gw_edi_bgm *gw_edi_bgm_for(struct gw_slice message, struct gw_slice type);

/* GIS 7365 of a customs response to the event's type. */
struct gw_edi_gis {
    const char *code, *type, *means, *source;
};
const struct gw_edi_gis *gw_edi_gis_of(struct gw_slice code);
/* The one to write for a type: the first row with it; NULL. */
const struct gw_edi_gis *gw_edi_gis_for(struct gw_slice type);

/* A transport document: the number of which of them, BGM 1001, is which reference. */
struct gw_edi_note_kind {
    const char *code, *scheme;
    const char *mode; /* where a scheme is of several documents: of this transport */
    const char *source;
};
/* Is it a transport document that is issued with the instruction to carry by it? */
bool gw_edi_is_issued(struct gw_slice code);
/* The reference scheme of a document; NULL for another document. */
const char *gw_edi_note_scheme(struct gw_slice code);
/* The document of a reference carried by a mode, which may be empty; NULL: none. */
const char *gw_edi_note_code(struct gw_slice scheme, struct gw_slice by);

/* STS 4405 (9011 before D.99): Recommendation 24, ascending by code. */
struct gw_edi_sts {
    uint16_t code;
    const char *type, *name;
};
extern const struct gw_edi_sts gw_edi_rec24[];
extern const unsigned gw_edi_rec24_count;
extern const char gw_edi_rec24_source[];
const struct gw_edi_sts *gw_edi_sts_of(struct gw_slice code);

/* The code to write for an event type; 0 when there is none. */
uint16_t gw_edi_sts_for(struct gw_slice type);

/* DTM 2005: what a time is for. */
enum gw_edi_time_use {
    GW_EDI_TIME_EVENT,   /* when it happened */
    GW_EDI_TIME_ARRIVE,  /* at the place it stands with */
    GW_EDI_TIME_DEPART,  /* from it */
    GW_EDI_TIME_MESSAGE, /* of the message */
    GW_EDI_TIME_ISSUED,  /* of the document */
    GW_EDI_TIME_WEIGHED,
    GW_EDI_TIME_OTHER, /* of something else: not used */
};
struct gw_edi_dtm_use {
    const char *qualifier;
    enum gw_edi_time_use use;
    const char *class;
    const char *name, *source;
};
const struct gw_edi_dtm_use *gw_edi_dtm_use(struct gw_slice qualifier);

/* A code of the standard and the schema's word for it. */
struct gw_edi_word {
    const char *code, *word, *source;
};
enum gw_edi_list {
    GW_EDI_LOC_ROLE,   /* LOC 3227 to journey.role */
    GW_EDI_RFF_SCHEME, /* RFF 1153 to references.scheme */
    GW_EDI_NAD_ROLE,   /* NAD 3035 to parties.role */
    GW_EDI_MODE,       /* TDT 8067 to transport.mode */
    GW_EDI_STAGE,      /* TDT 8051 to transport.stage */
    GW_EDI_EQD_KIND,   /* EQD 8053 to equipment.kind */
    GW_EDI_EQD_STATUS, /* EQD 8249 to equipment.status */
    GW_EDI_EQD_LOAD,   /* EQD 8169 to equipment.load */
    GW_EDI_SEAL_ISSUER,
    GW_EDI_SEAL_STATE,
    GW_EDI_MEASURE, /* MEA 6313 to measures.kind */
    GW_EDI_LISTS
};
/* The word of a code, or NULL. */
const char *gw_edi_word_of(enum gw_edi_list list, struct gw_slice code);
/* The code to write for a word: the first row with it; NULL. */
const char *gw_edi_code_for(enum gw_edi_list list, struct gw_slice word);
/* The roles of a journey from its origin to its end. */
#define GW_EDI_ROLES 7
extern const char *const gw_edi_roles[GW_EDI_ROLES];
/* Of LOC 3227: an index into them, or -1. */
int gw_edi_role_of(struct gw_slice qualifier);
/* The rows, for tests. */
const struct gw_edi_word *gw_edi_words(enum gw_edi_list list, unsigned *count);
#endif
