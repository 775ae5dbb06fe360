/* fuzz_xml.c - any bytes through the XML door: refused with a rule and a place inside the
 * input, or a tree whose parts hang together. */
#include "adapters/kit/xml_doc.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const struct gw_report *r, size_t size)
{
    if (!r->fault.rule || r->fault.at > size)
        abort();
}

static void check_tree(const struct gw_xml *x, size_t size)
{
    char path[40];
    for (uint32_t n = GW_XML_ROOT; n <= x->used; n++) {
        const struct gw_xml_node *node = &x->nodes[n];
        if (!*node->name || node->parent >= n || node->at >= size ||
            (size_t)node->text + node->text_len > x->texts.len)
            abort();
        gw_xml_path(x, n, path, sizeof path);
        if (x->in.at[node->at] != '<' || strlen(path) >= sizeof path)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct gw_xml_limits small = {
        .bytes = 4096, .depth = 8, .nodes = 64, .attributes = 8, .tag_bytes = 512};
    struct gw_report report = {0};
    struct gw_xml x;
    gw_xml_init(&x, &small);
    if (gw_xml_read(&x, gw_slice(data, size), &report))
        check_refusal(&report, size);
    else
        check_tree(&x, size);
    gw_xml_deinit(&x);
    return 0;
}
