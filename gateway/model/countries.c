/* countries.c - the country codes of ISO 3166-1, as in 2025, and the form of UN/LOCODEs. */
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

static bool is_capital(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

bool gw_country_has_form(struct gw_slice code)
{
    return code.len == 2 && is_capital(code.at[0]) && is_capital(code.at[1]);
}

bool gw_locode_has_form(struct gw_slice code)
{
    if (code.len != 5 || !gw_country_has_form(gw_slice(code.at, 2)))
        return false;
    for (size_t i = 2; i < code.len; i++)
        if (!is_capital(code.at[i]) && (code.at[i] < '2' || code.at[i] > '9'))
            return false;
    return true;
}
