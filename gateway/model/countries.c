/* countries.c - the country codes of ISO 3166-1, as in 2025. */
#include "model/countries.h"

/* Second letters by the first one; XZ is UN/LOCODE's word for international waters. */
static const char *const second[26] = {"DEFGILMOQRSTUWXZ",
                                       "ABDEFGHIJLMNOQRSTWYZ",
                                       "ACDFGHIKLMNORUVWXYZ",
                                       "EJKMOZ",
                                       "CEGHRST",
                                       "IJKMOR",
                                       "ABDEFGHILMNPQRSTUWY",
                                       "KMNRTU",
                                       "DELMNOQRST",
                                       "EMOP",
                                       "EGHIMNPRWYZ",
                                       "ABCIKRSTUVY",
                                       "ACDEFGHKLMNOPQRSTUVWXYZ",
                                       "ACEFGILOPRUZ",
                                       "M",
                                       "AEFGHKLMNRSTWY",
                                       "A",
                                       "EOSUW",
                                       "ABCDEGHIJKLMNORSTVXYZ",
                                       "CDFGHJKLMNORTVWZ",
                                       "AGMSYZ",
                                       "ACEGINU",
                                       "FS",
                                       "ZZ",
                                       "ET",
                                       "AMW"};

bool gw_country_known(struct gw_slice code)
{
    if (code.len != 2 || code.at[0] < 'A' || code.at[0] > 'Z' || !code.at[1])
        return false;
    return strchr(second[code.at[0] - 'A'], code.at[1]) != NULL;
}
