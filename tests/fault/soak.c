/* soak.c - a long time at half capacity: does karvand's memory, and do its descriptors,
 * stay level?
 *
 *   soak [--seconds N] [--rate N] [--seed N] [--every MS] [--plot FILE.svg]
 *                                         20 s, 20,000 events/s, seed 1, 1,000 ms
 *   soak --from OUTPUT --plot FILE.svg    judge and draw what an earlier run printed
 *
 * One company sends, two receive, one of them now and then at half the pace.  Every
 * second or so (--every) something happens: an adapter leaves and comes back, the
 * settings are reloaded, a company changes its key and the old one is revoked.  The
 * journal keeps 32 MiB, so the oldest is dropped all the time.
 *
 * The first fifth is not judged: caches fill.  Of the rest, the median of the second half
 * may lie 10 % and 8 MiB above that of the first, and two descriptors.  Memory is what is
 * karvand's own (RssAnon): the journal's pages belong to the kernel.  Latency is printed,
 * for it depends on the machine. */
#include <dirent.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "tests/fault/flow.h"
#include "tests/fault/soak_samples.h"

#define RUN_ID 0x50a40001u

/* Small, so that all caches are full soon; the journal has room for a receiver that is
 * behind. */
static const char settings[] = "  max_bytes: 1 GiB\n  retain_bytes: 32 MiB\n"
                               "  duplicate_window: 65536\n"
                               "delivery:\n  tail_bytes: 2 MiB\n";

struct soak {
    struct gw_rig rig;
    struct flow sender, quick, slow;
    uint64_t seconds, rate, every_ms;
    unsigned seed;
    struct samples samples;
    const char *plot, *from;
    unsigned reconnects, reloads, rotations, failed;
};

static int64_t now_ms(void)
{
    return gw_mono_ns(&gw_clock_system) / 1000000;
}

/* ---- what is looked at ---- */

static double status_kib(pid_t pid, const char *field)
{
    char path[64], line[256];
    double kib = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *in = fopen(path, "r");
    while (in && fgets(line, sizeof line, in))
        if (!strncmp(line, field, strlen(field)))
            kib = strtod(line + strlen(field), NULL);
    if (in)
        fclose(in);
    return kib;
}

static double descriptors(pid_t pid)
{
    char path[64];
    double count = -2; /* . and .. */
    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *d = opendir(path);
    while (d && readdir(d))
        count++;
    if (d)
        closedir(d);
    return count;
}

static void look(struct soak *k, int64_t elapsed_ms)
{
    struct sample *s = &k->samples.at[k->samples.count++];
    *s = (struct sample){.seconds = (double)elapsed_ms / 1000,
                         .own_mib = status_kib(k->rig.pid, "RssAnon:") / 1024,
                         .all_mib = status_kib(k->rig.pid, "VmRSS:") / 1024,
                         .descriptors = descriptors(k->rig.pid),
                         .p99_ms = flow_p99_ms(&k->quick)};
    sample_print(s);
    printf("  acknowledged %llu  slow one behind %lld\n", (unsigned long long)k->sender.acked,
           (long long)(k->quick.next - k->slow.next));
    fflush(stdout);
}

/* ---- what happens ---- */

static void change_key(struct soak *k, const char *verb, const char *name,
                       const char *key)
{
    const char *argv[] = {"karvan", "operator", verb,          name, "--key",
                          key,      "--config", k->rig.config, NULL};
    const char *reload[] = {"karvan", "reload", "--config", k->rig.config, NULL};
    int bad = gw_child_run(argv, true);
    for (int i = 0; bad && i < 12; i++) /* a machine that stood still: the gateway did not answer */
        bad = gw_child_run(reload, true);
    if (bad && !k->failed++)
        fprintf(stderr, "soak: karvan operator %s failed\n", verb);
}

static void rotate(struct soak *k, struct flow *f)
{
    struct karvan_keys old = f->keys, fresh;
    char name[16];
    (void)snprintf(name, sizeof name, "op-%02u", f->operator);
    if (karvan_keys_make(&fresh))
        exit(1);
    change_key(k, "rotate", name, fresh.public_key);
    k->failed += !flow_again(f, &fresh);
    change_key(k, "revoke", name, old.public_key);
    k->rotations++;
}

static void something_happens(struct soak *k)
{
    struct flow *flows[] = {&k->sender, &k->quick, &k->slow};
    struct flow *f = flows[rand_r(&k->seed) % 3];
    switch (rand_r(&k->seed) % 4) {
    case 0:
        rotate(k, f);
        break;
    case 1:
        kill(k->rig.pid, SIGHUP);
        k->reloads++;
        break;
    default:
        k->failed += !flow_again(f, NULL);
        k->reconnects++;
    }
}

static void run(struct soak *k)
{
    int64_t began = now_ms(), end = began + (int64_t)k->seconds * 1000;
    int64_t every = (int64_t)k->seconds * 1000 / 40;
    if (every < 250)
        every = 250;
    int64_t at = began + every, event = began + 1000;
    if (every * (SAMPLES_MOST - 1) < (int64_t)k->seconds * 1000)
        exit(2);
    while (now_ms() < end && !k->failed) {
        usleep(20000);
        if (now_ms() >= event) {
            something_happens(k);
            event = now_ms() + (int64_t)(k->every_ms / 5 + (uint64_t)rand_r(&k->seed) %
                                                               (k->every_ms * 8 / 5));
        }
        if (now_ms() >= at && k->samples.count < SAMPLES_MOST) {
            look(k, now_ms() - began);
            at += every;
        }
    }
}

/* ---- the verdict ---- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of one number of the samples from .. to - 1, at `field` bytes. */
static double median(const struct samples *s, size_t from, size_t to, size_t field)
{
    double values[SAMPLES_MOST];
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        memcpy(&values[count++], (const char *)&s->at[i] + field, sizeof *values);
    qsort(values, count, sizeof *values, by_size);
    return count ? values[count / 2] : 0;
}

/* factor 0: not judged. */
struct level {
    const char *name;
    size_t field;
    double factor, room;
};

static bool is_level(const struct samples *s, const struct level *l)
{
    size_t first = s->count / 5, middle = first + (s->count - first) / 2;
    double a = median(s, first, middle, l->field), b = median(s, middle, s->count, l->field);
    bool level = l->factor == 0 || b <= a * l->factor + l->room;
    printf("%s: first half %.1f, second half %.1f%s\n", l->name, a, b,
           l->factor == 0 ? " (not judged)"
           : level        ? ""
                          : ": GROWS");
    return level;
}

static int judge(const struct samples *s)
{
    static const struct level levels[] = {
#ifdef SOAK_SANITIZED /* which keeps what was freed */
        {"own_mib", offsetof(struct sample, own_mib), 9, 1024},
#else
        {"own_mib", offsetof(struct sample, own_mib), 1.1, 8},
#endif
        {"resident_mib", offsetof(struct sample, all_mib), 0, 0},
        {"descriptors", offsetof(struct sample, descriptors), 1, 2},
        {"p99_ms", offsetof(struct sample, p99_ms), 0, 0}};
    int bad = s->count < 10;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        bad += !is_level(s, &levels[i]);
    return bad;
}

static void wait_for_receivers(struct soak *k)
{
    for (int i = 0; i < 1200; i++, usleep(100000))
        if (k->quick.next >= k->sender.acked && k->slow.next >= k->sender.acked)
            return;
}

static void parse(int argc, char **argv, struct soak *k)
{
    static const struct option options[] = {{"seconds", required_argument, NULL, 'n'},
                                            {"rate", required_argument, NULL, 'r'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"every", required_argument, NULL, 'e'},
                                            {"plot", required_argument, NULL, 'p'},
                                            {"from", required_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    int o;
    while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
        if (o == 'n')
            k->seconds = strtoull(optarg, NULL, 10);
        else if (o == 'r')
            k->rate = strtoull(optarg, NULL, 10);
        else if (o == 'p')
            k->plot = optarg;
        else if (o == 'f')
            k->from = optarg;
        else if (o == 'e')
            k->every_ms = strtoull(optarg, NULL, 10);
        else if (o == 's')
            k->seed = (unsigned)strtoul(optarg, NULL, 10);
        else
            exit(2);
    if (k->seconds < 5 || !k->rate || !k->every_ms)
        exit(2);
}

static void start(struct soak *k)
{
    struct gw_rig_setup setup = {
        .curve = true, .durable = true, .operators = 3, .lanes = 1, .more = settings};
    if (gw_rig_start(&k->rig, &setup))
        exit(1);
    flow_init(&k->sender, &k->rig, 0, RUN_ID, "source");
    flow_init(&k->quick, &k->rig, 1, RUN_ID, "quick");
    flow_init(&k->slow, &k->rig, 2, RUN_ID, "slow");
    k->sender.rate = k->slow.pace = k->rate;
    k->slow.slow = true;
    flow_receive(&k->quick);
    flow_receive(&k->slow);
    flow_send(&k->sender);
}

static int redraw(struct soak *k)
{
    return !k->plot || !samples_load(&k->samples, k->from) || judge(&k->samples) ||
           !samples_draw(&k->samples, k->plot);
}

int main(int argc, char **argv)
{
    struct soak *k = calloc(1, sizeof *k);
    const char *verify[] = {"karvan", "journal", "verify", "--data", NULL, NULL};
    unsigned seed;
    int bad;

    if (!k)
        return 1;
    k->seconds = 20;
    k->rate = 20000;
    k->every_ms = 1000;
    k->seed = 1;
    parse(argc, argv, k);
    if (k->from) {
        bad = redraw(k);
        free(k);
        return bad;
    }
    seed = k->seed;
    start(k);
    run(k);
    flow_stop(&k->sender);
    wait_for_receivers(k);
    flow_stop(&k->quick);
    flow_stop(&k->slow);
    bad = gw_rig_stop(&k->rig) != 0;
    verify[4] = k->rig.dir;
    bad += gw_child_run(verify, true) != 0;
    bad += flow_judge(&k->sender, &k->quick) + flow_judge(&k->sender, &k->slow);
    bad += judge(&k->samples) + (int)k->failed;
    bad += k->plot && !samples_draw(&k->samples, k->plot);
    printf(
        "soak: seed=%u seconds=%llu events=%llu reconnects=%u reloads=%u rotations=%u "
        "held_back=%llu delivered_again=%llu: %s\n",
        seed, (unsigned long long)k->seconds, (unsigned long long)k->sender.acked,
        k->reconnects, k->reloads, k->rotations, (unsigned long long)k->sender.held_back,
        (unsigned long long)(k->quick.again + k->slow.again), bad ? "FAILED" : "passed");
    if (bad)
        fprintf(stderr, "soak: the gateway's log: %s\n", k->rig.log);
    else
        gw_rig_clean(&k->rig);
    flow_deinit(&k->sender);
    flow_deinit(&k->quick);
    flow_deinit(&k->slow);
    free(k);
    return bad != 0;
}
