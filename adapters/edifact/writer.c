/* writer.c - segments to bytes. */
#include "adapters/edifact/writer.h"

void gw_edi_segment(struct gw_edi_writer *w, const char *tag)
{
    gw_buf_str(w->out, tag);
    w->kept = w->out->len;
    w->open = 0;
}

/* Service characters are released; control characters cannot be sent. */
static void put(struct gw_edi_writer *w, struct gw_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (c == '+' || c == ':' || c == '\'' || c == '?')
            gw_buf_byte(w->out, '?');
        gw_buf_byte(w->out, c < 0x20 || c == 0x7F ? ' ' : c);
    }
    if (text.len) {
        w->kept = w->out->len;
        w->open = 0;
    }
}

static void next_element(struct gw_edi_writer *w)
{
    if (!w->out->failed)
        w->out->len -= w->open;
    w->open = 0;
    gw_buf_byte(w->out, '+');
}

void gw_edi_element(struct gw_edi_writer *w, struct gw_slice text)
{
    next_element(w);
    put(w, text);
}

void gw_edi_component(struct gw_edi_writer *w, struct gw_slice text)
{
    gw_buf_byte(w->out, ':');
    w->open++;
    put(w, text);
}

void gw_edi_skip(struct gw_edi_writer *w, unsigned n)
{
    while (n--)
        next_element(w);
}

void gw_edi_element_str(struct gw_edi_writer *w, const char *text)
{
    gw_edi_element(w, gw_slice_str(text));
}

void gw_edi_component_str(struct gw_edi_writer *w, const char *text)
{
    gw_edi_component(w, gw_slice_str(text));
}

void gw_edi_plain(struct gw_edi_writer *w, const char *text)
{
    gw_buf_str(w->out, text);
    w->kept = w->out->len;
    w->open = 0;
}

void gw_edi_end(struct gw_edi_writer *w)
{
    if (!w->out->failed)
        w->out->len = w->kept;
    gw_buf_str(w->out, "'\n");
    w->segments++;
}
