/* syntax.h - ANSI X12 bytes to segments: separators, interchanges, elements.  Pure, any
 * thread.
 *
 * The separators are those of the ISA segment: the byte behind its tag, the 16th element,
 * and the byte behind that.  They are found by counting elements, not by position,
 * because real senders collapse the padding that makes an ISA 106 bytes long.  A message
 * that begins with ST has lost its envelope: `*` or what follows ST, and `~` or the end
 * of the line.
 *
 * Source  ANSI X12.5 (interchange control), X12.6 (application control), release 004010
 */
#ifndef GW_ADAPTERS_X12_SYNTAX_H
#define GW_ADAPTERS_X12_SYNTAX_H
#include "adapters/adapter.h"

#define GW_X12_ELEMENTS 48 /* of one segment; more are refused */

struct gw_x12_segment {
    struct gw_slice tag;
    struct gw_slice
        at[GW_X12_ELEMENTS]; /* at[1] is the first element, as the standard counts */
    uint32_t count;          /* elements behind the tag */
    size_t offset;           /* of its first byte in the input */
    uint32_t number;         /* from 1 */
};

struct gw_x12_reader {
    struct gw_slice in;
    size_t at;
    uint32_t number; /* of the segment last read */
    uint8_t element, component, end;
    bool enveloped; /* separators are those of an ISA */
};

/* Find the separators; passes over a byte order mark and blanks.
 * Errors  GW_FORMAT neither ISA nor ST, or an ISA without its 16 elements */
GW_MUST_USE enum gw_error gw_x12_begin(struct gw_x12_reader *r, struct gw_slice in,
                                       struct gw_report *report);
/**
 * The next segment.  An ISA sets the separators anew.
 *
 * Errors  GW_NOT_FOUND the end;  GW_TRUNCATED the last segment has no end;  GW_FORMAT no
 * tag, or too many elements
 */
GW_MUST_USE enum gw_error gw_x12_next(struct gw_x12_reader *r, struct gw_x12_segment *out,
                                      struct gw_report *report);
/* Element n (from 1), blanks around it removed; empty when it is not there. */
struct gw_slice gw_x12_element(const struct gw_x12_segment *s, uint32_t n);
static inline bool gw_x12_is(const struct gw_x12_segment *s, const char *tag)
{
    return gw_slice_is(s->tag, tag);
}

/* Refuse the message at a segment; returns `code`. */
enum gw_error gw_x12_refuse(const struct gw_x12_segment *s, enum gw_error code,
                            const char *rule, struct gw_slice value,
                            struct gw_report *report);
/* Note what is odd about a segment without refusing it. */
void gw_x12_note(const struct gw_x12_segment *s, const char *rule, struct gw_slice value,
                 struct gw_report *report);
#endif
