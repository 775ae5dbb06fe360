/* fuzz_header.c - what arrives as a header: a refusal names a rule and an offset inside
 * the input; what is read survives writing and reading. */
#include <stdlib.h>
#include "model/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_header(struct gw_slice in)
{
    struct gw_header first, second;
    struct gw_fault fault = {0};
    struct gw_buf out, again;
    if (gw_header_read(in, &first, &fault)) {
        require(fault.code == GW_HEADER && fault.rule && fault.at <= in.len);
        return;
    }
    gw_buf_init(&out, 1u << 16);
    gw_buf_init(&again, 1u << 16);
    /* Written with shorter or equal encodings, so it always fits; v 0 becomes our
     * version. */
    require(gw_header_write(&first, &out) == GW_OK);
    require(gw_header_read(gw_buf_bytes(&out), &second, NULL) == GW_OK);
    require(second.op == first.op && second.batch == first.batch &&
            second.time == first.time);
    require(gw_header_write(&second, &again) == GW_OK);
    require(gw_slice_eq(gw_buf_bytes(&out), gw_buf_bytes(&again)));
    gw_buf_deinit(&out);
    gw_buf_deinit(&again);
}

static void check_ack(struct gw_slice in)
{
    struct gw_ack_batch batch;
    struct gw_ack_event event;
    while (in.len) {
        size_t before = in.len;
        if (gw_ack_read(&in, &batch))
            return;
        require(in.len < before);
        while (gw_ack_event_next(&batch.events, &event))
            require(event.field.len + event.rule.len <= before);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_header(gw_slice(data, size));
    check_ack(gw_slice(data, size));
    return 0;
}
