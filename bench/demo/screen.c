/* screen.c - drawing the moment. */
#include "bench/demo/screen.h"
#include "base/clock.h"
#include "bench/demo/map.h"
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define HIDE_CURSOR "\x1b[?25l"
#define SHOW_CURSOR "\x1b[?25h"
#define BOLD        "\x1b[1m"
#define DIM         "\x1b[2m"
#define PLAIN       "\x1b[0m"
#define YELLOW      "\x1b[33m"
#define RED         "\x1b[31m"
#define CYAN        "\x1b[36m"
#define LINE_TURNS  6  /* without a terminal: a line every so many turns */
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

/* "; journal 1.2 MiB, 345 events"; nothing while the gateway has not answered. */
static void journal_words(const struct demo_status *st, char *out, size_t size)
{
    *out = 0;
    if (st->known)
        (void)snprintf(out, size, "; journal %.1f MiB, %llu events",
                       (double)st->used_bytes / 1048576.0,
                       (unsigned long long)st->last_seq);
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

/* Bytes of `text` that fill at most so many columns; one character of UTF-8 is one
 * column. */
static int fitting(const char *text, int columns)
{
    int i = 0;
    for (; text[i]; i++)
        if ((text[i] & 0xC0) != 0x80 && columns-- == 0)
            break;
    return i;
}

static void line(struct demo_screen *s, const char *text)
{
    printf("%.*s\x1b[K\n", fitting(text, s->columns), text);
    s->lines++;
}

/* The same in a colour. */
static void coloured(struct demo_screen *s, const char *colour, const char *text)
{
    fputs(colour, stdout);
    line(s, text);
    fputs(PLAIN, stdout);
}

static void draw_head(struct demo_screen *s, const struct demo_moment *m)
{
    char iso[25], text[256], journal[64];
    gw_time_iso(m->sim_ms, iso);
    journal_words(m->status, journal, sizeof journal);
    (void)snprintf(text, sizeof text,
                   "Karvan: a day of the corridor%s   %.10s %.5s UTC   %.0f of %.0f s",
                   s->columns >= FULL_WIDTH ? ", China to the Black Sea" : "", iso,
                   iso + 11, m->elapsed_s, m->all_s);
    coloured(s, BOLD, text);
    (void)snprintf(text, sizeof text,
                   "%u trains and ships with %u containers under way%s",
                   m->traffic->blocks, m->traffic->boxes, journal);
    line(s, text);
    line(s, "");
}

/* Where there is no room for the dialects, the doors alone; an EDIFACT file has no
 * dialect. */
static int door_width(const struct demo_screen *s)
{
    return s->columns >= FULL_WIDTH ? 15 : 7;
}

static void draw_titles(struct demo_screen *s)
{
    char text[256];
    (void)snprintf(text, sizeof text, "%-16s %-*s %4s %5s %4s %4s %5s %4s  %s", "company",
                   door_width(s), s->columns >= FULL_WIDTH ? "door or profile" : "door",
                   "sent", "accpt", "dupl", "refu", "recvd", "lag", "last event");
    coloured(s, DIM, text);
}

/* Every route with what is on it, moving. */
static void draw_map(struct demo_screen *s, const struct demo_moment *m)
{
    for (int i = 0; i < DEMO_ROUTES; i++) {
        char track[DEMO_MAP_BYTES], names[DEMO_MAP_BYTES];
        demo_map_draw(m->traffic, &m->corridor->routes[i], m->sim_ms, s->columns, track,
                      names);
        coloured(s, CYAN, track);
        coloured(s, DIM, names);
    }
    line(s, "");
}

/* Who is at work is plain, who rests is dim, who is behind or does not read is yellow. */
static const char *colour_of(struct demo_screen *s, const struct demo_moment *m,
                             enum demo_who who, bool paused)
{
    const struct demo_account *a = &m->ledger->accounts[who];
    uint64_t seen = a->sent + a->received;
    bool rests = seen == s->seen[who];
    s->seen[who] = seen;
    if (paused || demo_ledger_lag(m->ledger, who) > 20)
        return YELLOW;
    return rests ? DIM : PLAIN;
}

static void draw_company(struct demo_screen *s, const struct demo_moment *m,
                         enum demo_who who)
{
    const struct demo_company *c = &demo_companies[who];
    const struct demo_account *a = &m->ledger->accounts[who];
    bool paused = m->paused && strcmp(m->paused, c->name) == 0;
    const char *door = demo_door_name(c->door);
    char text[300];

    if (s->columns >= FULL_WIDTH && c->profile)
        door = c->profile;
    (void)snprintf(text, sizeof text,
                   "%-16s %-*s %4llu %5llu %4llu %4llu %5llu %4llu  %s", c->name,
                   door_width(s), door, (unsigned long long)a->sent,
                   (unsigned long long)a->accepted, (unsigned long long)a->duplicates,
                   (unsigned long long)a->refused, (unsigned long long)a->received,
                   (unsigned long long)demo_ledger_lag(m->ledger, who),
                   paused ? "(does not read for a second)" : a->last);
    coloured(s, colour_of(s, m, who, paused), text);
}

/* Events a second of the last turns, as blocks of eight heights. */
static void draw_rates(struct demo_screen *s, double in, double out)
{
    static const char *const heights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    char text[DEMO_RATES * 4 + 100];
    uint32_t most = 1, first = s->rated > DEMO_RATES ? s->rated - DEMO_RATES : 0;
    int n;

    for (uint32_t i = first; i < s->rated; i++)
        if (s->rates[i % DEMO_RATES] > most)
            most = s->rates[i % DEMO_RATES];
    n = snprintf(text, sizeof text, "a second         %5.0f in, %5.0f out  ", in, out);
    for (uint32_t i = first; i < s->rated; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%s",
                      heights[(s->rates[i % DEMO_RATES] * 8u + most - 1) / most]);
    line(s, text);
}

static void draw_refusal(struct demo_screen *s, const struct demo_moment *m)
{
    char text[260];
    if (!m->refusals->latest[0])
        return;
    (void)snprintf(text, sizeof text, "last refused     %s", m->refusals->latest);
    coloured(s, RED, text);
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
        double in = (double)(t.sent - s->last_sent) / past_s;
        s->rates[s->rated++ % DEMO_RATES] = (uint16_t)(in < UINT16_MAX ? in : UINT16_MAX);
        draw_rates(s, in, (double)(t.received - s->last_received) / past_s);
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
    draw_map(s, m);
    draw_titles(s);
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        draw_company(s, m, (enum demo_who)i);
    draw_total(s, m);
    draw_refusal(s, m);
    fputs("\x1b[J", stdout);
    fflush(stdout);
}

/* ---- no terminal ---- */

static void tell(const struct demo_moment *m)
{
    struct demo_total t;
    uint64_t lag = 0;
    char iso[25], journal[64];

    demo_ledger_total(m->ledger, &t);
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++)
        lag += demo_ledger_lag(m->ledger, (enum demo_who)i);
    gw_time_iso(m->sim_ms, iso);
    journal_words(m->status, journal, sizeof journal);
    printf("%3.0f s  %.10s %.5s  sent %llu accepted %llu duplicates %llu refused %llu "
           "delivered "
           "%llu lag %llu%s%s%s\n",
           m->elapsed_s, iso, iso + 11, (unsigned long long)t.sent,
           (unsigned long long)t.accepted, (unsigned long long)t.duplicates,
           (unsigned long long)t.refused, (unsigned long long)t.received,
           (unsigned long long)lag, journal, m->paused ? "  not reading: " : "",
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
