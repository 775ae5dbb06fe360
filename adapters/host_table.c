/* host_table.c - every setting of the adapter host, one row each. */
#include "adapters/host_table.h"

#define KIB(n)  ((int64_t)(n) << 10)
#define MIB(n)  ((int64_t)(n) << 20)
#define TIB(n)  ((int64_t)(n) << 40)
#define DAY_MS  86400000LL
#define SOURCES "folder http mqtt tcp udp serial"
#define SINKS "folder http mqtt tcp udp serial"

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

    {IN(ADAPTER, live), .key = "live", LIKE(TERMS), .initial = "[]", .example = "[position, condition]",
     .words = "position condition alert",
     .meaning = "Events of these types are sent as they come and not kept: without a session they are "
                "dropped."},

    {IN(SOURCE, source.kind), .key = "kind", LIKE(WORD), .initial = "folder", .words = SOURCES,
     .meaning = "How messages come in."},
    {IN(SOURCE, source.folder), .key = "folder", LIKE(PATH), .example = "codeco",
     .meaning = "Files come in at inbox/ below it and end in done/ or failed/; of other kinds, what is "
                "refused ends in failed/."},
    {IN(SOURCE, source.reply_folder), .key = "reply_folder", LIKE(PATH), .initial = "", .example = "codeco/replies",
     .meaning = "Where the format's answers to the sender are put (EDIFACT: CONTRL, APERAK), for the other system "
                "to take; empty = none."},
    {IN(SOURCE, source.settle_ms), .key = "settle_ms", NUMBER("ms", 0, 3600000), .initial = "500", .kinds = "folder",
     .meaning = "A file is whole when it has not changed for this long; 0 if the sender always renames."},
    {IN(SOURCE, source.rescan_ms), .key = "rescan_ms", NUMBER("ms", 100, 3600000), .initial = "5000", .kinds = "folder",
     .meaning = "Look into inbox/ this often, though nothing was reported: network folders report nothing."},
    {IN(SOURCE, source.net.listen), .key = "listen", LIKE(TEXT), .initial = "", .example = "127.0.0.1:8080",
     .kinds = "http tcp udp", .needed = "http udp",
     .meaning = "Address and port to listen at; * = every address of this machine."},
    {IN(SOURCE, source.net.connect), .key = "connect", LIKE(TEXT), .initial = "", .example = "broker.example:1883",
     .kinds = "mqtt tcp", .needed = "mqtt",
     .meaning = "Host and port: of the MQTT broker, or where the lines come from (tcp: this or listen)."},
    {IN(SOURCE, source.net.path), .key = "path", LIKE(TEXT), .initial = "/", .example = "/events",
     .kinds = "http",
     .meaning = "Path of the webhook."},
    {IN(SOURCE, source.net.token_file), .key = "token_file", LIKE(PATH), .initial = "", .example = "keys/webhook.token",
     .kinds = "http", .needed = "http",
     .meaning = "File whose first line is the token that senders must show (Authorization: Bearer)."},
    {IN(SOURCE, source.net.tls_cert), .key = "tls_cert", LIKE(PATH), .initial = "", .example = "keys/webhook.crt",
     .kinds = "http",
     .meaning = "Certificate chain, PEM; empty = plain HTTP."},
    {IN(SOURCE, source.net.tls_key), .key = "tls_key", LIKE(PATH), .initial = "", .example = "keys/webhook.key",
     .kinds = "http",
     .meaning = "Its private key, PEM."},
    {IN(SOURCE, source.net.max_bytes), .key = "max_bytes", NUMBER("B", 1, MIB(256)), .initial = "16 MiB",
     .kinds = "http mqtt",
     .meaning = "Largest message that is read."},
    {IN(SOURCE, source.net.ca_file), .key = "ca_file", LIKE(PATH), .initial = "", .example = "keys/ca.crt",
     .kinds = "mqtt",
     .meaning = "Certificates to check the other side against, PEM; empty = no TLS."},
    {IN(SOURCE, source.net.topic), .key = "topic", LIKE(TEXT), .initial = "", .example = "port/gate/#",
     .kinds = "mqtt", .needed = "mqtt",
     .meaning = "Topic to subscribe to; + and # may be used."},
    {IN(SOURCE, source.net.client_id), .key = "client_id", LIKE(TEXT), .initial = "",
     .kinds = "mqtt",
     .meaning = "Our name at the broker, which keeps messages for it; empty = the adapter's name."},
    {IN(SOURCE, source.net.username), .key = "username", LIKE(TEXT), .initial = "",
     .kinds = "mqtt",
     .meaning = "Name to log in with; empty = none."},
    {IN(SOURCE, source.net.password_file), .key = "password_file", LIKE(PATH), .initial = "",
     .kinds = "mqtt",
     .meaning = "File whose first line is the password."},
    {IN(SOURCE, source.net.device), .key = "device", LIKE(PATH), .initial = "", .example = "/dev/ttyUSB0",
     .kinds = "serial", .needed = "serial",
     .meaning = "Device of the serial line."},
    {IN(SOURCE, source.net.baud), .key = "baud", NUMBER("", 300, 4000000), .initial = "38400",
     .kinds = "serial",
     .meaning = "Its speed: 4800 9600 19200 38400 57600 115200 230400 ..."},
    {IN(SOURCE, source.net.line_bytes), .key = "line_bytes", NUMBER("B", 16, MIB(1)), .initial = "4 KiB",
     .kinds = "tcp udp serial",
     .meaning = "Longest line; the rest of a longer one is dropped and counted."},
    {IN(SOURCE, source.net.batch_lines), .key = "batch_lines", NUMBER("", 1, 10000), .initial = "100",
     .kinds = "tcp udp serial",
     .meaning = "Lines are decoded this many at a time ..."},
    {IN(SOURCE, source.net.batch_ms), .key = "batch_ms", NUMBER("ms", 1, 60000), .initial = "1000",
     .kinds = "tcp udp serial",
     .meaning = "... or this long after the first one came."},
    {IN(SOURCE, source.net.failed_most), .key = "failed_most", NUMBER("", 0, 1000000), .initial = "10000",
     .kinds = "http mqtt tcp udp serial",
     .meaning = "Keep at most so many files of refused messages in failed/."},

    {IN(SINK, sink.kind), .key = "kind", LIKE(WORD), .initial = "folder", .words = SINKS,
     .meaning = "How messages go out."},
    {IN(SINK, sink.folder), .key = "folder", LIKE(PATH), .example = "iftsta",
     .meaning = "Files come out at outbox/ below it; what the format cannot carry, at unsent/; what the "
                "receiver never takes, at failed/."},
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
    {IN(SINK, sink.net.connect), .key = "connect", LIKE(TEXT), .initial = "", .example = "broker.example:1883",
     .kinds = "mqtt tcp udp", .needed = "mqtt tcp udp",
     .meaning = "Host and port: of the MQTT broker, or where the lines go."},
    {IN(SINK, sink.net.url), .key = "url", LIKE(TEXT), .initial = "", .example = "https://partner.example/events",
     .kinds = "http", .needed = "http",
     .meaning = "Where each message is sent with POST."},
    {IN(SINK, sink.net.token_file), .key = "token_file", LIKE(PATH), .initial = "", .example = "keys/partner.token",
     .kinds = "http",
     .meaning = "File whose first line is the token to show (Authorization: Bearer); empty = none."},
    {IN(SINK, sink.net.content_type), .key = "content_type", LIKE(TEXT), .initial = "application/octet-stream", .example = "application/json",
     .kinds = "http",
     .meaning = "What the messages are called."},
    {IN(SINK, sink.net.timeout_ms), .key = "timeout_ms", NUMBER("ms", 100, 600000), .initial = "30000",
     .kinds = "http mqtt tcp",
     .meaning = "Give up a delivery after this long; it is tried again."},
    {IN(SINK, sink.net.ca_file), .key = "ca_file", LIKE(PATH), .initial = "", .example = "keys/ca.crt",
     .kinds = "http mqtt",
     .meaning = "Certificates to check the other side against, PEM; empty = the system's for https, no TLS for mqtt."},
    {IN(SINK, sink.net.topic), .key = "topic", LIKE(TEXT), .initial = "", .example = "port/gate",
     .kinds = "mqtt", .needed = "mqtt",
     .meaning = "Topic to publish under."},
    {IN(SINK, sink.net.client_id), .key = "client_id", LIKE(TEXT), .initial = "",
     .kinds = "mqtt",
     .meaning = "Our name at the broker; empty = the adapter's name and -out."},
    {IN(SINK, sink.net.username), .key = "username", LIKE(TEXT), .initial = "",
     .kinds = "mqtt",
     .meaning = "Name to log in with; empty = none."},
    {IN(SINK, sink.net.password_file), .key = "password_file", LIKE(PATH), .initial = "",
     .kinds = "mqtt",
     .meaning = "File whose first line is the password."},
    {IN(SINK, sink.net.device), .key = "device", LIKE(PATH), .initial = "", .example = "/dev/ttyUSB0",
     .kinds = "serial", .needed = "serial",
     .meaning = "Device of the serial line."},
    {IN(SINK, sink.net.baud), .key = "baud", NUMBER("", 300, 4000000), .initial = "38400",
     .kinds = "serial",
     .meaning = "Its speed: 4800 9600 19200 38400 57600 115200 230400 ..."},

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
    {IN(OPTIONS, options.layout), .key = "layout", LIKE(PATH), .initial = "", .example = "port.layout",
     .meaning = "What the columns of a table mean, for format csv (adapters/csv/README.md); empty = its header says so."},
    {.key = NULL},
};
/* clang-format on */

const char *gw_section_key(enum gw_row_section s)
{
    static const char *const keys[GW_SECTIONS] = {"",     "",      "source",
                                                  "sink", "spool", "options"};
    return keys[s];
}
