/* summary.c - what happened, in words. */
#include "bench/demo/summary.h"
#include <stdio.h>

typedef unsigned long long ull;

static double ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

/* Two companies may speak the same one. */
static bool is_new_dialect(uint32_t who)
{
    const char *profile = demo_companies[who].profile;
    for (uint32_t i = 0; profile && i < who; i++)
        if (demo_companies[i].profile && strcmp(demo_companies[i].profile, profile) == 0)
            return false;
    return profile != NULL;
}

static void tell_traffic(const struct demo_story *s, const struct demo_total *t)
{
    uint32_t files = 0, copies = 0, dialects = 0;
    for (uint32_t i = 0; i < DEMO_COMPANIES; i++) {
        files += s->drop->at[i].files;
        copies += s->drop->at[i].copies;
        dialects += is_new_dialect(i);
    }
    printf(
        "\nA day between Urumqi and Poti, played in %.0f seconds: %u trains and ships "
        "with %u "
        "containers\nunder way. %d companies sent %llu events: %u EDIFACT files through "
        "two "
        "adapters, the rest as\nmsgpack over the native protocol, in %u dialects and the "
        "shared schema.\n",
        s->seconds, s->traffic->blocks, s->traffic->boxes, (int)DEMO_COMPANIES - 1,
        (ull)t->sent, files, dialects);
    printf("\n  accepted    %6llu  stored in the journal before they were acknowledged\n"
           "  duplicates  %6llu  reported again word for word%s\n"
           "  refused     %6llu  kept in quarantine or in failed/, with the reason\n"
           "  delivered   %6llu  to the companies entitled to them, and to nobody else\n",
           (ull)t->accepted, (ull)t->duplicates,
           copies ? ", or in a file that was dropped twice" : "", (ull)t->refused,
           (ull)t->received);
    printf("  withheld    %6llu  of these went out without fields that their owner hides "
           "there\n",
           (ull)s->ledger->withheld);
    printf("  findings    %6llu  accepted events with a wrong check digit or another "
           "finding, "
           "noted in them\n",
           (ull)s->ledger->findings);
}

static void tell_refusals(const struct demo_story *s)
{
    const struct demo_refusals *r = s->refusals;

    printf("\nRefused, by code:\n");
    for (uint32_t i = 0; i < r->count; i++) {
        const struct demo_refusal_kind *k = &r->kinds[i];
        printf("  %d %s, %llu times: %s\n      %s: %s\n      remedy: %s\n", (int)k->code,
               gw_error_name(k->code), (ull)k->count, gw_error_text(k->code),
               demo_companies[k->who].name, k->example, gw_error_remedy(k->code));
    }
    if (r->files)
        printf("  %llu damaged EDIFACT files, refused whole by the adapter: see failed/ "
               "and the "
               "reason beside each\n",
               (ull)r->files);
    if (s->keep)
        printf("  look at them: karvan quarantine list --data %s/data\n"
               "                find %s -path '*failed*'\n",
               s->dir, s->dir);
    else
        printf(
            "  to look at them run it with --keep, then: karvan quarantine list --data "
            "DIR/data\n");
}

static void tell_delivery(const struct demo_story *s)
{
    const struct gw_histogram *h = s->ledger->latency;

    printf(
        "\nFrom the sender's hand to the receiver's: half within %.1f ms, 99 %% within "
        "%.1f ms.\n",
        ms(gw_histogram_at(h, 0.5)), ms(gw_histogram_at(h, 0.99)));
    printf("Slowest: %.1f ms, %s, to %s.\n", ms((uint64_t)s->ledger->slowest_ns),
           s->ledger->slowest, demo_companies[s->ledger->slowest_receiver].name);
    if (s->paused_lag && s->catch_up_ms >= 0)
        printf("%s did not read for a second and was %llu events behind; it had them all "
               "%.0f ms later.\n",
               demo_companies[s->paused].title, (ull)s->paused_lag, s->catch_up_ms);
    else if (s->paused_lag)
        printf("%s did not read for a second, was %llu events behind, and never caught "
               "up.\n",
               demo_companies[s->paused].title, (ull)s->paused_lag);
    if (s->status->from_journal)
        printf("%llu deliveries were served from the journal.\n",
               (ull)s->status->from_journal);
}

void demo_summary_tell(const struct demo_story *s)
{
    struct demo_total t;
    demo_ledger_total(s->ledger, &t);
    tell_traffic(s, &t);
    tell_refusals(s);
    tell_delivery(s);
    if (s->keep)
        printf("\nKept: %s (settings %s)\n", s->dir, s->config);
    printf("\n");
}

/* ---- the verdict ---- */

static void tell_missing(const struct demo_ledger *l)
{
    for (uint32_t receiver = 0; receiver < DEMO_COMPANIES; receiver++) {
        uint64_t missing = 0;
        const char *first = "";
        for (uint32_t i = 0; i < l->cap; i++) {
            const struct demo_entry *e = &l->entries[i];
            if (!e->id_hash || e->refused || (e->got & DEMO_BIT(receiver)) ||
                !(demo_entitled(e->who) & DEMO_BIT(receiver)))
                continue;
            if (!missing++)
                first = e->id;
        }
        if (missing)
            fprintf(stderr, "demo: %s did not get %llu events, among them %s\n",
                    demo_companies[receiver].name, (ull)missing, first);
    }
}

bool demo_summary_verdict(const struct demo_ledger *l)
{
    struct demo_total t;

    demo_ledger_total(l, &t);
    if (t.lost)
        tell_missing(l);
    for (uint32_t i = 0; i < DEMO_COMPANIES && t.unaccounted; i++) {
        const struct demo_account *a = &l->accounts[i];
        if (a->sent != a->accepted + a->duplicates + a->refused)
            fprintf(stderr,
                    "demo: %s sent %llu events: accepted %llu, duplicates %llu, refused "
                    "%llu do not add up\n",
                    demo_companies[i].name, (ull)a->sent, (ull)a->accepted,
                    (ull)a->duplicates, (ull)a->refused);
    }
    if (l->leaked)
        fprintf(stderr,
                "demo: %llu events reached a company that is not entitled to them\n",
                (ull)l->leaked);
    if (l->shown)
        fprintf(stderr, "demo: %llu events showed a field that its owner hides there\n",
                (ull)l->shown);
    if (l->altered)
        fprintf(stderr, "demo: %llu events say something else than what was sent\n",
                (ull)l->altered);
    if (l->strangers)
        fprintf(stderr,
                "demo: %llu events arrived that nobody sent, or that were refused\n",
                (ull)l->strangers);
    return !t.lost && !t.unaccounted && !l->leaked && !l->strangers && !l->altered &&
           !l->shown && t.sent && t.received;
}

void demo_summary_line(const struct demo_ledger *l)
{
    struct demo_total t;
    demo_ledger_total(l, &t);
    printf("demo: sent=%llu accepted=%llu duplicates=%llu refused=%llu delivered=%llu "
           "lost=%llu\n",
           (ull)t.sent, (ull)t.accepted, (ull)t.duplicates, (ull)t.refused,
           (ull)t.received, (ull)t.lost);
}
