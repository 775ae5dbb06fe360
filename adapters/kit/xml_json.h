/* xml_json.h - a JSON document as the same tree as an XML document: for standards that
 * define both (UN/CEFACT's consignments), so that one codec reads both.
 *
 * A key becomes an element, a list as many elements of its key, a number or a truth value
 * its text.  A map with a scalar under "content" is a leaf: that is its text, and its
 * other scalars are attributes (UN/CEFACT's JSON naming and design rules).  The root
 * element is "json"; a list at the top becomes elements "item" below it. */
#ifndef GW_ADAPTERS_KIT_XML_JSON_H
#define GW_ADAPTERS_KIT_XML_JSON_H
#include "adapters/kit/json_doc.h"
#include "adapters/kit/xml_doc.h"

/**
 * Build x from a document that was read; the one before is forgotten.  d must live as
 * long as the tree is used: texts are copies, places are looked up in it. Errors
 * GW_NOMEM, GW_ELEMENTS (more nodes than x's limits), refused
 */
GW_MUST_USE enum gw_error gw_xml_of_json(struct gw_xml *x, const struct gw_json_doc *d,
                                         struct gw_report *report);
#endif
