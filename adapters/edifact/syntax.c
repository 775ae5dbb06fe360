/* syntax.c - service characters, segments, elements, components. */
#include "adapters/edifact/syntax.h"
#include <ctype.h>

#define WRAP_BYTES  1024 /* two lines of a wrapped file end before */
#define GUESS_BYTES 512  /* how far the terminator is looked for when no UNA names it */

void gw_edi_tag_text(uint32_t tag, char out[4])
{
    for (int i = 0; i < 3; i++) {
        unsigned char c = (unsigned char)(tag >> (16 - 8 * i));
        out[i] = isprint(c) ? (char)c : '?';
    }
    out[3] = 0;
}

/* ---- service characters ---- */

void gw_edi_signs_default(struct gw_edi_signs *s)
{
    *s = (struct gw_edi_signs){.component = ':',
                               .element = '+',
                               .decimal = '.',
                               .release = '?',
                               .terminator = '\''};
}

static bool is_break(uint8_t c)
{
    return c == '\r' || c == '\n';
}

static bool is_separator(uint8_t c)
{
    return c && c != ' ' && c < 0x80 && !isalnum(c);
}

static bool all_usable(const struct gw_edi_signs *s)
{
    const uint8_t c[] = {s->component, s->element, s->terminator, s->release,
                         s->repetition};
    for (size_t i = 0; i < sizeof c; i++) {
        if (i < 3 ? !is_separator(c[i]) : c[i] && !is_separator(c[i]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (c[i] && c[i] == c[j])
                return false;
    }
    return true;
}

static uint8_t unless_blank(uint8_t c)
{
    return c == ' ' || c >= 0x80 || isalnum(c) ? 0 : c;
}

/* UNA:+.?' with the repetition character left out, then a line end or the next segment.
 */
static bool is_short_advice(struct gw_slice in)
{
    return in.len >= 8 && (in.at[7] == '\'' || !isalnum(in.at[7])) && in.at[7] != ' ' &&
           !is_break(in.at[7]) &&
           (in.len == 8 || in.at[8] == 'U' || (in.at[7] == '\'' && is_break(in.at[8])));
}

enum gw_error gw_edi_signs_advised(struct gw_edi_signs *s, struct gw_slice in,
                                   size_t *used)
{
    bool is_short = is_short_advice(in);
    gw_edi_signs_default(s);
    if (in.len < (is_short ? 8u : 9u))
        return GW_FORMAT;
    s->component = in.at[3];
    s->element = in.at[4];
    s->decimal = in.at[5];
    s->release = unless_blank(in.at[6]);
    s->repetition = is_short ? 0 : unless_blank(in.at[7]);
    s->terminator = in.at[is_short ? 7 : 8];
    *used = is_short ? 8 : 9;
    return all_usable(s) ? GW_OK : GW_FORMAT;
}

static bool has(struct gw_slice in, uint8_t c)
{
    return in.len && memchr(in.at, c, in.len) != NULL;
}

/* The component separator: what stands behind UNOA. */
static uint8_t guess_component(struct gw_slice in, uint8_t element)
{
    for (size_t i = 4; i < in.len && i < 12; i++)
        if (in.at[i] == element)
            break;
        else if (is_separator(in.at[i]) && in.at[i] != '\'')
            return in.at[i];
    return ':';
}

void gw_edi_signs_guess(struct gw_edi_signs *s, struct gw_slice in)
{
    struct gw_slice head = gw_slice(in.at, in.len < GUESS_BYTES ? in.len : GUESS_BYTES);
    gw_edi_signs_default(s);
    if (head.len > 4 && is_separator(head.at[3]) && head.at[3] != '+' &&
        !is_break(head.at[3])) {
        s->element = head.at[3];
        s->component = guess_component(head, s->element);
    }
    if (s->element == 0x1D) { /* the information separators of level B */
        s->terminator = 0x1C;
        s->release = 0;
    } else if (!has(head, '\'')) {
        s->terminator = has(head, '\n') ? '\n' : has(head, '\r') ? '\r' : '\'';
    }
    if (s->release == s->element || s->release == s->component)
        s->release = 0;
}

/* Lines of one length, the first of them ending within a segment. */
static bool is_wrapped(const struct gw_edi_signs *s, struct gw_slice in)
{
    in.len = in.len < WRAP_BYTES ? in.len : WRAP_BYTES;
    const uint8_t *a = in.len ? memchr(in.at, '\n', in.len) : NULL;
    if (is_break(s->terminator) || !a)
        return false;
    const uint8_t *from = a + 1;
    size_t left = in.len - (size_t)(from - in.at);
    const uint8_t *b = left ? memchr(from, '\n', left) : NULL;
    size_t first = (size_t)(a - in.at);
    return b && first >= 40 && (size_t)(b - from) == first;
}

void gw_edi_signs_ready(struct gw_edi_signs *s, struct gw_slice in,
                        enum gw_edi_charset charset)
{
    memset(s->kind, GW_EDI_TEXT, sizeof s->kind);
    memset(s->kind, GW_EDI_CONTROL, 0x20);
    s->kind[0x7F] = GW_EDI_CONTROL;
    if (charset != GW_EDI_AS_IS)
        memset(s->kind + 0x80, GW_EDI_HIGH, 0x80);
    s->kind['\r'] = s->kind['\n'] = GW_EDI_BREAK;
    s->kind[s->component] = GW_EDI_COMPONENT;
    s->kind[s->element] = GW_EDI_ELEMENT;
    if (s->release)
        s->kind[s->release] = GW_EDI_RELEASE;
    if (s->repetition)
        s->kind[s->repetition] = GW_EDI_REPETITION;
    s->wrapped = is_wrapped(s, in);
}

/* ---- segments ---- */

static bool is_fill(uint8_t c)
{
    return c == ' ' || c == '\t' || is_break(c) || !c || c == 0x1A;
}

/* Is the terminator at `end` released?  An odd number of release characters says so. */
static bool is_released(struct gw_slice in, size_t start, size_t end,
                        const struct gw_edi_signs *s)
{
    size_t n = 0;
    if (!s->release)
        return false;
    while (end > start &&
           (in.at[end - 1] == s->release || (s->wrapped && is_break(in.at[end - 1])))) {
        n += in.at[end - 1] == s->release;
        end--;
    }
    return n & 1;
}

enum gw_edi_next gw_edi_next(struct gw_edi_scan *s, const struct gw_edi_signs *signs,
                             struct gw_edi_raw *raw)
{
    size_t end;
    while (s->at < s->in.len &&
           (is_fill(s->in.at[s->at]) || s->in.at[s->at] == signs->terminator))
        s->at++; /* a terminator alone is an empty segment: nothing */
    *raw = (struct gw_edi_raw){.at = (uint32_t)s->at};
    if (s->at == s->in.len)
        return GW_EDI_END;
    raw->number = ++s->number;
    for (end = s->at;; end++) {
        const uint8_t *t = memchr(s->in.at + end, signs->terminator, s->in.len - end);
        end = t ? (size_t)(t - s->in.at) : s->in.len;
        if (!t || !is_released(s->in, s->at, end, signs))
            break;
        if (end + 1 == s->in.len) {
            end++;
            break;
        }
    }
    raw->len = (uint32_t)(end - s->at);
    s->at = end < s->in.len ? end + 1 : end;
    if (is_break(signs->terminator))
        while (raw->len && is_fill(s->in.at[raw->at + raw->len - 1]))
            raw->len--;
    return end < s->in.len || is_break(signs->terminator) ? GW_EDI_SEGMENT
                                                          : GW_EDI_UNTERMINATED;
}

/* ---- tags ---- */

/* Cyrillic letters that look like Latin ones, as typed by hand into generators.
 * UTF-8 of each is 0xD0 and the byte here. */
static const struct {
    uint8_t second;
    char latin;
} lookalikes[] = {{0x90, 'A'}, {0x92, 'B'}, {0x95, 'E'}, {0x97, '3'},
                  {0x9A, 'K'}, {0x9C, 'M'}, {0x9D, 'H'}, {0x9E, 'O'},
                  {0xA0, 'P'}, {0xA1, 'C'}, {0xA2, 'T'}, {0xA5, 'X'}};

static char latin_of(uint8_t second)
{
    for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++)
        if (lookalikes[i].second == second)
            return lookalikes[i].latin;
    return 0;
}

static bool ends_tag(const struct gw_edi_signs *s, struct gw_slice seg, size_t i)
{
    return i == seg.len || s->kind[seg.at[i]] == GW_EDI_ELEMENT ||
           s->kind[seg.at[i]] == GW_EDI_COMPONENT;
}

static size_t plain_tag(const struct gw_edi_signs *s, struct gw_slice seg, char out[3],
                        bool *lower)
{
    size_t n = 0, i = 0;
    for (; i < seg.len && n < 3; i++) {
        if (is_break(seg.at[i]))
            continue;
        if (seg.at[i] >= 0x80 || !isalnum(seg.at[i]))
            return 0;
        *lower |= islower(seg.at[i]) != 0;
        out[n++] = (char)toupper(seg.at[i]);
    }
    while (i < seg.len && (is_break(seg.at[i]) || seg.at[i] == ' '))
        i++;
    return n == 3 && ends_tag(s, seg, i) ? n : 0;
}

/* Letter by letter through UTF-8. */
static size_t lookalike_tag(const struct gw_edi_signs *s, enum gw_edi_charset charset,
                            struct gw_slice seg, char out[3])
{
    struct gw_buf text;
    size_t n = 0, i = 0;
    gw_buf_init(&text, 64);
    for (; i < seg.len && i < 8 && !ends_tag(s, seg, i); i++)
        gw_edi_charset_put(charset, seg.at[i], &text);
    bool whole = ends_tag(s, seg, i) && !text.failed;
    for (size_t k = 0; whole && k < text.len && n < 3; n++) {
        bool two = text.at[k] == 0xD0 && k + 1 < text.len;
        char c = two ? latin_of(text.at[k + 1]) : (char)text.at[k];
        k += two ? 2 : 1;
        whole = isupper((unsigned char)c) && (n < 2 || k == text.len);
        out[n] = c;
    }
    gw_buf_deinit(&text);
    return whole ? n : 0;
}

enum gw_error gw_edi_tag(const struct gw_slice in, const struct gw_edi_signs *signs,
                         enum gw_edi_charset charset, struct gw_edi_raw *raw,
                         enum gw_edi_tag_form *form)
{
    struct gw_slice seg = gw_slice(in.at + raw->at, raw->len);
    char c[3] = {0};
    bool lower = false;
    size_t n = plain_tag(signs, seg, c, &lower);
    *form = lower ? GW_EDI_TAG_LOWER : GW_EDI_TAG_PLAIN;
    if (n != 3) {
        n = lookalike_tag(signs, charset, seg, c);
        *form = GW_EDI_TAG_LOOKALIKE;
    }
    raw->tag = GW_EDI_TAG(c[0], c[1], c[2]);
    return n == 3 ? GW_OK : GW_FORMAT;
}

/* ---- elements and components ---- */

struct splitting {
    const struct gw_edi_signs *signs;
    enum gw_edi_charset charset;
    struct gw_tree *texts;
    struct gw_edi_segment *out;
    bool free_text; /* a line end within it stands for a blank */
    bool skip;      /* within a repetition */
};

static void put_text_byte(const struct splitting *w, uint8_t c, struct gw_buf *text)
{
    enum gw_edi_byte k = w->signs->kind[c];
    if (k == GW_EDI_BREAK) {
        if (w->free_text && text->len && text->at[text->len - 1] != ' ')
            gw_buf_byte(text, ' ');
    } else if (k == GW_EDI_CONTROL) {
        gw_buf_byte(text, ' ');
    } else {
        gw_edi_charset_put(w->charset, c, text);
    }
}

/* The text of a part that is not simply its bytes. */
static enum gw_error rewrite(const struct splitting *w, struct gw_slice raw,
                             struct gw_slice *out)
{
    struct gw_buf text;
    gw_buf_init(&text, 3 * raw.len + 1);
    for (size_t i = 0; i < raw.len; i++) {
        bool released = false;
        if (w->signs->kind[raw.at[i]] == GW_EDI_RELEASE) {
            while (i + 1 < raw.len && w->signs->wrapped && is_break(raw.at[i + 1]))
                i++;
            if (++i == raw.len)
                break; /* nothing behind it to release */
            released = true;
        }
        if (released && w->signs->kind[raw.at[i]] < GW_EDI_BREAK)
            gw_buf_byte(&text, raw.at[i]);
        else
            put_text_byte(w, raw.at[i], &text);
    }
    *out = gw_tree_text(w->texts, gw_buf_bytes(&text));
    enum gw_error e = text.failed || (text.len && !out->len) ? GW_NOMEM : GW_OK;
    gw_buf_deinit(&text);
    return e;
}

static enum gw_error add_part(struct splitting *w, struct gw_slice raw, bool dirty)
{
    struct gw_slice text = raw;
    if (w->skip)
        return GW_OK;
    if (w->out->parts == GW_EDI_PARTS)
        return GW_RANGE;
    enum gw_error e = dirty ? rewrite(w, raw, &text) : GW_OK;
    w->out->part[w->out->parts++] = gw_slice_trim(text, GW_LIT(" \t"));
    return e;
}

static enum gw_error end_element(struct splitting *w)
{
    if (w->out->elements == GW_EDI_ELEMENTS)
        return GW_RANGE;
    w->out->first[++w->out->elements] = w->out->parts;
    w->skip = false;
    return GW_OK;
}

static enum gw_error split_parts(struct splitting *w, struct gw_slice seg, size_t *at)
{
    enum gw_error e = GW_OK;
    size_t start = 0;
    bool dirty = false;
    for (size_t i = 0; i < seg.len && !e; i++) {
        enum gw_edi_byte k = w->signs->kind[seg.at[i]];
        if (k == GW_EDI_TEXT)
            continue;
        if (k == GW_EDI_COMPONENT || k == GW_EDI_ELEMENT || k == GW_EDI_REPETITION) {
            e = add_part(w, gw_slice(seg.at + start, i - start), dirty);
            if (!e && k == GW_EDI_ELEMENT)
                e = end_element(w);
            w->skip |= k == GW_EDI_REPETITION;
            w->out->repeated |= k == GW_EDI_REPETITION;
            start = i + 1;
            dirty = false;
        } else {
            dirty = true;
            while (k == GW_EDI_RELEASE && w->signs->wrapped && i + 1 < seg.len &&
                   is_break(seg.at[i + 1]))
                i++;
            i += k == GW_EDI_RELEASE;
        }
        *at = i;
    }
    if (!e)
        e = add_part(w, gw_slice(seg.at + start, seg.len - start), dirty);
    return e ? e : end_element(w);
}

enum gw_error gw_edi_split(struct gw_slice in, const struct gw_edi_raw *raw,
                           const struct gw_edi_signs *signs, enum gw_edi_charset charset,
                           struct gw_tree *texts, struct gw_edi_segment *out, size_t *at)
{
    struct splitting w = {.signs = signs,
                          .charset = charset,
                          .texts = texts,
                          .out = out,
                          .free_text =
                              raw->tag == GW_EDI_TAG('F', 'T', 'X') && !signs->wrapped};
    size_t inside = 0;
    out->tag = raw->tag;
    out->number = raw->number;
    out->at = raw->at;
    out->elements = out->parts = 0;
    out->first[0] = 0;
    out->repeated = false;
    enum gw_error e = split_parts(&w, gw_slice(in.at + raw->at, raw->len), &inside);
    *at = raw->at + inside;
    return e;
}
