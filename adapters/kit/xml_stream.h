/* xml_stream.h - XML documents one after another in one file: how several messages are
 * kept in a drop box, and how stream captures look ("<epoch milliseconds>$<document>" a
 * record).
 *
 *   struct gw_xml_stream s = {.text = in};
 *   while (gw_xml_stream_next(&s)) ... s.document
 *
 * A document begins at its XML declaration; what stands before the first one is a byte
 * order mark, blanks or a record's number.  A text without a declaration is one document.
 */
#ifndef GW_ADAPTERS_KIT_XML_STREAM_H
#define GW_ADAPTERS_KIT_XML_STREAM_H
#include "adapters/adapter.h"

struct gw_xml_stream {
    struct gw_slice text;     /* set by the caller */
    size_t next;              /* offset of what was not handed out yet */
    struct gw_slice document; /* the current one, up to the next declaration */
    size_t at;                /* its offset */
    bool begun;
};
bool gw_xml_stream_next(struct gw_xml_stream *s);

/* Findings of the current document, from the one numbered `finding` on, and its refusal:
 * move offsets and lines to the whole text's. */
void gw_xml_stream_place(const struct gw_xml_stream *s, uint32_t finding, bool refused,
                         struct gw_report *report);
#endif
