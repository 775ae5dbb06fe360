/* yaml.c - YAML files with the line of every value. */
#include "conf/yaml.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#define FILE_MAX ((size_t)4 << 20)
/* yaml.h of libyaml counts nodes from 1, so 0 is free for "absent". */

struct gw_yaml {
    yaml_document_t document;
    bool loaded;
    char name[128];
};

/* ---- complaints ---- */

__attribute__((format(printf, 5, 0))) static void vcomplain(struct gw_complaint *c, const char *file, int line,
                      const char *remedy, const char *fmt, va_list ap)
{
    if (!c)
        return;
    (void)snprintf(c->file, sizeof c->file, "%s", file);
    c->line = line;
    (void)vsnprintf(c->what, sizeof c->what, fmt, ap);
    (void)snprintf(c->remedy, sizeof c->remedy, "%s", remedy);
}

__attribute__((format(printf, 5, 6))) static void complain_at(struct gw_complaint *c,
                                                              const char *file, int line,
                                                              const char *remedy,
                                                              const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vcomplain(c, file, line, remedy, fmt, ap);
    va_end(ap);
}

void gw_complain(struct gw_complaint *c, struct gw_ynode at, const char *remedy,
                 const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vcomplain(c, gw_ynode_file(at), gw_ynode_line(at), remedy, fmt, ap);
    va_end(ap);
}

void gw_complaint_text(const struct gw_complaint *c, struct gw_buf *out)
{
    gw_buf_str(out, c->file);
    if (c->line > 0)
        gw_buf_printf(out, ":%d", c->line);
    gw_buf_printf(out, ": %s", c->what);
    if (c->remedy[0])
        gw_buf_printf(out, " - %s", c->remedy);
}

/* ---- nodes ---- */

static const yaml_node_t *node(struct gw_ynode n)
{
    const yaml_document_t *d;
    if (!n.doc || n.index < 1)
        return NULL;
    d = &n.doc->document;
    if (n.index > d->nodes.top - d->nodes.start)
        return NULL;
    return d->nodes.start + n.index - 1;
}

static struct gw_ynode absent(void)
{
    return (struct gw_ynode){0};
}

struct gw_ynode gw_yaml_root(const struct gw_yaml *y)
{
    struct gw_ynode n = {y, 1};
    return node(n) ? n : absent();
}

enum gw_ykind gw_ynode_kind(struct gw_ynode n)
{
    const yaml_node_t *y = node(n);
    if (!y)
        return GW_Y_ABSENT;
    if (y->type == YAML_SEQUENCE_NODE)
        return GW_Y_LIST;
    return y->type == YAML_MAPPING_NODE ? GW_Y_MAP : GW_Y_SCALAR;
}

int gw_ynode_line(struct gw_ynode n)
{
    const yaml_node_t *y = node(n);
    return y ? (int)y->start_mark.line + 1 : 0;
}

const char *gw_ynode_file(struct gw_ynode n)
{
    return n.doc ? n.doc->name : "";
}

int gw_ynode_count(struct gw_ynode n)
{
    const yaml_node_t *y = node(n);
    if (y && y->type == YAML_SEQUENCE_NODE)
        return (int)(y->data.sequence.items.top - y->data.sequence.items.start);
    if (y && y->type == YAML_MAPPING_NODE)
        return (int)(y->data.mapping.pairs.top - y->data.mapping.pairs.start);
    return 0;
}

struct gw_ynode gw_ynode_item(struct gw_ynode n, int i)
{
    const yaml_node_t *y = node(n);
    if (i < 0 || i >= gw_ynode_count(n))
        return absent();
    if (y->type == YAML_SEQUENCE_NODE)
        return (struct gw_ynode){n.doc, y->data.sequence.items.start[i]};
    return (struct gw_ynode){n.doc, y->data.mapping.pairs.start[i].value};
}

struct gw_ynode gw_ynode_key(struct gw_ynode map, int i)
{
    const yaml_node_t *y = node(map);
    if (!y || y->type != YAML_MAPPING_NODE || i < 0 || i >= gw_ynode_count(map))
        return absent();
    return (struct gw_ynode){map.doc, y->data.mapping.pairs.start[i].key};
}

struct gw_ynode gw_ynode_get(struct gw_ynode map, const char *key)
{
    int count = gw_ynode_kind(map) == GW_Y_MAP ? gw_ynode_count(map) : 0;
    for (int i = 0; i < count; i++)
        if (strcmp(gw_ynode_text(gw_ynode_key(map, i)), key) == 0)
            return gw_ynode_item(map, i);
    return absent();
}

/* ---- scalars ---- */

const char *gw_ynode_text(struct gw_ynode n)
{
    const yaml_node_t *y = node(n);
    return y && y->type == YAML_SCALAR_NODE ? (const char *)y->data.scalar.value : "";
}

bool gw_ynode_int(struct gw_ynode n, int64_t *out)
{
    const char *s = gw_ynode_text(n), *digits = *s == '-' || *s == '+' ? s + 1 : s;
    long long v;
    if (!*digits || digits[strspn(digits, "0123456789")])
        return false;
    errno = 0;
    v = strtoll(s, NULL, 10);
    if (errno)
        return false;
    *out = v;
    return true;
}

bool gw_ynode_float(struct gw_ynode n, double *out)
{
    const char *s = gw_ynode_text(n);
    char *end;
    double v;
    if (!*s || s[strspn(s, "0123456789+-.eE")])
        return false; /* no hexadecimal, no "nan", no blanks */
    v = strtod(s, &end);
    if (*end || !isfinite(v))
        return false;
    *out = v;
    return true;
}

bool gw_ynode_bool(struct gw_ynode n, bool *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true},   {"yes", true}, {"on", true},
                 {"false", false}, {"no", false}, {"off", false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(gw_ynode_text(n), words[i].word) == 0) {
            *out = words[i].value;
            return true;
        }
    return false;
}

/* ---- what we do not take, so that readers of a document need not care ---- */

static int by_text(const void *a, const void *b)
{
    const struct gw_ynode *x = a, *y = b;
    int c = strcmp(gw_ynode_text(*x), gw_ynode_text(*y));
    return c ? c : (x->index > y->index) - (x->index < y->index);
}

static enum gw_error check_keys(struct gw_ynode map, struct gw_complaint *c)
{
    int count = gw_ynode_count(map);
    enum gw_error e = GW_OK;
    struct gw_ynode *keys = calloc((size_t)count + 1, sizeof *keys);
    if (!keys)
        return GW_NOMEM;
    for (int i = 0; i < count && !e; i++) {
        keys[i] = gw_ynode_key(map, i);
        if (gw_ynode_kind(keys[i]) != GW_Y_SCALAR) {
            gw_complain(c, keys[i], "write a plain word before the colon",
                        "a key is not a word");
            e = GW_FORMAT;
        }
    }
    if (!e)
        qsort(keys, (size_t)count, sizeof *keys, by_text);
    for (int i = 1; i < count && !e; i++)
        if (strcmp(gw_ynode_text(keys[i - 1]), gw_ynode_text(keys[i])) == 0) {
            gw_complain(c, keys[i], "keep one of them",
                        "%s: is there twice, first in line %d", gw_ynode_text(keys[i]),
                        gw_ynode_line(keys[i - 1]));
            e = GW_FORMAT;
        }
    free(keys);
    return e;
}

static enum gw_error check_scalar(struct gw_ynode n, struct gw_complaint *c)
{
    const yaml_node_t *y = node(n);
    if (strlen((const char *)y->data.scalar.value) == y->data.scalar.length)
        return GW_OK;
    gw_complain(c, n, "remove it", "a text holds a zero character");
    return GW_FORMAT;
}

/* Count how often each node is named as a child: more than once, or the root at all,
 * means an alias, through which a document could be endless or enormous. */
static enum gw_error check_aliases(struct gw_ynode n, uint8_t *seen,
                                   struct gw_complaint *c)
{
    int kinds = gw_ynode_kind(n) == GW_Y_MAP ? 2 : 1; /* values; and keys */
    for (int i = 0; i < gw_ynode_count(n); i++)
        for (int k = 0; k < kinds; k++) {
            struct gw_ynode child = k ? gw_ynode_key(n, i) : gw_ynode_item(n, i);
            if (seen[child.index]++) {
                gw_complain(c, n, "write the value out where it is meant",
                            "anchors and aliases (& and *) are not used here");
                return GW_FORMAT;
            }
        }
    return GW_OK;
}

static enum gw_error check_document(const struct gw_yaml *y, struct gw_complaint *c)
{
    int count = (int)(y->document.nodes.top - y->document.nodes.start);
    enum gw_error e = GW_OK;
    uint8_t *seen = calloc((size_t)count + 2, 1);
    if (!seen)
        return GW_NOMEM;
    seen[1] = 1; /* the root is nobody's child */
    for (int i = 1; i <= count && !e; i++) {
        struct gw_ynode n = {y, i};
        if (gw_ynode_kind(n) == GW_Y_SCALAR) {
            e = check_scalar(n, c);
            continue;
        }
        e = check_aliases(n, seen, c);
        if (!e && gw_ynode_kind(n) == GW_Y_MAP)
            e = check_keys(n, c);
    }
    free(seen);
    return e;
}

/* ---- reading ---- */

static enum gw_error parser_fault(const yaml_parser_t *p, const char *name,
                                  struct gw_complaint *c)
{
    int line = p->error == YAML_READER_ERROR ? 0 : (int)p->problem_mark.line + 1;
    if (p->error == YAML_MEMORY_ERROR)
        return GW_NOMEM;
    complain_at(c, name, line, "correct the YAML", "cannot be read: %s",
                p->problem ? p->problem : "not YAML");
    return GW_FORMAT;
}

static enum gw_error load_only_document(yaml_parser_t *p, struct gw_yaml *y,
                                        struct gw_complaint *c)
{
    yaml_document_t more;
    bool another;
    if (!yaml_parser_load(p, &y->document))
        return parser_fault(p, y->name, c);
    y->loaded = true;
    if (!yaml_document_get_root_node(&y->document))
        return GW_OK; /* an empty file: the root is absent */
    if (!yaml_parser_load(p, &more))
        return parser_fault(p, y->name, c);
    another = yaml_document_get_root_node(&more) != NULL;
    yaml_document_delete(&more);
    if (!another)
        return GW_OK;
    complain_at(c, y->name, 0, "put each into a file of its own",
                "holds several documents (---)");
    return GW_FORMAT;
}

enum gw_error gw_yaml_parse(struct gw_yaml **out, struct gw_slice text, const char *name,
                            struct gw_complaint *c)
{
    yaml_parser_t parser;
    enum gw_error e;
    struct gw_yaml *y = calloc(1, sizeof *y);

    *out = NULL;
    if (!y)
        return GW_NOMEM;
    (void)snprintf(y->name, sizeof y->name, "%s", name);
    if (text.len > FILE_MAX) {
        complain_at(c, y->name, 0, "split it", "is over 4 MiB");
        free(y);
        return GW_RANGE;
    }
    if (!yaml_parser_initialize(&parser)) {
        free(y);
        return GW_NOMEM;
    }
    yaml_parser_set_input_string(&parser, text.len ? text.at : (const uint8_t *)"",
                                 text.len);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    e = load_only_document(&parser, y, c);
    yaml_parser_delete(&parser);
    if (!e)
        e = check_document(y, c);
    if (e) {
        gw_yaml_free(y);
        return e;
    }
    *out = y;
    return GW_OK;
}

static enum gw_error read_file(const char *path, struct gw_buf *out,
                               struct gw_complaint *c)
{
    char chunk[16384];
    size_t n;
    bool failed;
    FILE *f = fopen(path, "rb");
    if (!f) {
        complain_at(c, path, 0, "check the name and the permissions",
                    "cannot be opened: %s", strerror(errno));
        return GW_IO;
    }
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0 && !out->failed)
        gw_buf_add(out, chunk, n);
    failed = ferror(f) != 0;
    if (failed)
        complain_at(c, path, 0, "check that it is a file", "cannot be read: %s",
                    strerror(errno));
    (void)fclose(f);
    if (failed)
        return GW_IO;
    if (!out->failed)
        return GW_OK;
    complain_at(c, path, 0, "split it", "is over 4 MiB");
    return GW_RANGE;
}

enum gw_error gw_yaml_load(struct gw_yaml **out, const char *path, struct gw_complaint *c)
{
    struct gw_buf text;
    enum gw_error e;

    *out = NULL;
    gw_buf_init(&text, FILE_MAX);
    e = read_file(path, &text, c);
    if (!e)
        e = gw_yaml_parse(out, gw_buf_bytes(&text), path, c);
    gw_buf_deinit(&text);
    return e;
}

void gw_yaml_free(struct gw_yaml *y)
{
    if (!y)
        return;
    if (y->loaded)
        yaml_document_delete(&y->document);
    free(y);
}
