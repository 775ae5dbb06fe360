/* fuzz_record.c - records of the journal's tables, as a damaged disk would give them
 * back: whatever the bytes, nothing outside them is read, and what is opened lies inside.
 *
 * The first byte says which record.  Checksums are put right, so that the checks behind
 * them are met. */
#include <stdlib.h>
#include "base/hash.h"
#include "store/entry.h"
#include "store/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void inside(struct gw_slice part, struct gw_slice whole)
{
    require(!part.len || (part.at >= whole.at && part.len <= whole.len &&
                          (size_t)(part.at - whole.at) <= whole.len - part.len));
}

static void put_check(uint8_t *at, size_t covered)
{
    uint64_t check = gw_hash64(gw_slice(at + 8, covered - 8), 0);
    memcpy(at, &check, sizeof check);
}

static void entry(uint8_t *at, size_t size)
{
    struct gw_entry_head h;
    struct gw_entry e;
    struct gw_slice whole = gw_slice(at, size), event;
    size_t front;

    if (size < sizeof h)
        return;
    memcpy(&h, at, sizeof h);
    front = sizeof h + ((size_t)h.operator_len + h.adapter_len + 7) / 8 * 8;
    if (h.count < 1000 && front + h.count * sizeof(struct gw_entry_row) <= size)
        put_check(at, front + h.count * sizeof(struct gw_entry_row));
    if (gw_entry_open(whole, h.first, &e))
        return;
    inside(e.operator, whole);
    inside(e.adapter, whole);
    for (uint32_t i = 0; i < e.head.count; i++) {
        bool good = gw_entry_event(&e, i, &event) == GW_OK;
        inside(event, whole); /* also when its checksum does not fit */
        require(good || event.at);
    }
}

static void quarantined(uint8_t *at, size_t size)
{
    struct gw_quarantined q;
    if (size >= 8)
        put_check(at, size);
    if (gw_quarantine_decode(gw_slice(at, size), &q))
        return;
    inside(q.bytes, gw_slice(at, size));
    require(strlen(q.operator) <= GW_NAME_MAX && strlen(q.rule) < sizeof q.rule);
}

static void outcome(uint8_t *at, size_t size)
{
    struct gw_outcome o;
    if (!gw_outcome_decode(gw_slice(at, size), &o))
        inside(o.events, gw_slice(at, size));
}

static void cursor(uint8_t *at, size_t size)
{
    struct gw_cursor c;
    if (!gw_cursor_decode(gw_slice(at, size), &c))
        inside(c.filter, gw_slice(at, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const kinds[])(uint8_t * at, size_t size) = {entry, quarantined,
                                                               outcome, cursor};
    uint8_t *copy;
    if (!size)
        return 0;
    copy =
        malloc(size); /* exactly as large, so that the sanitizer sees one byte too many */
    require(copy != NULL);
    memcpy(copy, data + 1, size - 1);
    kinds[data[0] % 4](copy, size - 1);
    free(copy);
    return 0;
}
