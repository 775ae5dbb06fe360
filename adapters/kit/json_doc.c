/* json_doc.c - a company's JSON document as a tree. */
#include "adapters/kit/json_doc.h"
#include "model/json.h"
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FINDINGS (sizeof((struct gw_report *)0)->findings / sizeof(struct gw_finding))

const struct gw_budget gw_json_doc_budget = {8u << 20, 24, 512u << 10, 64u << 10};

enum gw_error gw_json_doc_init(struct gw_json_doc *d, const struct gw_budget *budget)
{
    *d = (struct gw_json_doc){.root = GW_NODE_NONE};
    return gw_tree_init(&d->tree, budget);
}

void gw_json_doc_deinit(struct gw_json_doc *d)
{
    gw_tree_deinit(&d->tree);
    *d = (struct gw_json_doc){0};
}

/* Where the budget was reached: at the last value there was room for. */
static size_t place_of_bound(const struct gw_json_doc *d, struct gw_fault *fault)
{
    char path[sizeof fault->field];
    size_t at = gw_json_place(&d->tree, d->text, d->tree.used ? 1 : GW_NODE_NONE,
                              (uint32_t)fault->at, path, sizeof path);
    memcpy(fault->field, path, sizeof path);
    return at;
}

bool gw_json_doc_begins(struct gw_slice in)
{
    size_t i = gw_slice_starts(in, GW_LIT("\xEF\xBB\xBF")) ? 3 : 0;
    while (i < in.len && strchr(" \t\r\n", in.at[i]) && in.at[i])
        i++;
    return i < in.len && (in.at[i] == '{' || in.at[i] == '[');
}

enum gw_error gw_json_doc_read(struct gw_json_doc *d, struct gw_slice in,
                               struct gw_report *report)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    bool marked = gw_slice_starts(in, gw_slice(mark, sizeof mark));
    struct gw_fault *f = &report->fault;

    d->root = GW_NODE_NONE;
    d->skipped = marked ? sizeof mark : 0;
    d->text = gw_slice(in.at + d->skipped, in.len - d->skipped);
    enum gw_error e = gw_json_read_document(&d->tree, d->text, &d->root, f);
    if (!e)
        return GW_OK;
    if (e == GW_DEPTH || e == GW_ELEMENTS || e == GW_STRING_SIZE || e == GW_NOMEM)
        f->at = place_of_bound(d, f);
    (void)gw_fail(f, e, f->at + d->skipped, "JSON document");
    (void)snprintf(report->detail, sizeof report->detail, "%s%s%s", gw_error_text(e),
                   f->field[0] ? " at " : "", f->field);
    return e;
}

/* ---- refusing and finding ---- */

enum gw_error gw_json_doc_refuse(const struct gw_json_doc *d, uint32_t node,
                                 enum gw_error code, const char *rule,
                                 struct gw_report *report, const char *fmt, ...)
{
    struct gw_fault *f = &report->fault;
    char words[sizeof report->detail];
    va_list ap;
    size_t at =
        gw_json_place(&d->tree, d->text, d->root, node, f->field, sizeof f->field);

    va_start(ap, fmt);
    (void)vsnprintf(words, sizeof words, fmt, ap);
    va_end(ap);
    (void)snprintf(report->detail, sizeof report->detail, "%s%s%.*s", f->field,
                   f->field[0] ? ": " : "",
                   (int)(sizeof report->detail - sizeof f->field - 3), words);
    return gw_fail(f, code, at + d->skipped, rule);
}

void gw_json_doc_find(const struct gw_json_doc *d, uint32_t node, const char *rule,
                      struct gw_report *report, const char *fmt, ...)
{
    char path[56], words[96];
    va_list ap;
    struct gw_finding *f;

    if (report->finding_count++ >= FINDINGS)
        return;
    f = &report->findings[report->finding_count - 1];
    *f = (struct gw_finding){.rule = rule};
    f->at =
        d->skipped + gw_json_place(&d->tree, d->text, d->root, node, path, sizeof path);
    va_start(ap, fmt);
    (void)vsnprintf(words, sizeof words, fmt, ap);
    va_end(ap);
    (void)snprintf(f->detail, sizeof f->detail, "%s%s%.*s", path, path[0] ? ": " : "",
                   (int)(sizeof f->detail - strlen(path) - 3), words);
}

/* ---- looking ---- */

uint32_t gw_json_get(const struct gw_json_doc *d, uint32_t map, const char *key)
{
    return gw_tree_child(&d->tree, map, gw_slice_str(key));
}

struct gw_slice gw_json_text(const struct gw_json_doc *d, uint32_t map, const char *key)
{
    uint32_t n = gw_json_get(d, map, key);
    return n && d->tree.nodes[n].kind == GW_STR ? d->tree.nodes[n].s : gw_slice(NULL, 0);
}

struct gw_slice gw_json_words(const struct gw_json_doc *d, uint32_t node, char room[32])
{
    const struct gw_node *n = &d->tree.nodes[node];
    int len = 0;
    if (!node)
        return gw_slice(NULL, 0);
    if (n->kind == GW_STR)
        return n->s;
    if (n->kind == GW_INT)
        len = snprintf(room, 32, "%" PRId64, n->i);
    else if (n->kind == GW_FLOAT)
        len = snprintf(room, 32, "%.15g", n->f);
    return gw_slice(room, len > 0 ? (size_t)len : 0);
}

static bool number_of_text(struct gw_slice s, double *out)
{
    char text[64], *end;
    if (!s.len || !gw_slice_copy(s, text, sizeof text) ||
        strspn(text, "+-0123456789.,eE") != s.len)
        return false;
    for (char *c = strchr(text, ','); c; c = strchr(c, ','))
        *c = '.';
    *out = strtod(text, &end);
    return end == text + s.len && isfinite(*out);
}

bool gw_json_number(const struct gw_json_doc *d, uint32_t node, double *out)
{
    const struct gw_node *n = &d->tree.nodes[node];
    if (!node)
        return false;
    if (n->kind == GW_INT)
        *out = (double)n->i;
    else if (n->kind == GW_FLOAT)
        *out = n->f;
    else
        return n->kind == GW_STR && number_of_text(n->s, out);
    return true;
}
