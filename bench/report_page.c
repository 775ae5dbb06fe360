/* report_page.c - figures against their bounds, tables of everything measured, plots. */
#include "bench/report_page.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "bench/child.h"
#include "bench/svg.h"

struct page {
    const struct gw_report_data *d;
    struct gw_buf *out;
    const char *dir;
    double load_before;
    enum gw_error e;
};

static double num(const struct page *p, const char *name, const char *key)
{
    return gw_report_number(p->d, name, 0, key);
}

static double share(double a, double b)
{
    return b > 0 ? a / b : 0;
}

/* The line of a curve or table where a number or text has a value; 0 when there is none.
 */
static double at_subscriptions(const struct page *p, double n, const char *key)
{
    for (uint32_t i = 0; i < gw_report_lines(p->d, "fanout"); i++)
        if (gw_report_number(p->d, "fanout", i, "subscriptions") == n)
            return gw_report_number(p->d, "fanout", i, key);
    return 0;
}

static double of_peer(const struct page *p, const char *system)
{
    for (uint32_t i = 0; i < gw_report_lines(p->d, "peers"); i++)
        if (strcmp(gw_report_word(p->d, "peers", i, "system"), system) == 0)
            return gw_report_number(p->d, "peers", i, "events_per_s");
    return 0;
}

static double slowest_codec(const struct page *p)
{
    double least = 0;
    for (uint32_t i = 0; i < gw_report_lines(p->d, "adapters"); i++) {
        double v = gw_report_number(p->d, "adapters", i, "mb_per_s");
        if (gw_report_number(p->d, "adapters", i, "samples") > 0 &&
            (least == 0 || v < least))
            least = v;
    }
    return least;
}

/* ---- the figures to reach ---- */

static double proxy_ratio(const struct page *p)
{
    return share(num(p, "e2e-plain", "events_per_s"), num(p, "wire", "one_by_one_per_s"));
}
static double jetstream_ratio(const struct page *p)
{
    return share(of_peer(p, "karvan"), of_peer(p, "jetstream"));
}
static double curve_ratio(const struct page *p)
{
    return share(num(p, "e2e", "events_per_s"), num(p, "e2e-plain", "events_per_s"));
}
static double express_ratio(const struct page *p)
{
    return num(p, "core", "express_to_unpack");
}
static double long_way_ratio(const struct page *p)
{
    return num(p, "core", "long_way_to_unpack");
}
static double fanout_ratio(const struct page *p)
{
    return share(at_subscriptions(p, 10000, "idle_per_s"),
                 at_subscriptions(p, 10, "idle_per_s"));
}
static double latency_ratio(const struct page *p)
{
    return share(num(p, "half", "p99_us"), num(p, "core", "sync_64k_us"));
}
static double replay_ratio(const struct page *p)
{
    return num(p, "replay", "replay_to_live");
}
static double stalled_ratio(const struct page *p)
{
    return num(p, "slow", "with_to_without");
}
static double stalled_memory(const struct page *p)
{
    return share(num(p, "slow", "gateway_own_kib_with"),
                 num(p, "slow", "gateway_own_kib_without"));
}
static double journey_ms(const struct page *p)
{
    return num(p, "journey", "p99_us") / 1000;
}
static double restart_s(const struct page *p)
{
    return num(p, "journey", "restart_ms") / 1000;
}

static const struct figure {
    const char *what;
    double (*value)(const struct page *p);
    double bound;
    bool at_most; /* else at least */
    const char *unit;
} figures[] = {
    {"durable end to end, to a bare zmq_proxy one by one", proxy_ratio, 2, false, "x"},
    {"durable end to end, to JetStream's file store", jetstream_ratio, 8, false, "x"},
    {"with CURVE, to without", curve_ratio, 0.5, false, "x"},
    {"decode to encode, to msgpack_unpack_next: events in their final form",
     express_ratio, 1, true, "x"},
    {"decode to encode, to msgpack_unpack_next: the long way", long_way_ratio, 1, true,
     "x"},
    {"10,000 subscriptions, to 10", fanout_ratio, 0.8, false, "x"},
    {"p99 at half load, to one fdatasync of 64 KiB", latency_ratio, 5, true, "x"},
    {"replay, to live", replay_ratio, 2, false, "x"},
    {"others' rate with one stalled receiver, to without", stalled_ratio, 0.9, false,
     "x"},
    {"gateway's memory with one stalled receiver, to without", stalled_memory, 1.25, true,
     "x"},
    {"journey of one container, p99", journey_ms, 1, true, "ms"},
    {"ready after SIGKILL, journal of the journey run", restart_s, 3, true, "s"},
    {"slowest codec", slowest_codec, 20, false, "MB/s"},
};

static void put_figures(struct page *p)
{
    gw_buf_str(p->out, "| figure | bound | measured | |\n|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        const struct figure *f = &figures[i];
        double v = f->value(p);
        bool ok = f->at_most ? v <= f->bound : v >= f->bound;
        double by = f->at_most ? share(v, f->bound) : share(f->bound, v);
        if (v <= 0)
            continue; /* not measured in this run */
        gw_buf_printf(p->out, "| %s | %s %g %s | %.2f %s | ", f->what,
                      f->at_most ? "at most" : "at least", f->bound, f->unit, v, f->unit);
        if (ok)
            gw_buf_str(p->out, "reached |\n");
        else
            gw_buf_printf(p->out, "**missed by a factor of %.2f** |\n", by);
    }
}

/* ---- tables ---- */

static void put_core(struct page *p)
{
    static const struct {
        const char *key, *what;
    } rows[] = {{"unpack_ns", "`msgpack_unpack_next`, for comparison"},
                {"express_ns", "decode to encode at once: events in their final form"},
                {"decode_ns", "the long way: decode"},
                {"normalise_ns", "... normalise"},
                {"validate_ns", "... validate"},
                {"encode_ns", "... encode and stamp, with two hashes"},
                {"route_one_ns", "look at it for one subscription"},
                {"journal_append_ns", "journal append"},
                {"journal_durable_ns", "journal append with fdatasync"}};
    gw_buf_printf(p->out,
                  "\nStages alone, one core, an event of %.0f bytes with %.0f "
                  "values:\n\n| stage | ns |\n|---|---|\n",
                  num(p, "core", "event_bytes"), num(p, "core", "fields"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        gw_buf_printf(p->out, "| %s | %.0f |\n", rows[i].what,
                      num(p, "core", rows[i].key));
}

static void put_rates(struct page *p)
{
    static const struct {
        const char *name, *what;
    } rows[] = {{"e2e", "durable, CURVE"},
                {"e2e-plain", "durable, plain over ipc"},
                {"e2e-unsynced", "not synced, plain over ipc"}};
    gw_buf_str(
        p->out,
        "\nEnd to end, one producer, one receiver, batches of 256:\n\n| | events/s | "
        "gateway CPU, us an event | clients CPU |\n|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double events = num(p, rows[i].name, "events");
        gw_buf_printf(p->out, "| %s | %.0f | %.2f | %.2f |\n", rows[i].what,
                      num(p, rows[i].name, "events_per_s"),
                      share(num(p, rows[i].name, "gateway_cpu_s") * 1e6, events),
                      share(num(p, rows[i].name, "clients_cpu_s") * 1e6, events));
    }
    gw_buf_printf(
        p->out,
        "| zmq_proxy, one by one | %.0f | | |\n| zmq_proxy, batches of 256 | %.0f | | |\n"
        "| replay from the journal, CURVE | %.0f | | |\n",
        num(p, "wire", "one_by_one_per_s"), num(p, "wire", "batched_per_s"),
        num(p, "replay", "replay_per_s"));
    gw_buf_printf(p->out,
                  "\nLatency at half load (%.0f events/s offered, open loop, CURVE, "
                  "durable, without its first second): p50 %.2f "
                  "ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, worst %.2f ms; one "
                  "fdatasync of 64 KiB "
                  "takes %.2f ms here by itself; writing and syncing 128 KiB at 60 MB a "
                  "second, with "
                  "nothing else in between, p50 %.2f ms, p99 %.2f ms, worst %.2f ms.\n",
                  num(p, "half", "offered_per_s"), num(p, "half", "p50_us") / 1000,
                  num(p, "half", "p90_us") / 1000, num(p, "half", "p99_us") / 1000,
                  num(p, "half", "p999_us") / 1000, num(p, "half", "max_us") / 1000,
                  num(p, "core", "sync_64k_us") / 1000,
                  num(p, "core", "sync_paced_p50_us") / 1000,
                  num(p, "core", "sync_paced_p99_us") / 1000,
                  num(p, "core", "sync_paced_max_us") / 1000);
}

static void put_fanout(struct page *p)
{
    gw_buf_str(
        p->out,
        "\nSubscriptions, stages 2 to 7 in one thread without sockets and disk:\n\n| "
        "subscriptions | all but one want nothing, events/s | each event is for one of "
        "them, events/s |\n|---|---|---|\n");
    for (uint32_t i = 0; i < gw_report_lines(p->d, "fanout"); i++)
        gw_buf_printf(p->out, "| %.0f | %.0f | %.0f |\n",
                      gw_report_number(p->d, "fanout", i, "subscriptions"),
                      gw_report_number(p->d, "fanout", i, "idle_per_s"),
                      gw_report_number(p->d, "fanout", i, "spread_per_s"));
}

static void put_others(struct page *p)
{
    gw_buf_printf(p->out,
                  "\nOne stalled receiver beside %.0f others: %.0f events/s without it, "
                  "%.0f with it; "
                  "the gateway's memory peaks at %.0f and %.0f MiB.\n",
                  num(p, "slow", "receivers"), num(p, "slow", "without_per_s"),
                  num(p, "slow", "with_stalled_per_s"),
                  num(p, "slow", "gateway_own_kib_without") / 1024,
                  num(p, "slow", "gateway_own_kib_with") / 1024);
    gw_buf_printf(p->out,
                  "\nA crash with %.0f receivers connected: all are back %.0f ms after "
                  "the restart; an "
                  "event then reaches all of them within %.0f ms.\n",
                  num(p, "storm", "clients"), num(p, "storm", "reconnect_ms"),
                  num(p, "storm", "event_to_all_ms"));
    if (gw_report_lines(p->d, "journey"))
        gw_buf_printf(p->out,
                      "\nJourneys in a journal of %.0f events: p50 %.0f us, p99 %.0f us "
                      "for %.0f events "
                      "each.\n",
                      num(p, "journey", "events"), num(p, "journey", "p50_us"),
                      num(p, "journey", "p99_us"), num(p, "journey", "events_each"));
    if (gw_report_lines(p->d, "corridor"))
        gw_buf_printf(p->out,
                      "\nCorridor traffic (%.0f days, %.0f events: trains, ships, "
                      "customs by day, late "
                      "and repeated ones): %.0f accepted, %.0f duplicates, %.0f refused, "
                      "lost %.0f; p99 "
                      "%.2f ms.\n",
                      num(p, "corridor", "days"), num(p, "corridor", "events"),
                      num(p, "corridor", "accepted"), num(p, "corridor", "duplicates"),
                      num(p, "corridor", "refused"), num(p, "corridor", "lost"),
                      num(p, "corridor", "p99_us") / 1000);
}

static void put_adapters(struct page *p)
{
    gw_buf_str(
        p->out,
        "\nCodecs over their samples:\n\n| format | MB/s | messages/s | events/s |\n"
        "|---|---|---|---|\n");
    for (uint32_t i = 0; i < gw_report_lines(p->d, "adapters"); i++)
        if (gw_report_number(p->d, "adapters", i, "samples") > 0)
            gw_buf_printf(p->out, "| %s | %.1f | %.0f | %.0f |\n",
                          gw_report_word(p->d, "adapters", i, "format"),
                          gw_report_number(p->d, "adapters", i, "mb_per_s"),
                          gw_report_number(p->d, "adapters", i, "messages_per_s"),
                          gw_report_number(p->d, "adapters", i, "events_per_s"));
}

static void put_peers(struct page *p)
{
    if (!gw_report_lines(p->d, "peers"))
        return;
    gw_buf_str(
        p->out,
        "\nThe same payloads through others, one producer, one receiver:\n\n| system | "
        "events/s | Karvan to it | a confirmation means |\n|---|---|---|---|\n");
    for (uint32_t i = 0; i < gw_report_lines(p->d, "peers"); i++)
        gw_buf_printf(p->out, "| %s | %.0f | %.1f x | %s |\n",
                      gw_report_word(p->d, "peers", i, "system"),
                      gw_report_number(p->d, "peers", i, "events_per_s"),
                      gw_report_number(p->d, "peers", i, "karvan_to_this"),
                      gw_report_word(p->d, "peers", i, "acknowledged_means"));
}

/* ---- plots ---- */

typedef enum gw_error (*draw_fn)(const struct gw_svg_plot *p, const char *path);

static void save(struct page *p, const struct gw_svg_plot *plot, draw_fn draw,
                 const char *name)
{
    char path[600];
    if (p->e || !plot->count)
        return;
    (void)snprintf(path, sizeof path, "%s/report/%s.svg", p->dir, name);
    p->e = draw(plot, path);
    gw_buf_printf(p->out, "\n![%s](report/%s.svg)\n", plot->title, name);
}

static void plot_throughput(struct page *p)
{
    struct gw_svg_plot plot = {.title = "Throughput, one producer, one receiver",
                               .unit = "events a second"};
    gw_svg_add(&plot, "durable, CURVE", 0, num(p, "e2e", "events_per_s"), true);
    gw_svg_add(&plot, "durable, plain", 0, num(p, "e2e-plain", "events_per_s"), true);
    gw_svg_add(&plot, "not synced, plain", 0, num(p, "e2e-unsynced", "events_per_s"),
               true);
    gw_svg_add(&plot, "replay, CURVE", 0, num(p, "replay", "replay_per_s"), true);
    gw_svg_add(&plot, "zmq_proxy one by one", 0, num(p, "wire", "one_by_one_per_s"),
               false);
    gw_svg_add(&plot, "zmq_proxy batches of 256", 0, num(p, "wire", "batched_per_s"),
               false);
    save(p, &plot, gw_svg_bars, "throughput");
}

static void plot_core(struct page *p)
{
    struct gw_svg_plot plot = {.title = "Decode to encode, one core",
                               .unit = "ns an event; dashed: msgpack_unpack_next"};
    plot.line = num(p, "core", "unpack_ns");
    gw_svg_add(&plot, "msgpack_unpack_next", 0, num(p, "core", "unpack_ns"), false);
    gw_svg_add(&plot, "at once (final form)", 0, num(p, "core", "express_ns"), true);
    gw_svg_add(&plot, "the long way", 0, num(p, "core", "long_way_ns"), true);
    gw_svg_add(&plot, "of it decode", 0, num(p, "core", "decode_ns"), true);
    gw_svg_add(&plot, "of it normalise", 0, num(p, "core", "normalise_ns"), true);
    gw_svg_add(&plot, "of it validate", 0, num(p, "core", "validate_ns"), true);
    gw_svg_add(&plot, "of it encode", 0, num(p, "core", "encode_ns"), true);
    save(p, &plot, gw_svg_bars, "core");
}

static void plot_latency(struct page *p)
{
    struct gw_svg_plot plot = {
        .title = "Latency at half load, open loop",
        .unit = "ms from due to delivered; dashed: one fdatasync of 64 KiB"};
    plot.line = num(p, "core", "sync_64k_us") / 1000;
    gw_svg_add(&plot, "p50", 0, num(p, "half", "p50_us") / 1000, true);
    gw_svg_add(&plot, "p90", 0, num(p, "half", "p90_us") / 1000, true);
    gw_svg_add(&plot, "p99", 0, num(p, "half", "p99_us") / 1000, true);
    gw_svg_add(&plot, "p99.9", 0, num(p, "half", "p999_us") / 1000, true);
    save(p, &plot, gw_svg_bars, "latency");
}

static void plot_fanout(struct page *p)
{
    struct gw_svg_plot plot = {.title = "Subscriptions that want nothing",
                               .unit = "events a second over subscriptions"};
    for (uint32_t i = 0; i < gw_report_lines(p->d, "fanout"); i++) {
        double n = gw_report_number(p->d, "fanout", i, "subscriptions");
        char label[32];
        (void)snprintf(label, sizeof label, "%.0f", n);
        gw_svg_add(&plot, label, n, gw_report_number(p->d, "fanout", i, "idle_per_s"),
                   true);
    }
    save(p, &plot, gw_svg_line, "fanout");
}

static void plot_adapters(struct page *p)
{
    struct gw_svg_plot plot = {.title = "Codecs",
                               .unit = "MB a second; dashed: what each is to reach",
                               .line = 20};
    for (uint32_t i = 0; i < gw_report_lines(p->d, "adapters"); i++)
        if (gw_report_number(p->d, "adapters", i, "samples") > 0)
            gw_svg_add(&plot, gw_report_word(p->d, "adapters", i, "format"), 0,
                       gw_report_number(p->d, "adapters", i, "mb_per_s"), true);
    save(p, &plot, gw_svg_bars, "adapters");
}

static void plot_peers(struct page *p)
{
    struct gw_svg_plot plot = {.title = "The same work through others",
                               .unit = "events a second"};
    for (uint32_t i = 0; i < gw_report_lines(p->d, "peers"); i++) {
        const char *system = gw_report_word(p->d, "peers", i, "system");
        char label[40];
        (void)snprintf(label, sizeof label, "%s%s", system,
                       gw_report_flag(p->d, "peers", i, "synced") ? " (synced)" : "");
        gw_svg_add(&plot, label, 0, gw_report_number(p->d, "peers", i, "events_per_s"),
                   strncmp(system, "karvan", 6) == 0);
    }
    save(p, &plot, gw_svg_bars, "peers");
}

/* ---- the page ---- */

static void put_machine(struct page *p)
{
    char date[32], cpu[128] = "unknown", line[256];
    time_t now = time(NULL);
    struct tm tm;
    struct utsname u;
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "model name : %127[^\n]", cpu) == 1)
            break;
    if (f)
        (void)fclose(f);
    (void)uname(&u);
    (void)gmtime_r(&now, &tm);
    (void)strftime(date, sizeof date, "%Y-%m-%d %H:%MZ", &tm);
    gw_buf_printf(
        p->out,
        "Taken %s on %ld cores (%s), %ld MiB, %s %s; load average before it %.1f.\n\n",
        date, sysconf(_SC_NPROCESSORS_ONLN), cpu, sysconf(_SC_PHYS_PAGES) / 256,
        u.sysname, u.release, p->load_before);
}

static enum gw_error read_page(const char *path, struct gw_buf *out)
{
    char piece[4096];
    size_t n;
    FILE *f = fopen(path, "r");
    if (!f)
        return GW_IO;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        gw_buf_add(out, piece, n);
    (void)fclose(f);
    return gw_buf_status(out);
}

/* The page as it was, with the part between the marks replaced. */
static enum gw_error replace(const char *path, const char *section)
{
    struct gw_buf was, is;
    const char *begin, *end;
    enum gw_error e;
    gw_buf_init(&was, 1u << 20);
    gw_buf_init(&is, 1u << 20);
    e = read_page(path, &was);
    begin = e ? NULL : strstr(gw_buf_text(&was), GW_REPORT_BEGIN);
    end = begin ? strstr(begin, GW_REPORT_END) : NULL;
    if (!e && !end)
        e = GW_NOT_FOUND;
    if (!e) {
        gw_buf_add(&is, gw_buf_text(&was), (size_t)(begin - gw_buf_text(&was)));
        gw_buf_printf(&is, "%s\n\n%s\n%s", GW_REPORT_BEGIN, section, end);
        e = gw_buf_status(&is);
    }
    if (!e)
        e = gw_child_write_file(path, gw_buf_text(&is));
    gw_buf_deinit(&was);
    gw_buf_deinit(&is);
    return e;
}

enum gw_error gw_report_write(const struct gw_report_data *d, const char *dir,
                              double load_before)
{
    struct gw_buf out;
    struct page p = {.d = d, .out = &out, .dir = dir, .load_before = load_before};
    char path[600];

    gw_buf_init(&out, 1u << 20);
    (void)snprintf(path, sizeof path, "%s/report", dir);
    (void)mkdir(path, 0755);
    put_machine(&p);
    put_figures(&p);
    put_rates(&p);
    plot_throughput(&p);
    plot_latency(&p);
    put_core(&p);
    plot_core(&p);
    put_fanout(&p);
    plot_fanout(&p);
    put_others(&p);
    put_adapters(&p);
    plot_adapters(&p);
    put_peers(&p);
    plot_peers(&p);
    (void)snprintf(path, sizeof path, "%s/README.md", dir);
    if (!p.e)
        p.e = gw_buf_status(&out);
    if (!p.e)
        p.e = replace(path, gw_buf_text(&out));
    gw_buf_deinit(&out);
    return p.e;
}
