/* syntax.h - the character level: service characters, segments, elements, components.
 *
 * The scanner walks the bytes from segment to segment; splitting a segment gives its
 * parts as UTF-8 texts.  Nothing is copied where the bytes already are the text.
 *
 * Thread  one at a time per struct.
 * Source  ISO 9735 (syntax versions 1 to 3), ISO 9735-1:2002 (version 4) */
#ifndef GW_ADAPTERS_EDIFACT_SYNTAX_H
#define GW_ADAPTERS_EDIFACT_SYNTAX_H
#include "adapters/edifact/charset.h"
#include "model/tree.h"
#include <karvan/error.h>

/* A segment's tag as a number: GW_EDI_TAG('E', 'Q', 'D'). */
#define GW_EDI_TAG(a, b, c)                                                              \
    ((uint32_t)(unsigned char)(a) << 16 | (uint32_t)(unsigned char)(b) << 8 |            \
     (uint32_t)(unsigned char)(c))
/* Its three letters, terminated. */
void gw_edi_tag_text(uint32_t tag, char out[4]);

/* What a byte means. */
enum gw_edi_byte {
    GW_EDI_TEXT,
    GW_EDI_COMPONENT,
    GW_EDI_ELEMENT,
    GW_EDI_RELEASE,
    GW_EDI_REPETITION,
    GW_EDI_BREAK,   /* a line end */
    GW_EDI_CONTROL, /* stands for a blank */
    GW_EDI_HIGH,    /* text of a character set that is not UTF-8 */
};

/* The service characters in force; 0 = there is none. */
struct gw_edi_signs {
    uint8_t component, element, decimal, release, repetition, terminator;
    bool wrapped;      /* lines were cut at a fixed width: line ends are nowhere data */
    uint8_t kind[256]; /* enum gw_edi_byte of each byte */
};

/* ': + . ?' and apostrophe. */
void gw_edi_signs_default(struct gw_edi_signs *s);
/**
 * Read the service string advice at the start of `in`.
 *
 * in    starts with UNA; also with one of five characters, the blank missing
 * used  set on GW_OK to its length, 8 or 9
 * Errors  GW_FORMAT cut off, two equal characters, or a letter, digit or blank among them
 */
GW_MUST_USE enum gw_error gw_edi_signs_advised(struct gw_edi_signs *s, struct gw_slice in,
                                               size_t *used);
/* Without advice: from an interchange that starts with UNB or UNH, by what is there:
 * other separators, information separators of level B, line ends for terminators. */
void gw_edi_signs_guess(struct gw_edi_signs *s, struct gw_slice in);
/* Make `kind` of the rest; after every change.  wrapped is found out from `in`. */
void gw_edi_signs_ready(struct gw_edi_signs *s, struct gw_slice in,
                        enum gw_edi_charset charset);

/* One segment where it lies. */
struct gw_edi_raw {
    uint32_t at, len; /* without its terminator */
    uint32_t tag;     /* upper case */
    uint32_t number;  /* in the whole input, from 1; a UNA is not counted */
};

struct gw_edi_scan {
    struct gw_slice in;
    size_t at;       /* the next byte to read */
    uint32_t number; /* of the segment read last */
};

enum gw_edi_next {
    GW_EDI_SEGMENT,      /* *raw is one, its tag still 0 */
    GW_EDI_END,          /* nothing but blanks, line ends and fill bytes was left */
    GW_EDI_UNTERMINATED, /* *raw is what is left, without a terminator */
};
enum gw_edi_next gw_edi_next(struct gw_edi_scan *s, const struct gw_edi_signs *signs,
                             struct gw_edi_raw *raw);

/* How a tag had to be read. */
enum gw_edi_tag_form { GW_EDI_TAG_PLAIN, GW_EDI_TAG_LOWER, GW_EDI_TAG_LOOKALIKE };
/* Read raw->tag.  GW_FORMAT: no three letters or digits in front of a separator. */
GW_MUST_USE enum gw_error gw_edi_tag(const struct gw_slice in,
                                     const struct gw_edi_signs *signs,
                                     enum gw_edi_charset charset, struct gw_edi_raw *raw,
                                     enum gw_edi_tag_form *form);

#define GW_EDI_ELEMENTS 100 /* in one segment */
#define GW_EDI_PARTS    240

struct gw_edi_segment {
    uint32_t tag, number;
    size_t at;                /* offset in the input */
    uint16_t elements, parts; /* the tag is element 0 */
    bool repeated;            /* an element is repeated: only its first one is here */
    uint16_t first[GW_EDI_ELEMENTS + 1]; /* first part of each element, and one more */
    struct gw_slice part[GW_EDI_PARTS];  /* UTF-8, trimmed of blanks */
};

/**
 * Split a segment.
 *
 * texts   its arena takes what could not stay where it was (gw_tree_text())
 * at      set on error: offset of the trouble
 * Errors  GW_RANGE more than GW_EDI_ELEMENTS or GW_EDI_PARTS;  GW_NOMEM
 */
GW_MUST_USE enum gw_error gw_edi_split(struct gw_slice in, const struct gw_edi_raw *raw,
                                       const struct gw_edi_signs *signs,
                                       enum gw_edi_charset charset, struct gw_tree *texts,
                                       struct gw_edi_segment *out, size_t *at);

/* A component, both counted from 1; empty when there is none. */
static inline struct gw_slice gw_edi_get(const struct gw_edi_segment *s, unsigned element,
                                         unsigned component)
{
    if (element >= s->elements)
        return gw_slice(NULL, 0);
    unsigned i = s->first[element] + component - 1u;
    return i < s->first[element + 1] ? s->part[i] : gw_slice(NULL, 0);
}
#endif
