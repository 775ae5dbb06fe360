/* facts.h - what the segments of a message have said so far, before it is an event.
 *
 * A message has a header and groups; what the header says holds for every group.  The
 * lists grow while a group is read and are cut back to a mark before the next one, so
 * that nothing is allocated or copied per segment.  All texts are borrowed from the input
 * or from the codec's arena and live until the interchange is done. */
#ifndef GW_ADAPTERS_EDIFACT_FACTS_H
#define GW_ADAPTERS_EDIFACT_FACTS_H
#include "adapters/kit/civil.h"
#include "base/slice.h"

/* A time with the schema's class of it, "estimated". */
struct gw_edi_when {
    const char *class; /* NULL: no time */
    struct gw_civil civil;
};

struct gw_edi_time { /* DTM */
    struct gw_slice qualifier;
    struct gw_civil civil;
};

struct gw_edi_loc { /* LOC, with the DTM that belong to it */
    struct gw_slice qualifier, code, list, agency, name;
    struct gw_slice terminal, terminal_list, terminal_agency, terminal_name;
    struct gw_edi_when arrive, depart;
    int8_t role;    /* GW_EDI_LOC_ROLE of the qualifier, as its row; -1 = none */
    uint16_t party; /* the NAD it stands behind, from 1; 0 = none */
};

struct gw_edi_ref { /* RFF */
    struct gw_slice qualifier, value;
};

struct gw_edi_party { /* NAD */
    struct gw_slice qualifier, id, list, agency, name, country;
};

struct gw_edi_measure { /* MEA, TMP, RNG */
    const char *kind;   /* the schema's word, or NULL: `code` */
    struct gw_slice code, unit;
    double value, min, max;
    bool has_value, has_range;
};

struct gw_edi_seal { /* SEL */
    struct gw_slice id, issuer, condition;
};

struct gw_edi_goods { /* GID, PIA, DGS, FTX AAA */
    struct gw_slice packages, package_kind, hs, nhm, etsng, un, class, group, text;
    struct gw_slice in; /* SGP: the equipment it is in */
};

struct gw_edi_unit { /* EQD, EQA */
    struct gw_slice qualifier, id, type, status, full, position, on;
};

struct gw_edi_leg { /* TDT */
    struct gw_slice stage, journey, mode, carrier, carrier_name;
    struct gw_slice means, means_list, means_name;
};

struct gw_edi_status { /* STS */
    bool there;
    struct gw_slice code, list, agency, text;
    struct gw_slice reason, reason_text;
};

struct gw_edi_note { /* a finding, for the event's quality */
    const char *rule;
    const char *field; /* may be NULL */
    struct gw_slice raw;
};

/* Everything that is not a list, and how long the lists are: what a mark keeps. */
struct gw_edi_top {
    struct gw_slice bgm_code, bgm_list, bgm_number, bgm_function, bgm_name, bgm_response;
    struct gw_slice consignment, consignment_kind; /* CNI */
    struct gw_slice quantity;                      /* EQN */
    struct gw_slice text;                          /* FTX that says why */
    struct gw_edi_status status;
    struct gw_edi_when message, issued, weighed; /* DTM 137, 182, WAT */
    uint16_t times, locs, refs, parties, measures, seals, goods, units, legs, notes;
    uint16_t loc_run;  /* LOC since the last DTM or TDT: whose the next DTM is */
    uint16_t leg_locs; /* locs when the last TDT came */
    bool leg_times;    /* a LOC of this TDT has had a DTM of its own */
    uint32_t last_tag; /* the segment read last */
};

struct gw_edi_facts {
    struct gw_edi_top top;
    struct gw_edi_top header; /* top at the end of the message's header */
    struct gw_edi_time times[24];
    struct gw_edi_loc locs[32];
    struct gw_edi_ref refs[48];
    struct gw_edi_party parties[31]; /* and the sender of the interchange: 32 */
    struct gw_edi_measure measures[32];
    struct gw_edi_seal seals[48];
    struct gw_edi_goods goods[32];
    struct gw_edi_unit units[64];
    struct gw_edi_leg legs[12];
    struct gw_edi_note notes[24];
};

/* Room for one more in a list of the facts, cleared; NULL when it is full, which is
 * noted. struct gw_edi_ref *r = GW_EDI_MORE(facts, refs); */
#define GW_EDI_MORE(f, list)                                                             \
    ((f)->top.list < sizeof(f)->list / sizeof *(f)->list                                 \
         ? (memset(&(f)->list[(f)->top.list], 0, sizeof *(f)->list),                     \
            &(f)->list[(f)->top.list++])                                                 \
         : (gw_edi_note(f, "list-full", #list, gw_slice(NULL, 0)), NULL))

/* Note a finding once; more than there is room for are left out. */
void gw_edi_note(struct gw_edi_facts *f, const char *rule, const char *field,
                 struct gw_slice raw);
/* The last leg of these stages (a string of codes, blank separated), or NULL. */
const struct gw_edi_leg *gw_edi_leg_of(const struct gw_edi_facts *f, const char *stages);
#endif
