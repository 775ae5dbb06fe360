/* test_wish.c - what is told to a subscriber who asks for more than is given. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include "model/filter_clause.h"
#include "pipeline/wish.h"

#define NOW 1000

static struct gw_directory *d;
static struct gw_buf out;

static struct gw_filter *filter(const char *words)
{
    char text[256], *terms[8], *next = text;
    struct gw_buf body;
    struct gw_text why;
    struct gw_start_at start;
    struct gw_filter *f;
    size_t n = 0;
    (void)snprintf(text, sizeof text, "%s", words);
    for (char *t; (t = strtok_r(n ? NULL : text, " ", &next)) != NULL;)
        terms[n++] = t;
    gw_buf_init(&body, 4096);
    cr_assert_eq(gw_subscribe_body(NULL, (const char *const *)terms, n, &body, &why),
                 GW_OK, "%s", why.s);
    cr_assert_eq(gw_filter_read(gw_buf_bytes(&body), &f, &start, NULL), GW_OK);
    gw_buf_deinit(&body);
    return f;
}

/* owner shares with receiver `to`, where `when` holds. */
static struct gw_rule *share(uint32_t owner, uint32_t to, const char *when)
{
    struct gw_operator *o = &d->operators[owner];
    struct gw_rule *r;
    o->rules = realloc(o->rules, (o->rule_count + 1) * sizeof *o->rules);
    r = &o->rules[o->rule_count++];
    gw_rule_init(r);
    cr_assert_eq(gw_rule_add_receiver(r, to), GW_OK);
    r->when = when ? filter(when) : NULL;
    return r;
}

enum { AKTAU, BAKU, KTZ, ME, SILK };

static void setup(void)
{
    static const char *const names[] = {"aktau", "baku", "ktz", "me", "silk"};
    struct gw_rule *r;
    d = calloc(1, sizeof *d);
    d->operators = calloc(5, sizeof *d->operators);
    d->count = 5;
    atomic_init(&d->references, 1);
    for (int i = 0; i < 5; i++)
        (void)snprintf(d->operators[i].name, sizeof d->operators[i].name, "%s", names[i]);
    (void)share(AKTAU, ME, NULL);
    (void)share(BAKU, ME, "type=load,discharge country=AZ");
    (void)share(BAKU, ME, "equipment=MSCU*");
    (void)share(KTZ, BAKU, NULL);
    r = share(SILK, ME, "type=position");
    cr_assert_eq(gw_mask_hide(&r->shown, GW_LIT("goods")), GW_OK);
    cr_assert_eq(gw_mask_hide(&r->shown, GW_LIT("place.lat")), GW_OK);
    share(KTZ, ME, NULL)->until_ms = NOW; /* over */
    gw_buf_init(&out, 4096);
}

static void cleanup(void)
{
    gw_directory_unref(d);
    gw_buf_deinit(&out);
}

TestSuite(wish, .init = setup, .fini = cleanup);

Test(wish, what_is_not_given_is_named)
{
    static const struct {
        const char *filter, *words;
    } cases[] = {
        {"operator=aktau", ""},
        {"operator=aktau type=load,discharge", ""},
        {"operator=me", ""},
        {"operator=ktz", "operator=ktz"},
        {"operator=aktau,ktz type=load", "operator=ktz"},
        {"operator=baku type=load country=AZ", ""},
        {"operator=baku equipment=MSCU12*", ""},
        {"operator=baku equipment=CSQU*", "equipment"},
        {"operator=baku type=load country=AZ,GE", "country"},
        {"operator=baku type=load", "country"},
        {"operator=silk type=position", "hidden: place.lat, goods"},
        {"operator=silk type=position,load", "type=load; hidden: place.lat, goods"},
        {"operator=silk type=load", "type=load; hidden: place.lat, goods"},
        {"operator=ktz or operator=aktau", "operator=ktz"},
        {"", "hidden: place.lat, goods"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_filter *f = filter(cases[i].filter);
        bool less = gw_wish_narrowed(f, d, ME, NOW, &out);
        cr_expect_eq(less, *cases[i].words != 0, "%s", cases[i].filter);
        cr_expect_str_eq(gw_buf_text(&out), cases[i].words, "%s: %s", cases[i].filter,
                         gw_buf_text(&out));
        gw_filter_free(f);
    }
}

Test(wish, nobody_gives_anything)
{
    struct gw_filter *f = filter("type=load");
    struct gw_directory alone = {.operators = d->operators + KTZ, .count = 2};
    cr_expect(gw_wish_narrowed(f, &alone, 5, NOW, &out));
    cr_expect_str_eq(gw_buf_text(&out), "everything");
    gw_filter_free(f);
}

Test(wish, what_does_not_exist_is_refused)
{
    static const char csv[] =
        "node,name,country,unlocode,unlocode_alt,esr6,lat,lon,kind,zone\n"
        "kz-aktau-port,Aktau,KZ,KZAAU,,,43.6,51.2,port,Asia/Aqtau\n";
    static const struct {
        const char *filter, *field;
    } cases[] = {{"operator=aktau", NULL},
                 {"operator=aktua", "operator"},
                 {"type=load or operator=aktau,x", "operator"},
                 {"location=kz-aktau-port,KZAAU,CNALK", NULL},
                 {"location=kz-aktau", "location"},
                 {"location=KZ", "location"},
                 {"from=KZ to=CNALK", NULL},
                 {"to=nowhere", "to"}};
    struct gw_text why;
    cr_assert_eq(gw_places_read(&d->places, gw_slice_str(csv), &why), GW_OK, "%s", why.s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_filter *f = filter(cases[i].filter);
        struct gw_fault fault = {0};
        enum gw_error e = gw_wish_check(f, d, &fault);
        cr_expect_eq(e, cases[i].field ? GW_UNKNOWN_CODE : GW_OK, "%s", cases[i].filter);
        cr_expect_str_eq(fault.field, cases[i].field ? cases[i].field : "");
        gw_filter_free(f);
    }
}
