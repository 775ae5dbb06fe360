/* settings_table.c - every setting of config/gateway.yaml, one row each. */
#include "conf/settings_table.h"
#include "conf/quantity.h"

#define KIB(n) ((int64_t)(n) << 10)
#define MIB(n) ((int64_t)(n) << 20)
#define GIB(n) ((int64_t)(n) << 30)
#define TIB(n) ((int64_t)(n) << 40)
#define DAY_MS 86400000LL

#define NAME(s, k) .name = s "." k, .section = s, .key = k
#define AT(field)                                                                        \
    .offset = offsetof(struct gw_settings, field),                                       \
    .size = sizeof(((struct gw_settings *)0)->field)
#define SCALED(u, low, high, per_unit)                                                   \
    .kind = GW_SETTING_NUMBER, .unit = u, .least = low, .most = high, .scale = per_unit
#define NUMBER(u, low, high) SCALED(u, low, high, 1)
#define LIKE(k)              .kind = GW_SETTING_##k, .unit = ""

/* clang-format off */
static const struct gw_setting rows[] = {
    {NAME("gateway", "name"), LIKE(TEXT), .initial = "karvan", AT(name),
     .meaning = "Name of this gateway, as its peers and `karvan status` show it."},
    {NAME("gateway", "lanes"), NUMBER("", 1, 64), .initial = "1", AT(lanes),
     .meaning = "Threads that serve endpoints; more than one pays off on more than four cores."},
    {NAME("gateway", "log_level"), LIKE(WORD), .initial = "info", .live = true, AT(log_level),
     .words = "trace debug info warn error",
     .meaning = "Least level that is written to stderr."},
    {NAME("gateway", "key_file"), LIKE(PATH), .initial = "gateway.key", AT(key_file),
     .meaning = "The gateway's own key pair; make it with `karvan keygen FILE`."},
    {NAME("gateway", "data_dir"), LIKE(PATH), .initial = "/var/lib/karvan", AT(data_dir),
     .meaning = "Where the journal and the admin socket live; on a local disk, backed up."},
    {NAME("gateway", "operators_dir"), LIKE(PATH), .initial = "operators", AT(operators_dir),
     .meaning = "One file per operator; see operators/README.md."},
    {NAME("gateway", "profiles_dir"), LIKE(PATH), .initial = "profiles", AT(profiles_dir),
     .meaning = "The operators' dialects, one file each."},
    {NAME("gateway", "places_file"), LIKE(PATH), .initial = "places.csv", AT(places_file),
     .meaning = "The table of known places and their codes; empty = none."},
    {NAME("gateway", "drain_ms"), NUMBER("ms", 100, 60000), .initial = "4000", AT(drain_ms),
     .meaning = "After SIGTERM, finish what is in flight for at most this long."},

    {NAME("budget", "event_bytes"), NUMBER("B", 256, MIB(16)), .initial = "64 KiB",
     AT(limits.budget.event_bytes), .meaning = "Largest event."},
    {NAME("budget", "depth"), NUMBER("", 3, 30), .initial = "8", AT(limits.budget.depth),
     .meaning = "Deepest nesting of an event; its own map is the first level."},
    {NAME("budget", "elements"), NUMBER("", 16, 1000000), .initial = "2048",
     AT(limits.budget.elements), .meaning = "Most values in an event, keys not counted."},
    {NAME("budget", "string_bytes"), NUMBER("B", 64, MIB(1)), .initial = "1 KiB",
     AT(limits.budget.string_bytes), .meaning = "Longest string or key of an event."},

    {NAME("session", "message_bytes"), NUMBER("B", KIB(1), MIB(256)), .initial = "1 MiB",
     AT(limits.message_bytes), .meaning = "Largest message body, sent or received."},
    {NAME("session", "batch_events"), NUMBER("", 1, 1000000), .initial = "4096",
     AT(limits.batch_events), .meaning = "Most events in one message."},
    {NAME("session", "max"), NUMBER("", 1, 100000), .initial = "1024", AT(limits.sessions),
     .meaning = "Most sessions of a lane, over all operators."},
    {NAME("session", "per_operator"), NUMBER("", 1, 100000), .initial = "64",
     AT(limits.sessions_per_operator), .meaning = "Most sessions of one operator on a lane."},
    {NAME("session", "timeout_ms"), NUMBER("ms", 500, 3600000), .initial = "10000",
     AT(limits.timeout_ms),
     .meaning = "A session that is silent for this long is ended, a connection without one 5 s later."},
    {NAME("session", "credit_batches"), NUMBER("", 1, 65536), .initial = "64",
     AT(limits.credit_batches), .meaning = "Batches a session may have unacknowledged."},
    {NAME("session", "credit_bytes"), NUMBER("B", KIB(64), GIB(4)), .initial = "16 MiB",
     AT(limits.credit_bytes), .meaning = "Bytes a session may have unacknowledged."},

    {NAME("session", "quota_events"), NUMBER("", 0, 1000000000), .initial = "0",
     AT(limits.quota_events),
     .meaning = "Events a second of one operator on a lane, beyond which it waits for credit; 0 = no end."},
    {NAME("session", "quota_bytes"), NUMBER("B", 0, GIB(1024)), .initial = "0",
     AT(limits.quota_bytes),
     .meaning = "Bytes a second of one operator on a lane, likewise; 0 = no end."},

    {NAME("session", "live_events"), NUMBER("", 0, 100000000), .initial = "20000",
     AT(limits.live_events),
     .meaning = "Live events (telemetry) a second of one session; more is dropped, beyond twice as many "
                "it is a flood (ERROR 111); 0 = no end."},

    {NAME("delivery", "subscriptions_per_session"), NUMBER("", 1, 1024), .initial = "64",
     AT(limits.subscriptions), .meaning = "Most subscriptions of one session."},
    {NAME("delivery", "message_bytes"), NUMBER("B", KIB(4), MIB(64)), .initial = "256 KiB",
     AT(limits.delivery_bytes), .meaning = "Largest body of one delivery."},
    {NAME("delivery", "tail_bytes"), NUMBER("B", KIB(64), GIB(16)), .initial = "32 MiB",
     AT(limits.tail_bytes),
     .meaning = "Newest events a lane keeps in memory; receivers further behind are served from "
                "the journal."},
    {NAME("delivery", "position_ms"), NUMBER("ms", 10, 60000), .initial = "1000",
     AT(limits.position_ms),
     .meaning = "How often a receiver without matches learns how far the gateway looked; "
                "less often beyond 1,000."},
    {NAME("delivery", "live_objects"), NUMBER("", 1, 16777216), .initial = "65536",
     AT(limits.live_objects),
     .meaning = "Ships, wagons, containers of whose live events a lane keeps the newest."},
    {NAME("delivery", "live_bytes"), NUMBER("B", KIB(64), GIB(16)), .initial = "64 MiB",
     AT(limits.live_bytes), .meaning = "Memory a lane gives to them; the oldest goes first."},

    {NAME("time", "future_refuse_ms"), NUMBER("ms", 0, 3650 * DAY_MS), .initial = "24 h",
     AT(limits.future_refuse_ms),
     .meaning = "An event said to have happened further ahead of our clock is refused."},
    {NAME("time", "future_warn_ms"), NUMBER("ms", 0, 3650 * DAY_MS), .initial = "10 min",
     AT(limits.future_warn_ms),
     .meaning = "An event said to have happened further ahead of our clock gets a warning."},

    {NAME("journal", "max_bytes"), NUMBER("B", MIB(1), TIB(16)), .initial = "8 GiB",
     AT(journal.max_bytes), .meaning = "The journal never grows beyond this."},
    {NAME("journal", "queue_batches"), NUMBER("", 1, 65536), .initial = "256",
     AT(journal.queue_batches), .meaning = "Batches that may wait for the journal's writer."},
    {NAME("journal", "group_events"), NUMBER("", 1, 1048576), .initial = "8192",
     AT(journal.group_events), .meaning = "Most events in one commit."},
    {NAME("journal", "group_wait_us"), NUMBER("us", 0, 1000000), .initial = "0",
     AT(journal.group_wait_us),
     .meaning = "A commit waits this long for more events; 0 = never."},
    {NAME("journal", "durable"), LIKE(BOOL), .initial = "true", AT(journal.durable),
     .meaning = "Sync to disk before an event is acknowledged; false only for measurements."},
    {NAME("journal", "duplicate_window"), NUMBER("", 0, 268435456), .initial = "1048576",
     AT(journal.duplicate_window),
     .meaning = "Of this many newest events a second copy is recognised by its id."},
    {NAME("journal", "outcome_window"), NUMBER("", 1, 65536), .initial = "256",
     AT(journal.outcome_window),
     .meaning = "Of this many batches per adapter the detailed outcome can be asked again."},
    {NAME("journal", "cursor_ms"), NUMBER("ms", 1, 60000), .initial = "100",
     AT(journal.cursor_ms), .meaning = "Cursors are on disk at the latest after this time."},
    {NAME("journal", "retain_days"), SCALED("d", 0, 36500, DAY_MS), .initial = "30",
     AT(journal.retain_ms),
     .meaning = "Events older than this are dropped; 0 = never."},
    {NAME("journal", "retain_bytes"), NUMBER("B", 0, TIB(16)), .initial = "0",
     AT(journal.retain_bytes),
     .meaning = "The oldest events beyond this size are dropped; 0 = none."},
    {NAME("journal", "retain_past_cursors"), LIKE(BOOL), .initial = "false",
     AT(journal.retain_past_cursors),
     .meaning = "Drop events by age and size even if a subscription has not read them; logged."},
    {NAME("journal", "warn_percent"), NUMBER("%", 1, 100), .initial = "80",
     AT(journal.warn_percent), .meaning = "Fuller than this, the journal is said to be filling."},
    {NAME("journal", "shrink_percent"), NUMBER("%", 1, 100), .initial = "90",
     AT(journal.shrink_percent), .meaning = "Fuller than this, senders get less credit."},
    {NAME("journal", "refuse_percent"), NUMBER("%", 1, 100), .initial = "95",
     AT(journal.refuse_percent), .meaning = "Fuller than this, events are refused."},

    {NAME("journal", "checkpoint_events"), NUMBER("", 0, 1000000000), .initial = "100000",
     AT(journal.checkpoint_events),
     .meaning = "Sign how far the journal has come after this many events, and at the end; 0 = never."},
    {NAME("journal", "checkpoint_ms"), NUMBER("ms", 1000, 30 * DAY_MS), .initial = "600000",
     AT(journal.checkpoint_ms),
     .meaning = "... or, when events come, this long after the last time."},

    {NAME("quarantine", "bytes_per_operator"), NUMBER("B", 0, TIB(1)), .initial = "64 MiB",
     AT(journal.quarantine_bytes),
     .meaning = "Refused events of an operator are kept up to this size; then only their reasons."},

    {NAME("io", "turn_messages"), NUMBER("", 1, 100000), .initial = "64", AT(turn_messages),
     .meaning = "Messages taken from one endpoint before others have their turn."},
    {NAME("io", "turn_bytes"), NUMBER("B", KIB(1), GIB(1)), .initial = "4 MiB", AT(turn_bytes),
     .meaning = "Bytes taken from one endpoint before others have their turn."},
    {NAME("io", "zmq_threads"), NUMBER("", 1, 16), .initial = "1", AT(io_threads),
     .meaning = "Network threads; one carries about a gigabyte a second."},
    {NAME("io", "max_connections"), NUMBER("", 8, 1000000), .initial = "4096", AT(max_connections),
     .meaning = "Most connections at once; the process limits its file descriptors to these and a reserve."},
};
/* clang-format on */
#define ROWS (sizeof rows / sizeof *rows)

const struct gw_setting *gw_setting_row(size_t i)
{
    return i < ROWS ? &rows[i] : NULL;
}

const struct gw_setting *gw_setting_find(const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

int64_t gw_setting_number(const struct gw_setting *row, const struct gw_settings *s)
{
    const char *field = (const char *)s + row->offset;
    uint32_t narrow;
    int64_t wide;
    if (row->size == sizeof narrow) {
        memcpy(&narrow, field, sizeof narrow);
        return narrow / row->scale;
    }
    memcpy(&wide, field, sizeof wide);
    return wide / row->scale;
}

void gw_setting_bounds(const struct gw_setting *row, struct gw_buf *out)
{
    switch (row->kind) {
    case GW_SETTING_NUMBER:
        gw_quantity_write(row->least, row->unit, out);
        gw_buf_str(out, " .. ");
        gw_quantity_write(row->most, row->unit, out);
        return;
    case GW_SETTING_BOOL:
        gw_buf_str(out, "true or false");
        return;
    case GW_SETTING_WORD:
        gw_buf_printf(out, "one of: %s", row->words);
        return;
    case GW_SETTING_TEXT:
        gw_buf_printf(out, "text, at most %zu bytes", row->size - 1);
        return;
    case GW_SETTING_PATH:
        gw_buf_printf(out, "path, at most %zu bytes", row->size - 1);
        return;
    }
}
