/* explain.c - the questions of route.c one by one, with the answers in words. */
#include "pipeline/explain.h"
#include "base/clock.h"
#include "model/filter_clause.h"

/* "when.type", or of several alternatives "when.type / when.country" */
static void failing_fields(const struct gw_filter *filter, const struct gw_facts *f,
                           const char *before, struct gw_buf *out)
{
    for (uint32_t i = 0; i < filter->count; i++) {
        int field = gw_clause_fails(&filter->clauses[i], f);
        if (field >= 0)
            gw_buf_printf(out, "%s%s%s", out->len ? " / " : "", before,
                          gw_filter_rows[field].name);
    }
}

static void explain_when(const struct gw_rule *r, const struct gw_facts *f,
                         struct gw_text *why)
{
    struct gw_buf fields;
    gw_buf_init(&fields, 1024);
    failing_fields(r->when, f, "when.", &fields);
    gw_text_set(why, "%s does not hold", gw_buf_text(&fields));
    gw_buf_deinit(&fields);
}

static void explain_force(const struct gw_rule *r, int64_t now_ms, struct gw_text *why)
{
    char moment[25];
    bool early = now_ms < r->from_ms;
    gw_time_iso(early ? r->from_ms : r->until_ms, moment);
    gw_text_set(why, "%s %s", early ? "begins" : "ended", moment);
}

static void explain_gift(const struct gw_rule *r, struct gw_text *why)
{
    struct gw_buf hidden;
    if (gw_mask_is_all(&r->shown)) {
        gw_text_set(why, "gives it");
        return;
    }
    gw_buf_init(&hidden, 4096);
    gw_mask_print_hidden(&r->shown, &hidden);
    gw_text_set(why, "gives it, without %s", gw_buf_text(&hidden));
    gw_buf_deinit(&hidden);
}

bool gw_explain_rule(const struct gw_rule *r, const struct gw_grants *g,
                     const struct gw_facts *f, uint32_t receiver, int64_t now_ms,
                     struct gw_text *why)
{
    const char *name = g->directory->operators[receiver].name;
    if (!gw_rule_in_force(r, now_ms))
        explain_force(r, now_ms, why);
    else if (!gw_rule_about(r, f))
        explain_when(r, f, why);
    else if (gw_grants_rule_gives(g, r, receiver)) {
        explain_gift(r, why);
        return true;
    } else if (r->parties)
        gw_text_set(why, "names the event's parties%s, of which %s is none",
                    r->party_roles ? " in certain roles" : "", name);
    else
        gw_text_set(why, "does not name %s", name);
    return false;
}

bool gw_explain_filter(const struct gw_filter *filter, const struct gw_facts *f,
                       struct gw_text *why)
{
    struct gw_buf fields;
    bool matches = gw_filter_match(filter, f);
    gw_buf_init(&fields, 1024);
    if (!matches)
        failing_fields(filter, f, "", &fields);
    gw_text_set(why, "%s%s", gw_buf_text(&fields),
                matches ? "matches" : " does not hold");
    gw_buf_deinit(&fields);
    return matches;
}
