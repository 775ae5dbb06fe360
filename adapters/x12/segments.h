/* segments.h - what single segments say, put into the event being made.  One thread per
 * maker.
 *
 * Source  ANSI X12 004010, segments N7, W2, M7, N9, L11, N1, N3, N4, R4, DTM, Q2, V1,
 * AT8, MS1, MS2 */
#ifndef GW_ADAPTERS_X12_SEGMENTS_H
#define GW_ADAPTERS_X12_SEGMENTS_H
#include "adapters/kit/event_make.h"
#include "adapters/x12/syntax.h"

/* CCYYMMDD (or YYMMDD), then HHMM[SS[dd]] or nothing, then a time code of element 623.
 * False: no such date or time; an empty date too. */
bool gw_x12_civil(struct gw_slice date, struct gw_slice time, struct gw_slice zone,
                  struct gw_civil *out);

/* A container or railcar by initial, number and check digit (which may be empty).
 * description: of element 40, "CN" container, "RR" and "TF" railcar ...; returns the
 * item. */
uint32_t gw_x12_equipment(struct gw_maker *m, struct gw_slice initial,
                          struct gw_slice number, struct gw_slice digit,
                          struct gw_slice description);
void gw_x12_reference(struct gw_maker *m, struct gw_slice qualifier,
                      struct gw_slice value);
/* N1; returns the party. */
uint32_t gw_x12_party(struct gw_maker *m, const struct gw_x12_segment *s);
void gw_x12_seals(struct gw_maker *m, const struct gw_x12_segment *m7);
/* A place by qualifier (UN: UN/LOCODE) and code, name, country and state, below `from` at
 * `path`.  */
void gw_x12_place(struct gw_maker *m, uint32_t place, struct gw_slice qualifier,
                  struct gw_slice code, struct gw_slice name, struct gw_slice country);
void gw_x12_weight(struct gw_maker *m, struct gw_slice weight, struct gw_slice unit);
/* A decimal number of at most 20 characters; false otherwise. */
bool gw_x12_number(struct gw_slice text, double *out);
#endif
