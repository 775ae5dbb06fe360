/* test_identity.c - the same message gives the same ids, another one others. */
#include "adapters/edifact/edifact.h"
#include "../kit/codec.h"

static struct codec c;

static void setup(void)
{
    codec_open(&c, &gw_adapter_edifact);
}

static void teardown(void)
{
    codec_close(&c);
}

TestSuite(edifact_identity, .init = setup, .fini = teardown);

/* The ids of a text's events, a blank behind each. */
static void ids_of(const char *text, char *out, size_t size)
{
    struct gw_tree t;
    *out = 0;
    cr_assert_eq(codec_decode(&c, gw_slice_str(text)), GW_OK, "%s\n%s", text,
                 c.report.fault.rule);
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    for (uint32_t i = 0; i < c.events.count; i++) {
        size_t used, n = strlen(out);
        uint32_t root;
        struct gw_fault fault;
        cr_assert_eq(gw_tree_read(&t, gw_events_at(&c.events, i), &used, &root, &fault),
                     GW_OK);
        struct gw_slice id = gw_tree_str(&t, root, "id");
        cr_assert_gt(id.len, 20);
        (void)snprintf(out + n, size - n, "%.*s ", (int)id.len, (const char *)id.at);
    }
    gw_tree_deinit(&t);
}

#define UNB  "UNB+UNOA:2+AKTAUTERM+LINEHUB+260412:0930+G0417'"
#define UNH  "UNH+1+CODECO:D:95B:UN:SMDG16'"
#define HEAD "BGM+34+GI-1+9'NAD+CF+CSL:172:20'"
#define ONE  "EQD+CN+CSQU3054383+22G1:102:5++2+5'DTM+7:202604120830:203'"
#define TWO  "FTX+AAI+++it?'s fine'EQD+CN+MSKU9070323+22G1:102:5++2+5'"
#define TAIL "CNT+16:2'UNT+8+1'"
#define BODY UNH HEAD ONE TWO TAIL
#define UNZ  "UNZ+1+G0417'"

Test(edifact_identity, the_dress_of_a_message_is_not_its_name)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"no UNZ", UNB BODY},
        {"a UNZ that counts wrong", UNB BODY "UNZ+7+X'"},
        {"service string advice", "UNA:+.? '" UNB BODY UNZ},
        {"line ends", "UNB+UNOA:2+AKTAUTERM+LINEHUB+260412:0930+G0417'\r\n" UNH
                      "\nBGM+34+GI-1+9'\nNAD+CF+CSL:172:20'\n\n" ONE "\n" TWO "\n" TAIL
                      "\r\n" UNZ "\n"},
        {"a UNT that counts wrong", UNB UNH HEAD ONE TWO "CNT+16:2'UNT+99+1'" UNZ},
        {"blanks around and nothing behind",
         UNB "UNH+1+CODECO:D:95B:UN:SMDG16'BGM+34+GI-1 +9++'NAD+CF+CSL:172:20:::'" ONE TWO
             TAIL UNZ},
        {"another character set announced",
         "UNB+UNOC:3+AKTAUTERM+LINEHUB+260412:0930+G0417'" BODY UNZ},
        {"other separators",
         "UNA#*.? ~UNB*UNOA#2*AKTAUTERM*LINEHUB*260412#0930*G0417~UNH*1*CODECO#D#95B#UN#"
         "SMDG16~BGM*34*GI-1*9~NAD*CF*CSL#172#20~EQD*CN*CSQU3054383*22G1#102#5**2*5~DTM*"
         "7#202604120830#203~FTX*AAI***it's fine~EQD*CN*MSKU9070323*22G1#102#5**2*5~CNT*"
         "16#2~UNT*8*1~UNZ*1*G0417~"},
        {"a mail header before it", "Subject: gate\n\n" UNB BODY UNZ},
    };
    char want[1024], got[1024], *lines;
    ids_of(UNB BODY UNZ, want, sizeof want);
    lines = strdup(codec_lines(&c));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ids_of(rows[i].text, got, sizeof got);
        cr_expect_str_eq(got, want, "%s", rows[i].name);
        /* in all, as a receiver compares them; but for a doubt about its trailer */
        if (!strstr(rows[i].text, "UNT+99"))
            cr_expect_str_eq(codec_lines(&c), lines, "%s", rows[i].name);
    }
    free(lines);
}

Test(edifact_identity, what_it_is_and_what_it_says_are)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"another sender", "UNB+UNOA:2+BAKUTERM+LINEHUB+260412:0930+G0417'" BODY UNZ},
        {"another recipient", "UNB+UNOA:2+AKTAUTERM+HUB2+260412:0930+G0417'" BODY UNZ},
        {"the next reference",
         "UNB+UNOA:2+AKTAUTERM+LINEHUB+260412:0930+G0418'" BODY UNZ},
        {"a reference that began anew the next day",
         "UNB+UNOA:2+AKTAUTERM+LINEHUB+260413:0930+G0417'" BODY UNZ},
        {"the next message reference",
         UNB "UNH+2+CODECO:D:95B:UN:SMDG16'" HEAD ONE TWO TAIL UNZ},
        {"all references the same, another container",
         UNB UNH HEAD "EQD+CN+CSQU3054399+22G1:102:5++2+5'" TWO TAIL UNZ},
        {"an empty element before a value",
         UNB UNH "BGM+34++GI-1+9'NAD+CF+CSL:172:20'" ONE TWO TAIL UNZ},
        {"a separator that is text",
         UNB UNH "BGM+34+GI-1+9'NAD+CF+CSL?:172:20'" ONE TWO TAIL UNZ},
        {"no UNB", BODY},
    };
    char first[1024], got[1024];
    ids_of(UNB BODY UNZ, first, sizeof first);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ids_of(rows[i].text, got, sizeof got);
        cr_expect_str_neq(got, first, "%s", rows[i].name);
    }
}

/* The same text in UTF-8, and in Windows-1251 under a set that has no such letters. */
Test(edifact_identity, the_character_set_is_dress)
{
    char utf8[1024], cp1251[1024];
    ids_of(UNB UNH "BGM+34+GI-1+9'NAD+CN+++\xD0\x9F\xD0\xBE\xD0\xBB\xD1\x83\xD1\x87"
                   "\xD0\xB0\xD1\x82'" ONE "UNT+5+1'" UNZ,
           utf8, sizeof utf8);
    ids_of(UNB UNH "BGM+34+GI-1+9'NAD+CN+++\xCF\xEE\xEB\xF3\xF7\xE0\xF2'" ONE
                   "UNT+5+1'" UNZ,
           cp1251, sizeof cp1251);
    cr_expect_str_eq(utf8, cp1251);
}

Test(edifact_identity, within_one_input_too)
{
    static const struct {
        const char *name, *text;
        uint32_t events;
    } rows[] = {
        {"sent twice, the second time without UNZ", UNB BODY UNZ "\n" UNB BODY, 2},
        {"sent twice, in lines", UNB BODY UNZ UNB "\n" UNH "\n" HEAD ONE TWO TAIL UNZ, 2},
        {"two days, one reference",
         UNB BODY UNZ "UNB+UNOA:2+AKTAUTERM+LINEHUB+260413:0930+G0417'" BODY UNZ, 4},
        {"one reference, two contents",
         UNB BODY UNZ UNB UNH HEAD "EQD+CN+CSQU3054399+22G1:102:5++2+5'" TAIL UNZ, 3},
        {"two messages of one reference and content", UNB BODY BODY "UNZ+2+G0417'", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert_eq(codec_decode(&c, gw_slice_str(rows[i].text)), GW_OK, "%s",
                     rows[i].name);
        cr_expect_eq(c.events.count, rows[i].events, "%s: %u", rows[i].name,
                     (unsigned)c.events.count);
    }
}
