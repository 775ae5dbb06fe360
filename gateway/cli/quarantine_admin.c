/* quarantine_admin.c - repair, requeue and drop, through the running gateway's admission. */
#include "cli/quarantine_admin.h"
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include "cli/command.h"
#include "cli/gateway_at.h"

#define EVENT_BYTES (512u << 10)

const char gw_quarantine_requeue_usage[] =
    "Usage: karvan quarantine requeue ID [ID ...] [--with FILE.json] [--config FILE | --data DIR]\n\n"
    "The event goes through the same admission as every other; accepted, it leaves quarantine with\n"
    "the same commit.  --with: a repaired version of the event (one JSON object) instead of the\n"
    "bytes that were kept; then one ID.\n";
const char gw_quarantine_drop_usage[] =
    "Usage: karvan quarantine drop ID [ID ...] [--config FILE | --data DIR]\n\n"
    "The event's bytes are gone for good.\n";

struct call {
    struct gw_gateway_at at;
    const char *with;
};

static bool parse(int argc, char **argv, struct call *c)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"with", required_argument, NULL, 'w'},
                                            {NULL, 0, NULL, 0}};
    int o;
    while ((o = getopt_long(argc, argv, "c:d:w:", options, NULL)) != -1)
        if (o == 'c')
            c->at.config = optarg;
        else if (o == 'd')
            c->at.data = optarg;
        else if (o == 'w')
            c->with = optarg;
        else
            return false;
    return optind < argc && (!c->with || optind == argc - 1);
}

static bool read_file(const char *path, struct gw_buf *out)
{
    FILE *f = fopen(path, "rb");
    uint8_t *at;
    size_t n = 0;
    if (!f)
        return false;
    while ((at = gw_buf_reserve(out, 4096)) != NULL && (n = fread(at, 1, 4096, f)) > 0)
        gw_buf_advance(out, n);
    fclose(f);
    return at != NULL;
}

/* Send one request for one entry and print the answer. */
static int one(const struct call *c, const char *verb, const char *text, struct gw_slice event)
{
    struct gw_buf request, answer;
    uint64_t id = 0;
    int status;

    if (!gw_slice_uint(gw_slice_str(text), &id) || !id)
        return gw_command_failed("\"%s\" is no entry's number", text);
    gw_buf_init(&request, EVENT_BYTES + 256);
    gw_buf_init(&answer, 1u << 20);
    gw_buf_printf(&request, "{\"do\":\"%s\",\"id\":%" PRIu64, verb, id);
    if (event.len) {
        gw_buf_str(&request, ",\"event\":");
        gw_buf_slice(&request, event);
    }
    gw_buf_str(&request, "}");
    status = gw_gateway_ask(&c->at, gw_buf_text(&request), &answer);
    if (!status) {
        printf("%.*s\n", GW_FMT(gw_buf_bytes(&answer)));
        status = gw_slice_starts(gw_buf_bytes(&answer), GW_LIT("{\"ok\":true")) ? GW_EXIT_OK
                                                                                : GW_EXIT_FAILED;
    }
    gw_buf_deinit(&request);
    gw_buf_deinit(&answer);
    return status;
}

static int each(const char *verb, const char *program, int argc, char **argv)
{
    struct call c = {0};
    struct gw_buf event;
    int status;

    if (!parse(argc, argv, &c))
        return gw_command_misused(program, "which entry? see karvan quarantine list");
    status = gw_gateway_resolve(&c.at);
    if (status)
        return status;
    gw_buf_init(&event, EVENT_BYTES);
    if (c.with && !read_file(c.with, &event))
        status = gw_command_failed("%s cannot be read, or is larger than %u bytes", c.with,
                                   EVENT_BYTES);
    for (int i = optind; i < argc && status != GW_EXIT_USAGE && !(c.with && status); i++) {
        int s = one(&c, verb, argv[i], gw_buf_bytes(&event));
        status = s ? s : status;
    }
    gw_buf_deinit(&event);
    return status;
}

int gw_quarantine_requeue(int argc, char **argv)
{
    return each("requeue", "karvan quarantine requeue", argc, argv);
}

int gw_quarantine_drop(int argc, char **argv)
{
    return each("drop", "karvan quarantine drop", argc, argv);
}
