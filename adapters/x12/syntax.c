/* syntax.c - ANSI X12 bytes to segments. */
#include "adapters/x12/syntax.h"
#include <stdio.h>

#define ISA_MOST 256 /* an ISA of 16 elements is 106 bytes long, or shorter */

#define BLANKS GW_LIT(" \t\r\n\0\x1A")

static size_t skip_blanks(struct gw_slice in, size_t at)
{
    while (at < in.len && memchr(BLANKS.at, in.at[at], BLANKS.len))
        at++;
    return at;
}

static enum gw_error refuse_at(size_t offset, uint32_t number, enum gw_error code,
                               const char *rule, const char *words,
                               struct gw_report *report)
{
    report->segment = number;
    (void)snprintf(report->detail, sizeof report->detail, "%s", words);
    return gw_fail(&report->fault, code, offset, rule);
}

/* An element separator must be no letter, digit or blank: else it is a word, not an ISA.
 */
static bool may_separate(uint8_t c)
{
    bool word =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return c && c != ' ' && !word;
}

/* The separators of the ISA at r->at. */
static enum gw_error read_isa(struct gw_x12_reader *r, struct gw_report *report)
{
    const uint8_t *p = r->in.at + r->at;
    size_t left = r->in.len - r->at, i = 3;
    unsigned elements = 0;

    r->element = left > 3 ? p[3] : 0;
    if (!may_separate(r->element))
        return refuse_at(r->at, r->number + 1, GW_FORMAT, "ISA element separator",
                         "the byte behind ISA separates nothing", report);
    while (i < left && i < ISA_MOST && elements < 16)
        elements += p[i++] == r->element;
    if (elements < 16 || i + 1 >= left)
        return refuse_at(r->at, r->number + 1, GW_FORMAT, "ISA of 16 elements",
                         "the interchange header is not whole", report);
    r->component = p[i];
    r->end = p[i + 1];
    if (r->end == '\r' && i + 2 < left && p[i + 2] == '\n')
        r->end = '\n'; /* the CR is then a blank at the end of each segment */
    if (r->end == r->element || !(r->end == '\n' || may_separate(r->end)))
        return refuse_at(r->at + i + 1, r->number + 1, GW_FORMAT,
                         "ISA segment terminator",
                         "the byte behind ISA16 ends no segment", report);
    r->enveloped = true;
    return GW_OK;
}

/* A message without its envelope: the separators are guessed from what is there. */
static enum gw_error guess(struct gw_x12_reader *r, struct gw_report *report)
{
    size_t left = r->in.len - r->at;
    r->element = left > 2 ? r->in.at[r->at + 2] : 0;
    r->component = '>';
    r->end = memchr(r->in.at + r->at, '~', left < 4096 ? left : 4096) ? '~' : '\n';
    if (may_separate(r->element) && r->element != r->end)
        return GW_OK;
    return refuse_at(r->at, 1, GW_FORMAT, "ST element separator",
                     "the byte behind ST separates nothing", report);
}

enum gw_error gw_x12_begin(struct gw_x12_reader *r, struct gw_slice in,
                           struct gw_report *report)
{
    struct gw_slice rest;
    *r = (struct gw_x12_reader){.in = in};
    if (gw_slice_starts(in, GW_LIT("\xEF\xBB\xBF")))
        r->at = 3;
    r->at = skip_blanks(in, r->at);
    rest = gw_slice(in.at + r->at, in.len - r->at);
    if (gw_slice_starts(rest, GW_LIT("ISA")))
        return read_isa(r, report);
    if (gw_slice_starts(rest, GW_LIT("ST")))
        return guess(r, report);
    return refuse_at(r->at, 1, GW_FORMAT, "begins with ISA or ST",
                     "no X12 interchange begins here", report);
}

/* Cut a segment's bytes into elements; false when there are too many. */
static bool split(const struct gw_x12_reader *r, struct gw_slice s,
                  struct gw_x12_segment *out)
{
    size_t begin = 0;
    out->count = 0;
    for (size_t i = 0; i <= s.len; i++) {
        struct gw_slice piece;
        if (i < s.len && s.at[i] != r->element)
            continue;
        piece = gw_slice(s.at + begin, i - begin);
        begin = i + 1;
        if (out->count == GW_X12_ELEMENTS)
            return false;
        out->at[out->count++] = piece;
    }
    out->tag = gw_slice_trim(out->at[0], BLANKS);
    out->count--;
    return true;
}

enum gw_error gw_x12_next(struct gw_x12_reader *r, struct gw_x12_segment *out,
                          struct gw_report *report)
{
    const uint8_t *stop;
    struct gw_slice body;

    r->at = skip_blanks(r->in, r->at);
    if (r->at == r->in.len)
        return GW_NOT_FOUND;
    if (gw_slice_starts(gw_slice(r->in.at + r->at, r->in.len - r->at), GW_LIT("ISA")) &&
        read_isa(r, report))
        return GW_FORMAT;
    stop = memchr(r->in.at + r->at, r->end, r->in.len - r->at);
    out->offset = r->at;
    out->number = ++r->number;
    body = gw_slice(r->in.at + r->at,
                    stop ? (size_t)(stop - r->in.at) - r->at : r->in.len - r->at);
    if (!stop && r->end != '\n') /* the last line of a file needs no end */
        return refuse_at(r->at, r->number, GW_TRUNCATED, "segment terminator",
                         "the last segment has no end", report);
    r->at = stop ? (size_t)(stop - r->in.at) + 1 : r->in.len;
    if (!split(r, body, out))
        return refuse_at(out->offset, r->number, GW_FORMAT, "at most 47 elements",
                         "a segment with more elements than any has", report);
    if (out->tag.len < 2 || out->tag.len > 3)
        return refuse_at(out->offset, r->number, GW_FORMAT,
                         "segment tag of 2 or 3 characters", "no segment begins here",
                         report);
    return GW_OK;
}

struct gw_slice gw_x12_element(const struct gw_x12_segment *s, uint32_t n)
{
    return n && n <= s->count ? gw_slice_trim(s->at[n], BLANKS) : gw_slice(NULL, 0);
}

enum gw_error gw_x12_refuse(const struct gw_x12_segment *s, enum gw_error code,
                            const char *rule, struct gw_slice value,
                            struct gw_report *report)
{
    report->segment = s->number;
    (void)snprintf(report->detail, sizeof report->detail, "%.*s: \"%.*s\"",
                   GW_FMT(s->tag), (int)(value.len < 80 ? value.len : 80),
                   (const char *)value.at);
    return gw_fail(&report->fault, code, s->offset, rule);
}

void gw_x12_note(const struct gw_x12_segment *s, const char *rule, struct gw_slice value,
                 struct gw_report *report)
{
    struct gw_finding *f;
    if (report->finding_count++ >= sizeof report->findings / sizeof *report->findings)
        return;
    f = &report->findings[report->finding_count - 1];
    *f = (struct gw_finding){.at = s->offset, .segment = s->number, .rule = rule};
    (void)snprintf(f->detail, sizeof f->detail, "%.*s: \"%.*s\"", GW_FMT(s->tag),
                   (int)(value.len < 60 ? value.len : 60), (const char *)value.at);
}
