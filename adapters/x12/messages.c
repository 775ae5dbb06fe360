/* messages.c - which transaction sets there are, and what their events have in common. */
#include "adapters/x12/messages.h"
#include <stdio.h>

static const struct {
    const char *type;
    enum gw_error (*make)(const struct gw_x12_set *set, const struct gw_x12_output *o);
} sets[] = {
    {"214", gw_x12_214}, {"310", gw_x12_310}, {"315", gw_x12_315},
    {"322", gw_x12_322}, {"404", gw_x12_404},
};

enum gw_error gw_x12_message(const struct gw_x12_set *set, const struct gw_x12_output *o)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (gw_slice_is(set->type, sets[i].type))
            return sets[i].make(set, o);
    return GW_NOT_FOUND;
}

const struct gw_x12_segment *gw_x12_first(const struct gw_x12_set *set, const char *tag)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (gw_x12_is(&set->at[i], tag))
            return &set->at[i];
    return NULL;
}

void gw_x12_status(const struct gw_x12_output *o, const struct gw_x12_code *table,
                   const char *list, struct gw_slice code, const char *subject)
{
    const struct gw_x12_code *row = gw_x12_find(table, code);
    struct gw_maker *m = o->maker;
    gw_event_begin(m, row ? row->word : "other", "actual", subject);
    gw_event_word(m, m->root, "state.list", list);
    gw_event_str(m, m->root, "state.code", code);
    if (!row)
        gw_event_note(m, "unknown-code", GW_SEVERITY_INFO, "type", code);
}

enum gw_error gw_x12_when(const struct gw_x12_output *o, const struct gw_x12_segment *s,
                          struct gw_slice date, struct gw_slice time,
                          struct gw_slice zone)
{
    struct gw_civil c;
    if (!gw_x12_civil(date, time, zone, &c))
        return gw_x12_refuse(s, GW_TIME, "date CCYYMMDD and time HHMM", date, o->report);
    gw_event_moment(o->maker, &c, gw_event_known_place(o->maker));
    return GW_OK;
}

static void exchange_party(struct gw_maker *m, const char *role, struct gw_slice id)
{
    uint32_t party;
    if (!id.len)
        return;
    party = gw_event_item(m, "parties");
    gw_event_word(m, party, "role", role);
    gw_event_str(m, party, "id", id);
}

enum gw_error gw_x12_end(const struct gw_x12_set *set, const struct gw_x12_output *o,
                         const struct gw_x12_segment *at, uint32_t sequence)
{
    struct gw_maker *m = o->maker;
    enum gw_error e;
    gw_event_str(m, m->root, "source.message_type", set->type);
    gw_event_str(m, m->root, "source.message_ref", set->reference);
    gw_event_str(m, m->root, "source.interchange_ref", set->interchange);
    gw_event_str(m, m->root, "source.format_version", set->version);
    if (sequence)
        gw_event_int(m, m->root, "source.sequence", sequence);
    exchange_party(m, "sender", set->sender);
    exchange_party(m, "receiver", set->recipient);
    e = gw_event_end(m, o->events, &o->report->fault);
    if (e) {
        o->report->segment = at->number;
        o->report->fault.at = at->offset;
        if (!o->report->fault.rule)
            o->report->fault.rule = gw_error_text(e);
        (void)snprintf(o->report->detail, sizeof o->report->detail, "%s",
                       o->report->fault.field);
    }
    return e;
}

/* The DTM segments behind an R4: time and class of its stay. */
static void stay(const struct gw_x12_set *set, uint32_t r4, struct gw_maker *m,
                 uint32_t item)
{
    struct gw_civil c;
    for (uint32_t i = r4 + 1; i < set->count && gw_x12_is(&set->at[i], "DTM"); i++) {
        const struct gw_x12_segment *s = &set->at[i];
        const struct gw_x12_code *row = gw_x12_find(gw_x12_dates, gw_x12_element(s, 1));
        if (!row || !gw_x12_civil(gw_x12_element(s, 2), gw_x12_element(s, 3),
                                  gw_x12_element(s, 4), &c))
            continue;
        gw_event_instant(
            m, item, "time", &c,
            gw_zoning_place(&m->zoning, &m->tree, gw_tree_at(&m->tree, item, "place")));
        gw_event_word(m, item, "class", row->word);
        return;
    }
}

void gw_x12_journey(const struct gw_x12_set *set, const struct gw_x12_output *o)
{
    struct gw_maker *m = o->maker;
    for (uint32_t i = 0; i < set->count; i++) {
        const struct gw_x12_segment *s = &set->at[i];
        const struct gw_x12_code *row;
        uint32_t item;
        if (!gw_x12_is(s, "R4") ||
            !(row = gw_x12_find(gw_x12_ports, gw_x12_element(s, 1))))
            continue;
        item = gw_event_item(m, "journey");
        gw_event_word(m, item, "role", row->word);
        gw_x12_place(m, item ? gw_tree_put_map(&m->tree, item, GW_LIT("place")) : 0,
                     gw_x12_element(s, 2), gw_x12_element(s, 3), gw_x12_element(s, 4),
                     gw_x12_element(s, 5));
        stay(set, i, m, item);
    }
}

void gw_x12_header(const struct gw_x12_set *set, const struct gw_x12_output *o)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct gw_x12_segment *s = &set->at[i];
        struct gw_slice q = gw_x12_element(s, 1);
        if (gw_x12_is(s, "N9") && !gw_slice_is(q, "EQ") && !gw_slice_is(q, "SN") &&
            !gw_slice_is(q, "WU") && !gw_slice_is(q, "VT") && !gw_slice_is(q, "R1"))
            gw_x12_reference(o->maker, q, gw_x12_element(s, 2));
        else if (gw_x12_is(s, "N9") && gw_slice_is(q, "SN"))
            gw_event_str(o->maker, gw_event_item(o->maker, "seals"), "id",
                         gw_x12_element(s, 2));
        else if (gw_x12_is(s, "N1"))
            (void)gw_x12_party(o->maker, s);
        else if (gw_x12_is(s, "M7"))
            gw_x12_seals(o->maker, s);
    }
}
