/* encode.h - events to interchanges.
 *
 *   encode.c              which events share a message, and the envelope
 *   encode_choice.c       which message an event goes out in
 *   encode_parts.c        document, references, times and places of an event as segments
 *   encode_parties.c      its parties and legs
 *   encode_cargo.c        its equipment, measures, seals and goods
 *   encode_<family>.c     the order of the segments in one family of messages */
#ifndef GW_ADAPTERS_EDIFACT_ENCODE_H
#define GW_ADAPTERS_EDIFACT_ENCODE_H
#include "adapters/edifact/codec.h"
#include "adapters/edifact/tables.h"
#include "adapters/edifact/writer.h"

struct gw_edi_kind;

/* One event on its way into a message. */
struct gw_edi_writing {
    const struct gw_edi *c;
    struct gw_tree *t; /* the event, read from its bytes */
    uint32_t root;
    struct gw_slice type; /* of the event; of what is taken back, for a correction */
    const struct gw_edi_kind *kind;
    const char *message; /* kind->message: "COARRI" */
    const char *sender;  /* of the interchange */
    struct gw_slice bgm; /* the code that BGM has been given */
    uint32_t number;     /* of the group in its message, from 1 */
    struct gw_edi_writer w;
};

typedef void gw_edi_part_fn(struct gw_edi_writing *x);

/* A message as it is written.  Events that say the same in `head` share one; `list`,
 * where there is one, is collected between the head and the groups. */
struct gw_edi_kind {
    const char *message; /* "COARRI" */
    const char *release; /* "D:00B:UN" */
    gw_edi_part_fn *head, *list, *group;
    enum gw_edi_holds {
        GW_EDI_HOLDS_STATUSES,   /* a group per event */
        GW_EDI_HOLDS_CONTAINERS, /* of one container each, counted in CNT */
        GW_EDI_HOLDS_CELLS,      /* of one container each, not counted */
        GW_EDI_HOLDS_ONE,        /* an event is a message: all of it is head */
    } holds;
};

/* encode_containers.c, encode_plan.c, encode_status.c, encode_consignment.c,
 * encode_customs.c */
extern const struct gw_edi_kind gw_edi_codeco, gw_edi_coarri, gw_edi_vermas,
    gw_edi_coparn, gw_edi_coreor, gw_edi_cohaor, gw_edi_coprar, gw_edi_baplie,
    gw_edi_movins, gw_edi_iftsta, gw_edi_iftmin, gw_edi_rail_note, gw_edi_iftmcs,
    gw_edi_iftmbf, gw_edi_iftmbc, gw_edi_ifcsum, gw_edi_cuscar, gw_edi_cusres;

/* ---- encode_choice.c ---- */

/* That it came in, if it is EDIFACT's; else the one whose business the type is.  NULL:
 * *rule says why in none. */
const struct gw_edi_kind *gw_edi_kind_of(const struct gw_edi_writing *x,
                                         const char **rule);
/* What a correction takes back, by the code it was told with; else the event's type. */
struct gw_slice gw_edi_meant_type(const struct gw_edi_writing *x, const char *message);

/* Of one that instructs by a transport document: decoding it gives that the document is
 * issued, too. */
bool gw_edi_is_note(const struct gw_edi_writing *x);

/* ---- encode_parts.c ---- */

struct gw_slice gw_edi_str(const struct gw_edi_writing *x, const char *path);
struct gw_slice gw_edi_str_of(const struct gw_edi_writing *x, uint32_t node,
                              const char *path); /* node 0: empty */
uint32_t gw_edi_list_of(const struct gw_edi_writing *x, const char *name); /* or 0 */
/* The code to write for a word, or what to write where there is none. */
const char *gw_edi_code_or(enum gw_edi_list list, struct gw_slice word,
                           const char *otherwise);

/* DTM of an instant: local time of `place` (a node, or 0) as the zones have it; with
 * `basis` "stated-offset" or "stated-utc" with the offset. */
void gw_edi_write_time(struct gw_edi_writing *x, const char *qualifier, int64_t ms,
                       uint32_t place, struct gw_slice basis);
/* Nothing where the time is the message's. */
void gw_edi_write_event_time(struct gw_edi_writing *x, const char *qualifier);
bool gw_edi_is_message_time(const struct gw_edi_writing *x);
/* DTM 137: when it was recorded; in messages that must have it, else now. */
void gw_edi_write_message_time(struct gw_edi_writing *x);
void gw_edi_write_message_time_always(struct gw_edi_writing *x);

/* BGM with the code it came with, else that of its type, else `code`. */
void gw_edi_write_bgm(struct gw_edi_writing *x);
void gw_edi_write_bgm_or(struct gw_edi_writing *x, const char *code);
/* A code, its list and the agency of that, as element and components: true. */
bool gw_edi_put_code(struct gw_edi_writing *x, struct gw_slice code, const char *list,
                     const char *agency);
void gw_edi_write_place(struct gw_edi_writing *x, const char *qualifier, uint32_t place);
void gw_edi_write_own_place(struct gw_edi_writing *x, const char *qualifier);
/* The stops of the journey: those with a time first, each in front of it, so that no time
 * can belong to another; or only these, or those without and none of the times. */
void gw_edi_write_journey(struct gw_edi_writing *x);
void gw_edi_write_timed_stops(struct gw_edi_writing *x);
void gw_edi_write_untimed_stops(struct gw_edi_writing *x);
void gw_edi_write_all_stops_untimed(struct gw_edi_writing *x);

void gw_edi_write_references(struct gw_edi_writing *x);
void gw_edi_write_references_of(struct gw_edi_writing *x, uint32_t from, uint32_t to);
/* CNI, with the last reference where it is the consignment's: the others are written as
 * RFF by gw_edi_write_references(). */
void gw_edi_write_cni(struct gw_edi_writing *x);
void gw_edi_write_sts(struct gw_edi_writing *x);

/* ---- encode_parties.c ---- */

void gw_edi_write_parties(struct gw_edi_writing *x);
/* With the sender, where the message must name somebody and nobody else is named. */
void gw_edi_write_parties_always(struct gw_edi_writing *x);
/* Items from .. to-1 of the list. */
void gw_edi_write_parties_of(struct gw_edi_writing *x, uint32_t from, uint32_t to);
/* How many at the start of the list have one of these roles, or are not written. */
uint32_t gw_edi_parties_leading(const struct gw_edi_writing *x, const char *roles);
/* The number of the last one that is written, if it has one of these roles; else how many
 * there are. */
uint32_t gw_edi_party_last(const struct gw_edi_writing *x, const char *roles);
bool gw_edi_party_is_written(const struct gw_edi_writing *x, uint32_t item);

/* The legs of the event, its own one last. */
enum gw_edi_legs { GW_EDI_LEGS_MAIN, GW_EDI_LEGS_OTHER, GW_EDI_LEGS_ALL };
void gw_edi_write_legs(struct gw_edi_writing *x, enum gw_edi_legs which);
bool gw_edi_has_main_leg(const struct gw_edi_writing *x);
/* ---- encode_cargo.c ---- */

void gw_edi_write_unit(struct gw_edi_writing *x, uint32_t unit);
/* What stands on the first one, or goes with it. */
void gw_edi_write_attached(struct gw_edi_writing *x);
/* Each piece with what stands on it; measures from .. to-1 and the seals with the first.
 */
void gw_edi_write_equipment(struct gw_edi_writing *x, uint32_t from, uint32_t to);
void gw_edi_write_position(struct gw_edi_writing *x);
void gw_edi_write_quantity(struct gw_edi_writing *x);      /* EQN */
uint32_t gw_edi_quantity(const struct gw_edi_writing *x);  /* containers in the group */
void gw_edi_write_weighing_time(struct gw_edi_writing *x); /* of the verified mass */
void gw_edi_write_measures(struct gw_edi_writing *x);
void gw_edi_write_measures_of(struct gw_edi_writing *x, uint32_t from, uint32_t to);
void gw_edi_write_temperatures(struct gw_edi_writing *x);
/* Is the temperature written with the goods, not with the equipment? */
bool gw_edi_temperature_is_of_goods(const struct gw_edi_writing *x);
void gw_edi_write_seals(struct gw_edi_writing *x);
void gw_edi_write_goods(struct gw_edi_writing *x);
/* Each under a GID; measures from .. to-1 with the first. */
void gw_edi_write_goods_items(struct gw_edi_writing *x, uint32_t from, uint32_t to);
/* The containers that the goods are in, of the consignment as a whole. */
void gw_edi_write_places_of_goods(struct gw_edi_writing *x);
void gw_edi_write_goods_text(struct gw_edi_writing *x, uint32_t item);   /* FTX */
void gw_edi_write_goods_danger(struct gw_edi_writing *x, uint32_t item); /* DGS */

/* ---- encode.c ---- */

/* S004: date and time of preparation, of six or eight digits. */
void gw_edi_put_prepared(struct gw_edi_writer *w, int64_t now_ms, bool short_year);
/* A control reference: the clock's milliseconds, each used once. */
void gw_edi_new_reference(struct gw_edi *c, char out[24]);

enum gw_error gw_edi_encode(void *state, const struct gw_events *events,
                            struct gw_buf *out, struct gw_fault *fault);
#endif
