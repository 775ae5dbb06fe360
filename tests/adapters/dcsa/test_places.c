/* test_places.c - places that have no UN/LOCODE, out and back in again. */
#include "adapters/dcsa/dcsa.h"
#include "../kit/codec.h"
#include "pipeline/places.h"

static struct codec c;
static struct gw_places *places;

static void setup(void)
{
    struct gw_text why;
    struct gw_buf csv;
    gw_buf_init(&csv, 1u << 20);
    cr_assert_eq(gw_places_read(
                     &places, codec_read(&csv, GW_SOURCE_DIR "/config/places.csv"), &why),
                 GW_OK, "%s", why.s);
    gw_buf_deinit(&csv);
    codec_open(&c, &gw_adapter_dcsa);
    c.adapter->close(c.state); /* once more, with the table */
    memset(c.state, 0, c.adapter->size);
    c.options.places = places;
    cr_assert_eq(c.adapter->open(c.state, &c.options, &why), GW_OK, "%s", why.s);
}

static void teardown(void)
{
    codec_close(&c);
    gw_places_free(places);
}

TestSuite(dcsa_places, .init = setup, .fini = teardown);

/* An event at a place, as a message of one shape. */
static void write_at(const char *place, const char *type, const char *version,
                     const char *list, struct gw_buf *out)
{
    char text[2048];
    struct gw_tree t;
    struct gw_fault f = {0};
    uint32_t root;
    (void)snprintf(text, sizeof text,
                   "{\"schema\":1,\"id\":\"a\",\"type\":\"%s\",\"class\":\"actual\","
                   "\"subject\":\"equipment\",\"time\":1792919100000,\"time_basis\":"
                   "\"stated-utc\",\"place\":{%s},\"state\":{\"list\":\"DCSA %s\","
                   "\"code\":\"ARRI\"},\"source\":{\"format\":\"dcsa\","
                   "\"format_version\":\"%s\"}}",
                   type, place, list, version);
    gw_events_reset(&c.events);
    gw_buf_reset(out);
    cr_assert_eq(gw_tree_init(&t, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_json_read(&t, gw_slice_str(text), &root, &f), GW_OK, "%s", text);
    cr_assert_eq(gw_events_add(&c.events, &t, root, &f), GW_OK, "%s", text);
    cr_assert_eq(c.adapter->encode(c.state, &c.events, out, &f), GW_OK, "%s", f.rule);
    gw_tree_deinit(&t);
}

#define LONG                                                                             \
    "Äußerst entlegenster Güterbahnhof an der Strecke nach Norden mit einem Namen, der " \
    "länger ist als DCSA es erlaubt"

static const struct {
    const char *name, *place, *written, *back;
} rows[] = {
    {"a station by its code",
     "\"node\":\"kz-beyneu\",\"country\":\"KZ\",\"name\":\"Beyneu\","
     "\"rail\":{\"scheme\":\"esr6\",\"code\":\"662905\"}",
     "\"locationName\":\"Beyneu (ESR 662905)\"",
     "\"place\":{\"node\":\"kz-beyneu\",\"country\":\"KZ\",\"name\":\"Beyneu\",\"rail\":{"
     "\"scheme\":\"esr6\",\"code\":\"662905\"}}"},
    {"by its node: the table has a code", "\"node\":\"kz-beyneu\",\"name\":\"Beyneu\"",
     "\"locationName\":\"Beyneu (ESR 662905)\"", "\"place\":{\"node\":\"kz-beyneu\""},
    {"by its node: the table has a UN/LOCODE",
     "\"node\":\"kz-aktau-port\",\"name\":\"Aktau\"", "\"UNLocationCode\":\"KZAAU\"",
     "\"place\":{\"node\":\"kz-aktau-port\",\"unlocode\":\"KZAAU\",\"country\":\"KZ\","
     "\"name\":\"Aktau\"}"},
    {"by its node, that has nothing else",
     "\"node\":\"az-absheron\",\"country\":\"AZ\",\"name\":\"Absheron\"",
     "\"locationName\":\"Absheron (Karvan az-absheron)\"",
     "\"place\":{\"node\":\"az-absheron\",\"country\":\"AZ\",\"name\":\"Absheron\"}"},
    {"without a name", "\"node\":\"az-absheron\",\"country\":\"AZ\"",
     "\"locationName\":\"Karvan az-absheron\"",
     "\"place\":{\"node\":\"az-absheron\",\"country\":\"AZ\"}"},
    {"a code the table does not know",
     "\"name\":\"Sample\",\"rail\":{\"scheme\":\"uic\",\"code\":\"8507000\"}",
     "\"locationName\":\"Sample (UIC 8507000)\"",
     "\"place\":{\"name\":\"Sample\",\"rail\":{\"scheme\":\"uic\",\"code\":"
     "\"8507000\"}}"},
    {"a name alone stays", "\"name\":\"Yard (north)\"",
     "\"locationName\":\"Yard (north)\"", "\"place\":{\"name\":\"Yard (north)\"}"},
    {"a UN/LOCODE needs nothing",
     "\"unlocode\":\"KZAAU\",\"name\":\"Aktau (ESR 663404)\"",
     "\"locationName\":\"Aktau (ESR 663404)\"",
     "\"unlocode\":\"KZAAU\",\"country\":\"KZ\",\"name\":\"Aktau (ESR 663404)\"}"},
    {"a long name is cut between characters",
     "\"name\":\"" LONG "\",\"rail\":{\"scheme\":\"esr6\",\"code\":\"662905\"}",
     "mit einem Namen, der l (ESR 662905)\"", "\"place\":{\"node\":\"kz-beyneu\""},
};

Test(dcsa_places, keep_their_code_in_every_shape)
{
    static const struct {
        const char *type, *version, *list;
    } shapes[] = {
        {"arrive", "3.0", "transportEventTypeCode"},
        {"arrive", "2.2", "transportEventTypeCode"},
        {"gate-in", "2.2", "equipmentEventTypeCode"},
        {"arrive", "jit-1", "operationsEventTypeCode"},
    };
    struct gw_buf out;
    gw_buf_init(&out, 1u << 16);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
            bool has_country = strcmp(shapes[k].version, "3.0") == 0;
            write_at(rows[i].place, shapes[k].type, shapes[k].version, shapes[k].list,
                     &out);
            cr_expect(strstr(gw_buf_text(&out), rows[i].written), "%s, %s: no %s in %s",
                      rows[i].name, shapes[k].version, rows[i].written,
                      gw_buf_text(&out));
            const char *lines = codec_taken(&c, gw_buf_text(&out));
            if (has_country)
                cr_expect(strstr(lines, rows[i].back), "%s, %s: no %s in %s",
                          rows[i].name, shapes[k].version, rows[i].back, lines);
        }
    gw_buf_deinit(&out);
}

/* In 2.2 a call has a code, and a location with the name. */
Test(dcsa_places, of_a_call_stand_where_2_2_has_them)
{
    struct gw_buf out;
    gw_buf_init(&out, 1u << 16);
    write_at("\"unlocode\":\"KZAAU\",\"name\":\"Aktau\"", "arrive", "2.2",
             "transportEventTypeCode", &out);
    codec_expect(gw_buf_text(&out), "\"transportCall\":{\"location\":{\"locationName\":"
                                    "\"Aktau\",\"UNLocationCode\":\"KZAAU\"},"
                                    "\"UNLocationCode\":\"KZAAU\"}");
    write_at("\"unlocode\":\"KZAAU\"", "arrive", "2.2", "transportEventTypeCode", &out);
    codec_expect(gw_buf_text(&out), "\"transportCall\":{\"UNLocationCode\":\"KZAAU\"}");
    gw_buf_deinit(&out);
}
