/* The character level: advice, release, terminators, tags, character sets. */
#include "adapters/edifact/syntax.h"
#include "adapters/edifact/tables.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct gw_tree texts;

static void begin(void)
{
    cr_assert_eq(gw_tree_init(&texts, &gw_budget_default), GW_OK);
}

static void end(void)
{
    gw_tree_deinit(&texts);
}

TestSuite(syntax, .init = begin, .fini = end);

/* The segments of a text, each as TAG|element|component,component */
static void show(struct gw_slice in, const struct gw_edi_signs *signs,
                 enum gw_edi_charset charset, struct gw_buf *out)
{
    struct gw_edi_scan scan = {.in = in};
    struct gw_edi_raw raw;
    enum gw_edi_next next;
    gw_buf_reset(out);
    while ((next = gw_edi_next(&scan, signs, &raw)) == GW_EDI_SEGMENT) {
        struct gw_edi_segment s;
        enum gw_edi_tag_form form;
        char tag[4];
        size_t at;
        if (gw_edi_tag(in, signs, charset, &raw, &form)) {
            gw_buf_str(out, "bad tag/");
            continue;
        }
        cr_assert_eq(gw_edi_split(in, &raw, signs, charset, &texts, &s, &at), GW_OK);
        gw_edi_tag_text(raw.tag, tag);
        gw_buf_str(out, tag);
        for (unsigned e = 1; e < s.elements; e++) {
            gw_buf_byte(out, '|');
            for (unsigned p = s.first[e]; p < s.first[e + 1]; p++)
                gw_buf_printf(out, "%s%.*s", p > s.first[e] ? "," : "",
                              GW_FMT(s.part[p]));
        }
        gw_buf_byte(out, '/');
    }
    if (next == GW_EDI_UNTERMINATED)
        gw_buf_str(out, "torn");
}

Test(syntax, release_applies_to_the_next_character_only)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"FTX+a?'b'", "FTX|a'b/"},
        {"FTX+a?\?'BGM+1'", "FTX|a?/BGM|1/"},
        {"FTX+a?\?\?'b'", "FTX|a?'b/"},
        {"FTX+a?\?\?\?'BGM'", "FTX|a?\?/BGM/"},
        {"FTX+a?+b?:c+d'", "FTX|a+b:c|d/"},
        {"FTX+a?nb'", "FTX|anb/"},
        {"FTX+ a : b '", "FTX|a,b/"},
        {"FTX+a\nb'", "FTX|a b/"},
        {"BGM+a\nb'", "BGM|ab/"},
        {"''\r\n BGM+1''\n'", "BGM|1/"},
        {"BGM+1:2:::+3+++4'", "BGM|1,2,,,|3|||4/"},
        {"BGM+1", "torn"},
        {"BGM+1?'", "torn"},
        {"B+1'", "bad tag/"},
        {"bgm+1'", "BGM|1/"},
        {"TDTX+1'", "bad tag/"},
        {"\xD0\x9C\xD0\x95\xD0\x90+1'", "MEA|1/"},
    };
    struct gw_edi_signs signs;
    struct gw_buf out;
    gw_buf_init(&out, 4096);
    gw_edi_signs_default(&signs);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_slice in = gw_slice_str(rows[i].in);
        gw_edi_signs_ready(&signs, in, GW_EDI_AS_IS);
        show(in, &signs, GW_EDI_AS_IS, &out);
        cr_expect_str_eq(gw_buf_text(&out), rows[i].out, "%s", rows[i].in);
    }
    gw_buf_deinit(&out);
}

Test(syntax, advice_in_all_its_forms)
{
    static const struct {
        const char *in;
        enum gw_error error;
        size_t used;
        char signs[7]; /* component element decimal release repetition terminator, - none
                        */
    } rows[] = {
        {"UNA:+.? 'UNB", GW_OK, 9, ":+.?-'"},   {"UNA:+,? 'UNB", GW_OK, 9, ":+,?-'"},
        {"UNA:+.?'\nUNB", GW_OK, 8, ":+.?-'"},  {"UNA:+.?'UNB", GW_OK, 8, ":+.?-'"},
        {"UNA:+.\\*'UNB", GW_OK, 9, ":+.\\*'"}, {"UNA^*.? $UNB", GW_OK, 9, "^*.?-$"},
        {"UNA:+.? \nUNB", GW_OK, 9, ":+.?-\n"}, {"UNA:+.  'UNB", GW_OK, 9, ":+.--'"},
        {"UNA++.? 'UNB", GW_FORMAT, 0, ""},     {"UNAA+.? 'UNB", GW_FORMAT, 0, ""},
        {"UNA:+.+ 'UNB", GW_FORMAT, 0, ""},     {"UNA:+.?", GW_FORMAT, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_edi_signs s;
        size_t used = 0;
        cr_expect_eq(gw_edi_signs_advised(&s, gw_slice_str(rows[i].in), &used),
                     rows[i].error, "%s", rows[i].in);
        if (rows[i].error)
            continue;
        const char is[7] = {(char)s.component,
                            (char)s.element,
                            (char)s.decimal,
                            (char)(s.release ? s.release : '-'),
                            (char)(s.repetition ? s.repetition : '-'),
                            (char)s.terminator,
                            0};
        cr_expect_eq(used, rows[i].used, "%s", rows[i].in);
        cr_expect_str_eq(is, rows[i].signs, "%s", rows[i].in);
    }
}

Test(syntax, character_sets_by_evidence_before_announcement)
{
    static const struct {
        const char *name, *text, *announced;
        enum gw_edi_charset is;
        bool as_told;
    } rows[] = {
        {"ASCII", "plain", "UNOA", GW_EDI_AS_IS, true},
        {"UTF-8 under UNOC", "M\xC3\xBCller", "UNOC", GW_EDI_AS_IS, false},
        {"UTF-8 under UNOY", "M\xC3\xBCller", "UNOY", GW_EDI_AS_IS, true},
        {"Latin-1", "M\xFCller", "UNOC", GW_EDI_8859_1, true},
        {"Latin-1 under UNOA", "M\xFCller", "UNOA", GW_EDI_8859_1, false},
        {"Cyrillic of Windows under UNOA", "\xCE\xCE\xCE \xCF\xEE\xEB", "UNOA",
         GW_EDI_CP1251, false},
        {"Cyrillic of ISO", "\xBE\xBE\xBE \xBF\xDE\xDB", "UNOE", GW_EDI_8859_5, true},
        {"Turkish", "\xDEi\xFE", "UNOK", GW_EDI_8859_9, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gw_edi_evidence e;
        bool as_told;
        gw_edi_evidence_of(gw_slice_str(rows[i].text), &e);
        cr_expect_eq(gw_edi_charset_of(&e, gw_slice_str(rows[i].announced), &as_told),
                     rows[i].is, "%s", rows[i].name);
        cr_expect_eq(as_told, rows[i].as_told, "%s", rows[i].name);
    }
}

Test(syntax, bytes_above_127_become_utf_8)
{
    static const struct {
        enum gw_edi_charset charset;
        uint8_t byte;
        const char *utf8;
    } rows[] = {
        {GW_EDI_8859_1, 0xFC, "ü"},
        {GW_EDI_8859_2, 0xB1, "ą"},
        {GW_EDI_8859_5, 0xB6, "Ж"},
        {GW_EDI_8859_7, 0xE1, "α"},
        {GW_EDI_8859_9, 0xF0, "ğ"},
        {GW_EDI_CP1251, 0xC6, "Ж"},
        {GW_EDI_CP1251, 0x98, "\xEF\xBF\xBD"},
        {GW_EDI_8859_3, 0xA5, "\xEF\xBF\xBD"},
    };
    struct gw_buf out;
    gw_buf_init(&out, 64);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gw_buf_reset(&out);
        gw_edi_charset_put(rows[i].charset, rows[i].byte, &out);
        cr_expect_str_eq(gw_buf_text(&out), rows[i].utf8, "%s %02X",
                         gw_edi_charset_name(rows[i].charset), rows[i].byte);
    }
    gw_buf_deinit(&out);
}

Test(syntax, no_segment_grows_beyond_its_bounds)
{
    char text[1024] = "BGM";
    struct gw_edi_signs signs;
    struct gw_edi_segment s;
    size_t at;
    gw_edi_signs_default(&signs);
    for (int colon = 0; colon < 2; colon++) {
        memset(text + 3, colon ? ':' : '+', 600);
        struct gw_edi_raw raw = {.len = 603, .tag = GW_EDI_TAG('B', 'G', 'M')};
        struct gw_slice in = gw_slice(text, 603);
        gw_edi_signs_ready(&signs, in, GW_EDI_AS_IS);
        cr_expect_eq(gw_edi_split(in, &raw, &signs, GW_EDI_AS_IS, &texts, &s, &at),
                     GW_RANGE);
        cr_expect(at < in.len);
    }
}

/* ---- tables ---- */

Test(syntax, code_tables_are_sorted_named_and_without_doubles)
{
    for (unsigned i = 1; i < gw_edi_rec24_count; i++)
        cr_expect_lt(gw_edi_rec24[i - 1].code, gw_edi_rec24[i].code);
    for (int list = 0; list < GW_EDI_LISTS; list++) {
        unsigned n;
        const struct gw_edi_word *w = gw_edi_words((enum gw_edi_list)list, &n);
        cr_expect_gt(n, 0);
        for (unsigned i = 0; i < n; i++) {
            cr_expect(w[i].code && w[i].word && w[i].source && *w[i].source);
            for (unsigned k = 0; k < i; k++)
                cr_expect_str_neq(w[i].code, w[k].code);
        }
    }
}

Test(syntax, every_event_type_with_a_status_code_comes_back_from_it)
{
    for (unsigned i = 0; i < gw_edi_rec24_count; i++) {
        char code[8];
        uint16_t n = gw_edi_sts_for(gw_slice_str(gw_edi_rec24[i].type));
        (void)snprintf(code, sizeof code, "%u", (unsigned)n);
        const struct gw_edi_sts *s = gw_edi_sts_of(gw_slice_str(code));
        cr_assert(s, "%s", gw_edi_rec24[i].type);
        cr_expect_str_eq(s->type, gw_edi_rec24[i].type);
    }
    cr_expect_null(gw_edi_sts_of(GW_LIT("38")));
    cr_expect_null(gw_edi_sts_of(GW_LIT("P")));
    cr_expect_eq(gw_edi_sts_for(GW_LIT("composition")), 0);
}
