/* fuzz_json.c - a line of NDJSON, as people and the admin socket send it: a refusal names
 * a rule and an offset inside the text; what is read writes as text that reads as the
 * same. */
#include <stdlib.h>
#include "model/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static bool write_again(struct gw_tree *t, struct gw_slice text, struct gw_buf *out)
{
    struct gw_fault fault = {0};
    uint32_t root;
    enum gw_error e = gw_json_read(t, text, &root, &fault);
    gw_buf_reset(out);
    if (e) {
        require(fault.rule && fault.at <= text.len);
        return false;
    }
    require(gw_json_write(t, root, out) == GW_OK);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gw_tree t;
    static struct gw_buf first, second;
    if (!t.budget.depth) {
        require(gw_tree_init(&t, &gw_budget_default) == GW_OK);
        gw_buf_init(&first, 4u << 20);
        gw_buf_init(&second, 4u << 20);
    }
    if (!write_again(&t, gw_slice(data, size), &first) ||
        first.len > t.budget.event_bytes)
        return 0;
    require(write_again(&t, gw_buf_bytes(&first), &second));
    require(gw_slice_eq(gw_buf_bytes(&first), gw_buf_bytes(&second)));
    return 0;
}
