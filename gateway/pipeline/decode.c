/* decode.c - stage 2 of 7: bytes to events, after session.c, before normalise.c. */
#include "pipeline/decode.h"

enum gw_error gw_decode_count(struct gw_slice body, uint32_t most, uint32_t *count,
                              struct gw_fault *fault)
{
    size_t at = 0;
    for (*count = 0; at < body.len; ++*count) {
        size_t used = 0;
        if (*count == most)
            return gw_fail(fault, GW_BODY, at, "more events than a batch may hold");
        if (gw_tree_skip(gw_slice(body.at + at, body.len - at), &used))
            return gw_fail(fault, GW_BODY, at, "a value that ends within the message");
        at += used;
    }
    if (!*count)
        return gw_fail(fault, GW_BODY, 0, "at least one event");
    return GW_OK;
}

enum gw_error gw_decode_next(struct gw_slice *body, struct gw_tree *t, uint32_t *root,
                             struct gw_slice *bytes, struct gw_fault *fault)
{
    size_t used = 0;
    enum gw_error e = gw_tree_read(t, *body, &used, root, fault);

    if (e && gw_tree_skip(*body, &used))
        return GW_BODY;
    *bytes = gw_slice(body->at, used);
    *body = gw_slice(body->at + used, body->len - used);
    return e;
}
