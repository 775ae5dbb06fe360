/* envelope.h - helpers of the envelope that other files need. */
#ifndef GW_ADAPTERS_EDIFACT_ENVELOPE_H
#define GW_ADAPTERS_EDIFACT_ENVELOPE_H
#include "adapters/edifact/codec.h"
#include "adapters/edifact/dtm.h"

/* The schema's bounds of a time, a day inside them on both sides for the offset. */
#define GW_EDI_TIME_LEAST (946684800000 + 86400000)
#define GW_EDI_TIME_MOST  (4102444800000 - 86400000)

/* S004 of UNB: YYMMDD or CCYYMMDD, and HHMM.  *out stays as it is when they are none. */
void gw_edi_prepared(struct gw_slice date, struct gw_slice time, struct gw_edi_when *out,
                     enum gw_edi_dtm_form *form);
#endif
