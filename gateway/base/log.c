/* log.c - lines on stderr, each written with one call so that threads do not mix. */
#include "base/log.h"
#include "base/clock.h"
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"trace", "debug", "info", "warn", "error"};
static _Atomic int threshold = GW_INFO;

void gw_log_level(enum gw_level least)
{
    atomic_store(&threshold, (int)least);
}

bool gw_log_enabled(enum gw_level level)
{
    return (int)level >= atomic_load_explicit(&threshold, memory_order_relaxed);
}

bool gw_log_level_parse(const char *name, enum gw_level *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum gw_level)i;
            return true;
        }
    return false;
}

void gw_log(enum gw_level level, const char *event, const char *fmt, ...)
{
    char line[1024], when[25];
    va_list ap;
    int n;

    if (!gw_log_enabled(level))
        return;
    gw_time_iso(gw_now_ms(&gw_clock_system), when);
    n = snprintf(line, sizeof line, "%s %-5s %s ", when, names[level], event);
    va_start(ap, fmt);
    n += vsnprintf(line + n, sizeof line - (size_t)n, fmt, ap);
    va_end(ap);
    if (n > (int)sizeof line - 2)
        n = (int)sizeof line - 2;
    for (int i = 0; i < n; i++) /* bytes from outside must not forge a line or move a terminal */
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[n++] = '\n';
    if (write(STDERR_FILENO, line, (size_t)n) < 0)
        return; /* nobody is left to tell */
}

bool gw_burst_due(struct gw_burst *b, int64_t now_ms, int64_t every_ms, uint64_t *missed)
{
    if (b->last_ms && now_ms - b->last_ms < every_ms) {
        b->missed++;
        return false;
    }
    *missed = b->missed;
    b->missed = 0;
    b->last_ms = now_ms;
    return true;
}
