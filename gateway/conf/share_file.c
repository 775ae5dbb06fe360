/* share_file.c - sharing rules from text to structs. */
#include "conf/share_file.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/moment.h"
#include "conf/nearest.h"
#include "model/countries.h"
#include "model/filter_draft.h"

#define WITH_MAX 4096

/* One rule being read. */
struct reading {
    struct gw_share_rule *rule;
    const char *owner;
    struct gw_ynode at;
    bool shows, hides;
    struct gw_complaint *c;
};

/* ---- with ---- */

static bool says(const struct gw_share_rule *r, const char *word)
{
    for (uint32_t i = 0; i < r->with_count; i++)
        if (strcmp(r->with[i].text, word) == 0)
            return true;
    return false;
}

/* What is wrong with a receiver, or NULL. */
static const char *judge_receiver(const struct reading *in, const char *word)
{
    const char *colon = strchr(word, ':'), *value = colon ? colon + 1 : "";
    if (strcmp(word, "*") == 0 || strcmp(word, "party") == 0)
        return NULL;
    if (strncmp(word, "role:", 5) == 0)
        return gw_name_valid(gw_slice_str(value)) ? NULL : "names no role";
    if (strncmp(word, "country:", 8) == 0)
        return gw_country_known(gw_slice_str(value)) ? NULL
                                                     : "is no country of ISO 3166-1";
    if (strncmp(word, "party:", 6) == 0)
        return gw_words_find(&gw_party_roles, gw_slice_str(value)) >= 0
                   ? NULL
                   : "is no role of a party in the schema";
    if (!gw_name_valid(gw_slice_str(word)))
        return "cannot be an operator";
    if (strcmp(word, in->owner) == 0)
        return "is the operator itself, which sees its own events anyway";
    return NULL;
}

static enum gw_error add_receiver(struct reading *in, struct gw_ynode at)
{
    struct gw_share_word *w = &in->rule->with[in->rule->with_count];
    const char *text = gw_ynode_text(at);
    const char *wrong = judge_receiver(in, text);
    if (!wrong && says(in->rule, text))
        wrong = "is listed twice";
    if (!wrong && !gw_slice_copy(gw_slice_str(text), w->text, sizeof w->text))
        wrong = "is too long";
    if (wrong) {
        gw_complain(
            in->c, at,
            "list other operators' names, each once, role:WORD, country:CC, party, "
            "party:ROLE, or \"*\" for all",
            "share.with: \"%s\" %s", text, wrong);
        return GW_FORMAT;
    }
    w->line = gw_ynode_line(at);
    in->rule->with_count++;
    return GW_OK;
}

static enum gw_error read_with(struct reading *in, struct gw_ynode at)
{
    int n = gw_ynode_count(at);
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(at) != GW_Y_LIST || n > WITH_MAX) {
        gw_complain(in->c, at, "write a list: [ ... ]",
                    "share.with: not a list of at most %d", WITH_MAX);
        return GW_FORMAT;
    }
    in->rule->with = calloc(n ? (size_t)n : 1, sizeof *in->rule->with);
    if (!in->rule->with)
        return GW_NOMEM;
    for (int i = 0; !e && i < n; i++)
        e = add_receiver(in, gw_ynode_item(at, i));
    return e;
}

/* ---- when ---- */

static enum gw_error unknown_condition(struct reading *in, struct gw_ynode key)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(key));
    for (int i = 0; i < GW_BY_COUNT; i++)
        if (i != GW_BY_OPERATOR)
            gw_nearest_offer(&near, gw_filter_rows[i].name);
    gw_complain(in->c, key, "see operators/README.md, conditions",
                "share.when: no condition \"%s\"%s", near.word, gw_nearest_hint(&near));
    return GW_FORMAT;
}

static void nearest_word(const struct gw_words *words, struct gw_nearest *near)
{
    for (unsigned i = 0; words && i < words->count; i++)
        gw_nearest_offer(near, words->words[i]);
}

static enum gw_error bad_value(struct reading *in, struct gw_ynode at, int field,
                               const struct gw_fault *fault)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(at));
    nearest_word(gw_filter_rows[field].words, &near);
    gw_complain(in->c, at, "see operators/README.md, conditions",
                "share.when.%s: \"%.80s\": %s%s", gw_filter_rows[field].name,
                gw_ynode_text(at), fault->rule, gw_nearest_hint(&near));
    return GW_FORMAT;
}

static enum gw_error add_value(struct reading *in, struct gw_filter_draft *d, int field,
                               struct gw_ynode at)
{
    struct gw_fault fault = {0};
    if (gw_ynode_kind(at) != GW_Y_SCALAR) {
        gw_complain(in->c, at, "write words or a list of words",
                    "share.when.%s: not a word", gw_filter_rows[field].name);
        return GW_FORMAT;
    }
    if (gw_filter_draft_add(d, field, gw_slice_str(gw_ynode_text(at)), 0, &fault))
        return bad_value(in, at, field, &fault);
    return GW_OK;
}

static enum gw_error read_condition(struct reading *in, struct gw_filter_draft *d,
                                    struct gw_ynode key, struct gw_ynode at)
{
    int field = gw_filter_field(gw_slice_str(gw_ynode_text(key)));
    enum gw_error e = GW_OK;
    if (field < 0)
        return unknown_condition(in, key);
    if (field == GW_BY_OPERATOR) {
        gw_complain(in->c, key, "leave it out",
                    "share.when.operator: the rule is about this operator's events only");
        return GW_FORMAT;
    }
    if (gw_ynode_kind(at) != GW_Y_LIST)
        return add_value(in, d, field, at);
    if (!gw_ynode_count(at)) {
        gw_complain(in->c, key, "name at least one value, or leave the condition out",
                    "share.when.%s: an empty list would never apply",
                    gw_filter_rows[field].name);
        return GW_FORMAT;
    }
    for (int i = 0; !e && i < gw_ynode_count(at); i++)
        e = add_value(in, d, field, gw_ynode_item(at, i));
    return e;
}

static enum gw_error read_clause(struct reading *in, struct gw_filter_draft *d,
                                 struct gw_ynode at)
{
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(at) != GW_Y_MAP || !gw_ynode_count(at)) {
        gw_complain(in->c, at, "write when: {CONDITION: [VALUE, ...]}, or leave it out",
                    "share.when: not a map of conditions");
        return GW_FORMAT;
    }
    if (gw_filter_draft_clause(d, 0, NULL)) {
        gw_complain(in->c, at, "write several rules",
                    "share.when: more than %d alternatives", GW_FILTER_CLAUSES);
        return GW_FORMAT;
    }
    for (int i = 0; !e && i < gw_ynode_count(at); i++)
        e = read_condition(in, d, gw_ynode_key(at, i), gw_ynode_item(at, i));
    return e;
}

static enum gw_error read_when(struct reading *in, struct gw_ynode at)
{
    struct gw_filter_draft *d = malloc(sizeof *d);
    enum gw_error e = GW_OK;
    if (!d)
        return GW_NOMEM;
    gw_filter_draft_init(d);
    in->rule->when_line = gw_ynode_line(at);
    if (gw_ynode_kind(at) != GW_Y_LIST || !gw_ynode_count(at))
        e = read_clause(in, d, at);
    else
        for (int i = 0; !e && i < gw_ynode_count(at); i++)
            e = read_clause(in, d, gw_ynode_item(at, i));
    if (!e)
        e = gw_filter_build(d, &in->rule->when);
    free(d);
    return e;
}

/* ---- from, until ---- */

static enum gw_error read_moment(struct reading *in, struct gw_ynode at, const char *key,
                                 int64_t *out)
{
    if (gw_ynode_kind(at) == GW_Y_SCALAR &&
        gw_moment_read(gw_slice_str(gw_ynode_text(at)), out))
        return GW_OK;
    gw_complain(
        in->c, at,
        "write 2026-12-01 or 2026-12-01T08:00Z; the ends of a route stand under `when`",
        "share.%s: \"%.60s\" is no date in UTC", key, gw_ynode_text(at));
    return GW_FORMAT;
}

static enum gw_error read_from(struct reading *in, struct gw_ynode at)
{
    return read_moment(in, at, "from", &in->rule->from_ms);
}

static enum gw_error read_until(struct reading *in, struct gw_ynode at)
{
    return read_moment(in, at, "until", &in->rule->until_ms);
}

/* ---- show, hide ---- */

/* The most similar path; copied, for paths are made as they are offered. */
struct near_path {
    const char *word;
    char best[64];
    size_t distance;
};

static void offer_path(void *ctx, const char *path)
{
    struct near_path *near = ctx;
    size_t d = gw_edit_distance(near->word, path);
    if (d >= near->distance || strlen(path) >= sizeof near->best)
        return;
    near->distance = d;
    (void)snprintf(near->best, sizeof near->best, "%s", path);
}

static enum gw_error bad_field(struct reading *in, struct gw_ynode at, const char *key,
                               enum gw_error e)
{
    struct near_path near = {.word = gw_ynode_text(at), .distance = 3};
    if (e == GW_USAGE) {
        gw_complain(
            in->c, at, "leave it out",
            "share.%s: %s is always shown: without it an event cannot be understood", key,
            near.word);
        return GW_FORMAT;
    }
    gw_mask_paths(offer_path, &near);
    gw_complain(in->c, at, "name a field of the schema, as in place or place.lat",
                "share.%s: no field \"%.80s\"%s%s%s", key, near.word,
                *near.best ? "; did you mean " : "", near.best, *near.best ? "?" : "");
    return GW_FORMAT;
}

static enum gw_error read_fields(struct reading *in, struct gw_ynode at, const char *key,
                                 enum gw_error (*apply)(struct gw_mask *m,
                                                        struct gw_slice path))
{
    enum gw_error e = GW_OK;
    if (gw_ynode_kind(at) != GW_Y_LIST || !gw_ynode_count(at)) {
        gw_complain(in->c, at, "write a list of fields: [place, equipment]",
                    "share.%s: not a list of fields", key);
        return GW_FORMAT;
    }
    for (int i = 0; !e && i < gw_ynode_count(at); i++) {
        struct gw_ynode field = gw_ynode_item(at, i);
        e = apply(&in->rule->shown, gw_slice_str(gw_ynode_text(field)));
        if (e)
            e = bad_field(in, field, key, e);
    }
    return e;
}

static enum gw_error read_show(struct reading *in, struct gw_ynode at)
{
    in->shows = true;
    in->rule->shown = gw_mask_least();
    return read_fields(in, at, "show", gw_mask_show);
}

static enum gw_error read_hide(struct reading *in, struct gw_ynode at)
{
    in->hides = true;
    if (gw_mask_hide(&in->rule->shown, GW_LIT("quality")))
        return GW_NOT_FOUND;
    return read_fields(in, at, "hide", gw_mask_hide);
}

/* ---- a rule ---- */

static const struct {
    const char *key;
    enum gw_error (*read)(struct reading *in, struct gw_ynode at);
} keys[] = {
    {"with", read_with},   {"when", read_when}, {"from", read_from},
    {"until", read_until}, {"show", read_show}, {"hide", read_hide},
};
#define KEYS (sizeof keys / sizeof *keys)

static enum gw_error unknown_key(struct reading *in, struct gw_ynode key)
{
    struct gw_nearest near = gw_nearest_to(gw_ynode_text(key));
    for (size_t i = 0; i < KEYS; i++)
        gw_nearest_offer(&near, keys[i].key);
    gw_complain(in->c, key, "there are with, when, from, until, show, hide",
                "share: a rule has no \"%s\"%s", near.word, gw_nearest_hint(&near));
    return GW_FORMAT;
}

static enum gw_error read_key(struct reading *in, int i)
{
    struct gw_ynode key = gw_ynode_key(in->at, i);
    for (size_t k = 0; k < KEYS; k++)
        if (strcmp(keys[k].key, gw_ynode_text(key)) == 0)
            return keys[k].read(in, gw_ynode_item(in->at, i));
    return unknown_key(in, key);
}

/* What the rule says must not contradict itself. */
static enum gw_error check_rule(struct reading *in)
{
    const char *what = NULL, *remedy = NULL;
    if (gw_ynode_kind(gw_ynode_get(in->at, "with")) == GW_Y_ABSENT) {
        what = "a rule without \"with\"";
        remedy = "name the receivers: with: [NAME, ...]";
    } else if (in->shows && in->hides) {
        what = "a rule says both show and hide";
        remedy = "say only what is shown, or only what is hidden";
    } else if (in->rule->from_ms >= in->rule->until_ms) {
        what = "a rule ends before it begins";
        remedy = "put `until` behind `from`";
    }
    if (!what)
        return GW_OK;
    gw_complain(in->c, in->at, remedy, "share: %s", what);
    return GW_FORMAT;
}

static enum gw_error read_rule(struct gw_share *s, struct gw_ynode at, const char *owner,
                               struct gw_complaint *c)
{
    struct gw_share_rule *r = &s->rules[s->count++];
    struct reading in = {.rule = r, .owner = owner, .at = at, .c = c};
    enum gw_error e = GW_OK;
    *r = (struct gw_share_rule){.from_ms = INT64_MIN,
                                .until_ms = INT64_MAX,
                                .shown = gw_mask_all(),
                                .line = gw_ynode_line(at)};
    if (gw_ynode_kind(at) != GW_Y_MAP) {
        gw_complain(c, at, "write share: {with: [NAME, ...]}, or a list of rules",
                    "share: a rule is a map with \"with\"");
        return GW_FORMAT;
    }
    for (int i = 0; !e && i < gw_ynode_count(at); i++)
        e = read_key(&in, i);
    return e ? e : check_rule(&in);
}

static enum gw_error read_rules(struct gw_share *out, struct gw_ynode at,
                                const char *owner, struct gw_complaint *c)
{
    bool list = gw_ynode_kind(at) == GW_Y_LIST;
    int n = list ? gw_ynode_count(at) : 1;
    enum gw_error e = GW_OK;
    if (n > GW_RULES_MAX) {
        gw_complain(c, at, "join rules that give the same", "share: more than %d rules",
                    GW_RULES_MAX);
        return GW_RANGE;
    }
    out->rules = calloc(n ? (size_t)n : 1, sizeof *out->rules);
    if (!out->rules)
        return GW_NOMEM;
    for (int i = 0; !e && i < n; i++)
        e = read_rule(out, list ? gw_ynode_item(at, i) : at, owner, c);
    out->brief = !e && !list && gw_ynode_count(at) == 1;
    return e;
}

enum gw_error gw_share_read(struct gw_share *out, struct gw_ynode at, const char *owner,
                            struct gw_complaint *c)
{
    enum gw_error e;
    *out = (struct gw_share){0};
    e = read_rules(out, at, owner, c);
    if (e == GW_NOMEM)
        gw_complain(c, at, gw_error_remedy(e), "%s", gw_error_text(e));
    if (e)
        gw_share_deinit(out);
    return e;
}

void gw_share_deinit(struct gw_share *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->count; i++) {
        free(s->rules[i].with);
        gw_filter_free(s->rules[i].when);
    }
    free(s->rules);
    *s = (struct gw_share){0};
}

bool gw_share_says(const struct gw_share *s, const char *word)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (says(&s->rules[i], word))
            return true;
    return false;
}
