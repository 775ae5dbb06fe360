/* describe.c - sessions and subscriptions as JSON, for `karvan status`. */
#include "pipeline/parts.h"

static void subscription(const struct gw_subscription *s, uint64_t newest, struct gw_buf *out)
{
    gw_buf_printf(out,
                  "{\"name\":\"%s\",\"next\":%llu,\"acked\":%llu,\"lag\":%llu,\"live\":%s,"
                  "\"halted\":%s,\"sent\":%llu}",
                  s->name, (unsigned long long)s->next_seq, (unsigned long long)s->acked,
                  (unsigned long long)(newest > s->acked ? newest - s->acked : 0),
                  s->live ? "true" : "false", s->halted ? "true" : "false",
                  (unsigned long long)s->sent_events);
}

static void session(const struct gw_session *s, uint64_t newest, struct gw_buf *out,
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
        subscription(sub, newest, out);
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
        session(s, p->delivery.newest, out, now_ms);
        comma = ",";
    }
}
