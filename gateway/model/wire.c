/* wire.c - protocol version 1: tables of keys, one reader and one writer for all of them.
 */
#include <msgpack/pack.h>
#include <stdio.h>
#include <karvan/version.h>
#include "base/utf8.h"
#include "model/walk.h"
#include "model/wire.h"

/* ---- operations and names ---- */

static const char *const op_names[] = {"NONE",
#define ROW(name) #name,
                                       GW_OPS(ROW)
#undef ROW
};
#define OP_COUNT (sizeof op_names / sizeof *op_names)

const char *gw_op_name(enum gw_op op)
{
    return (unsigned)op < OP_COUNT ? op_names[op] : op_names[GW_OP_NONE];
}

static enum gw_op op_of(struct gw_slice word)
{
    for (unsigned i = GW_OP_NONE + 1; i < OP_COUNT; i++)
        if (gw_slice_is(word, op_names[i]))
            return (enum gw_op)i;
    return GW_OP_NONE;
}

bool gw_name_valid(struct gw_slice name)
{
    if (!name.len || name.len > GW_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' &&
            c != '.')
            return false;
    }
    return true;
}

/* ---- maps as tables ---- */

enum type {
    U32,  /* uint32_t, also an enum */
    U64,  /* uint64_t */
    I64,  /* int64_t */
    BOOL, /* bool */
    TEXT, /* struct gw_slice, UTF-8 */
    RAW   /* struct gw_slice, the bytes of any one value */
};

struct key {
    const char *name;
    uint8_t len;
    uint8_t type;
    bool always; /* written even when it is 0 */
    uint16_t offset;
    uint32_t ops; /* header only: GW_OP_BIT of each operation that may carry it */
};

struct table {
    const struct key *keys;
    unsigned count; /* at most 64 */
};

static const char *const type_names[] = {"uint", "uint", "int", "bool", "str", "any"};

static bool text(struct gw_walk *w, struct gw_slice *out)
{
    size_t bad;
    struct gw_walk before = *w;
    if (gw_walk_str(w, out) && gw_utf8_valid(*out, &bad))
        return true;
    *w = before;
    return false;
}

static bool small(struct gw_walk *w, uint32_t *out)
{
    struct gw_walk before = *w;
    uint64_t v;
    if (gw_walk_uint(w, &v) && v <= UINT32_MAX) {
        *out = (uint32_t)v;
        return true;
    }
    *w = before;
    return false;
}

static bool read_value(struct gw_walk *w, const struct key *k, void *out)
{
    void *at = (char *)out + k->offset;
    switch ((enum type)k->type) {
    case U32:
        return small(w, at);
    case U64:
        return gw_walk_uint(w, at);
    case I64:
        return gw_walk_int(w, at);
    case BOOL:
        return gw_walk_bool(w, at);
    case TEXT:
        return text(w, at);
    case RAW:
        return gw_walk_skip(w, at);
    }
    return false;
}

/* Row of the key, or -1.  Writers keep the table's order, so the row after the last one
 * is the first guess. */
static int find(const struct table *t, struct gw_slice name, unsigned guess)
{
    for (unsigned i = 0; i < t->count; i++) {
        unsigned row = (guess + i) % t->count;
        const struct key *k = &t->keys[row];
        if (k->len == name.len && memcmp(k->name, name.at, name.len) == 0)
            return (int)row;
    }
    return -1;
}

static bool fault_at(struct gw_fault *f, size_t at, const char *rule, const char *field)
{
    (void)gw_fail(f, GW_HEADER, at, rule);
    if (f)
        snprintf(f->field, sizeof f->field, "%s", field);
    return false;
}

/* One map into the struct the table describes; `seen` gets a bit per row. */
static bool read_map(struct gw_walk *w, const struct table *t, void *out, uint64_t *seen,
                     struct gw_fault *fault)
{
    uint32_t pairs;
    unsigned guess = 0;
    *seen = 0;
    if (!gw_walk_map(w, &pairs))
        return fault_at(fault, gw_walk_offset(w), "not a map", "");
    while (pairs--) {
        struct gw_slice name;
        if (!gw_walk_str(w, &name))
            return fault_at(fault, gw_walk_offset(w), "a key is not a string", "");
        int row = find(t, name, guess);
        if (row < 0) {
            if (!gw_walk_skip(w, NULL))
                return fault_at(fault, gw_walk_offset(w), "a value is cut short", "");
            continue;
        }
        if (*seen & UINT64_C(1) << row)
            return fault_at(fault, gw_walk_offset(w), "a key is there twice",
                            t->keys[row].name);
        if (!read_value(w, &t->keys[row], out))
            return fault_at(fault, gw_walk_offset(w), "a value has the wrong type",
                            t->keys[row].name);
        *seen |= UINT64_C(1) << row;
        guess = (unsigned)row + 1;
    }
    return true;
}

static bool present(const struct key *k, const void *at)
{
    static const size_t sizes[] = {sizeof(uint32_t), sizeof(uint64_t), sizeof(int64_t),
                                   sizeof(bool)};
    static const uint8_t zero[sizeof(uint64_t)];
    if (k->type == TEXT || k->type == RAW)
        return ((const struct gw_slice *)at)->len > 0;
    return memcmp(at, zero, sizes[k->type]) != 0;
}

static void write_text(msgpack_packer *p, const void *at, size_t len)
{
    msgpack_pack_str(p, len);
    msgpack_pack_str_body(p, at, len);
}

static void write_value(msgpack_packer *p, const struct key *k, const void *at)
{
    const struct gw_slice *s = at;
    switch ((enum type)k->type) {
    case U32:
        msgpack_pack_uint32(p, *(const uint32_t *)at);
        break;
    case U64:
        msgpack_pack_uint64(p, *(const uint64_t *)at);
        break;
    case I64:
        msgpack_pack_int64(p, *(const int64_t *)at);
        break;
    case BOOL:
        if (*(const bool *)at)
            msgpack_pack_true(p);
        else
            msgpack_pack_false(p);
        break;
    case TEXT:
        write_text(p, s->at, s->len);
        break;
    case RAW:
        gw_buf_slice(p->data, *s);
        break;
    }
}

static void write_map(const struct table *t, const void *in, struct gw_buf *out)
{
    msgpack_packer p;
    uint64_t want = 0;
    uint32_t n = 0;
    msgpack_packer_init(&p, out, gw_walk_sink);
    for (unsigned i = 0; i < t->count; i++)
        if (t->keys[i].always ||
            present(&t->keys[i], (const char *)in + t->keys[i].offset)) {
            want |= UINT64_C(1) << i;
            n++;
        }
    msgpack_pack_map(&p, n);
    for (unsigned i = 0; i < t->count; i++)
        if (want & UINT64_C(1) << i) {
            write_text(&p, t->keys[i].name, t->keys[i].len);
            write_value(&p, &t->keys[i], (const char *)in + t->keys[i].offset);
        }
}

/* ---- the header ---- */

#define O(op)  GW_OP_BIT(GW_OP_##op)
#define ANY_OP (O(ERROR) * 2 - 2)
#define KEY(field, type, ops)                                                            \
    {                                                                                    \
#field, sizeof #field - 1, type, false, offsetof(struct gw_header, field), ops   \
    }

static const struct key header_keys[] = {
    {"v", 1, U32, true, offsetof(struct gw_header, v), ANY_OP},
    {"op", 2, TEXT, true, offsetof(struct gw_header, op_text), ANY_OP},
    KEY(adapter, TEXT, O(HELLO)),
    KEY(operator, TEXT, O(WELCOME)),
    KEY(software, TEXT, O(HELLO) | O(WELCOME)),
    KEY(name, TEXT,
        O(WELCOME) | O(SUBSCRIBE) | O(SUBSCRIBED) | O(UNSUBSCRIBE) | O(EVENTS) |
            O(CREDIT) | O(ERROR)),
    KEY(v_least, U64, O(HELLO) | O(REFUSE)),
    KEY(v_most, U64, O(HELLO) | O(REFUSE)),
    KEY(batch, U64, O(PUBLISH) | O(ACK) | O(WELCOME) | O(ERROR)),
    KEY(count, U64, O(PUBLISH) | O(EVENTS)),
    KEY(flags, U64, O(PUBLISH) | O(UNSUBSCRIBE) | O(EVENTS)),
    KEY(credit_batch, U64, O(WELCOME) | O(ACK)),
    KEY(credit_events, U64, O(CREDIT)),
    KEY(credit_bytes, U64, O(WELCOME) | O(ACK) | O(CREDIT)),
    KEY(ack, U64, O(CREDIT)),
    KEY(from, U64, O(SUBSCRIBED) | O(EVENTS) | O(RECEIPT) | O(ERROR)),
    KEY(to, U64, O(SUBSCRIBED) | O(EVENTS)),
    KEY(oldest, U64, O(SUBSCRIBED)),
    KEY(narrowed, TEXT, O(SUBSCRIBED)),
    KEY(nonce, U64, O(PING) | O(PONG)),
    KEY(session_ms, U64, O(WELCOME)),
    KEY(max_bytes, U64, O(WELCOME)),
    KEY(max_events, U64, O(WELCOME)),
    KEY(durable, BOOL, O(WELCOME)),
    KEY(time, I64, O(WELCOME) | O(PONG)),
    KEY(code, U64, O(WELCOME) | O(REFUSE) | O(ACK) | O(BYE) | O(ERROR)),
    KEY(rule, TEXT, O(REFUSE) | O(ERROR)),
    KEY(text, TEXT, O(WELCOME) | O(REFUSE) | O(ACK) | O(BYE) | O(ERROR)),
    KEY(retry_ms, U64, O(REFUSE) | O(BYE) | O(ERROR)),
};
#undef KEY
#undef O

#define HEADER_KEYS (sizeof header_keys / sizeof *header_keys)
#define SEEN_V      (UINT64_C(1) << 0)
#define SEEN_OP     (UINT64_C(1) << 1)

static const struct table header_table = {header_keys, HEADER_KEYS};

struct gw_header_key gw_header_key(unsigned row)
{
    struct gw_header_key none = {NULL, NULL, 0};
    if (row >= HEADER_KEYS)
        return none;
    const struct key *k = &header_keys[row];
    return (struct gw_header_key){k->name, type_names[k->type], k->ops};
}

enum gw_error gw_header_write(const struct gw_header *h, struct gw_buf *out)
{
    size_t before = out->len;
    struct gw_header full = *h;
    enum gw_error e;
    if (!full.v)
        full.v = KARVAN_PROTOCOL;
    if (full.op != GW_OP_NONE)
        full.op_text = gw_slice_str(gw_op_name(full.op));
    write_map(&header_table, &full, out);
    e = gw_buf_status(out);
    if (!e && out->len - before > GW_HEADER_MAX)
        e = GW_RANGE;
    if (e)
        out->len = before;
    return e;
}

enum gw_error gw_header_read(struct gw_slice in, struct gw_header *out,
                             struct gw_fault *fault)
{
    struct gw_walk w = gw_walk(in);
    uint64_t seen;
    memset(out, 0, sizeof *out);
    if (in.len > GW_HEADER_MAX)
        return gw_fail(fault, GW_HEADER, GW_HEADER_MAX, "header too long");
    if (!read_map(&w, &header_table, out, &seen, fault))
        return GW_HEADER;
    if (gw_walk_left(&w))
        return gw_fail(fault, GW_HEADER, gw_walk_offset(&w),
                       "bytes behind the header map");
    if (!(seen & SEEN_V))
        return gw_fail(fault, GW_HEADER, 0, "v is missing");
    if (!(seen & SEEN_OP))
        return gw_fail(fault, GW_HEADER, 0, "op is missing");
    out->op = op_of(out->op_text);
    return GW_OK;
}

/* ---- the body of ACK ---- */

#define KEY(type, owner, field, name, always)                                            \
    {                                                                                    \
        name, sizeof name - 1, type, always, offsetof(struct owner, field), 0            \
    }

static const struct key batch_keys[] = {
    KEY(U64, gw_ack_batch, batch, "batch", true),
    KEY(U64, gw_ack_batch, accepted, "accepted", false),
    KEY(U64, gw_ack_batch, duplicates, "duplicates", false),
    KEY(U64, gw_ack_batch, refused, "refused", false),
    KEY(U64, gw_ack_batch, first, "first", false),
    KEY(U64, gw_ack_batch, last, "last", false),
    KEY(RAW, gw_ack_batch, events, "events", false),
};
static const struct table batch_table = {batch_keys,
                                         sizeof batch_keys / sizeof *batch_keys};

_Static_assert(sizeof(enum gw_error) == sizeof(uint32_t),
               "a code is read and written as U32");
static const struct key event_keys[] = {
    KEY(U32, gw_ack_event, index, "i", true),
    KEY(U32, gw_ack_event, code, "code", false),
    KEY(U64, gw_ack_event, seq, "seq", false),
    KEY(TEXT, gw_ack_event, field, "field", false),
    KEY(U64, gw_ack_event, at, "at", false),
    KEY(TEXT, gw_ack_event, rule, "rule", false),
};
static const struct table event_table = {event_keys,
                                         sizeof event_keys / sizeof *event_keys};
#undef KEY

enum gw_error gw_ack_write(const struct gw_ack_batch *a, struct gw_buf *out)
{
    write_map(&batch_table, a, out);
    return gw_buf_status(out);
}

enum gw_error gw_ack_events_begin(uint32_t count, struct gw_buf *out)
{
    msgpack_packer p;
    msgpack_packer_init(&p, out, gw_walk_sink);
    msgpack_pack_array(&p, count);
    return gw_buf_status(out);
}

enum gw_error gw_ack_event_write(const struct gw_ack_event *e, struct gw_buf *out)
{
    write_map(&event_table, e, out);
    return gw_buf_status(out);
}

/* The next map of `in` into a zeroed struct; `in` is shortened on success. */
static bool next_map(struct gw_slice *in, const struct table *t, void *out)
{
    struct gw_walk w = gw_walk(*in);
    uint64_t seen;
    if (!read_map(&w, t, out, &seen, NULL) || !(seen & 1)) /* row 0 says which it is */
        return false;
    *in = gw_slice(w.at, gw_walk_left(&w));
    return true;
}

enum gw_error gw_ack_read(struct gw_slice *in, struct gw_ack_batch *out)
{
    memset(out, 0, sizeof *out);
    return next_map(in, &batch_table, out) ? GW_OK : GW_BODY;
}

bool gw_ack_event_next(struct gw_slice *in, struct gw_ack_event *out)
{
    struct gw_walk w = gw_walk(*in);
    uint32_t count;
    memset(out, 0, sizeof *out);
    if (gw_walk_array(&w, &count)) /* the array's head: the first call */
        *in = gw_slice(w.at, gw_walk_left(&w));
    return next_map(in, &event_table, out);
}
