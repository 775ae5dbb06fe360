/* join.c - messages in several sentences. */
#include "adapters/ais/join.h"

static struct ais_open *slot_of(struct ais_join *j, const struct ais_sentence *s)
{
    uint32_t key = s->group ? s->group : s->key & ~(1u << 31);
    struct ais_open *oldest = &j->open[0];
    for (size_t i = 0; i < AIS_OPEN; i++) {
        struct ais_open *o = &j->open[i];
        if (o->used && o->key == key && o->total == s->total &&
            !(o->have & 1u << (s->part - 1)))
            return o;
        if (o->used < oldest->used)
            oldest = o;
    }
    *oldest = (struct ais_open){.used = ++j->count, .key = key, .total = s->total};
    return oldest;
}

static void keep(struct ais_open *o, const struct ais_sentence *s)
{
    size_t i = s->part - 1u;
    o->have = (uint16_t)(o->have | 1u << i);
    o->parts[i].len = (uint8_t)s->text.len;
    o->parts[i].payload = (uint8_t)(s->payload.at ? s->payload.at - s->text.at : 0);
    o->parts[i].payload_len = (uint8_t)s->payload.len;
    memcpy(o->parts[i].text, s->text.at, s->text.len);
    if (s->part == s->total)
        o->fill = s->fill;
    if (!o->time_ms)
        o->time_ms = s->time_ms;
}

static void whole(struct ais_join *j, struct ais_open *o, struct ais_sentence *s)
{
    size_t text = 0, payload = 0;
    for (size_t i = 0; i < o->total; i++) {
        memcpy(j->text + text, o->parts[i].text, o->parts[i].len);
        memcpy(j->payload + payload, o->parts[i].text + o->parts[i].payload,
               o->parts[i].payload_len);
        text += o->parts[i].len;
        payload += o->parts[i].payload_len;
    }
    s->text = gw_slice(j->text, text);
    s->payload = gw_slice(j->payload, payload);
    s->fill = o->fill;
    s->time_ms = o->time_ms;
    o->used = 0;
}

bool ais_join_add(struct ais_join *j, struct ais_sentence *s)
{
    if (s->total == 1)
        return true;
    struct ais_open *o = slot_of(j, s);
    keep(o, s);
    if (o->have != (1u << o->total) - 1)
        return false;
    whole(j, o, s);
    return true;
}
