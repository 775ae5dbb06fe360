/* test_cli.c - the karvan program as a process: words, exit status, and its talk with a
 * gateway. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unit/client/fake_gateway.h"

#define ARGS_MAX 16

struct child {
    pid_t pid;
    int in; /* write end of its standard input */
    char folder[64], out[1 << 16], err[1 << 16];
    int status; /* exit status, -1: killed by a signal */
};

static struct fake f;
static struct child child;

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", child.folder, name);
    return path;
}

static void slurp(const char *name, char *out, size_t size)
{
    FILE *file = fopen(in_folder(name), "r");
    size_t n = file ? fread(out, 1, size - 1, file) : 0;
    out[n] = 0;
    if (file)
        fclose(file);
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");
    fputs(text, file);
    fclose(file);
}

static void become(char *const argv[], int in)
{
    dup2(in, STDIN_FILENO);
    dup2(open(in_folder("out"), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open(in_folder("err"), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    execv(KARVAN, argv);
    _exit(127);
}

/* karvan <words>, which are separated by single blanks; %s in them is `value`. */
static void start(const char *words, const char *value)
{
    static char line[1024];
    static char name[] = "karvan";
    char *argv[ARGS_MAX] = {name}, *rest = NULL;
    int argc = 1, pipe_fds[2];
    snprintf(line, sizeof line, "%s", words);
    for (char *w = strtok_r(line, " ", &rest); w && argc < ARGS_MAX - 1;
         w = strtok_r(NULL, " ", &rest))
        argv[argc++] = strcmp(w, "%s") == 0 ? (char *)(uintptr_t)value : w;
    cr_assert_eq(pipe2(pipe_fds, O_CLOEXEC), 0);
    child.pid = fork();
    if (child.pid == 0)
        become(argv, pipe_fds[0]);
    close(pipe_fds[0]);
    child.in = pipe_fds[1];
}

/* It ends by itself within some seconds. */
static void finish(void)
{
    int status = 0;
    pid_t ended = 0;
    for (int i = 0; i < 1000 && !ended; i++) {
        ended = waitpid(child.pid, &status, WNOHANG);
        if (!ended)
            usleep(10000);
    }
    if (!ended)
        kill(child.pid, SIGKILL);
    cr_assert(ended, "it does not end");
    child.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    slurp("out", child.out, sizeof child.out);
    slurp("err", child.err, sizeof child.err);
}

static void set_up(void)
{
    snprintf(child.folder, sizeof child.folder, "/tmp/karvan-cli-XXXXXX");
    cr_assert_not_null(mkdtemp(child.folder));
    fake_open(&f);
    setenv("KARVAN_ENDPOINT", f.endpoint, 1);
    unsetenv("KARVAN_KEYS");
    unsetenv("KARVAN_SERVER_KEY");
}

static void tear_down(void)
{
    static const char *const names[] = {"out", "err", "in.ndjson", "keys"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_folder(names[i]));
    rmdir(child.folder);
    fake_close(&f);
}

TestSuite(cli, .init = set_up, .fini = tear_down, .timeout = 60);

static void welcome(void)
{
    fake_expect(&f, GW_OP_HELLO);
    fake_welcome(&f, 0, 100);
}

/* ---- words ---- */

Test(cli, help_misuse_and_status)
{
    static const struct {
        const char *words;
        int status;
        const char *out, *err; /* must be in there; NULL: must be empty */
    } cases[] = {
        {"", 2, NULL, "Usage: karvan COMMAND"},
        {"--help", 0, "  publish ", NULL},
        {"-h", 0, "  version ", NULL},
        {"version", 0, "protocol 1", NULL},
        {"version more", 2, NULL, "takes no arguments"},
        {"no-such", 2, NULL, "no such command: no-such"},
        {"publish --help", 0, "Usage: karvan publish", NULL},
        {"publish x --help", 0, "Usage: karvan publish", NULL},
        {"publish", 2, NULL, "one FILE.ndjson"},
        {"publish --batch 0 -", 2, NULL, "--batch"},
        {"publish --no-such -", 2, NULL, "publish --help"},
        {"publish -", 2, NULL, "--server-key and --keys"},
        {"publish --plain /no/such/file", 1, NULL, "No such file"},
        {"publish --plain --endpoint tcp://192.0.2.1:7400 -", 2, NULL, "loopback"},
        {"publish --server-key short --keys /no/such -", 1, NULL, "--server-key short"},
        {"subscribe", 2, NULL, "NAME is needed"},
        {"subscribe --count none x", 2, NULL, "--count"},
        {"subscribe --timeout 0 x", 2, NULL, "--timeout"},
        {"keygen", 2, NULL, "one FILE"},
        {"keygen --print-public /no/such/file", 1, NULL, "No such file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(cases[i].words, NULL);
        close(child.in);
        finish();
        cr_expect_eq(child.status, cases[i].status, "karvan %s: %d", cases[i].words,
                     child.status);
        cr_expect(cases[i].out ? strstr(child.out, cases[i].out) != NULL : !child.out[0],
                  "karvan %s: stdout \"%s\"", cases[i].words, child.out);
        cr_expect(cases[i].err ? strstr(child.err, cases[i].err) != NULL : !child.err[0],
                  "karvan %s: stderr \"%s\"", cases[i].words, child.err);
    }
}

Test(cli, keygen_makes_a_private_file_once)
{
    struct stat st;
    struct karvan_keys keys;
    char path[128], line[80];
    snprintf(path, sizeof path, "%s", in_folder("keys"));
    start("keygen --operator ktz --country KZ %s", path);
    finish();
    cr_assert_eq(child.status, 0);
    cr_assert_eq(stat(path, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
    cr_assert_eq(karvan_keys_load(&keys, path), GW_OK);
    snprintf(line, sizeof line, "%s\n", keys.public_key);
    cr_expect_str_eq(child.out, line);
    snprintf(line, sizeof line, "operator add ktz --country KZ --key '%.41s'",
             keys.public_key);
    cr_expect_not_null(strstr(child.err, line), "%s", child.err);
    cr_expect_null(strstr(child.err, keys.secret_key));
    start("keygen %s", path);
    finish();
    cr_expect_eq(child.status, 1);
    cr_expect_not_null(strstr(child.err, "there already"));
    start("keygen --print-public %s", path);
    finish();
    cr_expect_eq(strncmp(child.out, keys.public_key, 40), 0);
}

/* ---- publish ---- */

static void ack(uint64_t accepted, struct gw_slice events, uint64_t refused)
{
    struct gw_buf body;
    struct gw_header h = {.op = GW_OP_ACK, .batch = 1};
    struct gw_ack_batch a = {.batch = 1,
                             .accepted = accepted,
                             .refused = refused,
                             .first = 1,
                             .last = accepted,
                             .events = events};
    gw_buf_init(&body, 4096);
    cr_assert_eq(gw_ack_write(&a, &body), GW_OK);
    fake_send(&f, &h, gw_buf_bytes(&body));
    gw_buf_deinit(&body);
}

Test(cli, publish_lists_refusals_with_their_lines)
{
    char path[128];
    struct gw_buf events;
    struct gw_ack_event refused = {.index = 1,
                                   .code = GW_MISSING,
                                   .field = GW_LIT("subject"),
                                   .rule = GW_LIT("a required field is missing")};
    put("in.ndjson",
        "{\"id\":\"a\"}\n\n{not json}\r\n{\"id\":\"b\"}"); /* no end of line */
    snprintf(path, sizeof path, "%s", in_folder("in.ndjson"));
    start("publish --plain %s", path);
    welcome();
    fake_expect(&f, GW_OP_PUBLISH);
    cr_assert_eq(f.h.count, 2);
    cr_assert_eq(f.body_len, 12);
    cr_assert_arr_eq(f.body,
                     "\x81\xa2id\xa1"
                     "a\x81\xa2id\xa1"
                     "b",
                     12);
    gw_buf_init(&events, 1000);
    cr_assert_eq(gw_ack_events_begin(1, &events), GW_OK);
    cr_assert_eq(gw_ack_event_write(&refused, &events), GW_OK);
    ack(1, gw_buf_bytes(&events), 1);
    gw_buf_deinit(&events);
    fake_expect(&f, GW_OP_BYE);
    finish();
    cr_expect_eq(child.status, 1);
    cr_expect_str_eq(child.out, "publish: sent=3 accepted=1 duplicates=0 refused=2\n");
    cr_expect_not_null(strstr(child.err, "in.ndjson:3: code 3"), "%s", child.err);
    cr_expect_not_null(
        strstr(child.err, "in.ndjson:4: code 401: subject: a required field"), "%s",
        child.err);
}

Test(cli, publish_keeps_its_session_while_the_pipe_is_quiet)
{
    start("publish --plain -", NULL);
    welcome();
    cr_assert_eq(write(child.in, "{\"id\":", 6), 6);
    f.hold_pings = false;
    fake_expect(&f, GW_OP_PING); /* half a line is there, and nothing more comes */
    struct gw_header pong = {.op = GW_OP_PONG, .nonce = f.h.nonce};
    fake_send(&f, &pong, gw_slice(NULL, 0));
    cr_assert_eq(write(child.in, "\"a\"}\n", 5), 5);
    fake_expect(&f, GW_OP_PUBLISH); /* without waiting for the end of the input */
    ack(1, gw_slice(NULL, 0), 0);
    close(child.in);
    fake_expect(&f, GW_OP_BYE);
    finish();
    cr_expect_eq(child.status, 0);
    cr_expect_str_eq(child.out, "publish: sent=1 accepted=1 duplicates=0 refused=0\n");
}

Test(cli, publish_says_what_the_gateway_refused)
{
    struct gw_header h = {
        .op = GW_OP_REFUSE, .code = GW_BAD_NAME, .text = GW_LIT("bad name")};
    start("publish --plain -", NULL);
    fake_expect(&f, GW_OP_HELLO);
    cr_assert(gw_slice_is(f.h.adapter, "karvan-publish"));
    fake_send(&f, &h, gw_slice(NULL, 0));
    finish();
    cr_expect_eq(child.status, 1);
    cr_expect_not_null(strstr(child.err, "refused: bad name (code 104)"), "%s",
                       child.err);
    close(child.in);
}

Test(cli, publish_stopped_says_what_is_not_acknowledged)
{
    start("publish --plain -", NULL);
    welcome();
    cr_assert_eq(write(child.in, "{\"id\":1}\n", 9), 9);
    fake_expect(&f, GW_OP_PUBLISH);
    kill(child.pid, SIGTERM);
    finish(); /* after its patience */
    cr_expect_eq(child.status, 1);
    cr_expect_not_null(strstr(child.err, "1 events were not acknowledged"), "%s",
                       child.err);
    close(child.in);
}

/* ---- subscribe ---- */

static void events(uint64_t from, uint64_t last)
{
    uint8_t body[1024];
    size_t len = 0;
    struct gw_header h = {.op = GW_OP_EVENTS,
                          .name = GW_LIT("view"),
                          .from = from,
                          .to = last + 5,
                          .count = last - from + 1};
    for (uint64_t seq = from; seq <= last; seq++)
        len += fake_event(body + len, seq, (uint8_t)seq);
    fake_send(&f, &h, gw_slice(body, len));
}

static const struct gw_slice from_cursor = {(const uint8_t *)"\x82\xa5start\xa6"
                                                             "cursor\xa6"
                                                             "filter\x80",
                                            22};

static void expect_subscription(struct gw_slice body)
{
    struct gw_header h = {.op = GW_OP_SUBSCRIBED, .name = GW_LIT("view"), .from = 11};
    welcome();
    fake_expect(&f, GW_OP_SUBSCRIBE);
    cr_assert(gw_slice_is(f.h.name, "view"));
    cr_assert(gw_slice_eq(gw_slice(f.body, f.body_len), body));
    fake_send(&f, &h, gw_slice(NULL, 0));
    fake_expect(&f, GW_OP_CREDIT);
    cr_assert_eq(f.h.ack, 10);
}

Test(cli, subscribe_prints_and_acknowledges_what_it_printed)
{
    start("subscribe --plain --start seq:11 --count 2 view type=load,discharge", NULL);
    expect_subscription(GW_LIT("\x82\xa5start\x81\xa3seq\x0b\xa6"
                               "filter\x81\xa4type\x92\xa9"
                               "discharge\xa4load"));
    events(11, 13);
    fake_expect(&f, GW_OP_CREDIT);
    cr_assert_eq(f.h.ack, 12, "the third one was not printed");
    fake_expect(&f, GW_OP_BYE);
    finish();
    cr_expect_eq(child.status, 0);
    cr_expect_str_eq(child.out, "{\"id\":11,\"seq\":11}\n{\"id\":12,\"seq\":12}\n");
}

Test(cli, subscribe_writes_at_once_and_ends_cleanly_on_a_signal)
{
    start("subscribe --plain view", NULL);
    expect_subscription(from_cursor);
    events(11, 12);
    fake_expect(&f, GW_OP_CREDIT);
    cr_assert_eq(f.h.ack, 17, "everything that was looked at");
    slurp("out", child.out, sizeof child.out);
    cr_expect_str_eq(child.out, "{\"id\":11,\"seq\":11}\n{\"id\":12,\"seq\":12}\n");
    kill(child.pid, SIGINT);
    fake_expect(&f, GW_OP_BYE);
    finish();
    cr_expect_eq(child.status, 0);
}

Test(cli, subscribe_without_acknowledging)
{
    start("subscribe --plain --no-ack --count 1 view", NULL);
    expect_subscription(from_cursor);
    cr_assert_geq(f.h.credit_events, 1u << 20);
    events(11, 12);
    fake_expect(&f, GW_OP_BYE);
    finish();
    cr_expect_eq(child.status, 0);
}

Test(cli, subscribe_that_gets_too_little_in_time_fails)
{
    start("subscribe --plain --count 5 --timeout 1 view", NULL);
    expect_subscription(from_cursor);
    events(11, 12);
    finish();
    cr_expect_eq(child.status, 1);
    cr_expect_not_null(strstr(child.err, "2 of 5"), "%s", child.err);
}

Test(cli, subscribe_with_a_wrong_filter_says_which)
{
    start("subscribe --plain view colour=red", NULL);
    welcome();
    finish();
    cr_expect_eq(child.status, 2);
    cr_expect_not_null(strstr(child.err, "colour"), "%s", child.err);
}
