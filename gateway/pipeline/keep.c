/* keep.c - stage 5 of 7, first half: into the batch, after validate.c, before journal.h's
 * store. */
#include "pipeline/keep.h"
#include "base/hash.h"
#include "model/canon.h"
#include "model/stamp.h"

uint64_t gw_hash_id(const struct gw_batch *b, struct gw_slice id, uint64_t seed)
{
    uint8_t key[GW_NAME_MAX + 1 + 64];
    size_t n = strlen(b->operator);
    memcpy(key, b->operator, n + 1);
    if (id.len)
        memcpy(key + n + 1, id.at, id.len);
    return gw_hash64(gw_slice(key, n + 1 + id.len), seed);
}

enum gw_error gw_keep_record(struct gw_batch *b, uint32_t index, size_t at,
                             uint64_t id_hash, uint64_t content, struct gw_fault *fault)
{
    struct gw_record *r = gw_batch_record(b);
    if (!r) {
        b->events.len = at;
        return gw_fail(fault, GW_BATCH_COUNT, 0, NULL);
    }
    r->at = (uint32_t)at;
    r->len = (uint32_t)(b->events.len - at);
    r->index = index;
    r->verdict = GW_ACCEPTED;
    r->id_hash = id_hash;
    r->content = content;
    return GW_OK;
}

struct gw_stamp gw_batch_stamp(const struct gw_batch *b)
{
    return (struct gw_stamp){gw_slice_str(b->operator), gw_slice_str(b->adapter),
                             b->received_ms};
}

/* The sender's fact, as far behind the end of the batch as its stamp can take. */
static enum gw_error write_fact(struct gw_batch *b, const struct gw_tree *t,
                                uint32_t root, struct gw_slice *fact,
                                struct gw_stamp_at *at)
{
    size_t end = b->events.len;
    enum gw_error e = GW_OK;
    if (!gw_buf_reserve(&b->events, GW_STAMP_MOST)) {
        b->events.failed = false;
        return GW_NOMEM;
    }
    b->events.len += GW_STAMP_MOST;
    e = gw_canon_write_event(t, root, &b->events, at);
    *fact =
        gw_slice(b->events.at + end + GW_STAMP_MOST, b->events.len - end - GW_STAMP_MOST);
    b->events.len = end;
    return e;
}

enum gw_error gw_keep(struct gw_batch *b, uint32_t index, struct gw_tree *t,
                      uint32_t root, uint64_t seed, struct gw_fault *fault)
{
    struct gw_slice id = gw_tree_str(t, root, "id"), fact;
    struct gw_stamp stamp = gw_batch_stamp(b);
    struct gw_stamp_at where;
    size_t at = b->events.len;
    uint64_t content;
    enum gw_error e = write_fact(b, t, root, &fact, &where);

    if (e)
        return gw_fail(fault, e == GW_NOMEM ? GW_EVENT_SIZE : e, 0, NULL);
    content = gw_stamp_content(fact, &where);
    b->events.len =
        (size_t)(gw_stamp_put(b->events.at + at, fact, &where, &stamp) - b->events.at);
    if (b->events.len - at > t->budget.event_bytes) {
        b->events.len = at;
        return gw_fail(fault, GW_EVENT_SIZE, 0, NULL);
    }
    return gw_keep_record(b, index, at, gw_hash_id(b, id, seed), content, fault);
}
