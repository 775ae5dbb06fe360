/* cmd_publish.c - karvan publish: events from a file or a pipe, one JSON object per line.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "cli/command.h"
#include "cli/connect.h"
#include "model/canon.h"
#include "model/json.h"

static const char usage[] =
    "Usage: karvan publish [options] FILE.ndjson|-\n"
    "\n"
    "Publishes one event per line and waits until all of them are acknowledged.  Refused "
    "events are\n"
    "listed on stderr with line, code, field, rule and remedy.  The last line on stdout "
    "is\n"
    "  publish: sent=... accepted=... duplicates=... refused=...\n"
    "Exit status 1 if any event was refused or not acknowledged.\n"
    "\n" GW_CONNECT_USAGE "  --batch N              events in a batch (256)\n"
    "  --live                 as live events: positions, conditions and alerts that are not "
    "kept; nothing\n"
    "                         is acknowledged, and what the gateway drops or refuses it only "
    "counts\n";

#define LINE_MOST  (1u << 20) /* bytes of one line; events are far smaller */
#define CHUNK      (64u << 10)
#define PATIENCE_S 5 /* how long a stopped command waits for acknowledgements */

struct publish {
    struct karvan_client *client;
    const char *name; /* of the input, for the texts */
    int fd;
    bool ended;       /* no more input */
    bool failed;      /* the input could not be read to its end */
    bool overlong;    /* the line being read is thrown away */
    struct gw_buf in; /* read and not yet published */
    size_t in_at;     /* where the next line starts */
    struct gw_tree tree;
    struct gw_buf event;
    bool live;      /* nothing is acknowledged */
    bool waiting;  /* `event` found no room; it goes first */
    uint64_t line; /* number of the line `event` came from */
    uint64_t sent, accepted, duplicates, refused;
    bool on_terminal;
    int64_t began_ms, shown_ms;
};

static int64_t now_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

/* ---- what is said ---- */

static void tell_refusal(struct publish *p, uint64_t line, enum gw_error code,
                         const char *field, const char *rule)
{
    fprintf(stderr, "%s%s:%" PRIu64 ": code %d: %s%s%s; %s\n",
            p->on_terminal ? "\r\033[K" : "", p->name, line, (int)code, field,
            *field ? ": " : "", rule, gw_error_remedy(code));
}

static void on_refused(void *user, const struct karvan_refusal *r)
{
    tell_refusal(user, r->tag, r->code, r->field, r->rule);
}

static void on_acked(void *user, const struct karvan_ack *ack)
{
    struct publish *p = user;
    p->accepted += ack->accepted;
    p->duplicates += ack->duplicates;
    p->refused += ack->refused;
}

static void refuse_here(struct publish *p, enum gw_error code, const char *field,
                        const char *rule)
{
    p->sent++;
    p->refused++;
    tell_refusal(p, p->line, code, field, rule ? rule : gw_error_text(code));
}

static void show_progress(struct publish *p)
{
    int64_t now = now_ms();
    if (!p->on_terminal || now - p->shown_ms < 200)
        return;
    uint64_t done = p->accepted + p->duplicates + p->refused;
    int64_t ms = now - p->began_ms;
    fprintf(stderr,
            "\r\033[K%" PRIu64 " sent, %" PRIu64 " acknowledged, %" PRIu64 " events/s",
            p->sent, done, ms > 0 ? done * 1000 / (uint64_t)ms : 0);
    p->shown_ms = now;
}

/* ---- lines to events ---- */

/* False when the window is full. */
static bool hand_over(struct publish *p)
{
    enum gw_error e = p->live ? karvan_publish_live(p->client, p->event.at, p->event.len)
                              : karvan_publish(p->client, p->event.at, p->event.len, p->line);
    p->waiting = e == GW_AGAIN;
    if (p->waiting)
        return false;
    if (e)
        refuse_here(p, e, "", NULL);
    else
        p->sent++;
    return true;
}

static bool publish_line(struct publish *p, struct gw_slice line)
{
    struct gw_fault fault = {0};
    uint32_t root;
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    if (!line.len)
        return true;
    gw_buf_reset(&p->event);
    enum gw_error e = gw_json_read(&p->tree, line, &root, &fault);
    if (!e)
        e = gw_msgpack_write(&p->tree, root, &p->event);
    if (!e)
        return hand_over(p);
    refuse_here(p, e, fault.field, fault.rule);
    return true;
}

/* The next whole line; at the end of the input also one without its line end. */
static bool next_line(struct publish *p, struct gw_slice *line)
{
    const uint8_t *from = p->in.at + p->in_at;
    size_t left = p->in.len - p->in_at;
    const uint8_t *end = left ? memchr(from, '\n', left) : NULL;
    if (!end && (!p->ended || !left))
        return false;
    *line = gw_slice(from, end ? (size_t)(end - from) : left);
    p->in_at += line->len + (end != NULL);
    p->line++;
    return true;
}

/* A line that does not end is not kept, whoever sends it. */
static void drop_overlong(struct publish *p)
{
    if (p->in.len - p->in_at < LINE_MOST)
        return;
    if (!p->overlong) {
        p->line++;
        refuse_here(p, GW_EVENT_SIZE, "", "a line is longer than 1 MiB");
    }
    p->overlong = true;
    p->in_at = p->in.len;
}

static void publish_lines(struct publish *p)
{
    struct gw_slice line;
    if (p->waiting && !hand_over(p))
        return;
    while (next_line(p, &line)) {
        if (p->overlong) { /* the rest of it; it has been counted */
            p->overlong = false;
            p->line--;
        } else if (!publish_line(p, line))
            break;
    }
    if (!p->waiting)
        drop_overlong(p);
    gw_buf_consume(&p->in, p->in_at);
    p->in_at = 0;
}

static void read_input(struct publish *p)
{
    uint8_t *room = gw_buf_reserve(&p->in, CHUNK);
    ssize_t n = room ? read(p->fd, room, CHUNK) : -1;
    if (room && n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n < 0) {
        gw_command_failed("%s: %s", p->name, room ? strerror(errno) : "out of memory");
        p->failed = true;
    }
    if (n > 0)
        gw_buf_advance(&p->in, (size_t)n);
    p->ended = n <= 0;
}

/* ---- the loop ---- */

/* Input is only read while there is room for what was read before. */
static void wait_and_read(struct publish *p)
{
    struct pollfd fds[] = {{.fd = karvan_fd(p->client), .events = POLLIN},
                           {.fd = p->fd, .events = POLLIN}};
    bool reading = !p->ended && !p->waiting;
    int timeout = karvan_timeout_ms(p->client);
    if (p->on_terminal && timeout > 200)
        timeout = 200;
    if (poll(fds, reading ? 2 : 1, timeout) > 0 && reading && fds[1].revents)
        read_input(p);
}

static void run_loop(struct publish *p)
{
    int64_t give_up = INT64_MAX;
    for (;;) {
        publish_lines(p);
        bool finished = p->ended && !p->waiting && !p->in.len;
        if (finished)
            karvan_flush(p->client);
        while (karvan_process(p->client))
            ;
        show_progress(p);
        if ((finished && !karvan_unacknowledged(p->client)) || now_ms() >= give_up ||
            karvan_client_state(p->client) == KARVAN_FENCED)
            return;
        if (gw_connect_stopped() &&
            give_up == INT64_MAX) { /* take no more, wait for the rest */
            p->ended = true;
            p->waiting = false;
            gw_buf_reset(&p->in);
            give_up = now_ms() + PATIENCE_S * 1000;
        }
        wait_and_read(p);
    }
}

static int finish(struct publish *p)
{
    uint64_t left = karvan_close(p->client, 0);
    if (p->on_terminal)
        fputs("\r\033[K", stderr);
    if (p->live) {
        printf("publish: sent=%" PRIu64 " live, refused=%" PRIu64 "\n", p->sent, p->refused);
        return p->refused || p->failed || p->waiting ? GW_EXIT_FAILED : GW_EXIT_OK;
    }
    printf("publish: sent=%" PRIu64 " accepted=%" PRIu64 " duplicates=%" PRIu64
           " refused=%" PRIu64 "\n",
           p->sent, p->accepted, p->duplicates, p->refused);
    if (left)
        return gw_command_failed("%" PRIu64 " events were not acknowledged", left);
    return p->refused || p->failed ? GW_EXIT_FAILED : GW_EXIT_OK;
}

static int publish(struct gw_connect *connect, const char *path, bool live)
{
    struct publish p = {.name = path, .live = live, .line = 0, .began_ms = now_ms()};
    int status;
    bool from_stdin = strcmp(path, "-") == 0;
    p.fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (p.fd < 0)
        return gw_command_failed("%s: %s", path, strerror(errno));
    if (from_stdin)
        p.name = "stdin";
    p.on_terminal = isatty(STDERR_FILENO);
    connect->options.on.acked = on_acked;
    connect->options.on.refused = on_refused;
    connect->options.user = &p;
    gw_buf_init(&p.in, LINE_MOST + 2 * CHUNK);
    gw_buf_init(&p.event, LINE_MOST);
    status = gw_tree_init(&p.tree, &gw_budget_default)
                 ? gw_command_failed("out of memory")
                 : gw_connect_open(connect, &p.client);
    if (!status) {
        run_loop(&p);
        status = finish(&p);
    }
    gw_tree_deinit(&p.tree);
    gw_buf_deinit(&p.event);
    gw_buf_deinit(&p.in);
    if (!from_stdin)
        close(p.fd);
    return status;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {
        GW_CONNECT_OPTIONS,
        {"batch", required_argument, NULL, 'b'},
        {"live", no_argument, NULL, 'l'},
        {NULL, 0, NULL, 0}};
    struct gw_connect connect;
    uint64_t batch;
    bool live = false;
    int o;
    gw_connect_init(&connect, "karvan publish", "karvan-publish");
    optind = 0;
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (o == 'l')
            live = true;
        else if (o != 'b') {
            if (!gw_connect_option(&connect, o, optarg))
                return GW_EXIT_USAGE;
        } else if (gw_connect_number(optarg, 65536, &batch))
            connect.options.batch_events = (uint32_t)batch;
        else
            return gw_command_misused("karvan publish",
                                      "--batch: a whole number, 1 to 65536");
    if (optind != argc - 1)
        return gw_command_misused("karvan publish",
                                  "one FILE.ndjson is needed, or - for stdin");
    return publish(&connect, argv[optind], live);
}

const struct gw_command gw_cmd_publish = {"publish", "publish events from NDJSON", usage,
                                          run};
