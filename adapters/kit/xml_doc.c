/* xml_doc.c - libxml2's SAX events into the element tree. */
#include "adapters/kit/xml_doc.h"
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

const struct gw_xml_limits gw_xml_limits_default = {.bytes = 16u << 20,
                                                    .depth = 64,
                                                    .nodes = 1u << 19,
                                                    .attributes = 64,
                                                    .tag_bytes = 64u << 10};

/* One read on its way. */
struct reading {
    struct gw_xml *x;
    uint32_t starts; /* elements the scan saw */
    uint32_t open;   /* element that is open now */
    size_t run;      /* where its text starts in x->texts */
    xmlParserCtxtPtr parser;
    enum gw_error failed;
    int line;       /* of the first complaint */
    char words[96]; /* libxml2's, without its line end */
};

/* ---- storage ---- */

void gw_xml_init(struct gw_xml *x, const struct gw_xml_limits *limits)
{
    *x = (struct gw_xml){.limits = *limits};
    /* texts never outgrow the input but by an 8-bit encoding, by three at most */
    gw_buf_init(&x->texts, 3 * limits->bytes + 64);
}

void gw_xml_forget(struct gw_xml *x)
{
    if (x->dict)
        xmlDictFree(x->dict);
    x->dict = NULL;
    x->used = x->attrs_used = 0;
    x->json = NULL;
    gw_buf_reset(&x->texts);
}

void gw_xml_deinit(struct gw_xml *x)
{
    gw_xml_forget(x);
    gw_buf_deinit(&x->texts);
    gw_buf_deinit(&x->names);
    free(x->nodes);
    free(x->attrs);
    *x = (struct gw_xml){0};
}

/* Room for nodes[index]. */
enum gw_error gw_xml_more_nodes(struct gw_xml *x, uint32_t index)
{
    if (index < x->cap)
        return GW_OK;
    uint32_t cap = x->cap ? 2 * x->cap : 256;
    struct gw_xml_node *n = realloc(x->nodes, cap * sizeof *n);
    if (!n)
        return GW_NOMEM;
    x->nodes = n;
    x->cap = cap;
    return GW_OK;
}

/* Room for `count` attributes more. */
enum gw_error gw_xml_more_attrs(struct gw_xml *x, uint32_t count)
{
    if (x->attrs_used + count <= x->attrs_cap)
        return GW_OK;
    uint32_t cap = 2 * (x->attrs_used + count);
    struct gw_xml_attr *a = realloc(x->attrs, cap * sizeof *a);
    if (!a)
        return GW_NOMEM;
    x->attrs = a;
    x->attrs_cap = cap;
    return GW_OK;
}

/* ---- SAX ---- */

static void stop(struct reading *r, enum gw_error e)
{
    r->failed = e;
    xmlStopParser(r->parser);
}

void gw_xml_link(struct gw_xml *x, uint32_t n, uint32_t parent)
{
    struct gw_xml_node *p = &x->nodes[parent];
    if (p->last)
        x->nodes[p->last].next = n;
    else
        p->first = n;
    p->last = n;
}

static void keep_attributes(struct gw_xml *x, struct gw_xml_node *n, int count,
                            const xmlChar **a)
{
    for (int i = 0; i < count; i++, a += 5) { /* name, prefix, URI, value, its end */
        struct gw_xml_attr *to = &x->attrs[x->attrs_used++];
        *to = (struct gw_xml_attr){(const char *)a[0], (uint32_t)x->texts.len,
                                   (uint32_t)(a[4] - a[3])};
        gw_buf_add(&x->texts, a[3], (size_t)(a[4] - a[3]));
        n->attr_count++;
    }
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int ns_count, const xmlChar **ns, int attr_count,
                     int defaulted, const xmlChar **attrs)
{
    struct reading *r = user;
    struct gw_xml *x = r->x;
    (void)prefix, (void)uri, (void)ns_count, (void)ns, (void)defaulted;
    if (r->failed)
        return;
    if (x->used == r->starts) { /* the scan saw fewer: no element of this text */
        stop(r, GW_FORMAT);
        return;
    }
    if (gw_xml_more_attrs(x, (uint32_t)attr_count)) {
        stop(r, GW_NOMEM);
        return;
    }
    uint32_t n = ++x->used;
    x->texts.len = r->run; /* blanks between elements */
    x->nodes[n] = (struct gw_xml_node){.name = (const char *)name,
                                       .parent = r->open,
                                       .attr = x->attrs_used,
                                       .at = x->nodes[n].at};
    keep_attributes(x, &x->nodes[n], attr_count, attrs);
    gw_xml_link(x, n, r->open);
    r->open = n;
    r->run = x->texts.len;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
    struct reading *r = user;
    struct gw_xml *x = r->x;
    (void)name, (void)prefix, (void)uri;
    if (r->failed || !r->open)
        return;
    struct gw_xml_node *n = &x->nodes[r->open];
    size_t from = r->run, to = x->texts.len;
    while (from < to && is_blank(x->texts.at[from]))
        from++;
    while (to > from && is_blank(x->texts.at[to - 1]))
        to--;
    n->text = (uint32_t)from;
    n->text_len = n->first ? 0 : (uint32_t)(to - from);
    x->texts.len = n->first ? r->run : to;
    r->run = x->texts.len;
    r->open = n->parent;
}

static void on_text(void *user, const xmlChar *text, int len)
{
    struct reading *r = user;
    if (r->failed || !r->open || r->x->nodes[r->open].first)
        return;
    gw_buf_add(&r->x->texts, text, (size_t)len);
    if (r->x->texts.failed)
        stop(r, GW_NOMEM);
}

static void on_complaint(void *user, xmlErrorPtr error)
{
    struct reading *r = user;
    if (error->level < XML_ERR_FATAL || r->words[0])
        return;
    r->line = error->line;
    (void)snprintf(r->words, sizeof r->words, "%s",
                   error->message ? error->message : "not well-formed");
    r->words[strcspn(r->words, "\n")] = 0;
}

/* ---- reading ---- */

static enum gw_error refuse_text(struct reading *r, struct gw_report *report)
{
    struct gw_xml *x = r->x;
    long at = xmlByteConsumed(r->parser);
    size_t byte = at < 0 ? 0 : (size_t)at < x->in.len ? (size_t)at : x->in.len;
    if (r->failed == GW_NOMEM)
        return gw_fail(&report->fault, GW_NOMEM, byte, "memory");
    report->segment = r->line > 0 ? (uint32_t)r->line : 0;
    (void)snprintf(report->detail, sizeof report->detail, "%s",
                   r->words[0] ? r->words : "no such element is expected");
    return gw_fail(&report->fault, GW_FORMAT, byte, "well-formed XML");
}

static enum gw_error parse(struct reading *r, struct gw_report *report)
{
    xmlSAXHandler sax = {.startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .serror = on_complaint,
                         .initialized = XML_SAX2_MAGIC};
    struct gw_xml *x = r->x;
    r->parser = xmlCreateMemoryParserCtxt((const char *)x->in.at, (int)x->in.len);
    if (!r->parser)
        return gw_fail(&report->fault, GW_NOMEM, 0, "memory");
    xmlSAXHandlerPtr own = r->parser->sax;
    r->parser->sax = &sax;
    r->parser->userData = r;
    /* NOENT: '&amp;' in attributes comes out as '&'; there are no other entities */
    (void)xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOENT);
    (void)xmlParseDocument(r->parser);
    bool good = r->parser->wellFormed && !r->failed && x->used == r->starts;
    enum gw_error e = good ? GW_OK : refuse_text(r, report);
    x->dict = r->parser->dict;
    xmlDictReference(x->dict);
    r->parser->sax = own;
    xmlFreeParserCtxt(r->parser);
    return e;
}

enum gw_error gw_xml_read(struct gw_xml *x, struct gw_slice in, struct gw_report *report)
{
    struct reading r = {.x = x};
    gw_xml_forget(x);
    x->in = in;
    if (gw_xml_more_nodes(x, GW_XML_ROOT))
        return gw_fail(&report->fault, GW_NOMEM, 0, "memory");
    x->nodes[GW_XML_NONE] = (struct gw_xml_node){.name = ""};
    enum gw_error e = gw_xml_scan(x, report, &r.starts);
    if (!e && !r.starts)
        e = gw_fail(&report->fault, GW_FORMAT, 0, "an XML document");
    if (!e)
        e = parse(&r, report);
    if (e)
        x->used = 0;
    return e;
}
