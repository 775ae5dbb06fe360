/* test_share.c - sharing rules: what may be written, what is refused and where, what it
 * means. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include "conf/operator_file.h"
#include "model/shape.h"
#include "pipeline/route.h"

#define HEAD "name: ktz\ncountry: KZ\n"

static struct gw_complaint c;

static enum gw_error parse(struct gw_operator_file *f, const char *text)
{
    c = (struct gw_complaint){0};
    return gw_operator_file_parse(f, gw_slice_str(text), "ktz.yaml", &c);
}

static const struct {
    const char *name, *text;
    int line;
    const char *what;
} refused[] = {
    {"no receivers", HEAD "share:\n  - when: {type: load}\n", 4, "without \"with\""},
    {"no map", HEAD "share:\n  - aktau\n", 4, "a rule is a map"},
    {"unknown key", HEAD "share:\n  - with: [a]\n    wen: {type: load}\n", 5,
     "did you mean when"},
    {"unknown condition", HEAD "share:\n  - with: [a]\n    when: {tpye: load}\n", 5,
     "did you mean type"},
    {"unknown type", HEAD "share:\n  - with: [a]\n    when:\n      type: [load, laod]\n",
     6, "did you mean load"},
    {"unknown country", HEAD "share:\n  - with: [a]\n    when: {country: QX}\n", 5,
     "ISO 3166"},
    {"a condition on the owner",
     HEAD "share:\n  - with: [a]\n    when: {operator: ktz}\n", 5,
     "this operator's events only"},
    {"never applies", HEAD "share:\n  - with: [a]\n    when: {type: []}\n", 5,
     "never apply"},
    {"no conditions", HEAD "share:\n  - with: [a]\n    when: {}\n", 5, "not a map"},
    {"no list of conditions", HEAD "share:\n  - with: [a]\n    when: []\n", 5,
     "not a map"},
    {"a value no word", HEAD "share:\n  - with: [a]\n    when: {type: [[load]]}\n", 5,
     "not a word"},
    {"a bad area", HEAD "share:\n  - with: [a]\n    when: {area: 47/46/36/54}\n", 5,
     "south first"},
    {"no date", HEAD "share:\n  - with: [a]\n    from: soon\n", 5, "no date"},
    {"a route in the wrong place", HEAD "share:\n  - with: [a]\n    from: KZ\n", 5,
     "no date"},
    {"the wrong way round",
     HEAD "share:\n  - with: [a]\n    from: 2026-12-01\n    until: 2026-12-01\n", 4,
     "ends before"},
    {"unknown field", HEAD "share:\n  - with: [a]\n    hide: [partys]\n", 5,
     "did you mean parties"},
    {"unknown field within", HEAD "share:\n  - with: [a]\n    show: [place.lta]\n", 5,
     "did you mean place.la"},
    {"hiding the owner", HEAD "share:\n  - with: [a]\n    hide: [source.operator]\n", 5,
     "always shown"},
    {"both", HEAD "share:\n  - with: [a]\n    hide: [goods]\n    show: [place]\n", 4,
     "both show and hide"},
    {"fields no list", HEAD "share:\n  - with: [a]\n    hide: goods\n", 5, "not a list"},
    {"itself", HEAD "share:\n  - with: [ktz]\n", 4, "itself"},
    {"a bad country", HEAD "share:\n  - with: [\"country:kz\"]\n", 4, "no country"},
    {"a bad role", HEAD "share:\n  - with: [\"role:Big Port\"]\n", 4, "no role"},
    {"a bad party", HEAD "share:\n  - with: [\"party:consinee\"]\n", 4,
     "role of a party"},
    {"second rule", HEAD "share:\n  - with: [a]\n  - with: [b, b]\n", 5, "twice"},
};

Test(share, what_is_wrong_is_refused_with_line_and_remedy)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct gw_operator_file f;
        cr_expect_neq(parse(&f, refused[i].text), GW_OK, "%s", refused[i].name);
        cr_expect_eq(c.line, refused[i].line, "%s: line %d: %s", refused[i].name, c.line,
                     c.what);
        cr_expect_not_null(strstr(c.what, refused[i].what), "%s: %s", refused[i].name,
                           c.what);
        cr_expect(*c.remedy, "%s", refused[i].name);
        gw_operator_file_deinit(&f);
    }
}

/* ---- against other operators ---- */

static const char *const others[] = {
    "name: aktau\ncountry: KZ\nroles: [port]\nids: [\"KZ-77\"]\n",
    "name: baku\ncountry: AZ\nroles: [port, terminal]\n",
    "name: silk\ncountry: GE\nroles: [forwarder]\nids: [\"GE-1\", \"GE-2\"]\n",
};
static const char places_csv[] =
    "node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone\n"
    "kz-aktau-port,Aktau,KZ,KZAAU,,,43.6,51.2,port,Asia/Aqtau\n"
    "az-alat,Alat,AZ,AZALA,,,39.9,49.4,port,Asia/Baku\n";

/* ktz's rules among three others: aktau 0, baku 1, ktz 2, silk 3. */
static struct gw_directory *compile(const char *share, enum gw_error *e)
{
    struct gw_directory *d = calloc(1, sizeof *d);
    struct gw_operator_file f;
    struct gw_text why;
    char text[4096];
    atomic_init(&d->references, 1);
    d->operators = calloc(4, sizeof *d->operators);
    d->count = 4;
    for (int i = 0; i < 3; i++) {
        char path[64];
        struct gw_slice name = gw_slice(others[i] + 6, strcspn(others[i] + 6, "\n"));
        (void)snprintf(path, sizeof path, "%.*s.yaml", GW_FMT(name));
        cr_assert_eq(gw_operator_file_parse(&f, gw_slice_str(others[i]), path, &c), GW_OK,
                     "%s", c.what);
        d->operators[i < 2 ? i : 3] = f.operator;
        gw_operator_file_deinit(&f);
    }
    (void)snprintf(text, sizeof text, HEAD "%s", share);
    cr_assert_eq(parse(&f, text), GW_OK, "%d: %s", c.line, c.what);
    d->operators[2] = f.operator;
    cr_assert_eq(gw_places_read(&d->places, gw_slice_str(places_csv), &why), GW_OK, "%s",
                 why.s);
    cr_assert_eq(gw_directory_name_parties(d), GW_OK);
    *e = gw_share_resolve(&f.share, d, 2, &c);
    gw_operator_file_deinit(&f);
    return d;
}

static const struct {
    const char *name, *text;
    enum gw_error e;
    int line;
    const char *what;
} unresolved[] = {
    {"unknown operator", "share:\n  - with:\n    - baku\n    - aktua\n", GW_NOT_FOUND, 6,
     "did you mean aktau"},
    {"unknown role", "share:\n  - with: [\"role:prot\"]\n", GW_NOT_FOUND, 4,
     "did you mean port"},
    {"unknown node",
     "share:\n  - with: [baku]\n    when: {location: [KZAAU, kz-aktau-prt]}\n",
     GW_NOT_FOUND, 5, "did you mean kz-aktau-port"},
    {"unknown end", "share:\n  - with: [baku]\n    when: {to: nowhere}\n", GW_NOT_FOUND,
     5, "no place nowhere"},
    {"never together",
     "share:\n  - with: [baku]\n    when: {location: [kz-aktau-port, KZALA], country: "
     "AZ}\n",
     GW_FORMAT, 5, "none of the locations"},
};

Test(share, what_contradicts_the_others_is_refused_with_line_and_remedy)
{
    for (size_t i = 0; i < sizeof unresolved / sizeof *unresolved; i++) {
        enum gw_error e;
        struct gw_directory *d = compile(unresolved[i].text, &e);
        cr_expect_eq(e, unresolved[i].e, "%s", unresolved[i].name);
        cr_expect_str_eq(c.file, "ktz.yaml");
        cr_expect_eq(c.line, unresolved[i].line, "%s: line %d: %s", unresolved[i].name,
                     c.line, c.what);
        cr_expect_not_null(strstr(c.what, unresolved[i].what), "%s: %s",
                           unresolved[i].name, c.what);
        gw_directory_unref(d);
    }
}

/* ---- what rules mean ---- */

#define NOW 1795439100000 /* 2026-11-23T13:05Z */

static struct gw_facts loaded(void)
{
    struct gw_facts f = {.operator= GW_LIT("ktz"),
                         .place = {.node = GW_LIT("kz-aktau-port"),
                                   .unlocode = GW_LIT("KZAAU"),
                                   .country = GW_LIT("KZ")},
                         .from = {.country = GW_LIT("CN")},
                         .to = {.country = GW_LIT("GE")},
                         .equipment_count = 1,
                         .equipment = {GW_LIT("MSCU1234566")},
                         .party_count = 2,
                         .party_role = {3, 4}, /* consignee, forwarder */
                         .party = {GW_LIT("KZ-77"), GW_LIT("GE-2")},
                         .mode = 0,
                         .located = true,
                         .lat = 43.6,
                         .lon = 51.2};
    f.type = (uint8_t)gw_words_find(&gw_event_types, GW_LIT("load"));
    return f;
}

static const struct {
    const char *share, *receivers; /* of aktau, baku, ktz, silk: a letter each */
} meanings[] = {
    {"", "k"},
    {"share: {with: []}\n", "k"},
    {"share: {with: [baku]}\n", "bk"},
    {"share: {with: [\"*\"]}\n", "abks"},
    {"share:\n  - with: [\"role:port\"]\n", "abk"},
    {"share:\n  - with: [\"role:customs\"]\n", "k"},
    {"share:\n  - with: [\"country:GE\", baku]\n", "bks"},
    {"share:\n  - with: [\"country:UZ\"]\n", "k"},
    {"share:\n  - with: [party]\n", "aks"},
    {"share:\n  - with: [\"party:consignee\"]\n", "ak"},
    {"share:\n  - with: [\"party:notify\"]\n", "k"},
    {"share:\n  - with: [\"party:notify\", party]\n", "aks"},
    {"share:\n  - with: [\"party:forwarder\", \"party:notify\"]\n", "ks"},
    {"share:\n  - with: [baku]\n    when: {type: [load, discharge]}\n", "bk"},
    {"share:\n  - with: [baku]\n    when: {type: discharge}\n", "k"},
    {"share:\n  - with: [baku]\n    when: {location: KZAAU, from: CN, to: [GE, AZ]}\n",
     "bk"},
    {"share:\n  - with: [baku]\n    when: {location: KZAAU, from: CN, to: AZ}\n", "k"},
    {"share:\n  - with: [baku]\n    when: [{to: AZ}, {equipment: MSCU*, mode: sea}]\n",
     "bk"},
    {"share:\n  - with: [baku]\n    when: {area: 36/46/47/54}\n", "bk"},
    {"share:\n  - with: [baku]\n    when: {area: 36/46/43/54}\n", "k"},
    {"share:\n  - with: [baku]\n    from: 2026-11-23\n    until: 2026-11-24\n", "bk"},
    {"share:\n  - with: [baku]\n    until: 2026-11-23T13:05Z\n", "k"},
    {"share:\n  - with: [baku]\n    from: 2026-11-23T13:05Z\n", "bk"},
    {"share:\n  - with: [baku]\n    from: 2026-11-23T13:06Z\n", "k"},
    {"share:\n  - with: [baku]\n    until: 2020-01-01\n  - with: [silk]\n", "ks"},
};

Test(share, rules_mean_what_they_say)
{
    static const char letters[] = "abks";
    struct gw_facts f = loaded();
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        enum gw_error e;
        struct gw_mask shown;
        struct gw_directory *d = compile(meanings[i].share, &e);
        cr_assert_eq(e, GW_OK, "%s: %s", meanings[i].share, c.what);
        for (uint32_t o = 0; o < 4; o++)
            cr_expect_eq(gw_route_allows(d, &f, o, NOW, &shown),
                         strchr(meanings[i].receivers, letters[o]) != NULL, "%s to %s",
                         meanings[i].share, d->operators[o].name);
        cr_expect_not(gw_route_allows(d, &f, 4, NOW, &shown), "nobody");
        gw_directory_unref(d);
    }
}

static const char *hidden(const struct gw_directory *d, uint32_t receiver)
{
    static char text[256];
    struct gw_facts f = loaded();
    struct gw_mask shown;
    struct gw_buf out;
    gw_buf_init(&out, 4096);
    cr_assert(gw_route_allows(d, &f, receiver, NOW, &shown));
    if (!gw_mask_is_all(&shown))
        gw_mask_print_hidden(&shown, &out);
    (void)snprintf(text, sizeof text, "%s", gw_buf_text(&out));
    gw_buf_deinit(&out);
    return text;
}

Test(share, rules_that_apply_add_up)
{
    enum gw_error e;
    struct gw_directory *d =
        compile("share:\n  - with: [\"*\"]\n    hide: [goods, parties]\n"
                "  - with: [baku]\n    show: [goods]\n"
                "  - with: [silk]\n    when: {type: discharge}\n",
                &e);
    cr_assert_eq(e, GW_OK, "%s", c.what);
    cr_expect_str_eq(hidden(d, 0), "parties, goods, quality");
    cr_expect_str_eq(hidden(d, 1), "parties, quality");
    cr_expect_str_eq(hidden(d, 2), "", "the owner sees all");
    cr_expect_str_eq(hidden(d, 3), "parties, goods, quality", "that rule does not apply");
    gw_directory_unref(d);
}

Test(share, an_owner_that_is_gone_shares_with_nobody)
{
    enum gw_error e;
    struct gw_facts f = loaded();
    struct gw_mask shown;
    struct gw_directory *d = compile("share: {with: [\"*\"]}\n", &e);
    f.operator= GW_LIT("gone");
    for (uint32_t o = 0; o < 4; o++)
        cr_expect_not(gw_route_allows(d, &f, o, NOW, &shown));
    gw_directory_unref(d);
}
