/* xml_value.h - values of an XML document as a codec needs them: dates, numbers, places
 * in lists.  Pure functions, any thread. */
#ifndef GW_ADAPTERS_KIT_XML_VALUE_H
#define GW_ADAPTERS_KIT_XML_VALUE_H
#include "adapters/kit/civil.h"
#include "adapters/kit/xml_doc.h"

/**
 * The date, or date and time, in the element along `path` (iso_time.h).
 *
 * there   false when the element is absent or empty; `out` is then as it was
 * Errors  GW_FORMAT GW_RANGE, refused at the element under the rule "date and time"
 */
GW_MUST_USE enum gw_error gw_xml_time(const struct gw_xml *x, uint32_t from,
                                      const char *path, struct gw_civil *out, bool *there,
                                      struct gw_report *report);
/* The same where the standard requires it; absent is GW_MISSING, refused at `from`. */
GW_MUST_USE enum gw_error gw_xml_time_required(const struct gw_xml *x, uint32_t from,
                                               const char *path, struct gw_civil *out,
                                               struct gw_report *report);

/* A decimal number; false when absent, and when it is none, which is noted. */
bool gw_xml_number(const struct gw_xml *x, uint32_t from, const char *path, double *out,
                   struct gw_report *report);

/* The first element of that name below `from`, at any depth, in the document's order. */
uint32_t gw_xml_find(const struct gw_xml *x, uint32_t from, const char *name);

/* Row of a table whose first member is the code (const char *); NULL at its end (code
 * NULL) and when there is none. */
const void *gw_code_row(const void *rows, size_t row_size, struct gw_slice code);
#define GW_CODE_ROW(rows, code) gw_code_row(rows, sizeof *(rows), code)
#endif
