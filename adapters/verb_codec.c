/* verb_codec.c - karvan-adapter decode and encode: one message, without a gateway. */
#include "adapters/format.h"
#include "adapters/layout_file.h"
#include "adapters/ndjson.h"
#include "adapters/place_file.h"
#include "adapters/verb.h"
#include "model/json.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define EVENTS_BYTES (256u << 20)
#define EVENTS_COUNT 1000000u

struct job {
    const char *verb;
    struct gw_options options;
    const char *places_file, *layout_file, *file; /* file: "-" is standard input */
    const struct gw_adapter *adapter;
    struct gw_places *places;
    struct gw_format format;
    struct gw_buf in, out;
    struct gw_events events;
};

/* ---- arguments ---- */

static const struct option long_options[] = {{"zone", required_argument, NULL, 'z'},
                                             {"places", required_argument, NULL, 'p'},
                                             {"sender", required_argument, NULL, 's'},
                                             {"recipient", required_argument, NULL, 'r'},
                                             {"layout", required_argument, NULL, 'l'},
                                             {"accept-test", no_argument, NULL, 't'},
                                             {NULL, 0, NULL, 0}};

static bool take_option(struct job *j, int c)
{
    const char **texts[] = {['z'] = &j->options.zone,
                            ['p'] = &j->places_file,
                            ['l'] = &j->layout_file,
                            ['s'] = &j->options.sender,
                            ['r'] = &j->options.recipient};
    if (c == 't')
        j->options.accept_test = true;
    else if (c == '?' || c == ':')
        return false;
    else
        *texts[c] = optarg;
    return true;
}

static int take_arguments(struct job *j, int argc, char **argv)
{
    int c;
    opterr = 0;
    optind = 1;
    while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!take_option(j, c))
            return gw_verb_misused(j->verb, "not understood, or its value is missing: %s",
                                   argv[optind - 1]);
    if (argc - optind < 1 || argc - optind > 2)
        return gw_verb_misused(j->verb, "a format and at most one file are needed");
    j->adapter = gw_format_find(argv[optind]);
    if (!j->adapter)
        return gw_verb_misused("list", "no such format: %s", argv[optind]);
    j->file = argc - optind == 2 ? argv[optind + 1] : "-";
    return GW_VERB_OK;
}

/* ---- reading ---- */

static enum gw_error read_stream(int fd, struct gw_buf *in)
{
    for (;;) {
        size_t room = in->limit - in->len;
        uint8_t *to = gw_buf_reserve(in, room < 65536 ? room : 65536);
        ssize_t n = to && room ? read(fd, to, room < 65536 ? room : 65536) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return GW_IO;
        if (n == 0)
            return gw_buf_status(in);
        gw_buf_advance(in, (size_t)n);
    }
}

/* One byte more than is allowed, so that what is too long shows. */
static int read_input(struct job *j, size_t most)
{
    gw_buf_init(&j->in, most + 1);
    bool from_file = strcmp(j->file, "-") != 0;
    int fd = from_file ? open(j->file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (fd < 0)
        return gw_verb_failed("%s: %s", j->file, strerror(errno));
    enum gw_error e = read_stream(fd, &j->in);
    int why = errno;
    if (from_file)
        close(fd);
    if (e)
        return gw_verb_failed("%s: %s", j->file,
                              e == GW_IO ? strerror(why) : gw_error_text(e));
    return GW_VERB_OK;
}

static int read_places(struct job *j)
{
    struct gw_text why;
    if (!j->places_file)
        return GW_VERB_OK;
    if (gw_place_file_load(&j->places, j->places_file, &why))
        return gw_verb_failed("%s", why.s);
    j->options.places = j->places;
    return GW_VERB_OK;
}

static int open_format(struct job *j)
{
    struct gw_text why;
    if (gw_format_open_laid(&j->format, j->adapter, &j->options, j->layout_file, &why))
        return gw_verb_failed("%s: %s", j->adapter->name, why.s);
    return GW_VERB_OK;
}

/* ---- the two directions ---- */

static int refused(const struct gw_report *r, const char *unit)
{
    struct gw_buf text;
    gw_buf_init(&text, 4096);
    gw_report_text(r, unit, &text);
    (void)fprintf(stderr, "refused: %s\n", gw_buf_text(&text));
    gw_buf_deinit(&text);
    return GW_VERB_FAILED;
}

static void print_findings(const struct gw_report *r, const char *unit)
{
    const uint32_t kept = sizeof r->findings / sizeof *r->findings;
    struct gw_buf text;
    gw_buf_init(&text, 4096);
    for (uint32_t i = 0; i < r->finding_count && i < kept; i++) {
        gw_buf_reset(&text);
        gw_finding_text(&r->findings[i], unit, &text);
        (void)fprintf(stderr, "finding: %s\n", gw_buf_text(&text));
    }
    gw_buf_deinit(&text);
    if (r->finding_count > kept)
        (void)fprintf(stderr, "finding: and %" PRIu32 " more\n", r->finding_count - kept);
    if (r->ignored)
        (void)fprintf(stderr, "ignored: %" PRIu32 " of %" PRIu32 " messages\n",
                      r->ignored, r->messages);
}

static int print_events(struct job *j)
{
    struct gw_tree tree;
    struct gw_fault fault = {0};
    enum gw_error e = gw_tree_init(&tree, &gw_budget_default);
    gw_buf_init(&j->out, 8 * (size_t)gw_budget_default.event_bytes);
    for (uint32_t i = 0; !e && i < j->events.count; i++) {
        gw_buf_reset(&j->out);
        e = gw_json_from_msgpack(&tree, gw_events_at(&j->events, i), &j->out, &fault);
        if (!e)
            (void)printf("%.*s\n", GW_FMT(gw_buf_bytes(&j->out)));
    }
    gw_tree_deinit(&tree);
    return e ? gw_verb_failed("an event cannot be shown: %s", gw_error_text(e))
             : GW_VERB_OK;
}

static int decode(struct job *j)
{
    struct gw_report report;
    int status = read_input(j, j->adapter->max_bytes);
    if (status)
        return status;
    if (gw_format_decode(&j->format, gw_buf_bytes(&j->in), &j->events, &report))
        return refused(&report, gw_format_unit(j->adapter));
    print_findings(&report, gw_format_unit(j->adapter));
    return print_events(j);
}

static int encode(struct job *j)
{
    struct gw_report report;
    struct gw_fault fault = {0};
    int status = read_input(j, EVENTS_BYTES);
    if (status)
        return status;
    if (gw_ndjson_read(gw_buf_bytes(&j->in), &j->events, &report))
        return refused(&report, "line");
    gw_buf_init(&j->out, EVENTS_BYTES);
    enum gw_error e = j->adapter->encode(j->format.state, &j->events, &j->out, &fault);
    if (e == GW_RANGE && fault.at < j->events.count)
        return gw_verb_failed("event %zu cannot be written as %s: %s", fault.at + 1,
                              j->adapter->name, fault.rule ? fault.rule : "?");
    if (e)
        return gw_verb_failed("%s: %s", j->adapter->name,
                              fault.rule ? fault.rule : gw_error_text(e));
    (void)fwrite(j->out.at, 1, j->out.len, stdout);
    return GW_VERB_OK;
}

/* ---- the verbs ---- */

static int run_job(struct job *j, int argc, char **argv, int (*direction)(struct job *))
{
    int status = take_arguments(j, argc, argv);
    if (!status && direction == encode && !j->adapter->encode)
        status = gw_verb_failed("%s is a format that is only received", j->adapter->name);
    if (!status)
        status = read_places(j);
    if (!status)
        status = open_format(j);
    return status ? status : direction(j);
}

static int run(const char *verb, int argc, char **argv, int (*direction)(struct job *))
{
    struct job j = {.verb = verb};
    gw_options_default(&j.options);
    gw_events_init(&j.events, EVENTS_BYTES, EVENTS_COUNT);
    int status = run_job(&j, argc, argv, direction);
    gw_format_close(&j.format);
    gw_places_free(j.places);
    gw_events_deinit(&j.events);
    gw_buf_deinit(&j.in);
    gw_buf_deinit(&j.out);
    return status;
}

static int run_decode(int argc, char **argv)
{
    return run("decode", argc, argv, decode);
}

static int run_encode(int argc, char **argv)
{
    return run("encode", argc, argv, encode);
}

#define OPTIONS                                                                          \
    "  --zone ZONE        IANA zone of times that carry none and whose place is "        \
    "unknown\n"                                                                          \
    "  --places FILE      the place table (config/places.csv)\n"                         \
    "  --layout FILE      what the columns of a table mean (format csv)\n"               \
    "  --sender ID        identity to write as sender, and of messages without "         \
    "envelope\n"                                                                         \
    "  --recipient ID     identity to write as recipient\n"                              \
    "  --accept-test      take messages flagged as test\n"

const struct gw_verb gw_verb_decode = {
    "decode", "a message of a format to canonical events",
    "Usage: karvan-adapter decode FORMAT [FILE|-] [options]\n\n"
    "Prints the events of one whole message as NDJSON on stdout, findings on stderr.\n"
    "A message that is refused gives no events, one line\n"
    "  refused: segment 12, offset 345: rule: detail\n"
    "on stderr, and exit status 1.\n\n" OPTIONS,
    run_decode};

const struct gw_verb gw_verb_encode = {
    "encode", "canonical events to a message of a format",
    "Usage: karvan-adapter encode FORMAT [FILE|-] [options]\n\n"
    "Reads events as NDJSON and prints one whole message on stdout.\n\n" OPTIONS,
    run_encode};
