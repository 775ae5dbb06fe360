/* identity.c - what names a message, whatever dress its bytes come in. */
#include "adapters/edifact/identity.h"
#include <stdio.h>

/* Between the parts stand information separators, which no text can hold. */
#define SEGMENT    0x1C
#define ELEMENT    0x1D
#define REPETITION 0x1E
#define COMPONENT  0x1F

struct naming {
    struct gw_buf *out;
    uint8_t at[4096];
    size_t used;
    uint32_t elements, components, blanks; /* to be written before the next text */
    bool in_part;                          /* the part has text already */
};

static void flush(struct naming *n)
{
    gw_buf_add(n->out, n->at, n->used);
    n->used = 0;
}

static inline void put(struct naming *n, uint8_t byte)
{
    if (n->used == sizeof n->at)
        flush(n);
    n->at[n->used++] = byte;
}

/* What stood before a text, now that there is one: nothing trailing is ever written. */
static void put_before(struct naming *n)
{
    for (; n->elements; n->elements--)
        put(n, ELEMENT);
    for (; n->components; n->components--)
        put(n, COMPONENT);
    for (; n->blanks; n->blanks--)
        put(n, ' ');
    n->in_part = true;
}

static inline void put_text(struct naming *n, uint8_t byte)
{
    if (n->elements | n->components | n->blanks || !n->in_part)
        put_before(n);
    put(n, byte);
}

static void put_high(struct naming *n, enum gw_edi_charset charset, uint8_t byte)
{
    uint8_t room[8];
    struct gw_buf text = {.at = room, .cap = sizeof room, .limit = sizeof room};
    gw_edi_charset_put(charset, byte, &text);
    for (size_t i = 0; i < text.len; i++)
        put_text(n, text.at[i]);
}

static void next_element(struct naming *n)
{
    n->elements++;
    n->components = n->blanks = 0;
    n->in_part = false;
}

static void next_component(struct naming *n)
{
    n->components++;
    n->blanks = 0;
    n->in_part = false;
}

static void end_segment(struct naming *n)
{
    put(n, SEGMENT);
    n->elements = n->components = n->blanks = 0;
    n->in_part = false;
}

static void put_slice(struct naming *n, struct gw_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        put_text(n, s.at[i]);
}

/* The texts up to the next byte that is none: most of a message. */
static const uint8_t *put_run(struct naming *n, const struct gw_edi_signs *signs,
                              const uint8_t *at, const uint8_t *end)
{
    put_text(n, *at++);
    while (at < end && signs->kind[*at] == GW_EDI_TEXT && *at != ' ' &&
           n->used < sizeof n->at)
        n->at[n->used++] = *at++;
    return at - 1;
}

/* A line end within a free text stands for a blank, once; elsewhere it is nothing. */
static void put_break(struct naming *n, bool free_text)
{
    if (free_text && n->in_part && !n->blanks)
        n->blanks = 1;
}

static void put_segment(struct naming *n, const struct gw_edi_dress *from,
                        const struct gw_edi_raw *raw)
{
    const struct gw_edi_signs *signs = from->signs;
    const uint8_t *at = from->in.at + raw->at, *end = at + raw->len;
    bool free_text = raw->tag == GW_EDI_TAG('F', 'T', 'X') && !signs->wrapped;
    char tag[4];
    gw_edi_tag_text(raw->tag, tag);
    put_slice(n, gw_slice_str(tag));
    while (at < end && signs->kind[*at] != GW_EDI_ELEMENT &&
           signs->kind[*at] != GW_EDI_COMPONENT)
        at++;
    for (; at < end; at++) {
        switch ((enum gw_edi_byte)signs->kind[*at]) {
        case GW_EDI_TEXT:
            if (*at != ' ')
                at = put_run(n, signs, at, end);
            else
                n->blanks += n->in_part;
            break;
        case GW_EDI_ELEMENT:
            next_element(n);
            break;
        case GW_EDI_COMPONENT:
            next_component(n);
            break;
        case GW_EDI_RELEASE:
            while (at + 1 < end && signs->wrapped && (at[1] == '\r' || at[1] == '\n'))
                at++;
            if (++at < end)
                put_text(n, *at);
            break;
        case GW_EDI_REPETITION:
            put_text(n, REPETITION);
            break;
        case GW_EDI_BREAK:
            put_break(n, free_text);
            break;
        case GW_EDI_CONTROL:
            n->blanks += n->in_part;
            break;
        case GW_EDI_HIGH:
            put_high(n, from->charset, *at);
            break;
        }
    }
    end_segment(n);
}

void gw_edi_undress(const struct gw_edi_dress *from, const struct gw_edi_raw *unh,
                    const struct gw_edi_raw *raws, uint32_t count, struct gw_buf *out)
{
    struct naming n = {.out = out};
    put_segment(&n, from, unh);
    for (uint32_t i = 0; i < count; i++)
        put_segment(&n, from, &raws[i]);
    flush(&n);
}

static void add(struct gw_blake *hash, struct gw_slice text)
{
    static const uint8_t end = SEGMENT; /* so that no two texts run together */
    gw_blake_add(hash, text);
    gw_blake_add(hash, gw_slice(&end, 1));
}

void gw_edi_name_interchange(const struct gw_edi_segment *unb,
                             uint8_t out[GW_EDI_NAME_BYTES])
{
    struct gw_blake hash;
    gw_blake_init(&hash);
    for (unsigned e = 2; e <= 5; e++) {
        unsigned last = e < unb->elements ? unb->first[e + 1] - unb->first[e] : 0;
        while (last && !gw_edi_get(unb, e, last).len)
            last--; /* empty components behind say nothing */
        for (unsigned i = 1; i <= last; i++)
            add(&hash, gw_edi_get(unb, e, i));
        add(&hash, gw_slice(NULL, 0));
    }
    gw_blake_end(&hash, out);
}

void gw_edi_name_message(const uint8_t *interchange, uint32_t number,
                         struct gw_slice group_ref, struct gw_slice content,
                         uint8_t out[GW_EDI_NAME_BYTES])
{
    struct gw_blake hash;
    char text[12];
    gw_blake_init(&hash);
    if (interchange) {
        gw_blake_add(&hash, gw_slice(interchange, GW_EDI_NAME_BYTES));
        (void)snprintf(text, sizeof text, "%u", (unsigned)number);
        add(&hash, gw_slice_str(text));
    }
    add(&hash, group_ref);
    add(&hash, content);
    gw_blake_end(&hash, out);
}
