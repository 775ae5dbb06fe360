/* fuzz_settings.c - gateway.yaml and an operator's file, with a line "%%" between: a
 * refusal names a file, what and a remedy; what is taken lies within its bounds. */
#include <stdlib.h>
#include <string.h>
#include "conf/operator_file.h"
#include "conf/settings_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

/* A text ends within its array. */
static void require_text(const char *text, size_t size)
{
    require(memchr(text, 0, size) != NULL);
}

static void require_words(const struct gw_complaint *c)
{
    require_text(c->file, sizeof c->file);
    require_text(c->what, sizeof c->what);
    require_text(c->remedy, sizeof c->remedy);
    require(*c->file && *c->what && *c->remedy && c->line >= 0);
}

static void look_at_settings(const struct gw_settings *s)
{
    const struct gw_setting *row;
    for (size_t i = 0; (row = gw_setting_row(i)) != NULL; i++)
        if (row->kind == GW_SETTING_NUMBER) {
            int64_t n = gw_setting_number(row, s);
            require(n >= row->least && n <= row->most);
        } else if (row->kind != GW_SETTING_BOOL)
            require_text((const char *)s + row->offset, row->size);
    for (uint32_t i = 0; i < s->endpoint_count; i++) {
        const struct gw_endpoint *e = &s->endpoints[i];
        require(gw_name_valid(gw_slice_str(e->name)) && *e->address);
        require_text(e->address, sizeof e->address);
        require(!e->plain || e->operator_count == 1);
        for (uint32_t k = 0; k < e->operator_count; k++)
            require(gw_name_valid(gw_slice_str(e->operators[k])));
    }
}

static void look_at_operator(const struct gw_operator_file *f)
{
    const struct gw_operator *o = &f->operator;
    require(strcmp(o->name, "ktz") == 0);
    for (int k = 0; k < GW_KEYS_MAX; k++)
        require(!*o->keys[k] || gw_key_valid(gw_slice_str(o->keys[k])));
    require(!*o->keys[1] || *o->keys[0]);
    require(!*o->profile_name || gw_name_valid(gw_slice_str(o->profile_name)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gw_settings s;
    const uint8_t *cut = size ? memmem(data, size, "\n%%\n", 4) : NULL;
    struct gw_slice first = gw_slice(data, cut ? (size_t)(cut - data) + 1 : size);
    struct gw_slice second =
        cut ? gw_slice(cut + 4, size - first.len - 3) : gw_slice(NULL, 0);
    struct gw_operator_file f = {0};
    struct gw_complaint c = {0};

    if (gw_settings_parse(&s, first, "etc/gateway.yaml", &c))
        require_words(&c);
    else
        look_at_settings(&s);
    c = (struct gw_complaint){0};
    if (gw_operator_file_parse(&f, second, "etc/operators/ktz.yaml", &c))
        require_words(&c);
    else
        look_at_operator(&f);
    gw_operator_file_deinit(&f);
    return 0;
}
