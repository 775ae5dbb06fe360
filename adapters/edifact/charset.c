/* charset.c - the character sets interchanges are really written in, to UTF-8. */
#include "adapters/edifact/charset.h"
#include "base/utf8.h"

/* Source  ISO 9735-1:2002, element 0001 */
static const struct {
    const char *announced;
    enum gw_edi_charset is;
} levels[] = {
    {"UNOC", GW_EDI_8859_1}, {"UNOD", GW_EDI_8859_2}, {"UNOE", GW_EDI_8859_5},
    {"UNOF", GW_EDI_8859_7}, {"UNOG", GW_EDI_8859_3}, {"UNOH", GW_EDI_8859_4},
    {"UNOI", GW_EDI_8859_6}, {"UNOJ", GW_EDI_8859_8}, {"UNOK", GW_EDI_8859_9},
};

const char *gw_edi_charset_name(enum gw_edi_charset c)
{
    static const char *const names[] = {"UTF-8",      "ISO 8859-1",  "ISO 8859-2",
                                        "ISO 8859-3", "ISO 8859-4",  "ISO 8859-5",
                                        "ISO 8859-6", "ISO 8859-7",  "ISO 8859-8",
                                        "ISO 8859-9", "Windows-1251"};
    return names[c];
}

static enum gw_edi_charset told(struct gw_slice announced, bool *known)
{
    *known = false;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (gw_slice_is(announced, levels[i].announced)) {
            *known = true;
            return levels[i].is;
        }
    return GW_EDI_8859_1;
}

/* In code page 1251 the letters are 0xC0 .. 0xFF and come in words; in Latin text a
 * letter above 127 stands alone among others. */
static bool looks_cyrillic(struct gw_slice s)
{
    size_t high = 0, letters = 0, together = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < 0x80)
            continue;
        high++;
        letters += s.at[i] >= 0xC0 || s.at[i] == 0xA8 || s.at[i] == 0xB8;
        together += (i && s.at[i - 1] >= 0x80) || (i + 1 < s.len && s.at[i + 1] >= 0x80);
    }
    return high >= 3 && letters * 10 >= high * 8 && together * 10 >= high * 7;
}

void gw_edi_evidence_of(struct gw_slice whole, struct gw_edi_evidence *out)
{
    size_t bad;
    out->ascii = gw_is_ascii(whole);
    out->utf8 = !out->ascii && gw_utf8_valid(whole, &bad);
    out->cyrillic = !out->ascii && !out->utf8 && looks_cyrillic(whole);
}

enum gw_edi_charset gw_edi_charset_of(const struct gw_edi_evidence *evidence,
                                      struct gw_slice announced, bool *as_told)
{
    bool known;
    enum gw_edi_charset c = told(announced, &known);
    *as_told = true;
    if (evidence->ascii)
        return GW_EDI_AS_IS;
    if (evidence->utf8) {
        *as_told = gw_slice_is(announced, "UNOY") || gw_slice_is(announced, "UNOW") ||
                   gw_slice_is(announced, "UNOX");
        return GW_EDI_AS_IS;
    }
    if (c == GW_EDI_8859_1 && evidence->cyrillic)
        c = GW_EDI_CP1251;
    *as_told = known && c != GW_EDI_CP1251;
    return c;
}

static uint16_t code_point(enum gw_edi_charset c, uint8_t byte)
{
    if (c == GW_EDI_CP1251)
        return gw_edi_cp1251[byte - 0x80];
    if (c == GW_EDI_8859_1)
        return byte < 0xA0 ? 0 : byte;
    return byte < 0xA0 ? 0 : gw_edi_8859[c - GW_EDI_8859_2][byte - 0xA0];
}

void gw_edi_charset_put(enum gw_edi_charset c, uint8_t byte, struct gw_buf *out)
{
    uint16_t u = byte;
    if (byte >= 0x80 && c != GW_EDI_AS_IS) {
        u = code_point(c, byte);
        u = u ? u : 0xFFFD;
    }
    if (u < 0x80 || c == GW_EDI_AS_IS) {
        gw_buf_byte(out, byte);
    } else if (u < 0x800) {
        gw_buf_byte(out, (uint8_t)(0xC0 | u >> 6));
        gw_buf_byte(out, (uint8_t)(0x80 | (u & 0x3F)));
    } else {
        gw_buf_byte(out, (uint8_t)(0xE0 | u >> 12));
        gw_buf_byte(out, (uint8_t)(0x80 | (u >> 6 & 0x3F)));
        gw_buf_byte(out, (uint8_t)(0x80 | (u & 0x3F)));
    }
}
