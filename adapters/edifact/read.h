/* read.h - readers of the segments about equipment and goods (read_cargo.c). */
#ifndef GW_ADAPTERS_EDIFACT_READ_H
#define GW_ADAPTERS_EDIFACT_READ_H
#include "adapters/edifact/codec.h"

void gw_edi_read_eqd(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_eqa(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_eqn(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_mea(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_tmp(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_rng(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_sel(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_gid(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_pia(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_dgs(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_sgp(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_ftx(struct gw_edi *c, const struct gw_edi_segment *s);
void gw_edi_read_gds(struct gw_edi *c, const struct gw_edi_segment *s);

/* LOC+147: the cell of the group's equipment. */
void gw_edi_position(struct gw_edi_facts *f, struct gw_slice cell);
/* A decimal number with either mark; false when it is none. */
bool gw_edi_number(struct gw_slice s, double *out);
#endif
