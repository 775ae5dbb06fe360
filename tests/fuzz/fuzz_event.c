/* fuzz_event.c - an event's bytes through stages 2 to 4: a refusal names a rule and an
 * offset inside the input; what is accepted is canonical, and reads and writes as itself.
 */
#include <stdlib.h>
#include "model/canon.h"
#include "model/json.h"
#include "pipeline/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct gw_limits limits = {.future_refuse_ms = 86400000,
                                        .future_warn_ms = 600000};
#define NOW 1795439200000

static void require(bool ok)
{
    if (!ok)
        abort();
}

/* The canonical bytes of what is read from `in`; empty when it is refused. */
static void canonical(struct gw_tree *t, struct gw_slice in, struct gw_buf *out)
{
    struct gw_fault fault = {0};
    size_t used = 0;
    uint32_t root;
    enum gw_error e = gw_tree_read(t, in, &used, &root, &fault);

    gw_buf_reset(out);
    if (e) {
        require(fault.code == e && fault.rule && fault.at <= in.len);
        return;
    }
    require(used && used <= in.len);
    if (gw_validate(&limits, NOW, t, root, &fault)) {
        require(fault.code && fault.rule && fault.at <= in.len);
        return;
    }
    require(gw_canon_write(t, root, out) == GW_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gw_tree t;
    static struct gw_buf first, second, text;
    if (!t.budget.depth) {
        require(gw_tree_init(&t, &gw_budget_default) == GW_OK);
        gw_buf_init(&first, 4u << 20);
        gw_buf_init(&second, 4u << 20);
        gw_buf_init(&text, 16u << 20);
    }
    canonical(&t, gw_slice(data, size), &first);
    if (!first.len)
        return 0;
    canonical(&t, gw_buf_bytes(&first), &second);
    require(gw_slice_eq(gw_buf_bytes(&first), gw_buf_bytes(&second)));
    gw_buf_reset(&text);
    require(gw_json_from_msgpack(&t, gw_buf_bytes(&first), &text, NULL) == GW_OK);
    gw_buf_reset(&second);
    require(gw_canon_add_seq(gw_buf_bytes(&first), 7, &second) == GW_OK);
    return 0;
}
