/* quota.c - how much one operator may publish; part of stage 1, session.c. */
#include "pipeline/quota.h"
#include <stdlib.h>
#include "pipeline/bucket.h"

struct quota {
    char name[GW_NAME_MAX + 1];
    struct gw_quota_rate rate;
    struct gw_bucket events, bytes;
    int64_t filled_ms;
    bool held;
};

struct gw_quotas {
    struct quota *of; /* by index into the directory */
    uint32_t count;
    uint64_t held;
};

#define RATE_MOST (INT64_MAX / 1000 / 3600000) /* an hour's filling fits */

enum gw_error gw_quotas_new(struct gw_quotas **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? GW_OK : GW_NOMEM;
}

void gw_quotas_free(struct gw_quotas *q)
{
    if (!q)
        return;
    free(q->of);
    free(q);
}

static uint64_t bounded(uint64_t rate)
{
    return rate < RATE_MOST ? rate : RATE_MOST;
}

static const struct quota *find(const struct gw_quotas *q, const char *name)
{
    for (uint32_t i = 0; i < q->count; i++)
        if (strcmp(q->of[i].name, name) == 0)
            return &q->of[i];
    return NULL;
}

static struct quota begin(const struct gw_quotas *q, const struct gw_operator *o,
                          struct gw_quota_rate usual, int64_t now_ms)
{
    const struct quota *was = find(q, o->name);
    struct quota new = was ? *was : (struct quota){.filled_ms = now_ms};
    memcpy(new.name, o->name, sizeof new.name);
    new.rate.events_per_s = bounded(o->has_quota ? o->quota_events : usual.events_per_s);
    new.rate.bytes_per_s = bounded(o->has_quota ? o->quota_bytes : usual.bytes_per_s);
    if (!was) {
        new.events.level = (int64_t) new.rate.events_per_s * 1000;
        new.bytes.level = (int64_t) new.rate.bytes_per_s * 1000;
    }
    return new;
}

enum gw_error gw_quotas_directory(struct gw_quotas *q, const struct gw_directory *d,
                                  struct gw_quota_rate usual, int64_t now_ms)
{
    struct quota *fresh = calloc(d->count ? d->count : 1, sizeof *fresh);
    for (uint32_t i = 0; fresh && i < d->count; i++)
        fresh[i] = begin(q, &d->operators[i], usual, now_ms);
    free(q->of);
    q->of = fresh;
    q->count = fresh ? d->count : 0;
    return fresh ? GW_OK : GW_NOMEM;
}

static void pour(struct quota *o, int64_t now_ms)
{
    int64_t ms = now_ms - o->filled_ms;
    if (ms <= 0) {
        o->filled_ms =
            now_ms; /* the clock was put back: no more than it would be otherwise */
        return;
    }
    ms = ms < 3600000 ? ms : 3600000;
    gw_bucket_fill(&o->events, o->rate.events_per_s, ms);
    gw_bucket_fill(&o->bytes, o->rate.bytes_per_s, ms);
    o->filled_ms = now_ms;
}

static void draw(struct gw_bucket *b, uint64_t rate, uint64_t amount)
{
    if (rate)
        b->level -= (int64_t)bounded(amount) * 1000;
}

void gw_quota_draw(struct gw_quotas *q, uint32_t operator, uint64_t events,
                   uint64_t bytes, int64_t now_ms)
{
    struct quota *o;
    if (operator>= q->count)
        return;
    o = &q->of[operator];
    pour(o, now_ms);
    draw(&o->events, o->rate.events_per_s, events);
    draw(&o->bytes, o->rate.bytes_per_s, bytes);
}

static bool is_open(struct quota *o, int64_t now_ms)
{
    if (!o->rate.events_per_s && !o->rate.bytes_per_s)
        return true;
    pour(o, now_ms);
    return o->events.level >= 0 && o->bytes.level >= 0;
}

bool gw_quota_left(struct gw_quotas *q, uint32_t operator, int64_t now_ms)
{
    return operator>= q->count || is_open(&q->of[operator], now_ms);
}

bool gw_quota_open(struct gw_quotas *q, uint32_t operator, int64_t now_ms, bool *first)
{
    struct quota *o;
    bool open;
    *first = false;
    if (operator>= q->count)
        return true;
    o = &q->of[operator];
    open = is_open(o, now_ms);
    *first = !open && !o->held;
    q->held += *first;
    o->held = !open;
    return open;
}

uint64_t gw_quotas_held(const struct gw_quotas *q)
{
    return q->held;
}
