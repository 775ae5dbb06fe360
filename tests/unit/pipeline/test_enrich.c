/* test_enrich.c - what stage 3 fills in for senders that speak the shared schema. */
#include "model/shape.h"
#include "pipeline/enrich.h"
#include "pipeline/quality.h"
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

#define MINIMAL(more)                                                                    \
    "{\"type\":\"arrive\",\"class\":\"actual\",\"time\":1795439100000" more "}"

static const char *run(const char *json)
{
    enum gw_error e = stages_run(&s, NULL, places, json);
    cr_assert_eq(e, GW_OK, "%s: %s %s %s", json, gw_error_name(e), s.fault.field,
                 s.fault.rule);
    return (const char *)s.text.at;
}

Test(enrich, the_least_a_sender_must_say, .init = begin, .fini = end)
{
    const char *text = run(MINIMAL(""));
    cr_expect(strstr(text, "{\"schema\":1,\"id\":\"h-"), "%s", text);
    cr_expect(strstr(text,
                     "\"subject\":\"transport\",\"time\":1795439100000,\"time_basis\":"
                     "\"stated-utc\"}"),
              "%s", text);
}

Test(enrich, a_whole_event_stays_as_it_is, .init = begin, .fini = end)
{
    const char *whole =
        "{\"schema\":1,\"id\":\"AKT-2026-118-000417\",\"type\":\"load\",\"class\":"
        "\"actual\","
        "\"subject\":\"equipment\",\"time\":1795439100000,\"time_offset\":300,\"time_"
        "basis\":"
        "\"stated-offset\",\"place\":{\"node\":\"kz-aktau-port\",\"unlocode\":\"KZAAU\","
        "\"country\":\"KZ\"},\"equipment\":[{\"kind\":\"container\",\"id\":"
        "\"CSQU3054383\","
        "\"scheme\":\"iso6346\",\"check\":\"ok\"}]}";
    cr_expect_str_eq(run(whole), whole);
}

Test(enrich, every_type_has_a_subject, .init = begin, .fini = end)
{
    for (int i = 0; i < gw_event_types.count; i++) {
        char json[200];
        (void)snprintf(json, sizeof json,
                       "{\"type\":\"%s\",\"class\":\"actual\",\"time\":1795439100000}",
                       gw_event_types.words[i]);
        cr_expect(strstr(run(json), "\"subject\":"), "%s", gw_event_types.words[i]);
    }
}

Test(enrich, the_id_follows_the_content, .init = begin, .fini = end)
{
    static const char *const same[] = {
        MINIMAL(",\"place\":{\"unlocode\":\"KZAAU\"},\"equipment\":[{\"id\":"
                "\"CSQU3054383\"}]"),
        "{\"equipment\":[{\"check\":\"none\",\"id\":\"CSQU3054383\"}],\"place\":{"
        "\"country\":"
        "\"KZ\",\"unlocode\":\"KZAAU\"},\"time\":1795439100000,\"class\":\"actual\","
        "\"type\":"
        "\"arrive\",\"subject\":\"transport\"}"};
    static const char *const others[] = {
        MINIMAL(",\"place\":{\"unlocode\":\"KZAAU\"}"),
        MINIMAL(",\"place\":{\"unlocode\":\"KZAAU\"},\"equipment\":[{\"id\":"
                "\"CSQU3054384\"}]"),
        MINIMAL(",\"place\":{\"unlocode\":\"KZKUR\"},\"equipment\":[{\"id\":"
                "\"CSQU3054383\"}]"),
        MINIMAL(",\"measures\":[{\"kind\":\"gross\",\"value\":1.5}]"),
        MINIMAL(",\"measures\":[{\"kind\":\"gross\",\"value\":2.5}]"),
        MINIMAL(",\"source\":{\"message_ref\":\"1\"}"),
        MINIMAL(",\"source\":{\"event_ref\":\"1\"}"),
        MINIMAL(",\"source\":{\"sequence\":1}")};
    char first[40] = "", seen[16][40];
    size_t count = 0;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const char *id = strstr(run(same[i]), "\"id\":\"h-");
        cr_assert(id);
        if (!i)
            memcpy(first, id, 40);
        cr_expect_eq(memcmp(first, id, 40), 0, "the same event has the same id");
    }
    memcpy(seen[count++], first, 40);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const char *id = strstr(run(others[i]), "\"id\":\"h-");
        for (size_t k = 0; k < count; k++)
            cr_expect_neq(memcmp(seen[k], id, 40), 0, "%s", others[i]);
        memcpy(seen[count++], id, 40);
    }
}

Test(enrich, places_are_resolved, .init = begin, .fini = end)
{
    static const struct {
        const char *name, *place, *expected;
    } rows[] = {
        {"by code", "{\"unlocode\":\"KZAAU\"}",
         "\"place\":{\"node\":\"kz-aktau-port\",\"unlocode\":\"KZAAU\",\"country\":"
         "\"KZ\"}"},
        {"by other code", "{\"unlocode\":\"KZHOR\"}",
         "\"place\":{\"node\":\"kz-altynkol\",\"unlocode\":\"KZHOR\",\"country\":"
         "\"KZ\"}"},
        {"by station", "{\"rail\":{\"scheme\":\"esr6\",\"code\":\"708507\"}}",
         "\"place\":{\"node\":\"kz-dostyk\",\"country\":\"KZ\",\"rail\":"},
        {"by node", "{\"node\":\"kz-dostyk\"}",
         "\"place\":{\"node\":\"kz-dostyk\",\"country\":\"KZ\"}"},
        {"other railway's code", "{\"rail\":{\"scheme\":\"uic\",\"code\":\"708507\"}}",
         "\"place\":{\"rail\":"},
        {"unknown code", "{\"unlocode\":\"XXXXX\"}",
         "\"place\":{\"unlocode\":\"XXXXX\"}"},
        {"unknown node", "{\"node\":\"atlantis\"}",
         "{\"rule\":\"place-unknown\",\"severity\":\"warn\",\"field\":\"place.node\","
         "\"raw\":"
         "\"atlantis\"}"},
        {"two places", "{\"node\":\"kz-dostyk\",\"unlocode\":\"KZAAU\"}",
         "{\"rule\":\"place-conflict\",\"severity\":\"warn\",\"field\":\"place."
         "unlocode\",\"raw\":"
         "\"KZAAU\"}"},
        {"two countries", "{\"unlocode\":\"KZALS\",\"country\":\"KZ\"}",
         "{\"rule\":\"country-conflict\",\"severity\":\"warn\",\"field\":\"place."
         "country\",\"raw\":"
         "\"KZ\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char json[300];
        const char *text;
        (void)snprintf(json, sizeof json,
                       "{\"type\":\"arrive\",\"class\":\"actual\",\"time\":1795439100000,"
                       "\"place\":%s}",
                       rows[i].place);
        text = run(json);
        cr_expect(strstr(text, rows[i].expected), "%s: %s", rows[i].name, text);
    }
    cr_expect(
        strstr(run(MINIMAL(",\"journey\":[{\"role\":\"origin\",\"place\":{\"unlocode\":"
                           "\"CNXAG\"}}],\"place_to\":{\"unlocode\":\"GEPTI\"}")),
               "\"place_to\":{\"node\":\"ge-poti\""));
    cr_expect(strstr((char *)s.text.at, "\"node\":\"cn-xian\""));
}

Test(enrich, equipment_gets_scheme_and_check, .init = begin, .fini = end)
{
    static const struct {
        const char *name, *item, *expected;
        bool finding;
    } rows[] = {
        {"container", "{\"id\":\"CSQU3054383\"}",
         "\"scheme\":\"iso6346\",\"check\":\"ok\"", false},
        {"container, wrong digit", "{\"id\":\"CSQU3054384\"}",
         "\"scheme\":\"iso6346\",\"check\":\"bad\"", true},
        {"wagon", "{\"kind\":\"wagon\",\"id\":\"94123452\"}",
         "\"scheme\":\"cis8\",\"check\":\"ok\"", false},
        {"wagon, wrong digit", "{\"kind\":\"wagon\",\"id\":\"94123453\"}",
         "\"scheme\":\"cis8\",\"check\":\"bad\"", true},
        {"eight digits of nobody knows what", "{\"id\":\"94123453\"}",
         "\"scheme\":\"other\",\"check\":\"none\"", false},
        {"truck", "{\"kind\":\"truck\",\"id\":\"AB123CD\"}",
         "\"scheme\":\"plate\",\"check\":\"none\"", false},
        {"the sender's own verdict does not count",
         "{\"id\":\"CSQU3054384\",\"scheme\":\"iso6346\",\"check\":\"ok\"}",
         "\"check\":\"bad\"", true},
        {"a scheme stated stays", "{\"id\":\"CSQU3054384\",\"scheme\":\"other\"}",
         "\"scheme\":\"other\",\"check\":\"none\"", false},
        {"no id", "{\"kind\":\"container\"}", "[{\"kind\":\"container\"}]", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char json[300];
        const char *text;
        (void)snprintf(json, sizeof json,
                       "{\"type\":\"load\",\"class\":\"actual\",\"time\":1795439100000,"
                       "\"equipment\":[%s]}",
                       rows[i].item);
        text = run(json);
        cr_expect(strstr(text, rows[i].expected), "%s: %s", rows[i].name, text);
        cr_expect_eq(strstr(text, "\"rule\":\"check-digit\"") != NULL, rows[i].finding,
                     "%s: %s", rows[i].name, text);
    }
}

Test(enrich, wrong_kinds_are_left_to_stage_4, .init = begin, .fini = end)
{
    static const char *const rows[] = {
        MINIMAL(",\"place\":5"),
        MINIMAL(",\"place\":{\"node\":5,\"unlocode\":[1],\"rail\":\"x\"}"),
        MINIMAL(",\"equipment\":{\"id\":\"x\"}"),
        MINIMAL(",\"equipment\":[5]"),
        MINIMAL(",\"equipment\":[{\"id\":5}]"),
        MINIMAL(",\"equipment\":[{\"id\":\"CSQU3054383\",\"check\":5}]"),
        MINIMAL(",\"journey\":[7]"),
        MINIMAL(",\"journey\":\"x\""),
        MINIMAL(",\"quality\":5,\"equipment\":[{\"id\":\"CSQU3054384\"}]"),
        MINIMAL(",\"schema\":\"1\""),
        MINIMAL(",\"subject\":1"),
        "{\"type\":5,\"class\":\"actual\",\"time\":1795439100000}",
        "{\"class\":\"actual\",\"time\":\"x\"}",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum gw_error e = stages_run(&s, NULL, places, rows[i]);
        cr_expect(e == GW_WRONG_TYPE || e == GW_MISSING, "%s: %s", rows[i],
                  gw_error_name(e));
    }
}

/* ---- findings ---- */

Test(quality, at_most_64_and_never_twice)
{
    struct gw_tree t;
    uint32_t root, list;
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    root = gw_tree_root(&t);
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < 70; i++) {
            char field[16];
            (void)snprintf(field, sizeof field, "f%d", i);
            gw_quality_note(&t, root, "rule", GW_SEVERITY_INFO, field, GW_LIT("raw"));
        }
    list = gw_tree_child(&t, root, GW_LIT("quality"));
    cr_expect_eq(gw_node(&t, list)->count, GW_QUALITY_MOST);
    cr_expect(gw_slice_is(gw_tree_str(&t, root, "quality[63].field"), "f63"));
    gw_tree_deinit(&t);
}

Test(quality, long_texts_are_cut_between_characters)
{
    static char raw[1100];
    struct gw_tree t;
    struct gw_slice kept;
    uint32_t root;
    memset(raw, 'x', sizeof raw);
    memcpy(raw + 1023, "\xc3\xa4", 2); /* the limit falls into this character */
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    root = gw_tree_root(&t);
    gw_quality_note(&t, root, "rule", GW_SEVERITY_WARN, "f", gw_slice(raw, sizeof raw));
    kept = gw_tree_str(&t, root, "quality[0].raw");
    cr_expect_eq(kept.len, 1023);
    gw_tree_deinit(&t);
}

Test(quality, nothing_half_when_the_budget_is_used_up)
{
    struct gw_budget budget = gw_budget_default;
    struct gw_tree t;
    uint32_t root;
    budget.elements = 1;
    cr_assert_eq(gw_tree_init(&t, &budget), GW_OK);
    root = gw_tree_root(&t);
    for (int i = 0; i < 100; i++) {
        char field[16];
        (void)snprintf(field, sizeof field, "f%d", i);
        gw_quality_note(&t, root, "rule", GW_SEVERITY_INFO, field, GW_LIT("raw"));
    }
    for (GW_FOREACH_CHILD (&t, gw_tree_child(&t, root, GW_LIT("quality")), finding))
        cr_expect_eq(gw_node(&t, finding)->count, 4);
    gw_tree_deinit(&t);
}
