/* dtm.h - EDIFACT dates and times to a wall-clock time.  Pure functions, any thread. */
#ifndef GW_ADAPTERS_EDIFACT_DTM_H
#define GW_ADAPTERS_EDIFACT_DTM_H
#include "adapters/edifact/syntax.h"
#include "adapters/kit/civil.h"

/* What had to be put right; for a finding. */
enum gw_edi_dtm_form {
    GW_EDI_DTM_PLAIN,
    GW_EDI_DTM_NO_FORMAT,  /* 2379 missing, or another length than it says: by length */
    GW_EDI_DTM_UNRELEASED, /* the + of an offset was not released and split the element */
    GW_EDI_DTM_ZONE        /* a zone's letters other than Z, UTC, GMT: not understood */
};

/**
 * Read one date or time.
 *
 * value    element 2380, "202610250830"
 * format   element 2379: 2 101 102 40E 201 202 203 204 205 303 304 718 719; of a period
 *          its start.  Empty or unknown: by the number of digits
 * Absent   an empty value is GW_NOT_FOUND
 * Errors   GW_FORMAT no digits, or a number of them that no format has;  GW_RANGE no such
 *          date: month 99, 30 February, hour 25; years outside 1970 .. 2069 of two digits
 *          do not exist
 * Source   UN/EDIFACT directory D.00B, code list 2379
 */
GW_MUST_USE enum gw_error gw_edi_dtm(struct gw_slice value, struct gw_slice format,
                                     struct gw_civil *out, enum gw_edi_dtm_form *form);

/* The same from a DTM segment: joins what an unreleased + or : tore apart. */
GW_MUST_USE enum gw_error gw_edi_dtm_segment(const struct gw_edi_segment *s,
                                             struct gw_civil *out,
                                             enum gw_edi_dtm_form *form);

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
int64_t gw_edi_days(int year, int month, int day);
/* The other way. */
void gw_edi_date(int64_t days, int *year, int *month, int *day);
#endif
