/* xml_scan.c - one pass over the bytes of a document before libxml2 reads them: what is
 * refused without being parsed, and where each element starts.
 *
 * It looks at markup only as far as it must to tell tags from comments and character
 * data.  What it lets pass may still be no XML: that is libxml2's business. */
#include "adapters/kit/xml_doc.h"
#include <stdio.h>
#include <strings.h>

struct scan {
    struct gw_xml *x;
    const uint8_t *at, *end, *start;
    uint32_t starts, depth;
    struct gw_report *report;
};

static enum gw_error refuse(struct scan *s, const uint8_t *at, enum gw_error code,
                            const char *rule, const char *detail)
{
    struct gw_xml *x = s->x;
    x->nodes[GW_XML_NONE].at = (uint32_t)(at - s->start);
    (void)gw_fail(&s->report->fault, code, (size_t)(at - s->start), rule);
    s->report->segment = gw_xml_line(x, GW_XML_NONE);
    (void)snprintf(s->report->detail, sizeof s->report->detail, "%s", detail);
    return code;
}

/* ---- encoding ---- */

/* 8-bit encodings in which every ASCII byte is that character and nothing else. */
static const char *const encodings[] = {"utf-8",     "utf8",  "us-ascii",    "ascii",
                                        "iso-8859-", "koi8-", "windows-125", "cp125",
                                        "cp866",     "ibm866"};

static bool is_taken(struct gw_slice name)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (name.len >= strlen(encodings[i]) &&
            strncasecmp((const char *)name.at, encodings[i], strlen(encodings[i])) == 0)
            return true;
    return false;
}

/* The value of encoding="..." in the declaration; empty when there is none. */
static struct gw_slice declared_encoding(struct gw_slice declaration)
{
    const char *key = memmem(declaration.at, declaration.len, "encoding", 8);
    if (!key)
        return gw_slice(NULL, 0);
    const char *end = (const char *)declaration.at + declaration.len;
    const char *from = key + 8;
    while (from < end && (*from == ' ' || *from == '=' || *from == '\t'))
        from++;
    if (from == end || (*from != '"' && *from != '\''))
        return gw_slice(NULL, 0);
    const char *to = memchr(from + 1, *from, (size_t)(end - from - 1));
    return to ? gw_slice(from + 1, (size_t)(to - from - 1)) : gw_slice(NULL, 0);
}

static enum gw_error check_encoding(struct scan *s)
{
    size_t len = (size_t)(s->end - s->at);
    if (len >= 2 && (memcmp(s->at, "\xFE\xFF", 2) == 0 ||
                     memcmp(s->at, "\xFF\xFE", 2) == 0 || !s->at[0] || !s->at[1]))
        return refuse(s, s->at, GW_FORMAT, "character encoding", "UTF-16 is not taken");
    if (len >= 3 && memcmp(s->at, "\xEF\xBB\xBF", 3) == 0)
        s->at += 3;
    len = (size_t)(s->end - s->at);
    if (len < 5 || memcmp(s->at, "<?xml", 5) != 0)
        return GW_OK;
    const uint8_t *end = memmem(s->at, len < 512 ? len : 512, "?>", 2);
    struct gw_slice name =
        declared_encoding(gw_slice(s->at, end ? (size_t)(end - s->at) : 0));
    if (name.len && !is_taken(name))
        return refuse(s, s->at, GW_FORMAT, "character encoding",
                      "UTF-8 and 8-bit encodings are taken");
    return GW_OK;
}

/* ---- markup ---- */

/* Behind the next `mark` after `head` bytes ("<!-->" does not end a comment), or at the
 * end: libxml2 says then that it is missing. */
static void skip_past(struct scan *s, size_t head, const char *mark)
{
    size_t n = strlen(mark);
    s->at += head;
    const uint8_t *found = memmem(s->at, (size_t)(s->end - s->at), mark, n);
    s->at = found ? found + n : s->end;
}

static bool looking_at(const struct scan *s, const char *text)
{
    size_t n = strlen(text);
    return (size_t)(s->end - s->at) >= n && memcmp(s->at, text, n) == 0;
}

/* Behind the '>' of the start tag at s->at; its attributes counted. */
static const uint8_t *tag_end(const struct scan *s, const uint8_t *most,
                              uint32_t *attributes)
{
    const uint8_t *p = s->at + 1;
    uint32_t count = 0;
    while (p < most && *p != '>') {
        if (*p == '"' || *p == '\'') {
            const uint8_t *close = memchr(p + 1, *p, (size_t)(most - p - 1));
            p = close ? close : most - 1;
            count++;
        }
        p++;
    }
    *attributes = count;
    return p < most ? p + 1 : most;
}

static enum gw_error start_tag(struct scan *s)
{
    const struct gw_xml_limits *l = &s->x->limits;
    const uint8_t *most =
        (size_t)(s->end - s->at) > l->tag_bytes ? s->at + l->tag_bytes : s->end;
    uint32_t attributes;
    const uint8_t *end = tag_end(s, most, &attributes);
    if (end == most && most != s->end)
        return refuse(s, s->at, GW_EVENT_SIZE, "bytes of one tag", "");
    if (attributes > l->attributes)
        return refuse(s, s->at, GW_ELEMENTS, "attributes of one element", "");
    if (s->starts >= l->nodes)
        return refuse(s, s->at, GW_ELEMENTS, "number of elements", "");
    enum gw_error e = gw_xml_more_nodes(s->x, ++s->starts);
    if (e)
        return refuse(s, s->at, e, "memory", "");
    s->x->nodes[s->starts].at = (uint32_t)(s->at - s->start);
    if (!(end - s->at >= 2 && end[-1] == '>' && end[-2] == '/') && ++s->depth > l->depth)
        return refuse(s, s->at, GW_DEPTH, "depth of elements", "");
    s->at = end;
    return GW_OK;
}

static enum gw_error markup(struct scan *s)
{
    if (looking_at(s, "<!--"))
        skip_past(s, 4, "-->");
    else if (looking_at(s, "<![CDATA["))
        skip_past(s, 9, "]]>");
    else if (looking_at(s, "<!"))
        return refuse(s, s->at, GW_FORMAT, "no DOCTYPE",
                      "document type and entity declarations are refused");
    else if (looking_at(s, "<?"))
        skip_past(s, 2, "?>");
    else if (looking_at(s, "</")) {
        s->depth -= s->depth > 0;
        skip_past(s, 2, ">");
    } else
        return start_tag(s);
    return GW_OK;
}

enum gw_error gw_xml_scan(struct gw_xml *x, struct gw_report *report, uint32_t *starts)
{
    struct scan s = {.x = x,
                     .at = x->in.at,
                     .start = x->in.at,
                     .end = x->in.at + x->in.len,
                     .report = report};
    *starts = 0;
    if (!x->in.len)
        return refuse(&s, s.at, GW_FORMAT, "an XML document", "no bytes");
    if (x->in.len > x->limits.bytes)
        return refuse(&s, s.at, GW_EVENT_SIZE, "size of the document", "");
    enum gw_error e = check_encoding(&s);
    while (!e && s.at < s.end) {
        s.at = memchr(s.at, '<', (size_t)(s.end - s.at));
        if (!s.at)
            break;
        e = markup(&s);
    }
    *starts = s.starts;
    return e;
}
