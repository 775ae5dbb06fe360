/* xml_ask.c - questions about the element tree, and refusals that say where. */
#include "adapters/kit/json_doc.h"
#include "adapters/kit/xml_doc.h"
#include "model/json.h"
#include <stdio.h>

uint32_t gw_xml_next(const struct gw_xml *x, uint32_t node, const char *name)
{
    uint32_t n = node ? x->nodes[node].next : GW_XML_NONE;
    while (n && name && strcmp(x->nodes[n].name, name) != 0)
        n = x->nodes[n].next;
    return n;
}

uint32_t gw_xml_child(const struct gw_xml *x, uint32_t parent, const char *name)
{
    uint32_t n = parent ? x->nodes[parent].first : GW_XML_NONE;
    while (n && name && strcmp(x->nodes[n].name, name) != 0)
        n = x->nodes[n].next;
    return n;
}

/* names: "ID|id" */
static bool is_one_of(const char *name, struct gw_slice names)
{
    while (names.len) {
        const uint8_t *bar = memchr(names.at, '|', names.len);
        size_t len = bar ? (size_t)(bar - names.at) : names.len;
        if (gw_slice_is(gw_slice(names.at, len), name))
            return true;
        len += bar != NULL;
        names = gw_slice(names.at + len, names.len - len);
    }
    return false;
}

static uint32_t child_of(const struct gw_xml *x, uint32_t parent, struct gw_slice names)
{
    uint32_t n = x->nodes[parent].first;
    while (n && !is_one_of(x->nodes[n].name, names))
        n = x->nodes[n].next;
    return n;
}

uint32_t gw_xml_at(const struct gw_xml *x, uint32_t from, const char *path)
{
    while (from && *path) {
        size_t len = strcspn(path, "/");
        from = child_of(x, from, gw_slice(path, len));
        path += len + (path[len] == '/');
    }
    return from;
}

struct gw_slice gw_xml_text(const struct gw_xml *x, uint32_t from, const char *path)
{
    uint32_t n = gw_xml_at(x, from, path);
    if (!n || !x->nodes[n].text_len)
        return gw_slice(NULL, 0);
    return gw_slice(x->texts.at + x->nodes[n].text, x->nodes[n].text_len);
}

struct gw_slice gw_xml_attr(const struct gw_xml *x, uint32_t node, const char *name)
{
    const struct gw_xml_node *n = &x->nodes[node];
    for (uint32_t i = n->attr; node && i < n->attr + n->attr_count; i++)
        if (strcmp(x->attrs[i].name, name) == 0)
            return gw_slice(x->texts.at + x->attrs[i].text, x->attrs[i].text_len);
    return gw_slice(NULL, 0);
}

/* ---- where ---- */

size_t gw_xml_byte(const struct gw_xml *x, uint32_t node)
{
    char path[8];
    const struct gw_json_doc *j = x->json;
    if (!j)
        return x->nodes[node].at;
    return j->skipped + gw_json_place(&j->tree, j->text, j->root,
                                      node ? x->nodes[node].at : j->root, path,
                                      sizeof path);
}

static uint32_t line_of(const struct gw_xml *x, size_t byte)
{
    const uint8_t *p = x->in.at, *end = p + byte;
    uint32_t line = 1;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        line++;
        p++;
    }
    return line;
}

uint32_t gw_xml_line(const struct gw_xml *x, uint32_t node)
{
    return line_of(x, gw_xml_byte(x, node));
}

/* Its place among the siblings of its name, from 1; 0 when it is the only one. */
static uint32_t place_of(const struct gw_xml *x, uint32_t node)
{
    const char *name = x->nodes[node].name;
    uint32_t place = 0, count = 0;
    for (uint32_t n = gw_xml_child(x, x->nodes[node].parent, name); n;
         n = gw_xml_next(x, n, name)) {
        count++;
        if (n == node)
            place = count;
    }
    return count > 1 ? place : 0;
}

void gw_xml_path(const struct gw_xml *x, uint32_t node, char *out, size_t size)
{
    char step[80];
    size_t from = size - 1; /* filled from its end */
    out[from] = 0;
    for (; node; node = x->nodes[node].parent) {
        uint32_t place = place_of(x, node);
        int n = place ? snprintf(step, sizeof step, "/%s[%u]", x->nodes[node].name, place)
                      : snprintf(step, sizeof step, "/%s", x->nodes[node].name);
        size_t len = (size_t)n < sizeof step ? (size_t)n : sizeof step - 1;
        if (len > from)
            break;
        from -= len;
        memcpy(out + from, step, len);
    }
    memmove(out, out + from, size - from);
}

static void describe(const struct gw_xml *x, uint32_t node, struct gw_slice value,
                     char *out, size_t size)
{
    char path[160];
    gw_xml_path(x, node, path, size < 120 ? 64 : 112);
    int most = value.len < 32 ? (int)value.len : 32;
    while (most > 0 && most < (int)value.len && (value.at[most] & 0xC0) == 0x80)
        most--; /* no half character */
    struct gw_text text;
    gw_text_set(&text, most ? "%s: \"%.*s\"" : "%s", path, most, (const char *)value.at);
    size_t len = strlen(text.s) < size ? strlen(text.s) : size - 1;
    memcpy(out, text.s, len);
    out[len] = 0;
}

enum gw_error gw_xml_refuse(const struct gw_xml *x, uint32_t node, enum gw_error code,
                            const char *rule, struct gw_slice value,
                            struct gw_report *report)
{
    report->segment = gw_xml_line(x, node);
    describe(x, node, value, report->detail, sizeof report->detail);
    return gw_fail(&report->fault, code, gw_xml_byte(x, node), rule);
}

void gw_xml_note(const struct gw_xml *x, uint32_t node, const char *rule,
                 struct gw_slice value, struct gw_report *report)
{
    const uint32_t room = sizeof report->findings / sizeof *report->findings;
    if (report->finding_count < room) {
        struct gw_finding *f = &report->findings[report->finding_count];
        size_t at = gw_xml_byte(x, node);
        *f = (struct gw_finding){.at = at, .segment = line_of(x, at), .rule = rule};
        describe(x, node, value, f->detail, sizeof f->detail);
    }
    report->finding_count++;
}

/* ---- writing ---- */

void gw_xml_escape(struct gw_buf *out, struct gw_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (c == '&')
            gw_buf_str(out, "&amp;");
        else if (c == '<')
            gw_buf_str(out, "&lt;");
        else if (c == '>')
            gw_buf_str(out, "&gt;");
        else if (c == '"')
            gw_buf_str(out, "&quot;");
        else
            gw_buf_byte(out, c < 0x20 && c != '\t' && c != '\n' ? '?' : c);
    }
}
