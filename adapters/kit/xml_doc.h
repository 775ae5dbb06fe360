/* xml_doc.h - one XML document as a small tree of elements; the door to libxml2.
 *
 * libxml2 parses (its SAX interface; no DOM is built), this file keeps what a codec asks
 * for: local names, trimmed text, attributes, and for each element its byte in the input,
 * so that a refusal can say where.  Namespaces are not compared: partners' prefixes and
 * schema versions differ, local names do not.
 *
 * Hostile input  nothing is fetched and nothing is expanded: a DOCTYPE is refused before
 * libxml2 sees a byte, so there are no entities but the five of the XML text itself.
 *                Depth, elements, attributes of one element and bytes of one tag are
 * bounded by xml_scan.c in one pass over the bytes; memory is bounded by the input's
 * size. Text           of an element without child elements, without blanks around it.
 * Text between child elements is passed over: none of the formats here has any. Encodings
 * UTF-8, and the 8-bit ones (ISO 8859, Windows-125x, KOI8, CP866) when declared; texts
 * come out as UTF-8.  UTF-16 is refused. Thread         one at a time per document. */
#ifndef GW_ADAPTERS_KIT_XML_DOC_H
#define GW_ADAPTERS_KIT_XML_DOC_H
#include "adapters/adapter.h"

struct gw_xml_limits {
    size_t bytes;        /* 16 MiB, of the document */
    uint32_t depth;      /* 64, of nested elements */
    uint32_t nodes;      /* 524288 elements */
    uint32_t attributes; /* 64, of one element */
    uint32_t tag_bytes;  /* 64 KiB, of one start tag */
};
extern const struct gw_xml_limits gw_xml_limits_default;

#define GW_XML_NONE                                                                      \
    0u /* node 0 is never used; every question about it has an empty answer */
#define GW_XML_ROOT 1u

struct gw_xml_node {
    const char *name; /* local name; lives as long as the document */
    uint32_t parent, first, last, next;
    uint32_t text, text_len; /* in the document's texts */
    uint32_t attr, attr_count;
    uint32_t at; /* byte of its '<' in the input */
};

struct gw_xml_attr {
    const char *name;
    uint32_t text, text_len;
};

struct gw_json_doc;

struct gw_xml {
    struct gw_xml_limits limits;
    struct gw_slice in; /* borrowed from gw_xml_read(), for lines */
    struct gw_xml_node *nodes;
    uint32_t used, cap; /* nodes[1 .. used] */
    struct gw_xml_attr *attrs;
    uint32_t attrs_used, attrs_cap;
    struct gw_buf texts;
    void *dict; /* libxml2's, holds the names */
    /* of xml_json.h: the tree was made of a JSON document; nodes[].at is then its node */
    struct gw_buf names;
    const struct gw_json_doc *json;
};

void gw_xml_init(struct gw_xml *x, const struct gw_xml_limits *limits);
void gw_xml_deinit(struct gw_xml *x);

/**
 * Read one document; the one before is forgotten.
 *
 * in       borrowed until the next read; the tree's texts are copies
 * report   on error: fault (offset in `in`, rule), line as segment, detail in words
 * Errors   GW_EVENT_SIZE GW_DEPTH GW_ELEMENTS GW_FORMAT (not well-formed, DOCTYPE,
 * encoding, no document); GW_NOMEM
 */
GW_MUST_USE enum gw_error gw_xml_read(struct gw_xml *x, struct gw_slice in,
                                      struct gw_report *report);

/* First child, or next sibling, of that local name; any when name is NULL. */
uint32_t gw_xml_child(const struct gw_xml *x, uint32_t parent, const char *name);
uint32_t gw_xml_next(const struct gw_xml *x, uint32_t node, const char *name);
/* First element along a path below `from`: "MessageHeader/Sender"; the path may be "".  A
 * step may name several: "ID|id", the first child that has one of the names. */
uint32_t gw_xml_at(const struct gw_xml *x, uint32_t from, const char *path);
/* Like it for text: of the element along the path.  Empty when absent or empty. */
struct gw_slice gw_xml_text(const struct gw_xml *x, uint32_t from, const char *path);
/* By local name; empty when absent. */
struct gw_slice gw_xml_attr(const struct gw_xml *x, uint32_t node, const char *name);
static inline bool gw_xml_named(const struct gw_xml *x, uint32_t node, const char *name)
{
    return node && strcmp(x->nodes[node].name, name) == 0;
}

/* Byte and line (from 1) of an element; of the document's start for GW_XML_NONE. */
size_t gw_xml_byte(const struct gw_xml *x, uint32_t node);
uint32_t gw_xml_line(const struct gw_xml *x, uint32_t node);
/* "/Root/WagonData[3]/Number": into out, terminated; cut at its front when it is longer.
 */
void gw_xml_path(const struct gw_xml *x, uint32_t node, char *out, size_t size);

/* Refuse the message at an element: sets report's fault, line, and detail "path: words".
 * rule: static text. Returns code. */
enum gw_error gw_xml_refuse(const struct gw_xml *x, uint32_t node, enum gw_error code,
                            const char *rule, struct gw_slice value,
                            struct gw_report *report);
/* Note a finding at an element. */
void gw_xml_note(const struct gw_xml *x, uint32_t node, const char *rule,
                 struct gw_slice value, struct gw_report *report);

/* Append text with the XML escapes; characters XML does not know become '?'. */
void gw_xml_escape(struct gw_buf *out, struct gw_slice text);

/* xml_scan.c: refuse what must not reach libxml2, and note where each element starts
 * (nodes[i].at).  Internal. */
GW_MUST_USE enum gw_error gw_xml_scan(struct gw_xml *x, struct gw_report *report,
                                      uint32_t *starts);
GW_MUST_USE enum gw_error gw_xml_more_nodes(struct gw_xml *x, uint32_t index);
GW_MUST_USE enum gw_error gw_xml_more_attrs(struct gw_xml *x, uint32_t count);
void gw_xml_link(struct gw_xml *x, uint32_t node, uint32_t parent);
void gw_xml_forget(struct gw_xml *x);
#endif
