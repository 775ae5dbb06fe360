/* host_table.c - every setting of the adapter host, one row each. */
#include "adapters/host_table.h"

#define KIB(n) ((int64_t)(n) << 10)
#define MIB(n) ((int64_t)(n) << 20)
#define TIB(n) ((int64_t)(n) << 40)
#define DAY_MS 86400000LL

#define HOST(field)                                                                      \
    .section = GW_IN_HOST, .offset = offsetof(struct gw_host_config, field),             \
    .size = sizeof(((struct gw_host_config *)0)->field)
#define IN(where, field)                                                                 \
    .section = GW_IN_##where, .offset = offsetof(struct gw_adapter_config, field),       \
    .size = sizeof(((struct gw_adapter_config *)0)->field)
#define NUMBER(u, low, high) .kind = GW_ROW_NUMBER, .unit = u, .least = low, .most = high
#define LIKE(k)              .kind = GW_ROW_##k, .unit = ""

/* clang-format off */
const struct gw_row gw_rows[] = {
    {HOST(log_level), .key = "log_level", LIKE(WORD), .initial = "info",
     .words = "trace debug info warn error",
     .meaning = "Least level that is written to stderr."},
    {HOST(status_socket), .key = "status_socket", LIKE(PATH), .initial = "", .example = "adapter.sock",
     .meaning = "Socket that `karvan-adapter status --socket PATH` asks; empty = none."},
    {HOST(retry_ms), .key = "retry_ms", NUMBER("ms", 10, 3600000), .initial = "1000",
     .meaning = "An adapter that failed is started again after this pause, which doubles each time ..."},
    {HOST(retry_max_ms), .key = "retry_max_ms", NUMBER("ms", 10, DAY_MS), .initial = "60000",
     .meaning = "... up to this one."},
    {HOST(drain_ms), .key = "drain_ms", NUMBER("ms", 0, 600000), .initial = "4000",
     .meaning = "After SIGTERM, wait at most this long for what is under way."},

    {IN(ADAPTER, name), .key = "name", LIKE(NAME), .example = "codeco-1",
     .meaning = "The adapter's name at the gateway, where its batches are numbered under it: "
                "never give it to another one."},
    {IN(ADAPTER, format), .key = "format", LIKE(TEXT), .example = "edifact",
     .meaning = "What the files hold; `karvan-adapter list` shows the formats."},
    {IN(ADAPTER, endpoint), .key = "endpoint", LIKE(TEXT), .example = "tcp://gateway.example:7400",
     .meaning = "The gateway's address."},
    {IN(ADAPTER, server_key), .key = "server_key", LIKE(TEXT), .initial = "", .example = "keys/gateway.pub",
     .meaning = "The gateway's public key, 40 characters, or a file with its line public-key = \"...\"; "
                "empty = unencrypted, only on this machine."},
    {IN(ADAPTER, keys), .key = "keys", LIKE(PATH), .initial = "", .example = "keys/company.key",
     .meaning = "This company's own pair, made with `karvan keygen FILE`; nobody else may read it."},

    {IN(SOURCE, source.kind), .key = "kind", LIKE(WORD), .initial = "folder", .words = "folder",
     .meaning = "How messages come in."},
    {IN(SOURCE, source.folder), .key = "folder", LIKE(PATH), .example = "codeco",
     .meaning = "Files come in at inbox/ below it and end in done/ or failed/; all are made."},
    {IN(SOURCE, source.settle_ms), .key = "settle_ms", NUMBER("ms", 0, 3600000), .initial = "500",
     .meaning = "A file is whole when it has not changed for this long; 0 if the sender always renames."},
    {IN(SOURCE, source.rescan_ms), .key = "rescan_ms", NUMBER("ms", 100, 3600000), .initial = "5000",
     .meaning = "Look into inbox/ this often, though nothing was reported: network folders report nothing."},

    {IN(SINK, sink.kind), .key = "kind", LIKE(WORD), .initial = "folder", .words = "folder",
     .meaning = "How messages go out."},
    {IN(SINK, sink.folder), .key = "folder", LIKE(PATH), .example = "iftsta",
     .meaning = "Files come out at outbox/ below it; what the format cannot carry, at unsent/."},
    {IN(SINK, sink.subscription), .key = "subscription", LIKE(NAME), .example = "iftsta-out",
     .meaning = "Name of the subscription; the gateway keeps our place in the journal under it."},
    {IN(SINK, sink.start), .key = "start", LIKE(TEXT), .initial = "latest",
     .meaning = "Where to begin the first time: earliest, latest, seq:17 or time:2026-11-24T00:00:00Z."},
    {IN(SINK, sink.filter), .key = "filter", LIKE(TERMS), .initial = "[]", .example = "[\"type=load,discharge\"]",
     .meaning = "Terms that must all hold: type mode operator location country equipment consignment."},
    {IN(SINK, sink.every_events), .key = "every_events", NUMBER("", 1, 50000), .initial = "500",
     .meaning = "Write a file for this many events ..."},
    {IN(SINK, sink.every_ms), .key = "every_ms", NUMBER("ms", 0, DAY_MS), .initial = "5000",
     .meaning = "... or this long after the first one came."},
    {IN(SINK, sink.retry_ms), .key = "retry_ms", NUMBER("ms", 10, 3600000), .initial = "1000",
     .meaning = "What could not be delivered is tried again after this pause, which doubles each time ..."},
    {IN(SINK, sink.retry_max_ms), .key = "retry_max_ms", NUMBER("ms", 10, DAY_MS), .initial = "60000",
     .meaning = "... up to this one."},
    {IN(SINK, sink.suffix), .key = "suffix", LIKE(TEXT), .initial = "", .example = ".edi",
     .meaning = "End of the files' names; empty = a dot and the format."},

    {IN(SPOOL, spool.dir), .key = "dir", LIKE(PATH), .initial = "", .example = "codeco/spool",
     .meaning = "Where events wait for the gateway, on a local disk; empty = spool/ below source.folder."},
    {IN(SPOOL, spool.max_bytes), .key = "max_bytes", NUMBER("B", KIB(64), TIB(16)), .initial = "1 GiB",
     .meaning = "When so much waits, files stay in inbox/."},
    {IN(SPOOL, spool.max_days), .key = "max_days", NUMBER("d", 1, 3650), .initial = "30",
     .meaning = "When the oldest has waited so long, files stay in inbox/.  Nothing is ever dropped."},
    {IN(SPOOL, spool.batch_events), .key = "batch_events", NUMBER("", 1, 4096), .initial = "256",
     .meaning = "Most events in one batch; at most the gateway's session.batch_events."},
    {IN(SPOOL, spool.batch_bytes), .key = "batch_bytes", NUMBER("B", KIB(1), MIB(2)), .initial = "256 KiB",
     .meaning = "Most bytes in one batch; at most the gateway's session.message_bytes."},

    {IN(OPTIONS, options.zone), .key = "zone", LIKE(TEXT), .initial = "", .example = "Asia/Aqtau",
     .meaning = "IANA zone of times that carry none and whose place is unknown; empty = UTC."},
    {IN(OPTIONS, options.sender), .key = "sender", LIKE(TEXT), .initial = "",
     .meaning = "Identity to write as sender, and of messages without envelope."},
    {IN(OPTIONS, options.recipient), .key = "recipient", LIKE(TEXT), .initial = "",
     .meaning = "Identity to write as recipient."},
    {IN(OPTIONS, options.accept_test), .key = "accept_test", LIKE(BOOL), .initial = "false",
     .meaning = "Messages flagged as test become events too."},
    {IN(OPTIONS, options.places), .key = "places", LIKE(PATH), .initial = "", .example = "../places.csv",
     .meaning = "The place table; empty = none, then times without offset are taken in options.zone."},
    {.key = NULL},
};
/* clang-format on */

const char *gw_section_key(enum gw_row_section s)
{
    static const char *const keys[GW_SECTIONS] = {"",     "",      "source",
                                                  "sink", "spool", "options"};
    return keys[s];
}
