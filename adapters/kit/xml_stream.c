/* xml_stream.c - XML documents one after another in one file. */
#include "adapters/kit/xml_stream.h"

#define DECLARATION "<?xml "

static size_t find(struct gw_slice s, size_t from)
{
    const uint8_t *p =
        memmem(s.at + from, s.len - from, DECLARATION, sizeof DECLARATION - 1);
    return p ? (size_t)(p - s.at) : s.len;
}

/* Blanks, and the number of the next record with its '$'. */
static size_t without_tail(struct gw_slice s, size_t from, size_t to)
{
    size_t end = to;
    if (to < s.len && end > from && s.at[end - 1] == '$') {
        end--;
        while (end > from && s.at[end - 1] >= '0' && s.at[end - 1] <= '9')
            end--;
    }
    while (end > from && strchr(" \t\r\n", s.at[end - 1]) && s.at[end - 1])
        end--;
    return end;
}

bool gw_xml_stream_next(struct gw_xml_stream *s)
{
    if (s->begun && s->next >= s->text.len)
        return false;
    size_t from = s->next;
    if (!s->begun) {
        if (gw_slice_starts(s->text, GW_LIT("\xEF\xBB\xBF")))
            from = 3;
        size_t first = find(s->text, from);
        if (first < s->text.len && without_tail(s->text, from, first) == from)
            from = first;
    }
    s->begun = true;
    s->at = from;
    s->next = from < s->text.len ? find(s->text, from + 1) : s->text.len;
    size_t end = without_tail(s->text, from, s->next);
    s->document = gw_slice(s->text.at + from, end - from);
    return true;
}

void gw_xml_stream_place(const struct gw_xml_stream *s, uint32_t finding, bool refused,
                         struct gw_report *report)
{
    const uint32_t kept = sizeof report->findings / sizeof *report->findings;
    uint32_t lines = 0;
    for (size_t i = 0; i < s->at; i++)
        lines += s->text.at[i] == '\n';
    for (; finding < report->finding_count && finding < kept; finding++) {
        report->findings[finding].at += s->at;
        report->findings[finding].segment += lines;
    }
    if (!refused)
        return;
    report->fault.at += s->at;
    report->segment += report->segment ? lines : 0;
}
