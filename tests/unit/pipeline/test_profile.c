/* test_profile.c - stage 3 with profiles: every operation on an operator's words, what it
 * notes and what it refuses. */
#include "conf/profile_file.h"
#include "pipeline/units.h"
#include "unit/pipeline/stages.h"

static struct stages s;
static struct gw_places *places;

static void begin(void)
{
    stages_init(&s);
    places = stages_places();
}

static void end(void)
{
    stages_deinit(&s);
    gw_places_free(places);
}

TestSuite(profile, .init = begin, .fini = end);

/* What every profile here has: a type, a class and a time, unless `yaml` says otherwise.
 */
static struct gw_profile *compile(const char *yaml)
{
    static char text[8192];
    struct gw_profile *p = NULL;
    struct gw_complaint c = {0};
    (void)snprintf(text, sizeof text, "name: p\n%s", yaml);
    cr_assert_eq(gw_profile_parse(&p, gw_slice_str(text), "p.yaml", &c), GW_OK,
                 "%s\n%d: %s - %s", text, c.line, c.what, c.remedy);
    return p;
}

static enum gw_error run(const char *yaml, const char *json)
{
    struct gw_profile *p = compile(yaml);
    enum gw_error e = stages_run(&s, p, places, json);
    gw_profile_free(p);
    return e;
}

#define BASE "constants: {type: arrive, class: actual}\n"
#define T    "\"t\":\"2025-10-14T13:05:00Z\""
#define TIME "  t: {to: time, time: iso8601}\n"

static const struct row {
    const char *name, *yaml, *json;
    const char *expected[3]; /* all of them are in the result */
} rows[] = {
    {"rename",
     BASE "fields:\n" TIME "  port: place.unlocode\n",
     "{" T ",\"port\":\"KZAAU\"}",
     {"\"place\":{\"node\":\"kz-aktau-port\",\"unlocode\":\"KZAAU\""}},
    {"nested to nested",
     BASE "fields:\n" TIME "  a.b.c: transport.means.name\n",
     "{" T ",\"a\":{\"b\":{\"c\":\"X\",\"d\":1}}}",
     {"\"means\":{\"name\":\"X\"}", "\"ext\":{\"a\":{\"b\":{\"d\":1}}}"}},
    {"one of theirs to two of ours",
     BASE "fields:\n" TIME "  train: [transport.means.train, transport.journey_no]\n",
     "{" T ",\"train\":2417}",
     {"\"train\":\"2417\"", "\"journey_no\":\"2417\""}},
    {"item of a list",
     BASE "fields:\n" TIME "  pos[0]: place.lat\n  pos[1]: place.lon\n",
     "{" T ",\"pos\":[41.5,50,7]}",
     {"\"lat\":41.5,\"lon\":50.0", "\"ext\":{\"pos\":[7]}"}},
    {"every item of a list",
     BASE "fields:\n" TIME
          "  w[].no: equipment[].id\n  w[].full: {to: 'equipment[].load', map: m}\n"
          "maps: {m: {else: refuse, codes: {'1': laden, '0': empty}}}\n",
     "{" T ",\"w\":[{\"no\":\"A1\",\"full\":1},{\"no\":\"A2\"},{\"full\":0}]}",
     {"\"equipment\":[{\"id\":\"A1\",\"scheme\":\"other\",\"check\":\"none\",\"load\":"
      "\"laden\"},"
      "{\"id\":\"A2\",\"scheme\":\"other\",\"check\":\"none\"},{\"load\":\"empty\"}]"}},
    {"lists of the same name as the schema's, rests go to ext",
     BASE "fields:\n" TIME "  seals[].no: seals[].id\n",
     "{" T ",\"seals\":[{\"no\":\"1\",\"x\":5},{\"no\":\"2\"}]}",
     {"\"seals\":[{\"id\":\"1\"},{\"id\":\"2\"}]", "\"ext\":{\"seals\":[{\"x\":5}]}"}},
    {"labelled items are made in the order of their use",
     BASE "fields:\n" TIME "  net: {to: measures.net.value, with: {kind: net}}\n"
          "  gross: {to: measures.gross.value, with: {kind: gross}}\n",
     "{" T ",\"gross\":5}",
     {"\"measures\":[{\"kind\":\"gross\",\"value\":5.0}]"}},
    {"groups of items stay apart",
     BASE "fields:\n" TIME "  w[].no: {to: 'equipment[wagon*].id', with: {kind: wagon}}\n"
          "  c[].no: {to: 'equipment[box*].id', with: {kind: container}}\n",
     "{" T ",\"c\":[{\"no\":\"C1\"},{\"no\":\"C2\"}],\"w\":[{\"no\":\"W1\"}]}",
     {"{\"kind\":\"wagon\",\"id\":\"W1\"", "{\"kind\":\"container\",\"id\":\"C2\""}},
    {"code map",
     "constants: {class: actual}\nfields:\n" TIME "  op: {to: type, map: m}\n"
     "maps: {m: {else: other, list: ops, codes: {'20': depart}}}\n",
     "{" T ",\"op\":20}",
     {"\"type\":\"depart\"", "\"state\":{\"list\":\"ops\",\"code\":\"20\"}"}},
    {"code map, unknown code kept as other",
     "constants: {class: actual}\nfields:\n" TIME "  op: {to: type, map: m}\n"
     "maps: {m: {else: other, codes: [['20', depart]]}}\n",
     "{" T ",\"op\":\"77\"}",
     {"\"type\":\"other\"", "\"state\":{\"list\":\"m\",\"code\":\"77\"}",
      "{\"rule\":\"unmapped-code\",\"severity\":\"warn\",\"field\":\"type\",\"raw\":"
      "\"77\"}"}},
    {"code map, unknown code passed",
     BASE "fields:\n" TIME "  p: {to: place.node, map: m}\n"
          "maps: {m: {else: pass, codes: {AKTAU: kz-aktau-port}}}\n",
     "{" T ",\"p\":\"az-alat\"}",
     {"\"node\":\"az-alat\"", "\"rule\":\"unmapped-code\",\"severity\":\"info\""}},
    {"unit",
     BASE "fields:\n" TIME
          "  w: {to: measures.gross.value, unit: t, with: {kind: gross}}\n",
     "{" T ",\"w\":21.5}",
     {"{\"kind\":\"gross\",\"value\":21500.0,\"unit\":\"KGM\"}"}},
    {"unit beside the value",
     BASE "fields:\n" TIME
          "  w: {to: measures.gross.value, unit_from: u, with: {kind: gross}}\n",
     "{" T ",\"w\":\"100\",\"u\":\"LB\"}",
     {"\"value\":45.359237,\"unit\":\"KGM\""}},
    {"decimal comma",
     BASE "fields:\n" TIME "  w: {to: measures.gross.value, unit: kg, decimal: comma, "
          "with: {kind: gross}}\n",
     "{" T ",\"w\":\"1.234,5\"}",
     {"\"value\":1234.5,\"unit\":\"KGM\""}},
    {"fahrenheit",
     BASE "fields:\n" TIME
          "  f: {to: measures.t.value, unit: F, with: {kind: ambient}}\n",
     "{" T ",\"f\":-4}",
     {"\"value\":-20.0,\"unit\":\"CEL\""}},
    {"strip, letters and pad",
     BASE "fields:\n" TIME "  c: {to: equipment.box.id, strip: ' -', letters: upper}\n"
          "  st: {to: place.rail.code, pad: 6, with: {scheme: esr6}}\n",
     "{" T ",\"c\":\" csqu 305438-3\",\"st\":7701}",
     {"\"id\":\"CSQU3054383\",\"scheme\":\"iso6346\",\"check\":\"ok\"",
      "\"code\":\"007701\""}},
    {"check digit names the scheme",
     BASE "fields:\n" TIME "  w: {to: equipment.w.id, check: [cis8, uic12]}\n",
     "{" T ",\"w\":\"94123452\"}",
     {"\"scheme\":\"cis8\",\"check\":\"ok\""}},
    {"check digit, warning",
     BASE "fields:\n" TIME "  s: {to: transport.means.imo, check: imo}\n",
     "{" T ",\"s\":9074728}",
     {"\"imo\":\"9074728\"", "{\"rule\":\"check-digit\",\"severity\":\"warn\",\"field\":"
                             "\"transport.means.imo\",\"raw\":"
                             "\"9074728\"}"}},
    {"constants win, and say so",
     BASE "fields:\n" TIME,
     "{" T ",\"class\":\"planned\"}",
     {"\"class\":\"actual\"", "{\"rule\":\"replaced-by-constant\",\"severity\":\"info\","
                              "\"field\":\"class\",\"raw\":"
                              "\"planned\"}"}},
    {"defaults fill gaps, and say so",
     BASE "fields:\n" TIME "defaults: {transport.mode: rail, measures.x.kind: gross, "
          "measures.x.value: 5}\n",
     "{" T "}",
     {"\"mode\":\"rail\"", "\"measures\":[{\"kind\":\"gross\",\"value\":5.0}]",
      "{\"rule\":\"default\",\"severity\":\"info\",\"field\":\"transport.mode\"}"}},
    {"defaults leave what is there",
     BASE "fields:\n" TIME "defaults: {transport.mode: rail}\n",
     "{" T ",\"transport\":{\"mode\":\"sea\"}}",
     {"\"transport\":{\"mode\":\"sea\"}}"}},
    {"drop",
     BASE "fields:\n" TIME "drop: [secret, a.b]\n",
     "{" T ",\"secret\":1,\"a\":{\"b\":2,\"c\":3}}",
     {"\"stated-utc\",\"time_precision\":\"second\",\"ext\":{\"a\":{\"c\":3}}}"}},
    {"unknown fields are kept",
     BASE "fields:\n" TIME,
     "{" T ",\"colour\":\"red\",\"deep\":{\"x\":[1]}}",
     {"\"ext\":{\"colour\":\"red\",\"deep\":{\"x\":[1]}}"}},
    {"unknown fields are dropped",
     BASE "unknown: drop\nfields:\n" TIME,
     "{" T ",\"colour\":\"red\",\"place\":{\"country\":\"KZ\",\"hue\":1}}",
     {"\"place\":{\"country\":\"KZ\"}}"}},
    {"fields of the sender's own that are called as the schema's",
     "constants: {class: actual}\nfields:\n" TIME "  op: {to: type, map: m}\n"
     "  type: equipment.box.size_type\n"
     "maps: {m: {else: refuse, codes: {A: arrive}}}\n",
     "{" T ",\"op\":\"A\",\"type\":\"45G1\"}",
     {"\"type\":\"arrive\"", "\"size_type\":\"45G1\""}},
    {"an unnamed field is not lost to one of the profile",
     "constants: {class: actual}\nfields:\n" TIME
     "  op: {to: type, map: m}\n  ort: place.name\n"
     "maps: {m: {else: refuse, codes: {A: arrive}}}\n",
     "{" T ",\"op\":\"A\",\"type\":\"45G1\",\"ort\":\"Aktau\",\"place\":\"P\"}",
     {"\"type\":\"arrive\"", "\"place\":{\"name\":\"Aktau\"}",
      "\"ext\":{\"place\":\"P\",\"type\":\"45G1\"}"}},
    {"the first of two fields wins, the second is kept",
     BASE "fields:\n" TIME "  a: place.name\n  b: place.name\n",
     "{" T ",\"b\":\"B\",\"a\":\"A\"}",
     {"\"name\":\"A\"", "\"ext\":{\"b\":\"B\"}"}},
    {"the second of two fields stands in",
     BASE "fields:\n" TIME "  a: place.name\n  b: place.name\n",
     "{" T ",\"b\":\"B\",\"a\":\" \"}",
     {"\"place\":{\"name\":\"B\"}}"}},
    {"texts that mean nothing",
     BASE "absent: ['-', '0']\nfields:\n" TIME "  a: place.name\n  b: place.raw\n",
     "{" T ",\"b\":0,\"a\":\"-\"}",
     {"\"time_precision\":\"second\"}"}},
    {"into ext, any kind",
     BASE "fields:\n" TIME "  a: ext.mine.a\n  b: ext.mine.b\n",
     "{" T ",\"a\":{\"x\":1},\"b\":5}",
     {"\"ext\":{\"mine\":{\"a\":{\"x\":1},\"b\":5}}"}},
    {"an ext of the sender's that is no map",
     BASE "fields:\n" TIME "  a: place.name\n  b: place.name\n",
     "{" T ",\"ext\":7,\"a\":\"A\",\"b\":\"B\"}",
     {"\"ext\":{\"b\":\"B\",\"ext\":7}"}},
    {"a key with points in it",
     BASE "fields:\n" TIME "  a\\.b: place.name\n",
     "{" T ",\"a.b\":\"A\"}",
     {"\"place\":{\"name\":\"A\"}}"}},
};

Test(profile, operations)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum gw_error e = run(rows[i].yaml, rows[i].json);
        cr_expect_eq(e, GW_OK, "%s: %s %s: %s", rows[i].name, gw_error_name(e),
                     s.fault.field, s.fault.rule);
        for (size_t k = 0; k < 3 && rows[i].expected[k] && !e; k++)
            cr_expect(strstr((char *)s.text.at, rows[i].expected[k]), "%s: no %s in\n%s",
                      rows[i].name, rows[i].expected[k], (char *)s.text.at);
    }
}

/* ---- time ---- */

static const struct time_row {
    const char *name, *rule, *json;
    const char *expected;
} times[] = {
    {"epoch in seconds", "{to: time, time: epoch-s}", "{\"t\":1760447100}",
     "\"time\":1760447100000,\"time_basis\":\"stated-utc\",\"time_precision\":"
     "\"second\""},
    {"epoch in seconds, with a fraction", "{to: time, time: epoch-s}",
     "{\"t\":1760447100.25}", "\"time\":1760447100250,\"time_basis\":\"stated-utc\"}"},
    {"epoch in milliseconds, as text", "{to: time, time: epoch-ms}",
     "{\"t\":\"1760447100250\"}", "\"time\":1760447100250,\"time_basis\":\"stated-utc\""},
    {"either epoch, by its size", "{to: time, time: [epoch-ms, epoch-s]}",
     "{\"t\":1760447100}", "\"time\":1760447100000"},
    {"iso with offset", "{to: time, time: iso8601}",
     "{\"t\":\"2025-10-14T18:05:00+05:00\"}",
     "\"time\":1760447100000,\"time_offset\":300,\"time_basis\":\"stated-offset\","
     "\"time_precision\":\"second\""},
    {"iso, short", "{to: time, time: iso8601}", "{\"t\":\"20251014T1305Z\"}",
     "\"time\":1760447100000,\"time_basis\":\"stated-utc\",\"time_precision\":"
     "\"minute\""},
    {"iso without offset, in a zone", "{to: time, time: iso8601, zone: Asia/Baku}",
     "{\"t\":\"2025-10-14T17:05:00\"}",
     "\"time\":1760447100000,\"time_basis\":\"assumed-zone\""},
    {"Almaty before the change",
     "{to: time, time: 'dd.MM.yyyy HH:mm', zone: Asia/Almaty}",
     "{\"t\":\"29.02.2024 12:00\"}", "\"time\":1709186400000"},
    {"Almaty after the change", "{to: time, time: 'dd.MM.yyyy HH:mm', zone: Asia/Almaty}",
     "{\"t\":\"01.03.2024 12:00\"}", "\"time\":1709276400000"},
    {"the hour that Almaty had twice",
     "{to: time, time: 'dd.MM.yyyy HH:mm', zone: Asia/Almaty}",
     "{\"t\":\"29.02.2024 23:30\"}",
     "\"rule\":\"time-twice\",\"severity\":\"warn\",\"field\":\"time\",\"raw\":\"29.02."
     "2024 "
     "23:30\""},
    {"an hour that Sofia never had", "{to: time, time: iso8601, zone: Europe/Sofia}",
     "{\"t\":\"2025-03-30T03:30:00\"}", "\"rule\":\"time-skipped\""},
    {"the zone that was assumed is said", "{to: time, time: iso8601, zone: Asia/Baku}",
     "{\"t\":\"2025-10-14T17:05:00\"}",
     "{\"rule\":\"zone-assumed\",\"severity\":\"info\",\"field\":\"time\",\"raw\":\"Asia/"
     "Baku\"}"},
    {"zone of the place", "{to: time, time: iso8601, zone: place}",
     "{\"t\":\"2025-10-14T17:05:00\",\"p\":\"GEPTI\"}",
     "\"time\":1760447100000,\"time_basis\":\"assumed-zone\""},
    {"zone of the place, Kazakhstan", "{to: time, time: iso8601, zone: place}",
     "{\"t\":\"2025-10-14T18:05:00\",\"p\":\"KZAAU\"}", "\"time\":1760447100000"},
    {"zone of an unknown place, else one",
     "{to: time, time: iso8601, zone: [place, Asia/Baku]}",
     "{\"t\":\"2025-10-14T17:05:00\",\"p\":\"XXXXX\"}", "\"time\":1760447100000"},
    {"month by name", "{to: time, time: 'dd-MMM-yy HH:mm XXX'}",
     "{\"t\":\"14-Oct-25 18:05 +0500\"}", "\"time\":1760447100000,\"time_offset\":300"},
    {"day only", "{to: time, time: yyyyMMdd, zone: Asia/Almaty}", "{\"t\":20251014}",
     "\"time\":1760382000000,\"time_basis\":\"assumed-zone\",\"time_precision\":\"day\""},
    {"midnight as 24:00", "{to: time, time: 'd.M.yyyy H:mm', zone: Asia/Almaty}",
     "{\"t\":\"1.3.2024 24:00\"}", "\"time\":1709319600000"},
    {"day and time of day in two fields",
     "{to: time, time: 'dd.MM.yyyy HH:mm', clock: c, zone: Asia/Almaty}",
     "{\"t\":\"14.10.2025\",\"c\":\"18:05\"}", "\"time\":1760447100000"},
    {"both in one all the same",
     "{to: time, time: 'dd.MM.yyyy HH:mm', clock: c, zone: Asia/Almaty}",
     "{\"t\":\"14.10.2025 18:05\"}", "\"time\":1760447100000"},
    {"literal text", "{to: time, time: \"yyyy-MM-dd'T'HH:mm'Uhr'\", zone: Asia/Almaty}",
     "{\"t\":\"2025-10-14T18:05Uhr\"}", "\"time\":1760447100000"},
};

Test(profile, times)
{
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char yaml[400];
        enum gw_error e;
        (void)snprintf(yaml, sizeof yaml, BASE "fields:\n  t: %s\n  p: place.unlocode\n",
                       times[i].rule);
        e = run(yaml, times[i].json);
        cr_expect_eq(e, GW_OK, "%s: %s %s: %s", times[i].name, gw_error_name(e),
                     s.fault.field, s.fault.rule);
        if (!e)
            cr_expect(strstr((char *)s.text.at, times[i].expected), "%s: no %s in\n%s",
                      times[i].name, times[i].expected, (char *)s.text.at);
    }
}

Test(profile, other_times_are_instants_too)
{
    cr_assert_eq(
        run(BASE "zone: Asia/Almaty\nfields:\n" TIME
                 "  r: {to: recorded, time: iso8601}\n"
                 "  legs[].when: {to: 'journey[].time', time: iso8601, zone: place}\n"
                 "  legs[].port: 'journey[].place.unlocode'\n"
                 "  legs[].role: 'journey[].role'\n",
            "{" T ",\"r\":\"2025-10-14T18:05:00\",\"legs\":[{\"role\":\"loading\","
            "\"port\":\"GEPTI\",\"when\":\"2025-10-14T17:05:00\"}]}"),
        GW_OK, "%s: %s", s.fault.field, s.fault.rule);
    cr_expect(strstr((char *)s.text.at, "\"recorded\":1760447100000"), "%s",
              (char *)s.text.at);
    cr_expect(strstr((char *)s.text.at,
                     "\"node\":\"ge-poti\",\"unlocode\":\"GEPTI\",\"country\":"
                     "\"GE\"},\"time\":1760447100000"),
              "%s", (char *)s.text.at);
}

/* ---- refusals ---- */

Test(profile, refusals_name_the_senders_field)
{
    static const struct {
        const char *name, *yaml, *json;
        enum gw_error code;
        const char *field;
    } cases[] = {
        {"unmapped code",
         BASE "fields:\n" TIME "  l: {to: equipment.w.load, map: m}\n"
              "maps: {m: {else: refuse, codes: {'1': laden}}}\n",
         "{" T ",\"l\":\"5\"}", GW_PROFILE, "l"},
        {"in an item",
         BASE "fields:\n" TIME "  w[].l: {to: 'equipment[].load', map: m}\n"
              "maps: {m: {else: refuse, codes: {'1': laden}}}\n",
         "{" T ",\"w\":[{\"l\":\"1\"},{\"l\":\"2\"}]}", GW_PROFILE, "w[1].l"},
        {"no number", BASE "fields:\n" TIME "  w: {to: measures.g.value, unit: t}\n",
         "{" T ",\"w\":\"much\"}", GW_PROFILE, "w"},
        {"a comma that was not announced",
         BASE "fields:\n" TIME "  w: measures.g.value\n", "{" T ",\"w\":\"1,5\"}",
         GW_PROFILE, "w"},
        {"half a package", BASE "fields:\n" TIME "  n: goods.g.packages\n",
         "{" T ",\"n\":1.5}", GW_PROFILE, "n"},
        {"unknown unit",
         BASE "fields:\n" TIME "  w: {to: measures.g.value, unit_from: u}\n",
         "{" T ",\"w\":5,\"u\":\"stone\"}", GW_PROFILE, "u"},
        {"unit of something else",
         BASE "fields:\n" TIME "  w: {to: measures.g.value, unit: kg, unit_from: u}\n",
         "{" T ",\"w\":5,\"u\":\"CEL\"}", GW_PROFILE, "u"},
        {"no unit", BASE "fields:\n" TIME "  w: {to: measures.g.value, unit_from: u}\n",
         "{" T ",\"w\":5}", GW_PROFILE, "w"},
        {"a word for a time", BASE "fields:\n" TIME, "{\"t\":\"this morning\"}", GW_TIME,
         "t"},
        {"30 February", BASE "fields:\n" TIME, "{\"t\":\"2025-02-30T00:00:00Z\"}",
         GW_TIME, "t"},
        {"more than the pattern",
         BASE "fields: {t: {to: time, time: yyyyMMdd, zone: Asia/Baku}}\n",
         "{\"t\":\"202510141\"}", GW_TIME, "t"},
        {"no zone", BASE "fields:\n" TIME, "{\"t\":\"2025-10-14T17:05:00\"}", GW_TIME,
         "t"},
        {"zone of no place", BASE "fields: {t: {to: time, time: iso8601, zone: place}}\n",
         "{\"t\":\"2025-10-14T17:05:00\"}", GW_TIME, "t"},
        {"number for a pattern", BASE "fields:\n" TIME, "{\"t\":1.5}", GW_TIME, "t"},
        {"check digit",
         BASE "check_digits: refuse\nfields:\n" TIME
              "  c: {to: equipment.b.id, check: iso6346}\n",
         "{" T ",\"c\":\"CSQU3054384\"}", GW_CHECK_DIGIT, "c"},
        {"check digit of this field alone",
         BASE "fields:\n" TIME
              "  s: {to: transport.means.imo, check: imo, check_digits: refuse}\n",
         "{" T ",\"s\":9074728}", GW_CHECK_DIGIT, "s"},
        {"check digit where the profile only says refuse",
         BASE "check_digits: refuse\nfields:\n" TIME "  c: equipment.b.id\n",
         "{" T ",\"c\":\"CSQU3054384\"}", GW_CHECK_DIGIT, "equipment[0].id"},
        {"required", BASE "fields:\n" TIME "  id: {to: id, required: true}\n", "{" T "}",
         GW_MISSING, "id"},
        {"required and empty", BASE "fields:\n" TIME "  id: {to: id, required: true}\n",
         "{" T ",\"id\":\"  \"}", GW_MISSING, "id"},
        {"a map for a value", BASE "fields:\n" TIME "  p: place.name\n",
         "{" T ",\"p\":{\"x\":1}}", GW_WRONG_TYPE, "p"},
        {"unknown field", BASE "unknown: refuse\nfields:\n" TIME,
         "{" T ",\"colour\":\"red\"}", GW_PROFILE, "colour"},
        {"the schema's own bounds", BASE "fields:\n" TIME "  p: place.unlocode\n",
         "{" T ",\"p\":\"KZAAUX\"}", GW_TOO_LONG, "place.unlocode"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum gw_error e = run(cases[i].yaml, cases[i].json);
        cr_expect_eq(e, cases[i].code, "%s: %s %s: %s", cases[i].name, gw_error_name(e),
                     s.fault.field, s.fault.rule ? s.fault.rule : "");
        cr_expect_str_eq(s.fault.field, cases[i].field, "%s: %s", cases[i].name,
                         s.fault.field);
    }
}

Test(profile, too_many_items_are_refused)
{
    static char json[8192];
    size_t n = (size_t)snprintf(json, sizeof json, "{" T ",\"w\":[");
    for (int i = 0; i < 300; i++)
        n += (size_t)snprintf(json + n, sizeof json - n, "%s{\"no\":\"%d\"}",
                              i ? "," : "", i);
    (void)snprintf(json + n, sizeof json - n, "]}");
    cr_expect_eq(run(BASE "fields:\n" TIME "  w[].no: equipment[].id\n", json),
                 GW_TOO_LONG);
    cr_expect_str_eq(s.fault.field, "equipment[].id");
}

Test(profile, long_names_are_not_cut_within_a_letter)
{
    cr_expect_eq(run(BASE "fields:\n" TIME
                          "  НаименованиеСтанции.ОтправленияГруза: {to: place.lat}\n",
                     "{" T ",\"НаименованиеСтанции\":{\"ОтправленияГруза\":\"x\"}}"),
                 GW_PROFILE);
    cr_expect(strlen(s.fault.field) > 40);
    cr_expect_eq(strncmp("НаименованиеСтанции.ОтправленияГруза", s.fault.field,
                         strlen(s.fault.field)),
                 0);
    cr_expect_eq(strlen(s.fault.field) % 2, 1,
                 "a point, and whole letters of two bytes: %s", s.fault.field);
}

Test(profile, an_event_through_it_twice_is_the_same)
{
    struct gw_profile *p =
        compile(BASE "zone: Asia/Almaty\nfields:\n" TIME "  w[].no: equipment[].id\n");
    char first[2048];
    for (int pass = 0; pass < 2; pass++) {
        cr_assert_eq(stages_run(&s, p, places, "{" T ",\"x\":1,\"w\":[{\"no\":\"A\"}]}"),
                     GW_OK);
        if (pass)
            cr_expect_str_eq((char *)s.text.at, first);
        (void)snprintf(first, sizeof first, "%s", (char *)s.text.at);
    }
    gw_profile_free(p);
}

Test(units, codes_and_words)
{
    static const struct {
        const char *name, *to;
        double value, expected;
    } units[] = {
        {"KGM", "KGM", 5, 5},   {"т", "KGM", 2, 2000},       {"Lbs", "KGM", 1, 0.453592},
        {"MIN", "MIN", 3, 3},   {"knots", "KMH", 10, 18.52}, {"KEL", "CEL", 273.15, 0},
        {"kPa", "BAR", 100, 1}, {"%", "P1", 40, 40},         {"2Z", "VLT", 12500, 12.5}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const struct gw_unit *u = gw_unit_find(gw_slice_str(units[i].name));
        cr_assert(u, "%s", units[i].name);
        cr_expect_str_eq(u->to, units[i].to);
        cr_expect_float_eq(gw_unit_convert(u, units[i].value), units[i].expected, 1e-9,
                           "%s", units[i].name);
    }
    cr_expect_null(gw_unit_find(GW_LIT("stone")));
    cr_expect_null(gw_unit_find(GW_LIT("")));
}
