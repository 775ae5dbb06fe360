/* result.c - lines of results, and progress for whoever watches. */
#include "bench/result.h"
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "base/clock.h"

#define PROGRESS_NS 200000000

static void put_key(struct gw_result *r, const char *key)
{
    gw_buf_printf(&r->line, r->json ? ",\"%s\":" : " %s=", key);
}

void gw_result_begin(struct gw_result *r, const char *bench, bool json)
{
    *r = (struct gw_result){.json = json};
    gw_buf_init(&r->line, 1u << 20);
    gw_buf_printf(&r->line, json ? "{\"bench\":\"%s\"" : "%s", bench);
}

void gw_result_text(struct gw_result *r, const char *key, const char *value)
{
    put_key(r, key);
    gw_buf_byte(&r->line, '"');
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            gw_buf_byte(&r->line, '\\');
        if ((uint8_t)*value >= 0x20)
            gw_buf_byte(&r->line, (uint8_t)*value);
    }
    gw_buf_byte(&r->line, '"');
}

void gw_result_count(struct gw_result *r, const char *key, uint64_t value)
{
    put_key(r, key);
    gw_buf_printf(&r->line, "%llu", (unsigned long long)value);
}

void gw_result_number(struct gw_result *r, const char *key, int digits, double value)
{
    put_key(r, key);
    gw_buf_printf(&r->line, "%.*f", digits, value);
}

void gw_result_flag(struct gw_result *r, const char *key, bool value)
{
    put_key(r, key);
    gw_buf_str(&r->line, value ? "true" : "false");
}

void gw_result_latency(struct gw_result *r, const struct gw_histogram *h)
{
    static const struct {
        const char *key;
        double share;
    } rows[] = {{"p50_us", 0.5}, {"p90_us", 0.9}, {"p99_us", 0.99}, {"p999_us", 0.999}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        gw_result_number(r, rows[i].key, 1,
                         (double)gw_histogram_at(h, rows[i].share) / 1000);
    gw_result_number(r, "max_us", 1, (double)h->max / 1000);
}

int gw_result_end(struct gw_result *r, bool failed)
{
    struct utsname u;
    char kernel[200];
    uname(&u);
    (void)snprintf(kernel, sizeof kernel, "%.60s %.100s", u.sysname, u.release);
    gw_result_flag(r, "failed", failed);
    gw_result_count(r, "cores", (uint64_t)sysconf(_SC_NPROCESSORS_ONLN));
    gw_result_text(r, "kernel", kernel);
    gw_buf_str(&r->line, r->json ? "}\n" : "\n");
    fputs(gw_buf_text(&r->line), stdout);
    fflush(stdout);
    gw_buf_deinit(&r->line);
    return failed ? 1 : 0;
}

void gw_progress(const char *what, uint64_t done, uint64_t total)
{
    static int64_t last_ns;
    static bool shown;
    int64_t now = gw_mono_ns(&gw_clock_system);
    if (!isatty(STDERR_FILENO))
        return;
    if (done < total && now - last_ns < PROGRESS_NS)
        return;
    if (done >= total && !shown)
        return;
    last_ns = now;
    shown = done < total;
    if (shown)
        fprintf(stderr, "\r%s: %3.0f %%  ", what, 100.0 * (double)done / (double)total);
    else
        fprintf(stderr, "\r%60s\r", "");
}
