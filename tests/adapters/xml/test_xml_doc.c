/* test_xml_doc.c - the XML door: what comes out of a document, and what is never let in.
 */
#include "adapters/kit/xml_doc.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static struct gw_xml x;
static struct gw_report report;

static void setup(void)
{
    gw_xml_init(&x, &gw_xml_limits_default);
    report = (struct gw_report){0};
}

static void teardown(void)
{
    gw_xml_deinit(&x);
}

TestSuite(xml_doc, .init = setup, .fini = teardown);

static enum gw_error read_text(const char *text)
{
    report = (struct gw_report){0};
    return gw_xml_read(&x, gw_slice_str(text), &report);
}

static void expect(struct gw_slice got, const char *want)
{
    cr_assert(gw_slice_is(got, want), "got \"%.*s\", not \"%s\"", GW_FMT(got), want);
}

Test(xml_doc, gives_names_texts_and_attributes_whatever_the_prefix)
{
    cr_assert_eq(read_text("<t:Train xmlns:t='urn:a' xmlns:n1='urn:b'>\n"
                           "  <t:Number n1:kind='a&amp;b'> 24 &lt; 01 </t:Number>\n"
                           "  <Wagon><Id>1</Id></Wagon>\n  <Wagon><Id>2</Id></Wagon>\n"
                           "  <Empty/>\n</t:Train>"),
                 GW_OK);
    cr_assert(gw_xml_named(&x, GW_XML_ROOT, "Train"));
    expect(gw_xml_text(&x, GW_XML_ROOT, "Number"), "24 < 01");
    uint32_t number = gw_xml_child(&x, GW_XML_ROOT, "Number");
    expect(gw_xml_attr(&x, number, "kind"), "a&b");
    expect(gw_xml_attr(&x, number, "other"), "");
    expect(gw_xml_text(&x, GW_XML_ROOT, "Wagon/Id"), "1");
    uint32_t second = gw_xml_next(&x, gw_xml_child(&x, GW_XML_ROOT, "Wagon"), "Wagon");
    expect(gw_xml_text(&x, second, "Id"), "2");
    cr_assert_eq(gw_xml_next(&x, second, "Wagon"), GW_XML_NONE);
    expect(gw_xml_text(&x, GW_XML_ROOT, "Empty"), "");
    expect(gw_xml_text(&x, GW_XML_ROOT, ""), "");
    expect(gw_xml_text(&x, GW_XML_ROOT, "Nothing/Id"), "");
    cr_assert_eq(gw_xml_at(&x, GW_XML_NONE, "Wagon"), GW_XML_NONE);
    cr_assert_eq(gw_xml_child(&x, GW_XML_ROOT, NULL), number);
}

Test(xml_doc, text_is_whole_across_comments_and_character_data)
{
    cr_assert_eq(read_text("<a><b>one <!-- x -->two <![CDATA[<three>]]> &#1040;</b></a>"),
                 GW_OK);
    expect(gw_xml_text(&x, GW_XML_ROOT, "b"), "one two <three> \xD0\x90");
}

Test(xml_doc, a_comment_ends_where_it_ends)
{
    cr_assert_eq(read_text("<?x?><a><!--><b/>--><!----><![CDATA[]]><c/></a>"), GW_OK);
    cr_assert_eq(x.used, 2);
    cr_assert(gw_xml_named(&x, 2, "c"));
}

Test(xml_doc, says_where_an_element_is)
{
    char path[64];
    const char *text = "<a>\n <b/>\n <b><c>v</c></b>\n</a>";
    cr_assert_eq(read_text(text), GW_OK);
    uint32_t c = gw_xml_at(&x, gw_xml_next(&x, gw_xml_child(&x, 1, "b"), "b"), "c");
    cr_assert_eq(gw_xml_line(&x, c), 3);
    cr_assert_eq(gw_xml_byte(&x, c), (size_t)(strstr(text, "<c>") - text));
    gw_xml_path(&x, c, path, sizeof path);
    cr_assert_str_eq(path, "/a/b[2]/c");
    gw_xml_path(&x, c, path, 6);
    cr_assert_str_eq(path, "/c");
    cr_assert_eq(gw_xml_refuse(&x, c, GW_RANGE, "rule", GW_LIT("v"), &report), GW_RANGE);
    cr_assert_eq(report.segment, 3);
    cr_assert_eq(report.fault.at, gw_xml_byte(&x, c));
    cr_assert_str_eq(report.detail, "/a/b[2]/c: \"v\"");
    gw_xml_note(&x, c, "noted", gw_slice(NULL, 0), &report);
    cr_assert_eq(report.finding_count, 1);
    cr_assert_str_eq(report.findings[0].detail, "/a/b[2]/c");
}

Test(xml_doc, a_long_value_is_cut_between_characters)
{
    cr_assert_eq(read_text("<a/>"), GW_OK);
    struct gw_slice value = gw_slice_str("0123456789012345678901234567890\xD0\x90");
    (void)gw_xml_refuse(&x, 1, GW_RANGE, "rule", value, &report);
    cr_assert_str_eq(report.detail, "/a: \"0123456789012345678901234567890\"");
}

Test(xml_doc, eight_bit_encodings_come_out_as_utf8)
{
    cr_assert_eq(read_text("<?xml version='1.0' encoding='windows-1251'?><a>"
                           "\xC0\xEA\xF2\xE0\xF3</a>"),
                 GW_OK);
    expect(gw_xml_text(&x, 1, ""), "Актау");
    cr_assert_eq(read_text("\xEF\xBB\xBF<?xml version='1.0'?><a>Ə</a>"), GW_OK);
    expect(gw_xml_text(&x, 1, ""), "Ə");
}

/* What is no XML, or none that is let in. */
Test(xml_doc, refuses_with_rule_and_place)
{
    static const struct {
        const char *text, *rule;
        enum gw_error code;
    } cases[] = {
        {"", "an XML document", GW_FORMAT},
        {"no markup", "an XML document", GW_FORMAT},
        {"<!-- only -->", "an XML document", GW_FORMAT},
        {"<a>", "well-formed XML", GW_FORMAT},
        {"<a></b>", "well-formed XML", GW_FORMAT},
        {"<a/><b/>", "well-formed XML", GW_FORMAT},
        {"<a b='1' b='2'/>", "well-formed XML", GW_FORMAT},
        {"<a>&undeclared;</a>", "well-formed XML", GW_FORMAT},
        {"<a>\x01</a>", "well-formed XML", GW_FORMAT},
        {"<a>\xC0\x80</a>", "well-formed XML", GW_FORMAT},
        {"<!DOCTYPE a><a/>", "no DOCTYPE", GW_FORMAT},
        {"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "no DOCTYPE",
         GW_FORMAT},
        {"<!DOCTYPE a SYSTEM 'http://localhost/x.dtd'><a/>", "no DOCTYPE", GW_FORMAT},
        {"<?xml version='1.0' encoding='UTF-7'?><a/>", "character encoding", GW_FORMAT},
        {"<?xml version='1.0' encoding='UTF-16'?><a/>", "character encoding", GW_FORMAT},
        {"\xFF\xFE<", "character encoding", GW_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum gw_error e = read_text(cases[i].text);
        cr_assert_eq(e, cases[i].code, "%s: %d", cases[i].text, (int)e);
        cr_assert_str_eq(report.fault.rule, cases[i].rule, "%s", cases[i].text);
        cr_assert_leq(report.fault.at, strlen(cases[i].text));
        cr_assert_eq(x.used, 0);
    }
    cr_assert_eq(read_text("<a>\n<b>\n</c></a>"), GW_FORMAT);
    cr_assert_eq(report.segment, 3);
}

Test(xml_doc, a_billion_laughs_are_not_heard)
{
    cr_assert_eq(read_text("<?xml version='1.0'?>\n<!DOCTYPE l [<!ENTITY a 'ha'>"
                           "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
                           "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><l>&c;</l>"),
                 GW_FORMAT);
    cr_assert_str_eq(report.fault.rule, "no DOCTYPE");
    cr_assert_eq(report.segment, 2);
    cr_assert_eq(x.texts.len, 0);
}

/* ---- bounds ---- */

static char *repeat(const char *head, const char *piece, size_t times, const char *tail)
{
    size_t n = strlen(piece), at = strlen(head);
    char *s = malloc(at + n * times + strlen(tail) + 1);
    memcpy(s, head, at);
    for (size_t i = 0; i < times; i++, at += n)
        memcpy(s + at, piece, n);
    memcpy(s + at, tail, strlen(tail) + 1);
    return s;
}

static void refused(char *text, enum gw_error code, const char *rule)
{
    enum gw_error e = read_text(text);
    cr_assert_eq(e, code, "%s: %d", rule, (int)e);
    cr_assert_str_eq(report.fault.rule, rule);
    free(text);
}

Test(xml_doc, depth_elements_attributes_tags_and_bytes_are_bounded)
{
    refused(repeat("", "<a>", 100000, ""), GW_DEPTH, "depth of elements");
    refused(repeat("<r>", "<a/>", 600000, "</r>"), GW_ELEMENTS, "number of elements");
    refused(repeat("<r ", "a='' ", 65, "/>"), GW_ELEMENTS, "attributes of one element");
    refused(repeat("<r a='", "xxxxxxxxxx", 7000, "'/>"), GW_EVENT_SIZE,
            "bytes of one tag");
    refused(repeat("<r a='", "xxxxxxxxxx", 7000, ""), GW_EVENT_SIZE, "bytes of one tag");
    refused(repeat("<r>", "xxxxxxxxxxxxxxxx", (16u << 16) + 1, "</r>"), GW_EVENT_SIZE,
            "size of the document");
    char *text = repeat("<r>", "<a>", 62, "");
    char *whole = repeat(text, "</a>", 62, "</r>");
    cr_assert_eq(read_text(whole), GW_OK);
    free(text);
    free(whole);
}

Test(xml_doc, a_large_text_and_a_second_document_are_read)
{
    char *text = repeat("<r><t>", "0123456789", 100000, "</t></r>");
    cr_assert_eq(read_text(text), GW_OK);
    cr_assert_eq(gw_xml_text(&x, 1, "t").len, 1000000);
    free(text);
    cr_assert_eq(read_text("<b>2</b>"), GW_OK);
    cr_assert_eq(x.used, 1);
    expect(gw_xml_text(&x, 1, ""), "2");
}

Test(xml_doc, escapes_what_it_writes)
{
    struct gw_buf out;
    gw_buf_init(&out, 256);
    gw_xml_escape(&out, GW_LIT("<a b=\"c&d\">\x01\n\xD0\x90"));
    cr_assert_str_eq(gw_buf_text(&out), "&lt;a b=&quot;c&amp;d&quot;&gt;?\n\xD0\x90");
    gw_buf_deinit(&out);
}
