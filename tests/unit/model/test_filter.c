/* test_filter.c - SUBSCRIBE bodies, from the wire and from words, and what they match. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "model/filter_clause.h"
#include "model/shape.h"

#define BYTES(bytes)                                                                     \
    {                                                                                    \
        (const uint8_t *)("" bytes), sizeof bytes - 1                                    \
    }

/* An event as routing sees it: loaded at Aktau by sea. */
static struct gw_facts facts(void)
{
    struct gw_facts f = {.operator= GW_LIT("aktau-port"),
                         .place = {.node = GW_LIT("kz-aktau-port"),
                                   .unlocode = GW_LIT("KZAAU"),
                                   .country = GW_LIT("KZ")},
                         .equipment_count = 2,
                         .equipment = {GW_LIT("CSQU3054383"), GW_LIT("MSCU1234566")},
                         .from = {.country = GW_LIT("CN"), .unlocode = GW_LIT("CNALK")},
                         .to = {.country = GW_LIT("AZ"), .node = GW_LIT("az-baku-port")},
                         .lat = 43.6,
                         .lon = 51.2,
                         .located = true,
                         .kinds = 1,
                         .party_count = 2,
                         .party_role = {3, 0xFF},
                         .party = {GW_LIT("silk-freight"), GW_LIT("A:B")},
                         .reference_count = 2,
                         .scheme = {GW_LIT("booking"), GW_LIT("")},
                         .reference = {GW_LIT("BKG7741902"), GW_LIT("X:Y")}};
    f.type = (uint8_t)gw_words_find(&gw_event_types, GW_LIT("load"));
    f.mode = (uint8_t)gw_words_find(&gw_modes, GW_LIT("sea"));
    return f;
}

/* A filter from words such as {"type=load", "country=KZ"}. */
static struct gw_filter *filter(const char *const *terms, size_t count)
{
    struct gw_buf body;
    struct gw_text why;
    struct gw_start_at start;
    struct gw_filter *f;
    struct gw_fault fault = {0};
    gw_buf_init(&body, 1 << 16);
    cr_assert_eq(gw_subscribe_body(NULL, terms, count, &body, &why), GW_OK, "%s", why.s);
    cr_assert_eq(gw_filter_read(gw_buf_bytes(&body), &f, &start, &fault), GW_OK, "%s",
                 fault.rule);
    cr_assert_eq(start.kind, GW_START_CURSOR);
    gw_buf_deinit(&body);
    return f;
}

Test(filter, every_field_matches_and_does_not)
{
    static const struct {
        const char *terms[3];
        bool match;
    } cases[] = {
        {{NULL}, true},
        {{"type=load"}, true},
        {{"type=discharge,load"}, true},
        {{"type=discharge"}, false},
        {{"mode=sea"}, true},
        {{"mode=rail"}, false},
        {{"operator=aktau-port"}, true},
        {{"operator=aktau"}, false},
        {{"location=kz-aktau-port"}, true},
        {{"location=KZAAU"}, true},
        {{"location=KZ"}, false},
        {{"country=KZ"}, true},
        {{"country=AZ,GE"}, false},
        {{"equipment=MSCU1234566"}, true},
        {{"equipment=MSCU*"}, true},
        {{"equipment=AAAA*,CS*"}, true},
        {{"equipment=*"}, true},
        {{"equipment=MSCU"}, false},
        {{"equipment=SCU*"}, false},
        {{"equipment=MSCU12345667*"}, false},
        {{"consignment=BKG7741902"}, true},
        {{"consignment=booking:BKG7741902"}, true},
        {{"consignment=X:Y"}, true},
        {{"consignment=waybill:BKG7741902"}, false},
        {{"consignment=booking:"}, false},
        {{"class=planned"}, true}, /* 0 in these facts */
        {{"class=actual,reported"}, false},
        {{"subject=equipment"}, true},
        {{"subject=document"}, false},
        {{"kind=container"}, true},
        {{"kind=wagon,truck"}, false},
        {{"from=CN"}, true},
        {{"from=CNALK"}, true},
        {{"from=AZ"}, false},
        {{"to=az-baku-port"}, true},
        {{"to=GE,AZ"}, true},
        {{"to=CN"}, false},
        {{"party=silk-freight"}, true},
        {{"party=consignee:silk-freight"}, true},
        {{"party=notify:silk-freight"}, false},
        {{"party=A:B"}, true},
        {{"party=silk"}, false},
        {{"area=36/46/47/54"}, true},
        {{"area=43.6/51.2/43.6/51.2"}, true},
        {{"area=36/46/43.5/54"}, false},
        {{"area=-90/170/90/-170"}, false},
        {{"area=-90/50/90/-170"}, true}, /* across the date line */
        {{"country=AZ", "or", "type=load"}, true},
        {{"country=AZ", "or", "type=discharge"}, false},
        {{"type=load", "country=KZ"}, true},
        {{"type=load", "country=AZ"}, false},
        {{"type=discharge", "type=load"}, true}, /* the same field again adds values */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = 0;
        struct gw_facts event = facts();
        while (n < 3 && cases[i].terms[n])
            n++;
        struct gw_filter *f = filter(cases[i].terms, n);
        cr_expect_eq(gw_filter_match(f, &event), cases[i].match, "%s %s",
                     n ? cases[i].terms[0] : "(empty)", n > 1 ? cases[i].terms[1] : "");
        gw_filter_free(f);
    }
}

Test(filter, an_event_without_the_field_does_not_match)
{
    static const char *const terms[] = {"mode=sea",   "operator=a",  "location=KZAAU",
                                        "country=KZ", "equipment=*", "consignment=B"};
    struct gw_facts bare = {.type = 0, .mode = 0xFF};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct gw_filter *f = filter(&terms[i], 1);
        cr_expect_not(gw_filter_match(f, &bare), "%s", terms[i]);
        gw_filter_free(f);
    }
    struct gw_filter *all = filter(NULL, 0);
    cr_expect(gw_filter_match(all, &bare));
    gw_filter_free(all);
    gw_filter_free(NULL);
}

Test(filter, many_values_are_found)
{
    char words[255][24];
    const char *terms[255];
    struct gw_facts event = facts();
    for (int i = 0; i < 255; i++) {
        snprintf(words[i], sizeof words[i], "equipment=ABCU%07d", (i * 7919) % 255);
        terms[i] = words[i];
    }
    struct gw_filter *f = filter(terms, 255);
    for (int i = 0; i < 255; i++) {
        char id[16];
        snprintf(id, sizeof id, "ABCU%07d", i);
        event.equipment[1] = gw_slice_str(id);
        cr_expect(gw_filter_match(f, &event), "%s", id);
    }
    event.equipment[1] = GW_LIT("ABCU0000255");
    cr_expect_not(gw_filter_match(f, &event));
    gw_filter_free(f);
}

Test(filter, the_canonical_form_is_sorted_without_repeats_and_stays_the_same)
{
    static const char *const terms[] = {"equipment=B*,A,C,B*",
                                        "type=load,discharge,load"};
    static const char want[] = "\x82\xa4type\x92\xa9"
                               "discharge\xa4load"
                               "\xa9"
                               "equipment\x93\xa1"
                               "A\xa1"
                               "C\xa2"
                               "B*";
    struct gw_buf first, second;
    struct gw_filter *f = filter(terms, 2), *again;
    struct gw_start_at start;
    gw_buf_init(&first, 1000);
    gw_buf_init(&second, 1000);
    gw_buf_str(&first, "\x81\xa6"
                       "filter");
    cr_assert_eq(gw_filter_write(f, &first), GW_OK);
    cr_assert(gw_slice_eq(gw_slice(first.at + 8, first.len - 8),
                          gw_slice(want, sizeof want - 1)));
    cr_assert_eq(gw_filter_read(gw_buf_bytes(&first), &again, &start, NULL), GW_OK);
    cr_assert_eq(gw_filter_write(again, &second), GW_OK);
    cr_assert(gw_slice_eq(gw_buf_bytes(&second), gw_slice(want, sizeof want - 1)));
    gw_filter_free(f);
    gw_filter_free(again);
    gw_buf_deinit(&first);
    gw_buf_deinit(&second);
}

Test(filter, starts_on_the_wire)
{
    static const struct {
        const char *name;
        struct gw_slice body;
        enum gw_error e;
        enum gw_start kind;
        uint64_t seq;
        int64_t time;
    } cases[] = {
        {"no body", {NULL, 0}, GW_OK, GW_START_CURSOR, 0, 0},
        {"empty map", BYTES("\x80"), GW_OK, GW_START_CURSOR, 0, 0},
        {"earliest",
         BYTES("\x81\xa5start\xa8"
               "earliest"),
         GW_OK, GW_START_EARLIEST, 0, 0},
        {"latest", BYTES("\x81\xa5start\xa6latest"), GW_OK, GW_START_LATEST, 0, 0},
        {"seq", BYTES("\x81\xa5start\x81\xa3seq\x11"), GW_OK, GW_START_SEQ, 17, 0},
        {"time", BYTES("\x81\xa5start\x81\xa4time\xd1\xff\x00"), GW_OK, GW_START_TIME, 0,
         -256},
        {"unknown key beside it", BYTES("\x82\xa1x\x92\x01\xc0\xa5start\xa6latest"),
         GW_OK, GW_START_LATEST, 0, 0},
        {"unknown word", BYTES("\x81\xa5start\xa5never"), GW_START, 0, 0, 0},
        {"a number", BYTES("\x81\xa5start\x05"), GW_START, 0, 0, 0},
        {"negative seq", BYTES("\x81\xa5start\x81\xa3seq\xff"), GW_START, 0, 0, 0},
        {"seq as text",
         BYTES("\x81\xa5start\x81\xa3seq\xa1"
               "1"),
         GW_START, 0, 0, 0},
        {"two keys", BYTES("\x81\xa5start\x82\xa3seq\x01\xa4time\x01"), GW_START, 0, 0,
         0},
        {"empty start", BYTES("\x81\xa5start\x80"), GW_START, 0, 0, 0},
        {"twice", BYTES("\x82\xa5start\xa6latest\xa5start\xa6latest"), GW_FILTER, 0, 0,
         0},
        {"bytes behind", BYTES("\x80\xc0"), GW_FILTER, 0, 0, 0},
        {"no map", BYTES("\x90"), GW_FILTER, 0, 0, 0},
        {"key no string", BYTES("\x81\x01\x01"), GW_FILTER, 0, 0, 0},
        {"cut", BYTES("\x81\xa1x\x92\x01"), GW_FILTER, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_filter *f;
        struct gw_start_at start;
        struct gw_fault fault = {0};
        cr_expect_eq(gw_filter_read(cases[i].body, &f, &start, &fault), cases[i].e, "%s",
                     cases[i].name);
        if (cases[i].e) {
            cr_expect_null(f, "%s", cases[i].name);
            cr_expect_eq(fault.code, cases[i].e, "%s", cases[i].name);
            cr_expect_leq(fault.at, cases[i].body.len, "%s", cases[i].name);
        } else {
            cr_expect_eq(start.kind, cases[i].kind, "%s", cases[i].name);
            cr_expect_eq(start.seq, cases[i].seq, "%s", cases[i].name);
            cr_expect_eq(start.time, cases[i].time, "%s", cases[i].name);
        }
        gw_filter_free(f);
    }
}

#define F                                                                                \
    "\x81\xa6"                                                                           \
    "filter"

Test(filter, bad_filters_are_refused)
{
    static const struct {
        const char *name;
        struct gw_slice body;
        enum gw_error e;
        size_t at;
        const char *field;
    } cases[] = {
        {"not a map", BYTES(F "\x05"), GW_FILTER, 8, ""},
        {"unknown field",
         BYTES(F "\x81\xa6"
                 "colour\x91\xa3red"),
         GW_FILTER_FIELD, 9, ""},
        {"field twice", BYTES(F "\x82\xa4type\x91\xa4load\xa4type\x91\xa4load"),
         GW_FILTER, 20, "type"},
        {"field no string", BYTES(F "\x81\x01\x91\xa4load"), GW_FILTER, 9, ""},
        {"a bare value", BYTES(F "\x81\xa4type\xa4load"), GW_FILTER, 14, "type"},
        {"no values", BYTES(F "\x81\xa4type\x90"), GW_FILTER, 14, "type"},
        {"an empty value", BYTES(F "\x81\xa8operator\x91\xa0"), GW_FILTER, 19,
         "operator"},
        {"a value no string", BYTES(F "\x81\xa4type\x91\x05"), GW_FILTER, 15, "type"},
        {"unknown type",
         BYTES(F "\x81\xa4type\x92\xa4load\xa4"
                 "loud"),
         GW_UNKNOWN_CODE, 20, "type"},
        {"unknown mode",
         BYTES(F "\x81\xa4mode\x91\xa5"
                 "camel"),
         GW_UNKNOWN_CODE, 15, "mode"},
        {"small country",
         BYTES(F "\x81\xa7"
                 "country\x91\xa2kz"),
         GW_FILTER, 18, "country"},
        {"long country",
         BYTES(F "\x81\xa7"
                 "country\x91\xa3KAZ"),
         GW_FILTER, 18, "country"},
        {"not UTF-8",
         BYTES(F "\x81\xa8operator\x91\xa2"
                 "a\xff"),
         GW_FILTER, 20, "operator"},
        {"no clauses", BYTES(F "\x90"), GW_FILTER, 8, ""},
        {"a clause no map", BYTES(F "\x92\x80\x05"), GW_FILTER, 10, ""},
        {"a bad second clause", BYTES(F "\x92\x80\x81\xa4type\x91\xa4loud"),
         GW_UNKNOWN_CODE, 17, "type"},
        {"seventeen clauses",
         BYTES(F "\xdc\x00\x11\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"
                 "\x80\x80\x80"),
         GW_FILTER, 27, ""},
        {"absurd map", BYTES(F "\xdf\xff\xff\xff\xff\xa4type"), GW_FILTER, 8, ""},
        {"absurd array", BYTES(F "\x81\xa4type\xdd\xff\xff\xff\xff\xa4load"), GW_FILTER,
         14, "type"},
        {"cut value",
         BYTES(F "\x81\xa4type\x92\xa4load\xa4"
                 "dis"),
         GW_FILTER, 20, "type"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_filter *f;
        struct gw_start_at start;
        struct gw_fault fault = {0};
        cr_expect_eq(gw_filter_read(cases[i].body, &f, &start, &fault), cases[i].e, "%s",
                     cases[i].name);
        cr_expect_null(f, "%s", cases[i].name);
        cr_expect_eq(fault.at, cases[i].at, "%s: at %zu", cases[i].name, fault.at);
        cr_expect_str_eq(fault.field, cases[i].field, "%s", cases[i].name);
        gw_filter_free(f);
    }
}

/* {"filter":{"operator":[ n times "v" of `len` bytes ]}} */
static enum gw_error with_values(unsigned n, size_t len)
{
    struct gw_buf b;
    struct gw_filter *f;
    struct gw_start_at start;
    gw_buf_init(&b, 1 << 20);
    gw_buf_str(&b, F "\x81\xa8operator\xdc");
    gw_buf_byte(&b, (uint8_t)(n >> 8));
    gw_buf_byte(&b, (uint8_t)n);
    for (unsigned i = 0; i < n; i++) {
        gw_buf_byte(&b, 0xd9);
        gw_buf_byte(&b, (uint8_t)len);
        for (size_t k = 0; k < len; k++)
            gw_buf_byte(&b, 'v');
    }
    enum gw_error e = gw_filter_read(gw_buf_bytes(&b), &f, &start, NULL);
    gw_filter_free(f);
    gw_buf_deinit(&b);
    return e;
}

Test(filter, bounds)
{
    cr_expect_eq(with_values(256, 64), GW_OK);
    cr_expect_eq(with_values(257, 1), GW_FILTER);
    cr_expect_eq(with_values(1, 65), GW_FILTER);
}

Test(filter, starts_in_words)
{
    static const struct {
        const char *text;
        enum gw_error e;
        struct gw_start_at at;
    } cases[] = {
        {"cursor", GW_OK, {.kind = GW_START_CURSOR}},
        {"earliest", GW_OK, {.kind = GW_START_EARLIEST}},
        {"seq:17", GW_OK, {.kind = GW_START_SEQ, .seq = 17}},
        {"time:1795439100000",
         GW_OK,
         {.kind = GW_START_TIME, .time = INT64_C(1795439100000)}},
        {"time:2026-11-24T00:00:00Z",
         GW_OK,
         {.kind = GW_START_TIME, .time = INT64_C(1795478400000)}},
        {"time:2026-11-24",
         GW_OK,
         {.kind = GW_START_TIME, .time = INT64_C(1795478400000)}},
        {"time:2026-11-24T01:02Z",
         GW_OK,
         {.kind = GW_START_TIME, .time = INT64_C(1795482120000)}},
        {"time:2026-11-24T00:00:01.250Z",
         GW_OK,
         {.kind = GW_START_TIME, .time = INT64_C(1795478401250)}},
        {"", GW_START, {0}},
        {"seq:", GW_START, {0}},
        {"seq:-1", GW_START, {0}},
        {"seq:18446744073709551616", GW_START, {0}},
        {"time:", GW_START, {0}},
        {"time:yesterday", GW_START, {0}},
        {"time:2026-02-30", GW_START, {0}},
        {"time:2026-11-24T25:00:00Z", GW_START, {0}},
        {"time:2026-11-24T00:00:00", GW_START, {0}},
        {"time:2026-11-24T00:00:00+05:00", GW_START, {0}},
        {"time:2026-11-24T00:00:00Zz", GW_START, {0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_buf body;
        struct gw_text why = {""};
        struct gw_start_at at;
        struct gw_filter *f = NULL;
        gw_buf_init(&body, 1000);
        cr_expect_eq(gw_subscribe_body(cases[i].text, NULL, 0, &body, &why), cases[i].e,
                     "%s", cases[i].text);
        cr_expect_eq(why.s[0] != 0, cases[i].e != GW_OK, "%s: words exactly on error",
                     cases[i].text);
        if (!cases[i].e) {
            cr_expect_eq(gw_filter_read(gw_buf_bytes(&body), &f, &at, NULL), GW_OK);
            cr_expect_eq(at.kind, cases[i].at.kind, "%s", cases[i].text);
            cr_expect_eq(at.seq, cases[i].at.seq, "%s", cases[i].text);
            cr_expect_eq(at.time, cases[i].at.time, "%s: %lld", cases[i].text,
                         (long long)at.time);
        }
        gw_filter_free(f);
        gw_buf_deinit(&body);
    }
}

Test(filter, wrong_words_are_named)
{
    static const struct {
        const char *term, *word;
        enum gw_error e;
    } cases[] = {
        {"colour=red", "colour", GW_FILTER_FIELD},
        {"country=QX", "ISO 3166", GW_UNKNOWN_CODE},
        {"from=QX", "ISO 3166", GW_UNKNOWN_CODE},
        {"class=sure", "sure", GW_UNKNOWN_CODE},
        {"area=1/2/3", "south", GW_FILTER},
        {"area=40/46/36/54", "south first", GW_FILTER},
        {"area=36/46/91/54", "south", GW_FILTER},
        {"area=36/46/nan/54", "south", GW_FILTER},
        {"area=36/46/1e1/54", "south", GW_FILTER},
        {"area=36/46/47/54/1", "south", GW_FILTER},
        {"or", "or", GW_FILTER_FIELD},
        {"type", "type", GW_FILTER},
        {"type=", "type", GW_FILTER},
        {"type=loud", "loud", GW_UNKNOWN_CODE},
        {"=", "no filter field", GW_FILTER_FIELD},
        {"type=load,,discharge", "type", GW_FILTER},
        {"country=kz", "capital", GW_FILTER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_buf body;
        struct gw_text why = {""};
        gw_buf_init(&body, 1000);
        cr_expect_eq(gw_subscribe_body(NULL, &cases[i].term, 1, &body, &why), cases[i].e,
                     "%s", cases[i].term);
        cr_expect_not_null(strstr(why.s, cases[i].word), "%s: %s", cases[i].term, why.s);
        gw_buf_deinit(&body);
    }
}

Test(filter, alternatives_keep_their_form)
{
    static const char *const terms[] = {"type=load", "area=36/46/47/54", "or",
                                        "equipment=B*,A"};
    struct gw_buf first, second;
    struct gw_filter *f = filter(terms, 4), *again;
    gw_buf_init(&first, 1000);
    gw_buf_init(&second, 1000);
    cr_assert_eq(gw_filter_write(f, &first), GW_OK);
    cr_assert_eq(first.at[0], 0x92);
    cr_assert_eq(gw_filter_read_bare(gw_buf_bytes(&first), &again, NULL), GW_OK);
    cr_assert_eq(gw_filter_write(again, &second), GW_OK);
    cr_expect(gw_slice_eq(gw_buf_bytes(&first), gw_buf_bytes(&second)));
    gw_filter_free(f);
    gw_filter_free(again);
    gw_buf_deinit(&first);
    gw_buf_deinit(&second);
}

Test(filter, what_a_set_covers)
{
    static const struct {
        const char *set, *value;
        int field;
        bool covers;
    } cases[] = {
        {"country=KZ,AZ", "AZ", GW_BY_COUNTRY, true},
        {"country=KZ,AZ", "GE", GW_BY_COUNTRY, false},
        {"equipment=MSCU*", "MSCU1234566", GW_BY_EQUIPMENT, true},
        {"equipment=MSCU*", "MSCU12*", GW_BY_EQUIPMENT, true},
        {"equipment=MSCU*", "MSC*", GW_BY_EQUIPMENT, false},
        {"equipment=MSCU1", "MSCU1*", GW_BY_EQUIPMENT, false},
        {"area=36/46/47/54", "40/47/41/48", GW_BY_AREA, true},
        {"area=36/46/47/54", "40/47/41/55", GW_BY_AREA, false},
        {"area=36/170/47/-170", "40/-175/41/-171", GW_BY_AREA, true},
        {"area=36/170/47/-170", "40/-175/41/175", GW_BY_AREA, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_filter *f = filter(&cases[i].set, 1);
        cr_expect_eq(gw_set_covers((enum gw_filter_field)cases[i].field,
                                   &f->clauses[0].sets[cases[i].field],
                                   gw_slice_str(cases[i].value)),
                     cases[i].covers, "%s of %s", cases[i].value, cases[i].set);
        gw_filter_free(f);
    }
}

/* ---- live events ---- */

static bool asks_for_live(struct gw_slice body)
{
    struct gw_filter *f = NULL;
    struct gw_start_at at;
    cr_assert_eq(gw_filter_read(body, &f, &at, NULL), GW_OK);
    gw_filter_free(f);
    return at.live;
}

static enum gw_error in_words(const char *const *terms, size_t count, struct gw_buf *out)
{
    struct gw_text why;
    gw_buf_reset(out);
    return gw_subscribe_body("latest", terms, count, out, &why);
}

Test(filter, live_events_are_asked_for_and_stay_asked_for)
{
    static const char *const live[] = {"type=position", "live=true"};
    static const char *const alternatives[] = {"type=position", "or", "live=true"};
    static const char *const not_live[] = {"live=false", "type=position"};
    struct gw_filter *f = NULL;
    struct gw_start_at at;
    struct gw_fault fault = {0};
    struct gw_buf body, again;
    gw_buf_init(&body, 4096);
    gw_buf_init(&again, 4096);
    cr_assert_eq(in_words(live, 2, &body), GW_OK);
    cr_expect(asks_for_live(gw_buf_bytes(&body)));
    cr_assert_eq(gw_subscribe_from(gw_buf_bytes(&body), 17, &again), GW_OK);
    cr_expect(asks_for_live(gw_buf_bytes(&again)));
    cr_assert_eq(in_words(live + 1, 1, &body), GW_OK);
    cr_expect(asks_for_live(gw_buf_bytes(&body)));
    cr_assert_eq(in_words(not_live, 2, &body), GW_OK);
    cr_expect_not(asks_for_live(gw_buf_bytes(&body)));
    cr_expect_eq(in_words(alternatives, 3, &body), GW_FILTER); /* it would match everything */
    cr_expect_eq(gw_filter_read(GW_LIT("\x81\xa4live\x01"), &f, &at, &fault), GW_START);
    cr_expect_str_eq(fault.field, "live");
    cr_expect_eq(gw_filter_read(GW_LIT("\x82\xa4live\xc3\xa4live\xc3"), &f, &at, &fault),
                 GW_FILTER);
    gw_buf_deinit(&body);
    gw_buf_deinit(&again);
}
