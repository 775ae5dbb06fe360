/* log.h - one line per happening on stderr: time, level, constant event name, key=value.
 *
 *   gw_log(GW_WARN, "session.refused", "peer=%s rule=%s", peer, rule);
 *
 * Thread  any.  Never payloads, never keys.  Only the top of a path logs; stages return codes. */
#ifndef GW_BASE_LOG_H
#define GW_BASE_LOG_H
#include <stdbool.h>
#include <stdint.h>

enum gw_level { GW_TRACE, GW_DEBUG, GW_INFO, GW_WARN, GW_ERROR };

void gw_log_level(enum gw_level least);
bool gw_log_enabled(enum gw_level level);
/* "trace" .. "error"; false if unknown. */
bool gw_log_level_parse(const char *name, enum gw_level *out);
void gw_log(enum gw_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A burst: the first happening is to be logged at once; those within `every_ms` after it are
 * only counted.  True: log now, `*missed` happenings were left out since the last line. */
struct gw_burst {
    int64_t last_ms;
    uint64_t missed;
};
bool gw_burst_due(struct gw_burst *b, int64_t now_ms, int64_t every_ms, uint64_t *missed);
#endif
