/* countries.h - the country codes of ISO 3166-1, and the form of UN/LOCODEs, which begin with
 * one.  Pure functions, any thread. */
#ifndef GW_MODEL_COUNTRIES_H
#define GW_MODEL_COUNTRIES_H
#include "base/slice.h"

/* Two capital letters of ISO 3166-1 alpha-2, or XZ: UN/LOCODE's word for international
 * waters. */
bool gw_country_known(struct gw_slice code);
/* Two capital letters, whether a country has them or not. */
bool gw_country_has_form(struct gw_slice code);
/* Two capital letters and three of A-Z or 2-9.  Source  UN/CEFACT Recommendation 16 */
bool gw_locode_has_form(struct gw_slice code);
#endif
