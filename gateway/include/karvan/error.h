/* error.h - every outcome of every function, one list: number, text, remedy.
 *
 * 0 is success, so `if (e)` means trouble.  Negative numbers are the environment's or the
 * caller's trouble and never leave the process.  Positive numbers are the stable codes of the
 * wire protocol: a number, once released, keeps its meaning for ever (gateway/PROTOCOL.md). */
#ifndef KARVAN_ERROR_H
#define KARVAN_ERROR_H
#include <stddef.h>

#define GW_MUST_USE __attribute__((warn_unused_result))

/* X(NAME, number, "what happened", "what to do") */
#define GW_ERRORS(X)                                                                          \
    X(OK, 0, "success", "")                                                                   \
    /* the environment, inside one process */                                                 \
    X(NOMEM, -1, "out of memory", "raise the memory limit or lower the budgets")              \
    X(AGAIN, -2, "no room at the moment", "try again when there is credit or room")           \
    X(FORMAT, -3, "input does not follow its format", "correct the input")                    \
    X(RANGE, -4, "a value is outside its legal range", "correct the value")                   \
    X(IO, -5, "the operating system reported an error", "see the log for errno")              \
    X(NOT_FOUND, -6, "no such thing", "check the name")                                       \
    X(EXISTS, -7, "it is there already", "choose another name")                               \
    X(CORRUPT, -8, "stored data does not match its checksum", "run karvan journal verify")    \
    X(CLOSED, -9, "already closed", "open it again")                                          \
    X(USAGE, -10, "called in a way the manual does not allow", "read the header")             \
    /* 1xx session */                                                                         \
    X(VERSION, 101, "protocol version not spoken here", "use a version named in the refusal") \
    X(NO_SESSION, 102, "no session on this connection", "send HELLO first")                   \
    X(UNKNOWN_OPERATOR, 103, "the key belongs to no operator",                                \
      "have the gateway's keeper run: karvan operator add")                                   \
    X(BAD_NAME, 104, "name is empty, too long or has other characters than a-z 0-9 - _ .",    \
      "choose a name of 1 to 32 such characters")                                             \
    X(FENCED, 105, "a newer session of the same adapter took over",                           \
      "run one instance, or give each its own adapter name")                                  \
    X(NOT_ALLOWED, 106, "this operator may not use this endpoint",                            \
      "connect to the endpoint assigned to the operator")                                     \
    X(LEAVING, 107, "the gateway is shutting down", "reconnect after a pause")                \
    X(ROUTING_ID, 108, "a routing id was set by the peer", "do not set ZMQ_ROUTING_ID")       \
    X(TOO_MANY, 109, "too many sessions or subscriptions", "close some, or raise the setting")\
    X(SILENT, 110, "nothing heard within the session timeout", "send PING while idle")        \
    X(FLOOD, 111, "far more came than is of use",                                             \
      "send within credit and wait for answers; connect again after a pause")                 \
    /* 2xx message */                                                                         \
    X(FRAMES, 201, "a message is one or two frames", "send header and body")                  \
    X(HEADER, 202, "header is not a msgpack map with v and op", "see PROTOCOL.md, header")    \
    X(UNKNOWN_OP, 203, "no such operation", "see PROTOCOL.md, operations")                    \
    X(BODY, 204, "body cannot be read", "see PROTOCOL.md, body")                              \
    X(MESSAGE_SIZE, 205, "message exceeds the size limit", "send smaller batches")            \
    X(BATCH_GAP, 206, "batch number is not the next one", "resend from the number named")     \
    X(BATCH_REUSED, 207, "batch number was used for other content",                           \
      "continue after the last number in WELCOME")                                            \
    X(CREDIT, 208, "sent beyond the granted credit", "wait for the next grant")               \
    X(BATCH_COUNT, 209, "too many events in one batch", "send smaller batches")               \
    X(FIELD_MISSING, 210, "the header lacks a field this operation needs",                    \
      "see PROTOCOL.md, operations")                                                          \
    X(ATOMIC, 211, "another event of an all-or-nothing batch was refused",                    \
      "correct the refused event and send the batch under a new number")                      \
    /* 3xx event bytes: decode */                                                             \
    X(TRUNCATED, 301, "the bytes end inside a value", "send whole values")                    \
    X(NOT_A_MAP, 302, "an event is a msgpack map", "encode the event as a map")               \
    X(DEPTH, 303, "nested too deep", "flatten the event")                                     \
    X(ELEMENTS, 304, "too many values in one event", "split the event")                       \
    X(STRING_SIZE, 305, "a string is too long", "shorten it")                                 \
    X(UTF8, 306, "a string is not UTF-8", "encode text as UTF-8")                             \
    X(DUPLICATE_KEY, 307, "a map has the same key twice", "send each key once")               \
    X(VALUE_TYPE, 308, "bin and ext values are not part of the schema", "use str")            \
    X(EVENT_SIZE, 309, "the event is too large", "split the event")                           \
    X(KEY_TYPE, 310, "a map key is not a string", "use string keys")                          \
    X(NUMBER, 311, "a number is not finite or exceeds 63 bits", "send a finite number")       \
    X(COUNT, 312, "an announced count exceeds the bytes present", "correct the encoder")      \
    X(SYNTAX, 313, "a byte that msgpack (or JSON) does not know", "correct the encoder")      \
    /* 4xx event content: normalise and validate */                                           \
    X(MISSING, 401, "a required field is missing", "send the field or map it in the profile") \
    X(WRONG_TYPE, 402, "a field has the wrong type", "see the schema")                        \
    X(UNKNOWN_CODE, 403, "not a word of this field's list", "use a listed word or map it")    \
    X(OUT_OF_RANGE, 404, "a value is outside its bounds", "correct the value")                \
    X(TOO_LONG, 405, "a text or list exceeds its field's limit", "shorten it")                \
    X(TIME, 406, "the time is not plausible", "correct the sender's clock or zone")           \
    X(CHECK_DIGIT, 407, "a check digit is wrong", "correct the number")                       \
    X(PROFILE, 408, "the operator's profile cannot map a value", "extend the profile")        \
    X(ID_REUSED, 409, "the event id was used for another event", "give each event its own id")\
    X(SCHEMA, 410, "schema version not known", "send schema 1")                               \
    /* 5xx the gateway's own trouble: nothing is lost, send again later */                    \
    X(DISK_FULL, 501, "the journal has no room", "free space or extend journal.max_bytes")    \
    X(STORAGE, 502, "the journal cannot write", "see the gateway's log; restart it")          \
    X(BUSY, 503, "the gateway has no room for this batch", "send it again after a pause")     \
    /* 6xx subscriptions */                                                                   \
    X(FILTER, 601, "the filter cannot be read", "see PROTOCOL.md, filters")                   \
    X(FILTER_FIELD, 602, "no such filter field", "see PROTOCOL.md, filters")                  \
    X(START, 603, "the start position cannot be read", "use cursor, earliest, latest, seq or time") \
    X(NO_SUBSCRIPTION, 604, "no such subscription on this session", "SUBSCRIBE first")        \
    X(ACK_RANGE, 605, "acknowledged beyond what was delivered", "acknowledge delivered events") \
    X(NO_RECEIPT, 606, "no receipt for this event", "ask for an event of your own that is kept")

enum gw_error {
#define GW_ERROR_ENUM(name, number, text, remedy) GW_##name = number,
    GW_ERRORS(GW_ERROR_ENUM)
#undef GW_ERROR_ENUM
};

/* Static text, never NULL; "unknown error" for a number not in the list. */
const char *gw_error_text(enum gw_error e);
const char *gw_error_remedy(enum gw_error e);
/* "DISK_FULL"; for logs and --json. */
const char *gw_error_name(enum gw_error e);

/* Why an input was refused: for the sender and the records. */
struct gw_fault {
    enum gw_error code;
    size_t at;        /* byte offset into the input */
    const char *rule; /* static text: "checksum", "UNT segment count"; NULL = the code's text */
    char field[56];   /* dotted path, "equipment[0].id"; empty where no field is meant */
};

/* Fill `f` (which may be NULL) and hand the code through: `return gw_fail(f, GW_UTF8, at, 0);` */
enum gw_error gw_fail(struct gw_fault *f, enum gw_error code, size_t at, const char *rule);
#endif
