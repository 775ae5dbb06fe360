/* wish.c - what a filter asks for, against what exists and what is given. */
#include "pipeline/wish.h"
#include <stdio.h>
#include "model/filter_clause.h"

/* ---- does it exist ---- */

static enum gw_error unknown(struct gw_fault *fault, enum gw_filter_field field,
                             const char *rule)
{
    (void)snprintf(fault->field, sizeof fault->field, "%s", gw_filter_rows[field].name);
    return gw_fail(fault, GW_UNKNOWN_CODE, 0, rule);
}

static enum gw_error check_operators(const struct gw_set *s, const struct gw_directory *d,
                                     struct gw_fault *fault)
{
    for (unsigned i = 0; i < s->exact; i++)
        if (gw_directory_find(d, s->values[i]) == GW_OPERATOR_NONE)
            return unknown(fault, GW_BY_OPERATOR, "there is no such operator on the bus");
    return GW_OK;
}

/* Five capitals or digits name a place somewhere; a country was judged when it was read.
 */
static bool is_code(struct gw_slice v, bool country)
{
    for (size_t i = 0; i < v.len; i++)
        if (!(v.at[i] >= 'A' && v.at[i] <= 'Z') && !(v.at[i] >= '2' && v.at[i] <= '9'))
            return false;
    return v.len == 5 || (country && v.len == 2);
}

static enum gw_error check_places(const struct gw_clause *c, enum gw_filter_field field,
                                  const struct gw_directory *d, struct gw_fault *fault)
{
    const struct gw_set *s = &c->sets[field];
    for (unsigned i = 0; d->places && i < s->exact; i++)
        if (!is_code(s->values[i], field != GW_BY_LOCATION) &&
            !gw_places_by_node(d->places, s->values[i]))
            return unknown(fault, field, "neither a known node nor a UN/LOCODE");
    return GW_OK;
}

enum gw_error gw_wish_check(const struct gw_filter *f, const struct gw_directory *d,
                            struct gw_fault *fault)
{
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; !e && i < f->count; i++) {
        const struct gw_clause *c = &f->clauses[i];
        e = check_operators(&c->sets[GW_BY_OPERATOR], d, fault);
        if (!e)
            e = check_places(c, GW_BY_LOCATION, d, fault);
        if (!e)
            e = check_places(c, GW_BY_FROM, d, fault);
        if (!e)
            e = check_places(c, GW_BY_TO, d, fault);
    }
    return e;
}

/* ---- is it given ---- */

struct asking {
    const struct gw_directory *d;
    const struct gw_clause *c;
    uint32_t receiver;
    int64_t now_ms;
    uint32_t limited;     /* a bit per field that somebody limits */
    struct gw_mask shown; /* by everybody who gives */
    bool given;           /* somebody gives something */
    struct gw_buf *out;
};

static void note(struct gw_buf *out, const char *name, struct gw_slice value)
{
    gw_buf_printf(out, "%s%s", out->len ? ", " : "", name);
    if (value.len)
        gw_buf_printf(out, "=%.*s", GW_FMT(value));
}

/* Could this rule give the receiver something now? */
static bool usable(const struct asking *a, const struct gw_rule *r)
{
    return gw_rule_in_force(r, a->now_ms) &&
           (r->parties || gw_rule_names(r, a->receiver));
}

/* The fields in which a rule's clause gives less than is asked for. */
static uint32_t limits_of(const struct asking *a, const struct gw_clause *gives)
{
    uint32_t limited = 0;
    for (uint32_t left = gives->used; left; left &= left - 1) {
        enum gw_filter_field field = (enum gw_filter_field)__builtin_ctz(left);
        const struct gw_set *wanted = &a->c->sets[field];
        unsigned n = (unsigned)wanted->exact + wanted->prefixes;
        bool covered = n > 0;
        for (unsigned i = 0; covered && i < n; i++) {
            uint8_t room[GW_FILTER_VALUE + 1];
            covered =
                gw_set_covers(field, &gives->sets[field], gw_set_value(wanted, i, room));
        }
        if (!covered)
            limited |= 1u << field;
    }
    return limited;
}

/* Of all a rule gives, the clause that limits least. */
static uint32_t least_limits(const struct asking *a, const struct gw_rule *r)
{
    uint32_t least = UINT32_MAX;
    if (!r->when)
        return 0;
    for (uint32_t i = 0; i < r->when->count; i++) {
        uint32_t limited = limits_of(a, &r->when->clauses[i]);
        if (__builtin_popcount(limited) < __builtin_popcount(least))
            least = limited;
    }
    return least;
}

/* False: this owner gives the receiver nothing at all. */
static bool ask_owner(struct asking *a, uint32_t owner)
{
    const struct gw_operator *o = &a->d->operators[owner];
    struct gw_mask shown = {{0}};
    uint32_t least = UINT32_MAX;
    bool any = owner == a->receiver;
    if (any) {
        a->given = true;
        return true;
    }
    for (uint32_t i = 0; i < o->rule_count; i++) {
        uint32_t limited;
        if (!usable(a, &o->rules[i]))
            continue;
        any = true;
        gw_mask_unite(&shown, &o->rules[i].shown);
        limited = least_limits(a, &o->rules[i]);
        if (__builtin_popcount(limited) < __builtin_popcount(least))
            least = limited;
    }
    if (!any)
        return false;
    a->given = true;
    a->limited |= least;
    for (int i = 0; i < GW_MASK_WORDS; i++)
        a->shown.bits[i] &= shown.bits[i];
    return true;
}

/* Does this owner give some events with the value? */
static bool gives_value(const struct asking *a, uint32_t owner,
                        enum gw_filter_field field, struct gw_slice value)
{
    const struct gw_operator *o = &a->d->operators[owner];
    if (owner == a->receiver)
        return true;
    for (uint32_t i = 0; i < o->rule_count; i++) {
        const struct gw_rule *r = &o->rules[i];
        if (!usable(a, r))
            continue;
        if (!r->when)
            return true;
        for (uint32_t k = 0; k < r->when->count; k++) {
            const struct gw_clause *gives = &r->when->clauses[k];
            if (!(gives->used >> field & 1) ||
                gw_set_covers(field, &gives->sets[field], value))
                return true;
        }
    }
    return false;
}

/* The owners a clause asks: those it names, or all. */
static uint32_t owners(const struct asking *a)
{
    const struct gw_set *named = &a->c->sets[GW_BY_OPERATOR];
    return named->exact ? named->exact : a->d->count;
}
static uint32_t owner_at(const struct asking *a, uint32_t i)
{
    const struct gw_set *named = &a->c->sets[GW_BY_OPERATOR];
    return named->exact ? gw_directory_find(a->d, named->values[i]) : i;
}

/* A value nobody gives is named; a field that is limited for another reason by its name
 * alone. */
static void ask_field(struct asking *a, enum gw_filter_field field)
{
    const struct gw_set *s = &a->c->sets[field];
    unsigned named = 0;
    for (unsigned i = 0; i < (unsigned)s->exact + s->prefixes; i++) {
        uint8_t room[GW_FILTER_VALUE + 1];
        struct gw_slice value = gw_set_value(s, i, room);
        bool given = false;
        for (uint32_t k = 0; !given && k < owners(a); k++) {
            uint32_t owner = owner_at(a, k);
            given = owner != GW_OPERATOR_NONE && gives_value(a, owner, field, value);
        }
        if (given)
            continue;
        note(a->out, gw_filter_rows[field].name, value);
        named++;
    }
    if (!named)
        note(a->out, gw_filter_rows[field].name, gw_slice(NULL, 0));
}

static void ask_clause(struct asking *a)
{
    bool names = a->c->sets[GW_BY_OPERATOR].exact > 0;
    a->limited = 0;
    a->shown = gw_mask_all();
    a->given = false;
    for (uint32_t i = 0; i < owners(a); i++) {
        uint32_t owner = owner_at(a, i);
        bool gives = owner != GW_OPERATOR_NONE && ask_owner(a, owner);
        if (!gives && names)
            note(a->out, "operator", a->c->sets[GW_BY_OPERATOR].values[i]);
    }
    if (!a->given && !names)
        note(a->out, "everything", gw_slice(NULL, 0));
    if (!a->given || !a->c->used) /* who asks for everything asks for all that is given */
        a->limited = 0;
    for (uint32_t left = a->limited; left; left &= left - 1)
        ask_field(a, (enum gw_filter_field)__builtin_ctz(left));
}

bool gw_wish_narrowed(const struct gw_filter *f, const struct gw_directory *d,
                      uint32_t receiver, int64_t now_ms, struct gw_buf *out)
{
    struct gw_mask shown = gw_mask_all();
    struct gw_buf hidden;
    gw_buf_reset(out);
    for (uint32_t i = 0; i < f->count; i++) {
        struct asking a = {.d = d, .receiver = receiver, .now_ms = now_ms, .out = out};
        a.c = &f->clauses[i];
        ask_clause(&a);
        for (int k = 0; k < GW_MASK_WORDS; k++)
            shown.bits[k] &= a.shown.bits[k];
    }
    gw_buf_init(&hidden, 4096);
    if (!gw_mask_is_all(&shown))
        gw_mask_print_hidden(&shown, &hidden);
    if (hidden.len)
        gw_buf_printf(out, "%shidden: %s", out->len ? "; " : "", gw_buf_text(&hidden));
    gw_buf_deinit(&hidden);
    return out->len > 0;
}
