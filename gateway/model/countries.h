/* countries.h - the country codes of ISO 3166-1.  Pure functions, any thread. */
#ifndef GW_MODEL_COUNTRIES_H
#define GW_MODEL_COUNTRIES_H
#include "base/slice.h"

/* Two capital letters of ISO 3166-1 alpha-2, or XZ: UN/LOCODE's word for international
 * waters. */
bool gw_country_known(struct gw_slice code);
#endif
