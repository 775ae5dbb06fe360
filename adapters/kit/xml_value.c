/* xml_value.c - values of an XML document as a codec needs them. */
#include "adapters/kit/xml_value.h"
#include "adapters/kit/iso_time.h"
#include "adapters/kit/number.h"

enum gw_error gw_xml_time(const struct gw_xml *x, uint32_t from, const char *path,
                          struct gw_civil *out, bool *there, struct gw_report *report)
{
    struct gw_slice text = gw_xml_text(x, from, path);
    *there = text.len > 0;
    enum gw_error e = text.len ? gw_iso_time(text, out) : GW_OK;
    return e ? gw_xml_refuse(x, gw_xml_at(x, from, path), e, "date and time", text,
                             report)
             : GW_OK;
}

enum gw_error gw_xml_time_required(const struct gw_xml *x, uint32_t from,
                                   const char *path, struct gw_civil *out,
                                   struct gw_report *report)
{
    bool there;
    enum gw_error e = gw_xml_time(x, from, path, out, &there, report);
    return e || there ? e
                      : gw_xml_refuse(x, from, GW_MISSING, "required date and time",
                                      gw_slice_str(path), report);
}

bool gw_xml_number(const struct gw_xml *x, uint32_t from, const char *path, double *out,
                   struct gw_report *report)
{
    struct gw_slice text = gw_xml_text(x, from, path);
    if (!text.len)
        return false;
    if (gw_number(text, out))
        return true;
    gw_xml_note(x, gw_xml_at(x, from, path), "number", text, report);
    return false;
}

uint32_t gw_xml_find(const struct gw_xml *x, uint32_t from, const char *name)
{
    /* nodes are numbered in the document's order: what is below `from` follows it */
    uint32_t end = from ? x->nodes[from].next : 0;
    for (uint32_t up = from; up && !end;) {
        up = x->nodes[up].parent;
        end = up ? x->nodes[up].next : x->used + 1;
    }
    for (uint32_t n = from + 1; from && n < end; n++)
        if (strcmp(x->nodes[n].name, name) == 0)
            return n;
    return GW_XML_NONE;
}

const void *gw_code_row(const void *rows, size_t row_size, struct gw_slice code)
{
    const char *row = rows;
    for (const char *const *key = rows; *key;
         key = (const char *const *)(const void *)row) {
        if (gw_slice_is(code, *key))
            return row;
        row += row_size;
    }
    return NULL;
}
