/* words.c - short sentences for people. */
#include "bench/demo/words.h"
#include <stdio.h>

/* What makes a place's name long; the name is cut before it. */
static const char *const additions[] = {
    " (", " border", " sea port", " port", " international", " freight", " I"};

static void short_name(const struct gw_place *p, char *out, size_t size)
{
    const char *town = strstr(p->name, " at "); /* "Port of Baku at Alat" */
    (void)snprintf(out, size, "%s", town ? town + 4 : p->name);
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++) {
        char *at = strstr(out, additions[i]);
        if (at)
            *at = 0;
    }
}

void demo_words_of_place(const struct gw_place *p, char out[DEMO_WORDS_BYTES])
{
    short_name(p, out, DEMO_WORDS_BYTES);
}

static void say(const char *who, enum demo_what what, const struct gw_place *place,
                char out[DEMO_WORDS_BYTES])
{
    char name[64] = "";
    if (place)
        short_name(place, name, sizeof name);
    (void)snprintf(out, DEMO_WORDS_BYTES, "%.32s %s %.32s", who,
                   what < DEMO_WHATS ? demo_what_words(what) : "seen at", name);
}

void demo_words_of_happening(const struct demo_happening *h, char out[DEMO_WORDS_BYTES])
{
    char who[40];
    if (h->per == DEMO_PER_BLOCK && !h->sea)
        (void)snprintf(who, sizeof who, "train %s", h->unit.train);
    else
        (void)snprintf(who, sizeof who, "%s",
                       h->per == DEMO_PER_BLOCK ? h->unit.vessel
                       : h->per == DEMO_PER_BOX ? h->unit.container
                                                : h->unit.wagon);
    say(who, h->what, h->place, out);
}

void demo_words_of_event(const struct gw_facts *f, const struct gw_places *places,
                         char out[DEMO_WORDS_BYTES])
{
    struct gw_slice type = gw_slice_str(gw_event_types.words[f->type]);
    const struct gw_place *place =
        places ? gw_places_by_node(places, f->place.node) : NULL;
    char who[40] = "a train or ship";

    if (f->equipment_count)
        (void)snprintf(who, sizeof who, "%.*s", GW_FMT(f->equipment[0]));
    say(who, demo_what_of(type), place, out);
}
