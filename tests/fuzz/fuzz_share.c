/* fuzz_share.c - sharing rules as YAML: a refusal names a line and a remedy; rules that
 * are taken compile or say why not, and decide about an event without a fault. */
#include <stdlib.h>
#include "conf/share_file.h"
#include "pipeline/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static struct gw_directory *make(void)
{
    struct gw_directory *d = calloc(1, sizeof *d);
    require(d != NULL);
    atomic_init(&d->references, 1);
    d->operators = calloc(3, sizeof *d->operators);
    require(d->operators != NULL);
    d->count = 3;
    memcpy(d->operators[0].name, "aktau", 6);
    memcpy(d->operators[1].name, "baku", 5);
    memcpy(d->operators[1].roles[0], "port", 5);
    memcpy(d->operators[2].name, "ktz", 4);
    memcpy(d->operators[2].country, "KZ", 3);
    require(!gw_directory_name_parties(d));
    return d;
}

static void decide(struct gw_share *s)
{
    struct gw_directory *d = make();
    struct gw_complaint c = {0};
    struct gw_facts f = {.operator= GW_LIT("ktz"), .mode = 0xFF};
    struct gw_mask shown;
    if (gw_share_resolve(s, d, 2, &c))
        require(c.line > 0 && *c.what && *c.remedy);
    else {
        require(d->operators[2].rule_count == s->count);
        require(gw_route_allows(d, &f, 2, 0, &shown) && gw_mask_is_all(&shown));
        for (uint32_t o = 0; o < 2; o++)
            if (gw_route_allows(d, &f, o, 0, &shown)) {
                struct gw_mask all = shown, least = gw_mask_least();
                gw_mask_unite(&all, &least);
                require(
                    gw_mask_eq(&all, &shown)); /* never less than what is always shown */
            }
    }
    gw_directory_unref(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_yaml *y = NULL;
    struct gw_complaint c = {0};
    struct gw_share s;
    if (gw_yaml_parse(&y, gw_slice(data, size), "ktz.yaml", &c))
        return 0;
    if (gw_share_read(&s, gw_ynode_get(gw_yaml_root(y), "share"), "ktz", &c))
        require(*c.what && *c.remedy && !s.rules);
    else
        decide(&s);
    gw_share_deinit(&s);
    gw_yaml_free(y);
    return 0;
}
