/* writer.h - segments to bytes: separators, release characters, nothing trailing.
 *
 *   gw_edi_segment(w, "EQD");
 *   gw_edi_element(w, kind);
 *   gw_edi_element(w, type); gw_edi_component(w, list);
 *   gw_edi_end(w);
 *
 * Empty elements and components at the end are left out (ISO 9735).  One thread at a
 * time. */
#ifndef GW_ADAPTERS_EDIFACT_WRITER_H
#define GW_ADAPTERS_EDIFACT_WRITER_H
#include "base/buf.h"

struct gw_edi_writer {
    struct gw_buf *out;
    size_t kept;       /* up to here the segment holds data */
    uint32_t segments; /* written so far */
    unsigned open;     /* separators of components that no data has followed yet */
};

void gw_edi_segment(struct gw_edi_writer *w, const char *tag);
void gw_edi_element(struct gw_edi_writer *w, struct gw_slice text);
void gw_edi_component(struct gw_edi_writer *w, struct gw_slice text);
/* n empty elements */
void gw_edi_skip(struct gw_edi_writer *w, unsigned n);
void gw_edi_end(struct gw_edi_writer *w);
/* An element or component of a C string; NULL is empty. */
void gw_edi_element_str(struct gw_edi_writer *w, const char *text);
void gw_edi_component_str(struct gw_edi_writer *w, const char *text);
/* "AAA+++": what comes before the text of FTX, and the like, as they are. */
void gw_edi_plain(struct gw_edi_writer *w, const char *text);
#endif
