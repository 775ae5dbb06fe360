/* describe.c - sessions and subscriptions as JSON, for `karvan status`. */
#include "pipeline/parts.h"

static void subscription(const struct gw_subscription *s, const struct gw_delivery *d,
                         struct gw_buf *out)
{
    bool live = s->standing == GW_LIVE;
    uint64_t next = live && d->position >= s->next_seq ? d->position + 1 : s->next_seq;
    gw_buf_printf(out,
                  "{\"name\":\"%s\",\"next\":%llu,\"acked\":%llu,\"lag\":%llu,\"live\":%s,"
                  "\"halted\":%s,\"sent\":%llu,\"telemetry\":%s}",
                  s->name, (unsigned long long)next, (unsigned long long)s->acked,
                  (unsigned long long)(d->newest > s->acked ? d->newest - s->acked : 0),
                  live ? "true" : "false", s->halted ? "true" : "false",
                  (unsigned long long)s->sent_events, s->observes ? "true" : "false");
}

static void session(const struct gw_session *s, const struct gw_delivery *d, struct gw_buf *out,
                    int64_t now_ms)
{
    const char *comma = "";
    gw_buf_printf(out,
                  "{\"operator\":\"%s\",\"adapter\":\"%s\",\"since_ms\":%lld,"
                  "\"silent_ms\":%lld,\"last_batch\":%llu,\"in_flight\":%llu,\"accepted\":%llu,"
                  "\"duplicates\":%llu,\"refused\":%llu,\"delivered\":%llu,\"faults\":%llu,"
                  "\"credit_held\":%s,"
                  "\"subscriptions\":[",
                  s->operator_name, s->adapter, (long long)s->since_ms,
                  (long long)(now_ms - s->heard_ms), (unsigned long long)s->acknowledged,
                  (unsigned long long)(s->submitted - s->acknowledged),
                  (unsigned long long)s->accepted, (unsigned long long)s->duplicates,
                  (unsigned long long)s->refused, (unsigned long long)s->delivered,
                  (unsigned long long)s->faults, s->credit_held ? "true" : "false");
    for (const struct gw_subscription *sub = s->subscriptions; sub; sub = sub->next_of_session) {
        gw_buf_str(out, comma);
        subscription(sub, d, out);
        comma = ",";
    }
    gw_buf_str(out, "]}");
}

void gw_pipeline_describe(struct gw_pipeline *p, struct gw_buf *out, int64_t now_ms)
{
    struct gw_session *s;
    const char *comma = "";
    for (uint32_t i = 0; (s = gw_sessions_next(p->sessions, &i)) != NULL;) {
        gw_buf_str(out, comma);
        session(s, &p->delivery, out, now_ms);
        comma = ",";
    }
}
