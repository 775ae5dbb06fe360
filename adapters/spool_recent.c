/* spool_recent.c - the digests of the files spooled lately. */
#include "adapters/spool_recent.h"
#include "adapters/files.h"
#include "base/hash.h"
#include <stdlib.h>

#define FILE_NAME "recent"

enum gw_error gw_recent_init(struct gw_recent *r)
{
    *r = (struct gw_recent){.digests = calloc(GW_RECENT_MOST, sizeof *r->digests)};
    return r->digests ? GW_OK : GW_NOMEM;
}

void gw_recent_deinit(struct gw_recent *r)
{
    free(r->digests);
    r->digests = NULL;
}

void gw_recent_clear(struct gw_recent *r)
{
    r->next = r->count = 0;
}

bool gw_recent_has(const struct gw_recent *r, const uint8_t digest[32])
{
    for (uint32_t i = 0; i < r->count; i++)
        if (memcmp(r->digests[i], digest, 32) == 0)
            return true;
    return false;
}

void gw_recent_add(struct gw_recent *r, const uint8_t digest[32])
{
    memcpy(r->digests[r->next], digest, 32);
    r->next = (r->next + 1) % GW_RECENT_MOST;
    if (r->count < GW_RECENT_MOST)
        r->count++;
}

/* file: digests, oldest first, then the XXH3 of them all */
static void take(struct gw_recent *r, struct gw_slice file)
{
    uint64_t sum;
    if (file.len < sizeof sum || (file.len - sizeof sum) % 32)
        return;
    file.len -= sizeof sum;
    memcpy(&sum, file.at + file.len, sizeof sum);
    if (sum != gw_hash64(file, 0))
        return;
    for (size_t i = 0; i < file.len; i += 32)
        gw_recent_add(r, file.at + i);
}

enum gw_error gw_recent_load(struct gw_recent *r, int dir)
{
    const size_t most = GW_RECENT_MOST * 32 + 8;
    struct gw_buf b;
    gw_buf_init(&b, most);
    enum gw_error e = gw_file_get(dir, FILE_NAME, most, &b);
    if (!e)
        take(r, gw_buf_bytes(&b));
    gw_buf_deinit(&b);
    return e == GW_NOMEM ? e : GW_OK;
}

enum gw_error gw_recent_save(const struct gw_recent *r, int dir)
{
    struct gw_buf b;
    gw_buf_init(&b, GW_RECENT_MOST * 32 + 8);
    uint32_t oldest = r->count < GW_RECENT_MOST ? 0 : r->next;
    for (uint32_t i = 0; i < r->count; i++)
        gw_buf_add(&b, r->digests[(oldest + i) % GW_RECENT_MOST], 32);
    uint64_t sum = gw_hash64(gw_buf_bytes(&b), 0);
    gw_buf_add(&b, &sum, sizeof sum);
    enum gw_error e = gw_buf_status(&b);
    if (!e)
        e = gw_file_put(dir, FILE_NAME, gw_buf_bytes(&b));
    gw_buf_deinit(&b);
    return e;
}
