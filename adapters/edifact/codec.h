/* codec.h - the state of one partner's codec, and what its files offer each other.
 *
 *   envelope.c  walks the interchanges of an input and hands over message by message
 *   read.c      segments to facts
 *   <family>.c  a message's groups: which facts make which event
 *   event.c     facts to an event
 *
 * Thread  one at a time per state. */
#ifndef GW_ADAPTERS_EDIFACT_CODEC_H
#define GW_ADAPTERS_EDIFACT_CODEC_H
#include "adapters/edifact/facts.h"
#include "adapters/edifact/identity.h"
#include "adapters/edifact/syntax.h"
#include "adapters/kit/event_make.h"

/* Texts with a number each, to be found again; nothing is borrowed. */
struct gw_edi_table {
    struct gw_edi_entry *at; /* cap of them, a power of two, or NULL */
    uint32_t cap, used;
};
struct gw_edi_entry {
    uint64_t key; /* hash of the text; 0 = free */
    uint32_t value;
};

struct gw_edi_message {
    struct gw_slice ref, type, version, release, agency, association;
    struct gw_edi_raw unh;
    uint32_t events; /* made of it so far */
    char name[33];   /* the same for the same message (identity.h), in hex */
};

struct gw_edi_interchange {
    bool open; /* between UNB and UNZ */
    bool test; /* element 0035 */
    struct gw_slice ref, sender, recipient, syntax;
    struct gw_edi_when prepared; /* S004 */
    struct gw_edi_raw unb;
    uint32_t messages, groups; /* counted for UNZ */
    uint32_t group_messages;   /* counted for UNE */
    struct gw_slice group_ref;
    bool in_group;
    uint32_t events_before; /* in `out` */
    uint8_t name[GW_EDI_NAME_BYTES];
    uint64_t content; /* of its name and those of its messages */
};

/* Who has sent an interchange to whom, for the answer to it. */
struct gw_edi_envelope {
    struct gw_slice ref, sender, sender_qualifier, recipient, recipient_qualifier;
    bool test;
    bool answerable; /* it holds more than answers to ours */
};

#define GW_EDI_SEEN 64 /* interchanges of one input, kept to notice a repeated one */

struct gw_edi {
    const struct gw_options *options;
    struct gw_maker maker;
    struct gw_tree
        texts; /* only its arena is used: texts of the input that were rewritten */
    struct gw_edi_raw *raws; /* the segments of a message between UNH and UNT */
    uint32_t raw_count, raw_cap;
    struct gw_buf plain;           /* the message in plain dress (identity.h) */
    struct gw_edi_table boxes;     /* customs.c: the containers of a cargo report */
    struct gw_edi_segment segment; /* the one being read */
    struct gw_edi_facts facts;

    uint32_t sent; /* interchanges encoded: no two have one reference */

    /* of the decode call */
    struct gw_slice in;
    struct gw_edi_scan scan;
    struct gw_edi_signs signs;
    enum gw_edi_charset charset;
    struct gw_edi_evidence evidence;
    struct gw_events *out;
    struct gw_report *report;
    struct gw_edi_interchange inter;
    struct gw_edi_message message;
    uint32_t carried; /* messages of types that give events */
    uint32_t tests;   /* messages flagged as test */
    uint64_t seen[GW_EDI_SEEN];
    uint32_t seen_count;
    struct gw_edi_envelope
        envelopes[GW_EDI_SEEN]; /* up to a refusal; the last is the one */
    uint32_t envelope_count;
    bool in_message; /* between UNH and what was made of it, also when that was refused */
};

#define GW_EDI_RULE_EVENT                                                                \
    "an event of the message" /* refused by the schema, not by syntax */

/* ---- edifact.c ---- */

/* Take an input up. */
void gw_edi_begin(struct gw_edi *c, struct gw_slice in, struct gw_events *out,
                  struct gw_report *report);

/* ---- envelope.c ---- */

/* Everything in c->in to c->out; all or nothing. */
GW_MUST_USE enum gw_error gw_edi_walk(struct gw_edi *c);

/* Refuse the input: what is wrong at which segment, which element ("2.1", or ""). */
GW_MUST_USE enum gw_error gw_edi_refuse(struct gw_edi *c, enum gw_error code,
                                        const struct gw_edi_raw *raw, const char *element,
                                        const char *rule, const char *detail, ...)
    __attribute__((format(printf, 6, 7)));
/* Something not as it should be that stops nothing: into the report. */
void gw_edi_find(struct gw_edi *c, const struct gw_edi_raw *raw, const char *rule,
                 const char *detail, ...) __attribute__((format(printf, 4, 5)));

/* ---- read.c ---- */

/* Split segment i of the message into c->segment. */
GW_MUST_USE enum gw_error gw_edi_load(struct gw_edi *c, uint32_t i);
/* Segments from .. to-1 into the facts. */
GW_MUST_USE enum gw_error gw_edi_read(struct gw_edi *c, uint32_t from, uint32_t to);
/* The first of from .. to-1 with this tag; `to` when there is none. */
uint32_t gw_edi_seek(const struct gw_edi *c, uint32_t from, uint32_t to, uint32_t tag);
/* The header ends here: what is known now holds for every group. */
void gw_edi_mark_header(struct gw_edi *c);

/* ---- event.c ---- */

/* What an event is made as, besides what the facts say. */
struct gw_edi_say {
    const char *type, *class;
    const char *times;  /* DTM 2005 that give its time, best first, blank separated */
    const char *places; /* LOC 3227 that give its place, best first */
    const char *to;     /* LOC 3227 that give the end of its leg; NULL = none */
    const char *legs;   /* TDT 8051 of the transport, blank separated; NULL = any */
    const char *list, *code, *text; /* state; NULL code: of STS */
    bool own_place;                 /* the group's places before the header's */
    const struct gw_edi_loc *place; /* where, if that is decided already */
    const struct gw_edi_when *when; /* and when */
};
/* One event of the facts as they are. */
GW_MUST_USE enum gw_error gw_edi_event(struct gw_edi *c, const struct gw_edi_say *say);

/* ---- table.c ---- */

/* The entry of a text, new ones with value 0; NULL: no memory.  Valid until the next. */
struct gw_edi_entry *gw_edi_table_entry(struct gw_edi_table *t, struct gw_slice text);
/* NULL when it is not there. */
const struct gw_edi_entry *gw_edi_table_find(const struct gw_edi_table *t,
                                             struct gw_slice text);
void gw_edi_table_reset(struct gw_edi_table *t);  /* empty; keeps the memory */
void gw_edi_table_deinit(struct gw_edi_table *t); /* also of {0} */

/* ---- the families ---- */

struct gw_edi_family {
    const char *message; /* UNH 0065 */
    enum gw_error (*decode)(struct gw_edi *c);
    bool needs_bgm; /* it is nothing without BGM */
};
/* NULL for a message type that is not carried. */
const struct gw_edi_family *gw_edi_family_of(struct gw_slice type);

enum gw_error gw_edi_containers(struct gw_edi *c);         /* containers.c: EQD groups */
enum gw_error gw_edi_status(struct gw_edi *c);             /* status.c: IFTSTA */
enum gw_error gw_edi_plan(struct gw_edi *c);               /* plan.c: BAPLIE, MOVINS */
enum gw_error gw_edi_consignment(struct gw_edi *c);        /* consignment.c: IFTMIN ... */
enum gw_error gw_edi_cargo_report(struct gw_edi *c);       /* customs.c: CUSCAR */
enum gw_error gw_edi_customs_response(struct gw_edi *c);   /* customs.c: CUSRES */
enum gw_error gw_edi_schedule(struct gw_edi *c);           /* schedule.c: IFTSAI */
enum gw_error gw_edi_application_answer(struct gw_edi *c); /* answer.c: APERAK */
enum gw_error gw_edi_syntax_answer(struct gw_edi *c);      /* answer.c: CONTRL */
#endif
