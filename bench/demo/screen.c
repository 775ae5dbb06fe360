/* screen.c - drawing the moment. */
#include "bench/demo/screen.h"
#include "base/clock.h"
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define HIDE_CURSOR "\x1b[?25l"
#define SHOW_CURSOR "\x1b[?25h"
#define BOLD        "\x1b[1m"
#define DIM         "\x1b[2m"
#define PLAIN       "\x1b[0m"
#define LINE_TURNS  3  /* without a terminal: a line every so many turns */
#define FULL_WIDTH  96 /* columns from which the dialects are shown too */

void demo_screen_init(struct demo_screen *s, bool quiet)
{
    *s =
        (struct demo_screen){.quiet = quiet, .terminal = isatty(STDOUT_FILENO) && !quiet};
    if (s->terminal)
        fputs(HIDE_CURSOR, stdout);
}

static int width(void)
{
    struct winsize w = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || w.ws_col < 60)
        return 80;
    return w.ws_col < 140 ? w.ws_col : 140;
}

static void mib(uint64_t bytes, char *out, size_t size)
{
    (void)snprintf(out, size, "%.1f MiB", (double)bytes / 1048576.0);
}

/* 1234567 -> "1,234,567" */
static void grouped(uint64_t n, char out[28])
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    char *to = out;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = 0;
}

/* ---- a terminal ---- */

static void line(struct demo_screen *s, const char *text)
{
    /* Bytes are cut at the width; all texts are ASCII but for what is in front. */
    printf("%.*s\x1b[K\n", s->columns, text);
    s->lines++;
}

static void draw_head(struct demo_screen *s, const struct demo_moment *m)
{
    char iso[25], text[256];
    gw_time_iso(m->sim_ms, iso);
    (void)snprintf(
        text, sizeof text,
        "Karvan: a day of the corridor, China to the Black Sea   %.10s %.5s UTC   "
        "%.0f of %.0f s",
        iso, iso + 11, m->elapsed_s, m->all_s);
    fputs(BOLD, stdout);
    line(s, text);
    fputs(PLAIN, stdout);
    (void)snprintf(text, sizeof text,
                   "%u trains and ships with %u containers under way; journal %.1f MiB, "
                   "%llu events",
                   m->traffic->blocks, m->traffic->boxes,
                   (double)m->status->used_bytes / 1048576.0,
                   (unsigned long long)m->status->last_seq);
    line(s, text);
    line(s, "");
}

static void draw_titles(struct demo_screen *s)
{
    char text[256], dialect[24] = "";
    if (s->columns >= FULL_WIDTH)
        (void)snprintf(dialect, sizeof dialect, "%-15s ", "profile");
    (void)snprintf(text, sizeof text, "%-16s %-7s %s%5s %5s %4s %4s %6s %4s  %s",
                   "company", "door", dialect, "sent", "accpt", "dupl", "refu", "recvd",
                   "lag", "last event");
    fputs(DIM, stdout);
    line(s, text);
    fputs(PLAIN, stdout);
}

static void draw_company(struct demo_screen *s, const struct demo_moment *m,
                         enum demo_who who)
{
    const struct demo_company *c = &demo_companies[who];
    const struct demo_account *a = &m->ledger->accounts[who];
    char text[300], dialect[24] = "";
    bool paused = m->paused && strcmp(m->paused, c->name) == 0;

    if (s->columns >= FULL_WIDTH)
        (void)snprintf(dialect, sizeof dialect, "%-15s ", c->profile ? c->profile : "-");
    (void)snprintf(text, sizeof text,
                   "%-16s %-7s %s%5llu %5llu %4llu %4llu %6llu %4llu  %s", c->name,
                   demo_door_name(c->door), dialect, (unsigned long long)a->sent,
                   (unsigned long long)a->accepted, (unsigned long long)a->duplicates,
                   (unsigned long long)a->refused, (unsigned long long)a->received,
                   (unsigned long long)demo_ledger_lag(m->ledger, who),
                   paused ? "(does not read for a second)" : a->last);
    line(s, text);
}

static void draw_total(struct demo_screen *s, const struct demo_moment *m)
{
    struct demo_total t;
    char text[256], sent[28], received[28];
    double past_s = (double)(m->now_ns - s->last_ns) / 1e9;

    demo_ledger_total(m->ledger, &t);
    grouped(t.sent, sent);
    grouped(t.received, received);
    (void)snprintf(
        text, sizeof text,
        "all              sent %s, accepted %llu, duplicates %llu, refused %llu, "
        "delivered %s",
        sent, (unsigned long long)t.accepted, (unsigned long long)t.duplicates,
        (unsigned long long)t.refused, received);
    line(s, "");
    line(s, text);
    if (s->last_ns && past_s > 0) {
        (void)snprintf(text, sizeof text, "a second         %.0f events in, %.0f out",
                       (double)(t.sent - s->last_sent) / past_s,
                       (double)(t.received - s->last_received) / past_s);
        line(s, text);
    }
    s->last_ns = m->now_ns;
    s->last_sent = t.sent;
    s->last_received = t.received;
}

static void draw(struct demo_screen *s, const struct demo_moment *m)
{
    s->columns = width();
    if (s->lines)
        printf("\x1b[%uA\r", s->lines);
    s->lines = 0;
    draw_head(s, m);
    draw_titles(s);
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        draw_company(s, m, (enum demo_who)i);
    draw_total(s, m);
    fputs("\x1b[J", stdout);
    fflush(stdout);
}

/* ---- no terminal ---- */

static void tell(const struct demo_moment *m)
{
    struct demo_total t;
    uint64_t lag = 0;
    char iso[25], size[24];

    demo_ledger_total(m->ledger, &t);
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        lag += demo_ledger_lag(m->ledger, (enum demo_who)i);
    gw_time_iso(m->sim_ms, iso);
    mib(m->status->used_bytes, size, sizeof size);
    printf("%3.0f s  %.10s %.5s  sent %llu accepted %llu duplicates %llu refused %llu "
           "delivered "
           "%llu lag %llu  journal %s%s%s\n",
           m->elapsed_s, iso, iso + 11, (unsigned long long)t.sent,
           (unsigned long long)t.accepted, (unsigned long long)t.duplicates,
           (unsigned long long)t.refused, (unsigned long long)t.received,
           (unsigned long long)lag, size, m->paused ? "  not reading: " : "",
           m->paused ? m->paused : "");
    fflush(stdout);
}

void demo_screen_show(struct demo_screen *s, const struct demo_moment *m)
{
    if (s->quiet)
        return;
    if (s->terminal)
        draw(s, m);
    else if (s->turns++ % LINE_TURNS == 0)
        tell(m);
}

void demo_screen_end(struct demo_screen *s)
{
    if (s->terminal)
        fputs(SHOW_CURSOR "\n", stdout);
    s->terminal = false;
    fflush(stdout);
}
