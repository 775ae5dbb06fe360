/* fuzz_filter.c - what arrives as a SUBSCRIBE body: a refusal names a rule and an offset
 * inside the input; a filter that is read writes a canonical form that reads as itself.
 */
#include <stdlib.h>
#include "model/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

/* Append {"filter": <canonical form>}. */
static void write_body(const struct gw_filter *f, struct gw_buf *out)
{
    gw_buf_str(out, "\x81\xa6"
                    "filter");
    require(gw_filter_write(f, out) == GW_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gw_filter *f, *again;
    struct gw_start_at start;
    struct gw_fault fault = {0};
    struct gw_buf first, second;
    struct gw_facts nothing = {.mode = 0xFF};
    if (gw_filter_read(gw_slice(data, size), &f, &start, &fault)) {
        require(fault.code && fault.rule && fault.at <= size && !f);
        return 0;
    }
    gw_buf_init(&first, 1u << 20);
    gw_buf_init(&second, 1u << 20);
    write_body(f, &first);
    require(gw_filter_read(gw_buf_bytes(&first), &again, &start, NULL) == GW_OK);
    write_body(again, &second);
    require(gw_slice_eq(gw_buf_bytes(&first), gw_buf_bytes(&second)));
    require(gw_filter_match(f, &nothing) == gw_filter_match(again, &nothing));
    gw_filter_free(f);
    gw_filter_free(again);
    gw_buf_deinit(&first);
    gw_buf_deinit(&second);
    return 0;
}
