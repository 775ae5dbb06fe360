/* fuzz_profile.c - a profile's text and an event that goes through it, with a line "%%"
 * between: a refusal of either says why; what passes is an event by the schema, and goes
 * through the stages once more as it is. */
#include <stdlib.h>
#include <string.h>
#include "conf/profile_file.h"
#include "model/canon.h"
#include "model/json.h"
#include "pipeline/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static const struct gw_limits limits = {.future_refuse_ms = INT64_MAX / 4,
                                        .future_warn_ms = INT64_MAX / 4};

/* Stages 3 and 4, then the canonical bytes. */
static bool pass(const struct gw_profile *p, struct gw_tree *t, uint32_t root,
                 struct gw_buf *out)
{
    struct gw_fault fault = {0};
    enum gw_error e = gw_normalise(p, NULL, t, root, &fault);
    if (!e)
        e = gw_validate(&limits, 0, t, root, &fault);
    require(!e ||
            (fault.code == e && fault.rule && fault.field[sizeof fault.field - 1] == 0));
    return !e && gw_canon_write(t, root, out) == GW_OK;
}

static void go_through(const struct gw_profile *p, struct gw_slice event)
{
    struct gw_tree t;
    struct gw_buf first, second;
    uint32_t root = GW_NODE_NONE;
    size_t used = 0;

    require(gw_tree_init(&t, &gw_budget_default) == GW_OK);
    gw_buf_init(&first, 1u << 22);
    gw_buf_init(&second, 1u << 22);
    if (gw_json_read(&t, event, &root, NULL) == GW_OK && pass(p, &t, root, &first) &&
        gw_tree_read(&t, gw_buf_bytes(&first), &used, &root, NULL) == GW_OK) {
        require(used == first.len);
        require(pass(NULL, &t, root, &second));
        require(gw_slice_eq(gw_buf_bytes(&first), gw_buf_bytes(&second)));
    }
    gw_buf_deinit(&first);
    gw_buf_deinit(&second);
    gw_tree_deinit(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *cut = size ? memmem(data, size, "\n%%\n", 4) : NULL;
    struct gw_slice yaml = gw_slice(data, cut ? (size_t)(cut - data) + 1 : size);
    struct gw_slice event =
        cut ? gw_slice(cut + 4, size - yaml.len - 3) : gw_slice(NULL, 0);
    struct gw_profile *p = NULL;
    struct gw_complaint c = {0};

    if (gw_profile_parse(&p, yaml, "p.yaml", &c)) {
        require(!p && c.what[0] && c.remedy[0]);
        return 0;
    }
    go_through(p, event);
    gw_profile_free(p);
    return 0;
}
