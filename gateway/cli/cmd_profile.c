/* cmd_profile.c - `karvan profile check|test`: is a dialect's file good, and what does it
 * make of samples? */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "cli/command.h"
#include "cli/settings_at.h"
#include "conf/file.h"
#include "conf/profile_file.h"
#include "model/canon.h"
#include "model/json.h"
#include "pipeline/validate.h"

#define HERE          "config/profiles"
#define SAMPLES_BYTES ((size_t)64 << 20)
#define PLACES_BYTES  ((size_t)16 << 20)
#define EVENT_BYTES   ((size_t)1 << 20)

static const char check_usage[] =
    "Usage: karvan profile check PROFILE...\n"
    "\n"
    "Reads profiles as karvand does and says what is wrong with file, line and remedy.\n"
    "\n"
    "  PROFILE  a file, or the name of one in config/profiles\n";

static const char test_usage[] =
    "Usage: karvan profile test PROFILE SAMPLES.ndjson|- [--places FILE] [--json]\n"
    "\n"
    "Takes each line of SAMPLES through the profile as the gateway would: what came, "
    "what the\n"
    "shared schema makes of it, what was found, or why it is refused, with field and "
    "rule.\n"
    "Exit status 1 when a sample is refused.\n"
    "\n"
    "  PROFILE        a file, or the name of one in config/profiles\n"
    "  --places FILE  the table of places; default: places.csv in the folder above the "
    "profile's\n"
    "  --json         one line of JSON a sample: line, before, after or refused, "
    "findings\n";

struct trial {
    const char *name; /* of the samples */
    bool json;
    struct gw_profile *profile;
    struct gw_places *places;
    struct gw_tree tree, scratch;
    struct gw_buf bytes, text;
    unsigned accepted, refused, findings;
};

/* ---- files ---- */

static void profile_path(const char *word, char *out, size_t size)
{
    bool path = strchr(word, '/') != NULL || strstr(word, ".yaml") != NULL;
    (void)snprintf(out, size, path ? "%s" : HERE "/%s.yaml", word);
}

static int load_profile(const char *word, char *path, size_t size,
                        struct gw_profile **out)
{
    struct gw_complaint c = {0};
    profile_path(word, path, size);
    return gw_profile_load(out, path, &c) ? gw_command_complain(&c) : GW_EXIT_OK;
}

static int load_places(struct trial *t, const char *file, const char *profile)
{
    char beside[600];
    const char *slash = strrchr(profile, '/');
    struct gw_text why = {""};
    struct gw_buf csv;
    enum gw_error e;

    (void)snprintf(beside, sizeof beside, "%.*s/../places.csv",
                   slash ? (int)(slash - profile) : 1, slash ? profile : ".");
    if (!file && access(beside, R_OK) != 0)
        return GW_EXIT_OK;
    gw_buf_init(&csv, PLACES_BYTES);
    e = gw_file_read(file ? file : beside, &csv);
    if (!e)
        e = gw_places_read(&t->places, gw_buf_bytes(&csv), &why);
    gw_buf_deinit(&csv);
    return e ? gw_command_failed("%s: %s", file ? file : beside,
                                 why.s[0] ? why.s : gw_error_text(e))
             : GW_EXIT_OK;
}

static bool read_samples(const char *name, struct gw_buf *out)
{
    uint8_t *room;
    size_t n;
    if (strcmp(name, "-") != 0)
        return gw_file_read(name, out) == GW_OK;
    do {
        room = gw_buf_reserve(out, 65536);
        n = room ? fread(room, 1, 65536, stdin) : 0;
        gw_buf_advance(out, n);
    } while (n);
    return !out->failed;
}

/* ---- one sample ---- */

static enum gw_error convert(struct trial *t, struct gw_slice line, uint32_t *root,
                             struct gw_fault *fault)
{
    static const struct gw_limits limits = {.future_refuse_ms = 24 * 3600 * 1000,
                                            .future_warn_ms = 600 * 1000};
    enum gw_error e = gw_json_read(&t->tree, line, root, fault);
    if (!e)
        e = gw_normalise(t->profile, t->places, &t->tree, *root, fault);
    if (!e)
        e = gw_validate(&limits, gw_now_ms(&gw_clock_system), &t->tree, *root, fault);
    gw_buf_reset(&t->bytes);
    gw_buf_reset(&t->text);
    if (!e)
        e = gw_canon_write(&t->tree, *root, &t->bytes);
    if (!e)
        e = gw_json_from_msgpack(&t->scratch, gw_buf_bytes(&t->bytes), &t->text, fault);
    return e;
}

static void put(struct gw_tree *t, uint32_t root, const char *key, const char *text)
{
    if (*text)
        (void)gw_tree_put_str(t, root, gw_slice_str(key), gw_slice_str(text));
}

/* The fault as one JSON object. */
static void print_fault_json(struct trial *t, enum gw_error e, const struct gw_fault *f)
{
    uint32_t root = gw_tree_root(&t->scratch);
    (void)gw_tree_put_int(&t->scratch, root, GW_LIT("code"), e);
    put(&t->scratch, root, "name", gw_error_name(e));
    put(&t->scratch, root, "field", f->field);
    put(&t->scratch, root, "rule", f->rule ? f->rule : gw_error_text(e));
    put(&t->scratch, root, "remedy", gw_error_remedy(e));
    gw_buf_reset(&t->text);
    if (gw_json_write(&t->scratch, root, &t->text) == GW_OK)
        printf("\"refused\":%s", gw_buf_text(&t->text));
}

static void print_json(struct trial *t, unsigned number, struct gw_slice line,
                       enum gw_error e, const struct gw_fault *f)
{
    bool readable =
        e <= 0 || e >= GW_MISSING; /* what is no JSON cannot be shown as such */
    printf("{\"line\":%u", number);
    if (readable)
        printf(",\"before\":%.*s", GW_FMT(line));
    putchar(',');
    if (e)
        print_fault_json(t, e, f);
    else
        printf("\"after\":%s", gw_buf_text(&t->text));
    puts("}");
}

static void print_findings(const struct trial *t, uint32_t root)
{
    uint32_t list = gw_tree_child(&t->tree, root, GW_LIT("quality"));
    if (!list || t->tree.nodes[list].kind != GW_ARRAY)
        return;
    for (GW_FOREACH_CHILD (&t->tree, list, n)) {
        struct gw_slice rule = gw_tree_str(&t->tree, n, "rule"),
                        severity = gw_tree_str(&t->tree, n, "severity"),
                        field = gw_tree_str(&t->tree, n, "field"),
                        raw = gw_tree_str(&t->tree, n, "raw");
        printf("  %-7.*s %.*s: %.*s", GW_FMT(severity), GW_FMT(field), GW_FMT(rule));
        if (raw.len)
            printf(" (%.*s)", GW_FMT(raw));
        putchar('\n');
    }
}

static void print_words(struct trial *t, unsigned number, struct gw_slice line,
                        enum gw_error e, const struct gw_fault *f, uint32_t root)
{
    printf("%s:%u: %s\n  before  %.*s\n", t->name, number, e ? "REFUSED" : "accepted",
           GW_FMT(line));
    if (e) {
        printf("  refused code %d: %s%s%s; %s\n\n", (int)e, f->field,
               f->field[0] ? ": " : "", f->rule ? f->rule : gw_error_text(e),
               gw_error_remedy(e));
        return;
    }
    printf("  after   %s\n", gw_buf_text(&t->text));
    print_findings(t, root);
    putchar('\n');
}

static void try_line(struct trial *t, unsigned number, struct gw_slice line)
{
    struct gw_fault fault = {0};
    uint32_t root = GW_NODE_NONE, quality;
    enum gw_error e = convert(t, line, &root, &fault);

    if (e)
        t->refused++;
    else
        t->accepted++;
    quality = e ? GW_NODE_NONE : gw_tree_child(&t->tree, root, GW_LIT("quality"));
    if (quality)
        t->findings += t->tree.nodes[quality].count;
    if (t->json)
        print_json(t, number, line, e, &fault);
    else
        print_words(t, number, line, e, &fault, root);
}

static void try_lines(struct trial *t, struct gw_slice text)
{
    for (unsigned number = 1; text.len; number++) {
        const uint8_t *end = memchr(text.at, '\n', text.len);
        size_t n = end ? (size_t)(end - text.at) : text.len, len = n;
        while (len && (text.at[len - 1] == '\r' || text.at[len - 1] == ' '))
            len--;
        if (len)
            try_line(t, number, gw_slice(text.at, len));
        n += end != NULL;
        text = gw_slice(text.at + n, text.len - n);
    }
}

static int try_samples(struct trial *t)
{
    struct gw_buf samples;
    int status = GW_EXIT_OK;
    gw_buf_init(&samples, SAMPLES_BYTES);
    if (!read_samples(t->name, &samples))
        status = gw_command_failed("%s: cannot be read, or is over 64 MiB", t->name);
    else
        try_lines(t, gw_buf_bytes(&samples));
    gw_buf_deinit(&samples);
    if (status)
        return status;
    if (!t->json)
        printf("%u samples: %u accepted, %u refused, %u findings\n",
               t->accepted + t->refused, t->accepted, t->refused, t->findings);
    return t->refused ? GW_EXIT_FAILED : GW_EXIT_OK;
}

/* ---- verbs ---- */

static int run_trial(const char *word, const char *places, struct trial *t)
{
    char path[512];
    int status = load_profile(word, path, sizeof path, &t->profile);
    if (!status)
        status = load_places(t, places, path);
    if (!status && (gw_tree_init(&t->tree, &gw_budget_default) ||
                    gw_tree_init(&t->scratch, &gw_budget_default)))
        status = gw_command_failed("out of memory");
    gw_buf_init(&t->bytes, EVENT_BYTES);
    gw_buf_init(&t->text, EVENT_BYTES * 4);
    if (!status)
        status = try_samples(t);
    gw_buf_deinit(&t->bytes);
    gw_buf_deinit(&t->text);
    gw_tree_deinit(&t->tree);
    gw_tree_deinit(&t->scratch);
    gw_places_free(t->places);
    gw_profile_free(t->profile);
    return status;
}

static int run_test(int argc, char **argv)
{
    static const struct option options[] = {{"places", required_argument, NULL, 'p'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    struct trial t = {0};
    const char *places = NULL;
    int o;
    optind = 0;
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (o == 'p')
            places = optarg;
        else if (o == 'j')
            t.json = true;
        else
            return gw_command_misused("karvan profile test", "unknown option");
    if (argc - optind != 2)
        return gw_command_misused("karvan profile test",
                                  "one PROFILE and one file of samples");
    t.name = argv[optind + 1];
    return run_trial(argv[optind], places, &t);
}

static int run_check(int argc, char **argv)
{
    int worst = GW_EXIT_OK;
    if (argc < 2)
        return gw_command_misused("karvan profile check", "at least one PROFILE");
    for (int i = 1; i < argc; i++) {
        char path[512];
        struct gw_profile *p = NULL;
        if (load_profile(argv[i], path, sizeof path, &p))
            worst = GW_EXIT_FAILED;
        else
            printf("%s: good\n", path);
        gw_profile_free(p);
    }
    return worst;
}

static int run(int argc, char **argv)
{
    static const struct gw_command verbs[] = {
        {"check", "say what is wrong with profiles", check_usage, run_check},
        {"test", "before and after of samples, findings and refusals", test_usage,
         run_test},
    };
    return gw_command_dispatch("karvan profile", verbs, sizeof verbs / sizeof *verbs,
                               argc, argv);
}

const struct gw_command gw_cmd_profile = {"profile", "check and try operators' dialects",
                                          NULL, run};
