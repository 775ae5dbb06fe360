/* test_operator_file.c - operators' files: read, refused, written, and checked against
 * each other. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "conf/operator_file.h"
#include "conf/settings.h"

#define KEY_A "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define KEY_B "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define KEY_C "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
#define HEAD  "name: ktz\ncountry: KZ\n"

static char dir[] = "/tmp/karvan-operators-XXXXXX";
static struct gw_complaint c;

static void setup(void)
{
    cr_assert(mkdtemp(dir) != NULL);
}

static void cleanup(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", dir);
    cr_assert_eq(system(command), 0);
}

static const char *in_dir(const char *name)
{
    static char path[4][96];
    static unsigned turn;
    char *out = path[turn++ % 4];
    snprintf(out, sizeof path[0], "%s/%s", dir, name);
    return out;
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(in_dir(name), "w");
    cr_assert(f != NULL);
    cr_assert(fputs(text, f) >= 0);
    fclose(f);
}

static char *read_whole(const char *name)
{
    static char text[4096];
    FILE *f = fopen(in_dir(name), "r");
    cr_assert(f != NULL, "%s", name);
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    fclose(f);
    return text;
}

static uint32_t files_in_dir(void)
{
    uint32_t n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.' || (e->d_name[1] && e->d_name[1] != '.');
    closedir(d);
    return n;
}

static enum gw_error parse(struct gw_operator_file *f, const char *text)
{
    c = (struct gw_complaint){0};
    return gw_operator_file_parse(f, gw_slice_str(text), "operators/ktz.yaml", &c);
}

Test(operator_file, reads_everything_it_documents)
{
    struct gw_operator_file f;
    cr_assert_eq(
        parse(&f, "name: ktz\ntitle: Kazakhstan railway\ncountry: KZ\n"
                  "roles: [railway, terminal]\nkeys: [\"" KEY_A "\", \"" KEY_B "\"]\n"
                  "profile: ktz-1\nenabled: false\nshare: {with: [aktau, baku]}\n"),
        GW_OK, "line %d: %s", c.line, c.what);
    cr_expect_str_eq(f.operator.name, "ktz");
    cr_expect_str_eq(f.operator.title, "Kazakhstan railway");
    cr_expect_str_eq(f.operator.country, "KZ");
    cr_expect_str_eq(f.operator.roles[1], "terminal");
    cr_expect_str_eq(f.operator.keys[0], KEY_A);
    cr_expect_str_eq(f.operator.keys[1], KEY_B);
    cr_expect_str_eq(f.operator.profile_name, "ktz-1");
    cr_expect_not(f.operator.enabled);
    cr_assert(f.share.brief);
    cr_expect_eq(f.share.count, 1);
    cr_expect_eq(f.share.rules[0].with_count, 2);
    cr_expect_str_eq(f.share.rules[0].with[1].text, "baku");
    cr_expect_eq(f.share.rules[0].with[1].line, 8);
    cr_expect_eq(f.share.rules[0].line, 8);
    gw_operator_file_deinit(&f);
}

Test(operator_file, shares_with_nobody_unless_it_says_so)
{
    struct gw_operator_file f;
    cr_assert_eq(parse(&f, HEAD), GW_OK, "%s", c.what);
    cr_expect(f.operator.enabled);
    cr_expect_eq(f.share.count, 0);
    cr_expect_str_empty(f.operator.keys[0]);
    gw_operator_file_deinit(&f);
    cr_assert_eq(parse(&f, HEAD "share: {with: []}\n"), GW_OK, "%s", c.what);
    cr_expect_eq(f.share.rules[0].with_count, 0);
    gw_operator_file_deinit(&f);
    cr_assert_eq(parse(&f, HEAD "share: {with: [\"*\"]}\n"), GW_OK, "%s", c.what);
    cr_expect(gw_share_says(&f.share, "*"));
    gw_operator_file_deinit(&f);
}

static const struct {
    const char *name, *text;
    int line;
    const char *what;
} refused[] = {
    {"nothing", "", -1, "not an operator"},
    {"a list", "- ktz\n", 1, "not an operator"},
    {"no name", "country: KZ\n", 1, "name is missing"},
    {"no country", "name: ktz\n", 1, "country is missing"},
    {"other name", "name: kdz\ncountry: KZ\n", 1, "not the file's name"},
    {"beginning of the name", "name: kt\ncountry: KZ\n", 1, "not the file's name"},
    {"capital name", "name: KTZ\ncountry: KZ\n", 1, "other characters"},
    {"name a list", "name: [ktz]\ncountry: KZ\n", 1, "not a text"},
    {"long name", "name: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\ncountry: KZ\n", 1,
     "32"},
    {"small country", "name: ktz\ncountry: kz\n", 2, "no country code"},
    {"long country", "name: ktz\ncountry: KAZ\n", 2, "no country code"},
    {"title of two lines", HEAD "title: \"a\\nb\"\n", 3, "control character"},
    {"roles no list", HEAD "roles: port\n", 3, "not a list"},
    {"five roles", HEAD "roles: [a, b, c, d, e]\n", 3, "at most 4"},
    {"bad role", HEAD "roles: [Sea Port]\n", 3, "Sea Port"},
    {"short key", HEAD "keys: [\"abc\"]\n", 3, "40 characters"},
    {"key of other letters",
     HEAD "keys: [\"~q:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"]\n", 3, "40"},
    {"key that overflows", HEAD "keys: [\"#####>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"]\n",
     3, "40"},
    {"three keys", HEAD "keys: [\"" KEY_A "\", \"" KEY_B "\", \"" KEY_C "\"]\n", 3,
     "at most 2"},
    {"bad profile", HEAD "profile: ../secret\n", 3, "profile"},
    {"no truth", HEAD "enabled: perhaps\n", 3, "perhaps"},
    {"unknown key", HEAD "sharing: {with: []}\n", 3, "sharing"},
    {"slip", HEAD "titel: x\n", 3, "did you mean title"},
    {"share a list of names", HEAD "share: [aktau]\n", 3, "with"},
    {"share something else", HEAD "share: {to: [aktau]}\n", 3, "no \"to\""},
    {"share more than that", HEAD "share: {with: [], fields: []}\n", 3, "fields"},
    {"share no list", HEAD "share: {with: aktau}\n", 3, "not a list"},
    {"share with itself", HEAD "share: {with: [ktz]}\n", 3, "itself"},
    {"share twice", HEAD "share: {with: [a, a]}\n", 3, "twice"},
    {"share with no name", HEAD "share: {with: [\"A b\"]}\n", 3, "A b"},
};

Test(operator_file, what_is_wrong_is_refused_with_line_and_remedy)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct gw_operator_file f;
        enum gw_error e = parse(&f, refused[i].text);
        cr_expect_neq(e, GW_OK, "%s", refused[i].name);
        if (refused[i].line >= 0)
            cr_expect_eq(c.line, refused[i].line, "%s: line %d", refused[i].name, c.line);
        cr_expect(strstr(c.what, refused[i].what) != NULL, "%s: %s", refused[i].name,
                  c.what);
        cr_expect_str_eq(c.file, "operators/ktz.yaml", "%s: %s", refused[i].name, c.file);
        cr_expect_str_not_empty(c.remedy, "%s: no remedy", refused[i].name);
        gw_operator_file_deinit(&f);
    }
}

static struct gw_operator_file sample(struct gw_share_rule *rule)
{
    struct gw_operator_file f = {
        .operator= {.name = "ktz",
                    .title = "Temir joly: \"it's\" # a 'railway'",
                    .country = "NO",
                    .roles = {"railway", "terminal"},
                    .keys = {KEY_A, KEY_C},
                    .profile_name = "no",
                    .enabled = true},
        .share = {rule, 1, true}};
    return f;
}

Test(operator_file, what_is_written_reads_the_same, .init = setup, .fini = cleanup)
{
    struct gw_share_word with[3] = {{.text = "*"}, {.text = "aktau"}, {.text = "yes"}};
    struct gw_share_rule rule = {.with = with, .with_count = 3};
    struct gw_operator_file f = sample(&rule), g;
    struct stat st;
    cr_assert_eq(gw_operator_file_write(&f, dir, &c), GW_OK, "%s", c.what);
    cr_assert_eq(gw_operator_file_read(&g, in_dir("ktz.yaml"), &c), GW_OK, "%d: %s",
                 c.line, c.what);
    cr_expect_str_eq(g.operator.title, f.operator.title);
    cr_expect_str_eq(g.operator.country, "NO");
    cr_expect_str_eq(g.operator.roles[1], "terminal");
    cr_expect_str_eq(g.operator.keys[1], KEY_C);
    cr_expect_str_eq(g.operator.profile_name, "no");
    cr_expect(g.operator.enabled && g.share.brief && gw_share_says(&g.share, "*"));
    cr_expect_eq(g.share.rules[0].with_count, 3);
    cr_expect_str_eq(g.share.rules[0].with[2].text, "yes");
    gw_operator_file_deinit(&g);
    cr_expect_eq(files_in_dir(), 1, "nothing temporary is left");
    cr_assert_eq(stat(in_dir("ktz.yaml"), &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0644);
}

Test(operator_file, nothing_is_overwritten, .init = setup, .fini = cleanup)
{
    struct gw_share_rule nobody = {0};
    struct gw_operator_file f = sample(&nobody);
    write_file("ktz.yaml", "precious\n");
    cr_assert_eq(gw_operator_file_write(&f, dir, &c), GW_EXISTS);
    cr_expect_str_not_empty(c.remedy);
    cr_expect_str_eq(read_whole("ktz.yaml"), "precious\n");
    cr_expect_eq(files_in_dir(), 1, "nothing temporary is left");
    cr_expect_eq(gw_operator_file_write(&f, "/nonexistent", &c), GW_IO);
}

Test(operator_file, enabling_leaves_the_rest_of_the_file, .init = setup, .fini = cleanup)
{
    static const struct {
        const char *name, *before;
        bool enabled;
        const char *after;
    } cases[] = {
        {"added", "# mine\n" HEAD, false, "# mine\n" HEAD "enabled: false\n"},
        {"replaced", "enabled: true # for now\n" HEAD, false, "enabled: false\n" HEAD},
        {"and back", "name: ktz\nenabled: no\ncountry: KZ\n", true,
         "name: ktz\nenabled: true\ncountry: KZ\n"},
        {"without a last line end", "name: ktz\ncountry: KZ", false,
         HEAD "enabled: false\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_file("ktz.yaml", cases[i].before);
        cr_expect_eq(gw_operator_file_enable(in_dir("ktz.yaml"), cases[i].enabled, &c),
                     GW_OK, "%s: %s", cases[i].name, c.what);
        cr_expect_str_eq(read_whole("ktz.yaml"), cases[i].after, "%s", cases[i].name);
    }
    write_file("ktz.yaml", "{name: ktz, country: KZ}\n");
    cr_expect_eq(gw_operator_file_enable(in_dir("ktz.yaml"), false, &c), GW_FORMAT);
    cr_expect_str_eq(read_whole("ktz.yaml"), "{name: ktz, country: KZ}\n");
    write_file("ktz.yaml", "name: other\n");
    cr_expect_neq(gw_operator_file_enable(in_dir("ktz.yaml"), false, &c), GW_OK);
    cr_expect_neq(gw_operator_file_enable(in_dir("none.yaml"), false, &c), GW_OK);
    cr_expect_eq(files_in_dir(), 1, "nothing temporary is left");
}

Test(operator_file, a_key_is_forty_digits_of_eighty_five)
{
    cr_expect(gw_key_valid(GW_LIT(KEY_A)));
    cr_expect(gw_key_valid(GW_LIT("0000000000000000000000000000000000000000")));
    cr_expect(gw_key_valid(GW_LIT("%nSc0%nSc0%nSc0%nSc0%nSc0%nSc0%nSc0%nSc0")),
              "2^32 - 1");
    cr_expect_not(gw_key_valid(GW_LIT("%nSc1%nSc0%nSc0%nSc0%nSc0%nSc0%nSc0%nSc0")),
                  "2^32");
    cr_expect_not(gw_key_valid(GW_LIT("")));
    cr_expect_not(gw_key_valid(gw_slice(KEY_A, 39)));
    cr_expect_not(gw_key_valid(gw_slice(KEY_A "\0", 41)));
    cr_expect_not(gw_key_valid(gw_slice("\0" KEY_A, 40)), "a zero byte is no digit");
}

/* The directory as a whole. */

static struct gw_settings s;

static void write_settings(const char *text)
{
    write_file("gateway.yaml", text);
    cr_assert_eq(gw_settings_load(&s, in_dir("gateway.yaml"), &c), GW_OK, "%s", c.what);
}

static void setup_directory(void)
{
    setup();
    cr_assert_eq(mkdir(in_dir("operators"), 0700), 0);
    cr_assert_eq(mkdir(in_dir("profiles"), 0700), 0);
    write_settings("gateway: {places_file: \"\"}\n");
    write_file("operators/README.md", "not an operator\n");
    write_file("operators/ktz.yaml",
               HEAD "keys: [\"" KEY_A "\"]\nshare: {with: [baku, aktau]}\n");
    write_file("operators/aktau.yaml",
               "name: aktau\ncountry: KZ\nkeys: [\"" KEY_B "\"]\n");
    write_file("operators/baku.yaml",
               "name: baku\ncountry: AZ\nshare: {with: [\"*\"]}\n");
}

Test(directory_load, joins_the_files_by_index, .init = setup_directory, .fini = cleanup)
{
    struct gw_directory *d;
    cr_assert_eq(gw_directory_load(&d, &s, &c), GW_OK, "%s:%d: %s", c.file, c.line,
                 c.what);
    cr_assert_eq(d->count, 3);
    cr_expect_str_eq(d->operators[0].name, "aktau");
    cr_expect_str_eq(d->operators[2].name, "ktz");
    cr_assert_eq(d->operators[2].rule_count, 1);
    cr_expect_eq(d->operators[2].rules[0].receiver_count, 2);
    cr_expect_eq(d->operators[2].rules[0].receivers[0], 0);
    cr_expect_eq(d->operators[2].rules[0].receivers[1], 1);
    cr_expect_eq(d->operators[2].rules[0].line, 4);
    cr_expect(d->operators[1].rules[0].everybody);
    cr_expect_eq(gw_directory_by_key(d, KEY_A), 2);
    cr_expect_null(d->places);
    gw_directory_unref(d);
}

Test(directory_load, an_empty_directory_is_a_gateway_without_operators, .init = setup,
     .fini = cleanup)
{
    struct gw_directory *d;
    cr_assert_eq(mkdir(in_dir("operators"), 0700), 0);
    write_settings("gateway: {places_file: \"\"}\n");
    cr_assert_eq(gw_directory_load(&d, &s, &c), GW_OK, "%s", c.what);
    cr_expect_eq(d->count, 0);
    gw_directory_unref(d);
}

static const struct {
    const char *name, *file, *text, *settings;
    enum gw_error code;
    const char *in; /* file that is complained about */
    int line;
    const char *what;
} wrong[] = {
    {"unknown receiver", "operators/x.yaml",
     "name: x\ncountry: GE\nshare: {with: [akta]}\n", NULL, GW_NOT_FOUND,
     "operators/x.yaml", 3, "did you mean aktau"},
    {"id of another", "operators/x.yaml",
     "name: x\ncountry: GE\nids: [\"X-1\", ktz]\n", NULL, GW_EXISTS, "operators/x.yaml", 3,
     "ktz names ktz already"},
    {"key of another", "operators/x.yaml",
     "name: x\ncountry: GE\nkeys: [\"" KEY_A "\"]\n", NULL, GW_EXISTS, "operators/x.yaml",
     3, "ktz"},
    {"key twice", "operators/x.yaml",
     "name: x\ncountry: GE\nkeys:\n- \"" KEY_C "\"\n- \"" KEY_C "\"\n", NULL, GW_EXISTS,
     "operators/x.yaml", 5, "x has this key"},
    {"no such profile", "operators/x.yaml", "name: x\ncountry: GE\nprofile: none\n", NULL,
     GW_NOT_FOUND, "operators/x.yaml", 3, "none.yaml"},
    {"broken file", "operators/x.yaml", "name: [\n", NULL, GW_FORMAT, "operators/x.yaml",
     -1, ""},
    {"wrong ending", "operators/x.yml", "name: x\ncountry: GE\n", NULL, GW_FORMAT,
     "operators/x.yml", 0, ".yaml"},
    {"unknown on an endpoint", NULL, NULL,
     "endpoints:\n  - {name: a, address: \"tcp://*:1\", operators: [ktz, kdz]}\n",
     GW_NOT_FOUND, "gateway.yaml", 2, "kdz"},
    {"without a key on curve", NULL, NULL,
     "endpoints:\n  - {name: a, address: \"tcp://*:1\", operators: [baku]}\n",
     GW_NOT_FOUND, "gateway.yaml", 2, "no key"},
    {"no places", NULL, NULL, "gateway: {places_file: none.csv}\n", GW_NOT_FOUND,
     "none.csv", 0, "places"},
    {"no operators", NULL, NULL, "gateway: {operators_dir: none}\n", GW_NOT_FOUND, "none",
     0, "operators_dir"},
};

Test(directory_load, files_are_checked_against_each_other, .init = setup_directory,
     .fini = cleanup)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct gw_directory *d;
        if (wrong[i].file)
            write_file(wrong[i].file, wrong[i].text);
        write_settings(wrong[i].settings ? wrong[i].settings
                                         : "gateway: {places_file: \"\"}\n");
        c = (struct gw_complaint){0};
        enum gw_error e = gw_directory_load(&d, &s, &c);
        cr_expect_eq(e, wrong[i].code, "%s: %s: %s", wrong[i].name, gw_error_name(e),
                     c.what);
        cr_expect_null(d, "%s", wrong[i].name);
        cr_expect_str_eq(c.file, in_dir(wrong[i].in), "%s: %s", wrong[i].name, c.file);
        if (wrong[i].line >= 0)
            cr_expect_eq(c.line, wrong[i].line, "%s: line %d", wrong[i].name, c.line);
        cr_expect(strstr(c.what, wrong[i].what) != NULL, "%s: %s", wrong[i].name, c.what);
        cr_expect_str_not_empty(c.remedy, "%s: no remedy", wrong[i].name);
        if (wrong[i].file)
            unlink(in_dir(wrong[i].file));
    }
}

Test(directory_load, plain_endpoints_need_no_key, .init = setup_directory,
     .fini = cleanup)
{
    struct gw_directory *d;
    write_settings("gateway: {places_file: \"\"}\nendpoints:\n"
                   "  - {name: a, address: \"tcp://127.0.0.1:1\", security: plain, "
                   "operators: [baku]}\n");
    cr_assert_eq(gw_directory_load(&d, &s, &c), GW_OK, "%s", c.what);
    gw_directory_unref(d);
}
