/* envelope.c - interchanges, groups and messages: UNB to UNZ, UNG to UNE, UNH to UNT.
 *
 * What is only inexact (counts, references, a missing UNB or UNZ) is a finding; what may
 * hide that something is lost (no UNT, a segment without an end) refuses the input.
 *
 * Source  ISO 9735, ISO 9735-1:2002 */
#include "adapters/edifact/codec.h"
#include "adapters/edifact/dtm.h"
#include "adapters/edifact/envelope.h"
#include "adapters/edifact/tables.h"
#include "base/hash.h"
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum gw_error gw_edi_refuse(struct gw_edi *c, enum gw_error code,
                            const struct gw_edi_raw *raw, const char *element,
                            const char *rule, const char *detail, ...)
{
    va_list args;
    char tag[4];
    struct gw_fault *f = &c->report->fault;
    (void)gw_fail(f, code, raw->at, rule);
    gw_edi_tag_text(raw->tag, tag);
    if (raw->tag)
        (void)snprintf(f->field, sizeof f->field, "%s%s%s", tag, *element ? "." : "",
                       element);
    c->report->segment = raw->number;
    va_start(args, detail);
    (void)vsnprintf(c->report->detail, sizeof c->report->detail, detail, args);
    va_end(args);
    return code;
}

void gw_edi_find(struct gw_edi *c, const struct gw_edi_raw *raw, const char *rule,
                 const char *detail, ...)
{
    va_list args;
    struct gw_report *r = c->report;
    const uint32_t most = sizeof r->findings / sizeof *r->findings;
    if (r->finding_count++ >= most)
        return;
    struct gw_finding *f = &r->findings[r->finding_count - 1];
    *f = (struct gw_finding){.at = raw->at, .segment = raw->number, .rule = rule};
    va_start(args, detail);
    (void)vsnprintf(f->detail, sizeof f->detail, detail, args);
    va_end(args);
}

/* ---- where it starts ---- */

static bool opens_at(struct gw_slice in, size_t at)
{
    static const char *const tags[] = {"UNA", "UNB", "UNH"};
    if (in.len - at < 4)
        return false;
    for (size_t i = 0; i < 3; i++)
        if (strncasecmp((const char *)in.at + at, tags[i], 3) == 0) {
            uint8_t next = in.at[at + 3];
            return next > ' ' ? !((next | 0x20) >= 'a' && (next | 0x20) <= 'z') &&
                                    !(next >= '0' && next <= '9') && next < 0x80
                              : next >= 0x1C && next < 0x20;
        }
    return false;
}

/* The next opening segment at the start of a line; in.len when there is none. */
static size_t next_opening(struct gw_slice in, size_t from)
{
    bool fresh = true;
    for (size_t i = from; i + 4 <= in.len; i++) {
        uint8_t b = in.at[i];
        if (fresh && opens_at(in, i))
            return i;
        fresh = b == '\n' || b == '\r' || !b || (fresh && (b == ' ' || b == '\t'));
    }
    return in.len;
}

static size_t after_mark(struct gw_slice in)
{
    static const uint8_t bom[] = {0xEF, 0xBB, 0xBF};
    return in.len >= 3 && memcmp(in.at, bom, 3) == 0 ? 3 : 0;
}

static enum gw_error find_start(struct gw_edi *c)
{
    size_t mark = after_mark(c->in), at = next_opening(c->in, mark);
    struct gw_edi_raw here = {.at = (uint32_t)mark};
    if (at == c->in.len)
        return gw_edi_refuse(c, GW_FORMAT, &here, "", "no interchange",
                             "neither UNA, UNB nor UNH at the start of a line");
    for (size_t i = mark; i < at; i++)
        if (c->in.at[i] > ' ') {
            gw_edi_find(c, &here, "text before the interchange", "%zu bytes", at - mark);
            break;
        }
    c->scan.at = at;
    return GW_OK;
}

/* ---- service characters and character set ---- */

static struct gw_slice rest(const struct gw_edi *c)
{
    return gw_slice(c->in.at + c->scan.at, c->in.len - c->scan.at);
}

/* A UNA in front of the next segment, or what can be guessed without one. */
static enum gw_error take_advice(struct gw_edi *c, bool guess)
{
    size_t used;
    while (c->scan.at < c->in.len && c->in.at[c->scan.at] <= ' ' &&
           c->in.at[c->scan.at] != c->signs.terminator)
        c->scan.at++;
    struct gw_slice here = rest(c);
    if (here.len >= 4 && strncasecmp((const char *)here.at, "UNA", 3) == 0 &&
        opens_at(here, 0)) {
        struct gw_edi_raw una = {.at = (uint32_t)c->scan.at,
                                 .tag = GW_EDI_TAG('U', 'N', 'A')};
        if (gw_edi_signs_advised(&c->signs, here, &used))
            return gw_edi_refuse(
                c, GW_FORMAT, &una, "1", "UNA service characters",
                "they must be different and no letters, digits or blanks");
        if (used == 8)
            gw_edi_find(c, &una, "UNA of five characters", "the blank is missing");
        c->scan.at += used;
    } else if (guess) {
        gw_edi_signs_guess(&c->signs, here);
    } else {
        return GW_OK;
    }
    gw_edi_signs_ready(&c->signs, rest(c), c->charset);
    return GW_OK;
}

static enum gw_error split(struct gw_edi *c, const struct gw_edi_raw *raw)
{
    size_t at;
    enum gw_error e =
        gw_edi_split(c->in, raw, &c->signs, c->charset, &c->texts, &c->segment, &at);
    return e ? gw_edi_refuse(c, e, raw, "",
                             e == GW_NOMEM ? "memory" : "too many elements in a segment",
                             "at most %d", GW_EDI_ELEMENTS)
             : GW_OK;
}

static void take_charset(struct gw_edi *c, const struct gw_edi_raw *unb,
                         struct gw_slice announced)
{
    bool as_told;
    c->charset = gw_edi_charset_of(&c->evidence, announced, &as_told);
    if (!as_told && (c->charset != GW_EDI_AS_IS || c->evidence.utf8))
        gw_edi_find(c, unb, "character set", "announced %.*s, read as %s",
                    GW_FMT(announced), gw_edi_charset_name(c->charset));
    gw_edi_signs_ready(&c->signs, rest(c), c->charset);
}

/* ---- interchange ---- */

static void keep_envelope(struct gw_edi *c)
{
    const struct gw_edi_segment *s = &c->segment;
    const struct gw_edi_interchange *x = &c->inter;
    if (c->envelope_count == GW_EDI_SEEN)
        return;
    c->envelopes[c->envelope_count++] =
        (struct gw_edi_envelope){.ref = x->ref,
                                 .sender = x->sender,
                                 .sender_qualifier = gw_edi_get(s, 2, 2),
                                 .recipient = x->recipient,
                                 .recipient_qualifier = gw_edi_get(s, 3, 2),
                                 .test = x->test};
}

/* The same a second time in one input: sent again, or concatenated by mistake. */
static void drop_if_repeated(struct gw_edi *c, const struct gw_edi_raw *end)
{
    struct gw_edi_interchange *x = &c->inter;
    for (uint32_t i = 0; i < c->seen_count; i++)
        if (c->seen[i] == x->content) {
            gw_edi_find(c, end, "interchange repeated", "%.*s", GW_FMT(x->ref));
            gw_events_cut(c->out, x->events_before);
            c->report->ignored += x->messages;
            return;
        }
    if (c->seen_count < GW_EDI_SEEN)
        c->seen[c->seen_count++] = x->content;
}

static enum gw_error open_interchange(struct gw_edi *c, const struct gw_edi_raw *unb)
{
    struct gw_edi_interchange *x = &c->inter;
    enum gw_edi_dtm_form form;
    if (x->open) {
        gw_edi_find(c, unb, "UNZ missing", "a new interchange begins");
        drop_if_repeated(c, unb);
    }
    *x = (struct gw_edi_interchange){
        .open = true, .unb = *unb, .events_before = c->out->count};
    enum gw_error e = split(c, unb);
    if (!e) {
        take_charset(c, unb, gw_edi_get(&c->segment, 1, 1));
        e = split(c, unb);
    }
    if (e)
        return e;
    const struct gw_edi_segment *s = &c->segment;
    x->syntax = gw_edi_get(s, 1, 1);
    x->sender = gw_edi_get(s, 2, 1);
    x->recipient = gw_edi_get(s, 3, 1);
    x->ref = gw_edi_get(s, 5, 1);
    x->test = gw_edi_get(s, 11, 1).len == 1 && strchr("1234", gw_edi_get(s, 11, 1).at[0]);
    gw_edi_name_interchange(s, x->name);
    x->content = gw_hash64(gw_slice(x->name, sizeof x->name), 0);
    keep_envelope(c);
    if (!x->ref.len)
        gw_edi_find(c, unb, "UNB control reference", "missing");
    gw_edi_prepared(gw_edi_get(s, 4, 1), gw_edi_get(s, 4, 2), &x->prepared, &form);
    return GW_OK;
}

void gw_edi_prepared(struct gw_slice date, struct gw_slice time, struct gw_edi_when *out,
                     enum gw_edi_dtm_form *form)
{
    uint8_t text[12];
    if ((date.len != 6 && date.len != 8) || time.len != 4)
        return;
    memcpy(text, date.at, date.len);
    memcpy(text + date.len, time.at, 4);
    struct gw_civil civil;
    if (!gw_edi_dtm(gw_slice(text, date.len + 4), gw_slice(NULL, 0), &civil, form) &&
        civil.local_ms > GW_EDI_TIME_LEAST && civil.local_ms < GW_EDI_TIME_MOST)
        *out = (struct gw_edi_when){"actual", civil};
}

static bool counts(struct gw_slice said, uint32_t found)
{
    uint64_t n;
    return gw_slice_uint(said, &n) && n == found;
}

static enum gw_error close_interchange(struct gw_edi *c, const struct gw_edi_raw *unz)
{
    struct gw_edi_interchange *x = &c->inter;
    uint32_t inside = x->groups ? x->groups : x->messages;
    enum gw_error e = split(c, unz);
    if (e)
        return e;
    struct gw_slice said = gw_edi_get(&c->segment, 1, 1),
                    ref = gw_edi_get(&c->segment, 2, 1);
    if (!x->open) {
        gw_edi_find(c, unz, "UNZ without UNB", "%.*s", GW_FMT(ref));
        return GW_OK;
    }
    if (!counts(said, inside))
        gw_edi_find(c, unz, "UNZ count", "says %.*s, there are %u", GW_FMT(said),
                    (unsigned)inside);
    if (!gw_slice_eq(ref, x->ref))
        gw_edi_find(c, unz, "UNZ reference", "%.*s, UNB has %.*s", GW_FMT(ref),
                    GW_FMT(x->ref));
    drop_if_repeated(c, unz);
    *x = (struct gw_edi_interchange){0};
    return GW_OK;
}

/* ---- groups ---- */

static enum gw_error open_group(struct gw_edi *c, const struct gw_edi_raw *ung)
{
    enum gw_error e = split(c, ung);
    c->inter.groups++;
    c->inter.in_group = true;
    c->inter.group_messages = 0;
    c->inter.group_ref = gw_edi_get(&c->segment, 5, 1);
    return e;
}

static enum gw_error close_group(struct gw_edi *c, const struct gw_edi_raw *une)
{
    enum gw_error e = split(c, une);
    if (e)
        return e;
    struct gw_slice said = gw_edi_get(&c->segment, 1, 1),
                    ref = gw_edi_get(&c->segment, 2, 1);
    if (!counts(said, c->inter.group_messages))
        gw_edi_find(c, une, "UNE count", "says %.*s, there are %u", GW_FMT(said),
                    (unsigned)c->inter.group_messages);
    if (!gw_slice_eq(ref, c->inter.group_ref))
        gw_edi_find(c, une, "UNE reference", "%.*s, UNG has %.*s", GW_FMT(ref),
                    GW_FMT(c->inter.group_ref));
    c->inter.in_group = false;
    return GW_OK;
}

/* ---- messages ---- */

#define UNA GW_EDI_TAG('U', 'N', 'A')
#define UNB GW_EDI_TAG('U', 'N', 'B')
#define UNZ GW_EDI_TAG('U', 'N', 'Z')
#define UNG GW_EDI_TAG('U', 'N', 'G')
#define UNE GW_EDI_TAG('U', 'N', 'E')
#define UNH GW_EDI_TAG('U', 'N', 'H')
#define UNT GW_EDI_TAG('U', 'N', 'T')
#define BGM GW_EDI_TAG('B', 'G', 'M')

static enum gw_error keep(struct gw_edi *c, const struct gw_edi_raw *raw)
{
    if (c->raw_count == c->raw_cap) {
        uint32_t cap = c->raw_cap ? c->raw_cap * 2 : 256;
        struct gw_edi_raw *raws = realloc(c->raws, cap * sizeof *raws);
        if (!raws)
            return gw_edi_refuse(c, GW_NOMEM, raw, "", "memory", "segments of a message");
        c->raws = raws;
        c->raw_cap = cap;
    }
    c->raws[c->raw_count++] = *raw;
    return GW_OK;
}

static enum gw_error read_tag(struct gw_edi *c, struct gw_edi_raw *raw)
{
    enum gw_edi_tag_form form;
    char tag[4];
    if (gw_edi_tag(c->in, &c->signs, c->charset, raw, &form)) {
        raw->tag = 0;
        return gw_edi_refuse(c, GW_FORMAT, raw, "", "segment tag",
                             "three letters or digits are expected");
    }
    gw_edi_tag_text(raw->tag, tag);
    if (form != GW_EDI_TAG_PLAIN)
        gw_edi_find(c, raw,
                    form == GW_EDI_TAG_LOWER ? "tag in lower case"
                                             : "tag in look-alike letters",
                    "%s", tag);
    return GW_OK;
}

/* The next segment within a message; UNT ends it. */
static enum gw_error next_inside(struct gw_edi *c, struct gw_edi_raw *raw)
{
    enum gw_edi_next next = gw_edi_next(&c->scan, &c->signs, raw);
    if (next == GW_EDI_END)
        return gw_edi_refuse(c, GW_TRUNCATED, &c->message.unh, "", "UNT missing",
                             "the input ends inside message %.*s",
                             GW_FMT(c->message.ref));
    if (next == GW_EDI_UNTERMINATED)
        return gw_edi_refuse(c, GW_TRUNCATED, raw, "", "segment terminator missing",
                             "the input ends inside a segment of message %.*s",
                             GW_FMT(c->message.ref));
    enum gw_error e = read_tag(c, raw);
    if (!e && (raw->tag == UNB || raw->tag == UNZ || raw->tag == UNG || raw->tag == UNE ||
               raw->tag == UNH || raw->tag == UNA))
        return gw_edi_refuse(c, GW_FORMAT, raw, "", "UNT missing",
                             "message %.*s of segment %u has no end",
                             GW_FMT(c->message.ref), (unsigned)c->message.unh.number);
    return e;
}

static enum gw_error read_unh(struct gw_edi *c, const struct gw_edi_raw *unh)
{
    const struct gw_edi_segment *s = &c->segment;
    enum gw_error e = split(c, unh);
    if (e)
        return e;
    c->message = (struct gw_edi_message){.ref = gw_edi_get(s, 1, 1),
                                         .type = gw_edi_get(s, 2, 1),
                                         .version = gw_edi_get(s, 2, 2),
                                         .release = gw_edi_get(s, 2, 3),
                                         .agency = gw_edi_get(s, 2, 4),
                                         .association = gw_edi_get(s, 2, 5),
                                         .unh = *unh};
    if (!c->message.type.len)
        return gw_edi_refuse(c, GW_FORMAT, unh, "2.1", "UNH message type", "missing");
    return GW_OK;
}

/* What UNT says against what there is; known before the events are made, so that each of
 * them carries it. */
static enum gw_error check_unt(struct gw_edi *c, const struct gw_edi_raw *unt)
{
    enum gw_error e = split(c, unt);
    if (e)
        return e;
    struct gw_slice said = gw_edi_get(&c->segment, 1, 1),
                    ref = gw_edi_get(&c->segment, 2, 1);
    if (!counts(said, c->raw_count + 2)) {
        gw_edi_find(c, unt, "UNT segment count", "says %.*s, there are %u", GW_FMT(said),
                    (unsigned)c->raw_count + 2);
        gw_edi_note(&c->facts, "UNT segment count", NULL, said);
    }
    if (!gw_slice_eq(ref, c->message.ref)) {
        gw_edi_find(c, unt, "UNT reference", "%.*s, UNH has %.*s", GW_FMT(ref),
                    GW_FMT(c->message.ref));
        gw_edi_note(&c->facts, "UNT reference", NULL, ref);
    }
    return GW_OK;
}

/* The hash of a message's events is that of the message in plain dress, too: what is sent
 * again dressed otherwise is the same event in all. */
static enum gw_error name_message(struct gw_edi *c)
{
    const struct gw_edi_dress dress = {c->in, &c->signs, c->charset};
    const struct gw_edi_interchange *x = &c->inter;
    uint8_t name[GW_EDI_NAME_BYTES];
    gw_buf_reset(&c->plain);
    gw_edi_undress(&dress, &c->message.unh, c->raws, c->raw_count, &c->plain);
    if (c->plain.failed)
        return gw_edi_refuse(c, GW_NOMEM, &c->message.unh, "", "memory",
                             "segments of a message");
    gw_maker_message(&c->maker, gw_buf_bytes(&c->plain));
    gw_edi_name_message(x->open ? x->name : NULL, x->messages,
                        x->in_group ? x->group_ref : gw_slice(NULL, 0),
                        gw_slice_str(c->maker.sha256), name);
    gw_hex(name, (sizeof c->message.name - 1) / 2, c->message.name);
    c->inter.content = gw_hash64(gw_slice(name, sizeof name), c->inter.content);
    return GW_OK;
}

static enum gw_error decode_message(struct gw_edi *c)
{
    const struct gw_edi_family *f = gw_edi_family_of(c->message.type);
    if (c->inter.test && !c->options->accept_test) {
        c->report->ignored++;
        c->tests++;
        return GW_OK;
    }
    if (!f) {
        gw_edi_find(c, &c->message.unh, "message type not carried", "%.*s",
                    GW_FMT(c->message.type));
        c->report->ignored++;
        return GW_OK;
    }
    c->carried++;
    if (f->needs_bgm && gw_edi_seek(c, 0, c->raw_count, BGM) == c->raw_count)
        return gw_edi_refuse(
            c, GW_FORMAT, &c->message.unh, "", "mandatory segment missing",
            "BGM: nothing says what message %.*s is", GW_FMT(c->message.ref));
    return f->decode(c);
}

static enum gw_error one_message(struct gw_edi *c, const struct gw_edi_raw *unh)
{
    struct gw_edi_raw raw;
    enum gw_error e = read_unh(c, unh);
    c->in_message = true;
    c->raw_count = 0;
    memset(&c->facts.top, 0, sizeof c->facts.top);
    memset(&c->facts.header, 0, sizeof c->facts.header);
    while (!e && !(e = next_inside(c, &raw)) && raw.tag != UNT)
        e = keep(c, &raw);
    if (!e)
        e = check_unt(c, &raw);
    if (e)
        return e;
    c->report->messages++;
    c->inter.messages++;
    c->inter.group_messages++;
    e = name_message(c);
    if (e)
        return e;
    if (c->inter.open && c->envelope_count &&
        !gw_edi_among(c->message.type, "CONTRL APERAK"))
        c->envelopes[c->envelope_count - 1].answerable = true;
    e = decode_message(c);
    c->in_message = e != GW_OK;
    return e;
}

/* ---- the walk ---- */

/* Text behind the last interchange is no trouble: footers, signatures. */
static bool skip_text(struct gw_edi *c, const struct gw_edi_raw *raw)
{
    if (c->inter.open || !c->report->messages)
        return false;
    gw_edi_find(c, raw, "text after the interchange", "skipped");
    c->scan.at = next_opening(c->in, raw->at);
    c->scan.number = raw->number - 1;
    return true;
}

/* The end of the input inside a segment: of a trailer, all messages are there. */
static enum gw_error torn(struct gw_edi *c, struct gw_edi_raw *raw)
{
    enum gw_edi_tag_form form;
    if (c->report->messages &&
        (gw_edi_tag(c->in, &c->signs, c->charset, raw, &form) || raw->tag == UNZ ||
         raw->tag == UNE) &&
        raw->tag != UNH && raw->tag != UNB && raw->tag != UNG &&
        (raw->tag || !c->inter.open)) {
        gw_edi_find(c, raw, "segment terminator missing", "behind the last message");
        return raw->tag == UNZ ? close_interchange(c, raw) : GW_OK;
    }
    return gw_edi_refuse(c, GW_TRUNCATED, raw, "", "segment terminator missing",
                         "the input ends inside a segment");
}

static enum gw_error dispatch(struct gw_edi *c, struct gw_edi_raw *raw)
{
    char tag[4];
    switch (raw->tag) {
    case UNB:
        return open_interchange(c, raw);
    case UNZ:
        return close_interchange(c, raw);
    case UNG:
        return open_group(c, raw);
    case UNE:
        return close_group(c, raw);
    case UNH:
        return one_message(c, raw);
    default:
        gw_edi_tag_text(raw->tag, tag);
        if (skip_text(c, raw))
            return GW_OK;
        return gw_edi_refuse(c, GW_FORMAT, raw, "", "segment outside a message", "%s",
                             tag);
    }
}

static enum gw_error walk_segments(struct gw_edi *c)
{
    struct gw_edi_raw raw;
    bool fresh = true; /* before an interchange: separators are found out anew */
    for (;;) {
        enum gw_error e = take_advice(c, fresh);
        if (e)
            return e;
        fresh = false;
        enum gw_edi_next next = gw_edi_next(&c->scan, &c->signs, &raw);
        if (next == GW_EDI_END)
            return GW_OK;
        if (next == GW_EDI_UNTERMINATED)
            return torn(c, &raw);
        if (!c->inter.open && c->report->messages && !opens_at(c->in, raw.at) &&
            skip_text(c, &raw)) {
            fresh = true;
            continue;
        }
        e = read_tag(c, &raw);
        if (!e)
            e = dispatch(c, &raw);
        if (e)
            return e;
        fresh = raw.tag == UNZ;
    }
}

/* What is to be said about the whole. */
static enum gw_error judge(struct gw_edi *c)
{
    struct gw_edi_raw end = {.at = (uint32_t)c->in.len, .number = c->scan.number};
    if (c->inter.open) {
        gw_edi_find(c, &end, "UNZ missing", "the input ends");
        drop_if_repeated(c, &end);
    }
    if (!c->report->messages)
        return gw_edi_refuse(c, GW_FORMAT, &end, "", "no message",
                             "nothing between UNB and UNZ");
    c->in_message = !c->carried && c->report->ignored && !c->tests;
    if (c->in_message)
        return gw_edi_refuse(c, GW_FORMAT, &c->message.unh, "2.1",
                             "message type not supported", "%.*s",
                             GW_FMT(c->message.type));
    return GW_OK;
}

enum gw_error gw_edi_walk(struct gw_edi *c)
{
    size_t mark = after_mark(c->in);
    gw_edi_evidence_of(mark ? gw_slice(c->in.at + mark, c->in.len - mark) : c->in,
                       &c->evidence);
    gw_edi_signs_default(&c->signs);
    c->charset = gw_edi_charset_of(&c->evidence, gw_slice(NULL, 0), &(bool){false});
    c->scan = (struct gw_edi_scan){.in = c->in};
    enum gw_error e = find_start(c);
    if (!e)
        e = walk_segments(c);
    return e ? e : judge(c);
}
