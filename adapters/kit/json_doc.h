/* json_doc.h - a company's JSON document as a tree, within bounds, and refusals that say
 * where in it.
 *
 * A codec keeps one for all its messages; the memory is reused.  One thread at a time. */
#ifndef GW_ADAPTERS_KIT_JSON_DOC_H
#define GW_ADAPTERS_KIT_JSON_DOC_H
#include "adapters/adapter.h"
#include "model/tree.h"

/* What the JSON codecs take unless they say otherwise; a struct gw_budget that is larger
 * than an event's: 8 MiB, 24 deep, 512 Ki values, texts of 64 KiB. */
extern const struct gw_budget gw_json_doc_budget;

struct gw_json_doc {
    struct gw_tree tree;  /* of the document last read */
    uint32_t root;        /* its object or array */
    struct gw_slice text; /* the document's text, behind a byte order mark; borrowed */
    size_t skipped;       /* bytes before it */
};

GW_MUST_USE enum gw_error gw_json_doc_init(struct gw_json_doc *d,
                                           const struct gw_budget *budget);
void gw_json_doc_deinit(struct gw_json_doc *d); /* also of {0} */

/**
 * Read a message: one JSON object or array, with or without a byte order mark.
 *
 * in       borrowed as long as the document is used
 * report   on error: fault with offset and path, detail in words
 * Errors   those of gw_json_read_document()
 */
GW_MUST_USE enum gw_error gw_json_doc_read(struct gw_json_doc *d, struct gw_slice in,
                                           struct gw_report *report);

/* Does the message begin as JSON does, with an object or a list?  For formats that come
 * as XML too. */
bool gw_json_doc_begins(struct gw_slice in);

/* Refuse the message for one of its values: offset and path into report->fault, the words
 * into its detail.  Returns `code`.
 *   return gw_json_doc_refuse(d, node, GW_FORMAT, "date and time", report, "%.*s", ...);
 */
enum gw_error gw_json_doc_refuse(const struct gw_json_doc *d, uint32_t node,
                                 enum gw_error code, const char *rule,
                                 struct gw_report *report, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* Note in the report what is odd about a value without refusing it. */
void gw_json_doc_find(const struct gw_json_doc *d, uint32_t node, const char *rule,
                      struct gw_report *report, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Looking: a key of a map; empty, 0 or absent when it is not there or of another kind.
 * Keys are compared exactly and may hold dots. */
uint32_t gw_json_get(const struct gw_json_doc *d, uint32_t map, const char *key);
struct gw_slice gw_json_text(const struct gw_json_doc *d, uint32_t map, const char *key);
/* A text as it is, or a number as a text written into `room`: senders do both. */
struct gw_slice gw_json_words(const struct gw_json_doc *d, uint32_t node, char room[32]);
/* A number, or a text that is one (decimal point or comma); false when it is neither, not
 * finite, or out of a double's range. */
bool gw_json_number(const struct gw_json_doc *d, uint32_t node, double *out);
#endif
