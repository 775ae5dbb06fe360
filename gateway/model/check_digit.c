/* check_digit.c - check digits of the identifiers in freight. */
#include "model/check_digit.h"

static bool digits(struct gw_slice s, size_t len)
{
    if (s.len != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

static bool letters(struct gw_slice s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s.at[i] < 'A' || s.at[i] > 'Z')
            return false;
    return true;
}

static enum gw_check verdict(unsigned computed, uint8_t written)
{
    return computed == (unsigned)(written - '0') ? GW_CHECK_OK : GW_CHECK_BAD;
}

static bool like_container(struct gw_slice s)
{
    return s.len == 11 && letters(s, 4) && digits(gw_slice(s.at + 4, 7), 7);
}

enum gw_check gw_check_iso6346(struct gw_slice s)
{
    /* 10, 12, 13 ... 38: the alphabet without the multiples of 11 */
    static const uint8_t values[26] = {10, 12, 13, 14, 15, 16, 17, 18, 19,
                                       20, 21, 23, 24, 25, 26, 27, 28, 29,
                                       30, 31, 32, 34, 35, 36, 37, 38};
    unsigned sum = 0;
    if (!like_container(s))
        return GW_CHECK_NONE;
    for (unsigned i = 0; i < 10; i++)
        sum += (i < 4 ? values[s.at[i] - 'A'] : (unsigned)(s.at[i] - '0')) << i;
    return verdict(sum % 11 % 10, s.at[10]);
}

/* Weights 2 1 2 1 ... from the digit before the check digit leftwards, digit sums, to the
 * next 10. */
static enum gw_check luhn(struct gw_slice s)
{
    unsigned sum = 0;
    for (size_t i = 0; i + 1 < s.len; i++) {
        unsigned d = (unsigned)(s.at[i] - '0') << ((s.len - i) % 2 == 0);
        sum += d / 10 + d % 10;
    }
    return verdict((10 - sum % 10) % 10, s.at[s.len - 1]);
}

enum gw_check gw_check_uic12(struct gw_slice s)
{
    return digits(s, 12) ? luhn(s) : GW_CHECK_NONE;
}

enum gw_check gw_check_cis8(struct gw_slice s)
{
    return digits(s, 8) ? luhn(s) : GW_CHECK_NONE;
}

enum gw_check gw_check_imo(struct gw_slice s)
{
    unsigned sum = 0;
    if (!digits(s, 7))
        return GW_CHECK_NONE;
    for (unsigned i = 0; i < 6; i++)
        sum += (unsigned)(s.at[i] - '0') * (7 - i);
    return verdict(sum % 10, s.at[6]);
}

static unsigned esr_sum(struct gw_slice s, unsigned first_weight)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < 5; i++)
        sum += (unsigned)(s.at[i] - '0') * (first_weight + i);
    return sum % 11;
}

enum gw_check gw_check_esr6(struct gw_slice s)
{
    unsigned sum;
    if (!digits(s, 6))
        return GW_CHECK_NONE;
    sum = esr_sum(s, 1);
    if (sum == 10)
        sum = esr_sum(s, 3);
    return verdict(sum % 10, s.at[5]);
}

enum gw_check gw_check_equipment(struct gw_slice scheme, struct gw_slice id)
{
    if (gw_slice_eq(scheme, GW_LIT("iso6346")))
        return gw_check_iso6346(id);
    if (gw_slice_eq(scheme, GW_LIT("uic12")))
        return gw_check_uic12(id);
    return gw_slice_eq(scheme, GW_LIT("cis8")) ? gw_check_cis8(id) : GW_CHECK_NONE;
}

const char *gw_check_word(enum gw_check c)
{
    static const char *const words[] = {"ok", "bad", "none"};
    return words[c];
}

const char *gw_check_scheme_of(struct gw_slice id)
{
    if (like_container(id))
        return id.at[3] == 'K' ? "ilu" : "iso6346";
    if (gw_check_uic12(id) == GW_CHECK_OK)
        return "uic12";
    return gw_check_cis8(id) == GW_CHECK_OK ? "cis8" : "other";
}
