/* fleet.c - what was heard of each ship before. */
#include "adapters/ais/fleet.h"
#include <stdlib.h>

#define PROBES 16 /* places a ship may stand behind its own */

void ais_fleet_deinit(struct ais_fleet *f)
{
    free(f->ships);
    *f = (struct ais_fleet){0};
}

static uint32_t home(const struct ais_fleet *f, uint32_t mmsi)
{
    return (uint32_t)(mmsi * 0x9E3779B1u >> 7) & (f->size - 1);
}

/* The ship's place, or the free one it goes to; NULL when PROBES places are taken. */
static struct ais_ship *find(struct ais_fleet *f, uint32_t mmsi)
{
    for (uint32_t i = 0; f->size && i < PROBES; i++) {
        struct ais_ship *s = &f->ships[(home(f, mmsi) + i) & (f->size - 1)];
        if (s->mmsi == mmsi || !s->mmsi)
            return s;
    }
    return NULL;
}

static bool move_all(struct ais_fleet *to, const struct ais_fleet *from)
{
    for (uint32_t i = 0; i < from->size; i++) {
        if (!from->ships[i].mmsi)
            continue;
        struct ais_ship *s = find(to, from->ships[i].mmsi);
        if (!s)
            return false;
        *s = from->ships[i];
        to->used++;
    }
    return true;
}

/* Twice the places; false when that is not to be had. */
static bool grow(struct ais_fleet *f)
{
    struct ais_fleet bigger = {.size = f->size ? 2 * f->size : 4096};
    if (bigger.size > 2 * AIS_SHIPS_MOST)
        return false;
    bigger.ships = calloc(bigger.size, sizeof *bigger.ships);
    if (!bigger.ships)
        return false;
    if (!move_all(&bigger, f)) {
        free(bigger.ships);
        return false;
    }
    free(f->ships);
    *f = bigger;
    return true;
}

/* Of the places a ship may stand at, the one silent longest. */
static struct ais_ship *oldest(struct ais_fleet *f, uint32_t mmsi)
{
    struct ais_ship *o = NULL;
    for (uint32_t i = 0; f->size && i < PROBES; i++) {
        struct ais_ship *s = &f->ships[(home(f, mmsi) + i) & (f->size - 1)];
        if (!o || s->heard_ms < o->heard_ms)
            o = s;
    }
    return o;
}

struct ais_ship *ais_fleet_ship(struct ais_fleet *f, uint32_t mmsi, int64_t now_ms)
{
    struct ais_ship *s = find(f, mmsi);
    bool full = 2 * f->used >= f->size || !s;
    if (s && s->mmsi == mmsi) {
        s->heard_ms = now_ms;
        return s;
    }
    if (full && grow(f))
        s = find(f, mmsi);
    if (!s && f->used)
        s = oldest(f, mmsi);
    if (!s)
        return NULL;
    f->used += !s->mmsi;
    *s = (struct ais_ship){.mmsi = mmsi, .port = -2, .candidate = -2, .heard_ms = now_ms};
    return s;
}

static void learn_text(char *to, size_t size, const char *text)
{
    if (*text)
        memcpy(to, text, size);
}

void ais_ship_learn(struct ais_ship *s, const struct ais_message *m)
{
    learn_text(s->name, sizeof s->name, m->name);
    learn_text(s->callsign, sizeof s->callsign, m->callsign);
    if (m->imo)
        s->imo = m->imo;
}
