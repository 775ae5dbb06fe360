/* test_wire.c - the header frame and the body of ACK. */
#include <criterion/criterion.h>
#include <karvan/version.h>
#include "model/wire.h"

#define T(text) GW_LIT(text)
#define BYTES(bytes)                                                                     \
    {                                                                                    \
        (const uint8_t *)("" bytes), sizeof bytes - 1                                    \
    } /* in tables */

static struct gw_header full(void)
{
    return (struct gw_header){.v = 1,
                              .op = GW_OP_WELCOME,
                              .adapter = T("a"),
                              .operator= T("ktz"),

                              .software = T("karvan/0.1.0"),
                              .name = T("s"),
                              .v_least = 1,
                              .v_most = 2,
                              .batch = UINT64_MAX,
                              .count = 255,
                              .flags = 1,
                              .credit_batch = 65536,
                              .credit_events = 3,
                              .credit_bytes = UINT64_C(1) << 40,
                              .ack = 4,
                              .from = 5,
                              .to = 6,
                              .oldest = 7,
                              .narrowed = T("type=load"),
                              .nonce = 8,
                              .session_ms = 9,
                              .max_bytes = 10,
                              .max_events = 11,
                              .durable = true,
                              .time = INT64_MIN,
                              .code = 501,
                              .rule = T("r"),
                              .text = T("Қазақстан"),
                              .retry_ms = 12};
}

static void same(struct gw_slice a, struct gw_slice b, const char *what)
{
    cr_assert(gw_slice_eq(a, b), "%s: \"%.*s\" is not \"%.*s\"", what, GW_FMT(a),
              GW_FMT(b));
}

Test(wire, every_key_survives_a_round_trip)
{
    struct gw_header in = full(), out;
    struct gw_buf first, second;
    gw_buf_init(&first, 4096);
    gw_buf_init(&second, 4096);
    cr_assert_eq(gw_header_write(&in, &first), GW_OK);
    cr_assert_eq(gw_header_read(gw_buf_bytes(&first), &out, NULL), GW_OK);
    cr_assert_eq(out.op, GW_OP_WELCOME);
    cr_assert_eq(out.time, INT64_MIN);
    cr_assert_eq(out.batch, UINT64_MAX);
    cr_assert(out.durable);
    same(out.text, in.text, "text");
    cr_assert_eq(gw_header_write(&out, &second), GW_OK);
    same(gw_buf_bytes(&second), gw_buf_bytes(&first), "the second writing");
    /* every row of the table is in it */
    unsigned rows = 0;
    while (gw_header_key(rows).name)
        rows++;
    cr_assert_eq(first.at[0], 0xde); /* map 16 */
    cr_assert_eq(first.at[2], rows);
    gw_buf_deinit(&first);
    gw_buf_deinit(&second);
}

Test(wire, absent_keys_are_left_out_and_the_version_is_put_in)
{
    struct gw_header in = {.op = GW_OP_PING, .nonce = 7};
    struct gw_buf out;
    gw_buf_init(&out, 100);
    cr_assert_eq(gw_header_write(&in, &out), GW_OK);
    same(gw_buf_bytes(&out), GW_LIT("\x83\xa1v\x01\xa2op\xa4PING\xa5nonce\x07"), "PING");
    gw_buf_deinit(&out);
}

Test(wire, a_header_beyond_its_limit_is_not_written)
{
    char words[GW_HEADER_MAX];
    memset(words, 'x', sizeof words);
    struct gw_header in = {.op = GW_OP_ERROR, .text = gw_slice(words, sizeof words)};
    struct gw_buf out;
    gw_buf_init(&out, 4096);
    gw_buf_str(&out, "before");
    cr_assert_eq(gw_header_write(&in, &out), GW_RANGE);
    cr_assert_eq(out.len, 6);
    gw_buf_deinit(&out);
    gw_buf_init(&out, 8);
    cr_assert_eq(gw_header_write(&in, &out), GW_NOMEM);
    gw_buf_deinit(&out);
}

Test(wire, unknown_keys_and_operations_are_tolerated)
{
    struct gw_header h;
    struct gw_slice in = BYTES("\x84\xa1v\x01\xa6"
                               "future\x93\x01\x81\xa1x\xc0\xc4\x02zz"
                               "\xa2op\xa4"
                               "DOCK\xa5"
                               "batch\xcc\xc8");
    cr_assert_eq(gw_header_read(in, &h, NULL), GW_OK);
    cr_assert_eq(h.op, GW_OP_NONE);
    same(h.op_text, T("DOCK"), "op");
    cr_assert_eq(h.batch, 200);
}

Test(wire, every_integer_encoding_is_read)
{
    static const struct {
        const char *name;
        struct gw_slice in;
        uint64_t batch;
    } cases[] = {
        {"fix",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa5"
               "batch\x7f"),
         127},
        {"uint16",
         BYTES("\x83\xa1v\xcd\x00\x01\xa2op\xa3"
               "ACK\xa5"
               "batch\xcd\x12\x34"),
         0x1234},
        {"uint64",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa5"
               "batch\xcf\x00\x00\x00\x01\x00\x00\x00\x02"),
         UINT64_C(0x100000002)},
        {"int8",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa5"
               "batch\xd0\x05"),
         5},
        {"int32",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa5"
               "batch\xd2\x7f\xff\xff\xff"),
         INT32_MAX},
        {"str8 key, map16",
         BYTES("\xde\x00\x03\xa1v\x01\xa2op\xd9\x03"
               "ACK\xd9\x05"
               "batch\x01"),
         1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_header h;
        struct gw_fault f = {0};
        cr_assert_eq(gw_header_read(cases[i].in, &h, &f), GW_OK, "%s: %s", cases[i].name,
                     f.rule);
        cr_assert_eq(h.batch, cases[i].batch, "%s", cases[i].name);
    }
}

Test(wire, bad_headers_are_refused_with_place_and_rule)
{
    static const struct {
        const char *name;
        struct gw_slice in;
        size_t at;
        const char *field;
    } cases[] = {
        {"empty", {NULL, 0}, 0, ""},
        {"no map", BYTES("\x91\x01"), 0, ""},
        {"no v",
         BYTES("\x81\xa2op\xa3"
               "ACK"),
         0, ""},
        {"no op", BYTES("\x81\xa1v\x01"), 0, ""},
        {"v as text",
         BYTES("\x82\xa1v\xa1"
               "1\xa2op\xa3"
               "ACK"),
         3, "v"},
        {"v negative",
         BYTES("\x82\xa1v\xff\xa2op\xa3"
               "ACK"),
         3, "v"},
        {"v beyond 32 bits",
         BYTES("\x82\xa1v\xcf\x00\x00\x00\x01\x00\x00\x00\x00\xa2op\xa3"
               "ACK"),
         3, "v"},
        {"op as number", BYTES("\x82\xa1v\x01\xa2op\x05"), 7, "op"},
        {"text as bytes",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa4text\xc4\x01x"),
         16, "text"},
        {"text not UTF-8",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa4text\xa1\xff"),
         16, "text"},
        {"durable as number",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa7"
               "durable\x01"),
         19, "durable"},
        {"float",
         BYTES("\x82\xa1v\xca\x3f\x80\x00\x00\xa2op\xa3"
               "ACK"),
         3, "v"},
        {"key twice",
         BYTES("\x83\xa1v\x01\xa1v\x01\xa2op\xa3"
               "ACK"),
         6, "v"},
        {"key is a number",
         BYTES("\x82\xa1v\x01\x07\xa3"
               "ACK"),
         4, ""},
        {"cut in a string",
         BYTES("\x82\xa1v\x01\xa2op\xa3"
               "AC"),
         7, "op"},
        {"cut in an unknown value",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa1x\x92\x01"),
         13, ""},
        {"absurd map", BYTES("\xdf\xff\xff\xff\xff\xa1v\x01"), 0, ""},
        {"absurd string",
         BYTES("\x82\xa1v\x01\xa2op\xdb\xff\xff\xff\xff"
               "ACK"),
         7, "op"},
        {"absurd array inside",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa1x\xdd\xff\xff\xff\xff"),
         13, ""},
        {"reserved byte",
         BYTES("\x83\xa1v\x01\xa2op\xa3"
               "ACK\xa1x\xc1"),
         13, ""},
        {"bytes behind",
         BYTES("\x82\xa1v\x01\xa2op\xa3"
               "ACK\x00"),
         11, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_header h;
        struct gw_fault f = {0};
        cr_expect_eq(gw_header_read(cases[i].in, &h, &f), GW_HEADER, "%s", cases[i].name);
        cr_expect_eq(f.code, GW_HEADER, "%s", cases[i].name);
        cr_expect_eq(f.at, cases[i].at, "%s: at %zu", cases[i].name, f.at);
        cr_expect_str_eq(f.field, cases[i].field, "%s", cases[i].name);
        cr_expect_not_null(f.rule, "%s", cases[i].name);
    }
}

Test(wire, a_header_too_long_is_refused)
{
    uint8_t in[GW_HEADER_MAX + 1] = {0x82};
    struct gw_header h;
    struct gw_fault f = {0};
    cr_assert_eq(gw_header_read(gw_slice(in, sizeof in), &h, &f), GW_HEADER);
    cr_assert_eq(f.at, GW_HEADER_MAX);
}

Test(wire, names)
{
    static const struct {
        const char *name;
        bool valid;
    } cases[] = {{"a", true},       {"coarri-1", true},
                 {"a.b_c-9", true}, {"0123456789abcdef0123456789abcdef", true},
                 {"", false},       {"0123456789abcdef0123456789abcdefg", false},
                 {"A", false},      {"a b", false},
                 {"a/b", false},    {"ä", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(gw_name_valid(gw_slice_str(cases[i].name)), cases[i].valid, "\"%s\"",
                     cases[i].name);
    cr_expect_not(gw_name_valid(GW_LIT("a\0")));
}

static void write_ack(struct gw_buf *body)
{
    struct gw_buf events;
    gw_buf_init(&events, 1000);
    struct gw_ack_event refused = {.index = 0,
                                   .code = GW_MISSING,
                                   .at = 17,
                                   .field = T("id"),
                                   .rule = T("a required field is missing")};
    struct gw_ack_event duplicate = {.index = 300, .seq = UINT64_C(1) << 33};
    cr_assert_eq(gw_ack_events_begin(2, &events), GW_OK);
    cr_assert_eq(gw_ack_event_write(&refused, &events), GW_OK);
    cr_assert_eq(gw_ack_event_write(&duplicate, &events), GW_OK);
    struct gw_ack_batch a = {.batch = 9,
                             .accepted = 299,
                             .duplicates = 1,
                             .refused = 1,
                             .first = 1000,
                             .last = 1298,
                             .events = gw_buf_bytes(&events)};
    struct gw_ack_batch plain = {.batch = 10, .accepted = 1, .first = 1299, .last = 1299};
    cr_assert_eq(gw_ack_write(&a, body), GW_OK);
    cr_assert_eq(gw_ack_write(&plain, body), GW_OK);
    gw_buf_deinit(&events);
}

Test(wire, acks_survive_a_round_trip)
{
    struct gw_buf body;
    struct gw_ack_batch a;
    struct gw_ack_event e;
    gw_buf_init(&body, 1000);
    write_ack(&body);
    struct gw_slice in = gw_buf_bytes(&body);
    cr_assert_eq(gw_ack_read(&in, &a), GW_OK);
    cr_assert_eq(a.batch, 9);
    cr_assert_eq(a.accepted, 299);
    cr_assert_eq(a.last, 1298);
    cr_assert(gw_ack_event_next(&a.events, &e));
    cr_assert_eq(e.index, 0);
    cr_assert_eq(e.code, GW_MISSING);
    cr_assert_eq(e.at, 17);
    same(e.field, T("id"), "field");
    cr_assert(gw_ack_event_next(&a.events, &e));
    cr_assert_eq(e.index, 300);
    cr_assert_eq(e.code, GW_OK);
    cr_assert_eq(e.seq, UINT64_C(1) << 33);
    cr_assert_not(gw_ack_event_next(&a.events, &e));
    cr_assert_eq(gw_ack_read(&in, &a), GW_OK);
    cr_assert_eq(a.batch, 10);
    cr_assert_not(gw_ack_event_next(&a.events, &e));
    cr_assert_eq(in.len, 0);
    gw_buf_deinit(&body);
}

Test(wire, acks_cut_anywhere_are_refused)
{
    struct gw_buf body;
    gw_buf_init(&body, 1000);
    write_ack(&body);
    struct gw_slice whole = gw_buf_bytes(&body), first = whole;
    struct gw_ack_batch a;
    cr_assert_eq(gw_ack_read(&first, &a), GW_OK);
    size_t len = whole.len - first.len;
    for (size_t n = 0; n < len; n++) {
        struct gw_slice cut = gw_slice(whole.at, n);
        cr_expect_eq(gw_ack_read(&cut, &a), GW_BODY, "cut at %zu", n);
        cr_expect_eq(cut.len, n, "the input is left as it was");
    }
    gw_buf_deinit(&body);
}

Test(wire, an_ack_needs_its_number)
{
    struct gw_slice in = BYTES("\x81\xa8"
                               "accepted\x01");
    struct gw_ack_batch a;
    cr_assert_eq(gw_ack_read(&in, &a), GW_BODY);
}
