/* encode.h - events to interchanges: encode.c groups them into messages, encode_parts.c
 * writes what an event says as segments. */
#ifndef GW_ADAPTERS_EDIFACT_ENCODE_H
#define GW_ADAPTERS_EDIFACT_ENCODE_H
#include "adapters/edifact/codec.h"
#include "adapters/edifact/writer.h"

/* One event on its way into a message. */
struct gw_edi_writing {
    const struct gw_edi *c;
    struct gw_tree *t; /* the event, read from its bytes */
    uint32_t root;
    struct gw_slice type; /* of the event; of what is taken back, for a correction */
    const char *message;  /* "COARRI" */
    uint32_t number;      /* of the group in its message, from 1 */
    struct gw_edi_writer w;
};

struct gw_slice gw_edi_str(const struct gw_edi_writing *x, const char *path);

/* DTM of an instant: local time of `place` (a node, or 0) as the zones have it; with
 * `basis` "stated-offset" or "stated-utc" with the offset. */
void gw_edi_write_time(struct gw_edi_writing *x, const char *qualifier, int64_t ms,
                       uint32_t place, struct gw_slice basis);
void gw_edi_write_event_time(struct gw_edi_writing *x, const char *qualifier);
/* DTM 137: when it was recorded. */
void gw_edi_write_message_time(struct gw_edi_writing *x);

void gw_edi_write_bgm(struct gw_edi_writing *x);
void gw_edi_write_place(struct gw_edi_writing *x, const char *qualifier, uint32_t place);
void gw_edi_write_journey(struct gw_edi_writing *x);
void gw_edi_write_parties(struct gw_edi_writing *x);
/* The legs of the event, its own one last. */
enum gw_edi_legs { GW_EDI_LEGS_MAIN, GW_EDI_LEGS_OTHER, GW_EDI_LEGS_ALL };
void gw_edi_write_legs(struct gw_edi_writing *x, enum gw_edi_legs which);
void gw_edi_write_references(struct gw_edi_writing *x);
void gw_edi_write_unit(struct gw_edi_writing *x, uint32_t unit);
void gw_edi_write_attached(struct gw_edi_writing *x);
void gw_edi_write_measures(struct gw_edi_writing *x);
void gw_edi_write_temperatures(struct gw_edi_writing *x);
void gw_edi_write_seals(struct gw_edi_writing *x);
void gw_edi_write_goods(struct gw_edi_writing *x);
void gw_edi_write_goods_items(struct gw_edi_writing *x); /* each under a GID */
void gw_edi_write_sts(struct gw_edi_writing *x);

/* S004: date and time of preparation, of six or eight digits. */
void gw_edi_put_prepared(struct gw_edi_writer *w, int64_t now_ms, bool short_year);
/* A control reference: the clock's milliseconds, each used once. */
void gw_edi_new_reference(struct gw_edi *c, char out[24]);

enum gw_error gw_edi_encode(void *state, const struct gw_events *events,
                            struct gw_buf *out, struct gw_fault *fault);
#endif
